import { Transform, type TransformCallback } from 'node:stream';
import type { Dialect } from './dialect.ts';
import { RecordReader } from './recordReader.ts';

/** A row that does not fit, with its line in the file. */
export interface OddRow {
  readonly line: number;
  readonly cells: number;
}

/** What a stream of records held. */
export interface RecordFacts {
  /** Cells of the first record. */
  header: string[];
  headerCells: number;
  /** Records after the header that were passed on. */
  records: number;
  /** Records with another number of cells than the first; at most some hundred are named. */
  ragged: OddRow[];
  raggedTotal: number;
  malformed: OddRow[];
  malformedTotal: number;
  nulLine: number;
  looseQuotes: number;
  longest: number;
  /** Line ends of more than one kind. */
  lineEnds: Set<'lf' | 'crlf' | 'cr'>;
  /** Line of the first record that is longer than any record may be; 0 when there is none. */
  endlessLine: number;
  /** Characters that could not be read, and pairs that UTF-8 read as Windows-1252 leaves. */
  replaced: number;
  doubled: number;
}

const MOST_NAMED = 200;
/** A record longer than this is an open quote that swallowed the file. */
const LONGEST = 16 * 1024 * 1024;
const REPLACEMENT = Buffer.from('\uFFFD');
/** `Ã` and the character after it, as they look when UTF-8 was taken for Windows-1252 once before. */
const DOUBLED = Buffer.from([0xc3, 0x83, 0xc2]);

/**
 * Passes whole records through, with `\n` ends, without blank lines and without records that do not fit, and takes note
 * of what it saw. It works on bytes in large pieces: a million rows take seconds.
 */
export class RecordFilter extends Transform {
  readonly facts: RecordFacts = {
    header: [],
    headerCells: 0,
    records: 0,
    ragged: [],
    raggedTotal: 0,
    malformed: [],
    malformedTotal: 0,
    nulLine: 0,
    looseQuotes: 0,
    longest: 0,
    lineEnds: new Set(),
    endlessLine: 0,
    replaced: 0,
    doubled: 0,
  };
  readonly #reader: RecordReader;
  readonly #dialect: Dialect;
  readonly #dropFirst: boolean;
  #rest: Buffer = Buffer.alloc(0);
  #line = 1;
  #first = true;

  /** @param dropFirst take the first record note of, but do not pass it on: the header of a second part */
  constructor(dialect: Dialect, dropFirst: boolean) {
    super({ readableHighWaterMark: 1 << 22, writableHighWaterMark: 1 << 22 });
    this.#dialect = dialect;
    this.#dropFirst = dropFirst;
    this.#reader = new RecordReader(dialect);
  }

  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    this.#lookForGarbage(chunk);
    if (this.facts.endlessLine > 0) {
      done();
      return;
    }
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    done(null, this.#pass(bytes, false));
  }

  override _flush(done: TransformCallback): void {
    done(null, this.facts.endlessLine > 0 ? undefined : this.#pass(this.#rest, true));
  }

  #lookForGarbage(chunk: Buffer): void {
    for (let at = chunk.indexOf(REPLACEMENT); at >= 0; at = chunk.indexOf(REPLACEMENT, at + 1))
      this.facts.replaced += 1;
    for (let at = chunk.indexOf(DOUBLED); at >= 0; at = chunk.indexOf(DOUBLED, at + 1)) this.facts.doubled += 1;
  }

  #pass(bytes: Buffer, last: boolean): Buffer {
    const out = Buffer.allocUnsafe(bytes.length + 1);
    let written = 0;
    // What lies between is copied in one go until something must be left out.
    let from = 0;
    const copyTo = (end: number): void => {
      if (end > from) written += bytes.copy(out, written, from, end);
    };
    let at = 0;
    while (at < bytes.length) {
      const record = this.#reader.next(bytes, at, last);
      if (record === null) break;
      const keep = this.#note(bytes, at, record);
      if (!keep) copyTo(at);
      else if (record.next !== record.end + 1 || bytes[record.end] !== 10) {
        copyTo(record.end);
        out[written] = 10;
        written += 1;
      } else {
        at = record.next;
        continue;
      }
      at = record.next;
      from = at;
    }
    copyTo(at);
    this.#rest = Buffer.from(bytes.subarray(at));
    if (this.#rest.length > LONGEST) this.facts.endlessLine = this.#line;
    return out.subarray(0, written);
  }

  /** Counts a record and says whether it goes on. */
  #note(bytes: Buffer, start: number, record: NonNullable<ReturnType<RecordReader['next']>>): boolean {
    const { facts } = this;
    const line = this.#line;
    this.#line += 1 + record.innerLines;
    if (record.next > record.end)
      facts.lineEnds.add(record.next - record.end === 2 ? 'crlf' : bytes[record.end] === 10 ? 'lf' : 'cr');
    if (record.blank) return false;
    facts.longest = Math.max(facts.longest, record.end - start);
    if (record.holdsNul && facts.nulLine === 0) facts.nulLine = line;
    if (record.looseQuote) facts.looseQuotes += 1;
    if (record.malformed) {
      facts.malformedTotal += 1;
      if (facts.malformed.length < MOST_NAMED) facts.malformed.push({ line, cells: record.cells });
    }
    if (this.#first) {
      this.#first = false;
      facts.headerCells = record.cells;
      facts.header = this.#reader.cells(bytes, start, record.end);
      return !this.#dropFirst && !record.malformed;
    }
    if (record.malformed) return false;
    if (record.cells !== facts.headerCells) {
      facts.raggedTotal += 1;
      if (facts.ragged.length < MOST_NAMED) facts.ragged.push({ line, cells: record.cells });
      return false;
    }
    facts.records += 1;
    return true;
  }

  get dialect(): Dialect {
    return this.#dialect;
  }
}
