// Tests of the practice phone against a bot of a few lines. PRACTICE_PHONE names the program.
import test, { before, after, describe } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createHash } from 'node:crypto';
import { Bot, TOKEN, VERIFY, sign } from './bot.mjs';
import { Phone, PNID, PROGRAM } from './phone.mjs';

const to = '+31612345678';
const text = (body, more = {}) => ({ to, type: 'text', text: { body }, ...more });
const interactive = (type, action, more = {}) => ({ to, type: 'interactive', interactive: { type, body: { text: 'Kies' }, action, ...more } });
const reply = (id, title) => ({ type: 'reply', reply: { id, title } });
const buttons = (...list) => interactive('button', { buttons: list });
const list = (sections, button = 'Kies') => interactive('list', { button, sections });
const row = (id, title = `Rij ${id}`, more = {}) => ({ id: String(id), title, ...more });
const rows = n => Array.from({ length: n }, (_, i) => row(i));
const points = n => '👍'.repeat(n); // n code points, 4 n bytes, 2 n UTF-16 units

let bot, phone;
before(async () => {
  bot = await new Bot().start();
  phone = await new Phone().start(bot);
  for (const customer of ['sanne', 'mehmet', 'fleur', 'riet']) await phone.hello(customer, bot);
});
after(async () => { bot.stop(); assert.equal(await phone.stop(), 0); });

describe('webhooks', () => {
  test('the GET check asks as Meta does', () => {
    assert.equal(bot.check.get('hub.mode'), 'subscribe');
    assert.equal(bot.check.get('hub.verify_token'), VERIFY);
  });

  test('a bot that fails the GET check gets no webhook', async () => {
    const other = await new Phone().start(null);
    const b = await new Bot().start();
    const checked = await other.post('bot', { url: `${b.url}/webhook/whatsapp` });
    assert.equal(checked.ok, true);
    await other.stop();
    const wrong = await new Phone().start(null, '--verify-token', 'another');
    assert.equal((await wrong.post('bot', { url: b.url })).ok, false);
    await wrong.post('send', { customer: 'sanne', text: 'hoi' });
    assert.equal((await wrong.get('state')).bot.state, 'refused');
    assert.equal(b.hooks.length, 0);
    await wrong.stop();
    b.stop();
  });

  test('the signature is over the very bytes', () => {
    for (const hook of bot.hooks) assert.equal(hook.signature, sign(hook.raw));
    assert.equal(bot.hooks[0].type, 'application/json');
  });

  test('non-ASCII leaves as lower-case \\u, slashes escaped', async () => {
    const m = await phone.post('send', { customer: 'sanne', text: 'caf\u00e9 / 😅 \\u00E9' });
    const { hook, value } = await bot.next('the text', v => v.messages?.[0].id === m.id);
    const raw = hook.raw.toString('latin1');
    assert.match(raw, /caf\\u00e9 \\\/ \\ud83d\\ude05 \\\\u00E9/);
    assert.ok(hook.raw.every(b => b < 0x80));
    assert.equal(value.messages[0].text.body, 'caf\u00e9 / 😅 \\u00E9');
  });

  test('the shape is Meta\'s', async () => {
    const { hook, value } = await bot.next('sanne', v => v.messages?.[0].from === '31612345678');
    assert.equal(hook.json.object, 'whatsapp_business_account');
    assert.equal(hook.json.entry[0].changes[0].field, 'messages');
    assert.deepEqual(value.metadata, { display_phone_number: '31201234567', phone_number_id: PNID });
    assert.deepEqual(value.contacts, [{ profile: { name: 'Sanne' }, wa_id: '31612345678', user_id: 'NL.55512' }]);
    assert.match(value.messages[0].id, /^wamid\./);
    assert.match(value.messages[0].timestamp, /^\d{10}$/);
  });

  test('who has no BSUID brings none; who hides the number brings none', async () => {
    const old = await bot.next('mehmet', v => v.messages?.[0].from === '31687654321');
    assert.equal('from_user_id' in old.value.messages[0], false);
    assert.equal('user_id' in old.value.contacts[0], false);
    const hidden = await bot.next('fleur', v => v.messages?.[0].from_user_id === 'NL.Fk29xQ7b');
    assert.equal('from' in hidden.value.messages[0], false);
    assert.equal('wa_id' in hidden.value.contacts[0], false);
    assert.equal(hidden.value.contacts[0].profile.username, '@fleur.bloemt');
  });

  test('what is not answered with 200 comes again, the same', async () => {
    for (const status of [503, 204]) {
      bot.answers.push(status);
      const m = await phone.post('send', { customer: 'riet', text: `na ${status}` });
      const first = await bot.next('the first try', (v, h) => v.messages?.[0].id === m.id && h.status === status);
      const again = await bot.next('the second try', (v, h) => v.messages?.[0].id === m.id && h.status === 200);
      assert.deepEqual(first.hook.raw, again.hook.raw);
      assert.equal(again.hook.signature, first.hook.signature);
    }
  });

  test('an answer 200 puts two ticks, a read receipt makes them blue', async () => {
    const m = await phone.hello('riet', bot);
    const seen = async () => (await phone.get('messages?customer=riet')).messages.find(x => x.n === m.n).status;
    assert.ok(['sent', 'delivered'].includes(await seen()));
    assert.deepEqual(await phone.graph({ status: 'read', message_id: m.id, typing_indicator: { type: 'text' } }), { http: 200, success: true });
    assert.equal(await seen(), 'read');
    const riet = (await phone.get('state')).customers.find(c => c.id === 'riet');
    assert.ok(riet.typing_until > (await phone.get('state')).now);
  });

  const kinds = [
    ['voice', 'audio', m => m.audio.voice === true], ['photo', 'image', m => m.image.mime_type === 'image/png'],
    ['sticker', 'sticker', m => m.sticker.animated === false], ['document', 'document', m => m.document.filename !== undefined],
    ['video', 'video', m => m.video.id !== undefined], ['location', 'location', m => typeof m.location.latitude === 'number'],
    ['contact', 'contacts', m => m.contacts[0].origin === 'other'], ['unsupported', 'unsupported', m => m.errors[0].code === 131051],
  ];
  for (const [type, name, holds] of kinds)
    test(`a customer can send: ${type}`, async () => {
      const m = await phone.post('send', { customer: 'sanne', type });
      const { value } = await bot.next(type, v => v.messages?.[0].id === m.id);
      assert.equal(value.messages[0].type, name);
      assert.ok(holds(value.messages[0]));
    });

  test('edit and revoke name the original; edit only for 15 minutes', async () => {
    const m = await phone.hello('mehmet', bot);
    const edit = await phone.post('edit', { customer: 'mehmet', message: m.n, text: 'anders' });
    const edited = (await bot.next('edit', v => v.messages?.[0].id === edit.id)).value.messages[0];
    assert.equal(edited.edit.original_message_id, m.id);
    assert.equal(edited.edit.message.text.body, 'anders');
    const revoke = await phone.post('revoke', { customer: 'mehmet', message: m.id });
    assert.equal((await bot.next('revoke', v => v.messages?.[0].id === revoke.id)).value.messages[0].revoke.original_message_id, m.id);
    const other = await phone.hello('mehmet', bot);
    await phone.post('advance', { ms: 16 * 60000 });
    assert.equal((await phone.post('edit', { customer: 'mehmet', message: other.n, text: 'te laat' })).http, 400);
  });

  test('an owner\'s own message comes as an echo', async () => {
    const m = await phone.post('echo', { customer: 'fleur', text: 'Ik neem het over' });
    const { hook, value } = await bot.next('echo', v => v.message_echoes?.[0].id === m.id);
    assert.equal(hook.json.entry[0].changes[0].field, 'smb_message_echoes');
    assert.equal(value.message_echoes[0].to_user_id, 'NL.Fk29xQ7b');
    assert.equal('to' in value.message_echoes[0], false);
  });

  test('a change of number tells old and new', async () => {
    await phone.post('customers', { id: 'verhuizer', name: 'Vera', phone: '31655555555', user_id: 'NL.1001' });
    await phone.post('identity', { customer: 'verhuizer', phone: '31666666666', user_id: 'NL.1002' });
    const { value } = await bot.next('system', v => v.messages?.[0].type === 'system');
    assert.equal(value.messages[0].from, '31655555555');
    assert.equal(value.messages[0].system.wa_id, '31666666666');
    assert.equal(value.messages[0].system.previous_user_id, 'NL.1001');
    assert.equal('contacts' in value, false);
  });

  test('a batch is one webhook of many; repeated byte for byte', async () => {
    const before = bot.hooks.length;
    assert.equal((await phone.post('batch', { count: 100, customers: 7 })).status, 200);
    assert.equal((await phone.post('batch', { repeat: true })).status, 200);
    const [one, two] = bot.hooks.slice(before).filter(h => h.json.entry[0].changes[0].value.messages?.length > 1);
    assert.equal(one.json.entry[0].changes[0].value.messages.length, 100);
    assert.equal(one.json.entry[0].changes[0].value.contacts.length, 7);
    assert.deepEqual(one.raw, two.raw);
    assert.equal(two.signature, sign(two.raw));
    bot.answers.push(503);
    assert.equal((await phone.post('batch', { count: 1 })).status, 503);
  });

  test('any bytes can be sent, with a good, a bad or no signature', async () => {
    await phone.post('webhook', { raw: '{"a":1' });
    assert.equal(bot.hooks.at(-1).signature, sign(bot.hooks.at(-1).raw));
    await phone.post('webhook', { value: { x: 'é' }, signature: 'bad' });
    assert.notEqual(bot.hooks.at(-1).signature, sign(bot.hooks.at(-1).raw));
    await phone.post('webhook', { body: {}, signature: 'none' });
    assert.equal(bot.hooks.at(-1).signature, undefined);
  });
});

describe('sending', () => {
  test('a phone send: wa_id in the answer; sent, delivered, read in order, with the tracker', async () => {
    const answer = await phone.graph(text('Dag', { recipient_type: 'individual', biz_opaque_callback_data: 'out-42' }));
    const id = answer.messages[0].id;
    assert.deepEqual(answer, { http: 200, messaging_product: 'whatsapp', contacts: [{ input: to, wa_id: '31612345678' }], messages: [{ id }] });
    const { value } = await bot.status(id, 'read');
    const all = bot.hooks.flatMap(h => h.json?.entry?.[0]?.changes?.[0].value.statuses ?? []).filter(s => s.id === id);
    assert.deepEqual(all.map(s => s.status), ['sent', 'delivered', 'read']);
    assert.ok(all.every(s => s.biz_opaque_callback_data === 'out-42' && s.recipient_id === '31612345678' && s.recipient_user_id === 'NL.55512'));
    assert.deepEqual(all[0].pricing, { billable: true, pricing_model: 'PMP', type: 'regular', category: 'service' });
    assert.equal('pricing' in all[2], false);
    assert.equal(value.contacts[0].wa_id, '31612345678');
  });

  test('ids are never the same', async () => {
    const ids = [];
    for (let i = 0; i < 5; i++) ids.push((await phone.graph(text(`nr ${i}`))).messages[0].id);
    assert.equal(new Set(ids).size, 5);
  });

  test('a BSUID goes in `recipient`: user_id in the answer, no phone in the statuses', async () => {
    const answer = await phone.graph({ recipient: 'NL.Fk29xQ7b', type: 'text', text: { body: 'Dag Fleur' } });
    assert.deepEqual(answer.contacts, [{ input: 'NL.Fk29xQ7b', user_id: 'NL.Fk29xQ7b' }]);
    const { value } = await bot.status(answer.messages[0].id, 'delivered');
    assert.equal(value.statuses[0].recipient_user_id, 'NL.Fk29xQ7b');
    assert.equal('recipient_id' in value.statuses[0], false);
  });

  test('a BSUID in `to` is accepted and vanishes', async () => {
    const count = (await phone.get('messages?customer=fleur')).messages.length;
    const answer = await phone.graph({ to: 'NL.Fk29xQ7b', type: 'text', text: { body: 'Hallo?' } });
    assert.equal(answer.http, 200);
    assert.match(answer.messages[0].id, /^wamid\./);
    const later = await phone.graph({ recipient: 'NL.Fk29xQ7b', type: 'text', text: { body: 'Dit wel' } });
    await bot.status(later.messages[0].id, 'read');
    assert.equal(bot.hooks.some(h => JSON.stringify(h.json).includes(answer.messages[0].id)), false);
    assert.equal((await phone.get('messages?customer=fleur')).messages.length, count + 1);
    const { wire } = await phone.get('wire');
    const entry = wire.find(e => e.kind === 'request' && e.answer && JSON.parse(e.answer).messages?.[0].id === answer.messages[0].id);
    assert.equal(entry.bad, true);
    assert.match(entry.note, /recipient/);
  });

  test('given both, `to` wins', async () => {
    const answer = await phone.graph(text('Voor Sanne', { recipient: 'NL.Fk29xQ7b' }));
    assert.deepEqual(answer.contacts, [{ input: to, wa_id: '31612345678' }]);
    assert.equal((await phone.get('messages?customer=sanne')).messages.at(-1).id, answer.messages[0].id);
  });

  test('somebody unknown: accepted, then failed with 131026', async () => {
    for (const whom of [{ to: '+31699999999' }, { recipient: 'NL.nobody' }]) {
      const answer = await phone.graph({ ...whom, type: 'text', text: { body: 'Wie?' }, biz_opaque_callback_data: 'out-x' });
      assert.equal(answer.http, 200);
      const { value } = await bot.status(answer.messages[0].id, 'failed');
      assert.equal(value.statuses[0].errors[0].code, 131026);
      assert.equal(value.statuses[0].biz_opaque_callback_data, 'out-x');
      assert.equal('contacts' in value, false);
    }
  });

  test('who blocked us fails with 131026 and is never sent', async () => {
    await phone.post('customers', { id: 'boos', name: 'Boos', phone: '31677777777' });
    await phone.hello('boos', bot);
    await phone.post('customers', { id: 'boos', blocked: true });
    const answer = await phone.graph({ ...text('Sorry'), to: '31677777777' });
    await bot.status(answer.messages[0].id, 'failed');
    assert.equal(bot.hooks.some(h => h.json?.entry?.[0].changes[0].value.statuses?.some(s => s.id === answer.messages[0].id && s.status === 'sent')), false);
  });

  test('a phone that is off gets its messages when it is on again', async () => {
    await phone.post('customers', { id: 'riet', offline: true });
    const answer = await phone.graph({ ...text('Ben je er?'), to: '+31613141516' });
    await bot.status(answer.messages[0].id, 'sent');
    await phone.post('advance', { ms: 60000 });
    assert.equal((await phone.get('messages?customer=riet')).messages.at(-1).status, 'sent');
    await phone.post('customers', { id: 'riet', offline: false });
    await bot.status(answer.messages[0].id, 'read');
  });

  test('a tap answers with id, title and the message it belongs to, old ones too', async () => {
    const asked = await phone.graph(buttons(reply('u:light', 'Een paar per dag'), reply('u:heavy', 'De hele dag')));
    await phone.graph(list([{ title: 'A', rows: [row('c:yes', 'Ja', { description: 'graag' })] }]));
    const tap = await phone.post('tap', { customer: 'sanne', id: 'c:yes' });
    const picked = (await bot.next('list', v => v.messages?.[0].id === tap.id)).value.messages[0];
    assert.deepEqual(picked.interactive, { type: 'list_reply', list_reply: { id: 'c:yes', title: 'Ja', description: 'graag' } });
    const old = await phone.post('tap', { customer: 'sanne', title: 'De hele dag' });
    const tapped = (await bot.next('button', v => v.messages?.[0].id === old.id)).value.messages[0];
    assert.deepEqual(tapped.interactive, { type: 'button_reply', button_reply: { id: 'u:heavy', title: 'De hele dag' } });
    assert.deepEqual(tapped.context, { from: '31201234567', id: asked.messages[0].id });
    assert.equal((await phone.post('tap', { customer: 'sanne', id: 'nope' })).http, 400);
  });

  test('reactions both ways', async () => {
    const hello = await phone.hello('sanne', bot);
    assert.equal((await phone.graph({ to, type: 'reaction', reaction: { message_id: hello.id, emoji: '👍' } })).http, 200);
    const own = await phone.graph(text('Leuk'));
    const m = await phone.post('react', { customer: 'sanne', message: own.messages[0].id, emoji: '❤️' });
    const { value } = await bot.next('reaction', v => v.messages?.[0].id === m.id);
    assert.deepEqual(value.messages[0].reaction, { message_id: own.messages[0].id, emoji: '❤️' });
  });
});

describe('what Meta takes', () => {
  const fine = {
    'text of 4096': text(points(4096)),
    'three buttons, title of 20, id of 256': buttons(reply(points(256), points(20)), reply('b', 'B'), reply('c', 'C')),
    'body of 1024, header and footer of 60': interactive('button', { buttons: [reply('a', 'A')] },
      { body: { text: points(1024) }, header: { type: 'text', text: points(60) }, footer: { text: points(60) } }),
    'a list of ten rows': list([{ title: points(24), rows: rows(5) }, { title: 'B', rows: rows(10).slice(5) }], points(20)),
    'a list body of 4096': { ...list([{ rows: rows(1) }]), interactive: { ...list([{ rows: [row(points(200), points(24), { description: points(72) })] }]).interactive, body: { text: points(4096) } } },
    'a link button': interactive('cta_url', { name: 'cta_url', parameters: { display_text: points(20), url: 'https://wa.me/31644908448?text=Hoi' } }),
    'a request for a location': interactive('location_request_message', { name: 'send_location' }),
    'a request for contact details': interactive('request_contact_info', { name: 'request_contact_info' }),
    'an image by link': { to, type: 'image', image: { link: 'https://ex.am/a.jpg', caption: points(1024) } },
    'a document by link': { to, type: 'document', document: { link: 'https://ex.am/a.pdf', filename: 'a.pdf' } },
    'a voice note by link': { to, type: 'audio', audio: { link: 'https://ex.am/a.ogg', voice: true } },
    'a contact': { to, type: 'contacts', contacts: [{ name: { formatted_name: 'Jo Smit', first_name: 'Jo' }, phones: [{ phone: '+31201234567', type: 'WORK' }] }] },
    'a tracker of 512': text('Dag', { biz_opaque_callback_data: points(512) }),
    'the known template': { to, type: 'template', template: { name: 'antwoord_klaar', language: { code: 'nl' }, components: [{ type: 'body', parameters: [{ type: 'text', text: 'Sanne' }] }] } },
    'a phone without plus, with spaces': { ...text('Dag'), to: '31 6 1234-5678' },
  };
  for (const [name, body] of Object.entries(fine))
    test(name, async () => {
      const answer = await phone.graph(body);
      assert.equal(answer.http, 200, JSON.stringify(answer));
    });
});

describe('what Meta refuses', () => {
  const no = (name, code, body, http = 400) => test(name, async () => {
    const count = (await phone.get('state')).messages.length;
    const answer = await phone.graph(body);
    assert.equal(answer.http, http, JSON.stringify(answer));
    assert.equal(answer.error.code, code, JSON.stringify(answer));
    assert.equal(answer.error.type, 'OAuthException');
    assert.ok(answer.error.message && answer.error.fbtrace_id);
    if (answer.error.error_data) assert.equal(answer.error.error_data.messaging_product, 'whatsapp');
    assert.equal((await phone.get('state')).messages.length, count, 'a refused send leaves no bubble');
  });

  no('text of 4097', 100, text(points(4097)));
  no('an empty text', 100, text(' \n'));
  no('no text', 100, { to, type: 'text', text: {} });
  no('no content', 100, { to, type: 'text' });
  no('no `to`', 100, { type: 'text', text: { body: 'Dag' } });
  no('`to` that is no phone', 131009, { ...text('Dag'), to: 'sanne' });
  no('`recipient` that is no BSUID', 131009, { recipient: '+31612345678', type: 'text', text: { body: 'Dag' } });
  no('the own number', 131021, { ...text('Dag'), to: '+31201234567' });
  no('another recipient_type', 100, text('Dag', { recipient_type: 'bsuid' }));
  no('an unknown type', 100, { to, type: 'poll', poll: {} });
  no('an unexpected key', 100, text('Dag', { priority: 'high' }));
  no('an unexpected key inside', 100, { to, type: 'text', text: { body: 'Dag', bold: true } });
  no('a tracker of 513', 100, text('Dag', { biz_opaque_callback_data: points(513) }));
  no('preview_url that is no boolean', 100, { to, type: 'text', text: { body: 'Dag', preview_url: 'yes' } });

  no('four buttons', 131009, buttons(reply('1', 'A'), reply('2', 'B'), reply('3', 'C'), reply('4', 'D')));
  no('no buttons', 131009, buttons());
  no('a button title of 21', 131009, buttons(reply('1', points(21))));
  no('a button without title', 131008, interactive('button', { buttons: [{ type: 'reply', reply: { id: '1' } }] }));
  no('two buttons with one title', 131009, buttons(reply('1', 'A'), reply('2', 'A')));
  no('two buttons with one id', 131009, buttons(reply('1', 'A'), reply('1', 'B')));
  no('a button id of 257', 131009, buttons(reply(points(257), 'A')));
  no('a body of 1025 with buttons', 131009, interactive('button', { buttons: [reply('1', 'A')] }, { body: { text: points(1025) } }));
  no('no body', 131008, interactive('button', { buttons: [reply('1', 'A')] }, { body: undefined }));
  no('a header of 61', 131009, interactive('button', { buttons: [reply('1', 'A')] }, { header: { type: 'text', text: points(61) } }));
  no('a footer of 61', 131009, interactive('button', { buttons: [reply('1', 'A')] }, { footer: { text: points(61) } }));
  no('an unknown interactive type', 131009, interactive('carousel', {}));
  no('no interactive type', 131008, { to, type: 'interactive', interactive: { body: { text: 'x' } } });
  no('no action', 131008, { to, type: 'interactive', interactive: { type: 'button', body: { text: 'x' } } });

  no('eleven rows', 131009, list([{ title: 'A', rows: rows(6) }, { title: 'B', rows: rows(11).slice(6) }]));
  no('no rows', 131009, list([{ title: 'A', rows: [] }]));
  no('eleven sections', 131009, list(rows(11).map(r => ({ title: r.title, rows: [r] }))));
  no('a row title of 25', 131009, list([{ rows: [row(1, points(25))] }]));
  no('a row description of 73', 131009, list([{ rows: [row(1, 'A', { description: points(73) })] }]));
  no('a row id of 201', 131009, list([{ rows: [row(points(201), 'A')] }]));
  no('two rows with one id', 131009, list([{ rows: [row(1, 'A'), row(1, 'B')] }]));
  no('two sections, one without title', 131008, list([{ title: 'A', rows: rows(1) }, { rows: [row(7)] }]));
  no('a section title of 25', 131009, list([{ title: points(25), rows: rows(1) }]));
  no('a list button of 21', 131009, list([{ rows: rows(1) }], points(21)));
  no('a list with a picture above', 131009, interactive('list', { button: 'Kies', sections: [{ rows: rows(1) }] }, { header: { type: 'image', image: { link: 'https://ex.am/a.png' } } }));
  no('a list body of 4097', 131009, interactive('list', { button: 'Kies', sections: [{ rows: rows(1) }] }, { body: { text: points(4097) } }));

  no('a link text of 21', 131009, interactive('cta_url', { name: 'cta_url', parameters: { display_text: points(21), url: 'https://ex.am' } }));
  no('a link that is no URL', 131009, interactive('cta_url', { name: 'cta_url', parameters: { display_text: 'Open', url: 'ex.am' } }));
  no('a contact request by its old name', 131009, interactive('contact_request', { name: 'request_contact_info' }));
  no('a caption of 1025', 131009, { to, type: 'image', image: { link: 'https://ex.am/a.jpg', caption: points(1025) } });
  no('media without link', 131008, { to, type: 'image', image: {} });
  no('media by an id never uploaded', 100, { to, type: 'audio', audio: { id: '4456' } });
  no('a picture above by an id never uploaded', 100, interactive('button', { buttons: [reply('1', 'A')] }, { header: { type: 'image', image: { id: '9000000000000001' } } }));
  no('media by id and link', 131009, { to, type: 'image', image: { id: '4456', link: 'https://ex.am/a.jpg' } });
  no('a media id that is a number', 100, { to, type: 'image', image: { id: 4456 } });
  no('six contacts', 131009, { to, type: 'contacts', contacts: Array(6).fill({ name: { formatted_name: 'A', first_name: 'A' } }) });
  no('a reaction to nothing', 131009, { to, type: 'reaction', reaction: { message_id: 'wamid.x', emoji: '👍' } });
  no('a reaction that is no emoji', 131009, { to, type: 'reaction', reaction: { message_id: 'wamid.x', emoji: 'ok' } });
  no('an unknown template', 132001, { to, type: 'template', template: { name: 'nope', language: { code: 'nl' } } }, 404);
  no('the template in another language', 132001, { to, type: 'template', template: { name: 'antwoord_klaar', language: { code: 'en' } } }, 404);
  no('a template without its parameter', 132000, { to, type: 'template', template: { name: 'antwoord_klaar', language: { code: 'nl' } } });
  no('a read receipt for nothing', 131009, { status: 'read', message_id: 'wamid.x' });
  no('typing of another kind', 131009, { status: 'read', message_id: 'wamid.x', typing_indicator: { type: 'audio' } });

  const refused = async (options, http, code, body = text('Dag')) => {
    const answer = await phone.graph(body, options);
    assert.equal(answer.http, http, JSON.stringify(answer));
    assert.equal(answer.error.code, code);
    return answer;
  };
  test('a wrong token', () => refused({ token: 'wrong' }, 401, 190));
  test('no token', () => refused({ token: null }, 401, 190));
  test('another phone number id', async () => assert.equal((await refused({ id: '1' }, 400, 100)).error.error_subcode, 33));
  test('a version that is gone', () => refused({ version: 'v20.0' }, 400, 2635));
  test('a version that never was', () => refused({ version: 'v99.0' }, 400, 2500));
  test('no JSON', () => refused({ raw: '{"messaging_product":' }, 400, 100));
  test('a key twice', () => refused({ raw: '{"messaging_product":"whatsapp","to":"+31612345678","to":"x","type":"text","text":{"body":"x"}}' }, 400, 100));
  test('no messaging_product', () => refused({ raw: '{}' }, 400, 100));
});

describe('time', () => {
  test('after 24 hours only a template goes, until the customer writes', async () => {
    const b = await new Bot().start(), p = await new Phone().start(b);
    const send = () => p.graph(text('Dag'));
    assert.equal((await send()).error.code, 131047, 'who never wrote has no window');
    await p.hello('sanne', b);
    await p.post('advance', { ms: 24 * 3600000 - 60000 });
    assert.equal((await send()).http, 200);
    await p.post('advance', { ms: 60000 });
    const shut = await send();
    assert.equal(shut.http, 400);
    assert.equal(shut.error.code, 131047);
    assert.equal((await p.get('state')).customers[0].window_open, false);
    const template = { to, type: 'template', template: { name: 'antwoord_klaar', language: { code: 'nl' }, components: [{ type: 'body', parameters: [{ type: 'text', text: 'Sanne' }] }] } };
    const answer = await p.graph(template);
    assert.equal(answer.messages[0].message_status, 'accepted');
    const { value } = await b.status(answer.messages[0].id, 'sent');
    assert.equal(value.statuses[0].pricing.category, 'utility');
    await p.hello('sanne', b);
    assert.equal((await send()).http, 200);
    await p.stop();
    b.stop();
  });

  test('the closed window can come late, as a failed status', async () => {
    const b = await new Bot().start(), p = await new Phone().start(b, '--closed-window', 'status');
    const answer = await p.graph(text('Dag'));
    const { value } = await b.status(answer.messages[0].id, 'failed');
    assert.equal(value.statuses[0].errors[0].code, 131047);
    await p.stop();
    b.stop();
  });

  test('the pair limit refuses with 131056 until the debt is paid', async () => {
    const b = await new Bot().start(), p = await new Phone().start(b, '--pair-limit', '6000:3');
    await p.hello('sanne', b);
    await p.hello('fleur', b);
    for (let i = 0; i < 3; i++) assert.equal((await p.graph(text(`nr ${i}`))).http, 200);
    const over = await p.graph(text('te veel'));
    assert.equal(over.http, 429);
    assert.equal(over.error.code, 131056);
    assert.equal((await p.graph({ recipient: 'NL.Fk29xQ7b', type: 'text', text: { body: 'Dag' } })).http, 200, 'another chat is free');
    await p.post('advance', { ms: 6000 });
    assert.equal((await p.graph(text('weer wel'))).http, 200);
    await p.stop();
    b.stop();
  });

  test('webhooks wait for a bot, come again ever later, and are given up after seven days', async () => {
    const b = await new Bot().start(), p = await new Phone().start(null);
    const m = await p.post('send', { customer: 'sanne', text: 'is daar iemand' });
    assert.equal((await p.get('state')).bot.waiting, 1);
    b.answers = Array(40).fill(500);
    await p.post('bot', { url: b.url });
    const tries = () => b.hooks.filter(h => h.json.entry[0].changes[0].value.messages?.[0].id === m.id).length;
    // Until the phone has taken note of the answer too: only then the next try has its time.
    const after = async n => {
      await b.next(`try ${n}`, () => tries() >= n);
      for (let done = false; !done;) done = (await p.get('wire')).wire.some(e => e.attempt === n && e.done);
    };
    await after(2); // the second one comes at once
    for (const [n, ms] of [[3, 2000], [4, 10000], [5, 60000]]) { await p.post('advance', { ms }); await after(n); }
    await p.post('advance', { ms: 8 * 24 * 3600000 });
    await after(6);
    assert.equal((await p.get('state')).bot.waiting, 0, 'given up');
    await p.post('advance', { ms: 24 * 3600000 });
    assert.equal(tries(), 6);
    await p.stop();
    b.stop();
  });
});

describe('files', () => {
  const bearer = token => ({ headers: token ? { authorization: `Bearer ${token}` } : {} });
  // What the bot does: from the webhook's id to an address, from there to the bytes.
  const address = async (id, token = TOKEN) => {
    const answer = await fetch(`${phone.base}/v25.0/${id}`, bearer(token));
    return { http: answer.status, ...await answer.json() };
  };
  const fetched = async (url, token = TOKEN) => {
    const answer = await fetch(url, { ...bearer(token), redirect: 'error' });
    return { http: answer.status, type: answer.headers.get('content-type'), bytes: Buffer.from(await answer.arrayBuffer()) };
  };
  const sent = async (type, more = {}) => {
    const m = await phone.post('send', { customer: 'sanne', type, ...more });
    const { value } = await bot.next(type, v => v.messages?.[0].id === m.id);
    return value.messages[0][value.messages[0].type];
  };
  const starts = { photo: '\x89PNG', voice: 'OggS', sticker: 'RIFF', document: '%PDF', video: '\0\0\0\x18ftyp' };

  for (const type of Object.keys(starts))
    test(`what a customer sends can be fetched: ${type}`, async () => {
      const media = await sent(type);
      const found = await address(media.id);
      assert.equal(found.http, 200);
      assert.equal(found.id, media.id);
      assert.equal(found.mime_type, media.mime_type);
      assert.ok(found.url.startsWith(`${phone.base}/`));
      const file = await fetched(found.url);
      assert.equal(file.http, 200);
      assert.equal(file.type, media.mime_type);
      assert.equal(file.bytes.length, found.file_size);
      assert.equal(file.bytes.toString('latin1').indexOf(starts[type]), 0);
      const sum = createHash('sha256').update(file.bytes);
      assert.equal(sum.copy().digest('base64'), media.sha256);
      assert.equal(sum.digest('hex'), found.sha256);
    });

  test('neither address nor bytes without the token', async () => {
    const media = await sent('photo');
    const { url } = await address(media.id);
    for (const token of ['another', '', null]) {
      assert.equal((await address(media.id, token)).http, 401);
      assert.equal((await address(media.id, token)).error.code, 190);
      assert.equal((await fetched(url, token)).http, 401);
    }
    assert.equal((await fetched(url)).http, 200);
  });

  test('an id that was never given is refused as Meta refuses', async () => {
    const text = await phone.hello('riet', bot);
    const near = (await sent('photo')).id;
    for (const id of ['4455', '1999999999999999', near.slice(1), `${near}0`, `2${near.slice(1)}`, `1${String(text.n).padStart(15, '0')}`]) {
      const answer = await address(id);
      assert.equal(answer.http, 400, id);
      assert.equal(answer.error.code, 100);
      assert.equal(answer.error.error_subcode, 33);
    }
  });

  test('an address is good for five minutes, an id for seven days', async () => {
    const media = await sent('voice');
    const { url } = await address(media.id);
    await phone.post('advance', { ms: 4 * 60000 + 30000 });
    assert.equal((await fetched(url)).http, 200);
    await phone.post('advance', { ms: 31000 });
    assert.equal((await fetched(url)).http, 404);
    const { url: again } = await address(media.id);
    assert.equal((await fetched(again)).http, 200);
    await phone.post('advance', { ms: 7 * 86400000 });
    assert.equal((await address(media.id)).http, 400);
    await phone.hello('sanne', bot); // the others' windows
  });

  test('an address that was made up is not there', async () => {
    const media = await sent('photo'), other = await sent('voice');
    const { url } = await address(media.id);
    const later = /ext=(\d+)/.exec(url)[1];
    for (const wrong of [url.replace(media.id, other.id), url.replace(later, String(Number(later) + 60)), url.replace(/hash=.*/, 'hash='), url.replace(/\?.*/, '')])
      assert.equal((await fetched(wrong)).http, 404, wrong);
  });

  test('the wire shows both steps, without the bytes', async () => {
    const after = (await phone.get('wire')).last;
    await fetched((await address((await sent('document')).id)).url);
    const steps = (await phone.get(`wire?after=${after}`)).wire.filter(x => x.method === 'GET');
    assert.deepEqual(steps.map(x => x.status), [200, 200]);
    assert.match(steps[1].note, /^application\/pdf, \d+ bytes$/);
    assert.equal(steps[1].answer, '');
  });
});

describe('uploads', () => {
  const png = Buffer.from('\x89PNG\r\n\x1a\n\0--\r\n', 'latin1');
  const form = ({ bytes = png, type = 'image/png', mime = type, name = 'foto.png', product = 'whatsapp', ...more } = {}) => {
    const f = new FormData();
    if (product) f.append('messaging_product', product);
    if (type) f.append('type', type);
    if (bytes) f.append('file', new Blob([bytes], { type: mime }), name);
    for (const [key, value] of Object.entries(more)) f.append(key, value);
    return f;
  };
  const post = async (body, { token = TOKEN, id = PNID, type } = {}) => {
    const answer = await fetch(`${phone.base}/v25.0/${id}/media`, {
      method: 'POST', body, headers: { ...(token && { authorization: `Bearer ${token}` }), ...(type && { 'content-type': type }) },
    });
    return { http: answer.status, ...await answer.json() };
  };
  const given = async (of = {}) => {
    const answer = await post(form(of));
    assert.equal(answer.http, 200, JSON.stringify(answer));
    assert.deepEqual(Object.keys(answer), ['http', 'id']);
    return answer.id;
  };
  const say = (type, object) => phone.graph({ to, type, [type]: object });
  const bubble = async id => (await phone.get('messages?customer=sanne&from=bot')).messages.find(m => m.id === id);
  before(() => phone.hello('sanne', bot));

  test('what was given can be sent, and is shown with what it is', async () => {
    const id = await given({ name: 'zo \u00e9.png' });
    const answer = await say('image', { id, caption: 'Zo *ziet* het eruit' });
    assert.equal(answer.http, 200, JSON.stringify(answer));
    const { body } = await bubble(answer.messages[0].id);
    assert.deepEqual(body.image, { id, caption: 'Zo *ziet* het eruit' });
    assert.deepEqual(body.uploaded, { name: 'zo \u00e9.png', mime_type: 'image/png', size: png.length });
    await bot.status(answer.messages[0].id, 'read');
  });

  const each = [
    ['image', 'image/jpeg', {}], ['video', 'video/mp4', { caption: 'x' }], ['video', 'video/3gpp', {}], ['audio', 'audio/mpeg', {}],
    ['audio', 'audio/ogg; codecs=opus', { voice: true }], ['sticker', 'image/webp', {}], ['document', 'application/pdf', { filename: 'a.pdf', caption: 'x' }],
    ['document', 'image/webp', {}], ['document', 'video/mp4', {}], ['document', 'text/plain', {}],
  ];
  for (const [type, mime, more] of each)
    test(`${mime} goes as ${type}`, async () => {
      const answer = await say(type, { id: await given({ type: mime }), ...more });
      assert.equal(answer.http, 200, JSON.stringify(answer));
    });

  test('above buttons as well', async () => {
    const id = await given();
    const answer = await phone.graph(interactive('button', { buttons: [reply('1', 'A')] }, { header: { type: 'image', image: { id } } }));
    assert.equal(answer.http, 200, JSON.stringify(answer));
    assert.equal((await bubble(answer.messages[0].id)).body.uploaded.name, 'foto.png');
    const wrong = await phone.graph(interactive('button', { buttons: [reply('1', 'A')] }, { header: { type: 'video', video: { id } } }));
    assert.equal(wrong.error.code, 131053);
  });

  test('the bytes come back as they went', async () => {
    const bearer = { headers: { authorization: `Bearer ${TOKEN}` } };
    const id = await given();
    const found = await (await fetch(`${phone.base}/v25.0/${id}`, bearer)).json();
    assert.equal(found.mime_type, 'image/png');
    assert.equal(found.file_size, png.length);
    const answer = await fetch(found.url, bearer);
    assert.equal(answer.headers.get('content-type'), 'image/png');
    assert.deepEqual(Buffer.from(await answer.arrayBuffer()), png);
  });

  const no = (name, http, code, body, options) => test(name, async () => {
    const answer = await post(body, options);
    assert.equal(answer.http, http, JSON.stringify(answer));
    assert.equal(answer.error.code, code, JSON.stringify(answer));
  });
  no('an upload without the token', 401, 190, form(), { token: null });
  no('an upload with another token', 401, 190, form(), { token: 'wrong' });
  no('an upload to another number', 400, 100, form(), { id: '1' });
  no('an upload without messaging_product', 400, 100, form({ product: null }));
  no('an upload for another product', 400, 100, form({ product: 'instagram' }));
  no('an upload without type', 400, 100, form({ type: null, mime: 'image/png' }));
  no('an upload without file', 400, 100, form({ bytes: null }));
  no('an upload with another field', 400, 100, form({ caption: 'x' }));
  no('an empty file', 400, 131053, form({ bytes: Buffer.alloc(0) }));
  no('a type that the file is not', 400, 131053, form({ type: 'image/png', mime: 'image/jpeg' }));
  no('a file of no kind', 400, 100, form({ type: 'image/png', mime: '' }));
  no('an upload in JSON', 400, 100, '{"messaging_product":"whatsapp"}', { type: 'application/json' });
  const file = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\ny\r\n';
  const fields = '--x\r\nContent-Disposition: form-data; name="messaging_product"\r\n\r\nwhatsapp\r\n--x\r\nContent-Disposition: form-data; name="type"\r\n\r\ntext/plain\r\n';
  const raw = { type: 'multipart/form-data; boundary=x' };
  test('a form by hand', async () => assert.equal((await post(`${fields}${file}--x--`, raw)).http, 200));
  no('a form cut short', 400, 100, `${fields}${file.slice(0, -2)}`, raw);
  no('a form without its end', 400, 100, `${fields}${file}--x`, raw);
  no('a form without boundary', 400, 100, `${fields}${file}--x--`, { type: 'multipart/form-data' });
  no('a form of another boundary', 400, 100, `${fields}${file}--x--`, { type: 'multipart/form-data; boundary=y' });
  no('a field without name', 400, 100, `${fields}${file.replace(' name="file";', '')}--x--`, raw);
  no('a field given twice', 400, 100, `${fields}${fields}${file}--x--`, raw);
  no('a file that is a mere field', 400, 100, `${fields}${file.replace(' filename="a.txt"', '')}--x--`, raw);

  test('a kind that is not on the list is told the list', async () => {
    const { error } = await post(form({ type: 'video/quicktime' }));
    assert.equal(error.code, 100);
    assert.match(error.message, /^\(#100\) Param file must be a file with one of the following types: audio\/aac, .*, video\/3gpp\. Received file of type 'video\/quicktime'\.$/);
  });

  const wrong = [
    ['a webp as image', 'image/webp', 'image', {}], ['a picture as sticker', 'image/png', 'sticker', {}], ['a pdf as image', 'application/pdf', 'image', {}],
    ['sound as video', 'audio/mpeg', 'video', {}], ['a film as sound', 'video/mp4', 'audio', {}], ['an mp3 as voice note', 'audio/mpeg', 'audio', { voice: true }],
  ];
  for (const [name, mime, type, more] of wrong)
    test(`refused: ${name}`, async () => {
      const answer = await say(type, { id: await given({ type: mime }), ...more });
      assert.equal(answer.http, 400);
      assert.equal(answer.error.code, 131053, JSON.stringify(answer));
    });

  // RIFF....WEBPVP8X, and in the extended header whether it moves.
  const webp = (n, moving) => { const b = Buffer.alloc(n); b.write('RIFF\0\0\0\0WEBPVP8X'); b[20] = moving ? 0x12 : 0x10; return b; };
  const limits = [
    ['image', 'image/jpeg', 5e6, n => Buffer.alloc(n)], ['audio', 'audio/mpeg', 16e6, n => Buffer.alloc(n)], ['video', 'video/mp4', 16e6, n => Buffer.alloc(n)],
    ['sticker', 'image/webp', 1e5, n => webp(n, false)], ['sticker', 'image/webp', 5e5, n => webp(n, true)],
  ];
  for (const [type, mime, max, make] of limits)
    test(`${type}: ${max} bytes and no more`, async () => {
      assert.equal((await say(type, { id: await given({ type: mime, bytes: make(max) }) })).http, 200);
      const id = await given({ type: mime, bytes: make(max + 1) });
      assert.equal((await say(type, { id })).error.code, 131053);
      assert.equal((await say('document', { id })).http, 200);
    });

  test('an id is good for thirty days; others never were', async () => {
    const id = await given();
    for (const other of [`${id}0`, id.slice(1), `1${id.slice(1)}`, '9000000000009999', 'x'])
      assert.equal((await say('image', { id: other })).error.code, 100, other);
    await phone.post('advance', { ms: 30 * 86400000 - 60000 });
    await phone.hello('sanne', bot);
    assert.equal((await say('image', { id })).http, 200);
    await phone.post('advance', { ms: 60000 });
    await phone.hello('sanne', bot);
    const answer = await say('image', { id });
    assert.equal(answer.http, 400);
    assert.match(answer.error.message, /^\(#100\) Param image\['id'\] is not a valid whatsapp business account media attachment ID$/);
    assert.equal((await fetch(`${phone.base}/v25.0/${id}`, { headers: { authorization: `Bearer ${TOKEN}` } })).status, 400);
  });

  test('the wire shows what was given, without the bytes', async () => {
    const after = (await phone.get('wire')).last;
    await given();
    const entry = (await phone.get(`wire?after=${after}`)).wire.find(e => e.kind === 'request'); // statuses go on meanwhile
    assert.equal(entry.note, `image/png, ${png.length} bytes, foto.png`);
    const whole = await phone.get(`wire?n=${entry.n}`);
    assert.equal(whole.body, '');
    assert.ok(whole.bytes > png.length);
  });
});

describe('control', () => {
  test('a long poll answers as soon as there is something newer', async () => {
    const { last } = await phone.get('messages');
    const polled = phone.get(`messages?customer=sanne&from=bot&after=${last}&wait_ms=20000`);
    await phone.hello('mehmet', bot); // not what is waited for
    const answer = await phone.graph(text('Nieuw'));
    assert.deepEqual((await polled).messages.map(m => m.id), [answer.messages[0].id]);
  });

  test('a long poll without news answers empty when its time is over', async () => {
    const { last } = await phone.get('messages');
    // Longer than the five seconds that the server beneath would give an answer.
    assert.deepEqual((await phone.get(`messages?customer=sanne&after=${last}&wait_ms=5600`)).messages, []);
  });

  test('clients that leave while they wait do no harm', async () => {
    const { last } = await phone.get('messages');
    const gone = new AbortController();
    const polled = fetch(`${phone.base}/control/messages?after=${last}&wait_ms=20000`, { signal: gone.signal });
    gone.abort();
    await assert.rejects(polled);
    await phone.hello('sanne', bot);
    assert.ok((await phone.get('state')).seq > 0);
  });

  test('nonsense is told as such', async () => {
    assert.equal((await phone.post('send', { customer: 'niemand', text: 'x' })).http, 400);
    assert.equal((await phone.post('send', { customer: 'sanne', type: 'hologram' })).http, 400);
    assert.equal((await phone.post('customers', { id: 'x' })).http, 400);
    assert.equal((await phone.post('customers', { id: 'x', name: 'X', user_id: 'nope' })).http, 400);
    assert.equal((await phone.post('dance')).http, 404);
    assert.equal((await phone.post('advance', { ms: -1 })).http, 400);
    assert.equal((await phone.post('bot', { url: 'https://example.com/' })).http, 400, 'nothing leaves this computer');
  });

  test('another site\'s page may not speak', async () => {
    const foreign = await fetch(`${phone.base}/control/send`, { method: 'POST', headers: { origin: 'http://evil.example' }, body: '{"customer":"sanne","text":"x"}' });
    assert.equal(foreign.status, 403);
  });

  test('the page is there and names no other host', async () => {
    const page = await fetch(`${phone.base}/`);
    const html = await page.text();
    assert.match(page.headers.get('content-security-policy'), /default-src 'none'/);
    for (const [, file] of html.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)) {
      const got = await fetch(`${phone.base}/${file}`);
      assert.equal(got.status, 200);
      assert.doesNotMatch(await got.text(), /https?:\/\/(?!www\.w3\.org)[a-z0-9]/);
    }
    assert.equal((await fetch(`${phone.base}/nope`)).status, 404);
  });

  test('the doctor\'s questions are answered', async () => {
    const ask = async path => (await fetch(`${phone.base}/v25.0/${path}`, { headers: { authorization: `Bearer ${TOKEN}` } })).json();
    assert.equal((await ask(`${PNID}?fields=display_phone_number,platform_type`)).platform_type, 'CLOUD_API');
    assert.equal((await ask(`${PNID}?fields=display_phone_number,colour`)).error.code, 100);
    assert.equal((await ask('900100/subscribed_apps')).data.length, 1);
  });
});

describe('the program', () => {
  const script = `
    const s = require('http').createServer((q, r) => r.end(new URL(q.url, 'http://x').searchParams.get('hub.challenge') ?? ''));
    process.on('SIGTERM', () => process.exit(0));
    s.listen(0, '127.0.0.1', () => console.error('time=1 level=info at=ready listen=127.0.0.1:' + s.address().port + ' base=' + process.env.WHATSAPP_API_BASE + ' admin=' + process.env.ADMIN_LISTEN));`;
  const run = (...args) => spawn(PROGRAM, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = async (stream, pattern) => {
    let all = '';
    for await (const bytes of stream) if (pattern.test(all += bytes)) return all;
    throw new Error(`ended without ${pattern}: ${all}`);
  };

  test('--spawn starts the bot, checks it, and stops both with 0', async () => {
    const child = run('--spawn', process.execPath, '-e', script);
    const errors = said(child.stderr, /at=ready.*\n/);
    const out = await said(child.stdout, /Open de oefentelefoon[\s\S]*Ctrl-C/);
    const base = /ready: (http:\S+)\//.exec(out)[1];
    assert.match(await errors, new RegExp(`base=${base} admin=127.0.0.1:0`));
    child.kill('SIGINT');
    assert.deepEqual(await once(child, 'exit'), [0, null]);
  });

  test('a bot that dies by itself is told, with exit 1', async () => {
    const child = run('--spawn', process.execPath, '-e', 'process.exit(3)');
    const told = said(child.stderr, /exit status 3/);
    assert.deepEqual(await once(child, 'exit'), [1, null]);
    await told;
  });

  test('a program that is not there, exit 1', async () => {
    assert.deepEqual(await once(run('--spawn', '/no/such/bot'), 'exit'), [1, null]);
  });

  test('wrong options, exit 2', async () => {
    for (const wrong of [['--nope'], ['--listen', 'x'], ['--number', '+31'], ['--token'], ['--pair-limit', '6'], ['--bot', 'http://127.0.0.1:1', '--spawn', 'x']])
      assert.deepEqual(await once(run(...wrong), 'exit'), [2, null], wrong.join(' '));
  });
});
