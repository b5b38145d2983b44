// The bot between the practice phone and a strict stand-in for Telegram with the human's desk, at ten in the morning.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { faketime } from './faketime.mjs';
import { Stage } from './stage.mjs';
import { BotApi } from './bot_api.mjs';

const TOKEN = '700900:practice-telegram-token-0123456789abc';
export const DESK = -1001234567890;
export const ELISAH = 5500004242;
export const HOUR = 3600 * 1000;

// The bot's clock, and the phone's, stand at ten in the morning of a Tuesday: she is there.
function tuesdayMorning() {
  const at = new Date();
  at.setUTCHours(9, 0, 0, 0); // ten o'clock in winter, eleven in summer
  while (at.getUTCDay() !== 2 || at.getTime() < Date.now()) at.setUTCDate(at.getUTCDate() + 1);
  return Math.ceil((at.getTime() - Date.now()) / 1000);
}

export class Scene extends Stage {
  async open({ forum = true, desk = DESK, settings = {}, phone = [], bot = true } = {}) {
    this.api = new BotApi({ token: TOKEN, username: 'mailwijzer_bot' });
    await this.api.start();
    this.api.addPrivate({ id: ELISAH, first_name: 'Elisah' });
    this.api.addForum({ id: DESK, title: 'Klanten', forum, canManageTopics: true });
    await this.openPhone(phone);
    const business = JSON.parse(readFileSync('flows/business.json', 'utf8'));
    delete business.$schema;
    writeFileSync(join(this.dir, 'business.json'), JSON.stringify({ ...business, dutch_public_holidays: false }));
    this.settings = {
      BURST_WAIT_MS: '0', TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_API_BASE: this.api.url, BUSINESS: join(this.dir, 'business.json'),
      ...(desk ? { TELEGRAM_DESK_CHAT: String(desk) } : {}), ...settings,
    };
    this.desk = desk;
    this.ahead = tuesdayMorning();
    this.setClock(0);
    await this.post('advance', { ms: this.ahead * 1000 });
    if (bot) await this.start();
    return this;
  }

  async start(later = 0) {
    await this.startBot({ ...this.settings, ...this.clock(later) });
  }

  // The clock of its bots stands so many ms after the scene's morning; also of one that is at work. What passes by
  // itself is counted by another clock, and goes on.
  setClock(later) {
    this.later = later;
    writeFileSync(`${this.dir}/clock.new`, `+${this.ahead + later / 1000}s\n`);
    renameSync(`${this.dir}/clock.new`, `${this.dir}/clock`);
  }

  clock(later) {
    this.setClock(later);
    return faketime({ FAKETIME_TIMESTAMP_FILE: `${this.dir}/clock`, FAKETIME_NO_CACHE: '1' });
  }

  async restart(later = this.later) {
    await this.killBot('SIGKILL');
    await this.start(later);
  }

  async close() {
    await super.close();
    await this.api.stop();
  }

  report(env) {
    return execFileSync(join(process.env.BUILD, 'mailwijzer'), ['report'], { encoding: 'utf8', env: { ...this.botEnv, ...env } });
  }

  say(text) { return this.post('send', { customer: 'sanne', type: 'text', text }); }
  tap(id) { return this.post('tap', { customer: 'sanne', id }); }

  // Everything that came to the customer from the bot's number, in order.
  async bubbles() {
    const { messages } = await this.get('messages?customer=sanne&from=bot&after=0&wait_ms=0');
    return messages.map(m => JSON.stringify(m));
  }

  // The customer gets something that holds these words; a bound makes a failure of what would be a hang.
  async gets(words) {
    await this.until(`the customer reads “${words}”`, async () => (await this.bubbles()).some(b => b.includes(words)), 1600);
  }

  get topic() { return this.api.topics(DESK).at(-1)?.message_thread_id; }

  // What stands at the desk, from the bot.
  get lines() { return this.api.messages(this.desk, this.topic).filter(m => m.from.is_bot); }

  async reads(words) {
    return this.api.until(() => this.lines.find(m => (m.text ?? m.caption ?? '').includes(words)), `the desk reads “${words}”`, 40000);
  }

  writes(text, how = {}) { return this.api.say(this.desk, ELISAH, text, { ...(this.topic ? { thread: this.topic } : {}), ...how }); }

  async wellBehaved() {
    assert.deepEqual(this.api.violations, []);
    const { wire } = await this.get('wire');
    assert.deepEqual(wire.filter(w => w.bad && w.kind !== 'webhook'), [], 'nothing that Meta would refuse');
  }
}
