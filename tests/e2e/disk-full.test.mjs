// The real program on a disk that fills up, a small one in memory: it says so and keeps nothing; with room again everybody
// is answered, nobody twice.
import test from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stage } from './stage.mjs';

const SIZE = 16 << 20;

class SmallDisk extends Stage {
  // Why it cannot be had, or nothing.
  mount() {
    this.disk = join(this.dir, 'disk');
    mkdirSync(this.disk);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'mailwijzer-test', this.disk], { stdio: ['ignore', 'ignore', 'pipe'] });
      this.mounted = true;
      return undefined;
    } catch (error) { return String(error.stderr || error.message).trim(); }
  }

  fill() {
    assert.throws(() => writeFileSync(join(this.disk, 'filler'), Buffer.alloc(SIZE)), { code: 'ENOSPC' });
  }

  empty() { rmSync(join(this.disk, 'filler')); }

  async ready() {
    const { bot } = await this.get('state');
    return (await fetch(new URL('/readyz', bot.url))).status;
  }

  async close() {
    await this.killBot('SIGTERM');
    if (this.mounted) execFileSync('umount', ['-l', this.disk]);
    await super.close();
  }
}

test('a full disk: 503 and not ready, and with room again everything is answered once', async t => {
  const s = new SmallDisk();
  const replies = async who => (await s.get(`messages?customer=${who}&from=bot&after=0`)).messages;
  try {
    await s.openPhone();
    const why = s.mount();
    if (why) return t.skip(`a small disk cannot be mounted here: ${why}`);
    await s.startBot({ DATABASE_URL: `sqlite:${s.disk}/bot.db`, BURST_WAIT_MS: '0', FLOOD_LIMIT: 'off' });
    await s.next('sanne', (await s.post('send', { customer: 'sanne', type: 'text', text: 'ik wil advies' })).n);
    assert.equal(await s.ready(), 200);

    s.fill();
    // More than the log has room for that is its own already.
    const batch = { count: 400, customers: 4, texts: ['hoi', 'ik wil advies', 'wat is pop'] };
    assert.equal((await s.post('batch', batch)).status, 503);
    await s.until('the log says so', () => /at=store error="database \S+: disk full \(SQLITE_FULL\) while /.test(s.log));
    await s.until('it is not ready', async () => await s.ready() === 503);
    assert.equal((await s.post('batch', { repeat: true })).status, 503);
    await s.post('tap', { customer: 'sanne', id: 'usage=daily' });
    for (let i = 0; i < 20; i++) assert.equal(await s.ready(), 503, 'as long as there is no room');
    assert.equal((await replies('batch-0')).length, 0);

    s.empty();
    await s.until('it is ready again', async () => await s.ready() === 200);
    assert.match(s.log, /at=store trouble=over/);
    assert.equal((await s.post('batch', { repeat: true })).status, 200);
    await s.post('advance', { ms: 60000 });
    for (let i = 0; i < 4; i++)
      await s.until(`a hundred replies to batch-${i}`, async () => (await replies(`batch-${i}`)).length >= 100, 2400);
    await s.until('an answer to the tap', async () => (await replies('sanne')).length >= 2);
    assert.equal((await s.post('batch', { repeat: true })).status, 200);
    await s.next('sanne', (await s.post('tap', { customer: 'sanne', id: 'calendar=no' })).n); // after whatever came of that
    for (let i = 0; i < 4; i++) assert.equal((await replies(`batch-${i}`)).length, 100);
    assert.equal((await replies('sanne')).length, 3);
  } finally { await s.close(); }
});
