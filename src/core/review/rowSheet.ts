import type { ScanFault } from '../csv/csvScan.ts';
import { CsvSheet, type SheetRecord, type TextChange } from '../csv/csvSheet.ts';
import { compareText } from '../shared/order.ts';

/** Which rows of a sheet are wanted, and in which order. */
export interface RowQuery {
  /** Column → values that may stand there; a column that is not named is not limited. */
  readonly only: Readonly<Record<string, readonly string[]>>;
  /** Found in any cell, whatever the case; empty for all rows. */
  readonly text: string;
  /** Only rows the Problems panel names. */
  readonly withProblem: boolean;
  readonly sort: { readonly column: string; readonly descending: boolean } | null;
}

/** A problem of a row, as the Problems panel shows it. */
export interface RowMark {
  readonly severity: 'error' | 'warning' | 'info';
  readonly code: string;
  readonly message: string;
}

export interface SheetRow {
  /** Which record of the file, from 0; stays the same until the text changes. */
  readonly index: number;
  /** Line in the file, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
  readonly marks: readonly RowMark[];
}

export type Facets = Readonly<Record<string, readonly (readonly [value: string, rows: number])[]>>;

export interface SheetPage {
  readonly version: number;
  readonly columns: readonly string[];
  readonly rows: readonly SheetRow[];
  /** Rows in the file, and those the query finds. */
  readonly total: number;
  readonly found: number;
  /** How many rows have each value; null when they were not asked for: they change only with the text. */
  readonly facets: Facets | null;
  /** Why the file is no CSV; the rows before that place are shown. */
  readonly fault: ScanFault | null;
}

/** Rows to change: by hand, or all that a query finds. */
export type RowSelection<Query> = { readonly indexes: readonly number[] } | { readonly query: Query };

/** What an edit would do, before it is done. */
export interface SheetPlan {
  readonly version: number;
  /**
   * Replacements in the text of that version, by offset; none when nothing changes. One a cell, or, of very many, one a
   * group of near cells: an editor takes some seconds for ten thousand, and the text after them is the same.
   */
  readonly edits: readonly TextChange[];
  readonly changed: number;
  /** Rows that are as asked already. */
  readonly unchanged: number;
  /** Approved or reviewed rows that go back to DRAFT because what was agreed changes. */
  readonly backToDraft: number;
  /** Why rows are left as they are, with how many, and the first of them. */
  readonly refused: readonly { readonly reason: string; readonly rows: number; readonly first: string }[];
  readonly sample: readonly { readonly row: string; readonly changes: readonly string[] }[];
}

export type Cells = Readonly<Record<string, string>>;

/** What is to become of one row of a plan. */
export interface RowDecision {
  /** How the row is named to people. */
  readonly name: string;
  /** The cells that differ, by column; none when the row is as asked. */
  readonly wanted: readonly (readonly [column: string, value: string])[];
  readonly backToDraft: boolean;
  /** Why the row must stay as it is; null when it may change. */
  readonly refusal: string | null;
}

/** How a kind of sheet looks at its columns. */
export interface SheetKind {
  /** Columns whose values are few enough to choose from. */
  readonly facets: readonly string[];
  /** Columns that are sorted as numbers. */
  readonly numeric: readonly string[];
}

/**
 * The text of a CSV that people review as rows: pages, filters, problems at their rows, and plans of edits. What a row
 * means and what may change is said by the sheets made of it (contract, crosswalk).
 */
export class RowSheet<Query extends RowQuery> {
  protected readonly sheet: CsvSheet;
  readonly #kind: SheetKind;
  #marks: ReadonlyMap<number, readonly RowMark[]> = new Map();
  #facets: Facets | null = null;
  #found: { readonly key: string; readonly rows: readonly number[] } | null = null;

  constructor(text: string, version: number, kind: SheetKind) {
    this.sheet = new CsvSheet(text, version);
    this.#kind = kind;
  }

  get version(): number {
    return this.sheet.version;
  }

  /** Takes the version of a text, when it is the one that is known already; false when it is another. */
  adopt(text: string, version: number): boolean {
    return this.sheet.adopt(text, version);
  }

  /** Takes a new text. */
  replace(text: string, version: number): void {
    this.sheet.replace(text, version);
    this.forget();
  }

  /** Takes changes of the text that were made together; all offsets count in the text before them. */
  change(changes: readonly TextChange[], version: number): void {
    this.sheet.change(changes, version);
    if (changes.length > 0) this.forget();
  }

  /** Takes the problems of the last check, by line of the file. */
  mark(marks: ReadonlyMap<number, readonly RowMark[]>): void {
    this.#marks = marks;
    this.#found = null;
  }

  /** A page of the rows that a query finds. */
  page(query: Query, offset: number, limit: number, withFacets = true): SheetPage {
    const found = this.find(query);
    if (withFacets) this.#facets ??= this.#countFacets();
    return {
      version: this.version,
      columns: this.sheet.columns,
      rows: found.slice(offset, offset + limit).flatMap((index) => this.row(index) ?? []),
      total: this.sheet.records.length,
      found: found.length,
      facets: withFacets ? this.#facets : null,
      fault: this.sheet.fault,
    };
  }

  row(index: number): SheetRow | null {
    const record = this.sheet.records[index];
    if (record === undefined) return null;
    return { index, line: record.line, cells: record.cells, marks: this.marksOf(record) };
  }

  /** Cells by column name; empty when there is no such row. */
  cells(index: number): Cells {
    return this.sheet.cells(index);
  }

  /** Indexes of the rows that a query finds, in its order. The last answer is kept for the next page. */
  find(query: Query): readonly number[] {
    const key = JSON.stringify(query);
    if (this.#found?.key === key) return this.#found.rows;
    const limits = Object.entries(query.only).map(
      ([column, values]) => [this.sheet.columns.indexOf(column), new Set(values)] as const,
    );
    const rows: number[] = [];
    for (const index of this.sheet.holding(query.text.trim().toLowerCase())) {
      const record = this.sheet.records[index];
      if (record === undefined || !limits.every(([at, values]) => values.has(record.cells[at] ?? ''))) continue;
      if (query.withProblem && !this.#marks.has(record.line)) continue;
      if (this.accepts(query, record)) rows.push(index);
    }
    if (query.sort !== null) this.#sort(rows, query.sort);
    this.#found = { key, rows };
    return rows;
  }

  /** What a kind of sheet asks of a row beyond the common limits. */
  protected accepts(_query: Query, _record: SheetRecord): boolean {
    return true;
  }

  protected marksOf(record: SheetRecord): readonly RowMark[] {
    return this.#marks.get(record.line) ?? [];
  }

  /** Forgets what was found and counted, after a change of the text or of what `accepts` looks at. */
  protected forget(): void {
    this.#facets = null;
    this.#found = null;
  }

  /** Plans an edit row by row; `decide` says what becomes of each. Nothing is changed. */
  protected planRows(selection: RowSelection<Query>, decide: (index: number, before: Cells) => RowDecision): SheetPlan {
    const indexes = 'query' in selection ? this.find(selection.query) : selection.indexes;
    const refused = new Map<string, { rows: number; first: string }>();
    const sample: { row: string; changes: string[] }[] = [];
    const edits: TextChange[] = [];
    let [changed, unchanged, backToDraft] = [0, 0, 0];
    for (const index of [...new Set(indexes)].sort((a, b) => a - b)) {
      if (this.sheet.records[index] === undefined) continue;
      const before = this.cells(index);
      const { name, wanted, backToDraft: back, refusal } = decide(index, before);
      if (wanted.length === 0) {
        unchanged += 1;
        continue;
      }
      if (back) backToDraft += 1;
      const reason = this.#unknownColumn(wanted) ?? refusal;
      if (reason !== null) {
        const known = refused.get(reason) ?? { rows: 0, first: name };
        refused.set(reason, { ...known, rows: known.rows + 1 });
        continue;
      }
      changed += 1;
      if (sample.length < 5)
        sample.push({
          row: name,
          changes: wanted.map(([column, value]) => `${column}: ${before[column] || 'empty'} → ${value || 'empty'}`),
        });
      edits.push(...this.sheet.edits(index, wanted));
    }
    return {
      version: this.version,
      edits: this.sheet.gathered(edits),
      changed,
      unchanged,
      backToDraft,
      refused: [...refused].map(([reason, { rows, first }]) => ({ reason, rows, first })),
      sample,
    };
  }

  #unknownColumn(wanted: readonly (readonly [string, string])[]): string | null {
    const missing = wanted.find(([column]) => !this.sheet.columns.includes(column));
    return missing === undefined ? null : `The file has no column ${missing[0]}.`;
  }

  #sort(rows: number[], { column, descending }: NonNullable<RowQuery['sort']>): void {
    const at = this.sheet.columns.indexOf(column);
    const value = (index: number): string => this.sheet.records[index]?.cells[at] ?? '';
    const compare = this.#kind.numeric.includes(column)
      ? (a: number, b: number) => Number(value(a)) - Number(value(b))
      : (a: number, b: number) => compareText(value(a), value(b));
    // Rows that are equal stay in file order.
    rows.sort((a, b) => (descending ? -1 : 1) * compare(a, b) || a - b);
  }

  #countFacets(): Facets {
    const facets: Record<string, [string, number][]> = {};
    for (const column of this.#kind.facets) {
      const at = this.sheet.columns.indexOf(column);
      if (at < 0) continue;
      const counts = new Map<string, number>();
      for (const { cells } of this.sheet.records) counts.set(cells[at] ?? '', (counts.get(cells[at] ?? '') ?? 0) + 1);
      facets[column] = [...counts].sort(([a], [b]) => compareText(a, b));
    }
    return facets;
  }
}

/** The cells of `columns` that `set` would make differ, in column order. */
export function changesOf<Column extends string>(
  before: Cells,
  set: Readonly<Partial<Record<Column, string>>>,
  columns: readonly Column[],
): [Column, string][] {
  return columns.flatMap((column): [Column, string][] => {
    const value = set[column];
    return value === undefined || value === before[column] ? [] : [[column, value]];
  });
}
