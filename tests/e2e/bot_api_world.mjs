// What Telegram keeps: people, chats with their topics and messages, files, and the updates a bot has not confirmed.
import { forbid, never, refuse } from './bot_api_rules.mjs';

export const GENERAL = 1;
const BITS_32 = 0xffffffff;
const SUPERGROUPS_BELOW = -1000000000000;
const TOPIC_COLOUR = 7322096;
// A list without these is what a bot gets that never asked.
const NOT_BY_DEFAULT = ['chat_member', 'message_reaction', 'message_reaction_count'];
const FOLDERS = {
  photo: 'photos', document: 'documents', voice: 'voice', video: 'videos', audio: 'music', sticker: 'stickers',
};
const ENDINGS = { 'image/jpeg': 'jpg', 'image/png': 'png', 'audio/ogg': 'oga', 'video/mp4': 'mp4', 'audio/mpeg': 'mp3',
  'application/pdf': 'pdf', 'image/webp': 'webp' };
const SERVICE = ['forum_topic_created', 'forum_topic_edited', 'forum_topic_closed', 'forum_topic_reopened'];
export const MEDIA = ['photo', 'document', 'voice', 'video', 'audio', 'sticker'];
const CONTENT = ['text', 'entities', 'caption', 'caption_entities', 'location', ...MEDIA];

const now = () => Math.floor(Date.now() / 1000);
export const isService = message => SERVICE.some(field => field in message);
export const contentOf = message =>
  structuredClone(Object.fromEntries(CONTENT.filter(field => field in message).map(field => [field, message[field]])));

export class World {
  people = new Map();
  chats = new Map();
  files = new Map();
  queries = new Map();
  updates = [];
  allowed = [];
  onUpdate = () => {};
  #updateId = 710000000 + Math.floor(Math.random() * 1000);
  #privateMessageId = 0;
  #serial = 0;

  constructor(me) { this.me = me; }

  // ---- Updates ----

  tell(type, payload) {
    const wanted = this.allowed.length ? this.allowed.includes(type) : !NOT_BY_DEFAULT.includes(type);
    if (!wanted) return;
    this.updates.push(structuredClone({ update_id: ++this.#updateId, [type]: payload }));
    this.onUpdate();
  }

  // An offset confirms what is before it; a negative one leaves only the last so many.
  confirm(offset) {
    this.updates = offset < 0 ? this.updates.slice(offset) : this.updates.filter(u => u.update_id >= offset);
  }

  // ---- Who and where ----

  addPerson({ id, first_name = `Person ${id}`, ...rest }) {
    if (!Number.isSafeInteger(id) || id <= BITS_32)
      throw new Error(`${id}: ids of people here exceed 32 bits, as real ones do`);
    const person = { id, is_bot: false, first_name, language_code: 'nl', ...rest };
    this.people.set(id, person);
    return person;
  }

  person(id) { return this.people.get(id) ?? this.addPerson({ id }); }

  addPrivate(person) {
    const { is_bot: _bot, language_code: _language, ...names } = this.addPerson(person);
    this.#addChat({ ...names, type: 'private' }, { blocked: false });
  }

  addForum({ id, title, forum = true, canManageTopics = true }) {
    if (!Number.isSafeInteger(id) || id >= SUPERGROUPS_BELOW) throw new Error(`${id}: a supergroup's id starts with -100`);
    this.#addChat({ id, type: 'supergroup', title, ...(forum && { is_forum: true }) }, { canManageTopics, kicked: false });
  }

  // In a group, message 1 is the notice of its making, which is why General is topic 1.
  #addChat(shown, hidden) {
    this.chats.set(shown.id, { shown, records: [], topics: new Map(), messageId: GENERAL, ...hidden });
  }

  // For the test's side: a chat that must be there.
  chat(id) {
    const chat = this.chats.get(id);
    if (!chat) throw new Error(`the test knows no chat ${id}`);
    return chat;
  }

  // For the bot's side: a chat that it may write in.
  reachable(id) {
    if (!id) throw never('chat_id is empty');
    const chat = this.chats.get(id);
    if (!chat && this.people.has(id)) throw forbid('bot can\'t initiate conversation with a user');
    if (!chat) throw refuse('chat not found');
    if (chat.blocked) throw forbid('bot was blocked by the user');
    if (chat.kicked) throw forbid('bot was kicked from the supergroup chat');
    return chat;
  }

  // The bot's own membership changes, by a person's hand.
  membership(chat, from, status, was) {
    const as = s => ({ user: this.me, status: s, ...(s === 'kicked' && { until_date: 0 }) });
    const change = { old_chat_member: as(was), new_chat_member: as(status) };
    this.tell('my_chat_member', { chat: chat.shown, from, date: now(), ...change });
  }

  setBlocked(userId, blocked) {
    const chat = this.chat(userId);
    if (chat.blocked === blocked) return;
    chat.blocked = blocked;
    this.membership(chat, this.person(userId), blocked ? 'kicked' : 'member', blocked ? 'member' : 'kicked');
  }

  setKicked(chatId, userId, kicked) {
    const chat = this.chat(chatId);
    chat.kicked = kicked;
    this.membership(chat, this.person(userId), kicked ? 'kicked' : 'administrator', kicked ? 'administrator' : 'kicked');
  }

  // ---- Topics ----

  createTopic(chat, from, name, icon_color = TOPIC_COLOUR) {
    const { message } = this.put(chat, from, { forum_topic_created: { name, icon_color } });
    Object.assign(message, { message_thread_id: message.message_id, is_topic_message: true });
    const topic = { message_thread_id: message.message_id, name, icon_color, closed: false, deleted: false };
    chat.topics.set(topic.message_thread_id, topic);
    return topic;
  }

  setClosed(chat, from, topic, closed) {
    topic.closed = closed;
    const notice = { [closed ? 'forum_topic_closed' : 'forum_topic_reopened']: {} };
    return this.put(chat, from, notice, { thread: topic.message_thread_id });
  }

  dropTopic(chat, topic) {
    topic.deleted = true;
    chat.records = chat.records.filter(r => r.message.message_thread_id !== topic.message_thread_id);
  }

  // ---- Messages ----

  nextMessageId(chat) { return chat.shown.type === 'private' ? ++this.#privateMessageId : ++chat.messageId; }

  // In a topic, what answers nothing else answers the notice that opened it.
  put(chat, from, content, { thread, replyTo, inline, keyboard, group } = {}) {
    const message = { message_id: this.nextMessageId(chat), date: now(), from, chat: chat.shown, ...content };
    if (thread) Object.assign(message, { message_thread_id: thread, is_topic_message: true });
    const quoted = replyTo ?? (thread ? this.find(chat, thread) : undefined);
    if (quoted) message.reply_to_message = this.#quote(quoted.message);
    if (group) message.media_group_id = group;
    if (inline) message.reply_markup = inline;
    const record = { message, keyboard, edited: false };
    chat.records.push(record);
    return record;
  }

  // As a message is shown inside its answer: without what it answers itself.
  #quote({ reply_to_message: _inner, ...message }) { return structuredClone(message); }

  find(chat, messageId) { return chat.records.find(r => r.message.message_id === messageId); }

  drop(chat, record) { chat.records = chat.records.filter(r => r !== record); }

  change(record, content, inline) {
    const { message } = record;
    if ('text' in content) {
      delete message.entities;
      Object.assign(message, content, { edit_date: now() });
    }
    delete message.reply_markup;
    if (inline) message.reply_markup = inline;
    record.edited = true;
  }

  // ---- What people do ----

  receive(chatId, userId, content, { thread, replyTo, group } = {}) {
    const chat = this.chat(chatId);
    if (chat.blocked) throw new Error(`${userId} has blocked the bot and cannot write`);
    const quoted = replyTo === undefined ? undefined : this.find(chat, replyTo);
    if (replyTo !== undefined && !quoted) throw new Error(`no message ${replyTo} in ${chatId} to reply to`);
    const where = thread === GENERAL ? undefined : thread ?? quoted?.message.message_thread_id;
    if (where && !this.openTopic(chat, where)) throw new Error(`no topic ${where} in ${chatId}`);
    const { message } = this.put(chat, this.person(userId), content, { thread: where, replyTo: quoted, group });
    if (!chat.kicked) this.tell('message', message);
    return structuredClone(message);
  }

  openTopic(chat, thread) {
    const topic = chat.topics.get(thread);
    return topic && !topic.deleted ? topic : undefined;
  }

  edit(chatId, messageId, content) {
    const record = this.find(this.chat(chatId), messageId);
    if (!record || record.message.from.is_bot) throw new Error(`no message of a person ${messageId} in ${chatId}`);
    this.change(record, content);
    this.tell('edited_message', record.message);
  }

  press(userId, chatId, messageId, data) {
    const chat = this.chat(chatId), record = this.find(chat, messageId);
    const buttons = record?.message.reply_markup?.inline_keyboard.flat() ?? [];
    if (!buttons.some(b => b.callback_data === data))
      throw new Error(`no button ${data} on message ${messageId} of ${chatId}: ${JSON.stringify(buttons)}`);
    if (chat.blocked) throw new Error(`${userId} has blocked the bot and cannot press`);
    const id = String(4200000000000000n + BigInt(++this.#serial));
    this.queries.set(id, { answered: false, expired: false });
    const from = this.person(userId), { message } = record;
    this.tell('callback_query', { id, from, message, chat_instance: String(-chatId), data });
    return id;
  }

  // ---- Files ----

  keepFile(kind, { bytes = Buffer.alloc(0), mime = 'application/octet-stream', fileName }) {
    const n = ++this.#serial, ending = /\.(\w+)$/.exec(fileName ?? '')?.[1] ?? ENDINGS[mime] ?? 'bin';
    const file = {
      kind, bytes: Buffer.from(bytes), mime, fileName, file_id: `AgACAgQAAx-${kind}-${n}`, file_unique_id: `AQAD${n}`,
      file_path: `${FOLDERS[kind]}/file_${n}.${ending}`,
    };
    this.files.set(file.file_id, file);
    return file;
  }

  // What a message carries of a kind, from a kept file.
  media(kind, file) {
    const { file_id, file_unique_id, mime: mime_type, fileName: file_name } = file;
    const base = { file_id, file_unique_id, file_size: file.bytes.length };
    const named = { ...base, ...(file_name && { file_name }), mime_type };
    switch (kind) {
      case 'photo': return [{ ...this.#thumbnail(file), width: 90, height: 60 }, { ...base, width: 1280, height: 853 }];
      case 'document': return named;
      case 'voice': return { ...base, mime_type, duration: 3 };
      case 'audio': return { ...named, duration: 30 };
      case 'video': return { ...named, width: 1280, height: 720, duration: 5 };
      case 'sticker':
        return { ...base, type: 'regular', width: 512, height: 512, is_animated: false, is_video: false };
      default: throw new Error(`no kind of media ${kind}`);
    }
  }

  #thumbnail(file) {
    file.small ??= this.keepFile('photo', { ...file, fileName: undefined });
    return { file_id: file.small.file_id, file_unique_id: file.small.file_unique_id, file_size: file.small.bytes.length };
  }
}
