// Tests of what the practice phone does wrong on purpose, seen from outside. PRACTICE_PHONE names the program.
import test, { before, after, describe } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Bot, TOKEN, sign } from './bot.mjs';
import { Phone, PNID, PROGRAM } from './phone.mjs';

const PHONES = { sanne: '+31612345678', mehmet: '+31687654321', riet: '+31613141516' };
const KINDS = ['500', '429', '130429', '131056', '131000', 'reset_before', 'hang', 'reset_after', 'fail_later'];

let bot, phone;
before(async () => {
  bot = await new Bot().start();
  phone = await new Phone().start(bot);
  for (const customer of ['sanne', 'mehmet', 'riet']) await phone.hello(customer, bot);
});
after(async () => { bot.stop(); assert.equal(await phone.stop(), 0); });

// What a send met: HTTP status and code, or how the connection ended.
const say = async (customer, body, more = {}, p = phone) => {
  try {
    const answer = await p.graph({ to: PHONES[customer], type: 'text', text: { body }, ...more });
    return { http: answer.http, code: answer.error?.code, id: answer.messages?.[0].id, error: answer.error };
  } catch (e) {
    return { lost: e.cause?.code ?? e.name };
  }
};
const shown = async (customer, body, p = phone) =>
  (await p.get(`messages?customer=${customer}&from=bot`)).messages.filter(m => m.body.text?.body === body);
// Looks until it holds, a turn of the loop at a time; patience ends.
const soon = async (what, look) => {
  for (const end = Date.now() + 10000; Date.now() < end; await new Promise(setImmediate)) { const found = await look(); if (found) return found; }
  throw new Error(`never came: ${what}`);
};
const script = (...next) => phone.post('faults', { next });

describe('what is set', () => {
  test('is told, with what is still to come and what was done; {} ends it', async () => {
    const set = { seed: 7, sends: { 500: 5, hang: 1 }, statuses: { lost: 0.5 }, webhooks: { delay: 10 }, hang_ms: 20, late_ms: 30,
      next: [{ send: '500', customer: 'nobody', times: 3 }, { send: 'hang', customer: 'nobody', until: 'release' }] };
    const told = await phone.post('faults', set);
    assert.equal(told.http, 200);
    const next = [{ send: '500', customer: 'nobody', times: 3 }, { send: 'hang', customer: 'nobody', until: 'release', times: 1 }];
    assert.deepEqual(told.set, { ...set, next });
    assert.deepEqual((await phone.get('faults')).set, { ...set, next });
    assert.deepEqual((await phone.post('faults', {})).set, {});
    assert.equal((await say('sanne', 'rustig')).http, 200);
  });

  const wrong = [
    [{ sneds: {} }, /sneds: unknown; expected seed, sends/],
    [{ sends: { 501: 1 } }, /sends\.501: unknown; expected one of 500 429 130429 131056 131000 reset_before hang reset_after fail_later/],
    [{ sends: { lost: 1 } }, /sends\.lost: unknown/],
    [{ sends: { 500: '5' } }, /sends\.500: expected a percentage, 0 to 100/],
    [{ sends: { 500: -1 } }, /sends\.500: expected a percentage/],
    [{ statuses: { lost: 101 } }, /statuses\.lost: expected a percentage/],
    [{ webhooks: { batch: 60, delay: 41 } }, /webhooks: expected percentages of 100 together/],
    [{ sends: [] }, /sends: expected an object/],
    [{ seed: 'x' }, /seed: expected a whole number/],
    [{ seed: -1 }, /seed: expected/],
    [{ hang_ms: 1.5 }, /hang_ms: expected a whole number/],
    [{ late_ms: -1 }, /late_ms: expected/],
    [{ next: {} }, /next: expected a list/],
    [{ next: ['500'] }, /next\[0\]: expected an object/],
    [{ next: [{ customer: 'sanne' }] }, /next\[0\]: expected one of send, status and webhook/],
    [{ next: [{ send: '500', status: 'lost' }] }, /next\[0\]: expected one of/],
    [{ next: [{ send: '500' }, { send: 'lost' }] }, /next\[1\]\.send 'lost': expected a kind of sends/],
    [{ next: [{ send: 500 }] }, /next\[0\]\.send/],
    [{ next: [{ send: '500', times: 0 }] }, /next\[0\]\.times: expected a whole number, 1 to/],
    [{ next: [{ send: '500', customer: 3 }] }, /next\[0\]\.customer: expected/],
    [{ next: [{ send: '500', who: 'sanne' }] }, /next\[0\]\.who: unknown/],
    [{ next: [{ send: '500', until: 'release' }] }, /next\[0\]\.until: expected only with a hang/],
    [{ next: [{ send: 'hang', until: 'noon' }] }, /next\[0\]\.until: expected release/],
    [{ next: [{ send: 'fail_later', media: true }] }, /next\[0\]\.media: expected/],
    [{ next: [{ send: '500', media: 1 }] }, /next\[0\]\.media: expected true or false/],
    [{ next: [{ send: '500', media: true, customer: 'sanne' }] }, /next\[0\]\.customer: expected none/],
  ];
  test('nonsense is refused by name, and what was set stays', async () => {
    await phone.post('faults', { sends: { 500: 1 } });
    for (const [set, why] of wrong) {
      const told = await phone.post('faults', set);
      assert.equal(told.http, 400, JSON.stringify(set));
      assert.match(told.error, why);
    }
    assert.deepEqual((await phone.post('faults', {})).set, {});
  });

  test('--faults takes JSON or a file; nonsense ends with 2', async () => {
    const p = await new Phone().start(null, '--faults', '{"sends":{"429":100}}');
    assert.deepEqual((await p.get('faults')).set, { sends: { 429: 100 } });
    assert.equal(await p.stop(), 0);
    for (const [value, why] of [['{"seed":"x"}', /--faults: seed: expected/], ['{', /--faults: .*expected a JSON object/], ['@/no/such/file', /--faults: .*expected/]]) {
      const child = spawn(PROGRAM, ['--faults', value], { stdio: ['ignore', 'ignore', 'pipe'] });
      let said = '';
      child.stderr.on('data', d => { said += d; });
      assert.deepEqual(await once(child, 'close'), [2, null]);
      assert.match(said, why);
    }
  });
});

describe('sends', () => {
  const refused = [['500', 500, 2], ['429', 429, 4], ['130429', 400, 130429], ['131056', 400, 131056], ['131000', 500, 131000]];
  for (const [kind, http, code] of refused)
    test(`${kind}: refused, nothing accepted, the wire says why`, async () => {
      const before = (await phone.get('faults')).done[`sends.${kind}`] ?? 0;
      const { last } = await phone.get('wire');
      await script({ send: kind, customer: 'sanne', times: 2 });
      for (let i = 0; i < 2; i++) {
        const answer = await say('sanne', `met ${kind}`);
        assert.deepEqual([answer.http, answer.code], [http, code]);
        assert.equal(answer.error.type, 'OAuthException');
        assert.equal(answer.error.is_transient, ['500', '429'].includes(kind) ? true : undefined);
      }
      assert.equal((await say('sanne', `met ${kind}`)).http, 200);
      assert.equal((await shown('sanne', `met ${kind}`)).length, 1);
      assert.equal((await phone.get('faults')).done[`sends.${kind}`], before + 2);
      const sends = (await phone.get(`wire?after=${last}`)).wire.filter(x => x.kind === 'request');
      assert.deepEqual(sends.map(x => [x.fault, x.status]), [[kind, http], [kind, http], [undefined, 200]]);
    });

  test('reset_before: the connection is reset, nothing was accepted', async () => {
    await script({ send: 'reset_before', customer: 'sanne' });
    assert.deepEqual(await say('sanne', 'weg'), { lost: 'ECONNRESET' });
    assert.equal((await shown('sanne', 'weg')).length, 0);
    assert.equal((await say('sanne', 'weg')).http, 200);
  });

  test('reset_after: the connection is reset, the message is there and its statuses follow', async () => {
    const { last } = await phone.get('wire');
    await script({ send: 'reset_after', customer: 'sanne' });
    assert.deepEqual(await say('sanne', 'toch', { biz_opaque_callback_data: 'out-9' }), { lost: 'ECONNRESET' });
    const [m] = await shown('sanne', 'toch');
    assert.deepEqual(m.faults, ['reset_after']);
    assert.equal(m.tracker, 'out-9');
    const { value } = await bot.status(m.id, 'read');
    assert.equal(value.statuses[0].biz_opaque_callback_data, 'out-9');
    const sent = (await phone.get(`wire?after=${last}`)).wire.find(x => x.kind === 'request');
    assert.deepEqual([sent.fault, sent.status, sent.bad], ['reset_after', 0, true]);
  });

  test('hang: no answer for hang_ms, then reset; nothing was accepted', async () => {
    await phone.post('faults', { hang_ms: 40, next: [{ send: 'hang', customer: 'sanne' }] });
    assert.deepEqual(await say('sanne', 'stil'), { lost: 'ECONNRESET' });
    assert.equal((await shown('sanne', 'stil')).length, 0);
  });

  test('a hang can last until it is released, and others go on meanwhile', async () => {
    await script({ send: 'hang', customer: 'riet', until: 'release' });
    let over = false;
    const hangs = say('riet', 'wacht').finally(() => { over = true; });
    await soon('the hang', async () => (await phone.get('faults')).set.next.length === 0);
    for (let i = 0; i < 3; i++) assert.equal((await say('sanne', 'verder')).http, 200);
    assert.equal(over, false);
    assert.equal((await phone.post('release')).released, 1);
    assert.deepEqual(await hangs, { lost: 'ECONNRESET' });
    assert.equal((await phone.post('release')).released, 0);
  });

  test('a bot that gives up on a hang does no harm', async () => {
    await script({ send: 'hang', until: 'release' });
    const { last } = await phone.get('wire');
    const gone = new AbortController();
    const asked = fetch(`${phone.base}/v25.0/${PNID}/messages`, { method: 'POST', signal: gone.signal, headers: { authorization: `Bearer ${TOKEN}` },
      body: JSON.stringify({ messaging_product: 'whatsapp', to: PHONES.sanne, type: 'text', text: { body: 'x' } }) });
    const sent = async () => (await phone.get(`wire?after=${last}`)).wire.find(x => x.fault === 'hang');
    await soon('the send', sent);
    gone.abort();
    await assert.rejects(asked);
    await soon('its end', async () => (await sent()).done);
    assert.equal((await phone.post('release')).released, 0);
    assert.equal((await say('sanne', 'en door')).http, 200);
  });

  test('fail_later: accepted, then failed with 131000', async () => {
    await script({ send: 'fail_later', customer: 'mehmet' });
    const { id } = await say('mehmet', 'helaas');
    const { value } = await bot.status(id, 'failed');
    assert.equal(value.statuses[0].errors[0].code, 131000);
    const [m] = await shown('mehmet', 'helaas');
    assert.deepEqual([m.status, m.error, m.faults], ['failed', 131000, ['fail_later']]);
    assert.equal(bot.hooks.some(h => JSON.stringify(h.json).includes(id) && !JSON.stringify(h.json).includes('failed')), false);
  });

  test('a script is for its customer, in its order; without a customer for anybody', async () => {
    await script({ send: '429', customer: 'riet' }, { send: '500' }, { send: '131056' });
    assert.equal((await say('sanne', 'a')).code, 2);
    assert.equal((await say('riet', 'b')).code, 4);
    assert.equal((await say('riet', 'c')).code, 131056);
    assert.equal((await say('sanne', 'd')).http, 200);
    assert.deepEqual((await phone.get('faults')).set.next, []);
  });

  test('read receipts and refused messages meet none', async () => {
    await script({ send: '500' });
    const m = await phone.hello('sanne', bot);
    assert.deepEqual(await phone.graph({ status: 'read', message_id: m.id }), { http: 200, success: true });
    assert.equal((await say('sanne', '')).http, 400);
    assert.equal((await say('sanne', 'nu wel')).http, 500);
  });

  test('files meet only what is scripted for them', async () => {
    const form = () => {
      const f = new FormData();
      f.append('messaging_product', 'whatsapp');
      f.append('type', 'application/pdf');
      f.append('file', new Blob(['%PDF-1.4 '], { type: 'application/pdf' }), 'a.pdf');
      return f;
    };
    const headers = { authorization: `Bearer ${TOKEN}` };
    const upload = () => fetch(`${phone.base}/v25.0/${PNID}/media`, { method: 'POST', body: form(), headers });
    const lost = { name: 'TypeError' };
    await phone.post('faults', { sends: { 500: 100 } });
    const { id } = await (await upload()).json();
    assert.ok(id);
    await script({ send: '131000', media: true }, { send: 'reset_before', media: true });
    assert.equal((await say('sanne', 'geen bestand')).http, 200);
    const no = await upload();
    assert.deepEqual([no.status, (await no.json()).error.code], [500, 131000]);
    await assert.rejects(upload(), lost);
    await script({ send: '500', media: true });
    const ask = () => fetch(`${phone.base}/v25.0/${id}`, { headers });
    assert.equal((await ask()).status, 500);
    const { url } = await (await ask()).json();
    for (const send of ['429', 'reset_after']) {
      await script({ send, media: true });
      if (send === '429') assert.equal((await fetch(url, { headers })).status, 429);
      else await assert.rejects(fetch(url, { headers }), lost);
    }
    assert.equal(await (await fetch(url, { headers })).text(), '%PDF-1.4 ');
  });
});

describe('statuses', () => {
  const told = id => bot.hooks.flatMap(h => h.json?.entry?.[0]?.changes?.[0].value.statuses ?? []).filter(x => x.id === id).map(x => x.status);
  const record = async id => (await phone.get('messages?customer=sanne&from=bot')).messages.find(m => m.id === id);
  const met = async (status, body) => {
    await script({ status, customer: 'sanne' });
    return (await say('sanne', body)).id;
  };
  // Until a later message is read, whatever an earlier one had to tell on time was told.
  const later = async () => { const { id } = await say('sanne', 'later'); await bot.status(id, 'read'); };

  test('before_answer: the bot has `sent` before it has its answer', async () => {
    const id = await met('before_answer', 'eerst');
    assert.deepEqual(told(id).slice(0, 1), ['sent']);
    await bot.status(id, 'read');
    assert.deepEqual(told(id), ['sent', 'delivered', 'read']);
    assert.deepEqual((await record(id)).faults, ['before_answer_status']);
  });

  test('before_answer, and then no answer at all', async () => {
    await script({ status: 'before_answer' }, { send: 'reset_after' });
    const count = bot.hooks.length;
    assert.deepEqual(await say('sanne', 'beide'), { lost: 'ECONNRESET' });
    const [m] = await shown('sanne', 'beide');
    assert.ok(bot.hooks.slice(count).some(h => JSON.stringify(h.json).includes(m.id)));
    assert.deepEqual(m.faults, ['reset_after', 'before_answer_status']);
  });

  test('before_answer with a bot that refuses the status: answered all the same, and told again', async () => {
    bot.refused.push('out-503');
    await script({ status: 'before_answer', customer: 'sanne' });
    const { id } = await say('sanne', 'liever niet', { biz_opaque_callback_data: 'out-503' });
    assert.ok(id);
    await bot.next('the second try', (v, h) => v.statuses?.[0].id === id && h.status === 200);
    await bot.status(id, 'read');
    assert.deepEqual(told(id).filter(x => x === 'sent').length, 2);
  });

  test('reordered: delivered, read, sent', async () => {
    const id = await met('reordered', 'door elkaar');
    await bot.status(id, 'sent');
    assert.deepEqual(told(id), ['delivered', 'read', 'sent']);
  });

  test('read_only: read without delivered', async () => {
    const id = await met('read_only', 'gelezen');
    await bot.status(id, 'read');
    await later();
    assert.deepEqual(told(id), ['sent', 'read']);
  });

  test('lost: none at all, though it was read', async () => {
    const id = await met('lost', 'stil');
    await later();
    assert.deepEqual(told(id), []);
    const m = await record(id);
    assert.deepEqual([m.status, m.faults], ['read', ['lost_status']]);
    await script({ status: 'lost' }, { send: 'fail_later' });
    const failed = (await say('sanne', 'stil mislukt')).id;
    await soon('failed', async () => (await record(failed)).status === 'failed');
    await later();
    assert.deepEqual(told(failed), []);
    assert.deepEqual((await record(failed)).faults, ['fail_later', 'lost_status']);
  });

  test('late: after late_ms', async () => {
    await phone.post('faults', { late_ms: 3600000, next: [{ status: 'late', customer: 'sanne' }] });
    const { id } = await say('sanne', 'laat');
    await later();
    assert.deepEqual(told(id), []);
    await phone.post('advance', { ms: 3600000 });
    await bot.status(id, 'read');
    assert.deepEqual(told(id), ['sent', 'delivered', 'read']);
  });

  test('what fails has one status, whatever was drawn', async () => {
    await script({ status: 'before_answer' }, { send: 'fail_later' });
    const { id } = await say('sanne', 'mislukt');
    await bot.status(id, 'failed');
    assert.deepEqual(told(id), ['failed']);
    assert.deepEqual((await record(id)).faults, ['fail_later']);
  });
});

describe('webhooks', () => {
  let b, p;
  before(async () => {
    b = await new Bot().start();
    p = await new Phone().start(b);
  });
  after(async () => { b.stop(); await p.stop(); });

  const HOUR = 3600000;
  const carried = hook => hook.json.entry.flatMap(e => e.changes.flatMap(c => (c.value.messages ?? []).map(m => m.id)));
  const hooks = m => b.hooks.filter(h => carried(h).includes(m.id));
  const came = ms => { const ids = ms.map(m => m.id); return b.hooks.flatMap(carried).filter(id => ids.includes(id)).map(id => ms[ids.indexOf(id)].body.text.body); };
  const meet = (...next) => p.post('faults', { late_ms: HOUR, next: next.map(([webhook, customer]) => ({ webhook, customer })) });
  const hear = (customer, text) => p.post('send', { customer, text });
  const record = async m => (await p.get('messages')).messages.find(x => x.n === m.n);
  const quiet = () => soon('everything taken', async () => (await p.get('state')).bot.waiting === 0);
  const waiting = async () => (await p.get('state')).bot.waiting;
  const done = async kind => (await p.get('faults')).done[`webhooks.${kind}`] ?? 0;

  test('duplicate: the same bytes twice, at the same time', async () => {
    await meet(['duplicate', 'sanne']);
    b.together = 2; // answered only when both are there
    const m = await hear('sanne', 'dubbel');
    await soon('both', () => b.hooks.length === 2);
    b.together = 1;
    await quiet();
    const [one, two] = hooks(m);
    assert.deepEqual(one.raw, two.raw);
    assert.equal(one.signature, sign(one.raw));
    assert.equal(two.signature, one.signature);
    assert.deepEqual((await record(m)).faults, ['duplicate']);
    assert.equal((await record(m)).reordered, undefined);
  });

  test('duplicate_late: again after late_ms, and again when days have gone by', async () => {
    await meet(['duplicate_late', 'sanne']);
    const m = await hear('sanne', 'nog eens');
    await quiet();
    assert.equal(hooks(m).length, 1);
    await p.post('advance', { ms: HOUR });
    await soon('the second', () => hooks(m).length === 2);
    await quiet();
    await p.post('advance', { ms: 24 * HOUR });
    await soon('the third', () => hooks(m).length === 3);
    await quiet();
    await p.post('advance', { ms: 24 * HOUR });
    await hear('sanne', 'verder');
    await quiet();
    const all = hooks(m);
    assert.equal(all.length, 3);
    for (const h of all) assert.deepEqual(h.raw, all[0].raw);
  });

  test('duplicate_late: the copy does not overtake what still waits', async () => {
    const p0 = await done('duplicate_late');
    b.together = 2; // nothing is answered until there are two
    const first = await hear('riet', 'houdt op');
    await soon('the first', () => hooks(first).length === 1);
    const blocked = await hear('riet', 'wacht');
    await meet(['duplicate_late', 'riet']);
    const m = await hear('riet', 'laat dubbel');
    await p.post('advance', { ms: HOUR });
    b.together = 1;
    await hear('fleur', 'laat los');
    await quiet();
    assert.deepEqual(came([first, blocked, m]), ['houdt op', 'wacht', 'laat dubbel']);
    assert.equal(await done('duplicate_late'), p0 + 1);
    await p.post('advance', { ms: HOUR });
    await soon('the copy', () => hooks(m).length === 2);
    await quiet();
  });

  test('batch: several people in one body, over entries and over changes', async () => {
    const before = await done('batch');
    await meet(['batch', 'sanne'], ['batch', 'riet'], ['batch', 'fleur']);
    const sanne = await hear('sanne', 'samen 1'), again = await hear('sanne', 'samen 2'), mehmet = await hear('mehmet', 'alleen');
    const riet = await hear('riet', 'samen 3');
    await soon('the bundle', () => hooks(riet).length > 0);
    await quiet();
    assert.equal(hooks(mehmet).length, 1);
    const [hook] = hooks(sanne);
    assert.deepEqual(carried(hook), [sanne.id, again.id, riet.id]);
    assert.deepEqual(hook.json.entry.map(e => e.changes.length), [2, 1]);
    assert.ok(hook.json.entry.every(e => e.id === '900100' && e.changes.every(c => c.field === 'messages' && c.value.contacts.length === 1)));
    assert.equal(hook.signature, sign(hook.raw));
    for (const m of [sanne, again, riet]) { const x = await record(m); assert.deepEqual([x.faults, x.taken, x.reordered], [['batch'], true, undefined]); }
    assert.equal(await done('batch'), before + 3);
    const fleur = await hear('fleur', 'over');
    assert.equal(await waiting(), 1);
    await p.post('advance', { ms: HOUR });
    await quiet();
    assert.deepEqual(carried(hooks(fleur)[0]), [fleur.id], 'nobody to be together with');
    assert.equal((await record(fleur)).faults, undefined);
  });

  test('batch: two go together when they have waited long enough; a refused one comes again whole', async () => {
    await meet(['batch', 'sanne'], ['batch', 'riet']);
    const one = await hear('sanne', 'geweigerd'), two = await hear('riet', 'mee');
    assert.equal(await waiting(), 2);
    b.refused.push('geweigerd');
    await p.post('advance', { ms: HOUR });
    await soon('both tries', () => hooks(one).length === 2);
    const after = await hear('riet', 'erna');
    await quiet();
    const [first, second] = hooks(two);
    assert.deepEqual(first.raw, second.raw);
    assert.deepEqual(first.json.entry.map(e => e.changes.length), [1, 1]);
    assert.deepEqual(came([two, after]).slice(-1), ['erna']);
  });

  test('delay: after late_ms; who writes again waits behind it, others do not', async () => {
    await meet(['delay', 'sanne']);
    const list = [await hear('sanne', 'eerst'), await hear('sanne', 'daarna'), await hear('riet', 'intussen')];
    await soon('the other', () => came(list).length === 1);
    assert.equal(await waiting(), 2);
    await p.post('advance', { ms: HOUR - 1000 });
    assert.deepEqual(came(list), ['intussen']);
    await p.post('advance', { ms: 1000 });
    await quiet();
    assert.deepEqual(came(list), ['intussen', 'eerst', 'daarna']);
    assert.deepEqual((await record(list[0])).faults, ['delay']);
    assert.equal((await record(list[1])).reordered, undefined);
  });

  test('reorder: the next one passes, and the record says so', async () => {
    await meet(['reorder', 'sanne']);
    const list = [await hear('sanne', 'een'), await hear('sanne', 'twee'), await hear('sanne', 'drie')];
    await quiet();
    assert.deepEqual(came(list), ['twee', 'een', 'drie']);
    const [one, two, three] = await Promise.all(list.map(record));
    assert.deepEqual([one, two, three].map(m => m.reordered), [true, true, undefined]);
    assert.deepEqual([one, two, three].map(m => m.faults), [['reorder'], undefined, undefined]);
  });

  test('reorder: without a next one it comes after late_ms, in order', async () => {
    const before = await done('reorder');
    await meet(['reorder', 'riet']);
    const m = await hear('riet', 'alleen');
    assert.equal(await waiting(), 1);
    await p.post('advance', { ms: HOUR });
    await quiet();
    assert.equal(hooks(m).length, 1);
    assert.equal((await record(m)).reordered, undefined);
    assert.equal(await done('reorder'), before);
  });

  test('redeliver: everything of the past week again, byte for byte, in each one\'s order', async () => {
    const c = await new Bot().start(), q = await new Phone().start(c);
    const post = (customer, text) => q.post('send', { customer, text });
    await post('sanne', 'oud');
    await q.post('advance', { ms: 4 * 24 * HOUR });
    for (const text of ['een', 'twee', 'drie']) await post('sanne', text);
    await post('fleur', 'vier');
    const taken = () => soon('all taken', async () => (await q.get('state')).bot.waiting === 0);
    await taken();
    const before = c.hooks.map(h => h.raw.toString());
    assert.equal(before.length, 5);
    assert.equal((await q.post('redeliver')).redelivered, 5);
    await taken();
    const again = c.hooks.slice(5).map(h => h.raw.toString());
    assert.deepEqual([...again].sort(), [...before].sort());
    const sanne = list => list.filter(raw => raw.includes('NL.55512'));
    assert.deepEqual(sanne(again), sanne(before));
    await q.post('advance', { ms: 4 * 24 * HOUR });
    assert.equal((await q.post('redeliver')).redelivered, 4, 'the first is more than a week old');
    await taken();
    assert.equal((await q.get('messages')).messages.length, 5);
    await q.stop();
    c.stop();
  });

  test('the same seed gives customers\' messages the same faults', async () => {
    const webhooks = { duplicate: 20, duplicate_late: 20, delay: 20 };
    const run = async () => {
      await p.post('faults', { seed: 11, webhooks, late_ms: 0 });
      const list = [];
      for (let i = 0; i < 20; i++) list.push(await hear('sanne', `nr ${i}`));
      await quiet();
      const all = (await p.get('messages')).messages;
      return list.map(m => (all.find(x => x.n === m.n).faults ?? ['-'])[0]);
    };
    const first = await run();
    assert.ok(new Set(first).size === 4, first.join());
    assert.deepEqual(await run(), first);
  });
});

describe('the record', () => {
  test('when a message of the bot came, and its tracker', async () => {
    const first = (await say('sanne', 'een', { biz_opaque_callback_data: 'out-1' })).id, second = (await say('sanne', 'twee')).id;
    const list = (await phone.get('messages?customer=sanne&from=bot')).messages;
    const [a, b] = [first, second].map(id => list.find(m => m.id === id));
    assert.equal(a.tracker, 'out-1');
    assert.ok(a.arrived_ms >= 0 && b.arrived_ms >= a.arrived_ms);
    assert.equal('faults' in a, false);
    assert.equal('taken' in a, false);
  });

  test('whether and when the bot took what a customer or the owner said', async () => {
    const seen = async n => (await phone.get('messages')).messages.find(m => m.n === n);
    bot.refused.push('eerst niet');
    const m = await phone.post('send', { customer: 'mehmet', text: 'eerst niet' });
    await bot.next('the second try', (v, h) => v.messages?.[0].id === m.id && h.status === 200);
    const took = await soon('taken', async () => { const x = await seen(m.n); return x.taken && x; });
    assert.ok(took.taken_ms >= took.arrived_ms);
    const echo = await phone.post('echo', { customer: 'mehmet', text: 'Ik kijk even' });
    assert.deepEqual([echo.taken, echo.taken_ms], [false, null]);
    await soon('the echo taken', async () => (await seen(echo.n)).taken);
    const { last } = await phone.get('messages');
    await phone.post('batch', { count: 3, customers: 2 });
    const all = (await phone.get(`messages?after=${last}`)).messages;
    assert.deepEqual(all.map(x => x.taken), [true, true, true]);
    const alone = await new Phone().start(null);
    assert.equal((await alone.post('send', { customer: 'sanne', text: 'hoi' })).taken, false);
    await alone.stop();
  });

  test('what was taken after a later one of the same person is said to be out of order', async () => {
    const p = await new Phone().start(bot);
    bot.refused.push('de eerste');
    const one = await p.post('send', { customer: 'sanne', text: 'de eerste' });
    const two = await p.post('send', { customer: 'sanne', text: 'twee' });
    const other = await p.post('send', { customer: 'riet', text: 'drie' });
    const all = await soon('all taken', async () => { const { messages } = await p.get('messages'); return messages.every(m => m.taken) && messages; });
    assert.deepEqual([one, two, other].map(x => all.find(m => m.n === x.n).reordered), [true, true, undefined]);
    await p.stop();
  });

  test('--keep says how much is remembered', async () => {
    const p = await new Phone().start(bot, '--keep', '1000');
    for (let i = 0; i < 2; i++) assert.equal((await p.post('batch', { count: 1000 })).status, 200);
    const { messages, last } = await p.get('messages');
    assert.equal(last, 2000);
    assert.ok(messages.length >= 1000 && messages.length < 2000, `${messages.length}`);
    assert.equal(messages.at(-1).n, 2000);
    await p.stop();
    for (const value of ['999', 'x', '20000000'])
      assert.deepEqual(await once(spawn(PROGRAM, ['--keep', value], { stdio: 'ignore' }), 'exit'), [2, null], value);
  });
});

describe('the token', () => {
  const send = async token => { const a = await phone.graph({ to: PHONES.sanne, type: 'text', text: { body: 'wie' } }, { token }); return [a.http, a.error?.code, a.error?.type]; };
  const bad = [401, 190, 'OAuthException'];
  after(() => phone.post('token', { token: TOKEN }));

  test('renewed: the old one draws 190, the new one sends', async () => {
    assert.deepEqual((await phone.post('token', { token: 'new-token' })).token, 'new-token');
    assert.deepEqual(await send(TOKEN), bad);
    assert.equal((await send('new-token'))[0], 200);
    assert.equal((await fetch(`${phone.base}/v25.0/${PNID}`, { headers: { authorization: `Bearer ${TOKEN}` } })).status, 401);
  });

  test('expired: every one draws 190, until the next call', async () => {
    await phone.post('token', { expired: true });
    assert.deepEqual(await send('new-token'), bad);
    const told = await phone.graph({ to: PHONES.sanne, type: 'text', text: { body: 'wie' } }, { token: 'new-token' });
    assert.match(told.error.message, /Session has expired/);
    assert.equal(told.error.error_subcode, 463);
    await phone.post('token', { token: TOKEN });
    assert.equal((await send(TOKEN))[0], 200);
    await phone.post('token', { expired: true });
    await phone.post('token', { expired: false });
    assert.equal((await send(TOKEN))[0], 200);
  });

  test('nonsense is refused', async () => {
    for (const [body, why] of [[{}, /either token or expired/], [{ token: '' }, /token: expected a text/], [{ token: 'x', expired: true }, /either/], [{ expired: 'yes' }, /expired: expected true/]]) {
      const told = await phone.post('token', body);
      assert.equal(told.http, 400);
      assert.match(told.error, why);
    }
  });
});

describe('who somebody is', () => {
  let b, p;
  before(async () => {
    b = await new Bot().start();
    p = await new Phone().start(b);
  });
  after(async () => { b.stop(); await p.stop(); });

  const becomes = (customer, more) => p.post('identity', { customer, ...more });
  const says = async customer => {
    const m = await p.post('send', { customer, text: 'ik' });
    const { value } = await b.next('the message', v => v.messages?.[0].id === m.id);
    return { ...value.messages[0], contact: value.contacts[0] };
  };
  const system = async (what, wanted) => (await b.next(what, v => v.messages?.[0].type === 'system' && wanted(v.messages[0].system))).value.messages[0];

  test('a new user_id is told with the former one', async () => {
    await becomes('sanne', { user_id: 'NL.60001' });
    const m = await system('the change', x => x.user_id === 'NL.60001');
    assert.deepEqual(m.system, { type: 'user_changed_user_id', body: 'User Sanne changed from NL.55512 to NL.60001', user_id: 'NL.60001', previous_user_id: 'NL.55512' });
    assert.equal('from' in m, false);
    assert.equal((await says('sanne')).from_user_id, 'NL.60001');
  });

  test('without previous_user_id the former one stands in the text alone', async () => {
    await becomes('sanne', { user_id: 'NL.60002', previous: false });
    const m = await system('the change', x => x.user_id === 'NL.60002');
    assert.equal('previous_user_id' in m.system, false);
    assert.equal(m.system.body, 'User Sanne changed from NL.60001 to NL.60002');
  });

  test('silent: no word, the next message bears the new id with the same phone', async () => {
    await becomes('sanne', { user_id: 'NL.60003', silent: true });
    const m = await says('sanne');
    assert.deepEqual([m.from, m.from_user_id, m.contact.user_id], ['31612345678', 'NL.60003', 'NL.60003']);
    assert.equal(b.hooks.some(h => h.raw.includes('"type":"system"') && h.raw.includes('NL.60003')), false);
  });

  test('a new number is told from the old one', async () => {
    await becomes('sanne', { phone: '31612340000', user_id: 'NL.60004' });
    const m = await system('the change', x => x.user_id === 'NL.60004');
    assert.deepEqual([m.from, m.system], ['31612345678', { type: 'user_changed_number', body: 'User Sanne changed from 31612345678 to 31612340000',
      wa_id: '31612340000', user_id: 'NL.60004', previous_user_id: 'NL.60003' }]);
    assert.equal((await says('sanne')).from, '31612340000');
  });

  test('a username is adopted, and the phone hidden; nobody is told', async () => {
    const before = b.hooks.filter(h => h.raw.includes('"type":"system"')).length;
    await becomes('sanne', { username: '@sanne.k' });
    const open = await says('sanne');
    assert.deepEqual([open.from, open.contact.profile.username], ['31612340000', '@sanne.k']);
    await becomes('sanne', { hidden: true });
    const hidden = await says('sanne');
    assert.deepEqual([hidden.from, hidden.contact.wa_id, hidden.from_user_id], [undefined, undefined, 'NL.60004']);
    const { messages: [{ id }] } = await p.graph({ recipient: 'NL.60004', type: 'text', text: { body: 'dag' } });
    assert.equal('recipient_id' in (await b.status(id, 'read')).value.statuses[0], false);
    await becomes('sanne', { user_id: 'NL.60005' });
    assert.equal((await system('the change', x => x.user_id === 'NL.60005')).system.type, 'user_changed_user_id');
    assert.equal((await p.graph({ to: '+31612340000', type: 'text', text: { body: 'dag' } })).http, 200);
    assert.equal((await says('sanne')).from, '31612340000', 'a business that writes to a number sees it');
    assert.equal(b.hooks.filter(h => h.raw.includes('"type":"system"')).length, before + 1);
  });

  test('a number that is given out again is its former owner\'s no more', async () => {
    await says('riet');
    await p.post('customers', { id: 'nieuw', name: 'Nieuw', phone: '31613141516', user_id: 'NL.70001' });
    const m = await says('nieuw');
    assert.deepEqual([m.from, m.from_user_id], ['31613141516', 'NL.70001']);
    const { id } = (await p.graph({ to: '+31613141516', type: 'text', text: { body: 'voor wie' } })).messages[0];
    await b.status(id, 'read');
    assert.deepEqual((await p.get('messages?from=bot')).messages.filter(x => x.id === id).map(x => x.customer), ['nieuw']);
    const riet = await says('riet');
    assert.deepEqual([riet.from, riet.from_user_id], [undefined, 'NL.904411']);
    await becomes('nieuw', { phone: '31687654321', silent: true });
    const mehmet = await p.post('send', { customer: 'mehmet', text: 'ik' });
    assert.equal(mehmet.http, 400);
    assert.match(mehmet.error, /mehmet.*lost the number/);
  });

  test('nonsense is refused', async () => {
    for (const [body, why] of [[{}, /expected phone, user_id, username or hidden/], [{ user_id: 'NL.1', silent: 'yes' }, /silent: expected true or false/], [{ user_id: 'x' }, /user_id looks like/]]) {
      const told = await becomes('fleur', body);
      assert.equal(told.http, 400);
      assert.match(told.error, why);
    }
    await p.post('customers', { id: 'oud', name: 'Oud', phone: '31699999999' });
    assert.match((await becomes('oud', { hidden: true })).error, /hidden only where there is a user_id/);
  });
});

describe('the clock', () => {
  test('what waits for its next try is tried at once, the clock standing still', async () => {
    const b = await new Bot().start(), p = await new Phone().start(b);
    b.answers.push(503, 503, 503);
    const m = await p.post('send', { customer: 'sanne', text: 'geduld' });
    const tries = () => b.hooks.filter(h => h.raw.includes(JSON.stringify(m.id).replaceAll('/', '\\/'))).length;
    await soon('two tries', () => tries() === 2); // the third would be in two seconds
    await soon('a retry', async () => (await p.post('advance', { retry: true })).retried === 1);
    await soon('three tries', () => tries() === 3);
    await soon('the wait after it', async () => (await p.get(`wire`)).wire.filter(x => x.attempt === 3 && x.done).length === 1);
    await p.post('advance', { ms: 3000 });
    const riet = await p.post('send', { customer: 'riet', text: 'intussen' });
    await b.next('another', v => v.messages?.[0].id === riet.id);
    assert.equal(tries(), 3, 'the try that was planned before is not made any more');
    const { advanced } = await p.get('state');
    const told = await soon('another', async () => { const x = await p.post('advance', { retry: true }); return x.retried === 1 && x; });
    assert.equal(told.advanced, advanced);
    await soon('taken', async () => (await p.get('state')).bot.waiting === 0);
    assert.equal(tries(), 4);
    assert.equal((await p.post('advance', { retry: true })).retried, 0);
    for (const body of [{}, { retry: false }, { retry: 1 }, { ms: 'x', retry: true }]) assert.equal((await p.post('advance', body)).http, 400);
    await p.stop();
    b.stop();
  });
});

describe('the same again', () => {
  const sends = Object.fromEntries(KINDS.map(k => [k, 8]));
  const set = (seed, more = {}) => ({ seed, sends, hang_ms: 1, ...more });
  const run = async (p, n = 40) => {
    const { last } = await p.get('wire');
    for (let i = 0; i < n; i++) await say(i % 2 ? 'sanne' : 'riet', `nr ${i}`, {}, p);
    return (await p.get(`wire?after=${last}`)).wire.filter(x => x.kind === 'request').map(x => x.fault ?? '');
  };

  test('a seed gives the same faults for the same sends, in any program; another seed others', async () => {
    const other = await new Phone().start(null, '--faults', JSON.stringify(set(7)));
    for (const customer of ['sanne', 'riet']) await other.post('send', { customer, text: 'hoi' });
    await phone.post('faults', set(7));
    const first = await run(phone);
    assert.ok(new Set(first).size > 4, first.join());
    assert.deepEqual(await run(other), first);
    await phone.post('faults', set(8));
    assert.notDeepEqual(await run(phone), first);
    await phone.post('faults', set(7));
    assert.deepEqual(await run(phone), first);
    await other.stop();
  });

  test('neither other streams nor a script shift the draws', async () => {
    await phone.post('faults', set(7));
    const first = await run(phone, 20);
    await phone.post('faults', set(7, { next: [{ send: '500', times: 2 }], statuses: { lost: 50 }, webhooks: { duplicate: 50 } }));
    await phone.hello('mehmet', bot);
    assert.deepEqual(await run(phone, 20), ['500', '500', ...first.slice(2)]);
    await phone.post('faults', {});
  });
});
