// Each rule against a record that keeps it and one that breaks it: a rule that cannot be broken proves nothing.
import test, { describe } from 'node:test';
import assert from 'node:assert/strict';
import { rules, breaches } from './invariants.mjs';

const HOUR = 3600 * 1000;
const customer = (n, more = {}) => ({ n, customer: 'sanne', from: 'customer', type: 'text', at: n * 1000, taken: true, ...more });
const bot = (n, row, more = {}) => ({ n, customer: 'sanne', from: 'bot', type: 'interactive', at: n * 1000, tracker: `run-${row}`, ...more });
const owner = n => ({ n, customer: 'sanne', from: 'owner', type: 'text', at: n * 1000, taken: true });
const send = (n, more) => ({ n, kind: 'request', method: 'POST', customer: 'sanne', summary: 'text', done: true, status: 200, ...more });
const record = (messages, more = {}) => ({ messages, wire: [], people: { sanne: { waits: true } }, log: '', secrets: [], rows: {}, ...more });

const good = record([customer(1), bot(2, 1), customer(3), bot(4, 2), owner(5), customer(6), customer(7, { wayBack: true }), bot(8, 3)]);

const pairLimit = { status: 400, note: 'Message failed to send because there were too many messages sent from this phone number' };
const broken = {
  lost: [record([customer(1), bot(2, 1), customer(3)])],
  doubled: [record([customer(1), bot(2, 1), bot(3, 1)]), record([customer(1), bot(2, 1, { tracker: undefined })])],
  answeredTwice: [record([customer(1), bot(2, 1), bot(3, 2)])],
  disordered: [record([customer(1), bot(2, 9), customer(3), bot(4, 8)])],
  outsideWindow: [
    record([customer(1, { at: 0 }), bot(2, 1, { at: 24 * HOUR + 1 })]), record([bot(1, 1)]),
    record([], { wire: [send(1, { status: 400, note: 'because more than 24 hours have passed since' })] }),
  ],
  overHuman: [record([customer(1), bot(2, 1), owner(3), customer(4), bot(5, 2)])],
  unpaced: [record([], { wire: [send(1, pairLimit), send(2, pairLimit)] })],
  refused: [record([], { wire: [send(1, { status: 400, note: 'Param text must be a string' })] })],
  leaked: [record([], { log: 'level=info to=31691234567', secrets: ['31691234567'] })],
  unfinished: [record([], { rows: { 'inbox failed': 1 } }), record([], { rows: { 'outbox unsure': 2 } })],
};

test('a record in which all is well breaks no rule', () => assert.deepEqual(breaches(good), []));

for (const [name, rule] of Object.entries(rules))
  describe(name, () => {
    test('is kept by a good record', () => assert.deepEqual(rule(good), []));
    test('is broken by what breaks it', () => {
      assert.ok(broken[name]?.length, 'a record that breaks it');
      for (const one of broken[name]) assert.ok(rule(one).length > 0, JSON.stringify(one));
    });
  });

describe('what is no breach', () => {
  test('a message that was never taken is not ours to answer', () => assert.deepEqual(rules.lost(record([customer(1, { taken: false })])), []));
  test('a reply twice when its answer and every status were lost', () =>
    assert.deepEqual(rules.doubled(record([customer(1), bot(2, 1, { faults: ['reset_after', 'lost_status'] }), bot(3, 1)])), []));
  test('the same once more, late, beside the reply to the next message', () =>
    assert.deepEqual(rules.answeredTwice(record([customer(1), bot(2, 1), customer(3), bot(4, 1), bot(5, 2)])), []));
  test('a bubble that was under way when the human began', () =>
    assert.deepEqual(rules.overHuman(record([customer(1), owner(2), bot(3, 1), customer(4)])), []));
  test('the pair limit once, and once more after a send that went', () =>
    assert.deepEqual(rules.unpaced(record([], { wire: [send(1, pairLimit), send(2), send(3, pairLimit)] })), []));
  test('a refusal that was ordered', () => assert.deepEqual(rules.refused(record([], { wire: [send(1, { status: 500, fault: '500' })] })), []));
  test('two replies to who writes several messages at once', () =>
    assert.deepEqual(rules.answeredTwice({ ...record([customer(1), customer(2), bot(3, 1), bot(4, 2)]), people: { sanne: { waits: false } } }), []));
});
