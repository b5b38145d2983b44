// A strict stand-in for Telegram's Bot API server, with forum topics. The bot talks HTTP to `url`; the test plays the
// people (say, press, block, ...), scripts faults (failNext) and looks at what became of it (messages, topics, calls).
// What a real client should never send is answered as Telegram would and stands in `violations`, which tests expect empty.
import { createServer } from 'node:http';
import { once } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import { Delivery } from './bot_api_delivery.mjs';
import { HANDLERS } from './bot_api_methods.mjs';
import { PACED, Refusal, findCommands, methodNamed, never, readParameters, slowDown } from './bot_api_rules.mjs';
import { GENERAL, World, isService } from './bot_api_world.mjs';

const BODY_MAX = 50 * 1024 * 1024;
const MINUTE_MS = 60000;
const OWNER = 5000000001;
const STATUS = {
  400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found', 413: 'Request Entity Too Large',
  500: 'Internal Server Error', 502: 'Bad Gateway', 503: 'Service Unavailable', 504: 'Gateway Timeout',
};

// Keeps no process alive that has nothing else to do.
const pause = ms => new Promise(resolve => setTimeout(resolve, ms).unref());
const envelope = ({ code, message, parameters }) =>
  ({ ok: false, error_code: code, description: message, ...(parameters && { parameters }) });

// ---- Reading a request ----

async function readBody(request) {
  const parts = [];
  let size = 0;
  for await (const bytes of request) {
    size += bytes.length;
    if (size <= BODY_MAX) parts.push(bytes);
  }
  if (size > BODY_MAX) throw new Refusal(413, STATUS[413]);
  return Buffer.concat(parts);
}

async function readForm(body, type) {
  const given = {};
  const form = await new Response(body, { headers: { 'Content-Type': type } }).formData();
  for (const [name, value] of form)
    given[name] = typeof value === 'string' ? value
      : { bytes: Buffer.from(await value.arrayBuffer()), fileName: value.name, mime: value.type };
  return attached(given);
}

// A parameter may name another part of the form that holds its file.
function attached(given) {
  for (const [name, value] of Object.entries(given)) {
    const part = typeof value === 'string' && /^attach:\/\/(.+)$/.exec(value)?.[1];
    if (!part || !given[part]) continue;
    given[name] = given[part];
    delete given[part];
  }
  return given;
}

function readJson(body) {
  const tree = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree)) throw new Error('no object');
  return tree;
}

// The parameters as they came, and whether they are all text.
async function readGiven(request, query, body) {
  const type = request.headers['content-type'] ?? '';
  try {
    if (!body.length) return { given: Object.fromEntries(new URLSearchParams(query)), strings: true };
    if (/^application\/json\b/i.test(type)) return { given: readJson(body), strings: false };
    return { given: await readForm(body, type), strings: true };
  } catch (error) {
    throw never(`can't parse the body as ${type || 'anything'}: ${error.message}`);
  }
}

export class BotApi {
  violations = [];
  uploads = [];
  commands = {};
  rate;
  patience = 15000;
  #token; #clock; #server; #world; #delivery;
  #calls = []; #faults = []; #told429 = []; #sent = new Map(); #watchers = new Set();

  // `rate`: { perMinute } in each group, measured with `clock` in ms.
  constructor({ token, username = 'practice_bot', rate, clock = Date.now }) {
    this.#token = token;
    this.#clock = clock;
    this.rate = rate;
    this.#world = new World({ id: Number(token.split(':')[0]), is_bot: true, first_name: 'Mailwijzer', username });
    this.#delivery = new Delivery(this.#world, text => this.violations.push(text), () => this.#changed());
  }

  get world() { return this.#world; }

  async start() {
    this.#server = createServer((request, response) => this.#serve(request, response));
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.url = `http://127.0.0.1:${this.#server.address().port}`;
    return this;
  }

  async stop() {
    if (!this.#server?.listening) return;
    this.#delivery.stop();
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  // ---- The bot's side ----

  async #serve(request, response) {
    const [path, query] = request.url.split('?');
    const [, folder, token, name] = /^\/(file\/)?bot([^/]+)\/(.+)$/.exec(path) ?? [];
    const call = { method: folder ? 'file' : methodNamed(name ?? '') ?? name ?? path, params: {}, at: Date.now() };
    this.#calls.push(call);
    response.on('error', () => {});
    try {
      const body = await readBody(request);
      this.#checkToken(token);
      if (folder) await this.#download(call, name, response);
      else await this.#call(call, await this.#read(call, name, request, query, body), response);
    } catch (error) {
      this.#refuse(call, error, response);
    }
    this.#changed();
  }

  #checkToken(token) {
    if (token === this.#token) return;
    throw /^\d+:[\w-]+$/.test(token ?? '') ? new Refusal(401, STATUS[401]) : new Refusal(404, STATUS[404]);
  }

  #note(call, text) { this.violations.push(`${call.method}: ${text}`); }

  async #read(call, name, request, query, body) {
    const { given, strings } = await readGiven(request, query, body);
    call.params = given;
    if (!methodNamed(name)) throw new Refusal(404, 'Not Found: method not found', { violation: true });
    const params = readParameters(call.method, given, text => this.#note(call, text), strings);
    call.params = params;
    return params;
  }

  async #call(call, params, response) {
    const fault = this.#takeFault(call.method);
    this.#checkPatience(call);
    if (fault) await this.#before(fault, call, response);
    if (response.destroyed) { call.lost = true; return; }
    const result = await this.#perform(call, params, response);
    call.answer = structuredClone({ ok: true, result });
    if (fault?.reset === 'after') return this.#lose(call, response, fault.hang);
    this.#answer(call, 200, response);
  }

  #perform(call, params, response) {
    if (this.rate && PACED.has(call.method) && params.chat_id < 0) this.#keepPace(call, params.chat_id);
    const own = this.#delivery.handlers[call.method];
    if (!own) return HANDLERS[call.method](this, params, text => this.#note(call, text));
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    return own(params, gone.signal);
  }

  async #download(call, path, response) {
    call.params = { path };
    const fault = this.#takeFault('file');
    if (fault) await this.#before(fault, call, response);
    if (response.destroyed) { call.lost = true; return; }
    const file = [...this.#world.files.values()].find(f => f.file_path === path);
    if (!file) throw new Refusal(404, STATUS[404]);
    call.answer = { ok: true, bytes: file.bytes.length };
    if (fault?.reset === 'after') return this.#lose(call, response, fault.hang);
    response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Length': file.bytes.length });
    response.end(file.bytes);
  }

  #answer(call, status, response) {
    call.status = status;
    call.lost = response.destroyed;
    const after = call.answer.parameters?.retry_after;
    response.writeHead(status, { 'Content-Type': 'application/json', ...(after && { 'Retry-After': after }) });
    response.end(JSON.stringify(call.answer));
  }

  #refuse(call, error, response) {
    if (error === LOST) return;
    if (!(error instanceof Refusal) && response.destroyed) { call.lost = true; return; }
    const refusal = error instanceof Refusal ? error : new Refusal(500, STATUS[500]);
    if (refusal !== error) this.#note(call, `the stand-in itself failed: ${error.stack}`);
    if (refusal.violation) this.#note(call, refusal.message);
    call.answer = envelope(refusal);
    this.#answer(call, refusal.code, response);
  }

  // ---- Rates ----

  #keepPace(call, chatId) {
    const now = this.#clock(), sent = (this.#sent.get(chatId) ?? []).filter(at => at > now - MINUTE_MS);
    this.#sent.set(chatId, sent);
    if (sent.length < this.rate.perMinute) { sent.push(now); return; }
    this.#note(call, `more than ${this.rate.perMinute} messages a minute in ${chatId}`);
    throw slowDown(Math.max(1, Math.ceil((sent.at(-this.rate.perMinute) + MINUTE_MS - now) / 1000)));
  }

  // The same call before the time that a scripted 429 named is over.
  #checkPatience(call) {
    const isSame = told => told.method === call.method && isDeepStrictEqual(told.params, call.params);
    const early = this.#told429.find(told => told.until > Date.now() && isSame(told));
    if (early) this.#note(call, `came again ${early.until - Date.now()} ms before retry_after was over`);
  }

  // ---- Faults ----

  // The next `times` calls of a method ('file' for downloads) fail: { status, retryAfter?, description? },
  // { reset: 'before' } nothing done, { reset: 'after' } done but unanswered, { hang: ms } done that much later, if the
  // client still waits; with reset: 'after' it is done at once and the connection kept that long.
  failNext(method, { times = 1, ...fault }) {
    const name = method === 'file' ? 'file' : methodNamed(method);
    if (!name) throw new Error(`no method ${method} to fail`);
    for (let i = 0; i < times; i++) this.#faults.push({ method: name, ...fault });
  }

  #takeFault(method) {
    const at = this.#faults.findIndex(f => f.method === method);
    return at < 0 ? undefined : this.#faults.splice(at, 1)[0];
  }

  async #before({ status, retryAfter, description, reset, hang }, call, response) {
    if (hang && reset !== 'after') await Promise.race([pause(hang), once(response, 'close')]);
    if (reset === 'before') { this.#lose(call, response); throw LOST; }
    if (status === 429) {
      this.#told429.push({ method: call.method, params: call.params, until: Date.now() + (retryAfter ?? 1) * 1000 });
      throw slowDown(retryAfter ?? 1);
    }
    if (status) throw new Refusal(status, description ?? STATUS[status] ?? 'Error');
  }

  async #lose(call, response, hang = 0) {
    call.lost = true;
    if (hang) await Promise.race([pause(hang), once(response, 'close')]);
    response.destroy();
  }

  // ---- The test's side: people ----

  addPrivate(person) { this.#world.addPrivate(person); }
  addPerson(person) { this.#world.addPerson(person); }
  addForum(forum) { this.#world.addForum(forum); }

  say(chatId, userId, text, { entities = findCommands(text), ...where } = {}) {
    return this.#world.receive(chatId, userId, { text, ...(entities.length && { entities }) }, where);
  }

  // kind: photo, document, voice, video, audio, sticker, contact with { contact }, or location with
  // { latitude, longitude }.
  sendMedia(chatId, userId, kind, { bytes, mime, fileName, caption, contact, latitude = 52.09, longitude = 5.12, ...where } = {}) {
    const media = () => this.#world.media(kind, this.#world.keepFile(kind, { bytes, mime, fileName }));
    const content = kind === 'contact' ? { contact } : kind === 'location' ? { location: { latitude, longitude } } : { [kind]: media() };
    return this.#world.receive(chatId, userId, { ...content, ...(caption && { caption }) }, where);
  }

  edit(chatId, messageId, text) {
    const entities = findCommands(text);
    this.#world.edit(chatId, messageId, { text, ...(entities.length && { entities }) });
  }

  // Gives the id of the query; throws when the message does not have that button (any more).
  press(userId, message, data) { return this.#world.press(userId, message.chat.id, message.message_id, data); }

  // All presses up to here become too old to be answered.
  expirePresses() { for (const query of this.#world.queries.values()) query.expired = true; }

  // What the bot told a press: { answered, text, alert }.
  pressAnswer(id) { return { ...this.#world.queries.get(id) }; }

  block(userId) { this.#world.setBlocked(userId, true); }
  unblock(userId) { this.#world.setBlocked(userId, false); }
  kick(chatId, userId = OWNER) { this.#world.setKicked(chatId, userId, true); }
  readmit(chatId, userId = OWNER) { this.#world.setKicked(chatId, userId, false); }
  // Rights and forum mode as the owner sets them: { canManageTopics?, forum? }.
  setForum(chatId, { canManageTopics, forum }) {
    const chat = this.#world.chat(chatId);
    if (canManageTopics !== undefined) chat.canManageTopics = canManageTopics;
    if (forum === true) chat.shown.is_forum = true;
    if (forum === false) delete chat.shown.is_forum;
  }

  createTopic(chatId, name, userId = OWNER) {
    const chat = this.#world.chat(chatId), topic = this.#world.createTopic(chat, this.#world.person(userId), name);
    this.#world.tell('message', this.#world.find(chat, topic.message_thread_id).message);
    return topic.message_thread_id;
  }

  closeTopic(chatId, thread, userId = OWNER) { this.#setClosed(chatId, thread, userId, true); }
  reopenTopic(chatId, thread, userId = OWNER) { this.#setClosed(chatId, thread, userId, false); }

  #setClosed(chatId, thread, userId, closed) {
    const world = this.#world, topic = this.#topic(chatId, thread);
    const { message } = world.setClosed(world.chat(chatId), world.person(userId), topic, closed);
    world.tell('message', message);
  }

  // Telegram tells a bot nothing about it.
  deleteTopic(chatId, thread) { this.#world.dropTopic(this.#world.chat(chatId), this.#topic(chatId, thread)); }

  #topic(chatId, thread) {
    const topic = this.#world.openTopic(this.#world.chat(chatId), thread);
    if (!topic) throw new Error(`no topic ${thread} in ${chatId}`);
    return topic;
  }

  // ---- The test's side: what became of it ----

  // What is in a chat now, in order: all of it, one topic, or General (thread 1). Each message also has `edited` and, if
  // it brought one, `keyboard` (a reply keyboard). Notices of topics only with { service: true }.
  messages(chatId, thread, { service = false } = {}) {
    return this.#world.chat(chatId).records
      .filter(({ message: m }) => (service || !isService(m)) &&
        (thread === undefined || (thread === GENERAL ? !m.message_thread_id : m.message_thread_id === thread)))
      .map(({ message, edited, keyboard }) => structuredClone({ ...message, edited, ...(keyboard && { keyboard }) }));
  }

  topics(chatId) { return structuredClone([...this.#world.chat(chatId).topics.values()]); }

  // The bytes behind a file_id.
  bytesOf(fileId) { return this.#world.files.get(fileId)?.bytes; }

  // Updates that the bot has not confirmed.
  get pending() { return structuredClone(this.#world.updates); }

  // All calls in order: { method, params, at, answer, status, lost }; answer is undefined while one waits.
  calls(method) {
    const name = method && (methodNamed(method) ?? method);
    return this.#calls.filter(call => !name || call.method === name);
  }

  #changed() { for (const wake of [...this.#watchers]) wake(); }

  // What the condition gives, once that is something; asked after every call and every 20 ms. Rejects after `within` ms.
  async until(condition, what = 'what was waited for', within = this.patience) {
    const end = Date.now() + within;
    for (;;) {
      const found = await condition();
      if (found) return found;
      if (Date.now() > end) throw new Error(`never came: ${what}\n${this.#lastCalls()}`);
      await this.#change(20);
    }
  }

  #change(ms) {
    return new Promise(resolve => {
      const wake = () => { clearTimeout(timer); this.#watchers.delete(wake); resolve(); };
      const timer = setTimeout(wake, ms);
      this.#watchers.add(wake);
    });
  }

  #lastCalls() {
    const short = (value, most) => JSON.stringify(value)?.slice(0, most);
    const shown = this.#calls.filter(c => c.method !== 'getUpdates').slice(-8)
      .map(c => `${c.method} ${short(c.params, 300)} -> ${c.lost ? 'lost ' : ''}${short(c.answer, 200)}`);
    const aside = `last calls (${this.calls('getUpdates').length} getUpdates aside):`;
    return [aside, ...shown, ...this.violations.map(v => `violation: ${v}`)].join('\n');
  }

  // The bot's first message after number (or message) `after` in a chat, in one topic if asked.
  nextMessage(chatId, after = 0, { thread, within } = {}) {
    const number = typeof after === 'object' ? after.message_id : after;
    return this.until(() => this.messages(chatId, thread).find(m => m.from.is_bot && m.message_id > number),
      `a message in ${chatId}${thread ? ` topic ${thread}` : ''} after ${number}`, within);
  }
}

// Thrown when a connection was cut on purpose: there is nobody to answer.
const LOST = Symbol('lost');
