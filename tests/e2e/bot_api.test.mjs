// The stand-in for Telegram's Bot API itself: what it grants, and every rule that it refuses, once.
import test, { afterEach, beforeEach, describe } from 'node:test';
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { BotApi } from './bot_api.mjs';

const TOKEN = '700900:practice-telegram-token-0123456789';
const ANA = 5500001111, BEN = 5500002222, OWNER = 5500009999, DESK = -1001234567890;
const HTML = { parse_mode: 'HTML' };
const YES_NO = { inline_keyboard: [[{ text: 'Ja', callback_data: 'yes' }], [{ text: 'Nee', callback_data: 'no' }]] };

let api, clock;

beforeEach(async () => {
  clock = 0;
  api = await new BotApi({ token: TOKEN, username: 'practice_bot', clock: () => clock }).start();
  api.addPrivate({ id: ANA, first_name: 'Ana' });
  api.addForum({ id: DESK, title: 'Balie' });
});

afterEach(() => api.stop());

// ---- A client ----

async function raw(method, params, { token = TOKEN, signal } = {}) {
  const response = await fetch(`${api.url}/bot${token}/${method}`, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(params ?? {}), signal,
  });
  return { status: response.status, header: response.headers, ...(await response.json()) };
}

async function call(method, params) {
  const answer = await raw(method, params);
  assert.ok(answer.ok, `${method}: ${answer.description}`);
  return answer.result;
}

// Refused with this description; `violations` tells whether it also counts as what no client should do.
async function refused(method, params, code, description, violations) {
  const before = api.violations.length, answer = await raw(method, params);
  assert.equal(answer.ok, false, `${method} ${JSON.stringify(params).slice(0, 200)} is refused`);
  assert.equal(answer.error_code, code);
  assert.equal(answer.status, code);
  if (description instanceof RegExp) assert.match(answer.description, description);
  else assert.equal(answer.description, description);
  assert.equal(api.violations.length - before, violations ? 1 : 0, `${method}: ${api.violations.slice(before)}`);
}

const fault = (method, params, description) => refused(method, params, 400, description, true);
const chance = (method, params, description) => refused(method, params, 400, description, false);
const clean = () => assert.deepEqual(api.violations, []);
const send = (chat_id, text, more = {}) => call('sendMessage', { chat_id, text, ...more });
const topic = (name = 'Ana') => call('createForumTopic', { chat_id: DESK, name }).then(t => t.message_thread_id);
const updates = params => call('getUpdates', params);

async function multipart(method, fields, name, bytes, type, fileName) {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.set(field, String(value));
  form.set(name, new Blob([bytes], { type }), fileName);
  return (await fetch(`${api.url}/bot${TOKEN}/${method}`, { method: 'POST', body: form })).json();
}

// ---- Calls ----

describe('a call', () => {
  test('of getMe tells who the bot is, however the method is written', async () => {
    assert.equal((await call('GETME')).username, 'practice_bot');
    clean();
  });

  test('with a wrong token is unauthorized, with none that looks like one not found', async () => {
    assert.equal((await raw('getMe', {}, { token: '1:other' })).error_code, 401);
    assert.equal((await raw('getMe', {}, { token: 'none' })).error_code, 404);
  });

  test('of a method that is none here is not found', () =>
    refused('sendEverything', {}, 404, 'Not Found: method not found', true));

  test('may come as a form or in the address', async () => {
    const query = `chat_id=${ANA}&text=%3Cb%3Ea+b%3C/b%3E&parse_mode=HTML`;
    const response = await fetch(`${api.url}/bot${TOKEN}/sendMessage?${query}`);
    assert.equal((await response.json()).result.text, 'a b');
    const body = new URLSearchParams({ chat_id: ANA, text: 'b', reply_markup: JSON.stringify(YES_NO) });
    await fetch(`${api.url}/bot${TOKEN}/sendMessage`, { method: 'POST', body });
    assert.deepEqual(api.messages(ANA)[1].reply_markup, YES_NO);
    clean();
    await fetch(`${api.url}/bot${TOKEN}/sendMessage`, { method: 'POST', body: new URLSearchParams({ reply_markup: '{' }) });
    assert.match(api.violations.at(-1), /can't parse reply markup JSON object/);
  });

  test('with a body that is no JSON object is refused', async () => {
    for (const body of ['{"chat_id":', '[1]']) {
      const response = await fetch(`${api.url}/bot${TOKEN}/sendMessage`,
        { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
      assert.equal(response.status, 400);
    }
    assert.equal(api.violations.length, 2);
  });

  test('with what Telegram would overlook is answered, and stands in the violations', async () => {
    await send(String(ANA), 'a', { nonsense: 1, disable_notification: 'true' });
    await send(ANA, 'b', { reply_parameters: { message_id: 1, sure: true }, reply_markup: null });
    assert.deepEqual(api.violations, [
      `sendMessage: chat_id is no int: "${ANA}"`, 'sendMessage: unknown parameter nonsense',
      'sendMessage: disable_notification is no bool: "true"', 'sendMessage: unknown parameter reply_parameters.sure',
      'sendMessage: reply_markup is no object: null']);
  });

  test('without what it needs is refused', async () => {
    assert.equal((await raw('sendMessage', { text: 'a' })).description, 'Bad Request: chat_id is empty');
    assert.ok(api.violations.includes('sendMessage: chat_id is missing'));
  });
});

// ---- Text ----

describe('text', () => {
  test('in HTML becomes plain, with entities in UTF-16 units', async () => {
    const link = '<a href="https://ex.am/?a=1&amp;b=2">hier</a>';
    const sent = await send(ANA, ` \u{1F44D} <b>vet <i>en</i></b> ${link} 1 &lt; 2 &amp; &#8364;\n`, HTML);
    assert.equal(sent.text, '\u{1F44D} vet en hier 1 < 2 & €');
    assert.deepEqual(sent.entities, [{ type: 'bold', offset: 3, length: 6 }, { type: 'italic', offset: 7, length: 2 },
      { type: 'text_link', url: 'https://ex.am/?a=1&b=2', offset: 10, length: 4 }]);
    clean();
  });

  const says = what => `Bad Request: can't parse entities: ${what}`;
  for (const [html, what] of [
    ['<b>open', 'Can\'t find end tag corresponding to start tag "b"'],
    ['é <b>a<i>b</b>', 'Unmatched end tag at byte offset 11, expected "</i>", found "</b>"'],
    ['dicht</b>', 'Unexpected end tag at byte offset 5'],
    ['<h1>kop</h1>', 'Unsupported start tag "h1" at byte offset 0'],
    ['1 < 2', 'Unsupported start tag "" at byte offset 2'],
    ['is <b', 'Unclosed start tag at byte offset 3'],
    ['<span>a</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'],
  ]) test(`in HTML is refused: ${html}`, () => fault('sendMessage', { chat_id: ANA, text: html, ...HTML }, says(what)));

  test('in HTML with a bare & or > passes, as a violation', async () => {
    assert.equal((await send(ANA, 'a & b > c &nbsp;', HTML)).text, 'a & b > c &nbsp;');
    assert.equal(api.violations.length, 3);
  });

  test('is neither empty nor too long, counted after parsing', async () => {
    await fault('sendMessage', { chat_id: ANA, text: ' \n' }, 'Bad Request: message text is empty');
    await fault('sendMessage', { chat_id: ANA, text: '<b> </b>', ...HTML }, 'Bad Request: message text is empty');
    await fault('sendMessage', { chat_id: ANA, text: '\u{1F44D}'.repeat(2049) }, 'Bad Request: message is too long');
    assert.equal((await send(ANA, `<b>${'&amp;'.repeat(4096)}</b>`, HTML)).text.length, 4096);
  });

  test('has a known parse mode, and entities that lie within', async () => {
    await fault('sendMessage', { chat_id: ANA, text: 'a', parse_mode: 'BBCode' }, 'Bad Request: unsupported parse_mode');
    const entities = [{ type: 'bold', offset: 0, length: 2 }];
    await fault('sendMessage', { chat_id: ANA, text: 'a', entities }, /can't parse entities/);
  });
});

// ---- Buttons ----

describe('a button', () => {
  const keyboard = button => ({ chat_id: ANA, text: 'a', reply_markup: { inline_keyboard: [[button]] } });

  test('holds 1 to 64 bytes of data', async () => {
    await fault('sendMessage', keyboard({ text: 'a', callback_data: 'é'.repeat(33) }), 'Bad Request: BUTTON_DATA_INVALID');
    await fault('sendMessage', keyboard({ text: 'a', callback_data: '' }), 'Bad Request: BUTTON_DATA_INVALID');
    await call('sendMessage', keyboard({ text: 'a', callback_data: 'é'.repeat(32) }));
  });

  test('does exactly one thing, and its link is one', async () => {
    await fault('sendMessage', keyboard({ text: 'a' }), /Text buttons are unallowed/);
    await fault('sendMessage', keyboard({ text: 'a', url: 'ex am' }), /Wrong HTTP URL/);
    const nothing = { chat_id: ANA, text: 'a', reply_markup: {} };
    await fault('sendMessage', nothing, 'Bad Request: object expected as reply markup');
    await call('sendMessage', keyboard({ text: 'a', url: 'https://ex.am', callback_data: 'b' }));
    assert.match(api.violations.at(-1), /more than one action/);
  });

  test('that asks for a number stands in private chats only', async () => {
    const reply_markup = { keyboard: [[{ text: 'Nummer', request_contact: true }]] };
    await fault('sendMessage', { chat_id: DESK, text: 'a', reply_markup }, /private chats only/);
    assert.equal((await send(ANA, 'a', { reply_markup })).reply_markup, undefined);
    assert.deepEqual(api.messages(ANA).at(-1).keyboard, reply_markup);
  });

  test('is pressed while it is there, and each press answered once', async () => {
    const message = await send(ANA, 'Doen?', { reply_markup: YES_NO });
    assert.throws(() => api.press(ANA, message, 'maybe'), /no button maybe/);
    const id = api.press(ANA, message, 'yes');
    const [{ callback_query: query }] = await updates();
    assert.equal(query.id, id);
    assert.equal(query.data, 'yes');
    assert.equal(query.from.id, ANA);
    assert.equal(query.message.message_id, message.message_id);
    await call('answerCallbackQuery', { callback_query_id: id, text: 'Goed' });
    assert.equal(api.pressAnswer(id).text, 'Goed');
    clean();
    await fault('answerCallbackQuery', { callback_query_id: id }, /query is too old/);
    await call('editMessageReplyMarkup', { chat_id: ANA, message_id: message.message_id });
    assert.throws(() => api.press(ANA, message, 'yes'), /no button yes/);
  });

  test('pressed long ago is too old to answer', async () => {
    const id = api.press(ANA, await send(ANA, 'a', { reply_markup: YES_NO }), 'no');
    api.expirePresses();
    const gone = 'Bad Request: query is too old and response timeout expired or query ID is invalid';
    await chance('answerCallbackQuery', { callback_query_id: id }, gone);
    await chance('answerCallbackQuery', { callback_query_id: '1' }, gone);
  });
});

// ---- Chats ----

describe('a chat', () => {
  test('that is not known is not found', () =>
    chance('sendMessage', { chat_id: BEN, text: 'a' }, 'Bad Request: chat not found'));

  test('is not begun by a bot', async () => {
    api.addPerson({ id: BEN, first_name: 'Ben' });
    const strange = 'Forbidden: bot can\'t initiate conversation with a user';
    await refused('sendMessage', { chat_id: BEN, text: 'a' }, 403, strange, false);
  });

  test('that blocks the bot takes nothing until it unblocks', async () => {
    api.block(ANA);
    await refused('sendMessage', { chat_id: ANA, text: 'a' }, 403, 'Forbidden: bot was blocked by the user', false);
    assert.throws(() => api.say(ANA, ANA, 'hoi'), /blocked/);
    api.unblock(ANA);
    await send(ANA, 'a');
    const states = (await updates()).map(u => u.my_chat_member.new_chat_member.status);
    assert.deepEqual(states, ['kicked', 'member']);
  });

  test('that threw the bot out takes nothing', async () => {
    api.kick(DESK);
    const out = 'Forbidden: bot was kicked from the supergroup chat';
    await refused('sendMessage', { chat_id: DESK, text: 'a' }, 403, out, false);
    api.say(DESK, OWNER, 'hoort niemand');
    api.readmit(DESK);
    const told = (await updates()).map(u => u.my_chat_member.new_chat_member.status);
    assert.deepEqual(told, ['kicked', 'administrator']);
  });

  test('has an id beyond 32 bits', () => {
    assert.throws(() => api.addPrivate({ id: 12, first_name: 'Kort' }), /32 bits/);
    assert.throws(() => api.addForum({ id: -12, title: 'Kort' }), /-100/);
  });

  test('tells what it is', async () => {
    assert.equal((await call('getChat', { chat_id: DESK })).is_forum, true);
    assert.equal((await call('getChat', { chat_id: ANA })).type, 'private');
    clean();
  });
});

// ---- Topics ----

describe('a topic', () => {
  test('is made, renamed, closed, opened and deleted', async () => {
    const made = await call('createForumTopic', { chat_id: DESK, name: 'Ana' }), thread = made.message_thread_id;
    assert.deepEqual(Object.keys(made), ['message_thread_id', 'name', 'icon_color']);
    const at = { chat_id: DESK, message_thread_id: thread };
    await call('editForumTopic', { ...at, name: 'Ana V' });
    await call('closeForumTopic', at);
    assert.deepEqual(api.topics(DESK).map(t => [t.name, t.closed, t.deleted]), [['Ana V', true, false]]);
    await send(DESK, 'ook in een gesloten onderwerp', { message_thread_id: thread });
    await chance('closeForumTopic', at, 'Bad Request: TOPIC_NOT_MODIFIED');
    await call('reopenForumTopic', at);
    await chance('editForumTopic', { ...at, name: 'Ana V' }, 'Bad Request: TOPIC_NOT_MODIFIED');
    await call('deleteForumTopic', at);
    assert.equal(api.topics(DESK)[0].deleted, true);
    assert.deepEqual(api.messages(DESK, thread, { service: true }), []);
    await chance('deleteForumTopic', at, 'Bad Request: TOPIC_ID_INVALID');
    clean();
  });

  test('has a name of 1 to 128 characters', async () => {
    await fault('createForumTopic', { chat_id: DESK, name: ' ' }, 'Bad Request: title must be non-empty');
    await fault('createForumTopic', { chat_id: DESK, name: '\u{1F44D}'.repeat(129) }, /at most 128/);
    await topic('\u{1F44D}'.repeat(128));
  });

  test('is made in a forum, by who may', async () => {
    await chance('createForumTopic', { chat_id: ANA, name: 'a' }, 'Bad Request: the chat is not a forum');
    api.setForum(DESK, { forum: false });
    await chance('createForumTopic', { chat_id: DESK, name: 'a' }, 'Bad Request: the chat is not a forum');
    api.setForum(DESK, { forum: true, canManageTopics: false });
    await chance('createForumTopic', { chat_id: DESK, name: 'a' }, 'Bad Request: not enough rights to create a topic');
  });

  test('takes messages while it is there; General has no number', async () => {
    const thread = await topic(), gone = 'Bad Request: message thread not found';
    await send(DESK, 'in', { message_thread_id: thread });
    await send(DESK, 'algemeen');
    assert.deepEqual(api.messages(DESK, thread).map(m => m.text), ['in']);
    assert.deepEqual(api.messages(DESK, 1).map(m => m.text), ['algemeen']);
    assert.deepEqual(api.messages(DESK).map(m => m.text), ['in', 'algemeen']);
    await call('sendChatAction', { chat_id: DESK, message_thread_id: 1, action: 'typing' });
    await fault('sendMessage', { chat_id: DESK, text: 'a', message_thread_id: 1 }, gone);
    await fault('sendMessage', { chat_id: ANA, text: 'a', message_thread_id: thread }, gone);
    await chance('sendMessage', { chat_id: DESK, text: 'a', message_thread_id: thread + 40 }, gone);
    api.deleteTopic(DESK, thread);
    await chance('sendMessage', { chat_id: DESK, text: 'a', message_thread_id: thread }, gone);
    await fault('sendChatAction', { chat_id: DESK, action: 'thinking' }, 'Bad Request: wrong parameter action in request');
  });

  test('shows in what people write there', async () => {
    const thread = await topic(), shown = await send(DESK, 'vraag', { message_thread_id: thread });
    api.say(DESK, OWNER, 'zo', { thread });
    api.say(DESK, OWNER, 'antwoord', { replyTo: shown.message_id });
    api.say(DESK, OWNER, 'algemeen');
    const [plain, reply, general] = (await updates()).map(u => u.message);
    assert.equal(plain.message_thread_id, thread);
    assert.equal(plain.is_topic_message, true);
    assert.deepEqual(plain.reply_to_message.forum_topic_created, { name: 'Ana', icon_color: 7322096 });
    assert.equal(reply.message_thread_id, thread);
    assert.equal(reply.reply_to_message.text, 'vraag');
    assert.equal('reply_to_message' in reply.reply_to_message, false);
    assert.equal('message_thread_id' in general, false);
    assert.throws(() => api.say(DESK, OWNER, 'a', { thread: 999 }), /no topic/);
    assert.throws(() => api.say(DESK, OWNER, 'a', { replyTo: 999 }), /no message/);
  });

  test('is made, closed and opened by people too', async () => {
    const thread = api.createTopic(DESK, 'Ben');
    api.closeTopic(DESK, thread);
    api.reopenTopic(DESK, thread);
    const told = (await updates()).map(u => Object.keys(u.message).find(k => k.startsWith('forum_topic')));
    assert.deepEqual(told, ['forum_topic_created', 'forum_topic_closed', 'forum_topic_reopened']);
  });
});

// ---- Messages ----

describe('a message', () => {
  test('is edited by who sent it, when something changes', async () => {
    const { message_id } = await send(ANA, 'oud', { reply_markup: YES_NO }), at = { chat_id: ANA, message_id };
    await call('editMessageText', { ...at, text: '<b>nieuw</b>', ...HTML });
    const [now] = api.messages(ANA);
    assert.equal(now.text, 'nieuw');
    assert.equal(now.edited, true);
    assert.equal(now.reply_markup, undefined);
    await chance('editMessageText', { ...at, text: '<b>nieuw</b>', ...HTML }, /^Bad Request: message is not modified: /);
    await chance('editMessageReplyMarkup', at, /^Bad Request: message is not modified: /);
    await call('editMessageReplyMarkup', { ...at, reply_markup: YES_NO });
    await chance('editMessageText', { chat_id: ANA, message_id: 99, text: 'a' }, 'Bad Request: message to edit not found');
    const theirs = api.say(ANA, ANA, 'hoi');
    const edit = { ...at, message_id: theirs.message_id, text: 'a' };
    await fault('editMessageText', edit, 'Bad Request: message can\'t be edited');
  });

  test('is copied without a trace of where it came from', async () => {
    const photo = { bytes: Buffer.from('jpg'), mime: 'image/jpeg', caption: 'kijk' };
    const thread = await topic(), { message_id } = api.sendMedia(ANA, ANA, 'photo', photo);
    const made = await call('copyMessage', { chat_id: DESK, message_thread_id: thread, from_chat_id: ANA, message_id });
    assert.deepEqual(Object.keys(made), ['message_id']);
    const [copy] = api.messages(DESK, thread);
    assert.equal(copy.caption, 'kijk');
    assert.equal(String(api.bytesOf(copy.photo.at(-1).file_id)), 'jpg');
    assert.equal(copy.from.is_bot, true);
    const gone = { chat_id: DESK, from_chat_id: ANA, message_id: 99 };
    await chance('copyMessage', gone, 'Bad Request: message to copy not found');
    const notice = { chat_id: DESK, from_chat_id: DESK, message_id: thread };
    await fault('copyMessage', notice, 'Bad Request: message can\'t be copied');
  });

  test('answers one that is there', async () => {
    const theirs = api.say(ANA, ANA, 'hoi');
    const reply = await send(ANA, 'dag', { reply_parameters: { message_id: theirs.message_id } });
    assert.equal(reply.reply_to_message.text, 'hoi');
    const gone = { chat_id: ANA, text: 'a', reply_parameters: { message_id: 99 } };
    await chance('sendMessage', gone, 'Bad Request: message to be replied not found');
    await send(ANA, 'toch', { reply_parameters: { message_id: 99, allow_sending_without_reply: true } });
    clean();
  });

  test('is deleted once, and never the notice that opens a topic', async () => {
    const { message_id } = await send(ANA, 'weg');
    await call('deleteMessage', { chat_id: ANA, message_id });
    assert.deepEqual(api.messages(ANA), []);
    await chance('deleteMessage', { chat_id: ANA, message_id }, 'Bad Request: message to delete not found');
    await fault('deleteMessage', { chat_id: DESK, message_id: await topic() }, 'Bad Request: message can\'t be deleted');
  });

  test('is waited for', async () => {
    const first = await send(ANA, 'een'), waiting = api.nextMessage(ANA, first);
    await send(ANA, 'twee');
    assert.equal((await waiting).text, 'twee');
    const thread = await topic(), there = api.nextMessage(DESK, 0, { thread });
    await send(DESK, 'algemeen');
    await send(DESK, 'hier', { message_thread_id: thread });
    assert.equal((await there).text, 'hier');
  });

  test('that never comes is told with the last calls', async () => {
    await send(ANA, 'een');
    await assert.rejects(api.until(() => false, 'een wonder', 0), /never came: een wonder\n[^]*sendMessage .*een/);
  });
});

// ---- Files ----

describe('a file', () => {
  test('comes from a person and is fetched', async () => {
    for (const kind of ['photo', 'document', 'voice', 'video', 'audio', 'sticker'])
      api.sendMedia(ANA, ANA, kind, { bytes: Buffer.from(kind), mime: 'application/pdf', fileName: 'a.pdf', group: '7' });
    api.sendMedia(ANA, ANA, 'location', { latitude: 52, longitude: 5 });
    const got = (await updates()).map(u => u.message);
    assert.equal(got[0].media_group_id, '7');
    assert.deepEqual(got[6].location, { latitude: 52, longitude: 5 });
    const { file_path, file_size } = await call('getFile', { file_id: got[1].document.file_id });
    assert.equal(file_size, 8);
    const response = await fetch(`${api.url}/file/bot${TOKEN}/${file_path}`);
    assert.equal(await response.text(), 'document');
    assert.equal((await fetch(`${api.url}/file/bot${TOKEN}/documents/none`)).status, 404);
    assert.equal((await fetch(`${api.url}/file/bot1:x/${file_path}`)).status, 401);
    await chance('getFile', { file_id: 'none' }, 'Bad Request: invalid file_id');
    clean();
  });

  test('is uploaded as a form, and sent again by its id', async () => {
    const fields = { chat_id: ANA, caption: '<b>map</b>', parse_mode: 'HTML', reply_markup: JSON.stringify(YES_NO) };
    const bytes = Buffer.from([0, 255, 13, 10]);
    const { result } = await multipart('sendDocument', fields, 'document', bytes, 'application/pdf', 'kaart.pdf');
    assert.equal(result.document.file_name, 'kaart.pdf');
    assert.equal(result.caption, 'map');
    assert.deepEqual(result.reply_markup, YES_NO);
    assert.deepEqual([...api.uploads[0].bytes], [0, 255, 13, 10]);
    await call('sendDocument', { chat_id: ANA, document: result.document.file_id });
    clean();
    await fault('sendPhoto', { chat_id: ANA, photo: 'none' }, 'Bad Request: wrong file identifier/HTTP URL specified');
    await fault('sendPhoto', { chat_id: ANA, photo: result.document.file_id }, /can't use file of type document as photo/);
    const long = { chat_id: ANA, document: result.document.file_id, caption: 'a'.repeat(1025) };
    await fault('sendDocument', long, 'Bad Request: message caption is too long');
    const { description } = await multipart('sendPhoto', { chat_id: ANA }, 'photo', '', 'image/png', 'a.png');
    assert.equal(description, 'Bad Request: file must be non-empty');
  });

  test('is no more than the bot may fetch', async () => {
    const { document } = api.sendMedia(ANA, ANA, 'document', { bytes: Buffer.alloc(20 * 1024 * 1024 + 1) });
    await chance('getFile', { file_id: document.file_id }, 'Bad Request: file is too big');
  });
});

// ---- Updates ----

describe('updates', () => {
  test('come in order, again and again, until confirmed', async () => {
    for (const text of ['een', '/twee @drie', 'vier']) api.say(ANA, ANA, text);
    const all = await updates();
    assert.deepEqual(all.map(u => u.update_id - all[0].update_id), [0, 1, 2]);
    assert.deepEqual(all[1].message.entities, [{ type: 'bot_command', offset: 0, length: 5 }]);
    assert.ok(Math.abs(all[0].message.date - Date.now() / 1000) < 60);
    assert.deepEqual(await updates({ limit: 2 }), all.slice(0, 2));
    assert.deepEqual(await updates({ offset: all[2].update_id }), [all[2]]);
    assert.deepEqual(await updates({ offset: all[2].update_id + 1 }), []);
    assert.equal(api.pending.length, 0);
    clean();
  });

  test('end a long poll', async () => {
    const poll = updates({ timeout: 50 });
    await api.until(() => api.calls('getUpdates').length, 'a poll');
    const said = api.say(ANA, ANA, 'oud');
    assert.equal((await poll)[0].message.text, 'oud');
    api.edit(ANA, said.message_id, 'nieuw');
    const edited = (await updates())[1].edited_message;
    assert.equal(edited.text, 'nieuw');
    assert.ok(edited.edit_date);
  });

  test('are only those asked for, which is remembered', async () => {
    await updates({ allowed_updates: ['callback_query'] });
    api.say(ANA, ANA, 'hoi');
    assert.deepEqual(await updates(), []);
    await updates({ allowed_updates: [] });
    api.say(ANA, ANA, 'hoi');
    assert.equal((await updates()).length, 1);
  });

  test('go to one poll at a time: a second ends the first', async () => {
    const first = raw('getUpdates', { timeout: 50 });
    await api.until(() => api.calls('getUpdates').length, 'a poll');
    const second = updates({ timeout: 50 });
    assert.equal((await first).description,
      'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running');
    api.say(ANA, ANA, 'hoi');
    assert.equal((await second).length, 1);
  });

  test('a poller that died is no rival', async () => {
    const dying = new AbortController(), poll = raw('getUpdates', { timeout: 50 }, { signal: dying.signal });
    await api.until(() => api.calls('getUpdates').length, 'a poll');
    dying.abort();
    await assert.rejects(poll);
    await api.until(() => api.calls('getUpdates')[0].lost, 'its end');
    api.say(ANA, ANA, 'hoi');
    assert.equal((await updates()).length, 1);
    clean();
  });

  test('go to a webhook, in order, until it takes them', async () => {
    const got = [], hook = createServer(async (request, response) => {
      let body = '';
      for await (const bytes of request) body += bytes;
      got.push([JSON.parse(body).message.text, request.headers['x-telegram-bot-api-secret-token']]);
      response.writeHead(got.length === 1 ? 503 : 200).end();
    }).listen(0, '127.0.0.1');
    await once(hook, 'listening');
    const poll = raw('getUpdates', { timeout: 50 });
    await api.until(() => api.calls('getUpdates').length, 'a poll');
    await call('setWebhook', { url: `http://127.0.0.1:${hook.address().port}/telegram`, secret_token: 'geheim_1' });
    assert.equal((await poll).error_code, 409);
    api.say(ANA, ANA, 'een');
    api.say(ANA, ANA, 'twee');
    await api.until(() => !api.pending.length, 'both taken');
    assert.deepEqual(got, [['een', 'geheim_1'], ['een', 'geheim_1'], ['twee', 'geheim_1']]);
    const told = await call('getWebhookInfo');
    assert.match(told.last_error_message, /503/);
    await refused('getUpdates', {}, 409, /^Conflict: can't use getUpdates method while webhook is active/, false);
    await call('deleteWebhook');
    assert.equal((await call('getWebhookInfo')).url, '');
    assert.deepEqual(await updates(), []);
    clean();
    const spaced = { url: 'https://ex.am', secret_token: 'ge heim' };
    await fault('setWebhook', spaced, 'Bad Request: secret token contains unallowed characters');
    await fault('setWebhook', { url: 'ex.am' }, /bad webhook/);
    hook.close();
  });
});

// ---- Commands, rates and faults ----

test('commands have a name and a description', async () => {
  await call('setMyCommands', { commands: [{ command: 'stop', description: 'Stil zijn' }], language_code: 'nl' });
  assert.equal(api.commands['default/nl'][0].command, 'stop');
  clean();
  await fault('setMyCommands', { commands: [{ command: '/Stop', description: 'a' }] }, 'Bad Request: BOT_COMMAND_INVALID');
  const silent = [{ command: 'stop', description: '' }];
  await fault('setMyCommands', { commands: silent }, 'Bad Request: BOT_COMMAND_DESCRIPTION_INVALID');
});

describe('the rate', () => {
  test('of a group is kept, and free again after a minute', async () => {
    api.rate = { perMinute: 3 };
    const { message_id } = await send(DESK, 'a');
    clock = 20000;
    await send(DESK, 'b');
    await call('editMessageText', { chat_id: DESK, message_id, text: 'c' });
    clean();
    const { status, header, parameters, description } = await raw('sendMessage', { chat_id: DESK, text: 'd' });
    assert.equal(status, 429);
    assert.deepEqual(parameters, { retry_after: 40 });
    assert.equal(header.get('Retry-After'), '40');
    assert.equal(description, 'Too Many Requests: retry after 40');
    assert.match(api.violations[0], /more than 3 messages a minute/);
    await send(ANA, 'wie alleen is, wacht niet');
    clock = 60000;
    await send(DESK, 'd');
    assert.equal(api.violations.length, 1);
  });

  test('is not kept unless asked', async () => {
    for (let i = 0; i < 25; i++) await send(DESK, `${i}`);
    clean();
  });
});

describe('a fault', () => {
  test('comes as often as it was ordered', async () => {
    api.failNext('sendMessage', { status: 500, times: 2 });
    await refused('sendMessage', { chat_id: ANA, text: 'a' }, 500, 'Internal Server Error', false);
    await call('getMe');
    await refused('sendMessage', { chat_id: ANA, text: 'a' }, 500, 'Internal Server Error', false);
    await send(ANA, 'a');
    assert.equal(api.messages(ANA).length, 1);
    assert.throws(() => api.failNext('sendAll', {}), /no method/);
  });

  test('of too many requests names its seconds, and coming again before they are over is a violation', async () => {
    api.failNext('sendMessage', { status: 429, retryAfter: 30 });
    assert.deepEqual((await raw('sendMessage', { chat_id: ANA, text: 'a' })).parameters, { retry_after: 30 });
    clean();
    await send(ANA, 'iets anders');
    clean();
    await send(ANA, 'a');
    assert.match(api.violations[0], /before retry_after was over/);
  });

  test('cuts the line before or after the deed', async () => {
    api.failNext('sendMessage', { reset: 'before' });
    await assert.rejects(send(ANA, 'voor'));
    api.failNext('sendMessage', { reset: 'after' });
    await assert.rejects(send(ANA, 'na'));
    assert.deepEqual(api.messages(ANA).map(m => m.text), ['na']);
    assert.deepEqual(api.calls('sendMessage').map(c => c.lost), [true, true]);
  });

  test('lets a client wait, and does nothing for who hung up', async () => {
    api.failNext('sendMessage', { hang: 1 });
    await send(ANA, 'laat');
    api.failNext('sendMessage', { hang: 60000 });
    const leaving = new AbortController();
    const call60 = raw('sendMessage', { chat_id: ANA, text: 'te laat' }, { signal: leaving.signal });
    await api.until(() => api.calls('sendMessage').length === 2, 'the call');
    leaving.abort();
    await assert.rejects(call60);
    await api.until(() => api.calls('sendMessage')[1].lost, 'its end');
    assert.deepEqual(api.messages(ANA).map(m => m.text), ['laat']);
  });

  test('also meets downloads', async () => {
    const { document } = api.sendMedia(ANA, ANA, 'document', { bytes: Buffer.from('a') });
    const { file_path } = await call('getFile', { file_id: document.file_id });
    api.failNext('file', { status: 502 });
    assert.equal((await fetch(`${api.url}/file/bot${TOKEN}/${file_path}`)).status, 502);
    assert.equal((await fetch(`${api.url}/file/bot${TOKEN}/${file_path}`)).status, 200);
    assert.deepEqual(api.calls('file').map(c => c.status ?? 200), [502, 200]);
  });
});
