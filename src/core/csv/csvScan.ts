/** One record of a CSV text, with where it stands: offsets into the text, so that what is not touched keeps its bytes. */
export interface ScannedRecord {
  readonly cells: readonly string[];
  /** Physical line it starts on, from 1. */
  readonly line: number;
  /** Offset of its first character, and of the first one after its line end. */
  readonly start: number;
  readonly end: number;
}

/** Where and why a text stops being a CSV. Line and column count from 1. */
export interface ScanFault {
  readonly why: string;
  readonly line: number;
  readonly column: number;
}

const COMMA = 44;
const QUOTE = 34;
const LF = 10;
const CR = 13;

/**
 * Place of one cell within its record, as an editor counts it: line, column and the column after its last character.
 * Quotes belong to the cell. A cell that runs over several lines ends, for this purpose, with its first.
 */
export function cellPlace(
  text: string,
  record: Pick<ScannedRecord, 'line' | 'start' | 'end'>,
  index: number,
): { line: number; column: number; endColumn: number } {
  let line = record.line;
  let lineStart = record.start;
  let cellStart = record.start;
  let cellLine = line;
  let cellColumn = 1;
  let cell = 0;
  let quoted = false;
  let at = record.start;
  for (; at < record.end; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) quoted = !quoted;
    const lineEnd = code === LF || (code === CR && text.charCodeAt(at + 1) !== LF);
    if (code === LF || code === CR) {
      if (!quoted || cell === index) break;
      if (lineEnd) {
        line += 1;
        lineStart = at + 1;
      }
    } else if (code === COMMA && !quoted) {
      if (cell === index) break;
      cell += 1;
      cellStart = at + 1;
      cellLine = line;
      cellColumn = cellStart - lineStart + 1;
    }
  }
  return { line: cellLine, column: cellColumn, endColumn: cellColumn + Math.max(1, at - cellStart) };
}

/**
 * Reads RFC 4180 text record by record: commas, double quotes, records ended by LF, CRLF or CR, also mixed. Lines
 * without any character are passed over. Stops at the first thing that is not CSV and says so in `fault`.
 */
export class CsvScanner {
  /** Why the scanner stopped before the end of the text; null while all is well. */
  fault: ScanFault | null = null;
  readonly #text: string;
  #at: number;
  #line = 1;
  #lineStart: number;

  constructor(text: string) {
    this.#text = text;
    // A byte order mark is no character of the first header name.
    this.#at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
    this.#lineStart = this.#at;
  }

  /** The next record, or null at the end of the text or at a fault. */
  next(): ScannedRecord | null {
    while (this.#atLineEnd()) this.#passLineEnd();
    if (this.#at >= this.#text.length) return null;
    const start = this.#at;
    const line = this.#line;
    const cells: string[] = [];
    for (;;) {
      const cell = this.#text.charCodeAt(this.#at) === QUOTE ? this.#quotedCell() : this.#plainCell();
      if (cell === null) return null;
      cells.push(cell);
      if (this.#text.charCodeAt(this.#at) !== COMMA) break;
      this.#at += 1;
    }
    if (this.#atLineEnd()) this.#passLineEnd();
    return { cells, line, start, end: this.#at };
  }

  #plainCell(): string | null {
    const text = this.#text;
    const start = this.#at;
    let at = start;
    for (; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === COMMA || code === LF || code === CR) break;
      if (code === QUOTE) return this.#stop('a quote inside a cell that is not quoted', at);
    }
    this.#at = at;
    return text.slice(start, at);
  }

  #quotedCell(): string | null {
    const text = this.#text;
    const opened = { at: this.#at, line: this.#line, lineStart: this.#lineStart };
    let part = this.#at + 1;
    let value = '';
    for (;;) {
      const quote = text.indexOf('"', part);
      if (quote < 0) {
        this.#line = opened.line;
        this.#lineStart = opened.lineStart;
        return this.#stop('a quote that is never closed', opened.at);
      }
      this.#countLines(part, quote);
      value += text.slice(part, quote);
      if (text.charCodeAt(quote + 1) !== QUOTE) {
        this.#at = quote + 1;
        break;
      }
      value += '"';
      part = quote + 2;
    }
    const after = text.charCodeAt(this.#at);
    const ends = this.#at >= text.length || after === COMMA || after === LF || after === CR;
    return ends ? value : this.#stop('text after a closing quote', this.#at);
  }

  #countLines(from: number, to: number): void {
    for (let at = from; at < to; at += 1) {
      const code = this.#text.charCodeAt(at);
      if (code !== LF && (code !== CR || this.#text.charCodeAt(at + 1) === LF)) continue;
      this.#line += 1;
      this.#lineStart = at + 1;
    }
  }

  #atLineEnd(): boolean {
    const code = this.#text.charCodeAt(this.#at);
    return code === LF || code === CR;
  }

  #passLineEnd(): void {
    const crlf = this.#text.charCodeAt(this.#at) === CR && this.#text.charCodeAt(this.#at + 1) === LF;
    this.#at += crlf ? 2 : 1;
    this.#line += 1;
    this.#lineStart = this.#at;
  }

  #stop(why: string, at: number): null {
    this.fault = { why, line: this.#line, column: at - this.#lineStart + 1 };
    return null;
  }
}
