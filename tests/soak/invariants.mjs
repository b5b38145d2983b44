// invariants.mjs -- what must hold, asked of the practice phone's own record. Pure: a record in, breaches out.
//
// A record is { messages, wire, people, log }: `messages` as GET /control/messages gives them (in the order they came to
// be), `wire` as /control/wire, `people` { id: { phrases, hold } } from the campaign, `log` all that the bots said.
// A breach is { rule, customer, why }.

const WINDOW_MS = 24 * 3600 * 1000;

const byPerson = record => {
  const chats = new Map();
  for (const m of record.messages) (chats.get(m.customer) ?? chats.set(m.customer, []).get(m.customer)).push(m);
  return chats;
};
const met = (m, fault) => (m.faults ?? []).includes(fault);
// The row of the outbox that a bubble comes from: the last number of its tracker.
const row = m => Number(m.tracker?.split('-').at(-1));

// Between a message of the human and the customer's way back the bot is silent.
function held(chat) {
  let human = false;
  return new Map(chat.map(m => {
    if (m.from === 'owner') human = true;
    else if (m.from === 'customer' && m.wayBack) human = false;
    return [m.n, human];
  }));
}

// Every message that was taken is answered: something follows it in its chat.
export function lost(record) {
  const breaches = [];
  for (const [customer, chat] of byPerson(record)) {
    const human = held(chat);
    let open = null;
    for (const m of chat) {
      if (m.from === 'bot') open = null;
      else if (m.from === 'customer' && m.taken && !human.get(m.n)) open ??= m;
    }
    if (open) breaches.push({ rule: 'lost', customer, why: `message ${open.n} was taken and never answered` });
  }
  return breaches;
}

// A row of the outbox comes across once. Twice only where nobody can know better: the answer was lost, and so
// was every status.
export function doubled(record) {
  const breaches = [], first = new Map();
  for (const m of record.messages.filter(m => m.from === 'bot')) {
    const before = m.tracker && first.get(m.tracker);
    if (!m.tracker) breaches.push({ rule: 'doubled', customer: m.customer, why: `bubble ${m.n} has no tracker` });
    else if (!before) first.set(m.tracker, m);
    else if (!met(before, 'lost_status')) breaches.push({ rule: 'doubled', customer: m.customer, why: `bubbles ${before.n} and ${m.n} are both ${m.tracker}` });
  }
  return breaches;
}

// Who waits for each reply gets one for each message: two are one too many, whatever rows they come from.
export function answeredTwice(record) {
  const breaches = [];
  for (const [customer, chat] of byPerson(record)) {
    if (!record.people[customer]?.waits) continue;
    const known = new Set(); // the same row once more is the other rule's
    let trackers = new Set(), asked = null;
    for (const m of chat) {
      if (m.from !== 'bot') { trackers = new Set(); asked = m; continue; }
      if (!known.has(m.tracker)) trackers.add(m.tracker);
      known.add(m.tracker);
      if (trackers.size > 1) breaches.push({ rule: 'doubled', customer, why: `message ${asked?.n} was answered by ${[...trackers].join(' and ')}` });
    }
  }
  return breaches;
}

// In each chat replies come in the order in which they were decided. What came twice is the other rule's.
export function disordered(record) {
  const breaches = [];
  for (const [customer, chat] of byPerson(record)) {
    let last = null;
    const seen = new Set();
    for (const m of chat.filter(m => m.from === 'bot' && m.tracker)) {
      if (seen.has(m.tracker)) continue;
      seen.add(m.tracker);
      if (last && row(m) < row(last)) breaches.push({ rule: 'order', customer, why: `bubble ${m.n} (${m.tracker}) came after ${last.n} (${last.tracker})` });
      last = m;
    }
  }
  return breaches;
}

// Nothing free-form is even tried when the person last wrote more than a day ago.
export function outsideWindow(record) {
  const breaches = [];
  for (const [customer, chat] of byPerson(record)) {
    let wrote = null;
    for (const m of chat) {
      if (m.from === 'customer') wrote = m.at;
      else if (m.from === 'bot' && m.type !== 'template' && (wrote === null || m.at - wrote > WINDOW_MS))
        breaches.push({ rule: 'window', customer, why: `bubble ${m.n} came ${wrote === null ? 'before any message' : `${m.at - wrote} ms after the last`}` });
    }
  }
  for (const w of record.wire.filter(w => /24 hours have passed/.test(w.note ?? '')))
    breaches.push({ rule: 'window', customer: w.customer, why: `request ${w.n} was tried in a shut window` });
  return breaches;
}

export function overHuman(record) {
  const breaches = [];
  for (const [customer, chat] of byPerson(record)) {
    const human = held(chat);
    // The bot knows of her as soon as the echo was taken; the person writes only after that.
    const firstWord = new Map(chat.filter(m => m.from === 'customer' && human.get(m.n)).map(m => [m.n, m]));
    let wrote = false;
    for (const m of chat) {
      if (!human.get(m.n)) wrote = false;
      else if (firstWord.has(m.n)) wrote = true;
      else if (m.from === 'bot' && wrote) breaches.push({ rule: 'human', customer, why: `bubble ${m.n} while the human has the chat` });
    }
  }
  return breaches;
}

// The pair limit may refuse a person's next message once; a second refusal before one went is no pacing.
export function unpaced(record) {
  const breaches = [], refused = new Map();
  const sends = record.wire.filter(w => w.kind === 'request' && w.method === 'POST' && w.customer);
  for (const w of sends) {
    const own = /\(131056\)|too many messages sent from this phone/.test(w.note ?? '') && !w.fault;
    if (w.status === 200 && !/gelezen/.test(w.summary ?? '')) refused.delete(w.customer);
    else if (own && refused.has(w.customer)) breaches.push({ rule: 'pair', customer: w.customer, why: `requests ${refused.get(w.customer)} and ${w.n} were both refused by the pair limit` });
    else if (own) refused.set(w.customer, w.n);
  }
  return breaches;
}

// The phone, strict as Meta, refuses only what it was told to refuse.
export function refused(record) {
  const ours = w => w.fault || /too many messages sent from this phone|24 hours have passed/.test(w.note ?? '') || w.status === 401;
  return record.wire.filter(w => w.kind === 'request' && w.done && w.status >= 400 && !ours(w))
    .map(w => ({ rule: 'refused', customer: w.customer, why: `request ${w.n} (${w.summary}): ${w.status} ${w.note}` }));
}

// Logs name nobody and quote nobody.
export function leaked(record) {
  return record.secrets.filter(s => record.log.includes(s)).map(s => ({ rule: 'leak', customer: null, why: `the log holds "${s}"` }));
}

// What the bot itself keeps of it all, counted by state: nothing is half done, nothing failed.
export function unfinished(record) {
  const odd = Object.entries(record.rows).filter(([name, n]) => n > 0 && /^(inbox (taken|failed)|outbox (due|sending|unsure))$/.test(name));
  return odd.map(([name, n]) => ({ rule: 'unfinished', customer: null, why: `${n} rows: ${name}` }));
}

export const rules = { lost, doubled, answeredTwice, disordered, outsideWindow, overHuman, unpaced, refused, leaked, unfinished };

export const breaches = record => Object.values(rules).flatMap(rule => rule(record));
