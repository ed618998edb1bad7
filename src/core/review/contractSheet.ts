import { MAPPING_CLASSES, REVIEW_STATUSES } from '../contract/contract.ts';
import { csvCell } from '../csv/csvCell.ts';
import { CsvScanner, type ScanFault } from '../csv/csvScan.ts';
import { compareText } from '../shared/order.ts';
import { reviewRefusal } from './reviewRules.ts';

/** Columns a person may set; keys, types and confidence come from the catalog and the analysis. */
export const EDITABLE_COLUMNS = [
  'mapping_class',
  'source_table',
  'source_field',
  'rule',
  'crosswalk',
  'default_value',
  'status',
  'owner',
  'notes',
] as const;
export type EditableColumn = (typeof EDITABLE_COLUMNS)[number];

/** Columns whose values are few enough to choose from. */
export const FACET_COLUMNS = ['target_table', 'mapping_class', 'status', 'owner', 'mandatory', 'row_set'] as const;

/** Who and how a row was agreed; the other columns decide what lands in the target. */
const REVIEW_COLUMNS = new Set(['status', 'owner', 'notes']);

export interface SheetQuery {
  /** Column → values that may stand there; a column that is not named is not limited. */
  readonly only: Readonly<Record<string, readonly string[]>>;
  /** Found in any cell, whatever the case; empty for all rows. */
  readonly text: string;
  /** Only rows the Problems panel names. */
  readonly withProblem: boolean;
  /** Only rows with a confidence below this; null for all. */
  readonly belowConfidence: number | null;
  readonly sort: { readonly column: string; readonly descending: boolean } | null;
}

export const EVERY_ROW: SheetQuery = { only: {}, text: '', withProblem: false, belowConfidence: null, sort: null };

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
export type SheetSelection = { readonly indexes: readonly number[] } | { readonly query: SheetQuery };

export type CellValues = Readonly<Partial<Record<EditableColumn, string>>>;

/** A replacement in a text, by offsets. */
export interface TextChange {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

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
  /** Approved or reviewed rows that go back to DRAFT because their mapping changes. */
  readonly backToDraft: number;
  /** Why rows are left as they are, with how many, and the first of them. */
  readonly refused: readonly { readonly reason: string; readonly rows: number; readonly first: string }[];
  readonly sample: readonly { readonly row: string; readonly changes: readonly string[] }[];
}

interface Entry {
  cells: readonly string[];
  start: number;
  end: number;
  line: number;
}

/** An edit of more cells than this is told as fewer, longer replacements. */
const MANY_EDITS = 500;
/** Cells this near to each other become one replacement then. */
const NEAR = 600;

/**
 * The text of `mapping_contract.csv` as rows: pages, filters and edits that touch only the cells they change (quotes, line
 * ends, byte order mark and columns that people added stay as they are). Knows nothing of files or editors.
 */
export class ContractSheet {
  #text = '';
  #version = 0;
  #columns: readonly string[] = [];
  #rows: Entry[] = [];
  #fault: ScanFault | null = null;
  #marks: ReadonlyMap<number, readonly RowMark[]> = new Map();
  #facets: Facets | null = null;
  /** The text in small letters; made with the first search. */
  #lower: string | null = null;
  #found: { readonly key: string; readonly rows: readonly number[] } | null = null;

  constructor(text: string, version: number) {
    this.replace(text, version);
  }

  get version(): number {
    return this.#version;
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
    this.#forget();
    const scanner = new CsvScanner(text);
    this.#columns = (scanner.next()?.cells ?? []).map((name) => name.trim());
    this.#rows = [];
    for (let record = scanner.next(); record !== null; record = scanner.next()) this.#rows.push({ ...record });
    this.#fault = scanner.fault;
  }

  /**
   * Takes changes of the text that were made together; all offsets count in the text before them. One within a single
   * row costs no more than that row; any other reads the text again.
   */
  change(changes: readonly TextChange[], version: number): void {
    const [only] = changes;
    if (only === undefined) this.#version = version;
    else if (changes.length === 1) this.#changeOne(only, version);
    else this.replace(changed(this.#text, changes), version);
  }

  #changeOne({ start, end, text }: TextChange, version: number): void {
    const whole = this.#text.slice(0, start) + text + this.#text.slice(end);
    const at = this.#rowAt(start);
    const row = this.#rows[at];
    const shift = text.length - (end - start);
    if (row !== undefined && end < row.end && this.#fault === null) {
      const scanner = new CsvScanner(whole.slice(row.start, row.end + shift));
      const record = scanner.next();
      if (record !== null && scanner.next() === null && scanner.fault === null && record.start === 0) {
        const before = lineEnds(this.#text.slice(row.start, row.end));
        const lines = lineEnds(whole.slice(row.start, row.end + shift)) - before;
        this.#rows[at] = { cells: record.cells, start: row.start, end: row.end + shift, line: row.line };
        for (let later = at + 1; later < this.#rows.length; later += 1) {
          const entry = this.#rows[later];
          if (entry === undefined) continue;
          entry.start += shift;
          entry.end += shift;
          entry.line += lines;
        }
        this.#text = whole;
        this.#version = version;
        this.#forget();
        return;
      }
    }
    this.replace(whole, version);
  }

  /** Takes the problems of the last check, by line of the file. */
  mark(marks: ReadonlyMap<number, readonly RowMark[]>): void {
    this.#marks = marks;
    this.#found = null;
  }

  /** A page of the rows that a query finds. */
  page(query: SheetQuery, offset: number, limit: number, withFacets = true): SheetPage {
    const found = this.find(query);
    if (withFacets) this.#facets ??= this.#countFacets();
    return {
      version: this.#version,
      columns: this.#columns,
      rows: found.slice(offset, offset + limit).flatMap((index) => this.row(index) ?? []),
      total: this.#rows.length,
      found: found.length,
      facets: withFacets ? this.#facets : null,
      fault: this.#fault,
    };
  }

  row(index: number): SheetRow | null {
    const entry = this.#rows[index];
    if (entry === undefined) return null;
    return { index, line: entry.line, cells: entry.cells, marks: this.#marks.get(entry.line) ?? [] };
  }

  /** Cells by column name; empty when there is no such row. */
  cells(index: number): Readonly<Record<string, string>> {
    const entry = this.#rows[index];
    return Object.fromEntries(this.#columns.map((name, at) => [name, entry?.cells[at] ?? '']));
  }

  /** The row of a target field; -1 when there is none. */
  indexOf(table: string, field: string, rowSet: string): number {
    const at = ['target_table', 'target_field', 'row_set'].map((name) => this.#columns.indexOf(name));
    const wanted = [table, field, rowSet];
    return this.#rows.findIndex(({ cells }) =>
      at.every((column, index) => (cells[column] ?? '') === (wanted[index] ?? '')),
    );
  }

  /** Indexes of the rows that a query finds, in its order. The last answer is kept for the next page. */
  find(query: SheetQuery): readonly number[] {
    const key = JSON.stringify(query);
    if (this.#found?.key === key) return this.#found.rows;
    const limits = Object.entries(query.only).map(
      ([column, values]) => [this.#columns.indexOf(column), new Set(values)] as const,
    );
    const confidence = this.#columns.indexOf('confidence');
    const rows: number[] = [];
    for (const index of this.#searched(query.text.trim().toLowerCase())) {
      const { cells, line } = this.#rows[index] as Entry;
      if (!limits.every(([at, values]) => values.has(cells[at] ?? ''))) continue;
      if (query.withProblem && !this.#marks.has(line)) continue;
      if (query.belowConfidence !== null && Number(cells[confidence] || 1) >= query.belowConfidence) continue;
      rows.push(index);
    }
    if (query.sort !== null) this.#sort(rows, query.sort);
    this.#found = { key, rows };
    return rows;
  }

  /**
   * What setting cells would do. Rows that the review's rules do not allow are left as they are, with the reason; a row
   * whose mapping changes goes back to DRAFT.
   *
   * @param who the person who asks, for the rule that nobody approves what is their own
   */
  plan(selection: SheetSelection, set: CellValues, who: string): SheetPlan {
    const indexes = 'query' in selection ? this.find(selection.query) : selection.indexes;
    const refused = new Map<string, { rows: number; first: string }>();
    const sample: { row: string; changes: string[] }[] = [];
    const edits: TextChange[] = [];
    let [changed, unchanged, backToDraft] = [0, 0, 0];
    for (const index of [...new Set(indexes)].sort((a, b) => a - b)) {
      const entry = this.#rows[index];
      if (entry === undefined) continue;
      const before = this.cells(index);
      const name = `${before['target_table']}.${before['target_field']}`;
      const wanted = changesOf(before, set);
      if (wanted.length === 0) {
        unchanged += 1;
        continue;
      }
      const mapped = wanted.some(([column]) => !REVIEW_COLUMNS.has(column));
      if (mapped && set.status === undefined && before['status'] !== 'DRAFT' && before['status'] !== '') {
        wanted.push(['status', 'DRAFT']);
        backToDraft += 1;
      }
      const after = { ...before, ...Object.fromEntries(wanted) };
      const errors = (this.#marks.get(entry.line) ?? []).some((mark) => mark.severity === 'error');
      const reason = this.#unknownColumn(wanted) ?? reviewRefusal(before, after, { who, hasErrors: errors && !mapped });
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
      edits.push(...this.#editsOf(entry, wanted));
    }
    return {
      version: this.#version,
      edits: edits.length > MANY_EDITS ? joined(this.#text, edits) : edits,
      changed,
      unchanged,
      backToDraft,
      refused: [...refused].map(([reason, { rows, first }]) => ({ reason, rows, first })),
      sample,
    };
  }

  /** Rows in file order with a cell that holds a text in small letters; all for the empty text. */
  *#searched(text: string): Iterable<number> {
    if (text === '') {
      yield* this.#rows.keys();
      return;
    }
    this.#lower ??= this.#text.toLowerCase();
    // A hit without separators and quotes lies within one cell, so the text is searched as it lies there. Few letters
    // change their length with their case; where one does, places would not be the same.
    if (/[",\r\n]/.test(text) || this.#lower.length !== this.#text.length) {
      for (const [index, { cells }] of this.#rows.entries())
        if (cells.some((value) => value.toLowerCase().includes(text))) yield index;
      return;
    }
    let at = this.#rows[0] === undefined ? -1 : this.#lower.indexOf(text, this.#rows[0].start);
    while (at >= 0) {
      const index = this.#rowAt(at);
      const row = this.#rows[index];
      if (row !== undefined) yield index;
      at = this.#lower.indexOf(text, row?.end ?? at + 1);
    }
  }

  #forget(): void {
    this.#facets = null;
    this.#found = null;
    this.#lower = null;
  }

  #unknownColumn(wanted: readonly (readonly [string, string])[]): string | null {
    const missing = wanted.find(([column]) => !this.#columns.includes(column));
    return missing === undefined ? null : `The file has no column ${missing[0]}.`;
  }

  #sort(rows: number[], { column, descending }: NonNullable<SheetQuery['sort']>): void {
    const at = this.#columns.indexOf(column);
    const value = (index: number): string => this.#rows[index]?.cells[at] ?? '';
    const compare =
      column === 'confidence'
        ? (a: number, b: number) => Number(value(a)) - Number(value(b))
        : (a: number, b: number) => compareText(value(a), value(b));
    // Rows that are equal stay in file order.
    rows.sort((a, b) => (descending ? -1 : 1) * compare(a, b) || a - b);
  }

  #countFacets(): Facets {
    const facets: Record<string, [string, number][]> = {};
    for (const column of FACET_COLUMNS) {
      const at = this.#columns.indexOf(column);
      if (at < 0) continue;
      const counts = new Map<string, number>();
      for (const { cells } of this.#rows) counts.set(cells[at] ?? '', (counts.get(cells[at] ?? '') ?? 0) + 1);
      facets[column] = [...counts].sort(([a], [b]) => compareText(a, b));
    }
    return facets;
  }

  #rowAt(offset: number): number {
    let [low, high] = [0, this.#rows.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const row = this.#rows[middle];
      if (row === undefined) return -1;
      if (offset < row.start) high = middle - 1;
      else if (offset >= row.end) low = middle + 1;
      else return middle;
    }
    return -1;
  }

  /** Replacements of single cells. A short row is filled up with commas first. */
  #editsOf(entry: Entry, wanted: readonly (readonly [string, string])[]): TextChange[] {
    const spans = cellSpans(this.#text, entry.start, entry.end);
    const last = spans.at(-1)?.end ?? entry.end;
    return wanted
      .map(([column, value]) => ({ at: this.#columns.indexOf(column), text: csvCell(value) }))
      .sort((a, b) => a.at - b.at)
      .map(({ at, text }) => {
        const span = spans[at];
        return span === undefined
          ? { start: last, end: last, text: `${','.repeat(at - spans.length + 1)}${text}` }
          : { ...span, text };
      });
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

/** The cells that would differ. A class or status that does not exist is written as given and refused by the rules. */
function changesOf(before: Readonly<Record<string, string>>, set: CellValues): [string, string][] {
  return EDITABLE_COLUMNS.flatMap((column): [string, string][] => {
    const value = set[column];
    return value === undefined || value === before[column] ? [] : [[column, value]];
  });
}

/** Offsets of the cells of one record, quotes included. */
function cellSpans(text: string, start: number, end: number): { start: number; end: number }[] {
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

/** Values a column may hold, for lists to choose from; null where any text may stand. */
export function choicesOf(column: string): readonly string[] | null {
  if (column === 'mapping_class') return MAPPING_CLASSES;
  if (column === 'status') return REVIEW_STATUSES;
  return null;
}
