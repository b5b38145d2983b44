// Who is erased, by themselves, by the operator or by time, is in no byte of the database and of no log; and no secret
// is in any log. The real bot between the practice phone and a strict stand-in for Telegram.
import test, { describe } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createServer, request } from 'node:http';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { later as ahead } from './faketime.mjs';
import { Stage } from './stage.mjs';
import { BotApi } from './bot_api.mjs';

const TOKEN = '700900:practice-telegram-token-0123456789abc';
const DESK = -1001234567890;
const ELISAH = 5500004242;
const DAY_S = 24 * 3600;
const program = join(process.env.BUILD, 'mailwijzer');

// Two people a platform; all that is planted about one bears the same mark, and texts have what JSON and UTF-8 write
// in more ways than one.
function whatsapp(mark, phone) {
  return {
    id: mark.toLowerCase(), phone, user_id: `NL.${mark}bsuid7`, username: `@${mark.toLowerCase()}.bloemt`, name: `${mark}naam Ünïcødé`,
    card: { name: `${mark}kaart`, phone: `${phone.slice(0, -3)}999` }, typed: `${mark}typte "één" \\ ding 🌷`, caption: `${mark}bijschrift ë`,
    file: `${mark}loonstrook.pdf`, spoiled: `${mark}bedorven`, told: `${mark}voor jou`, held: `${mark}wacht nog`,
  };
}
const telegram = (mark, id) => ({
  ...whatsapp(mark, '31600000000'), phone: undefined, user_id: undefined, id, name: `${mark}voornaam`, username: `${mark.toLowerCase()}_tg`,
  card: { name: `${mark}kaart`, phone: `3197${id % 10000}888` },
});

// Every string that was planted, as it may stand in a file: as UTF-8, in JSON, in JSON of ASCII alone, and a number as
// base64 writes it within an id of WhatsApp's.
function spellings(person, parts) {
  const { card = {}, ...rest } = person;
  const plain = Object.entries({ ...rest, cardName: card.name, cardPhone: card.phone })
    .filter(([part, s]) => s !== undefined && (!parts || parts.includes(part))).map(([part, s]) => [part, part === 'username' ? String(s).replace('@', '') : String(s)]);
  const out = new Map();
  for (const [part, s] of plain) {
    const json = JSON.stringify(s).slice(1, -1);
    out.set(s, part).set(json, part);
    for (const hex of [h => h, h => h.toUpperCase()])
      out.set(json.replace(/[^\x20-\x7e]/g, c => `\\u${hex(c.charCodeAt(0).toString(16).padStart(4, '0'))}`), part);
    if (part === 'phone')
      for (const lead of ['', '\0', '\0\0']) out.set(Buffer.from(lead + s).toString('base64').slice(lead.length ? 4 : 0, -4), 'phone as base64');
  }
  return out;
}

class Scene extends Stage {
  async open(settings = {}) {
    this.api = new BotApi({ token: TOKEN, username: 'mailwijzer_bot' });
    await this.api.start();
    this.api.addPrivate({ id: ELISAH, first_name: 'Elisah' });
    this.api.addForum({ id: DESK, title: 'Klanten', forum: true, canManageTopics: true });
    await this.openPhone(['--quiet']);
    this.settings = { BURST_WAIT_MS: '0', LOG_LEVEL: 'debug', TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_API_BASE: this.api.url, TELEGRAM_DESK_CHAT: String(DESK), ...settings };
    await this.startBot(this.settings);
    return this;
  }

  async close() {
    await super.close();
    await this.api.stop();
  }

  get admin() { return /.* at=ready .*admin=(\S+)/s.exec(this.botLog)[1]; }

  run(...words) {
    const { status, stdout, stderr } = spawnSync(program, words, { encoding: 'utf8', env: { ...this.botEnv, ADMIN_LISTEN: this.admin, LD_PRELOAD: '' } });
    return { status, stdout, stderr };
  }

  get topics() { return this.api.topics(DESK).filter(t => !t.deleted); }

  // The same by a person at a terminal, who types `answer` when asked.
  runAtTerminal(answer, ...words) {
    const line = [program, ...words].map(word => `'${word}'`).join(' ');
    return spawnSync('script', ['-qec', line, '/dev/null'], { encoding: 'utf8', input: `${answer}\n`, env: { ...this.botEnv, ADMIN_LISTEN: this.admin, LD_PRELOAD: '' } });
  }

  // Whatever lies beside the database: itself, its log, anything that SQLite made.
  bytes() {
    const names = readdirSync(this.dir).filter(name => name.startsWith('bot.db'));
    assert.ok(names.includes('bot.db'));
    return names.map(name => [name, readFileSync(join(this.dir, name))]);
  }

  found(person, parts) {
    const files = this.bytes(), out = [];
    for (const [s, part] of spellings(person, parts))
      for (const [name, bytes] of files) if (bytes.includes(s)) out.push(`${part} in ${name}: ${s}`);
    return out;
  }

  // The parts of which any spelling is there.
  partsFound(person) { return new Set(this.found(person).map(line => line.split(' in ')[0])); }

  async gone(person, parts) {
    let left;
    await this.until(`nothing of ${person.name} is left`, () => (left = this.found(person, parts)).length === 0).catch(e => { throw new Error(`${e.message.split('\n')[0]}\n${left.join('\n')}`); });
  }

  // Ids, kinds and numbers are fine in a log; nothing that people are, write or are called is.
  logIsClean(...people) {
    for (const person of people)
      for (const [s, part] of spellings(person)) assert.ok(!this.botLog.includes(s), `${part} in the log: ${s}`);
  }

  async bubbles(person) { return (await this.get(`messages?customer=${person.id}&from=bot&after=0&wait_ms=0`)).messages.map(m => JSON.stringify(m)); }

  async gets(person, words) {
    await this.until(`${person.id} reads “${words}”`, async () => (await this.bubbles(person)).some(b => b.includes(words)), 1600);
  }

  reads(words) { return this.api.until(() => this.api.messages(DESK).find(m => (m.text ?? m.caption ?? '').includes(words)), `the desk reads “${words}”`, 40000); }

  send(person, what) { return this.post('send', { customer: person.id, ...what }); }

  // All that a person can leave behind on WhatsApp. The human has the chat in the end.
  async plant(person) {
    await this.post('customers', { id: person.id, name: person.name, username: person.username, phone: person.phone, user_id: person.user_id });
    await this.send(person, { text: 'ik wil advies' });
    await this.gets(person, 'Vraag 1 van 6');
    await this.post('tap', { customer: person.id, id: 'usage=daily' });
    await this.gets(person, 'Vraag 2 van 6');
    await this.send(person, { text: 'praat met elisah' });
    await this.reads(person.name.slice(0, 8));
    const topic = this.topics.find(t => t.name.startsWith(person.name.slice(0, 8))).message_thread_id;
    this.api.say(DESK, ELISAH, `${person.told} hoor`, { thread: topic });
    await this.gets(person, person.told);
    await this.send(person, { text: person.typed });
    await this.send(person, { type: 'photo', caption: person.caption });
    await this.send(person, { type: 'document', filename: person.file });
    await this.send(person, { type: 'contact', name: person.card.name, phone: person.card.phone });
    await this.post('webhook', { value: { messaging_product: 'whatsapp', metadata: { display_phone_number: '31201234567', phone_number_id: '700800' },
      messages: [{ from: person.phone, id: `wamid.broken${person.id}`, type: 7, note: person.spoiled }] } });
    await this.until(`${person.id} has all of it in the store`, () => ['typed', 'caption', 'cardName', 'file', 'spoiled', 'phone', 'user_id', 'name', 'told'].every(part => this.partsFound(person).has(part)));
  }

  async plantTelegram(person) {
    this.api.addPrivate({ id: person.id, first_name: person.name, username: person.username });
    const said = words => this.api.until(() => this.api.messages(person.id).find(m => m.from.is_bot && m.text?.includes(words)), `${person.id} reads “${words}”`, 20000);
    this.api.say(person.id, person.id, 'ik wil advies');
    await said('Vraag 1 van 6');
    this.api.say(person.id, person.id, person.typed);
    this.api.sendMedia(person.id, person.id, 'photo', { bytes: Buffer.from('x'), mime: 'image/png', caption: person.caption });
    this.api.sendMedia(person.id, person.id, 'document', { bytes: Buffer.from('x'), mime: 'application/pdf', fileName: person.file });
    this.api.sendMedia(person.id, person.id, 'contact', { contact: { phone_number: `+${person.card.phone}`, first_name: person.card.name } });
    await this.until(`${person.id} has all of it in the store`, () => ['typed', 'caption', 'cardName', 'cardPhone', 'file', 'id', 'name', 'username'].every(part => this.partsFound(person).has(part)));
  }
}

// Anna and Tim go, Boris and Tom stay.
const cast = () => ({ anna: whatsapp('Qanna', '31655501234'), boris: whatsapp('Zboris', '31655507777'), tim: telegram('Qtim', 5500007001), tom: telegram('Ztom', 5500007002) });

async function play(s, { anna, boris, tim, tom }) {
  await s.plant(anna);
  await s.plant(boris);
  await s.plantTelegram(tim);
  await s.plantTelegram(tom);
}

// What is still there of who stays: as much as before.
const stays = (s, boris, tom) => {
  for (const part of ['typed', 'caption', 'cardName', 'file', 'spoiled', 'phone', 'user_id', 'name', 'told']) assert.ok(s.partsFound(boris).has(part), `the other's ${part}`);
  for (const part of tom ? ['typed', 'caption', 'cardName', 'file', 'id', 'name', 'username'] : []) assert.ok(s.partsFound(tom).has(part), `the other's ${part}`);
};

describe('erased', () => {
  test('by their own word: a receipt, and then not a byte', async () => {
    const s = await new Scene().open(), c = cast();
    try {
      await play(s, c);
      await s.send(c.anna, { text: 'terug naar de bot' });
      await s.gets(c.anna, 'Vraag 2 van 6');
      await s.send(c.anna, { text: 'wis mijn gegevens' });
      await s.gets(c.anna, 'gewist');
      s.api.say(c.tim.id, c.tim.id, 'wis mijn gegevens');
      await s.api.until(() => s.api.messages(c.tim.id).find(m => m.text?.includes('gewist')), 'the receipt', 20000);
      await s.gone(c.anna);
      await s.gone(c.tim);
      const ids = (await s.get(`messages?customer=${c.anna.id}&after=0`)).messages.map(m => m.id ?? m.wamid).filter(Boolean);
      assert.ok(ids.length > 8);
      for (const [name, bytes] of s.bytes()) {
        for (const id of ids) assert.ok(!bytes.includes(id), `${id} in ${name}`);
        assert.ok(!/Al je gegevens|gewist/.test(bytes.toString('latin1')), `the receipt in ${name}`);
      }
      await s.api.until(() => !s.topics.some(t => t.name.startsWith('Qanna')), 'her topic is deleted', 20000);
      assert.ok(s.topics.some(t => t.name.startsWith('Zboris')));
      stays(s, c.boris, c.tom);
      s.logIsClean(...Object.values(c));
    } finally { await s.close(); }
  });

  test('by the operator, of a running bot and of one that is stopped', async () => {
    const s = await new Scene().open(), c = cast();
    try {
      await play(s, c);
      const told = s.run('report', '--person', '06 5550 1234');
      assert.equal(told.status, 0, told.stderr);
      for (const part of [c.anna.phone, c.anna.user_id, c.anna.name, c.anna.typed, c.anna.caption, c.anna.file, c.anna.card.name, c.anna.told, 'Een deel van de dag', 'het gesprek is bij: human'])
        assert.ok([part, JSON.stringify(part).slice(1, -1)].some(way => told.stdout.includes(way)), `${part} is told`);
      assert.ok(!/Zboris|Qtim|Ztom|31655507777/.test(told.stdout), 'nothing about another');
      const parsed = JSON.parse(s.run('report', '--person', c.tim.username.replace(/^/, '@'), '--json').stdout);
      assert.equal(parsed.kept.names.find(n => n.kind === 'user_id').value, String(c.tim.id));
      assert.ok(parsed.counts.messages >= 5);
      assert.match(s.run('report', '--person', `telegram:${c.tim.id}`, '--language', 'en').stdout, /What this person wrote/);

      assert.match(s.run('erase', '--person', '+31600000000', '--yes').stderr, /^Nobody is known by/);
      assert.equal(s.run('erase', '--person', '+31600000000', '--yes').status, 1);
      for (const answer of ['no', '', 'y']) {
        const asked = s.runAtTerminal(answer, 'erase', '--person', c.anna.phone);
        assert.match(asked.stdout, /erases everything that is kept about 31655501234:[^]*1 topic at the desk[^]*Type yes to erase: [^]*Nothing was erased/);
        assert.equal(asked.status, 1);
      }
      assert.ok(s.partsFound(c.anna).has('typed'));
      const confirmed = s.runAtTerminal('yes', 'erase', '--person', c.tom.username.replace(/^/, '@'));
      assert.match(confirmed.stdout, /Erased at /);
      await s.gone(c.tom);
      const erased = s.run('erase', '--person', c.anna.username, '--yes');
      assert.equal(erased.status, 0, erased.stderr);
      assert.match(erased.stdout, /^Erased at .*\n.*\d+ messages of theirs\n.*1 topic at the desk\n/s);
      assert.ok(!/Qanna|316555/.test(erased.stdout + erased.stderr), 'the receipt names nobody');
      await s.gone(c.anna);
      await s.api.until(() => !s.topics.some(t => t.name.startsWith('Qanna')), 'her topic is deleted', 20000);
      assert.ok(!(await s.bubbles(c.anna)).some(b => b.includes('gewist')), 'she is not written to');

      await s.killBot('SIGKILL'); // with whatever was under way
      const stopped = s.run('erase', '--person', String(c.tim.id), '--yes', '--json');
      assert.equal(stopped.status, 0, stopped.stderr);
      assert.equal(JSON.parse(stopped.stdout).gone, true);
      assert.deepEqual(s.found(c.tim), [], 'at once');
      stays(s, c.boris);
      const dutch = s.run('report', '--person', c.boris.phone);
      assert.match(dutch.stdout, /Wat er over 31655507777 bewaard wordt/);
      s.logIsClean(...Object.values(c));
    } finally { await s.close(); }
  });

  test('while their words are held, and replies wait for a Meta that is away', async () => {
    const s = await new Scene().open({ BURST_WAIT_MS: '10000' }), c = cast();
    try {
      await s.post('customers', { id: c.anna.id, name: c.anna.name, phone: c.anna.phone });
      await s.post('customers', { id: c.boris.id, name: c.boris.name, phone: c.boris.phone });
      await s.send(c.anna, { text: c.anna.held });
      await s.send(c.boris, { text: c.boris.held });
      await s.until('both are held', () => s.partsFound(c.anna).has('held') && s.partsFound(c.boris).has('held'));
      assert.match(s.run('erase', '--person', c.anna.phone, '--yes').stdout, /1 message that waits for its rest/);
      await s.gone(c.anna);
      assert.ok(s.partsFound(c.boris).has('held'));

      // Nobody is at the address of the Graph API: the reply waits, and is to be tried again.
      const nobody = createServer().listen(0, '127.0.0.1');
      await once(nobody, 'listening');
      const { port } = nobody.address();
      nobody.close();
      await s.killBot('SIGTERM');
      await s.startBot({ ...s.settings, BURST_WAIT_MS: '0', WHATSAPP_API_BASE: `http://127.0.0.1:${port}` });
      await s.send(c.anna, { text: c.anna.typed });
      await s.until('a reply that waits', () => s.run('report', '--person', c.anna.phone).stdout.includes('stand: due'));
      assert.ok(s.partsFound(c.anna).has('typed'));
      assert.match(s.run('erase', '--person', c.anna.phone, '--yes').stdout, /1 reply to them/);
      await s.gone(c.anna);
      assert.ok(s.partsFound(c.boris).has('phone'));
      s.logIsClean(c.anna, c.boris);
    } finally { await s.close(); }
  });
});

describe('asked over HTTP', () => {
  test('nothing a web page can do erases anybody', async () => {
    const s = await new Scene().open(), { anna } = cast();
    try {
      await s.post('customers', { id: anna.id, name: anna.name, phone: anna.phone });
      await s.send(anna, { text: anna.typed });
      await s.until('she is known', () => s.partsFound(anna).has('typed'));
      const [host, port] = s.admin.split(':');
      const ask = async (method, headers, path = '/person') => {
        const r = request({ host, port, path, method, headers });
        r.end(method !== 'POST' ? undefined : JSON.stringify({ person: anna.phone, deed: 'erase' }));
        const [answer] = await once(r, 'response');
        answer.resume();
        return answer.statusCode;
      };
      const json = { 'content-type': 'application/json' };
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) assert.equal(await ask('POST', { 'content-type': type }), 403);
      assert.equal(await ask('POST', { ...json, host: 'rebound.example' }), 403);
      assert.equal(await ask('POST', {}), 403);
      assert.equal(await ask('GET', json), 405);
      assert.equal(await ask('OPTIONS', json), 405);
      assert.ok(s.partsFound(anna).has('typed'));
      const door = / at=ready listen=\S+:(\d+) /.exec(s.botLog)[1];
      const outside = request({ host, port: door, path: '/person', method: 'POST', headers: json });
      outside.end('{}');
      const [refused] = await once(outside, 'response');
      assert.equal(refused.statusCode, 404, 'the public door knows nothing of it');
      refused.resume();
      assert.equal(await ask('POST', json), 200);
      await s.gone(anna);
    } finally { await s.close(); }
  });
});

describe('in time', () => {
  test('texts go after RETAIN_TEXT_DAYS, the rest after RETAIN_ANSWERS_DAYS, and who wrote since stays', async () => {
    const s = await new Scene().open({ RETAIN_TEXT_DAYS: '30', RETAIN_ANSWERS_DAYS: '90' }), c = cast();
    const texts = ['typed', 'caption', 'cardName', 'cardPhone', 'file', 'spoiled', 'held', 'told'];
    const later = async days => {
      await s.killBot('SIGTERM');
      await s.post('advance', { ms: (days - (s.days ?? 0)) * DAY_S * 1000 });
      s.days = days;
      await s.startBot({ ...s.settings, ...ahead(days * DAY_S * 1000) });
    };
    try {
      await play(s, c);
      await later(29);
      stays(s, c.boris, c.tom);
      await later(31);
      for (const person of Object.values(c)) await s.gone(person, texts);
      assert.ok(s.partsFound(c.anna).has('phone'), 'she herself is still known');
      assert.ok(s.partsFound(c.tim).has('id'));
      const fresh = { name: 'Zboris', typed: 'Zboris schrijft weer' };
      await s.send(c.boris, { text: fresh.typed });
      await s.until('he wrote anew', () => s.partsFound(fresh).has('typed'));
      await later(95);
      for (const person of [c.anna, c.tim, c.tom]) await s.gone(person);
      await s.gone(fresh, ['typed']);
      assert.ok(s.partsFound(c.boris).has('phone'), 'he wrote 64 days ago');
      s.logIsClean(...Object.values(c));
    } finally { await s.close(); }
  });
});

describe('secrets', () => {
  const secrets = ['practice-access-token', 'practice-app-secret', 'practice-verify-token', 'practice-telegram-token-0123456789abc', 'practice-hook-secret'];
  const clean = log => { for (const secret of secrets) assert.ok(!log.includes(secret), `${secret} in the log:\n${log.split('\n').find(l => l.includes(secret))}`); };

  test('are in no log whatever the platforms answer', async () => {
    const s = await new Scene().open();
    try {
      const echoed = `Unauthorized: POST /bot${TOKEN}/`;
      for (const status of [401, 404, 409, 500]) s.api.failNext('getUpdates', { status, description: echoed });
      for (const status of [400, 401, 403, 404, 500]) s.api.failNext('sendMessage', { status, description: echoed });
      s.api.failNext('sendMessage', { reset: 'before' });
      s.api.failNext('file', { status: 404, description: echoed });
      s.api.addPrivate({ id: 5500001234, first_name: 'Wim' });
      s.api.say(5500001234, 5500001234, 'ik wil advies');
      await s.send({ id: 'sanne' }, { text: 'hoi' });
      const door = / at=ready listen=(\S+) /.exec(s.botLog)[1];
      await fetch(`http://${door}/webhook/whatsapp?hub.mode=subscribe&hub.verify_token=practice-verify-token-not&hub.challenge=1`);
      await fetch(`http://${door}/webhook/whatsapp`, { method: 'POST', body: '{"a":"practice-app-secret"}', headers: { 'x-hub-signature-256': 'sha256=practice-app-secret' } });
      await fetch(`http://${door}/practice-access-token?practice-app-secret`, { headers: { authorization: 'Bearer practice-access-token' } });
      await s.until('a refusal of Telegram is told', () => / at=(poller|sender) .*(error|status)=/.test(s.botLog));
      await s.until('a webhook is refused', () => s.botLog.includes('refused=signature'));
      clean(s.botLog);
    } finally { await s.close(); }
  });

  test('are in no log whatever is at the address of a platform: nobody, no TLS, no HTTP', async () => {
    const other = createServer((_, r) => r.destroy()).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address();
    for (const base of [`https://127.0.0.1:${port}`, `http://127.0.0.1:${port}/practice`, 'https://no-such-host.invalid']) {
      const s = await new Scene().open({ WHATSAPP_API_BASE: base, TELEGRAM_API_BASE: base, TELEGRAM_WEBHOOK_SECRET: 'practice-hook-secret' });
      try {
        await s.send({ id: 'sanne' }, { text: 'ik wil advies' });
        await s.until('the poller says that it has trouble', () => / at=poller channel=telegram status=/.test(s.botLog));
        await s.until('the sender tells of its trouble', () => / at=sender outbox=.*verdict=/.test(s.botLog));
        clean(s.botLog);
      } finally { await s.close(); }
    }
    other.close();
  });

  test('are in no log of a bot that refuses its settings', () => {
    const env = { WHATSAPP_ACCESS_TOKEN: 'practice-access-token', WHATSAPP_APP_SECRET: 'practice-app-secret\n', TELEGRAM_BOT_TOKEN: 'practice-telegram-token-0123456789abc',
      TELEGRAM_MODE: 'webhook', TELEGRAM_WEBHOOK_SECRET: 'practice-hook-secret !', WHATSAPP_API_BASE: 'https://practice-access-token@host', WHATSAPP_PHONE_NUMBER_ID: 'practice-access-token',
      WHATSAPP_VERIFY_TOKEN: 'practice-verify-token', DATABASE_URL: 'postgres://practice-app-secret@host/db' };
    for (const command of ['serve', 'check', 'report']) {
      const { status, stdout, stderr } = spawnSync(program, [command], { encoding: 'utf8', env });
      assert.equal(status, 2);
      assert.match(stderr, /TELEGRAM_WEBHOOK_SECRET: expected/);
      clean(stdout + stderr);
    }
  });
});

test('the scan sees what it looks for', async () => {
  const s = await new Scene().open(), { anna, boris } = cast();
  try {
    await s.plant(anna);
    assert.ok(s.found(anna).length > 10);
    assert.deepEqual(s.found(boris), []);
    assert.ok(existsSync(join(s.dir, 'bot.db')));
    assert.throws(() => { s.botLog += anna.typed; s.logIsClean(anna); }, /typed in the log/);
  } finally { await s.close(); }
});
