// A customer who floods, on the real road: one line, then silence; everybody else is answered as ever.
import test, { before, after } from 'node:test';
import assert from 'node:assert/strict';
import { Stage } from './stage.mjs';

const stage = new Stage();
const body = m => JSON.stringify(m);
const replies = async customer => (await stage.get(`messages?customer=${customer}&from=bot&after=0`)).messages;
const told = all => all.filter(m => /Sorry, dit gaat even te snel voor mij/.test(body(m))).length;
const flooded = 'batch-0';

before(async () => {
  await stage.openPhone();
  await stage.startBot({ BURST_WAIT_MS: '0' });
});
after(() => stage.close());

test('who floods is told once, last of all, and costs no more than WhatsApp lends', async () => {
  const { status } = await stage.post('batch', { count: 200, customers: 1, texts: ['wat is pop', 'hoi', 'wat is imap'] });
  assert.equal(status, 200);
  await stage.until('the line', async () => told(await replies(flooded)) > 0);
  const all = await replies(flooded);
  assert.ok(all.length <= 45, `${all.length} replies`);
  assert.equal(told(all), 1);
  assert.equal(told([all.at(-1)]), 1);
});

test('then nothing is said to them, and others are answered', async () => {
  const before = (await replies(flooded)).length;
  assert.equal((await stage.post('batch', { count: 50, customers: 1, texts: ['en nu?'] })).status, 200);
  const { n } = await stage.post('send', { customer: 'sanne', type: 'text', text: 'ik wil advies over mail' });
  assert.match(body(await stage.next('sanne', n)), /Vraag 1 van 6/);
  assert.equal((await replies(flooded)).length, before);
});

test('but a stop is heard', async () => {
  const before = await replies(flooded);
  assert.equal((await stage.post('batch', { count: 1, customers: 1, texts: ['stop'] })).status, 200);
  assert.match(body(await stage.next(flooded, before.at(-1).n)), /Goed, ik ben stil/);
});

test('who is erased again and again gets no receipt for each time', async () => {
  const receipts = async () => (await replies('mehmet')).filter(m => /gewist/.test(body(m))).length;
  for (let i = 0; i < 50; i++) await stage.post('send', { customer: 'mehmet', type: 'text', text: 'wis mijn gegevens' });
  await stage.until('every webhook', async () => (await stage.get('state')).bot.waiting === 0);
  const { n } = await stage.post('send', { customer: 'sanne', type: 'text', text: 'wat is pop' });
  await stage.next('sanne', n);
  await stage.until('the receipts', async () => await receipts() >= 40);
  assert.ok(await receipts() <= 42, `${await receipts()} receipts`);
});

test('the operator reads it in numbers, and the log names nobody', async () => {
  const operator = / admin=(\S+) /.exec(stage.log)[1];
  const numbers = await (await fetch(`http://${operator}/metrics`)).text();
  assert.match(numbers, /^mailwijzer_flood_begun_total 2$/m);
  assert.ok(Number(/^mailwijzer_flood_messages_total (\d+)$/m.exec(numbers)[1]) > 200);
  const lines = stage.log.split('\n').filter(line => / at=flood /.test(line));
  assert.equal(lines.length, 2);
  for (const line of lines) assert.match(line, / chat=[0-9a-f]{16} begins=fast$/);
});
