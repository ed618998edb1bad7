import { csvCell, quoted } from './csvCell.ts';
import { CsvScanner, type ScanFault } from './csvScan.ts';

/** A replacement in a text, by offsets. */
export interface TextChange {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** One record of a sheet: its cells, its place in the text and its line, from 1. */
export interface SheetRecord {
  readonly cells: readonly string[];
  readonly start: number;
  readonly end: number;
  readonly line: number;
}

type Entry = { -readonly [Part in keyof SheetRecord]: SheetRecord[Part] };

/** An edit of more cells than this is told as fewer, longer replacements. */
const MANY_EDITS = 500;
/** Cells this near to each other become one replacement then. */
const NEAR = 600;

/**
 * A CSV text that people edit, as records, with edits that touch only the cells they change (quotes, line ends, byte
 * order mark and columns that people added stay as they are). Follows changes of the text; one within a single record
 * costs no more than that record. Knows nothing of files or editors, and what the columns mean is its user's matter.
 */
export class CsvSheet {
  #text = '';
  #version = 0;
  #columns: readonly string[] = [];
  #records: Entry[] = [];
  #fault: ScanFault | null = null;
  /** The text in small letters; made with the first search. */
  #lower: string | null = null;

  constructor(text: string, version: number) {
    this.replace(text, version);
  }

  get text(): string {
    return this.#text;
  }

  get version(): number {
    return this.#version;
  }

  /** Names of the header, without outer blanks. */
  get columns(): readonly string[] {
    return this.#columns;
  }

  /** The records behind the header, in file order. */
  get records(): readonly SheetRecord[] {
    return this.#records;
  }

  /** Why the text is no CSV; the records before that place are known. */
  get fault(): ScanFault | null {
    return this.#fault;
  }

  /** Takes the version of a text, when it is the one that is known already; false when it is another. */
  adopt(text: string, version: number): boolean {
    if (text !== this.#text) return false;
    this.#version = version;
    return true;
  }

  /** Takes a new text. */
  replace(text: string, version: number): void {
    this.#text = text;
    this.#version = version;
    this.#lower = null;
    const scanner = new CsvScanner(text);
    this.#columns = (scanner.next()?.cells ?? []).map((name) => name.trim());
    this.#records = [];
    for (let record = scanner.next(); record !== null; record = scanner.next()) this.#records.push({ ...record });
    this.#fault = scanner.fault;
  }

  /**
   * Takes changes of the text that were made together; all offsets count in the text before them. One within a single
   * record costs no more than that record; any other reads the text again.
   */
  change(changes: readonly TextChange[], version: number): void {
    const [only] = changes;
    if (only === undefined) this.#version = version;
    else if (changes.length === 1) this.#changeOne(only, version);
    else this.replace(changed(this.#text, changes), version);
  }

  #changeOne({ start, end, text }: TextChange, version: number): void {
    const whole = this.#text.slice(0, start) + text + this.#text.slice(end);
    const at = this.indexAt(start);
    const own = this.#records[at];
    const shift = text.length - (end - start);
    if (own !== undefined && end < own.end && this.#fault === null) {
      const scanner = new CsvScanner(whole.slice(own.start, own.end + shift));
      const record = scanner.next();
      if (record !== null && scanner.next() === null && scanner.fault === null && record.start === 0) {
        const before = lineEnds(this.#text.slice(own.start, own.end));
        const lines = lineEnds(whole.slice(own.start, own.end + shift)) - before;
        this.#records[at] = { cells: record.cells, start: own.start, end: own.end + shift, line: own.line };
        for (let later = at + 1; later < this.#records.length; later += 1) {
          const entry = this.#records[later];
          if (entry === undefined) continue;
          entry.start += shift;
          entry.end += shift;
          entry.line += lines;
        }
        this.#text = whole;
        this.#version = version;
        this.#lower = null;
        return;
      }
    }
    this.replace(whole, version);
  }

  /** Cells by column name; empty when there is no such record. */
  cells(index: number): Readonly<Record<string, string>> {
    const record = this.#records[index];
    return Object.fromEntries(this.#columns.map((name, at) => [name, record?.cells[at] ?? '']));
  }

  /** Indexes, in file order, of records with a cell that holds a text in small letters; all for the empty text. */
  *holding(text: string): Iterable<number> {
    if (text === '') {
      yield* this.#records.keys();
      return;
    }
    this.#lower ??= this.#text.toLowerCase();
    // A hit without separators and quotes lies within one cell, so the text is searched as it lies there. Few letters
    // change their length with their case; where one does, places would not be the same.
    if (/[",\r\n]/.test(text) || this.#lower.length !== this.#text.length) {
      for (const [index, { cells }] of this.#records.entries())
        if (cells.some((value) => value.toLowerCase().includes(text))) yield index;
      return;
    }
    let at = this.#records[0] === undefined ? -1 : this.#lower.indexOf(text, this.#records[0].start);
    while (at >= 0) {
      const index = this.indexAt(at);
      const record = this.#records[index];
      if (record !== undefined) yield index;
      at = this.#lower.indexOf(text, record?.end ?? at + 1);
    }
  }

  /** The record at an offset of the text; -1 when there is none. */
  indexAt(offset: number): number {
    let [low, high] = [0, this.#records.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const record = this.#records[middle];
      if (record === undefined) return -1;
      if (offset < record.start) high = middle - 1;
      else if (offset >= record.end) low = middle + 1;
      else return middle;
    }
    return -1;
  }

  /**
   * Replacements of single cells of one record, in text order; a cell that was quoted stays quoted. A short record is
   * filled up with commas first.
   */
  edits(index: number, cells: readonly (readonly [column: string, value: string])[]): TextChange[] {
    const record = this.#records[index];
    if (record === undefined) return [];
    const spans = cellSpans(this.#text, record.start, record.end);
    const last = spans.at(-1)?.end ?? record.end;
    const wanted = cells
      .map(([column, value]) => ({ at: this.#columns.indexOf(column), value }))
      .filter(({ at }) => at >= 0)
      .sort((a, b) => a.at - b.at)
      .map(({ at, value }) => ({
        at,
        text: this.#text[spans[at]?.start ?? -1] === '"' ? quoted(value) : csvCell(value),
      }));
    const edits = wanted.flatMap(({ at, text }) => (spans[at] === undefined ? [] : [{ ...spans[at], text }]));
    let filled = spans.length;
    let tail = '';
    for (const { at, text } of wanted.filter(({ at }) => spans[at] === undefined)) {
      tail += `${','.repeat(at - filled + 1)}${text}`;
      filled = at + 1;
    }
    return tail === '' ? edits : [...edits, { start: last, end: last, text: tail }];
  }

  /**
   * The same edits as an editor takes them: of very many, near ones become one, and what lies between is replaced by
   * itself, because an editor takes some seconds for ten thousand.
   */
  gathered(edits: readonly TextChange[]): readonly TextChange[] {
    return edits.length > MANY_EDITS ? joined(this.#text, edits) : edits;
  }
}

/** A text after changes that were made together. */
function changed(text: string, changes: readonly TextChange[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const change of [...changes].sort((a, b) => a.start - b.start)) {
    parts.push(text.slice(at, change.start), change.text);
    at = change.end;
  }
  parts.push(text.slice(at));
  return parts.join('');
}

/** The same edits as fewer: what lies between near ones is replaced by itself. */
function joined(text: string, edits: readonly TextChange[]): TextChange[] {
  const groups: { start: number; end: number; parts: string[] }[] = [];
  for (const { start, end, text: put } of edits) {
    const last = groups.at(-1);
    if (last === undefined || start - last.end > NEAR) groups.push({ start, end, parts: [put] });
    else {
      last.parts.push(text.slice(last.end, start), put);
      last.end = end;
    }
  }
  return groups.map(({ start, end, parts }) => ({ start, end, text: parts.join('') }));
}

/** Offsets of the cells of one record, quotes included. */
export function cellSpans(text: string, start: number, end: number): { start: number; end: number }[] {
  const spans: { start: number; end: number }[] = [];
  let from = start;
  let quoted = false;
  let at = start;
  for (; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 34) quoted = !quoted;
    else if (code === 44 && !quoted) {
      spans.push({ start: from, end: at });
      from = at + 1;
    } else if ((code === 10 || code === 13) && !quoted) break;
  }
  spans.push({ start: from, end: at });
  return spans;
}

function lineEnds(text: string): number {
  return text.match(/\r\n|\r|\n/g)?.length ?? 0;
}

/** A text with replacements made, whose offsets all count in it as it was. */
export function withEdits(text: string, edits: readonly TextChange[]): string {
  return edits
    .toSorted((a, b) => b.start - a.start)
    .reduce((made, { start, end, text: put }) => made.slice(0, start) + put + made.slice(end), text);
}
