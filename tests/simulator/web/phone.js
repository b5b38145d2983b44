// phone.js -- the phone: what is known of the world, the socket that keeps it so, and the hands.

import { make, clock, day, phoneNumber } from './text.js';
import { bubble, gist, ticks } from './bubble.js';
import { wireUpdate, wireClear } from './wire.js';

const $ = id => document.getElementById(id);
const HIDDEN = new Set(['reaction', 'edit', 'revoke']); // they change another bubble
const people = new Map(), messages = new Map(), drawn = new Map();
let open = null, seq = 0, skew = 0, advanced = 0, business = {}, socket = null, asked = 0, mode = null;
const waiting = new Map();

const now = () => Date.now() + skew;
const line = m => gist(m).replace(/[*_~]/g, '').replace(/\s+/g, ' ');
const chatOf = id => [...messages.values()].filter(m => m.customer === id && !HIDDEN.has(m.type));

// ---- Asking ---------------------------------------------------------------------------------

function ask(verb, args = {}) {
  return new Promise((resolve, reject) => {
    const re = ++asked;
    waiting.set(re, ({ status, body }) => status === 200 ? resolve(body) : reject(new Error(body.error)));
    socket.send(JSON.stringify({ re, do: verb, with: args }));
  });
}

async function doing(verb, args) {
  $('oops').hidden = true;
  try { await ask(verb, { customer: open, ...args }); }
  catch (e) { $('oops').textContent = e.message; $('oops').hidden = false; }
}

const send = args => { $('log').scrollTop = $('log').scrollHeight; return doing('send', args); };

function tellOpen() {
  if (socket?.readyState !== WebSocket.OPEN) return;
  socket.send(JSON.stringify({ do: 'open', customer: document.hidden ? null : open }));
}

// ---- Drawing --------------------------------------------------------------------------------

function unread(id) {
  return id === open ? 0 : chatOf(id).filter(m => m.from === 'bot' && !['read', 'failed'].includes(m.status)).length;
}

let peopleLook = '';

function drawPeople() {
  const look = JSON.stringify([open, [...people.values()].map(c => [c.id, c.name, unread(c.id), chatOf(c.id).at(-1)?.n, chatOf(c.id).at(-1)?.edited])]);
  if (look === peopleLook) return;
  peopleLook = look;
  const had = document.activeElement?.dataset?.customer;
  $('people').replaceChildren(...[...people.values()].map(c => {
    const n = unread(c.id), last = chatOf(c.id).at(-1);
    const kind = !c.phone ? 'alleen BSUID' : !c.user_id ? 'alleen nummer' : phoneNumber(c.phone);
    return make('li', {}, make('button', { type: 'button', 'aria-current': c.id === open ? 'true' : null, 'data-customer': c.id,
      onclick: () => show(c.id) },
      make('span', { class: 'avatar', 'aria-hidden': 'true' }, [...c.name][0]),
      make('span', { class: 'names' }, make('b', {}, c.name), make('small', {}, last ? line(last) : kind)),
      n ? make('span', { class: 'badge' }, String(n), make('span', { class: 'unseen' }, ' ongelezen')) : null));
  }));
  if (had) $('people').querySelector(`[data-customer="${CSS.escape(had)}"]`)?.focus();
}

function drawWho() {
  const c = people.get(open);
  if (!c) return;
  const ids = [c.username, c.phone && phoneNumber(c.phone), c.user_id].filter(Boolean).join(' · ');
  const left = c.window_until - now();
  const window_ = c.window_until === 0 ? 'nog niets gestuurd: venster dicht'
    : left <= 0 ? 'venster van 24 uur dicht' : `venster open, nog ${Math.floor(left / 3600000)} u ${Math.floor(left / 60000) % 60} min`;
  $('who').replaceChildren(make('b', {}, c.name), ` ${ids}`, make('span', { class: left > 0 ? 'open' : 'shut' }, window_));
}

function drawPresence() {
  const typing = people.get(open)?.typing_until > now();
  $('presence').textContent = typing ? 'typt…' : `Zakelijk account ${phoneNumber(business.number ?? '')}`;
  const dots = $('log').querySelector('.typing');
  if (typing && !dots) {
    const atEnd = isAtEnd();
    $('log').append(make('div', { class: 'row in typing' }, make('div', { class: 'bubble' },
      make('span', { class: 'unseen' }, 'Bot typt'), make('i'), make('i'), make('i'))));
    if (atEnd) toEnd();
  } else if (!typing) dots?.remove();
}

function drawTop(bot) {
  const words = { none: 'Nog geen bot', checking: 'Bot wordt gecontroleerd…', ready: 'Bot verbonden', refused: 'Bot geweigerd' };
  if (bot) {
    $('bot').className = `bot ${bot.state}`;
    $('bot').textContent = words[bot.state] + (bot.why ? `: ${bot.why}` : '') + (bot.waiting > 1 ? ` · ${bot.waiting} wachten` : '');
  }
  const hours = Math.round(advanced / 3600000);
  $('clock').textContent = `${new Date(now()).toLocaleDateString('nl-NL', { weekday: 'short' })} ${clock(now())}` + (hours ? ` (+${hours} u)` : '');
}

const isAtEnd = () => $('log').scrollHeight - $('log').scrollTop - $('log').clientHeight < 60;
function toEnd() { $('log').scrollTop = $('log').scrollHeight; $('to-end').hidden = true; }

function place(m) {
  const log = $('log'), quoted = m.reply_to ? [...messages.values()].find(x => x.id === m.reply_to) : null;
  const tapped = m.type === 'interactive' && m.from === 'customer';
  const old = drawn.get(m.n), look = JSON.stringify({ ...m, status: '', error: 0 });
  if (old?.dataset.look === look) { // a bubble that is being tapped must not be swapped under the finger
    old.querySelector('.ticks')?.replaceWith(ticks(m));
    return;
  }
  const node = bubble(m, tapped ? null : quoted, hands);
  node.dataset.look = look;
  const focused = old?.contains(document.activeElement) ? [...old.querySelectorAll('button, a')].indexOf(document.activeElement) : -1;
  if (old) old.replaceWith(node);
  else {
    const before = [...drawn.keys()].at(-1), last = before ? messages.get(before) : null;
    if (!last || day(last.at) !== day(m.at)) log.append(make('p', { class: 'date' }, day(m.at) === day(now()) ? 'Vandaag' : day(m.at)));
    log.append(node);
  }
  drawn.set(m.n, node);
  if (focused >= 0) node.querySelectorAll('button, a')[focused]?.focus();
}

function drawChat() {
  drawn.clear();
  $('log').replaceChildren();
  const chat = chatOf(open);
  if (chat.length === 0) $('log').append(make('p', { class: 'date' }, 'Stuur een bericht om te beginnen.'));
  for (const m of chat) place(m);
  drawPresence();
  toEnd();
}

function show(id) {
  open = id;
  setMode(null);
  $('oops').hidden = true;
  try { sessionStorage.setItem('open', id); } catch { /* private window */ }
  drawPeople(); drawWho(); drawChat(); tellOpen();
  $('text').focus({ preventScroll: true });
}

function announce(m) {
  if (m.from === 'customer') return;
  const action = m.body.interactive?.action;
  const choices = action?.buttons?.map(b => b.reply.title).join(', ') ?? action?.button;
  $('live').textContent = `${business.name}: ${gist(m)}${choices ? `. Keuze: ${choices}` : ''}`;
}

function update(c) {
  const first = seq === 0, atEnd = isAtEnd();
  seq = c.seq; skew = c.now - Date.now(); advanced = c.advanced; business = c.business;
  $('business').textContent = business.name;
  $('business-initial').textContent = [...(business.name || '?')][0];
  for (const p of c.customers) people.set(p.id, p);
  let mine = false;
  for (const m of c.messages) {
    const fresh = !messages.has(m.n);
    messages.set(m.n, m);
    if (first || m.customer !== open || HIDDEN.has(m.type)) continue;
    if (drawn.size === 0) $('log').replaceChildren();
    place(m);
    if (fresh) announce(m);
    if (fresh && !atEnd && m.from !== 'customer') $('to-end').hidden = false;
    mine ||= fresh && m.from === 'customer';
  }
  if (first) {
    let kept = null;
    try { kept = sessionStorage.getItem('open'); } catch { /* private window */ }
    show(people.has(kept) ? kept : people.keys().next().value);
  }
  drawPeople(); drawWho(); drawPresence(); drawTop(c.bot);
  const dots = $('log').querySelector('.typing');
  if (dots) $('log').append(dots);
  if (atEnd || mine) toEnd();
  wireUpdate(c.wire, people);
}

// ---- Hands ----------------------------------------------------------------------------------

// A sheet lies over the phone, also when the phone is not the whole screen.
function sheet(dialog, m, done) {
  const phone = $('phone'), box = phone.getBoundingClientRect(), edge = phone.clientLeft;
  dialog.style.width = `${Math.max(Math.min(phone.clientWidth, innerWidth), 280)}px`;
  dialog.style.left = `${Math.max(0, box.left + edge)}px`;
  dialog.style.bottom = `${Math.max(0, innerHeight - box.bottom + edge)}px`;
  const at = [...drawn.get(m.n).querySelectorAll('button, a')].indexOf(document.activeElement);
  dialog.returnValue = '';
  dialog.onclose = () => {
    drawn.get(m.n)?.querySelectorAll('button, a')[Math.max(at, 0)]?.focus(); // the bubble may be a new one by now
    done(dialog.returnValue);
  };
  dialog.showModal();
}

function openList(m) {
  const action = m.body.interactive.action;
  $('sheet-title').textContent = action.button;
  $('rows').replaceChildren(...action.sections.map(s => make('fieldset', {}, s.title ? make('legend', {}, s.title) : make('legend', { class: 'unseen' }, action.button),
    ...s.rows.map(r => make('label', {}, make('span', { class: 'names' }, make('b', {}, r.title), r.description ? make('small', {}, r.description) : null),
      make('input', { type: 'radio', name: 'row', value: r.id, required: true }))))));
  sheet($('sheet'), m, value => {
    const chosen = $('rows').querySelector('input:checked');
    if (value === 'send' && chosen) hands.tap(m, chosen.value);
  });
  $('rows').querySelector('input').focus();
}

function openActions(m) {
  const bot = m.from === 'bot';
  const act = (title, value) => make('button', { type: 'submit', value }, title);
  $('emojis').hidden = !bot;
  $('emojis').replaceChildren(...['👍', '❤️', '😂', '😮', '🙏'].map(x => make('button', { type: 'submit', value: `e${x}`, 'aria-label': `Reageer met ${x}`,
    'aria-pressed': String(m.reaction === x) }, x)));
  $('acts').replaceChildren(act('Antwoorden', 'reply'));
  if (bot && m.reaction) $('acts').append(act('Reactie weghalen', 'e'));
  if (m.from === 'customer' && m.type === 'text') $('acts').append(act('Bewerken (tot 15 minuten)', 'edit'));
  if (m.from === 'customer') $('acts').append(act('Verwijderen voor iedereen', 'revoke'));
  sheet($('actions'), m, value => {
    if (value.startsWith('e') && value !== 'edit') doing('react', { message: m.n, emoji: value.slice(1) });
    if (value === 'reply' || value === 'edit') setTimeout(() => setMode({ kind: value, m }));
    if (value === 'revoke') doing('revoke', { message: m.n });
  });
}

// A button of type submit would be what Enter presses.
for (const b of document.querySelectorAll('.sheet .shut')) b.addEventListener('click', () => b.closest('dialog').close(''));

const hands = {
  tap: (m, id) => doing('tap', { message: m.n, id }),
  list: openList,
  more: openActions,
  location: m => send({ type: 'location', message: m.n }),
  number: m => {
    const c = people.get(open);
    send({ type: 'contact', origin: 'contact_request', message: m.n, name: c.name, phone: phoneNumber(c.phone ?? '31620202020') });
  },
};

function setMode(next) {
  mode = next;
  $('quote-bar').hidden = !mode;
  if (!mode) return;
  $('quote-what').textContent = mode.kind === 'edit' ? 'Bewerken' : 'Antwoord op';
  $('quote-text').textContent = line(mode.m);
  if (mode.kind === 'edit') $('text').value = mode.m.body.text.body;
  $('text').focus();
}

const attachments = [
  ['🎤', 'Spraakbericht', { type: 'voice' }], ['📷', 'Foto', { type: 'photo' }], ['🙂', 'Sticker', { type: 'sticker' }],
  ['📍', 'Locatie', { type: 'location' }], ['📄', 'Document', { type: 'document' }], ['👤', 'Contact', { type: 'contact' }],
  ['📊', 'Poll (niet ondersteund)', { type: 'unsupported' }], ['👩', 'Eigenaar typt zelf', null],
];

function toggleMenu(on) {
  $('attach-menu').hidden = !on;
  $('attach').setAttribute('aria-expanded', String(on));
  if (on) $('attach-menu').querySelector('button').focus();
}

$('attach-menu').append(...attachments.map(([sign, title, args]) => make('button', { type: 'button', role: 'menuitem', tabindex: '-1', onclick: () => {
  toggleMenu(false);
  $('text').focus();
  if (args) send(args);
  else doing('echo', { text: $('text').value.trim() || 'Hoi, Elisah hier. Ik neem het even over.' }).then(() => { $('text').value = ''; });
} }, make('span', { 'aria-hidden': 'true' }, sign), title)));

$('attach').addEventListener('click', () => toggleMenu($('attach-menu').hidden));
$('attach-menu').addEventListener('keydown', e => {
  const all = [...$('attach-menu').children], i = all.indexOf(document.activeElement);
  const to = { ArrowDown: i + 1, ArrowUp: i - 1, Home: 0, End: all.length - 1 }[e.key];
  if (e.key === 'Escape' || e.key === 'Tab') { toggleMenu(false); if (e.key === 'Escape') $('attach').focus(); return; }
  if (to === undefined) return;
  e.preventDefault();
  all[(to + all.length) % all.length].focus();
});
document.addEventListener('pointerdown', e => { if (!e.target.closest('#attach-menu, #attach')) toggleMenu(false); });

$('composer').addEventListener('submit', e => {
  e.preventDefault();
  const text = $('text').value.trim();
  if (!text) return;
  if (mode?.kind === 'edit') doing('edit', { message: mode.m.n, text });
  else send({ type: 'text', text, ...(mode ? { message: mode.m.n } : {}) });
  $('text').value = '';
  grow();
  setMode(null);
});
function grow() { const t = $('text'); t.style.height = 'auto'; t.style.height = `${Math.min(t.scrollHeight, 140)}px`; }
$('text').addEventListener('input', grow);
$('text').addEventListener('keydown', e => {
  if (e.key === 'Escape' && mode) { setMode(null); $('text').value = ''; }
  if (e.key === 'Enter' && !e.shiftKey && !e.isComposing) { e.preventDefault(); $('composer').requestSubmit(); }
});
$('quote-off').addEventListener('click', () => { if (mode?.kind === 'edit') $('text').value = ''; setMode(null); $('text').focus(); });
$('to-end').addEventListener('click', toEnd);
$('log').addEventListener('scroll', () => { if (isAtEnd()) $('to-end').hidden = true; });
for (const b of document.querySelectorAll('.clock button')) b.addEventListener('click', () => doing('advance', { ms: Number(b.dataset.ms) }));
document.addEventListener('visibilitychange', tellOpen);
setInterval(() => { drawPresence(); drawWho(); drawTop(); }, 5000);
setInterval(drawPresence, 1000);

// ---- The socket -----------------------------------------------------------------------------

function connect(wait) {
  socket = new WebSocket(`ws://${location.host}/page`, 'phone');
  socket.onopen = () => { wait = 500; people.clear(); messages.clear(); seq = 0; wireClear(); };
  socket.onmessage = e => {
    const said = JSON.parse(e.data);
    if (said.changes) update(said.changes);
    if (said.re) { waiting.get(said.re)?.(said); waiting.delete(said.re); }
  };
  socket.onclose = () => {
    for (const give of waiting.values()) give({ status: 0, body: { error: 'De oefentelefoon is gestopt.' } });
    waiting.clear();
    $('bot').className = 'bot refused';
    $('bot').textContent = 'Oefentelefoon gestopt, wacht op herstart…';
    setTimeout(() => connect(Math.min(wait * 2, 5000)), wait);
  };
}
connect(500);
