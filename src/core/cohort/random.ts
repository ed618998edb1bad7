/**
 * Repeatable randomness for synthetic patients. Each patient has a stream of its own, made from the run's seed and the
 * patient's number, so that patient 7 is the same in a cohort of 20 and of 2,000,000. The generator is sfc32 (Chris
 * Doty-Humphrey, public domain): 128 bits of state, so that two of five million streams never start alike, as they
 * would with a 32-bit seed.
 */

/** Spreads the bits of a 32-bit number (murmur3's last step). Equal in, equal out. */
export function mix32(value: number): number {
  let mixed = value;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** 32-bit number of a text (FNV-1a, then mixed). */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return mix32(hash);
}

/** A value and how often it should come up against its neighbours. */
export type Weighted<T> = readonly [value: T, weight: number];

/** One stream of draws. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /**
   * @param seed the run's seed, a safe integer
   * @param stream what the draws are for, e.g. `patient`
   * @param number which of them, e.g. the patient's number
   */
  constructor(seed: number, stream: string, number: number) {
    this.#a = mix32(seed | 0) ^ Math.floor(seed / 0x100000000);
    this.#b = hashText(stream);
    this.#c = number | 0;
    for (let round = 0; round < 12; round += 1) this.next();
  }

  /** 0 to 2^32 - 1. */
  next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    this.#c |= 0;
    return sum >>> 0;
  }

  /** A whole number from `low` to `high`, both included; `low` when the range is empty. */
  int(low: number, high: number): number {
    return high <= low ? low : low + Math.floor((this.next() / 0x100000000) * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.next() / 0x100000000 < probability;
  }

  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T {
    return list[this.int(0, list.length - 1)] as T;
  }

  weighted<T>(list: readonly Weighted<T>[]): T {
    let total = 0;
    for (const [, weight] of list) total += weight;
    let at = (this.next() / 0x100000000) * total;
    for (const [value, weight] of list) {
      at -= weight;
      if (at < 0) return value;
    }
    return (list[list.length - 1] as Weighted<T>)[0];
  }
}
