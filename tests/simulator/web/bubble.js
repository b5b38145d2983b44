// bubble.js -- one message as WhatsApp draws it.

import { make, rich, outside, clock } from './text.js';

const said = { none: 'onderweg', sent: 'verzonden', delivered: 'afgeleverd', read: 'gelezen', failed: 'mislukt' };

export function ticks(m) {
  const sign = { none: '🕓', sent: '✓', delivered: '✓✓', read: '✓✓', failed: '!' }[m.status];
  const label = m.error ? `${said[m.status]} (${m.error})` : said[m.status];
  return make('span', { class: `ticks ${m.status}`, role: 'img', 'aria-label': label, title: label }, sign);
}

// What a message says in one line: for quotes, lists of chats and screen readers.
export function gist(m) {
  const b = m.body[m.type] ?? {};
  if (m.revoked) return 'Bericht verwijderd';
  switch (m.type) {
    case 'text': return b.body;
    case 'template': return m.body.shown;
    case 'interactive': return b.body?.text ?? b.button_reply?.title ?? b.list_reply?.title ?? 'Bericht';
    case 'image': return `📷 Foto ${b.caption ?? ''}`;
    case 'video': return `🎬 Video ${b.caption ?? ''}`;
    case 'audio': return m.from === 'bot' && !b.voice ? `🎵 ${m.body.uploaded?.name ?? 'Geluid'}` : '🎤 Spraakbericht';
    case 'sticker': return '🙂 Sticker';
    case 'document': return `📄 ${b.filename ?? m.body.uploaded?.name ?? 'Document'}`;
    case 'location': return `📍 ${b.name ?? 'Locatie'}`;
    case 'contacts': return `👤 ${b[0]?.name?.formatted_name ?? 'Contact'}`;
    default: return 'Bericht';
  }
}

const wave = [4, 9, 14, 8, 18, 22, 12, 6, 16, 24, 19, 9, 13, 21, 15, 7, 11, 17, 10, 5, 12, 8, 4];

function voice() {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', `0 0 ${wave.length * 6} 28`);
  svg.setAttribute('aria-hidden', 'true');
  for (const [i, h] of wave.entries()) {
    const bar = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
    for (const [k, v] of Object.entries({ x: i * 6, y: 14 - h / 2, width: 3, height: h, rx: 1.5 })) bar.setAttribute(k, v);
    svg.append(bar);
  }
  return make('div', { class: 'voice' }, make('span', { class: 'play', 'aria-hidden': 'true' }, '▶'), svg,
    make('span', { class: 'unseen' }, 'Spraakbericht, '), '0:07');
}

function card(sign, title, sub, kind = '') {
  return make('div', { class: `card ${kind}` }, make('span', { class: 'sign', 'aria-hidden': 'true' }, sign),
    make('div', {}, make('b', {}, title), sub ? make('small', {}, sub) : null));
}

// What the bot gave as a file: name, kind and size.
const given = u => u && `${u.name} · ${u.mime_type} · ${u.size < 1e6 ? `${Math.ceil(u.size / 1e3)} kB` : `${(u.size / 1e6).toFixed(1)} MB`}`;

function photo(b, label, uploaded) {
  const what = b.link ?? given(uploaded);
  return [make('div', { class: 'photo', role: 'img', 'aria-label': uploaded ? `${label} ${uploaded.name}` : label },
    what ? make('small', {}, what) : null), b.caption ? make('div', {}, ...rich(b.caption)) : null];
}

function interactive(b, uploaded) {
  const h = b.header;
  return [
    h?.type === 'text' ? make('div', { class: 'header' }, h.text) : h ? photo(h[h.type], 'Kop', uploaded)[0] : null,
    make('div', {}, ...rich(b.body?.text ?? b.button_reply?.title ?? b.list_reply?.title ?? '')),
    b.list_reply?.description ? make('small', {}, b.list_reply.description) : null,
    b.footer ? make('div', { class: 'footer' }, b.footer.text) : null,
  ];
}

function content(m) {
  const b = m.body[m.type] ?? {}, u = m.body.uploaded;
  switch (m.type) {
    case 'text': return [make('div', {}, ...rich(b.body))];
    case 'template': return [make('div', {}, ...rich(m.body.shown ?? ''))];
    case 'interactive': return interactive(b, u);
    case 'image': return photo(b, 'Foto', u);
    case 'video': return photo(b, 'Video', u);
    case 'audio': return m.from === 'bot' && !b.voice ? [card('🎵', u?.name ?? 'Geluid', b.link ?? given(u))] : [voice(), u ? make('small', {}, given(u)) : null];
    case 'sticker': return [make('div', { class: 'sticker', role: 'img', 'aria-label': 'Sticker' }, '🐝'), u ? make('small', {}, given(u)) : null];
    case 'document': return [card('📄', b.filename ?? u?.name ?? 'Document', b.link ?? given(u) ?? 'PDF'), b.caption ? make('div', {}, ...rich(b.caption)) : null];
    case 'location': return [card('📍', b.name ?? 'Locatie', b.address ?? `${b.latitude}, ${b.longitude}`, 'map')];
    case 'contacts': return b.map(c => card('👤', c.name?.formatted_name ?? 'Contact', c.phones?.[0]?.phone));
    case 'unsupported': return [make('i', {}, 'Iets dat de Cloud API niet doorgeeft (een poll)')];
    default: return [make('i', {}, m.type)];
  }
}

// What can be tapped under a bubble. `on` has tap(m, id), list(m), location(m), number(m).
function under(m, on) {
  const b = m.body.interactive;
  if (m.from !== 'bot' || !b?.action) return null;
  const button = (sign, title, run, attributes = {}) => make('button', { type: 'button', onclick: run, ...attributes },
    make('span', { 'aria-hidden': 'true' }, sign), title);
  const rows = {
    button: () => b.action.buttons.map(x => button('↩', x.reply.title, () => on.tap(m, x.reply.id))),
    list: () => [button('☰', b.action.button, () => on.list(m), { 'aria-haspopup': 'dialog' })],
    cta_url: () => [outside(b.action.parameters.url, make('span', { 'aria-hidden': 'true' }, '↗'), b.action.parameters.display_text)],
    location_request_message: () => [button('📍', 'Locatie sturen', () => on.location(m))],
    request_contact_info: () => [button('👤', 'Mijn nummer delen', () => on.number(m))],
  }[b.type];
  return rows ? make('div', { class: 'under' }, ...rows()) : null;
}

export function bubble(m, quoted, on) {
  const mine = m.from === 'customer';
  const who = mine ? 'Klant' : m.from === 'owner' ? 'Eigenaar, in de Business-app' : 'Bot';
  const meta = make('span', { class: 'meta' }, m.from === 'owner' ? 'zelf getypt · ' : null,
    m.edited ? 'bewerkt ' : null, clock(m.at), ' ', m.from === 'owner' ? null : ticks(m));
  const inside = m.revoked ? [make('i', {}, '🚫 Bericht verwijderd')] : content(m);
  const body = make('div', { class: `bubble ${m.type}` },
    make('span', { class: 'unseen' }, `${who}: `),
    quoted ? make('blockquote', {}, gist(quoted).replace(/[*_~]/g, '').replace(/\s+/g, ' ').slice(0, 120)) : null, ...inside, meta,
    m.reaction ? make('span', { class: 'reaction', role: 'img', 'aria-label': `Reactie ${m.reaction}` }, m.reaction) : null);
  const more = m.revoked ? null : make('button', { type: 'button', class: 'more', 'aria-haspopup': 'dialog',
    'aria-label': `Meer bij: ${gist(m).slice(0, 60)}`, onclick: () => on.more(m) }, '⋯');
  return make('article', { class: `row ${mine ? 'out' : 'in'}${m.from === 'owner' ? ' owner' : ''}${m.reaction ? ' reacted' : ''}` },
    make('div', { class: 'stack' }, make('div', { class: 'line' }, body, more), under(m, on)));
}
