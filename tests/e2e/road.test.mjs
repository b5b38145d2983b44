// The whole road: practice phone, webhook, bot, SQLite, Graph API and back.
import test, { before, after, describe } from 'node:test';
import assert from 'node:assert/strict';
import { Stage } from './stage.mjs';

const stage = new Stage();
// What is typed is answered at once: whether it waits for more is the subject of the last part alone.
before(() => stage.open({ BURST_WAIT_MS: '0' }));
after(() => stage.close());

const say = (customer, text, on = stage) => on.post('send', { customer, type: 'text', text });
const tap = (customer, id, on = stage) => on.post('tap', { customer, id });
const refused = async () => (await stage.get('wire')).wire.filter(w => w.bad);

// Taps through the questions by the ids in `answers`; returns what the bot said.
async function walk(customer, first, answers) {
  const said = [];
  let last = await stage.next(customer, (await say(customer, first)).n);
  said.push(last);
  for (const id of answers) {
    last = await stage.next(customer, (await tap(customer, id)).n);
    said.push(last);
  }
  return said;
}

const imap = ['usage=light', 'calendar=no', 'team=alone', 'security=basic', 'sector=none', 'growth=no'];
const strict = ['usage=heavy', 'calendar=yes', 'team=several', 'security=critical', 'sector=strict', 'growth=yes'];
const body = m => JSON.stringify(m);

describe('a straight conversation', () => {
  test('takes seven bot messages when it opens with a wish for advice', async () => {
    const said = await walk('sanne', 'ik wil advies over mail', imap);
    assert.equal(said.length, 7);
    assert.match(body(said[0]), /Vraag 1 van 6/);
    assert.match(body(said[6]), /Mijn advies: IMAP/);
    assert.match(body(said[6]), /wa\.me\/31644908448/);
  });

  test('takes eight when it opens with a greeting', async () => {
    const said = await walk('mehmet', 'hoi', ['do:begin', ...strict]);
    assert.equal(said.length, 8);
    assert.match(body(said[7]), /Mijn advies: Microsoft 365/);
  });

  test('reaches a customer known by a BSUID alone', async () => {
    const said = await walk('fleur', 'ik wil advies', imap);
    assert.match(body(said.at(-1)), /Mijn advies: IMAP/);
  });
});

describe('what a customer may do besides', () => {
  test('an old button changes that answer, and the advice, and asks nothing else', async () => {
    const { n } = await tap('sanne', 'sector=strict');
    assert.match(body(await stage.next('sanne', n)), /Mijn advies: Microsoft 365/);
  });

  test('a voice note gets one friendly line and the question stays', async () => {
    await walk('riet', 'advies over mail', []);
    const { n } = await stage.post('send', { customer: 'riet', type: 'voice' });
    const answer = await stage.next('riet', n);
    assert.match(body(answer), /Vraag 1 van 6/);
    assert.ok(body(answer).includes('usage=light'));
  });

  test('a name with emoji and beyond any limit harms nothing', async () => {
    const all = (await stage.get('messages?customer=riet&from=bot&after=0')).messages;
    assert.ok(all.length >= 2);
  });
});

describe('a webhook of a thousand messages', () => {
  const replies = async after => (await stage.get(`messages?from=bot&after=${after}`)).messages;
  let start;

  test('is answered once with 200, and every message answered, each customer in order', async () => {
    start = (await stage.get('messages?after=0')).last;
    const answer = await stage.post('batch', { count: 1000, customers: 50, texts: ['hoi', 'ik wil advies', 'weet ik niet', 'wat is pop'] });
    assert.equal(answer.status, 200);
    await stage.until('a thousand replies', async () => (await replies(start)).length >= 1000);
    const all = await replies(start);
    assert.equal(all.length, 1000);
    for (const customer of new Set(all.map(m => m.customer))) {
      const his = all.filter(m => m.customer === customer);
      assert.equal(his.length, 20);
      const rows = his.map(m => Number(m.tracker.split('-').at(-1)));
      assert.deepEqual(rows, [...rows].sort((a, b) => a - b));
      // First contact comes first, and once.
      assert.deepEqual(his.map(m => /Hoi Klant/.test(body(m))), his.map((_, i) => i === 0));
    }
  });

  test('the same again changes nothing', async () => {
    assert.equal((await stage.post('batch', { repeat: true })).status, 200);
    // A later message is answered: whatever the repeat might have caused would have come before it.
    const { n } = await say('mehmet', 'wat is imap');
    await stage.next('mehmet', n);
    assert.equal((await replies(start)).length, 1001);
  });
});

describe('several short messages', () => {
  const typed = ['hoi', 'kwil weten welke mail ik moet hebben', 'zijn met 4 man'];
  const replies = async (on, customer) => (await on.get(`messages?customer=${customer}&from=bot&after=0`)).messages;
  // Far longer than typing and tapping takes here.
  const wait = { BURST_WAIT_MS: '4000' };

  describe('while they wait', () => {
    const slow = new Stage();
    let first;
    before(async () => {
      await slow.open(wait);
      first = await slow.next('riet', (await say('riet', 'advies over mail', slow)).n);
    });
    after(() => slow.close());

    test('are one thought, of each person apart; a tap is answered at once, in order', async () => {
      for (const text of typed) await say('sanne', text, slow);
      await say('mehmet', 'wat is pop', slow);
      await say('riet', 'wat is imap', slow);
      await tap('riet', 'usage=light', slow);

      const imap = await slow.next('riet', first.n), next = await slow.next('riet', imap.n);
      assert.match(body(imap), /IMAP/);
      assert.match(body(imap), /usage=light/);
      assert.match(body(next), /calendar=/);
      // Everything has arrived, and the others, who wrote before, still wait.
      await slow.until('every webhook', async () => (await slow.get('state')).bot.waiting === 0);
      assert.equal((await replies(slow, 'sanne')).length + (await replies(slow, 'mehmet')).length, 0);

      assert.match(body(await slow.next('mehmet', 0)), /POP/);
      await slow.next('sanne', 0);
      // Whatever else there was to say would have come before this.
      await slow.next('riet', (await tap('riet', 'calendar=no', slow)).n);
      assert.equal((await replies(slow, 'sanne')).length, 1);
      assert.equal((await replies(slow, 'mehmet')).length, 1);
      assert.equal((await replies(slow, 'riet')).length, 4);
    });
  });

  describe('when the bot is killed', () => {
    const fragile = new Stage();
    before(() => fragile.openPhone());
    after(() => fragile.close());

    test('are answered once, together, by the next one', async () => {
      await fragile.startBot(wait);
      assert.equal((await fragile.post('batch', { count: 3, customers: 1, texts: typed })).status, 200);
      await fragile.killBot('SIGKILL');
      assert.equal((await replies(fragile, 'batch-0')).length, 0);

      await fragile.startBot(wait);
      assert.equal((await fragile.post('batch', { repeat: true })).status, 200);
      const answer = await fragile.next('batch-0', 0);
      const [, choice] = /"id":"(\w+[=:]\w+)"/.exec(body(answer));
      await fragile.next('batch-0', (await tap('batch-0', choice, fragile)).n);
      assert.equal((await replies(fragile, 'batch-0')).length, 2);
    });
  });

  test('are answered each when nothing waits', async () => {
    const { last } = await stage.get('messages?after=0');
    assert.equal((await stage.post('batch', { count: 3, customers: 1, texts: typed })).status, 200);
    await stage.until('three replies', async () =>
      (await stage.get(`messages?customer=batch-0&from=bot&after=${last}`)).messages.length === 3);
  });
});

test('the practice phone refused nothing of all this', async () => {
  assert.deepEqual(await refused(), []);
});
