// What each method of the Bot API does to the world, for `api`, a BotApi: parameters in, result or Refusal out.
import { isDeepStrictEqual } from 'node:util';
import { CAPTION_MAX, TEXT_MAX, TOPIC_NAME_MAX, never, readMarkup, readText, refuse } from './bot_api_rules.mjs';
import { GENERAL, contentOf, isService } from './bot_api_world.mjs';

const DOWNLOAD_MAX = 20 * 1024 * 1024;
const ACTIONS = ['typing', 'upload_photo', 'record_video', 'upload_video', 'record_voice', 'upload_voice', 'upload_document',
  'choose_sticker', 'find_location', 'record_video_note', 'upload_video_note'];
const NOT_MODIFIED = 'message is not modified: specified new message content and reply markup are exactly the same as a ' +
  'current content and reply markup of the message';

// ---- Where a message goes ----

function threadOf(world, chat, id) {
  if (!id) return undefined;
  if (chat.shown.type === 'private' || id === GENERAL) throw never('message thread not found');
  if (!world.openTopic(chat, id)) throw refuse('message thread not found');
  return id;
}

function quotedBy(world, chat, reply) {
  if (!reply) return undefined;
  const record = world.find(chat, reply.message_id);
  if (!record && !reply.allow_sending_without_reply) throw refuse('message to be replied not found');
  return record;
}

function post(api, p, note, contentFor) {
  const { world } = api, chat = world.reachable(p.chat_id);
  const { inline, keyboard } = readMarkup(p.reply_markup, chat.shown.type === 'private', note);
  const content = contentFor(chat);
  const replyTo = quotedBy(world, chat, p.reply_parameters);
  const thread = threadOf(world, chat, p.message_thread_id) ?? replyTo?.message.message_thread_id;
  return world.put(chat, world.me, content, { thread, replyTo, inline, keyboard }).message;
}

// ---- What a message says ----

function textContent(p, note) {
  const { text, entities } = readText(p.text ?? '', p.parse_mode, p.entities, note);
  if (!text) throw never('message text is empty');
  if (text.length > TEXT_MAX) throw never('message is too long');
  return { text, ...(entities.length && { entities }) };
}

function captionContent(p, note) {
  const { text, entities } = readText(p.caption ?? '', p.parse_mode, p.caption_entities, note);
  if (text.length > CAPTION_MAX) throw never('message caption is too long');
  return { ...(text && { caption: text }), ...(entities.length && { caption_entities: entities }) };
}

// A file to send: an upload, the id of one that is known, or an address (which is not fetched here).
function fileToSend(api, kind, given, chat) {
  if (given?.bytes) {
    if (!given.bytes.length) throw never('file must be non-empty');
    const file = api.world.keepFile(kind, given);
    api.uploads.push({ chatId: chat.shown.id, kind, ...given, file_id: file.file_id });
    return file;
  }
  if (/^https?:\/\/./.test(given)) return api.world.keepFile(kind, { fileName: given.split('/').at(-1) });
  const file = api.world.files.get(given);
  if (!file) throw never('wrong file identifier/HTTP URL specified');
  if (file.kind !== kind && kind !== 'document') throw never(`can't use file of type ${file.kind} as ${kind}`);
  return file;
}

const sendFile = kind => (api, p, note) => post(api, p, note, chat => ({
  [kind]: api.world.media(kind, fileToSend(api, kind, p[kind], chat)), ...captionContent(p, note),
}));

function copied(api, p, note) {
  const from = api.world.reachable(p.from_chat_id), record = api.world.find(from, p.message_id);
  if (!record) throw refuse('message to copy not found');
  if (isService(record.message)) throw never('message can\'t be copied');
  const content = contentOf(record.message);
  if (p.caption === undefined || content.text || content.location) return content;
  const { caption: _was, caption_entities: _entities, ...media } = content;
  return { ...media, ...captionContent(p, note) };
}

// ---- Changing what was sent ----

function editable(api, p) {
  const record = api.world.find(api.world.reachable(p.chat_id), p.message_id);
  if (!record) throw refuse('message to edit not found');
  if (record.message.from.id !== api.world.me.id || isService(record.message)) throw never('message can\'t be edited');
  return record;
}

function edit(api, p, note, contentFor) {
  const record = editable(api, p), { message } = record;
  const { inline } = readMarkup(p.reply_markup, message.chat.type === 'private', note);
  const content = contentFor(message);
  const was = { text: message.text, entities: message.entities };
  const sameText = !('text' in content) || isDeepStrictEqual({ entities: undefined, ...content }, was);
  if (sameText && isDeepStrictEqual(inline, message.reply_markup)) throw refuse(NOT_MODIFIED);
  api.world.change(record, content, inline);
  return message;
}

function newText(message, p, note) {
  if (message.text === undefined) throw never('there is no text in the message to edit');
  return textContent(p, note);
}

function removeMessage(api, p) {
  const chat = api.world.reachable(p.chat_id), record = api.world.find(chat, p.message_id);
  if (!record) throw refuse('message to delete not found');
  if (record.message.forum_topic_created) throw never('message can\'t be deleted');
  api.world.drop(chat, record);
  return true;
}

// ---- Topics ----

function forumToManage(api, p, what) {
  const chat = api.world.reachable(p.chat_id);
  if (!chat.shown.is_forum) throw refuse('the chat is not a forum');
  if (!chat.canManageTopics) throw refuse(`not enough rights to ${what}`);
  return chat;
}

function checkTopicName(name) {
  const length = [...name].length;
  if (!name.trim()) throw never('title must be non-empty');
  if (length > TOPIC_NAME_MAX) throw never(`topic name of ${length} characters, at most ${TOPIC_NAME_MAX}`);
}

function topicToManage(api, p, what) {
  const chat = forumToManage(api, p, what), topic = api.world.openTopic(chat, p.message_thread_id);
  if (!topic) throw refuse('TOPIC_ID_INVALID');
  return { chat, topic };
}

function createForumTopic(api, p) {
  const chat = forumToManage(api, p, 'create a topic');
  checkTopicName(p.name ?? '');
  const { message_thread_id, name, icon_color } = api.world.createTopic(chat, api.world.me, p.name, p.icon_color);
  return { message_thread_id, name, icon_color };
}

function editForumTopic(api, p) {
  const { chat, topic } = topicToManage(api, p, 'edit the topic');
  if (p.name) checkTopicName(p.name);
  const renamed = p.name && p.name !== topic.name;
  if (!renamed && p.icon_custom_emoji_id === undefined) throw refuse('TOPIC_NOT_MODIFIED');
  if (!renamed) return true;
  topic.name = p.name;
  api.world.put(chat, api.world.me, { forum_topic_edited: { name: p.name } }, { thread: topic.message_thread_id });
  return true;
}

const setClosed = closed => (api, p) => {
  const { chat, topic } = topicToManage(api, p, closed ? 'close the topic' : 'reopen the topic');
  if (topic.closed === closed) throw refuse('TOPIC_NOT_MODIFIED');
  api.world.setClosed(chat, api.world.me, topic, closed);
  return true;
};

function deleteForumTopic(api, p) {
  const { chat, topic } = topicToManage(api, p, 'delete the topic');
  api.world.dropTopic(chat, topic);
  return true;
}

// ---- The rest ----

function answerCallbackQuery(api, p) {
  const query = api.world.queries.get(p.callback_query_id);
  const gone = 'query is too old and response timeout expired or query ID is invalid';
  if (query?.answered) throw never(gone);
  if (!query || query.expired) throw refuse(gone);
  if ((p.text ?? '').length > 200) throw never('MESSAGE_TOO_LONG');
  Object.assign(query, { answered: true, text: p.text, alert: p.show_alert ?? false });
  return true;
}

function sendChatAction(api, p) {
  const chat = api.world.reachable(p.chat_id);
  if (!ACTIONS.includes(p.action)) throw never('wrong parameter action in request');
  if (p.message_thread_id !== GENERAL) threadOf(api.world, chat, p.message_thread_id);
  return true;
}

function setMyCommands(api, p) {
  const commands = p.commands ?? [];
  if (commands.length > 100) throw never('BOT_COMMANDS_TOO_MUCH');
  for (const { command, description } of commands) {
    if (!/^[a-z0-9_]{1,32}$/.test(command)) throw never('BOT_COMMAND_INVALID');
    if (!(description?.length >= 1 && description.length <= 256)) throw never('BOT_COMMAND_DESCRIPTION_INVALID');
  }
  api.commands[`${p.scope?.type ?? 'default'}${p.scope?.chat_id ?? ''}/${p.language_code ?? ''}`] = commands;
  return true;
}

function getFile(api, p) {
  const file = api.world.files.get(p.file_id);
  if (!file) throw refuse('invalid file_id');
  if (file.bytes.length > DOWNLOAD_MAX) throw refuse('file is too big');
  const { file_id, file_unique_id, file_path } = file;
  return { file_id, file_unique_id, file_size: file.bytes.length, file_path };
}

function getChat(api, p) {
  const chat = api.world.reachable(p.chat_id);
  return { ...chat.shown, accent_color_id: 0, max_reaction_count: 11 };
}

export const HANDLERS = {
  getMe: api => ({
    ...api.world.me, can_join_groups: true, can_read_all_group_messages: false, supports_inline_queries: false,
    has_topics_enabled: false,
  }),
  sendMessage: (api, p, note) => post(api, p, note, () => textContent(p, note)),
  copyMessage: (api, p, note) => ({ message_id: post(api, p, note, () => copied(api, p, note)).message_id }),
  sendPhoto: sendFile('photo'),
  sendDocument: sendFile('document'),
  sendVoice: sendFile('voice'),
  sendVideo: sendFile('video'),
  sendAudio: sendFile('audio'),
  sendSticker: sendFile('sticker'),
  sendLocation: (api, p, note) => post(api, p, note, () => ({ location: { latitude: p.latitude, longitude: p.longitude } })),
  editMessageText: (api, p, note) => edit(api, p, note, message => newText(message, p, note)),
  editMessageReplyMarkup: (api, p, note) => edit(api, p, note, () => ({})),
  deleteMessage: removeMessage,
  answerCallbackQuery,
  sendChatAction,
  setMyCommands,
  getChat,
  createForumTopic,
  editForumTopic,
  closeForumTopic: setClosed(true),
  reopenForumTopic: setClosed(false),
  deleteForumTopic,
  getFile,
};
