// A customer on WhatsApp and the human at her desk on Telegram: asked for, told, answered, silent, given back.
import test, { describe } from 'node:test';
import assert from 'node:assert/strict';
import { DESK, ELISAH, HOUR, Scene } from './scene.mjs';

// The road of the test, a step at a time; each returns what must have come of it.
const steps = [
  async s => { await s.say('ik wil advies'); return () => s.gets('Vraag 1 van 6'); },
  async s => { await s.tap('usage=daily'); return () => s.gets('Vraag 2 van 6'); },
  async s => { await s.say('praat met elisah'); return async () => {
    await s.gets('Elisah krijgt dit nu binnen');
    const dossier = await s.reads('wil je spreken');
    for (const part of ['Sanne', 'Via WhatsApp, +316', 'praat met elisah', 'Een deel van de dag', 'Je kunt hier antwoorden tot morgen'])
      assert.ok(dossier.text.includes(part), `${part} in the dossier: ${dossier.text}`);
    assert.match(s.api.topics(DESK)[0].name, /^Sanne.* \(WhatsApp\)$/);
  }; },
  async s => { s.writes('Dag Sanne, met Elisah. Vertel!'); return () => s.gets('Dag Sanne, met Elisah. Vertel!'); },
  async s => { await s.say('heel belangrijk'); return () => s.reads('heel belangrijk'); },
  async s => { await s.post('send', { customer: 'sanne', type: 'photo', caption: 'mijn agenda' }); return async () => {
    await s.api.until(() => s.api.uploads.length > 0, 'the photo is at the desk', 40000);
    assert.equal(s.api.uploads[0].kind, 'photo');
    assert.ok(s.api.uploads[0].bytes.length > 100);
    await s.reads('mijn agenda');
  }; },
  async s => { s.api.sendMedia(DESK, ELISAH, 'photo', { bytes: s.api.uploads[0].bytes, mime: 'image/png', caption: 'bedoel je deze', thread: s.topic }); return () => s.gets('bedoel je deze'); },
  async s => { s.writes('Dank je, ik kijk er morgen naar.'); return () => s.gets('ik kijk er morgen naar'); },
  async s => { s.api.press(ELISAH, s.lines.find(m => m.reply_markup), 'desk:back'); return async () => {
    await s.gets('Je praat weer met mij');
    await s.reads('is weer bij de bot');
  }; },
  async s => { await s.tap('calendar=no'); return () => s.gets('Vraag 3 van 6'); },
];

async function told(s) {
  const bubbles = await s.bubbles();
  const said = ['Vraag 1 van 6', 'Vraag 2 van 6', 'krijgt dit nu binnen', 'met Elisah. Vertel!', 'bedoel je deze', 'ik kijk er morgen naar', 'Je praat weer met mij', 'Vraag 3 van 6'];
  assert.equal(bubbles.length, said.length, `each once, and nothing while she had the chat:\n${bubbles.join('\n')}`);
  said.forEach((words, i) => assert.ok(bubbles[i].includes(words), `${i}: ${words}: ${bubbles[i]}`));
  assert.match(bubbles[4], /"image"/);
  assert.match(bubbles[6], /Vraag 2 van 6/, 'back at the question that was open');
  await s.wellBehaved();
}

describe('handed over and back', () => {
  test('she is told, answers, and gives back at the open question', async () => {
    const s = await new Scene().open();
    try {
      for (const step of steps) await (await step(s))();
      await told(s);
    } finally { await s.close(); }
  });

  // The bot dies as soon as the platform has handed something over, and again when all is done.
  test('with a kill -9 in and after every step: nothing lost, nothing twice on WhatsApp', { timeout: 400000 }, async () => {
    const s = await new Scene().open();
    try {
      for (const step of steps) {
        const outcome = await step(s);
        await s.restart();
        await outcome();
        await s.restart();
      }
      await told(s);
    } finally { await s.close(); }
  });

  test('a promise outlives the process: she is reminded, the customer is told once', async () => {
    const s = await new Scene().open();
    try {
      await s.say('praat met elisah');
      await s.gets('krijgt dit nu binnen');
      await s.reads('wil je spreken');
      await s.restart(1.5 * HOUR);
      await s.reads('wacht nog op je');
      assert.equal((await s.bubbles()).length, 1);
      await s.restart(3 * HOUR);
      await s.gets('06 44908448 of info@gettothepoint.nl');
      await s.reads('heeft nog niets van je gehoord');
      await s.restart(4 * HOUR);
      await s.say('oke, ik bel'); // and its answer comes after anything that was due
      await s.reads('oke, ik bel');
      assert.equal((await s.bubbles()).filter(b => b.includes('06 44908448 of')).length, 1);
      await s.wellBehaved();
    } finally { await s.close(); }
  });
});

describe('from the Business app', () => {
  test('an echo silences the bot; a status, our own message or its edit does not', async () => {
    const s = await new Scene().open();
    try {
      await s.say('ik wil advies');
      await s.gets('Vraag 1 van 6');
      await s.tap('usage=daily'); // the statuses of the first have come by now
      await s.gets('Vraag 2 van 6');
      await s.post('echo', { customer: 'sanne', text: 'Ik bel je vanmiddag even.' });
      await s.reads('Jij, vanuit de app: Ik bel je vanmiddag even.');
      await s.say('heel belangrijk');
      await s.reads('heel belangrijk');
      assert.equal((await s.bubbles()).length, 2);
      await s.say('terug naar de bot');
      await s.gets('dan gaan wij weer samen verder');
      await s.wellBehaved();
    } finally { await s.close(); }
  });
});

describe('a desk without topics', () => {
  test('in a private chat a reply says for whom it is', async () => {
    const s = await new Scene().open({ desk: ELISAH });
    try {
      s.api.say(ELISAH, ELISAH, '/start');
      await s.say('praat met elisah');
      const dossier = await s.reads('wil je spreken');
      s.writes('voor niemand');
      await s.reads('Voor wie is dit?');
      s.writes('Dag Sanne!', { replyTo: dossier.message_id });
      await s.gets('Dag Sanne!');
      assert.equal((await s.bubbles()).filter(b => b.includes('voor niemand')).length, 0);
      await s.wellBehaved();
    } finally { await s.close(); }
  });

  test('a group that is no forum is one row of messages, each with its name', async () => {
    const s = await new Scene().open({ forum: false });
    try {
      await s.say('praat met elisah');
      await s.reads('wil je spreken');
      await s.say('ben je er al?');
      const line = await s.reads('ben je er al?');
      assert.match(line.text, /^Sanne/);
      s.writes('Ja hoor', { replyTo: line.message_id });
      await s.gets('Ja hoor');
      await s.wellBehaved();
    } finally { await s.close(); }
  });
});

describe('no desk at all', () => {
  test('the customer gets the link and the hours, the operator can see who waits', async () => {
    const s = await new Scene().open({ desk: null });
    try {
      await s.say('praat met elisah');
      await s.gets('wa.me/31644908448');
      await s.until('the log says so', () => / at=holder .*to=waiting/.test(s.log));
      const admin = /admin=(\S+)/.exec(s.log)[1];
      await s.until('the metric says so', async () =>
        /^mailwijzer_waiting 1$/m.test(await (await fetch(`http://${admin}/metrics`)).text()));
      const expected = /^waiting=1 human=0\nholder=waiting since=\S+Z channel=whatsapp chat=([0-9a-f]{16})\n$/;
      const running = expected.exec(s.report({ ADMIN_LISTEN: admin }));
      assert.ok(running, 'asked of the bot at work');
      assert.ok(s.log.includes(`at=holder chat=${running[1]} `), 'by the hash that the log uses');
      await s.killBot('SIGTERM');
      assert.equal(expected.exec(s.report({ ADMIN_LISTEN: admin }))?.[1], running[1], 'read from the database when no bot is there');
    } finally { await s.close(); }
  });
});
