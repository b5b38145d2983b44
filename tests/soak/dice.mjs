// dice.mjs -- chance that can be thrown again: everything random in a campaign comes from its seed.
// splitmix32 (Steele, Lea, Flood 2014, cut to 32 bits): small, and any seed will do.
export class Dice {
  constructor(seed) { this.state = seed >>> 0; }

  next() {
    this.state = (this.state + 0x9e3779b9) >>> 0;
    let z = this.state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32;
  }

  int(from, to) { return from + Math.floor(this.next() * (to - from + 1)); } // both included
  chance(percent) { return this.next() * 100 < percent; }
  one(list) { return list[Math.floor(this.next() * list.length)]; }
  // Some of them, in an order of its own.
  some(list, n) {
    const rest = [...list], out = [];
    while (out.length < n && rest.length) out.push(rest.splice(Math.floor(this.next() * rest.length), 1)[0]);
    return out;
  }
  // Dice of its own for one purpose: what is thrown there moves nothing here.
  apart(purpose) {
    let seed = this.state;
    for (const letter of String(purpose)) seed = Math.imul(seed ^ letter.codePointAt(0), 0x01000193) >>> 0;
    return new Dice(seed);
  }
}
