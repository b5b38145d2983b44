// How updates reach the bot: one long poll at a time, or a webhook. An update stays in the world until it is confirmed.
import http from 'node:http';
import https from 'node:https';
import { conflict, never } from './bot_api_rules.mjs';

const LIMIT_MAX = 100;
const TIMEOUT_MAX_S = 50;
const RETRY_MS = 50;
const ANSWER_WITHIN_MS = 10000;
const OTHER_POLL = 'terminated by other getUpdates request; make sure that only one bot instance is running';
const HOOK_ACTIVE = 'can\'t use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first';

const between = (low, value, high) => Math.min(Math.max(value, low), high);

export class Delivery {
  #world; #note; #changed;
  #poll; #hook; #pushing = false; #stopping = new AbortController(); #lastError = {};

  handlers = {
    getUpdates: (p, gone) => this.#getUpdates(p, gone),
    setWebhook: p => this.#setWebhook(p),
    deleteWebhook: p => this.#setWebhook({ ...p, url: '' }),
    getWebhookInfo: () => this.#webhookInfo(),
  };

  // `note` takes what a careful bot never does; `changed` is called after every attempt of the webhook.
  constructor(world, note, changed) {
    this.#world = world;
    this.#note = note;
    this.#changed = changed;
    world.onUpdate = () => this.#wake();
  }

  stop() {
    this.#stopping.abort();
    this.#poll?.end(conflict(OTHER_POLL));
  }

  #wake() {
    this.#poll?.end();
    this.#push();
  }

  // ---- Long polling; `gone` is a signal that the client has hung up. ----

  async #getUpdates({ offset, limit = LIMIT_MAX, timeout = 0, allowed_updates }, gone) {
    if (this.#hook) throw conflict(HOOK_ACTIVE);
    this.#poll?.end(conflict(OTHER_POLL));
    if (allowed_updates) this.#world.allowed = allowed_updates;
    if (offset) this.#world.confirm(offset);
    if (!this.#world.updates.length && timeout > 0) await this.#wait(between(0, timeout, TIMEOUT_MAX_S) * 1000, gone);
    return structuredClone(this.#world.updates.slice(0, between(1, limit, LIMIT_MAX)));
  }

  #wait(ms, gone) {
    return new Promise((resolve, reject) => {
      const poll = { end: refusal => {
        clearTimeout(timer);
        if (this.#poll === poll) this.#poll = undefined;
        if (refusal) reject(refusal); else resolve();
      } };
      const timer = setTimeout(() => poll.end(), ms);
      gone.addEventListener('abort', () => poll.end(), { once: true });
      this.#poll = poll;
    });
  }

  // ---- Webhook: one update at a time, in order, again and again until it is taken. ----

  #setWebhook({ url = '', secret_token, max_connections = 40, allowed_updates, drop_pending_updates }) {
    if (url && !/^https?:\/\/./.test(url)) throw never('bad webhook: An HTTPS URL must be provided for webhook');
    if (secret_token !== undefined && !/^[A-Za-z0-9_-]{1,256}$/.test(secret_token))
      throw never('secret token contains unallowed characters');
    if (drop_pending_updates) this.#world.updates = [];
    if (allowed_updates) this.#world.allowed = allowed_updates;
    this.#hook = url ? { url, secret_token, max_connections } : undefined;
    this.#lastError = {};
    if (this.#hook) this.#poll?.end(conflict(HOOK_ACTIVE));
    this.#push();
    return true;
  }

  #webhookInfo() {
    const { url = '', max_connections } = this.#hook ?? {}, allowed = this.#world.allowed;
    return { url, has_custom_certificate: false, pending_update_count: this.#world.updates.length, ...this.#lastError,
      ...(url && { max_connections }), ...(allowed.length && { allowed_updates: allowed }) };
  }

  async #push() {
    if (this.#pushing) return;
    this.#pushing = true;
    while (this.#hook && this.#world.updates.length && !this.#stopping.signal.aborted) {
      const [update] = this.#world.updates;
      const trouble = await this.#post(this.#hook, update);
      if (trouble) {
        this.#lastError = { last_error_date: Math.floor(Date.now() / 1000), last_error_message: trouble };
        await new Promise(resolve => setTimeout(resolve, RETRY_MS));
      } else {
        this.#world.updates = this.#world.updates.filter(u => u !== update);
      }
      this.#changed();
    }
    this.#pushing = false;
  }

  // Nothing when the update was taken, otherwise what went wrong.
  #post({ url, secret_token }, update) {
    const body = JSON.stringify(update);
    const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body),
      ...(secret_token && { 'X-Telegram-Bot-Api-Secret-Token': secret_token }) };
    return new Promise(resolve => {
      const options = { method: 'POST', headers, agent: false, rejectUnauthorized: false, signal: this.#stopping.signal };
      const request = (url.startsWith('https:') ? https : http).request(url, options, async response => {
        let said = '';
        for await (const bytes of response) said += bytes;
        if (/^\s*\{.*"method"/s.test(said)) this.#note('webhook: a method in the answer, whose result nobody sees');
        resolve(response.statusCode >= 200 && response.statusCode < 300 ? undefined
          : `Wrong response from the webhook: ${response.statusCode} ${response.statusMessage}`);
      });
      request.setTimeout(ANSWER_WITHIN_MS, () => request.destroy(new Error('Read timeout expired')));
      request.on('error', error => resolve(error.message || error.code));
      request.end(body);
    });
  }
}
