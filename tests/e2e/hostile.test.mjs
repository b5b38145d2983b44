// What goes wrong between a bot and WhatsApp, one thing at a time: the practice phone fails by script.
import test, { describe } from 'node:test';
import assert from 'node:assert/strict';
import { later } from './faketime.mjs';
import { Stage } from './stage.mjs';
import { breaches, outsideWindow } from '../soak/invariants.mjs';

const HOUR = 3600 * 1000, DAY = 24 * HOUR;
const SETTINGS = { BURST_WAIT_MS: '0', LOG_LEVEL: 'debug' };

// A phone and a bot of its own for each test, so that all may wait at once: a lost answer takes twenty seconds of silence.
class Scene extends Stage {
  say(customer, text) { return this.post('send', { customer, type: 'text', text }); }
  tap(customer, id) { return this.post('tap', { customer, id }); }
  answered(said) { return this.next(said.customer, said.n); }
  async ask(customer, text) { return this.answered(await this.say(customer, text)); }
  async press(customer, id) { return this.answered(await this.tap(customer, id)); }
  async heard(customer) { return (await this.get(`messages?customer=${customer}&from=bot&after=0`)).messages; }
  // As long as two silences after a lost answer, and some.
  patient(what, check) { return this.until(what, check, 3000); }

  async record(waits = ['sanne', 'mehmet', 'fleur', 'riet']) {
    const { messages } = await this.get('messages?after=0'), { wire } = await this.get('wire?after=0');
    return { messages, wire, people: Object.fromEntries(waits.map(id => [id, { waits: true }])), log: this.log, secrets: [], rows: {} };
  }

  // The whole of it, against what must always hold.
  async wellOrdered(waits) { assert.deepEqual(breaches(await this.record(waits)), []); }
}

function scene(what, play, { args = [], bot = true } = {}) {
  test(what, async t => {
    const stage = new Scene();
    t.after(() => stage.close());
    await stage.openPhone(args);
    if (bot) await stage.startBot(SETTINGS);
    await play(stage);
  });
}

const body = m => JSON.stringify(m);

describe('between a bot and WhatsApp', { concurrency: 4 }, () => {
  scene('a person whose send hangs delays nobody else', async stage => {
    await stage.post('faults', { seed: 1, next: [{ send: 'hang', customer: 'riet', until: 'release' }] });
    const stuck = await stage.say('riet', 'ik wil advies over mail');
    await stage.until('a send that hangs', async () => (await stage.get('faults')).done['sends.hang'] === 1);
    for (const customer of ['sanne', 'mehmet', 'fleur']) {
      await stage.ask(customer, 'ik wil advies over mail');
      for (const id of ['usage=light', 'calendar=no', 'team=alone', 'security=basic', 'sector=none', 'growth=no']) await stage.press(customer, id);
    }
    assert.deepEqual(await stage.heard('riet'), []);
    await stage.post('release', {});
    await stage.patient('the reply that hung', async () => (await stage.heard('riet')).length === 1);
    assert.ok((await stage.heard('riet'))[0].n > stuck.n);
    await stage.wellOrdered();
  });

  scene('an answer that was lost is settled by the status: the reply is not sent again', async stage => {
    await stage.post('faults', { seed: 1, next: [{ send: 'reset_after', customer: 'sanne' }] });
    const reply = await stage.ask('sanne', 'ik wil advies over mail');
    assert.deepEqual(reply.faults, ['reset_after']);
    // The next reply may leave as soon as the first is known to have arrived.
    await stage.press('sanne', 'usage=light');
    await stage.wellOrdered();
  });

  scene('a send that was never taken is sent again, after the silence', async stage => {
    await stage.post('faults', { seed: 1, next: [{ send: 'reset_before', customer: 'sanne' }] });
    const said = await stage.say('sanne', 'ik wil advies over mail');
    await stage.patient('the second try', async () => (await stage.heard('sanne')).length === 1);
    assert.ok((await stage.heard('sanne'))[0].n > said.n);
    await stage.wellOrdered();
  });

  scene('refusals that pass cost nobody a reply', async stage => {
    await stage.post('faults', { seed: 1, next: ['500', '131000', '131056'].map(send => ({ send, customer: 'mehmet' })) });
    await stage.say('mehmet', 'ik wil advies over mail');
    await stage.patient('a reply after all', async () => (await stage.heard('mehmet')).length === 1);
    await stage.wellOrdered();
  });

  scene('the pair limit paces a burst: everything comes, in order, and never two refusals in a row', async stage => {
    await stage.ask('mehmet', 'hallo'); // by now it has learnt its words, and nothing waits for that
    const answer = await stage.post('batch', { count: 12, customers: 1, texts: ['wat is imap', 'wat is pop'] });
    assert.equal(answer.status, 200);
    await stage.patient('all of them', async () => (await stage.heard('batch-0')).length === 12);
    const { wire } = await stage.get('wire?after=0');
    assert.ok(wire.some(w => /too many messages sent from this phone/.test(w.note ?? '')), 'the limit was reached');
    await stage.wellOrdered([]);
  }, { args: ['--pair-limit', '400:3'] });

  scene('a shut window: what came a day late is taken and not answered; who writes again is', async stage => {
    await stage.say('sanne', 'ik wil advies over mail');
    await stage.post('advance', { ms: 25 * HOUR });
    await stage.startBot({ ...SETTINGS, ...later(25 * HOUR) });
    await stage.until('the old message taken', async () => (await stage.get('messages?customer=sanne&after=0')).messages[0].taken);
    await stage.ask('mehmet', 'hallo');
    // A backlog waits a little for the rest of it; then it is decided here, or, were it tried, by the platform.
    await stage.patient('the end of its reply', async () => /outbox=1 .*window is (shut|closed)/.test(stage.log));
    assert.deepEqual(outsideWindow(await stage.record()).map(b => `${b.rule}: ${b.why}`), []);
    assert.deepEqual(await stage.heard('sanne'), []);
    await stage.ask('sanne', 'hallo, ben je er nog');
    await stage.wellOrdered(['mehmet']);
  }, { bot: false });

  scene('a week of messages redelivered after an outage is known: nobody is answered again', async stage => {
    for (const customer of ['sanne', 'fleur']) {
      await stage.ask(customer, 'ik wil advies over mail');
      await stage.press(customer, 'usage=light');
    }
    await stage.killBot('SIGKILL');
    await stage.post('advance', { ms: 7 * DAY - HOUR });
    await stage.startBot({ ...SETTINGS, ...later(7 * DAY - HOUR) });
    assert.equal((await stage.post('redeliver', {})).redelivered, 4);
    await stage.until('every webhook', async () => (await stage.get('state')).bot.waiting === 0);
    // A later message is answered: whatever the old ones might have caused would have come before it.
    await stage.ask('mehmet', 'hallo');
    assert.deepEqual([(await stage.heard('sanne')).length, (await stage.heard('fleur')).length], [2, 2]);
  });

  scene('a BSUID made anew in silence: the same person, at the same question', async stage => {
    await stage.ask('sanne', 'ik wil advies over mail');
    await stage.post('identity', { customer: 'sanne', user_id: 'NL.99887766', silent: true });
    assert.match(body(await stage.press('sanne', 'usage=light')), /calendar=/);
  });

  scene('a new number that was told: the same person, at the same question', async stage => {
    await stage.ask('sanne', 'ik wil advies over mail');
    await stage.post('identity', { customer: 'sanne', phone: '31698765432' });
    assert.match(body(await stage.press('sanne', 'usage=light')), /calendar=/);
  });

  scene('a number that was given to somebody else: a new person, who learns nothing of the old one', async stage => {
    await stage.ask('sanne', 'ik wil advies over mail');
    await stage.press('sanne', 'usage=heavy');
    const { phone } = (await stage.get('state')).customers.find(c => c.id === 'sanne');
    await stage.post('customers', { id: 'nieuw', name: 'Nieuw', phone, user_id: 'NL.66554433' });
    assert.match(body(await stage.ask('nieuw', 'ik wil advies over mail')), /Vraag 1 van 6/);
  });

  scene('a token that expired: nothing is lost, and the new one sends it', async stage => {
    await stage.ask('sanne', 'ik wil advies over mail');
    await stage.post('token', { expired: true });
    await stage.tap('sanne', 'usage=light');
    await stage.until('the account halted', async () => /halted=yes/.test(stage.log));
    await stage.post('token', { token: 'practice-token-renewed' });
    await stage.killBot('SIGTERM');
    await stage.startBot({ ...SETTINGS, WHATSAPP_ACCESS_TOKEN: 'practice-token-renewed' });
    await stage.patient('the reply that waited', async () => (await stage.heard('sanne')).length === 2);
    await stage.wellOrdered();
  });
});
