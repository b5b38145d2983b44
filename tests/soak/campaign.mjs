// campaign.mjs -- one campaign: a seed, a practice phone that fails as the seed says, people, and a bot that is killed again and again.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { Stage } from '../e2e/stage.mjs';
import { Dice } from './dice.mjs';
import { Person, crowd, pause } from './people.mjs';
import { schedule } from './schedule.mjs';
import { breaches } from './invariants.mjs';

const PATIENCE_MS = 240 * 1000; // a failure, where there would be a hang: twice lost is 20 and 40 s of silence
const LIFE_MS = 10 * 1000;
const TOKEN = 'practice-access-token', RENEWED = 'practice-token-renewed-1';
const COUNT = `
import sqlite3, sys, json
db = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True)
print(json.dumps({f"{t} {s}": n for t in ("inbox", "outbox") for s, n in db.execute(f"SELECT state, count(*) FROM {t} GROUP BY state")}))
`;

const open = new Set();
// Who is stopped in the middle leaves no phone and no bot behind.
export const stopAll = () => { for (const scene of open) { scene.bot?.kill('SIGKILL'); scene.child?.kill('SIGKILL'); } };

class Scene extends Stage {
  // One ear for everybody: whatever the bot says is given to whoever waits for it.
  listen() {
    this.heard = new Map();
    this.waiters = new Set();
    this.trackers = new Set();
    this.replies = 0;
    this.ear = (async () => {
      for (let last = 0; !this.deaf;) {
        const answer = await this.get(`messages?from=bot&after=${last}&wait_ms=1000`);
        // What comes a second time, for its status was lost, is no reply to what was said since.
        const fresh = answer.messages.filter(m => !this.trackers.has(m.tracker) && this.trackers.add(m.tracker));
        for (const m of fresh) this.heard.set(m.customer, m);
        this.replies += answer.messages.length;
        last = answer.messages.at(-1)?.n ?? last;
        for (const look of this.waiters) look();
      }
    })();
    this.ear.catch(error => { this.deaf = error; for (const look of this.waiters) look(); });
  }

  async close() {
    this.deaf = true;
    await this.ear?.catch(() => {});
    return super.close();
  }

  // The newest bubble in a chat, when there is one after number n.
  hears(customer, n) {
    return new Promise((resolve, reject) => {
      const end = (settle, value) => { clearTimeout(late); this.waiters.delete(look); settle(value); };
      const late = setTimeout(() => end(reject, new Error(`never came: a reply to ${customer} after ${n}`)), this.patience - Date.now());
      const look = () => {
        const m = this.heard.get(customer);
        if (m?.n > n) end(resolve, m);
        else if (this.deaf) end(reject, this.deaf);
      };
      this.waiters.add(look);
      look();
    });
  }

  // So many replies more, or a while in which most people wait for a silence to pass.
  async lives(replies) {
    const until = this.replies + replies, late = Date.now() + LIFE_MS;
    while (this.replies < until && Date.now() < late && !this.deaf) await pause(5);
  }

  // The bot answered 200 to a webhook that carried message n.
  async taken(n) {
    await this.wait(`message ${n} taken`, async () => { await pause(50); return this.get(`messages?after=${n - 1}`); }, answer => answer.messages[0].taken);
  }

  async wait(what, ask, good) {
    for (;;) {
      const answer = await ask();
      if (good(answer)) return answer;
      if (Date.now() > this.patience) throw new Error(`never came: ${what}`);
    }
  }

  // How much the bot has still to say, by its own figures.
  async outbox() {
    const [, admin] = [...this.log.matchAll(/ at=ready .*?admin=(\S+) /g)].at(-1);
    const text = await (await fetch(`http://${admin}/metrics`)).text();
    return Number(/^mailwijzer_outbox_waiting (\d+)/m.exec(text)[1]);
  }

  async everything() {
    const messages = [];
    for (let last = 0; ;) {
      const answer = await this.get(`messages?after=${last}`);
      if (!answer.messages.length) return messages;
      messages.push(...answer.messages);
      last = answer.messages.at(-1).n;
    }
  }

  async wire() {
    const all = [];
    for (let last = 0; ;) {
      const { wire, last: newest } = await this.get(`wire?after=${last}`);
      all.push(...wire);
      if (newest === last || !wire.length) return all;
      last = newest;
    }
  }
}

// Bots that live for as many replies as the schedule says, one after the other; the last one lives on.
async function killings(scene, plan, settings) {
  let token = TOKEN;
  for (const [i, lives] of plan.kills.entries()) {
    await scene.lives(lives);
    const trouble = plan.token && i === 1;
    if (trouble) await scene.post('token', plan.token === 'renewed' ? { token: token = RENEWED } : { expired: true });
    if (trouble) await pause(400);
    await scene.killBot('SIGKILL');
    if (trouble && plan.token === 'expired') await scene.post('token', { token });
    await scene.startBot({ ...settings, WHATSAPP_ACCESS_TOKEN: token });
    await scene.post('advance', { ms: 0, retry: true }); // Meta's next try comes in minutes; here, now
  }
}

// No fault is set any more: what was lost on the way is tried again, and all comes to rest.
async function settle(scene) {
  await scene.post('faults', {});
  await scene.wait('every webhook taken', async () => { await pause(100); await scene.post('advance', { ms: 0, retry: true }); return scene.get('state'); }, s => s.bot.waiting === 0);
  await scene.wait('every row sent', async () => { await pause(250); return scene.outbox(); }, n => n === 0);
}

function secrets(people) {
  const own = people.flatMap(({ who }) => [who.phone, who.user_id, who.username, who.name.split(' ')[0]]);
  return [...own.filter(Boolean), 'Proefland', 'oude adres was van', 'Ik kijk even', TOKEN, RENEWED, 'practice-app-secret', 'practice-verify-token'];
}

// Everybody lives until the last bot of the schedule has begun, and all comes to rest.
async function play(scene, plan, people, settings) {
  let over = false;
  const lives = people.map(p => p.live(() => over));
  await Promise.race([killings(scene, plan, settings), Promise.all(lives)]);
  over = true;
  await scene.post('faults', {});
  await Promise.all(lives);
  await settle(scene);
}

// campaign(seed, kills, patience): { plan, done, record, breaches }. What does not come to an end is a breach too.
export async function campaign(seed, kills, patience_ms = PATIENCE_MS) {
  const plan = schedule(seed, kills), dice = new Dice(seed).apart('people');
  const settings = { BURST_WAIT_MS: String(plan.burst), LOG_LEVEL: 'debug', FLOOD_LIMIT: 'off' };
  const scene = new Scene();
  open.add(scene);
  await scene.openPhone(['--quiet', '--keep', '60000', ...(plan.pair ? ['--pair-limit', plan.pair] : [])]);
  try {
    scene.patience = Date.now() + patience_ms;
    const crowded = crowd(dice, plan.people);
    await scene.post('customers', { customers: crowded.map(({ kind, ...who }) => who) });
    const people = crowded.map(who => new Person(who, scene, dice.apart(who.id)));
    scene.listen();
    await scene.startBot(settings);
    const set = await scene.post('faults', plan.faults);
    if (set.error) throw new Error(`faults: ${set.error}`);
    const stuck = await play(scene, plan, people, settings).then(() => [], error => [{ rule: 'stuck', customer: null, why: error.message.split('\n')[0] }]);
    const done = (await scene.get('faults')).done ?? {};
    await scene.killBot('SIGTERM');
    const record = await take(scene, people);
    return { plan, done, record, breaches: [...breaches(record), ...stuck] };
  } finally {
    await scene.close();
    open.delete(scene);
  }
}

async function take(scene, people) {
  const wayBack = new Set(people.flatMap(p => [...p.wayBacks]));
  const messages = (await scene.everything()).map(m => ({ ...m, wayBack: wayBack.has(m.n) }));
  return {
    messages, wire: await scene.wire(), log: scene.log, secrets: secrets(people),
    people: Object.fromEntries(people.map(p => [p.who.id, { waits: p.waits }])),
    rows: JSON.parse(execFileSync('python3', ['-c', COUNT, join(scene.dir, 'bot.db')], { encoding: 'utf8' })),
  };
}
