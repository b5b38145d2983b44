// text.js -- WhatsApp's marks and links as nodes. Never HTML: only text nodes and known elements.

const marks = { '*': 'strong', '_': 'em', '~': 's', '`': 'code' };
const link = /https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]'*_~]/g;

export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'class') node.className = value;
    else if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.filter(c => c !== null && c !== undefined));
  return node;
}

// A mark counts when it touches text on its inside and none on its outside, as in WhatsApp.
function closing(s, open, mark) {
  if (open > 0 && /[\p{L}\p{N}]/u.test(s[open - 1])) return -1;
  if (!s[open + 1] || /[\s]/.test(s[open + 1]) || s[open + 1] === mark) return -1;
  for (let i = s.indexOf(mark, open + 2); i !== -1; i = s.indexOf(mark, i + 1)) {
    if (s.slice(open, i).includes('\n')) return -1;
    if (!/\s/.test(s[i - 1]) && !/[\p{L}\p{N}]/u.test(s[i + 1] ?? ' ')) return i;
  }
  return -1;
}

function marked(s) {
  const nodes = [];
  let plain = '';
  for (let i = 0; i < s.length; i++) {
    const end = marks[s[i]] ? closing(s, i, s[i]) : -1;
    if (end === -1) { plain += s[i]; continue; }
    if (plain) nodes.push(document.createTextNode(plain));
    plain = '';
    const inside = s.slice(i + 1, end);
    nodes.push(make(marks[s[i]], {}, ...(s[i] === '`' ? [inside] : marked(inside))));
    i = end;
  }
  if (plain) nodes.push(document.createTextNode(plain));
  return nodes;
}

export function rich(s) {
  const nodes = [];
  let at = 0;
  for (const found of s.matchAll(link)) {
    nodes.push(...marked(s.slice(at, found.index)));
    nodes.push(outside(found[0], found[0]));
    at = found.index + found[0].length;
  }
  nodes.push(...marked(s.slice(at)));
  return nodes;
}

// A link that leaves: only when a person follows it, and without telling where from.
export function outside(url, ...children) {
  const safe = /^https?:\/\//i.test(url);
  return make('a', { href: safe ? url : null, target: '_blank', rel: 'noopener noreferrer' }, ...children);
}

export const clock = ms => new Date(ms).toLocaleTimeString('nl-NL', { hour: '2-digit', minute: '2-digit' });
export const day = ms => new Date(ms).toLocaleDateString('nl-NL', { weekday: 'long', day: 'numeric', month: 'long' });

export function phoneNumber(digits) {
  const dutch = /^31(6|[1-9]\d)(\d{7,8})$/.exec(digits);
  return dutch ? `+31 ${dutch[1]} ${dutch[2]}` : `+${digits}`;
}
