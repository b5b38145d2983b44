// Telegram posts to the bot: the real binary in webhook mode, and a Bot API that says yes to all it is asked.
import test, { before, after, describe } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const { BUILD } = process.env;
const TOKEN = '700900:practice-telegram-token-0123456789';
const SECRET = 'Practice_webhook-secret';

let api, bot, url, dir, log = '';
const calls = []; // { method, body }, as they came

async function until(what, check) {
  for (let i = 0; i < 400; i++) {
    if (await check()) return;
    await new Promise(resolve => setTimeout(resolve, 25));
  }
  throw new Error(`never came: ${what}\n${log.slice(-2000)}`);
}

async function startApi() {
  api = createServer(async (request, response) => {
    let text = '';
    for await (const part of request) text += part;
    const body = JSON.parse(text), [, token, method] = request.url.match(/^\/bot([^/]+)\/(\w+)$/);
    assert.equal(token, TOKEN);
    calls.push({ method, body });
    const result = method === 'sendMessage' ? { message_id: 1000 + calls.length, chat: { id: body.chat_id } } : true;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ok: true, result }));
  });
  api.listen(0, '127.0.0.1');
  await once(api, 'listening');
}

async function startBot() {
  bot = spawn(join(BUILD, 'mailwijzer'), ['serve'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, DATABASE_URL: `sqlite:${dir}/bot.db`, HTTP_LISTEN: '127.0.0.1:0', ADMIN_LISTEN: '127.0.0.1:0', BURST_WAIT_MS: '300',
      TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_API_BASE: `http://127.0.0.1:${api.address().port}`,
      TELEGRAM_MODE: 'webhook', TELEGRAM_WEBHOOK_SECRET: SECRET },
  });
  bot.stderr.on('data', bytes => { log += bytes; });
  await until('a bot that is ready', () => / at=ready listen=\S+ /.test(log));
  url = `http://${/ at=ready listen=(\S+) /.exec(log)[1]}/webhook/telegram`;
}

before(async () => {
  dir = mkdtempSync(join(BUILD, 'telegram-webhook-'));
  await startApi();
  await startBot();
});

after(async () => {
  if (bot?.exitCode === null) { bot.kill('SIGTERM'); await once(bot, 'exit'); }
  api?.closeAllConnections();
  api?.close();
  rmSync(dir, { recursive: true, force: true });
});

const ana = { id: 5500001111, is_bot: false, first_name: 'Ana' };
const chat = { id: ana.id, type: 'private' };
const now = () => Math.floor(Date.now() / 1000);

const typed = (update, text) =>
  ({ update_id: update, message: { message_id: update, date: now(), from: ana, chat, text } });
const tapped = (update, on, data) =>
  ({ update_id: update, callback_query: { id: `q${update}`, from: ana, data, message: { message_id: on, date: now(), chat } } });

async function post(update, secret = SECRET, method = 'POST') {
  const headers = { 'content-type': 'application/json' };
  if (secret !== null) headers['X-Telegram-Bot-Api-Secret-Token'] = secret;
  return (await fetch(url, { method, headers, body: method === 'POST' ? JSON.stringify(update) : undefined })).status;
}

const sent = method => calls.filter(c => c.method === method);

async function said(n) {
  await until(`message ${n}`, () => sent('sendMessage').length >= n);
  return sent('sendMessage')[n - 1].body;
}

describe('Telegram posts to the bot', () => {
  test('who does not know the secret is not heard', async () => {
    assert.equal(await post(typed(1, 'hoi'), 'Practice_webhook-secrets'), 401);
    assert.equal(await post(typed(1, 'hoi'), ''), 401);
    assert.equal(await post(typed(1, 'hoi'), null), 401);
    assert.equal(await post(null, SECRET, 'GET'), 405);
  });

  test('who does is answered, and the same update twice once', async () => {
    assert.equal(await post(typed(81, '/start')), 200);
    assert.match((await said(1)).text, /automatische assistent/);
    assert.equal(await post(typed(81, '/start')), 200);
    assert.equal(await post(tapped(82, 1001, 'do:begin')), 200);
    assert.equal(await post(tapped(82, 1001, 'do:begin')), 200);
    assert.match(JSON.stringify((await said(2)).reply_markup), /usage=light/);
    assert.equal(sent('sendChatAction').length, 0);
    assert.equal(await post(typed(83, 'wat is pop?')), 200);
    assert.match((await said(3)).text, /POP/);
    assert.equal(sent('sendMessage').length, 3);
    await until('the answer to the press', () => sent('answerCallbackQuery').length > 0);
    assert.deepEqual(sent('answerCallbackQuery').map(c => c.body.callback_query_id), ['q82']);
  });

  test('its commands stand in the menu, in each language, and work', async () => {
    const [nl, en] = sent('setMyCommands').map(c => c.body).sort((a, b) => (a.language_code ?? '') < (b.language_code ?? '') ? -1 : 1);
    assert.equal(sent('setMyCommands').length, 2);
    assert.equal(nl.language_code, undefined);
    assert.equal(en.language_code, 'en');
    assert.deepEqual(nl.commands.map(c => c.command), en.commands.map(c => c.command));
    for (const { command, description } of [...nl.commands, ...en.commands]) {
      assert.match(command, /^[a-z0-9_]{1,32}$/);
      assert.ok(description.length >= 1 && description.length <= 256);
    }
    assert.deepEqual(nl.commands.find(c => c.command === 'change'), { command: 'change', description: 'Antwoord wijzigen' });
    const before = sent('sendMessage').length;
    assert.equal(await post(typed(84, '/language_en')), 200);
    assert.match((await said(before + 1)).text, /English/);
    assert.equal(await post(typed(85, '/language_nl')), 200);
    await said(before + 2);
  });

  test('who types sees "typing" while the rest is waited for', () => {
    assert.deepEqual(sent('sendChatAction')[0].body, { chat_id: ana.id, action: 'typing' });
    const methods = calls.map(c => c.method), typing = methods.indexOf('sendChatAction');
    assert.equal(methods.slice(0, typing).filter(m => m === 'sendMessage').length, 2);
    assert.equal(methods.slice(typing).filter(m => m === 'sendMessage').length, 3);
    assert.equal(sent('sendChatAction').length, 3, 'one for each thought');
  });

  test('it asks nobody for what people wrote', () => {
    assert.equal(sent('getUpdates').length, 0);
  });

  test('it tells the operator what it did, and of nobody', async () => {
    const told = await (await fetch(`http://${/ admin=(\S+) /.exec(log)[1]}/metrics`)).text();
    assert.match(told, /^mailwijzer_messages_total\{channel="telegram"\} 5$/m);
    assert.match(told, /^mailwijzer_duplicates_total 2$/m);
    assert.match(told, /^mailwijzer_replies_total\{channel="telegram",state="sent"\} \d+$/m);
    assert.doesNotMatch(told, /5500001111|Ana|secret|practice/);
    assert.equal((await fetch(url.replace('/webhook/telegram', '/metrics'))).status, 404);
  });

  test('no secret and no name stands in the log', () => {
    assert.doesNotMatch(log, /Practice_webhook-secret|practice-telegram-token|Ana|5500001111/);
  });
});
