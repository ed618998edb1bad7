import { isUtf8 } from 'node:buffer';
import { Transform, type TransformCallback } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

export const ENCODING_NAMES: Readonly<Record<Encoding, string>> = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16 (little endian)',
  'utf-16be': 'UTF-16 (big endian)',
  'windows-1252': 'Windows-1252',
};

/**
 * What the first bytes of a file say of its encoding: a byte order mark decides; UTF-16 shows by its zero bytes; else it
 * is UTF-8 when the bytes are valid, and Windows-1252 when they are not.
 */
export function sniffEncoding(head: Buffer): Encoding {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const sample = head.subarray(0, 4096);
  let [even, odd] = [0, 0];
  for (let at = 0; at < sample.length; at += 1) {
    if (sample[at] !== 0) continue;
    if (at % 2 === 0) even += 1;
    else odd += 1;
  }
  // Latin text in UTF-16 has a zero in nearly every second byte.
  if (odd > 0.3 * sample.length) return 'utf-16le';
  if (even > 0.3 * sample.length) return 'utf-16be';
  return isUtf8(wholeCharacters(head)) ? 'utf-8' : 'windows-1252';
}

/** The bytes without a character that the end of the piece cuts in two. */
export function wholeCharacters(bytes: Buffer): Buffer {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    const needs = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return needs > back ? bytes.subarray(0, bytes.length - back) : bytes;
  }
  return bytes;
}

/** The stream that turns bytes of an encoding into UTF-8. A byte order mark is taken away. */
export function toUtf8(encoding: Encoding): Transform {
  if (encoding === 'utf-8') return new WithoutMark();
  if (encoding === 'windows-1252') return new FromWindows1252();
  return new FromUtf16(encoding === 'utf-16be');
}

class WithoutMark extends Transform {
  #head: Buffer | null = Buffer.alloc(0);

  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    if (this.#head === null) {
      done(null, chunk);
      return;
    }
    const head = Buffer.concat([this.#head, chunk]);
    if (head.length < 3) {
      this.#head = head;
      done();
      return;
    }
    this.#head = null;
    done(null, head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? head.subarray(3) : head);
  }

  override _flush(done: TransformCallback): void {
    done(null, this.#head !== null && this.#head.length > 0 ? this.#head : undefined);
  }
}

/** Characters 0x80 to 0x9F of Windows-1252; the five that it leaves open stay control characters, as browsers read them. */
const HIGH = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

class FromWindows1252 extends Transform {
  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    const text = chunk.toString('latin1').replace(/[\u0080-\u009f]/g, (c) => HIGH[c.charCodeAt(0) - 0x80] ?? c);
    done(null, Buffer.from(text, 'utf8'));
  }
}

class FromUtf16 extends Transform {
  readonly #bigEndian: boolean;
  readonly #decoder = new StringDecoder('utf16le');
  #odd: Buffer = Buffer.alloc(0);
  #first = true;

  constructor(bigEndian: boolean) {
    super();
    this.#bigEndian = bigEndian;
  }

  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    const all = this.#odd.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#odd, chunk]);
    const even = all.length - (all.length % 2);
    this.#odd = Buffer.from(all.subarray(even));
    const units = all.subarray(0, even);
    if (this.#bigEndian) units.swap16();
    let text = this.#decoder.write(units);
    if (this.#first && text !== '') {
      this.#first = false;
      if (text.startsWith('\uFEFF')) text = text.slice(1);
    }
    done(null, Buffer.from(text, 'utf8'));
  }

  override _flush(done: TransformCallback): void {
    // Half a character at the end: told as a character that could not be read.
    done(null, Buffer.from(this.#decoder.end() + (this.#odd.length > 0 ? '\uFFFD' : ''), 'utf8'));
  }
}
