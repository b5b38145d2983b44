// The bot and the practice phone, started as a user would, and what the tests ask of them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { sweep } from './faketime.mjs';

const BUILD = process.env.BUILD;

export class Stage {
  program = 'mailwijzer'; // of the bots that the test starts

  async open(env = {}) {
    await this.openPhone(['--spawn', join(BUILD, 'mailwijzer'), 'serve'], env);
    // The phone answers as soon as it listens; the bot is there when a webhook gets its 200.
    await this.until('a bot that is ready', async () => (await this.get('state')).bot?.state === 'ready');
    return this;
  }

  // The phone alone; bots are then started, and killed, by the test.
  async openPhone(args = [], env = {}) {
    this.dir = mkdtempSync(join(BUILD, 'stage-'));
    this.child = spawn(join(BUILD, 'practice-phone'), args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, DATABASE_URL: `sqlite:${this.dir}/bot.db`, ...env },
    });
    this.log = '';
    this.said = '';
    this.child.stderr.on('data', bytes => { this.log += bytes; });
    const ready = new Promise((resolve, reject) => {
      this.child.stdout.on('data', bytes => {
        this.said += bytes;
        const found = /practice phone ready: (http:\/\/\S+)\//.exec(this.said);
        if (found) resolve(found[1]);
      });
      this.child.once('exit', code => reject(new Error(`the practice phone ended with ${code}: ${this.said}${this.log}`)));
    });
    this.base = await ready;
    return this;
  }

  // A bot beside a phone that was opened alone, on the stage's database.
  async startBot(env = {}) {
    this.botEnv = {
      ...process.env, DATABASE_URL: `sqlite:${this.dir}/bot.db`, HTTP_LISTEN: '127.0.0.1:0', ADMIN_LISTEN: '127.0.0.1:0', WHATSAPP_API_BASE: this.base,
      WHATSAPP_ACCESS_TOKEN: 'practice-access-token', WHATSAPP_APP_SECRET: 'practice-app-secret',
      WHATSAPP_VERIFY_TOKEN: 'practice-verify-token', WHATSAPP_PHONE_NUMBER_ID: '700800', ...env,
    };
    this.bot = spawn(join(BUILD, this.program), ['serve'], { stdio: ['ignore', 'ignore', 'pipe'], env: this.botEnv });
    let log = '';
    this.botLog ??= '';
    const url = await new Promise((resolve, reject) => {
      this.bot.stderr.on('data', bytes => {
        this.log += bytes;
        log += bytes;
        this.botLog += bytes;
        const found = / at=ready listen=(\S+) /.exec(log);
        if (found) resolve(`http://${found[1]}`);
      });
      this.bot.once('exit', code => reject(new Error(`the bot ended with ${code}: ${log}`)));
    });
    const { ok, why } = await this.post('bot', { url });
    if (!ok) throw new Error(`the phone does not take the bot: ${why}`);
  }

  async killBot(signal) {
    if (!this.bot || this.bot.exitCode !== null || this.bot.signalCode !== null) return;
    this.bot.kill(signal);
    await once(this.bot, 'exit');
    sweep(this.bot.pid);
  }

  async close() {
    await this.killBot('SIGTERM');
    if (this.child.exitCode === null) { this.child.kill('SIGTERM'); await once(this.child, 'exit'); }
    rmSync(this.dir, { recursive: true, force: true });
    return this.child.exitCode;
  }

  async get(what) { return (await fetch(`${this.base}/control/${what}`)).json(); }

  async post(verb, body) {
    return (await fetch(`${this.base}/control/${verb}`, { method: 'POST', body: JSON.stringify(body) })).json();
  }

  // Asks again until it is so; the bound makes a failure of what would be a hang.
  async until(what, check, tries = 400) {
    for (let i = 0; i < tries; i++) {
      if (await check()) return;
      await new Promise(resolve => setTimeout(resolve, 25));
    }
    throw new Error(`never came: ${what}\n${this.log.slice(-2000)}`);
  }

  // The bot's next message to a customer after number `after`.
  async next(customer, after) {
    const answer = await this.get(`messages?customer=${customer}&from=bot&after=${after}&wait_ms=30000`);
    if (!answer.messages.length) throw new Error(`no message to ${customer} after ${after}\n${this.log.slice(-2000)}`);
    return answer.messages[0];
  }
}
