// The door holds: far more hostile clients than it has places, and a customer who notices nothing.
import test, { before, after, describe } from 'node:test';
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { execSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { Stage } from './stage.mjs';

const IDLE = 1000, DRIPPING = 100, LARGE = 50, AGAIN = 5000;
const HELD_MIB = 160; // far above what was ever measured, far below what the clients ask for

const hard = execSync('ulimit -Hn', { encoding: 'utf8' }).trim();
const few = hard !== 'unlimited' && Number(hard) < 4096 ? `ulimit -Hn is ${hard}: too few open files for so many clients` : false;

const stage = new Stage();
let port, descriptors;

before(async () => {
  await stage.openPhone();
  await stage.startBot({ BURST_WAIT_MS: '0' });
  port = Number(/ at=ready listen=127\.0\.0\.1:(\d+) /.exec(stage.log)[1]);
});
after(() => stage.close());

const openFiles = () => readdirSync(`/proc/${stage.bot.pid}/fd`).length;
const memory = what => Number(new RegExp(`^${what}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${stage.bot.pid}/status`, 'utf8'))[1]) / 1024;

// A hostile client: says `first`, then `drop` every second if there is one, and never reads the rest of it.
class Hostile {
  static here = new Set();
  static cut = 0;

  static async open(first, drop) {
    const socket = connect(port, '127.0.0.1'), it = { socket, drop };
    socket.on('error', () => {});
    socket.on('close', () => { if (Hostile.here.delete(it)) Hostile.cut++; });
    Hostile.here.add(it);
    // Whoever is turned away at once has come as well.
    await Promise.race([once(socket, 'connect'), once(socket, 'close')]).catch(() => {});
    if (first) socket.write(first);
  }

  static drip() {
    for (const { socket, drop } of Hostile.here) if (drop && socket.writable) socket.write(drop);
  }

  static leave() {
    for (const it of [...Hostile.here]) { Hostile.here.delete(it); it.socket.destroy(); }
  }
}

const many = (n, open) => Promise.all(Array.from({ length: n }, (_, i) => open(i)));

// A webhook as Meta signs it, over a connection of its own; its status.
async function webhook(body) {
  const signature = createHmac('sha256', 'practice-app-secret').update(body).digest('hex');
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('data', bytes => { text += bytes; });
  socket.end(`POST /webhook/whatsapp HTTP/1.1\r\nHost: bot\r\nConnection: close\r\nX-Hub-Signature-256: sha256=${signature}\r\n` +
    `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  await once(socket, 'close');
  return Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0);
}

// A customer writes `times` times and is answered each time; the longest it took, in milliseconds.
async function converse(customer, times) {
  let longest = 0;
  for (let i = 0; i < times; i++) {
    const began = performance.now();
    await stage.next(customer, (await stage.post('send', { customer, type: 'text', text: i % 2 ? 'wat is pop' : 'wat is imap' })).n);
    longest = Math.max(longest, performance.now() - began);
  }
  return longest.toFixed(0);
}

describe('a thousand who idle, a hundred who drip and fifty who announce large bodies', { skip: few }, () => {
  const empty = '{"object":"whatsapp_business_account","entry":[]}';
  let dripping;
  after(() => { clearInterval(dripping); Hostile.leave(); });

  test('come to a bot that works', async () => {
    await converse('sanne', 1);
    assert.equal(await webhook(empty), 200);
    await stage.until('the connections of before to be gone', async () => stage.settled === openFiles() || void (stage.settled = openFiles()));
    descriptors = openFiles();
  });

  test('do not keep a customer from being answered', async t => {
    await many(IDLE, () => Hostile.open());
    await many(DRIPPING / 2, () => Hostile.open('POST /webhook/whatsapp HTTP/1.1\r\nA: ', 'x'));
    await many(DRIPPING / 2, () => Hostile.open('POST /webhook/whatsapp HTTP/1.1\r\nContent-Length: 60000\r\n\r\n', 'x'));
    dripping = setInterval(Hostile.drip, 1000);
    await many(LARGE, () => Hostile.open(Buffer.concat([
      Buffer.from('POST /webhook/whatsapp HTTP/1.1\r\nContent-Length: 4000000\r\n\r\n'), Buffer.alloc(3 << 20)]), 'x'));
    t.diagnostic(`hostile connections: ${Hostile.here.size} open, ${Hostile.cut} cut off; descriptors of the bot: ${openFiles()}`);
    t.diagnostic(`a customer's answer took ${await converse('sanne', 10)} ms at most, of 10`);
    const began = performance.now();
    assert.equal(await webhook(empty), 200);
    t.diagnostic(`a signed webhook took ${(performance.now() - began).toFixed(0)} ms`);
    assert.ok(Hostile.cut > 0, 'there were more than places, and somebody made room');
  });

  test('nor do they when they come again as soon as they are cut off', async t => {
    let left = AGAIN, done = 0;
    const again = async () => {
      while (left-- > 0) {
        await Hostile.open(left % 2 ? 'GET / HTTP/1.1\r\nA: ' : undefined);
        done++;
      }
    };
    const rush = many(100, again);
    let answered = 0, longest = 0;
    do {
      longest = Math.max(longest, await converse('mehmet', 1));
      assert.equal(await webhook(empty), 200);
      answered++;
    } while (done < AGAIN && answered < 100);
    await rush;
    t.diagnostic(`${answered} answers while ${AGAIN} came; the longest took ${longest} ms`);
  });

  test('nor those who ask much and read nothing', async t => {
    await many(50, () => Hostile.open('GET /healthz HTTP/1.1\r\n\r\n'.repeat(2000)));
    for (const { socket } of Hostile.here) socket.pause();
    t.diagnostic(`a customer's answer took ${await converse('riet', 5)} ms at most, of 5`);
    assert.equal(await webhook(empty), 200);
  });

  test('cost a bounded memory', t => {
    t.diagnostic(`VmHWM ${memory('VmHWM').toFixed(1)} MiB, VmRSS ${memory('VmRSS').toFixed(1)} MiB`);
    assert.ok(memory('VmHWM') < HELD_MIB);
  });

  test('leave no descriptor behind when they go', async t => {
    clearInterval(dripping);
    Hostile.leave();
    await stage.until(`no more than ${descriptors} descriptors`, async () => openFiles() <= descriptors);
    t.diagnostic(`descriptors: ${descriptors} before, ${openFiles()} after`);
    await converse('sanne', 1);
  });

  test('and were told of in the log, not for each', () => {
    const told = stage.log.split('\n').filter(line => line.includes('crowded='));
    assert.ok(told.length >= 1 && told.length < 20, `${told.length} lines`);
  });
});

test('what a stranger gets names neither program nor version', async () => {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('data', bytes => { text += bytes; });
  socket.end('GET /none HTTP/1.1\r\n\r\nBROKEN\r\n\r\n');
  await once(socket, 'close');
  assert.match(text, /^HTTP\/1\.1 404 /);
  assert.match(text, /HTTP\/1\.1 400 /);
  assert.doesNotMatch(text, /server:|mailwijzer|libwebsockets|\d\.\d\.\d/i);
});
