// What Telegram's Bot API takes: parameters of each method, formatted text, keyboards. Pure: values in, values or a
// Refusal out. `note` is told what the real server lets pass and a careful client never sends.
// Sources: Telegram Bot API 10.3; descriptions of errors as the open-source server tdlib/telegram-bot-api gives them.

export class Refusal extends Error {
  constructor(code, description, { parameters, violation = false } = {}) {
    super(description);
    Object.assign(this, { code, parameters, violation });
  }
}

// What may happen to any client.
export const refuse = why => new Refusal(400, `Bad Request: ${why}`);
export const forbid = why => new Refusal(403, `Forbidden: ${why}`);
export const conflict = why => new Refusal(409, `Conflict: ${why}`);
export const slowDown = seconds =>
  new Refusal(429, `Too Many Requests: retry after ${seconds}`, { parameters: { retry_after: seconds } });
// What no client should ever ask.
export const never = why => new Refusal(400, `Bad Request: ${why}`, { violation: true });

export const TEXT_MAX = 4096;
export const CAPTION_MAX = 1024;
export const TOPIC_NAME_MAX = 128;
const BUTTON_DATA_MAX = 64;

// ---- Parameters: name and type; '!' is required. A chat is a number here, though Telegram also takes '@names'. ----

const SEND = {
  business_connection_id: 'string', chat_id: 'int!', message_thread_id: 'int', direct_messages_topic_id: 'int',
  disable_notification: 'bool', protect_content: 'bool', allow_paid_broadcast: 'bool', message_effect_id: 'string',
  suggested_post_parameters: 'object', reply_parameters: 'object', reply_markup: 'object',
};
const CAPTION = { caption: 'string', parse_mode: 'string', caption_entities: 'array', show_caption_above_media: 'bool' };
const EDIT = {
  business_connection_id: 'string', chat_id: 'int!', message_id: 'int!', inline_message_id: 'string', reply_markup: 'object',
};
const TOPIC = { chat_id: 'int!', message_thread_id: 'int!' };

export const METHODS = {
  getMe: {},
  getUpdates: { offset: 'int', limit: 'int', timeout: 'int', allowed_updates: 'array' },
  setWebhook: {
    url: 'string!', certificate: 'file', ip_address: 'string', max_connections: 'int', allowed_updates: 'array',
    drop_pending_updates: 'bool', secret_token: 'string',
  },
  deleteWebhook: { drop_pending_updates: 'bool' },
  getWebhookInfo: {},
  sendMessage: { ...SEND, text: 'string!', parse_mode: 'string', entities: 'array', link_preview_options: 'object' },
  copyMessage: {
    ...SEND, ...CAPTION, from_chat_id: 'int!', message_id: 'int!', video_start_timestamp: 'int',
  },
  sendPhoto: { ...SEND, ...CAPTION, photo: 'file!', has_spoiler: 'bool' },
  sendDocument: {
    ...SEND, ...CAPTION, document: 'file!', thumbnail: 'file', disable_content_type_detection: 'bool',
    show_caption_above_media: undefined,
  },
  sendVoice: { ...SEND, ...CAPTION, voice: 'file!', duration: 'int', show_caption_above_media: undefined },
  sendVideo: {
    ...SEND, ...CAPTION, video: 'file!', duration: 'int', width: 'int', height: 'int', thumbnail: 'file', cover: 'file',
    start_timestamp: 'int', has_spoiler: 'bool', supports_streaming: 'bool',
  },
  sendAudio: {
    ...SEND, ...CAPTION, audio: 'file!', duration: 'int', performer: 'string', title: 'string', thumbnail: 'file',
    show_caption_above_media: undefined,
  },
  sendSticker: { ...SEND, sticker: 'file!', emoji: 'string' },
  sendLocation: {
    ...SEND, latitude: 'float!', longitude: 'float!', horizontal_accuracy: 'float', live_period: 'int', heading: 'int',
    proximity_alert_radius: 'int',
  },
  editMessageText: { ...EDIT, text: 'string!', parse_mode: 'string', entities: 'array', link_preview_options: 'object' },
  editMessageReplyMarkup: EDIT,
  deleteMessage: { chat_id: 'int!', message_id: 'int!' },
  answerCallbackQuery: {
    callback_query_id: 'string!', text: 'string', show_alert: 'bool', url: 'string', cache_time: 'int',
  },
  sendChatAction: { business_connection_id: 'string', chat_id: 'int!', message_thread_id: 'int', action: 'string!' },
  setMyCommands: { commands: 'array!', scope: 'object', language_code: 'string' },
  getChat: { chat_id: 'int!' },
  createForumTopic: { chat_id: 'int!', name: 'string!', icon_color: 'int', icon_custom_emoji_id: 'string' },
  editForumTopic: { ...TOPIC, name: 'string', icon_custom_emoji_id: 'string' },
  closeForumTopic: TOPIC,
  reopenForumTopic: TOPIC,
  deleteForumTopic: TOPIC,
  getFile: { file_id: 'string!' },
};

// What is inside the parameters that are objects.
const INSIDE = {
  reply_parameters: {
    message_id: 'int!', chat_id: 'int', allow_sending_without_reply: 'bool', quote: 'string', quote_parse_mode: 'string',
    quote_entities: 'array', quote_position: 'int', checklist_task_id: 'int',
  },
  link_preview_options: {
    is_disabled: 'bool', url: 'string', prefer_small_media: 'bool', prefer_large_media: 'bool', show_above_text: 'bool',
  },
};

// The calls that count as messages in a group's rate; edits count too.
export const PACED = new Set(['sendMessage', 'copyMessage', 'sendPhoto', 'sendDocument', 'sendVoice', 'sendVideo',
  'sendAudio', 'sendSticker', 'sendLocation', 'editMessageText', 'editMessageReplyMarkup']);

// Method names are case-insensitive.
const BY_NAME = new Map(Object.keys(METHODS).map(name => [name.toLowerCase(), name]));
export const methodNamed = name => BY_NAME.get(name.toLowerCase());

const isObject = value => typeof value === 'object' && value !== null && !Array.isArray(value);
const HAS_TYPE = {
  int: Number.isSafeInteger,
  float: Number.isFinite,
  bool: value => typeof value === 'boolean',
  string: value => typeof value === 'string',
  array: Array.isArray,
  object: isObject,
  file: value => typeof value === 'string' || (isObject(value) && Buffer.isBuffer(value.bytes)),
};

// A value as the real server reads it: it takes numbers, booleans and JSON in strings, and numbers where text is asked.
function readAs(type, value, name) {
  if (HAS_TYPE[type](value)) return value;
  if (type === 'string') return typeof value === 'object' ? JSON.stringify(value) : String(value);
  if (typeof value !== 'string') return undefined;
  if (type === 'bool') return /^(true|yes|1)$/i.test(value);
  if (type === 'int' || type === 'float') return Number.isFinite(Number(value)) ? Number(value) : undefined;
  try {
    const tree = JSON.parse(value);
    if (HAS_TYPE[type](tree)) return tree;
  } catch { /* told below */ }
  throw never(`can't parse ${name.replaceAll('_', ' ')} JSON object`);
}

function readFields(types, given, note, { strings = false, where = '' } = {}) {
  const read = {};
  for (const [name, value] of Object.entries(given)) {
    const type = types[name]?.replace('!', '');
    if (!type) { note(`unknown parameter ${where}${name}`); continue; }
    if (!strings && !HAS_TYPE[type](value)) note(`${where}${name} is no ${type}: ${JSON.stringify(value)}`);
    if (value !== null) read[name] = readAs(type, value, name);
    if (INSIDE[name] && read[name]) read[name] = readFields(INSIDE[name], read[name], note, { where: `${name}.` });
  }
  for (const [name, type] of Object.entries(types))
    if (type?.endsWith('!') && read[name] === undefined) note(`${where}${name} is missing`);
  return read;
}

// The parameters of a call; `strings` when they came as a form, where everything is text.
export function readParameters(method, given, note, strings) {
  return readFields(METHODS[method], given, note, { strings });
}

// ---- Text ----

const TAGS = {
  b: 'bold', strong: 'bold', i: 'italic', em: 'italic', u: 'underline', ins: 'underline', s: 'strikethrough',
  strike: 'strikethrough', del: 'strikethrough', code: 'code', pre: 'pre', a: 'text_link', blockquote: 'blockquote',
  span: 'spoiler', 'tg-spoiler': 'spoiler', 'tg-emoji': 'custom_emoji',
};
const NAMED = { lt: '<', gt: '>', amp: '&', quot: '"' };

function matchAt(pattern, text, at) {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function decodeEntity(code) {
  if (code[0] !== '#') return NAMED[code];
  const point = /^#x/i.test(code) ? parseInt(code.slice(2), 16) : parseInt(code.slice(1), 10);
  return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : undefined;
}

const decoded = text => text.replace(/&(#?\w+);/g, (all, code) => decodeEntity(code) ?? all);

function readAttributes(source) {
  const pairs = source.matchAll(/([a-z0-9-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/gi);
  return Object.fromEntries([...pairs].map(m => [m[1].toLowerCase(), decoded(m[2] ?? m[3] ?? m[4] ?? '')]));
}

// What a tag means, once closed, beside its place.
function meaning(tag, attributes, inner) {
  const type = TAGS[tag];
  if (type === 'text_link') return { type, url: attributes.href ?? inner };
  if (type === 'custom_emoji') return { type, custom_emoji_id: attributes['emoji-id'] };
  if (type === 'blockquote' && 'expandable' in attributes) return { type: 'expandable_blockquote' };
  return { type };
}

// HTML of the Bot API to plain text and entities, in UTF-16 units.
export function parseHtml(html, note) {
  const open = [], entities = [];
  const fault = (what, at) => never(`can't parse entities: ${what} at byte offset ${Buffer.byteLength(html.slice(0, at))}`);
  let text = '';

  function startTag(at) {
    const [opening, rawName] = matchAt(/<([^\s>]*)/y, html, at);
    const tag = rawName.toLowerCase();
    if (at + opening.length >= html.length) throw fault('Unclosed start tag', at);
    if (!TAGS[tag]) throw fault(`Unsupported start tag "${tag}"`, at);
    const rest = matchAt(/((?:\s+[a-z0-9-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?)*)\s*>/iy, html, at + opening.length);
    if (!rest) throw fault('Unclosed start tag', at);
    const attributes = readAttributes(rest[1]);
    if (tag === 'span' && attributes.class !== 'tg-spoiler') throw fault('Tag "span" must have class "tg-spoiler"', at);
    open.push({ tag, attributes, offset: text.length });
    return at + opening.length + rest[0].length;
  }

  function endTag(at) {
    const closing = matchAt(/<\/([^\s>]*)\s*>/y, html, at);
    if (!closing) throw fault('Unclosed end tag', at);
    const last = open.pop(), name = closing[1].toLowerCase();
    if (!last) throw fault('Unexpected end tag', at);
    if (name && name !== last.tag)
      throw never(`can't parse entities: Unmatched end tag at byte offset ${Buffer.byteLength(html.slice(0, at))}, ` +
        `expected "</${last.tag}>", found "</${name}>"`);
    const inner = text.slice(last.offset);
    if (inner) entities.push({ ...meaning(last.tag, last.attributes, inner), offset: last.offset, length: inner.length });
    return at + closing[0].length;
  }

  function plain(at) {
    const entity = matchAt(/&(#?\w+);/y, html, at);
    const known = entity ? decodeEntity(entity[1]) : undefined;
    if (known === undefined && /[&>]/.test(html[at]))
      note(`can't parse entities: unescaped ${html[at]} at byte offset ${Buffer.byteLength(html.slice(0, at))}`);
    text += known ?? html[at];
    return at + (known === undefined ? 1 : entity[0].length);
  }

  for (let at = 0; at < html.length;)
    at = html[at] !== '<' ? plain(at) : html[at + 1] === '/' ? endTag(at) : startTag(at);
  if (open.length) throw never(`can't parse entities: Can't find end tag corresponding to start tag "${open.at(-1).tag}"`);
  return { text, entities: entities.sort((a, b) => a.offset - b.offset || b.length - a.length) };
}

// The server strips white space at both ends, and moves the entities along.
function trimmed({ text, entities }) {
  const start = text.length - text.trimStart().length, end = text.trimEnd().length;
  const moved = entities.map(e => {
    const from = Math.max(e.offset, start), to = Math.min(e.offset + e.length, end);
    return { ...e, offset: from - start, length: to - from };
  });
  return { text: text.slice(start, Math.max(start, end)), entities: moved.filter(e => e.length > 0) };
}

function checkEntities(text, entities) {
  for (const e of entities)
    if (!isObject(e) || typeof e.type !== 'string' || !Number.isInteger(e.offset) || !Number.isInteger(e.length) ||
        e.offset < 0 || e.length < 1 || e.offset + e.length > text.length)
      throw never(`can't parse entities: wrong entity ${JSON.stringify(e)}`);
}

// Text with its parse mode or entities, to what is shown.
export function readText(source, mode, entities, note) {
  if (mode && entities) note('parse_mode beside entities');
  if (mode?.toLowerCase() === 'html') return trimmed(parseHtml(source, note));
  if (mode && !/^markdown(v2)?$/i.test(mode)) throw never('unsupported parse_mode');
  if (mode) note(`parse_mode ${mode} is not read by this stand-in`);
  checkEntities(source, entities ?? []);
  return trimmed({ text: source, entities: entities ?? [] });
}

// The commands in what a person types, as Telegram marks them.
export function findCommands(text) {
  return [...text.matchAll(/(?<=^|\s)\/[a-z0-9_]{1,64}(?:@\w+)?/gi)]
    .map(m => ({ type: 'bot_command', offset: m.index, length: m[0].length }));
}

// ---- Keyboards ----

const ACTIONS = ['url', 'callback_data', 'web_app', 'login_url', 'switch_inline_query', 'switch_inline_query_current_chat',
  'switch_inline_query_chosen_chat', 'copy_text', 'callback_game', 'pay'];
const LOOKS = ['text', 'style', 'icon_custom_emoji_id'];

function checkRows(rows, what, checkButton) {
  if (!Array.isArray(rows) || !rows.every(Array.isArray)) throw never(`object expected as ${what}`);
  for (const button of rows.flat()) checkButton(button);
}

function checkInlineButton(button, note) {
  const wrong = why => never(`can't parse inline keyboard button: ${why}`);
  if (!isObject(button)) throw wrong('InlineKeyboardButton must be an Object');
  if (typeof button.text !== 'string') throw wrong('Field "text" must be of type String');
  for (const name of Object.keys(button))
    if (![...ACTIONS, ...LOOKS].includes(name)) note(`unknown field ${name} of an inline button`);
  const actions = ACTIONS.filter(name => name in button);
  if (!actions.length || !button.text.trim()) throw wrong('Text buttons are unallowed in the inline keyboard');
  if (actions.length > 1) note(`a button with more than one action: ${actions}`);
  if ('callback_data' in button) checkButtonData(button.callback_data);
  if ('url' in button && !/^(https?|tg):\/\/./.test(button.url))
    throw never(`inline keyboard button URL '${button.url}' is invalid: Wrong HTTP URL`);
}

function checkButtonData(data) {
  const bytes = typeof data === 'string' ? Buffer.byteLength(data) : 0;
  if (bytes < 1 || bytes > BUTTON_DATA_MAX) throw never('BUTTON_DATA_INVALID');
}

function checkKey(key, isPrivate) {
  if (typeof (isObject(key) ? key.text : key) !== 'string') throw never('can\'t parse keyboard button');
  if (key.request_contact && !isPrivate) throw never('phone number can be requested in private chats only');
  if (key.request_location && !isPrivate) throw never('location can be requested in private chats only');
}

// Which kind of markup this is: { inline } or { keyboard }; an empty inline keyboard is none.
export function readMarkup(markup, isPrivate, note) {
  if (!markup) return {};
  const kinds = ['inline_keyboard', 'keyboard', 'remove_keyboard', 'force_reply'].filter(kind => kind in markup);
  if (kinds.length !== 1) throw never('object expected as reply markup');
  if (kinds[0] === 'inline_keyboard') {
    checkRows(markup.inline_keyboard, 'inline keyboard', button => checkInlineButton(button, note));
    return markup.inline_keyboard.flat().length ? { inline: markup } : {};
  }
  if (kinds[0] === 'keyboard') checkRows(markup.keyboard, 'keyboard', key => checkKey(key, isPrivate));
  return { keyboard: markup };
}
