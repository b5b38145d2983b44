// wire.js -- the list of what went over the wire. Bodies are fetched when somebody looks.

import { make } from './text.js';

const KEPT = 300;
const list = document.getElementById('wire');
const entries = new Map();

function duration(ms) {
  return ms < 1 ? '< 1 ms' : ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function pretty(text) {
  try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text; }
}

function block(title, text) {
  const pre = make('pre', { tabindex: '0', 'aria-label': title }, pretty(text));
  let raw = false;
  const toggle = make('button', { type: 'button', 'aria-pressed': 'false', onclick: () => {
    raw = !raw;
    toggle.setAttribute('aria-pressed', String(raw));
    pre.textContent = raw ? text : pretty(text);
    pre.classList.toggle('raw', raw);
  } }, 'Zoals verstuurd');
  return make('section', {}, make('header', {}, make('h3', {}, title), toggle), pre);
}

async function unfold(n, into) {
  const answer = await fetch(`control/wire?n=${n}`);
  if (!answer.ok) { into.replaceChildren(make('p', {}, 'Niet meer bewaard.')); return; }
  const e = await answer.json();
  into.replaceChildren(make('p', { class: 'target' }, `${e.method} ${e.target}`),
    e.signature ? make('p', { class: 'target' }, `X-Hub-Signature-256: ${e.signature}`) : '',
    e.body ? block(e.kind === 'webhook' ? 'Webhook' : 'Verzoek', e.body) : '',
    e.answer ? block('Antwoord', e.answer) : '');
}

const time = ms => new Date(ms).toLocaleTimeString('nl-NL');

function draw(e, people) {
  const hook = e.kind === 'webhook';
  const status = !e.done ? '…' : e.status === 0 ? 'geen' : String(e.status);
  const summary = make('summary', {},
    make('span', { class: 'way', role: 'img', 'aria-label': hook ? 'webhook naar de bot' : 'verzoek van de bot' }, hook ? '→' : '←'),
    make('span', { class: 'what' }, make('b', {}, e.summary ?? ''), e.customer ? ` ${people.get(e.customer)?.name ?? e.customer}` : '',
      e.attempt > 1 ? make('em', {}, ` poging ${e.attempt}`) : null),
    make('span', { class: 'when' }, time(e.at)),
    make('span', { class: 'code' }, make('span', { class: 'unseen' }, 'antwoord '), status),
    make('span', { class: 'ms' }, e.done ? duration(e.ms) : ''),
    e.note ? make('span', { class: 'note' }, e.note) : null);
  return summary;
}

export function wireUpdate(changed, people) {
  const follows = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  for (const e of changed) {
    let item = entries.get(e.n);
    if (!item) {
      const body = make('div', { class: 'unfolded' });
      const details = make('details', { ontoggle: () => { if (details.open) unfold(e.n, body); } }, make('summary'), body);
      item = make('li', {}, details);
      entries.set(e.n, item);
      list.append(item);
    }
    item.className = `${e.kind}${e.bad ? ' bad' : ''}${!e.done ? ' busy' : ''}${/^status /.test(e.summary ?? '') ? ' status' : ''}`;
    item.firstChild.firstChild.replaceWith(draw(e, people));
  }
  while (list.children.length > KEPT) {
    const oldest = entries.keys().next().value;
    entries.get(oldest).remove();
    entries.delete(oldest);
  }
  document.getElementById('wire-empty').hidden = entries.size > 0;
  if (follows) list.scrollTop = list.scrollHeight;
}

export function wireClear() {
  entries.clear();
  list.replaceChildren();
}

const shown = document.getElementById('wire-status'), bad = document.getElementById('wire-bad');
const filter = () => {
  list.classList.toggle('no-status', !shown.checked);
  list.classList.toggle('only-bad', bad.checked);
  list.scrollTop = list.scrollHeight;
};
shown.addEventListener('change', filter);
bad.addEventListener('change', filter);
filter();
