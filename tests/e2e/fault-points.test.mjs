// The bot killed at each of its fault points (bot/base/fault_point.h) while people talk to it, and started again: everybody
// is answered exactly once, in order, and the conversation goes on. At the desk, where the platform has no way to tell,
// a line may come twice.
import test, { describe } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DESK, ELISAH, HOUR, Scene } from './scene.mjs';

const BUILD = process.env.BUILD;
const SILENCE = 25 * 1000; // longer than the bot waits for the status of a send whose answer it never saw
const AT_ONCE = 3;
const PATIENCE = 2400; // times 25 ms: a bound for a machine that is busy with other things

const sources = readdirSync('bot', { recursive: true }).filter(name => name.endsWith('.c')).map(name => join('bot', name));
const points = sources.flatMap(file => [...readFileSync(file, 'utf8').matchAll(/FAULT_POINT\("([^"]+)"\)/g)].map(found => found[1]));

class Doomed extends Scene {
  program = 'faulty/mailwijzer';

  async startArmed(fault) {
    const starting = this.startBot({ ...this.settings, ...this.clock(this.later), FAULT_AT: fault });
    await starting.catch(why => this.dead(fault, why)); // before it was ready, or just after
  }

  async dead(fault, why = '') {
    await this.until(`the end of the bot at ${fault} ${why}`, () => this.bot.signalCode !== null || this.bot.exitCode !== null, PATIENCE);
    assert.equal(this.bot.signalCode, 'SIGKILL', `the bot ended by itself, not at ${fault}`);
    await this.killBot(); // what is left of it
  }

  // Whatever the phone has to tell has been told; what it waits with comes at once. Then a send of which still nothing
  // is known is sent again, for its silence has lasted: by then, as in life, every status has come.
  async letTimePass() {
    const { bot } = this;
    for (let i = 0; i < 2; i++) {
      await this.post('advance', { ms: 15000 });
      await this.until('every webhook', async () => this.bot !== bot || (await this.get('state')).bot.waiting === 0, PATIENCE);
    }
    if (this.bot === bot) this.setClock(this.later + SILENCE); // else its time is over: the next one has its own
  }

  // One life after another, each ended by its fault; the last has none.
  async live(faults) {
    for (const fault of faults) {
      await this.startArmed(fault);
      this.letTimePass().catch(() => {}); // the dead take no webhooks
      await this.dead(fault);
    }
    await this.start(this.later);
    await this.letTimePass();
  }

  async read(customer) {
    return (await this.get(`messages?customer=${customer}&from=bot&after=0&wait_ms=0`)).messages.map(m => JSON.stringify(m));
  }

  async answered(customer, n) {
    await this.until(`answer ${n} to ${customer}`, async () => (await this.read(customer)).length >= n, PATIENCE);
  }

  async told(words) {
    const said = m => m.from.is_bot && (m.text ?? m.caption ?? '').includes(words);
    return this.api.until(() => this.api.messages(DESK).find(said), `the desk reads “${words}”`, 60000);
  }
}

const says = (s, customer, text) => s.post('send', { customer, type: 'text', text });
const taps = (s, customer, id) => s.post('tap', { customer, id });

// Each in order, and nothing else.
async function heard(s, customer, expected) {
  const bubbles = await s.read(customer);
  assert.equal(bubbles.length, expected.length, `${customer}, each once:\n${bubbles.join('\n')}`);
  expected.forEach((words, i) => assert.ok(bubbles[i].includes(words), `${customer} ${i}, “${words}”: ${bubbles[i]}`));
}

/* ---- who talks ---- */

async function answersQuestions(s) {
  await says(s, 'sanne', 'ik wil advies');
  await s.answered('sanne', 1);
  await taps(s, 'sanne', 'usage=daily');
  await s.answered('sanne', 2);
  await taps(s, 'sanne', 'calendar=no');
  await s.answered('sanne', 3);
  return () => heard(s, 'sanne', ['Vraag 1 van 6', 'Vraag 2 van 6', 'Vraag 3 van 6']);
}

async function isErased(s) {
  await says(s, 'fleur', 'ik wil advies');
  await s.answered('fleur', 1);
  await says(s, 'fleur', 'verwijder mijn gegevens');
  await s.answered('fleur', 2);
  return () => heard(s, 'fleur', ['Vraag 1 van 6', 'gewist']);
}

async function asksForHer(s) {
  await says(s, 'riet', 'praat met elisah');
  await s.answered('riet', 1);
  const { message_thread_id: thread } = await s.told('wil je spreken');
  s.api.say(DESK, ELISAH, 'Dag Riet, vertel!', { thread });
  await s.answered('riet', 2);
  await s.post('send', { customer: 'riet', type: 'photo', caption: 'mijn agenda' });
  await s.told('mijn agenda');
  const { bytes } = s.api.uploads[0];
  s.api.sendMedia(DESK, ELISAH, 'photo', { bytes, mime: 'image/png', caption: 'bedoel je deze', thread });
  await s.answered('riet', 3);
  return () => heard(s, 'riet', ['krijgt dit nu binnen', 'Dag Riet, vertel!', 'bedoel je deze']);
}

async function talk(s) {
  const ends = await Promise.all([answersQuestions(s), isErased(s), asksForHer(s)]);
  return async () => { for (const end of ends) await end(); };
}

/* ---- where the bot dies ---- */

async function on(scene) {
  const s = new Doomed();
  try {
    await s.open({ settings: { BURST_WAIT_MS: '100' }, bot: false });
    await scene(s);
    await s.wellBehaved();
  } finally { await s.close(); }
}

// In the middle of it all.
const inTalk = faults => on(async s => {
  const talking = talk(s);
  talking.catch(() => {}); // it is awaited below
  await s.live(faults);
  await (await talking)();
});

// Before it has done anything, again and again.
const atTheStart = faults => on(async s => {
  await says(s, 'sanne', 'ik wil advies');
  await s.live(faults);
  await s.answered('sanne', 1);
  await taps(s, 'sanne', 'usage=daily');
  await s.answered('sanne', 2);
  await heard(s, 'sanne', ['Vraag 1 van 6', 'Vraag 2 van 6']);
});

// Told to stop, with something said that is not answered yet.
const atTheEnd = faults => on(async s => {
  for (const fault of faults) {
    await s.startArmed(fault);
    await says(s, 'mehmet', 'ik wil advies');
    await s.answered('mehmet', 1);
    await says(s, 'mehmet', 'elke dag');
    s.bot.kill('SIGTERM');
    await s.dead(fault);
  }
  await s.live([]);
  await s.answered('mehmet', 2);
  await heard(s, 'mehmet', ['Vraag 1 van 6', 'Vraag 2 van 6']);
});

// While the clock does what is due: she was asked for, and has not come.
const byTheClock = faults => on(async s => {
  await s.start();
  await says(s, 'riet', 'praat met elisah');
  await s.answered('riet', 1);
  await s.told('wil je spreken');
  await s.killBot('SIGTERM');
  s.setClock(1.5 * HOUR);
  await s.live(faults);
  await s.told('wacht nog op je');
  await heard(s, 'riet', ['krijgt dit nu binnen']);
});

/* ---- the test ---- */

// NAME:N, the N-th time that it is passed. Every point stands here; each life but the last ends at its own.
const plan = [
  [atTheStart, 'schema-step:2', 'schema-marked:1', 'file-ready:1', 'self-drawn:1', 'recovered:1', 'round-begun:1', 'janitor-step:1', 'janitor-swept:1'],
  [inTalk, 'message-taken:1', 'dialogue-stepped:1', 'reply-stored:1'],
  [inTalk, 'contact-known:2', 'conversation-saved:1', 'turn-over:1'],
  [inTalk, 'text-held:1', 'thought-taken:1', 'round-filled:3'],
  [inTalk, 'round-committed:2', 'claim-committed:1', 'answer-written:2'], // the first answer is that of the phone's GET check
  [inTalk, 'replies-claimed:1', 'send-begun:1', 'round-answered:2'],
  [inTalk, 'answer-came:1', 'answer-landed:1', 'verdict-stored:1'],
  [inTalk, 'line-put:1', 'topic-made:1', 'topic-stored:1'],
  [inTalk, 'lines-dropped:1', 'photo-found:1', 'photo-fetched:1'],
  [inTalk, 'poll-taken:1', 'her-file-fetched:1', 'her-file-given:1'],
  [inTalk, 'erase-step:1', 'erase-step:9', 'erased-gone:1', 'scrub-begun:1', 'file-rewritten:1'],
  [inTalk, 'answer-came:4', 'round-committed:6', 'claim-committed:2'],
  [inTalk, 'log-full:1'],
  [atTheEnd, 'stop-begun:1'],
  [atTheEnd, 'store-closing:1'],
  [byTheClock, 'timer-run:1'],
];

test('the program that people run has no fault points in it', () => {
  const program = join(BUILD, 'mailwijzer'), faulty = join(BUILD, 'faulty/mailwijzer');
  const symbols = file => execFileSync('nm', [file], { encoding: 'utf8', maxBuffer: 1 << 26 });
  assert.match(symbols(faulty), /fault_point_pass/);
  assert.doesNotMatch(symbols(program), /fault_point/);
  assert.ok(readFileSync(faulty).includes('FAULT_AT'));
  assert.ok(!readFileSync(program).includes('FAULT_AT'));
  for (const point of points) assert.ok(!readFileSync(program).includes(`\0${point}\0`), point);
});

test('every fault point has a name of its own and is in the plan', () => {
  const planned = plan.flatMap(([, ...faults]) => faults.map(fault => fault.split(':')[0]));
  assert.ok(points.length > 30);
  assert.equal(new Set(points).size, points.length, `one name twice among ${points}`);
  assert.deepEqual([...new Set(planned)].sort(), [...points].sort());
});

describe('killed there, and started again', { concurrency: AT_ONCE }, () => {
  for (const [scenario, ...faults] of plan) test(faults.join(', '), { timeout: 300000 }, () => scenario(faults));
});
