// The computer's clock is set while somebody waits: nobody waits for it to come by again.
import test from 'node:test';
import assert from 'node:assert/strict';
import { DESK, ELISAH, HOUR, Scene } from './scene.mjs';

const TOM = 5500004343;

// Three who wait for the clock: Sanne's second reply was one too many within a minute, Riet's text waits for more of it,
// and Telegram, where Tom is, was in trouble and is left alone for a moment.
async function waiting() {
  const s = new Scene();
  await s.open({ settings: { BURST_WAIT_MS: '4000' }, phone: ['--pair-limit', '60000:1'] });
  s.api.addPrivate({ id: TOM, first_name: 'Tom' });
  await s.say('ik wil advies');
  await s.gets('Vraag 1 van 6');
  await s.tap('usage=heavy');
  await s.until('a reply that is put off', () => /verdict=pace/.test(s.log));
  await s.post('send', { customer: 'riet', type: 'text', text: 'ik wil advies' });
  await s.until('Riet’s text is in', async () => (await s.get('state')).bot.waiting === 0);
  assert.equal((await heard(s, 'riet')).length, 0);
  return s;
}

const heard = async (s, customer) => (await s.get(`messages?customer=${customer}&from=bot&after=0&wait_ms=0`)).messages;

async function allAreAnswered(s) {
  await s.post('advance', { ms: 120000 }); // the minute is over, by the platform's clock
  await s.gets('Vraag 2 van 6');
  await s.until('an answer to Riet', async () => (await heard(s, 'riet')).length > 0, 1600);
  s.api.say(TOM, TOM, 'ik wil advies');
  await s.api.until(() => s.api.messages(TOM).find(m => m.from.is_bot), 'an answer to Tom', 40000);
  assert.equal((await s.bubbles()).length, 2);
  assert.equal((await heard(s, 'riet')).length, 1);
}

for (const [what, by] of [['a day back', -24 * HOUR], ['three hours back', -3 * HOUR], ['three hours forward', 3 * HOUR]]) {
  test(`set ${what} under a bot at work`, async () => {
    const s = await waiting();
    try {
      const asked = s.api.calls('getUpdates').length;
      s.api.failNext('getUpdates', { status: 500, times: 4 });
      s.api.say(ELISAH, ELISAH, 'dag'); // ends the call that waits
      await s.api.until(() => s.api.calls('getUpdates').length > asked + 2, 'a poller in trouble', 40000);
      s.setClock(by);
      await allAreAnswered(s);
    } finally { await s.close(); }
  });
}

test('set a day back while no bot was there', async () => {
  const s = await waiting();
  try {
    await s.restart(-24 * HOUR);
    await allAreAnswered(s);
  } finally { await s.close(); }
});

test('set a day back while the human has the chat: what she writes goes out', async () => {
  const s = new Scene();
  try {
    await s.open();
    await s.say('praat met elisah');
    await s.gets('krijgt dit nu binnen');
    const { message_thread_id: thread } = await s.reads('wil je spreken');
    s.setClock(-24 * HOUR);
    s.api.say(DESK, ELISAH, 'Dag Sanne', { thread });
    await s.gets('Dag Sanne');
    await s.say('ben je er nog?');
    await s.reads('ben je er nog?');
  } finally { await s.close(); }
});
