import type { RawRecord, RecordReader } from './recordReader.ts';

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
const REPLACEMENT = Buffer.from('\uFFFD');
/** `Ã` and the character after it, as they look when UTF-8 was taken for Windows-1252 once before. */
const DOUBLED = Buffer.from([0xc3, 0x83, 0xc2]);

/** Takes note of record after record: lines, cells, and what is odd. */
export class RecordNotes {
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
  readonly #dropFirst: boolean;
  #line = 1;
  #first = true;

  /** @param dropFirst the first record is the header of a second part */
  constructor(reader: RecordReader, dropFirst = false) {
    this.#reader = reader;
    this.#dropFirst = dropFirst;
  }

  /** Line of the file at which the next record begins. */
  get line(): number {
    return this.#line;
  }

  /** Counts characters that were lost before. */
  lookForGarbage(chunk: Buffer): void {
    for (let at = chunk.indexOf(REPLACEMENT); at >= 0; at = chunk.indexOf(REPLACEMENT, at + 1))
      this.facts.replaced += 1;
    for (let at = chunk.indexOf(DOUBLED); at >= 0; at = chunk.indexOf(DOUBLED, at + 1)) this.facts.doubled += 1;
  }

  /** Counts a record and says whether it goes on. */
  note(bytes: Buffer, start: number, record: RawRecord): boolean {
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
}
