// schedule.mjs -- what goes wrong in one campaign, from its seed alone.
import { Dice } from './dice.mjs';

// Percentages at most. A throttled number rests for seconds, everybody with it: that seldom, or nothing else is tried.
const SENDS = { 500: 6, 429: 1, 130429: 1, 131056: 3, 131000: 4, reset_before: 3, reset_after: 3, hang: 2, fail_later: 3 };
const STATUSES = { before_answer: 20, reordered: 20, read_only: 20, late: 20, lost: 4 };
const WEBHOOKS = { duplicate: 25, duplicate_late: 15, batch: 25, delay: 20, reorder: 10 };
const LIFE_FROM = 1, LIFE_TO = 90; // replies

// Up to the percentage named, of some of the kinds: a fault alone hides less than one in a crowd.
function some(dice, kinds) {
  const chosen = dice.some(Object.keys(kinds), dice.int(1, Object.keys(kinds).length));
  return Object.fromEntries(chosen.map(kind => [kind, dice.int(1, kinds[kind])]));
}

// faults: for the phone; kills: after how many replies each bot dies; token, pair: trouble of the whole number.
export function schedule(seed, kills) {
  const dice = new Dice(seed);
  return {
    seed,
    faults: {
      seed: dice.int(1, 2 ** 30), hang_ms: dice.int(200, 2500), late_ms: dice.int(100, 2500),
      sends: some(dice, SENDS), statuses: some(dice, STATUSES), webhooks: some(dice, WEBHOOKS),
    },
    kills: Array.from({ length: kills }, () => dice.int(LIFE_FROM, LIFE_TO)),
    token: dice.chance(25) ? dice.one(['expired', 'renewed']) : null,
    pair: dice.chance(30) ? `${dice.int(200, 900)}:${dice.int(2, 8)}` : null,
    burst: dice.chance(30) ? dice.int(100, 600) : 0,
    people: dice.int(40, 90),
  };
}

// One line that says it all, for a log.
export function told(s) {
  const kinds = o => Object.entries(o).map(([k, v]) => `${k}:${v}`).join(',');
  return `people=${s.people} kills=${s.kills.length} sends=${kinds(s.faults.sends)} statuses=${kinds(s.faults.statuses)} ` +
    `webhooks=${kinds(s.faults.webhooks)} token=${s.token ?? 'good'} pair=${s.pair ?? 'no'} burst_ms=${s.burst}`;
}
