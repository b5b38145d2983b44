// people.mjs -- customers who go through the conversation as people do, thrown by dice.
const OPENINGS = ['Goedemiddag', 'hallo daar', 'Ik wil graag advies over mijn mailadres', 'dag, welke mail past bij mijn winkel?', 'ik heb hulp nodig bij mail'];
const QUESTIONS = ['wat is imap eigenlijk', 'wat kost microsoft 365', 'weet ik niet', 'wat bedoel je daarmee', 'is dat veilig', 'hoe lang duurt overzetten'];
const AGAIN = ['opnieuw', 'ik wil opnieuw beginnen'];
const WAY_BACK = 'terug naar de bot';

// The choices that a bubble offers and that lead on; others leave the conversation or call for the human.
export const choices = bubble => [...JSON.stringify(bubble?.body ?? {}).matchAll(/"id":"([^"]+)"/g)]
  .map(found => found[1]).filter(id => /^(\w+=\w+|do:begin|do:restart|do:back)$/.test(id));

// The people of a campaign: most known by phone and BSUID, some by one of them. Names, numbers and words are
// invented and of no other use, so that each can be searched for in a log.
export function crowd(dice, n) {
  return Array.from({ length: n }, (_, i) => {
    const number = `3169${String(1000000 + dice.int(0, 899999) * 10 + i % 10).slice(-7)}`, bsuid = `NL.${7000000000 + dice.int(0, 99999999) * 10 + i % 10}`;
    const known = dice.one(['both', 'both', 'both', 'phone', 'bsuid']);
    return {
      id: `p${i}`, name: `Zwaanhilde-${i} van Proefland`, phone: known === 'bsuid' ? null : number, user_id: known === 'phone' ? null : bsuid,
      ...(known === 'bsuid' ? { username: `zwaan.${i}.proef` } : {}),
      kind: i < 4 ? 'handed' : i < 10 ? 'hasty' : dice.one(['patient', 'patient', 'patient', 'hasty', 'changes']),
    };
  });
}

export class Person {
  constructor(who, stage, dice) {
    Object.assign(this, { who, stage, dice, turns: 0, last: null, bubble: null, older: [] });
    this.waits = who.kind !== 'hasty';
    this.wayBacks = new Set();
  }

  async live(over) {
    const handedAt = this.dice.int(1, 2), changesAt = this.dice.int(1, 4);
    while (!over()) {
      if (this.who.kind === 'handed' && this.turns === handedAt) await this.handOver();
      else if (this.who.kind === 'changes' && this.turns === changesAt) await this.changeIdentity();
      if (this.who.kind === 'hasty') await this.burst();
      else await this.turn();
      this.turns++;
      await pause(this.dice.int(0, 250)); // people think
    }
  }

  // Says something and waits for the reply to it.
  async turn() {
    await this.hear((await this.say()).n);
  }

  // Several at once, and only then waits: for a reply to the last of them.
  async burst() {
    const n = this.dice.int(3, 6);
    let said;
    for (let i = 0; i < n; i++) said = await this.type(this.dice.one(QUESTIONS));
    await this.hear(said.n);
  }

  say() {
    const ids = choices(this.bubble);
    if (this.bubble === null) return this.type(this.dice.one(OPENINGS));
    if (!ids.length) return this.type(this.dice.one(AGAIN));
    if (this.older.length && this.dice.chance(6)) return this.tap(this.dice.one(this.older));
    if (this.dice.chance(12)) return this.type(this.dice.one(QUESTIONS));
    // Once: several in a row get one answer together.
    if (!this.showed && this.dice.chance(4)) return this.show();
    return this.tap({ n: this.bubble.n, id: this.dice.one(ids) });
  }

  show() {
    this.showed = true;
    return this.post('send', { type: this.dice.one(['voice', 'photo', 'sticker']) });
  }

  type(text) { return this.post('send', { type: 'text', text }); }
  tap({ n, id }) { return this.post('tap', { message: n, id }); }

  async post(verb, body) {
    const said = await this.stage.post(verb, { customer: this.who.id, ...body });
    if (said.error) throw new Error(`${this.who.id}: ${verb} ${JSON.stringify(body)}: ${said.error}`);
    return said;
  }

  // The reply to message n; as long as the campaign's patience lasts.
  async hear(n) {
    const found = await this.stage.hears(this.who.id, n);
    if (this.bubble && choices(this.bubble).length) this.older = [...this.older, ...choices(this.bubble).map(id => ({ n: this.bubble.n, id }))].slice(-8);
    this.bubble = found;
  }

  // The owner answers from her own phone; the person writes on to her, and comes back to the bot.
  async handOver() {
    const { n } = await this.stage.post('echo', { customer: this.who.id, text: 'Ik kijk even met je mee.' });
    await this.stage.taken(n);
    for (const text of ['fijn dank je', 'mijn oude adres was van de provider']) {
      await this.stage.taken((await this.type(text)).n);
      await this.stage.lives(8); // whoever would talk over her has had the time for it
    }
    const back = await this.type(WAY_BACK);
    this.wayBacks.add(back.n);
    await this.hear(back.n);
  }

  // A new BSUID, told or not, or a new number: still the same person at the same question.
  async changeIdentity() {
    const fresh = `NL.${8000000000 + this.dice.int(0, 999999999)}`, how = this.dice.one(['told', 'silent', 'phone']);
    if (this.who.user_id && this.who.phone && how === 'silent') await this.stage.post('identity', { customer: this.who.id, user_id: fresh, silent: true });
    else if (this.who.user_id && how !== 'phone') await this.stage.post('identity', { customer: this.who.id, user_id: fresh });
    else if (this.who.phone) await this.stage.post('identity', { customer: this.who.id, phone: `3168${String(this.dice.int(0, 9999999)).padStart(7, '0')}` });
  }
}

export const pause = ms => new Promise(resolve => setTimeout(resolve, ms));
