import type { Dialect } from './dialect.ts';

const LF = 10;
const CR = 13;
const BACKSLASH = 92;

/** Where one record of a delimited file lies in the bytes, and what is odd about it. */
export interface RawRecord {
  /** First byte after its line end. */
  readonly next: number;
  /** First byte of its line end. */
  readonly end: number;
  readonly cells: number;
  /** Nothing in it, not even a delimiter. */
  readonly blank: boolean;
  /** Text follows a closing quote, or a quoted cell is never closed: no reader would agree on its cells. */
  readonly malformed: boolean;
  /** A quote stands inside an unquoted cell: it is text, and must be quoted before others read the file. */
  readonly looseQuote: boolean;
  /** Line ends inside quoted cells. */
  readonly innerLines: number;
  readonly holdsNul: boolean;
}

/** Finds record after record in UTF-8 bytes; knows nothing of files. */
export class RecordReader {
  readonly #delimiter: number;
  readonly #quote: number;
  readonly #backslash: boolean;
  readonly #crLines: boolean;

  constructor(dialect: Dialect) {
    this.#delimiter = dialect.delimiter.charCodeAt(0);
    this.#quote = dialect.quote === null ? -1 : dialect.quote.charCodeAt(0);
    this.#backslash = dialect.escape === 'backslash';
    this.#crLines = dialect.crLines;
  }

  /**
   * The record that begins at `start`, or null when its end does not lie in the bytes yet.
   *
   * @param last no more bytes will come: what is there is the record
   */
  next(bytes: Buffer, start: number, last: boolean): RawRecord | null {
    const { length } = bytes;
    const delimiter = this.#delimiter;
    const quote = this.#quote;
    let cells = 1;
    let innerLines = 0;
    let malformed = false;
    let looseQuote = false;
    let holdsNul = false;
    let atCellStart = true;
    let at = start;
    for (; at < length; at += 1) {
      const byte = bytes[at] as number;
      if (byte === delimiter) {
        cells += 1;
        atCellStart = true;
        continue;
      }
      if (byte === quote) {
        if (!atCellStart) {
          looseQuote = true;
          continue;
        }
        const close = this.#closingQuote(bytes, at + 1);
        for (let line = bytes.indexOf(LF, at); line >= 0 && line < (close < 0 ? length : close); ) {
          innerLines += 1;
          line = bytes.indexOf(LF, line + 1);
        }
        if (close < 0) {
          if (!last) return null;
          return { next: length, end: length, cells, blank: false, malformed: true, looseQuote, innerLines, holdsNul };
        }
        // A quote that ends the bytes may be the first half of a doubled one.
        if (close + 1 >= length && !last) return null;
        holdsNul ||= bytes.subarray(at, close).includes(0);
        const after = bytes[close + 1];
        malformed ||= after !== undefined && after !== delimiter && after !== LF && after !== CR;
        at = close;
        atCellStart = false;
        continue;
      }
      if (byte === LF) {
        const end = at > start && bytes[at - 1] === CR ? at - 1 : at;
        return { next: at + 1, end, cells, blank: end === start, malformed, looseQuote, innerLines, holdsNul };
      }
      if (byte === CR && this.#crLines)
        return { next: at + 1, end: at, cells, blank: at === start, malformed, looseQuote, innerLines, holdsNul };
      if (byte === 0) holdsNul = true;
      if (byte === BACKSLASH && this.#backslash && quote >= 0) at += 1;
      atCellStart = false;
    }
    if (!last) return null;
    return { next: length, end: length, cells, blank: start >= length, malformed, looseQuote, innerLines, holdsNul };
  }

  /** Place of the quote that closes a cell opened before `from`, or -1. */
  #closingQuote(bytes: Buffer, from: number): number {
    let at = from;
    for (;;) {
      const found = bytes.indexOf(this.#quote, at);
      if (found < 0) return -1;
      if (this.#backslash) {
        let slashes = 0;
        while (found - 1 - slashes >= from && bytes[found - 1 - slashes] === BACKSLASH) slashes += 1;
        if (slashes % 2 === 0) return found;
        at = found + 1;
      } else if (bytes[found + 1] === this.#quote) at = found + 2;
      else return found;
    }
  }

  /** The cells of one record as text. */
  cells(bytes: Buffer, start: number, end: number): string[] {
    const text = bytes.toString('utf8', start, end);
    const delimiter = String.fromCharCode(this.#delimiter);
    const quote = this.#quote < 0 ? null : String.fromCharCode(this.#quote);
    const cells: string[] = [];
    let cell = '';
    let at = 0;
    const plain = (stop: string): void => {
      const found = text.indexOf(stop, at);
      cell += text.slice(at, found < 0 ? text.length : found);
      at = found < 0 ? text.length : found;
    };
    while (at <= text.length) {
      cell = '';
      if (quote !== null && text[at] === quote) {
        at += 1;
        for (; at < text.length; at += 1) {
          if (this.#backslash && text[at] === '\\') at += 1;
          else if (text[at] === quote) {
            if (this.#backslash || text[at + 1] !== quote) break;
            at += 1;
          }
          cell += text[at] ?? '';
        }
        at += 1;
      }
      plain(delimiter);
      cells.push(cell);
      at += 1;
    }
    return cells;
  }
}
