// bot.mjs -- a bot of a few lines, for the tests of the practice phone: it keeps what it got.
import http from 'node:http';
import { createHmac } from 'node:crypto';

export const SECRET = 'test-secret', TOKEN = 'test-token', VERIFY = 'test-verify';

export class Bot {
  hooks = [];     // { raw, signature, json, status }
  answers = [];   // statuses to give first, before 200
  refused = [];   // texts: the first webhook with one of them gets 503, once for each
  together = 1;   // so many requests must be there before any is answered
  held = [];
  waiting = [];
  hooksAsked = 0;

  async start() {
    this.server = http.createServer((request, response) => {
      const url = new URL(request.url, 'http://bot');
      if (request.method === 'GET') {
        this.check = url.searchParams;
        const ok = url.searchParams.get('hub.verify_token') === VERIFY;
        response.writeHead(ok ? 200 : 403).end(ok ? url.searchParams.get('hub.challenge') : '');
        return;
      }
      const parts = [];
      request.on('data', d => parts.push(d));
      request.on('end', () => {
        const raw = Buffer.concat(parts), hook = { raw, signature: request.headers['x-hub-signature-256'], type: request.headers['content-type'] };
        try { hook.json = JSON.parse(raw); } catch { hook.json = null; }
        const refused = this.refused.findIndex(wanted => raw.includes(wanted));
        if (refused >= 0) this.refused.splice(refused, 1);
        const status = hook.status = refused >= 0 ? 503 : this.answers.shift() ?? 200;
        this.hooks.push(hook);
        this.held.push(() => response.writeHead(status).end());
        if (this.held.length >= this.together) for (const answer of this.held.splice(0)) answer();
        for (const look of [...this.waiting]) look();
      });
    });
    await new Promise(done => this.server.listen(0, '127.0.0.1', done));
    this.url = `http://127.0.0.1:${this.server.address().port}`;
    return this;
  }

  stop() { this.server.closeAllConnections(); this.server.close(); }

  // The first webhook, among those already there too, for which `wanted(value, hook)` holds.
  next(what, wanted) {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => { drop(); reject(new Error(`the bot never got: ${what}`)); }, 10000);
      const drop = () => { clearTimeout(late); this.waiting = this.waiting.filter(x => x !== look); };
      const look = () => {
        for (const hook of this.hooks) {
          const value = hook.json?.entry?.[0]?.changes?.[0]?.value;
          if (value && wanted(value, hook)) { drop(); resolve({ value, hook }); return; }
        }
      };
      this.waiting.push(look);
      look();
    });
  }

  status(id, name) {
    return this.next(`${name} of ${id}`, v => v.statuses?.some(s => s.id === id && s.status === name));
  }
}

export const sign = raw => `sha256=${createHmac('sha256', SECRET).update(raw).digest('hex')}`;
