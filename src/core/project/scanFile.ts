import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { throwIfCancelled } from '../shared/errors.ts';

/** What a second, independent reader of a CSV sees: the engine's row count is checked against `records`. */
export interface FileScan {
  readonly sha256: string;
  readonly bytes: number;
  /** Records after the header, blank lines left out. 0 when there is only a header. */
  readonly records: number;
  readonly lineEnds: 'none' | 'lf' | 'crlf' | 'mixed' | 'cr';
  readonly holdsNul: boolean;
  readonly utf8: boolean;
  /** A quote was opened and never closed: the rest of the file is one value. */
  readonly openQuote: boolean;
  /** Longest record in bytes, for the engine's line limit. */
  readonly longestLine: number;
  /** Records with more commas than the header: the engine takes one whose last cell is empty, and shifts its values. */
  readonly wideRecords: number;
  /** Number of the first of them, counting from 1 after the header; 0 when there is none. */
  readonly firstWideRecord: number;
}

const LF = 10;
const CR = 13;
const QUOTE = 34;
const COMMA = 44;

/** Reads a CSV once as bytes, in 1 MB pieces so that the event loop is never held. */
export async function scanFile(path: string, signal: AbortSignal): Promise<FileScan> {
  const scan = new Scanner();
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    throwIfCancelled(signal);
    scan.read(chunk as Buffer);
  }
  return scan.finish();
}

class Scanner {
  readonly #hash = createHash('sha256');
  #bytes = 0;
  #records = 0;
  #lineStart = 0;
  #longest = 0;
  #inQuote = false;
  #crlf = 0;
  #lf = 0;
  #loneCr = false;
  #nul = false;
  #utf8 = true;
  #pendingUtf8: Buffer = Buffer.alloc(0);
  #last = -1;
  #commas = 0;
  #headerCommas = -1;
  #wide = 0;
  #firstWide = 0;

  read(chunk: Buffer): void {
    this.#hash.update(chunk);
    this.#nul ||= chunk.includes(0);
    this.#checkUtf8(chunk);
    if (this.#last === CR && chunk[0] !== LF) this.#loneCr = true;
    this.#walk(chunk);
    this.#bytes += chunk.length;
    this.#last = chunk.at(-1) ?? this.#last;
  }

  finish(): FileScan {
    if (this.#bytes > this.#lineStart) this.#endLine(this.#bytes);
    if (this.#pendingUtf8.length > 0) this.#utf8 = false;
    const ends = this.#crlf > 0 && this.#lf > 0 ? 'mixed' : this.#crlf > 0 ? 'crlf' : this.#lf > 0 ? 'lf' : 'none';
    return {
      sha256: this.#hash.digest('hex'),
      bytes: this.#bytes,
      records: Math.max(0, this.#records - 1),
      lineEnds: ends === 'none' && this.#loneCr ? 'cr' : ends,
      holdsNul: this.#nul,
      utf8: this.#utf8,
      openQuote: this.#inQuote,
      longestLine: this.#longest,
      wideRecords: this.#wide,
      firstWideRecord: this.#firstWide,
    };
  }

  /** Byte by byte: line ends and commas count only outside quotes. Quoted text is jumped over. */
  #walk(chunk: Buffer): void {
    const { length } = chunk;
    let commas = this.#commas;
    let at = this.#inQuote ? this.#closingQuote(chunk, 0) : 0;
    for (; at < length; at += 1) {
      const byte = chunk[at] as number;
      // All four marks lie at or below the comma, and few other characters of a record do.
      if (byte > COMMA) continue;
      if (byte === COMMA) commas += 1;
      else if (byte === QUOTE) at = this.#closingQuote(chunk, at + 1) - 1;
      else if (byte === LF) {
        const before = at === 0 ? this.#last : chunk[at - 1];
        if (before === CR) this.#crlf += 1;
        else this.#lf += 1;
        this.#commas = commas;
        this.#endLine(this.#bytes + at - (before === CR ? 1 : 0));
        this.#lineStart = this.#bytes + at + 1;
        commas = 0;
      } else if (byte === CR && at + 1 < length && chunk[at + 1] !== LF) this.#loneCr = true;
    }
    this.#commas = commas;
  }

  /** Place after the quote that closes a value opened before `from`; the end of the piece when it stays open. */
  #closingQuote(chunk: Buffer, from: number): number {
    const at = chunk.indexOf(QUOTE, from);
    this.#inQuote = at < 0;
    return at < 0 ? chunk.length : at + 1;
  }

  #endLine(end: number): void {
    const length = end - this.#lineStart;
    if (length > 0) {
      this.#records += 1;
      if (this.#headerCommas < 0) this.#headerCommas = this.#commas;
      else if (this.#commas > this.#headerCommas) {
        this.#wide += 1;
        if (this.#firstWide === 0) this.#firstWide = this.#records - 1;
      }
    }
    if (length > this.#longest) this.#longest = length;
  }

  /** A character may be cut by the end of a piece: its first bytes wait for the next. */
  #checkUtf8(chunk: Buffer): void {
    if (!this.#utf8) return;
    const bytes = this.#pendingUtf8.length === 0 ? chunk : Buffer.concat([this.#pendingUtf8, chunk]);
    let end = bytes.length;
    for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
      const byte = bytes[bytes.length - back] ?? 0;
      if (byte < 0x80) break;
      if (byte >= 0xc0) {
        const needs = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
        if (needs > back) end = bytes.length - back;
        break;
      }
    }
    this.#utf8 = isUtf8(bytes.subarray(0, end));
    this.#pendingUtf8 = Buffer.from(bytes.subarray(end));
  }
}
