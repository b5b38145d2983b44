// The test channel: the real bot, asking a third party's Bot API emulator for what people wrote.
import test, { before, after, describe } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createRequire } from 'node:module';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const { BUILD, E2E_MODULES } = process.env;
const emulator = createRequire(E2E_MODULES)('telegram-test-api');
const TelegramServer = emulator.default ?? emulator;
const TOKEN = '700900:practice-telegram-token-0123456789';

let api, bot, dir, log = '';

// The emulator wants to be told a port: one that the system found free a moment ago.
async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

async function startBot() {
  bot = spawn(join(BUILD, 'mailwijzer'), ['serve'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, DATABASE_URL: `sqlite:${dir}/bot.db`, HTTP_LISTEN: '127.0.0.1:0', ADMIN_LISTEN: '127.0.0.1:0', BURST_WAIT_MS: '0',
      TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_API_BASE: `http://127.0.0.1:${api.config.port}` },
  });
  bot.stderr.on('data', bytes => { log += bytes; });
  for (let i = 0; i < 400 && !/ at=ready /.test(log); i++) await new Promise(resolve => setTimeout(resolve, 25));
  assert.match(log, / at=ready .* telegram=on/);
}

before(async () => {
  dir = mkdtempSync(join(BUILD, 'telegram-'));
  api = new TelegramServer({ port: await freePort(), host: '127.0.0.1', storage: 'RAM', storeTimeout: 600 });
  await api.start();
  await startBot();
});

after(async () => {
  if (bot?.exitCode === null) { bot.kill('SIGTERM'); await once(bot, 'exit'); }
  await api?.stop();
  rmSync(dir, { recursive: true, force: true });
});

function person(id, firstName) {
  return api.getClient(TOKEN, { userId: id, chatId: id, firstName, timeout: 15000, interval: 25 });
}

async function next(client) {
  const { result } = await client.getUpdates();
  assert.equal(result.length, 1, 'one message a turn');
  return result[0].message ?? result[0];
}

async function say(client, text) {
  await client.sendMessage(client.makeMessage(text));
  return next(client);
}

async function tap(client, on, data) {
  const buttons = on.reply_markup.inline_keyboard.flat();
  assert.ok(buttons.some(b => b.callback_data === data), `${data} is on a button: ${JSON.stringify(buttons)}`);
  await client.sendCallback(client.makeCallbackQuery(data, { message: { message_id: on.message_id ?? 1, reply_markup: on.reply_markup } }));
  return next(client);
}

describe('the conversation on Telegram', () => {
  test('tapped, from /start to the advice', async () => {
    const ana = person(5500001111, 'Ana');
    let last = await say(ana, '/start');
    assert.match(last.text, /automatische assistent/);
    for (const id of ['do:begin', 'usage=light', 'calendar=no', 'team=alone', 'security=basic', 'sector=none', 'growth=no'])
      last = await tap(ana, last, id);
    assert.match(last.text, /<b>Mijn advies: IMAP<\/b>/);
    assert.equal(last.parse_mode, 'HTML');
  });

  test('typed, by another, at the same time', async () => {
    const ben = person(5500002222, 'Ben');
    let last = await say(ben, 'ik wil advies over mail');
    for (const text of ['de hele dag door', 'heel belangrijk', 'wij zijn met 4 man', 'extra belangrijk', 'ben advocaat', 'ja we groeien'])
      last = await say(ben, text);
    assert.match(last.text, /<b>Mijn advies: Microsoft 365<\/b>/);
  });

  test('a command is a word without its slash', async () => {
    const cem = person(5500003333, 'Cem');
    await say(cem, 'hoi');
    assert.match((await say(cem, '/stop')).text, /stil/);
  });

  test('what was answered is not answered again by a bot that starts anew', async () => {
    const ana = person(5500001111, 'Ana');
    bot.kill('SIGKILL');
    await once(bot, 'exit');
    log = '';
    await startBot();
    assert.match((await say(ana, 'wat is pop?')).text, /POP/);
  });

  test('no token and no name stands in the log', () => {
    assert.doesNotMatch(log, /practice-telegram-token|Ana|5500001111/);
  });
});
