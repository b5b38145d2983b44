// phone.mjs -- the practice phone as the tests drive it. PRACTICE_PHONE names the program.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { SECRET, TOKEN, VERIFY } from './bot.mjs';

export const PROGRAM = process.env.PRACTICE_PHONE ?? fileURLToPath(new URL('../../../build/practice-phone', import.meta.url));
export const PNID = '700800';

export class Phone {
  async start(bot, ...options) {
    this.child = spawn(PROGRAM, ['--quiet', '--token', TOKEN, '--app-secret', SECRET, '--verify-token', VERIFY, ...options],
      { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    for await (const bytes of this.child.stdout) {
      const found = /practice phone ready: (http:\S+)\/\n/.exec(said += bytes);
      if (found) { this.base = found[1]; break; }
    }
    if (bot) assert.equal((await this.post('bot', { url: bot.url })).ok, true);
    return this;
  }

  async stop() {
    if (this.child.exitCode === null) { this.child.kill('SIGTERM'); await once(this.child, 'exit'); }
    return this.child.exitCode;
  }

  async post(verb, body = {}) {
    const answer = await fetch(`${this.base}/control/${verb}`, { method: 'POST', body: JSON.stringify(body) });
    return { http: answer.status, ...await answer.json() };
  }

  async get(what) { return (await fetch(`${this.base}/control/${what}`)).json(); }

  async graph(body, { token = TOKEN, id = PNID, version = 'v25.0', method = 'POST', raw } = {}) {
    const answer = await fetch(`${this.base}/${version}/${id}/messages`, {
      method, headers: token ? { authorization: `Bearer ${token}` } : {},
      body: raw ?? JSON.stringify({ messaging_product: 'whatsapp', ...body }),
    });
    return { http: answer.status, ...await answer.json() };
  }

  // Opens the window of a customer, and waits until the bot has it.
  async hello(customer, bot) {
    const m = await this.post('send', { customer, text: 'hoi' });
    await bot.next(`hello of ${customer}`, v => v.messages?.[0].id === m.id);
    return m;
  }
}
