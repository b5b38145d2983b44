// faketime.mjs -- a bot whose clock stands elsewhere. The program `faketime` would stand between us and the process
// that is to be killed, so its library is loaded by the bot itself.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';

let library;

// The environment of a bot whose clock FAKETIME, or what else is in `more`, sets. What passes is counted by another
// clock, which is let be.
export function faketime(more) {
  library ??= /^LD_PRELOAD=(.*)$/m.exec(execFileSync('faketime', ['-f', '+0s', 'env'], { encoding: 'utf8' }))[1];
  return { LD_PRELOAD: library, FAKETIME_DONT_FAKE_MONOTONIC: '1', ...more };
}

// ... so much later than it is.
export const later = ms => faketime({ FAKETIME: `+${Math.round(ms / 1000)}s` });

// What the library shares by the number of a process, and one that was killed leaves behind, in the way of another.
export function sweep(pid) {
  for (const name of ['faketime_shm_', 'sem.faketime_sem_']) rmSync(`/dev/shm/${name}${pid}`, { force: true });
}
