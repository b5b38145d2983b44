// soak.mjs -- campaigns as TAP. usage: soak.mjs [--campaigns N] [--kills N] [--at-once N] [--seed N] [--seeds N,N,…] [--patience SECONDS]
// BUILD names the directory of the programs. Each campaign's seed is printed; --seeds SEED replays it.
import { parseArgs } from 'node:util';
import { campaign, stopAll } from './campaign.mjs';
import { told } from './schedule.mjs';

const options = Object.fromEntries(['campaigns', 'kills', 'at-once', 'seed', 'seeds', 'patience'].map(name => [name, { type: 'string' }]));
const { values } = parseArgs({ options });
const number = (name, otherwise) => {
  const n = Number(values[name] ?? otherwise);
  if (!Number.isInteger(n) || n < 0) { console.error(`--${name} '${values[name]}': expected a whole number`); process.exit(2); }
  return n;
};
const kills = number('kills', 4), atOnce = number('at-once', 3), first = number('seed', Date.now() % 1000000);
const seeds = values.seeds?.split(',').map(Number) ?? Array.from({ length: number('campaigns', 5) }, (_, i) => first + i);

const total = { campaigns: 0, kills: 0, messages: 0, replies: 0, faults: 0, lost: 0, doubled: 0, order: 0, other: 0 };
let count = 0, failures = 0;

function report(seed, why, result) {
  count++;
  if (why.length) failures++;
  console.log(`${why.length ? 'not ok' : 'ok'} ${count} - campaign seed=${seed}${result ? ` ${told(result.plan)} messages=${result.messages} replies=${result.replies}` : ''}`);
  for (const line of why.slice(0, 20)) console.log(`#   ${line}`);
}

function add(result) {
  total.campaigns++;
  total.kills += result.plan.kills.length;
  total.messages += result.messages;
  total.replies += result.replies;
  total.faults += Object.values(result.done).reduce((a, b) => a + b, 0);
  for (const b of result.breaches) total[b.rule in total ? b.rule : 'other']++;
}

async function one(seed) {
  try {
    const result = await campaign(seed, kills, number('patience', 240) * 1000);
    const said = from => result.record.messages.filter(m => m.from === from).length;
    Object.assign(result, { messages: said('customer'), replies: said('bot') });
    add(result);
    report(seed, result.breaches.map(b => `${b.rule}: ${b.customer ?? ''} ${b.why}`), result);
  } catch (error) {
    report(seed, String(error.stack).split('\n'), null);
  }
}

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => { stopAll(); process.exit(1); });

console.log('TAP version 13');
const todo = [...seeds];
await Promise.all(Array.from({ length: Math.min(atOnce, todo.length) }, async () => { while (todo.length) await one(todo.shift()); }));
console.log(`1..${count}`);
console.log(`# campaigns ${total.campaigns} · kills ${total.kills} · faults ${total.faults} · messages ${total.messages} · replies ${total.replies}`);
console.log(`# lost ${total.lost} · doubled ${total.doubled} · out of order ${total.order} · other breaches ${total.other}`);
process.exit(failures ? 1 : 0);
