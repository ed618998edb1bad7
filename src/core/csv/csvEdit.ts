import { CsvScanner } from './csvScan.ts';
import { type CsvRecord, type CsvTable, csvCell, csvLine } from './csvText.ts';

/** Cells by column name. */
export type Cells = Readonly<Record<string, string>>;

/**
 * Changes to a CSV that people keep: records are replaced, removed or inserted, and everything else keeps its bytes,
 * with its quoting, blank lines, line ends and order of columns. `text` is the file with all changes.
 */
export class CsvEdit {
  readonly #text: string;
  readonly #table: CsvTable;
  readonly #headerEnd: number;
  readonly #lineEnd: string;
  readonly #replaced = new Map<CsvRecord, Cells | null>();
  readonly #inserted = new Map<CsvRecord | null, Cells[]>();
  readonly #newColumns: string[] = [];

  /** @param table what `parseCsvText` made of `text`, without problems. */
  constructor(text: string, table: CsvTable) {
    this.#text = text;
    this.#table = table;
    this.#headerEnd = new CsvScanner(text).next()?.end ?? text.length;
    this.#lineEnd = text.slice(0, this.#headerEnd).endsWith('\r\n') ? '\r\n' : '\n';
  }

  /** Columns of the file with all changes. */
  get columns(): string[] {
    return [...this.#table.columns, ...this.#newColumns];
  }

  /** Adds a column at the end, empty in the records that are not replaced; nothing happens when it is there. */
  addColumn(name: string): void {
    if (!this.columns.includes(name)) this.#newColumns.push(name);
  }

  replace(record: CsvRecord, cells: Cells): void {
    this.#replaced.set(record, cells);
  }

  remove(record: CsvRecord): void {
    this.#replaced.set(record, null);
  }

  /** Puts a new record behind another, or behind the last one; several at one place keep the order they came in. */
  insertAfter(record: CsvRecord | null, cells: Cells): void {
    const place = record ?? this.#table.records.at(-1) ?? null;
    const before = this.#inserted.get(place);
    if (before === undefined) this.#inserted.set(place, [cells]);
    else before.push(cells);
  }

  get text(): string {
    const columns = this.columns;
    const line = (cells: Cells): string => csvLine(columns.map((name) => cells[name] ?? '')) + this.#lineEnd;
    const linesAfter = (record: CsvRecord | null): string[] => (this.#inserted.get(record) ?? []).map(line);
    const parts = [this.#widened(0, this.#headerEnd, this.#newColumns), ...linesAfter(null)];
    const blanks = this.#newColumns.map(() => '');
    let at = this.#headerEnd;
    for (const record of this.#table.records) {
      const replacement = this.#replaced.get(record);
      parts.push(this.#text.slice(at, record.start));
      if (replacement === undefined) parts.push(this.#widened(record.start, record.end, blanks));
      else if (replacement !== null) parts.push(line(replacement));
      parts.push(...linesAfter(record));
      at = record.end;
    }
    parts.push(this.#text.slice(at));
    return this.#withLineEnds(parts.filter((part) => part !== ''));
  }

  /** A record as it stands, with further cells before its line end. */
  #widened(start: number, end: number, cells: readonly string[]): string {
    const written = this.#text.slice(start, end);
    if (cells.length === 0) return written;
    const lineEnd = /(?:\r\n|\r|\n)$/.exec(written)?.[0] ?? '';
    return `${written.slice(0, written.length - lineEnd.length)},${cells.map(csvCell).join(',')}${lineEnd}`;
  }

  /** A last record without a line end gets one when something follows it. */
  #withLineEnds(parts: readonly string[]): string {
    const last = parts.length - 1;
    return parts.map((part, index) => (index < last && !/[\r\n]$/.test(part) ? part + this.#lineEnd : part)).join('');
  }
}
