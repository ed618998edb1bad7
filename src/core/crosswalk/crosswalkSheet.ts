import { csvLine } from '../csv/csvCell.ts';
import type { SheetRecord, TextChange } from '../csv/csvSheet.ts';
import { changesOf, RowSheet, type SheetPlan } from '../review/rowSheet.ts';
import { columnsWithoutCodes, columnsWithoutCodesText } from './codeLooks.ts';
import { type CodesMet, coverageOf, LineRows } from './coverage.ts';
import { decidingChanges, type LineReview, lineRefusal } from './crosswalkRules.ts';
import {
  BY_ROWS,
  type Coverage,
  LINE_COLUMNS,
  type LineCoverage,
  type LinePage,
  type LineQuery,
  type LineSelection,
  type LineValues,
  type OpenCode,
} from './crosswalkShapes.ts';
import { type CrosswalkLines, inForce, isIsoDay, readCrosswalkText } from './crosswalkText.ts';

/** What a plan must know beyond the text: see `LineReview`. `author` tells who wrote a line, by its source code. */
export interface PlanReview extends Pick<LineReview, 'who' | 'owner' | 'mayNotDecide'> {
  readonly author: (sourceCode: string, cells: Readonly<Record<string, string>>) => string;
}

/** A plan of crosswalk lines, with those whose status it sets. */
export interface CrosswalkEditPlan extends SheetPlan {
  readonly reviewed: readonly { readonly sourceCode: string; readonly validFrom: string }[];
}

/** The text of a crosswalk file as rows, with the rules of its review and what the data ask of it. */
export class CrosswalkSheet extends RowSheet<LineQuery> {
  #met: CodesMet | null = null;
  #rows: LineRows | null = null;
  /** Columns that do not look like codes, by their use. */
  #hidden: ReadonlyMap<number, string> = new Map();
  #coverage: Coverage | null = null;
  #inForce: CrosswalkLines | null = null;

  constructor(text: string, version: number) {
    super(text, version, { facets: ['status', 'safety_critical', 'target_code'], numeric: [] });
  }

  /** Who owns the crosswalk by the index; empty when nobody is named. */
  owner = '';

  /** Why values of the data are not shown, as sentences. */
  get hiddenColumns(): readonly string[] {
    return this.#met === null ? [] : columnsWithoutCodesText(this.#met, this.#hidden);
  }

  get text(): string {
    return this.sheet.text;
  }

  /** Takes what the source data ask of this crosswalk; null when it is not known. */
  take(met: CodesMet | null): void {
    this.#met = met;
    this.#hidden = met === null ? new Map() : columnsWithoutCodes(met);
    this.#rows = met === null ? null : new LineRows(met);
    this.forget();
  }

  /** Lines of the present text that are in force, and whether one of them is safety-critical. */
  get inForce(): CrosswalkLines {
    this.#inForce ??= readCrosswalkText(this.sheet.text, '').value;
    return this.#inForce;
  }

  linePage(query: LineQuery, offset: number, limit: number): LinePage {
    const page = this.page(query, offset, limit);
    return { ...page, dataRows: page.rows.map(({ index }) => this.#dataRows(this.sheet.records[index])) };
  }

  override find(query: LineQuery): readonly number[] {
    if (query.sort?.column !== BY_ROWS) return super.find(query);
    const sign = query.sort.descending ? -1 : 1;
    const rows = super
      .find({ ...query, sort: null })
      .map((index) => [index, this.#dataRows(this.sheet.records[index])] as const);
    return rows.toSorted((a, b) => sign * ((a[1] ?? 0) - (b[1] ?? 0)) || a[0] - b[0]).map(([index]) => index);
  }

  /** How far the lines in force go; null while the data are not known. At most `most` open codes. */
  coverage(most: number): LineCoverage | null {
    if (this.#met === null) return null;
    this.#coverage ??= coverageOf(this.inForce.lines, this.#met);
    const { unmapped: all, ...sums } = this.#coverage;
    const unmapped = all.filter(({ uses }) => uses.every((use) => !this.#hidden.has(use)));
    const waiting = this.#waitingLines(new Set(unmapped.slice(0, most).map(({ code }) => code)));
    const open = unmapped.slice(0, most).map(({ code, rows, otherTime }) => ({
      code,
      rows,
      otherTime,
      waiting: waiting.get(code) ?? null,
    }));
    return { ...sums, open, openCodes: unmapped.length };
  }

  /** What setting cells of lines would do. A line whose code, target or time changes goes back to DRAFT. */
  plan(selection: LineSelection, set: LineValues, review: PlanReview): CrosswalkEditPlan {
    const hasStatus = this.sheet.columns.includes('status');
    const reviewed: CrosswalkEditPlan['reviewed'][number][] = [];
    const plan = this.planRows(selection, (index, before) => {
      const wanted = changesOf(before, set, LINE_COLUMNS);
      const decides = decidingChanges(before, { ...before, ...Object.fromEntries(wanted) });
      const back = decides && hasStatus && set.status === undefined && before['status'] !== 'DRAFT';
      if (back) wanted.push(['status', 'DRAFT']);
      const after = { ...before, ...Object.fromEntries(wanted) };
      const { who, owner, mayNotDecide } = review;
      const code = before['source_code'] ?? '';
      const hasErrors = (this.row(index)?.marks ?? []).some((mark) => mark.severity === 'error');
      const refusal =
        wanted.length === 0
          ? null
          : lineRefusal(before, after, { who, owner, mayNotDecide, hasErrors, author: review.author(code, before) });
      if (refusal === null && wanted.some(([column]) => column === 'status'))
        reviewed.push({ sourceCode: code, validFrom: after['valid_from'] ?? '' });
      return { name: code === '' ? '(empty code)' : code, wanted, backToDraft: back, refusal };
    });
    return { ...plan, reviewed };
  }

  /** What adding a DRAFT line for each code would do: one insertion at the end of the file. */
  planLines(lines: readonly { readonly sourceCode: string; readonly targetCode: string }[]): SheetPlan {
    const columns = this.sheet.columns;
    const missing = ['source_code', 'target_code', 'status'].find((column) => !columns.includes(column));
    const waiting = this.#waitingLines(new Set(lines.map(({ sourceCode }) => sourceCode.trim())));
    const refused = new Map<string, { rows: number; first: string }>();
    const added: string[] = [];
    const sample: { row: string; changes: string[] }[] = [];
    for (const { sourceCode, targetCode } of lines) {
      const there = waiting.get(sourceCode.trim());
      const reason =
        this.sheet.fault !== null
          ? 'The file is no well-formed CSV; open it as text and mend the quoting first.'
          : missing !== undefined
            ? `The file has no column ${missing}; add it to the header first.`
            : targetCode.trim() === ''
              ? 'Give the target code that it becomes.'
              : there !== undefined
                ? `Line ${there.line} has this code already and is ${there.status || 'without status'}; change that line.`
                : null;
      if (reason !== null) {
        const known = refused.get(reason) ?? { rows: 0, first: sourceCode };
        refused.set(reason, { ...known, rows: known.rows + 1 });
        continue;
      }
      const values: Readonly<Record<string, string>> = {
        source_code: sourceCode,
        target_code: targetCode.trim(),
        status: 'DRAFT',
      };
      added.push(csvLine(columns.map((column) => values[column] ?? '')));
      if (sample.length < 5) sample.push({ row: sourceCode, changes: [`new line → ${targetCode.trim()}, DRAFT`] });
    }
    return {
      version: this.version,
      edits: added.length === 0 ? [] : [this.#appended(added)],
      changed: added.length,
      unchanged: 0,
      backToDraft: 0,
      refused: [...refused].map(([reason, { rows, first }]) => ({ reason, rows, first })),
      sample,
    };
  }

  protected override accepts(query: LineQuery, record: SheetRecord): boolean {
    if (query.used === null) return true;
    const rows = this.#dataRows(record);
    return rows === null || rows > 0 === query.used;
  }

  protected override forget(): void {
    super.forget();
    this.#coverage = null;
    this.#inForce = null;
  }

  #cell(record: SheetRecord, column: string): string {
    return record.cells[this.sheet.columns.indexOf(column)] ?? '';
  }

  #dataRows(record: SheetRecord | undefined): number | null {
    if (this.#rows === null || record === undefined) return null;
    const day = (column: string): string | null => {
      const text = this.#cell(record, column).trim();
      return isIsoDay(text) ? text : null;
    };
    const sourceCode = this.#cell(record, 'source_code');
    return this.#rows.of({ sourceCode, validFrom: day('valid_from'), validTo: day('valid_to') });
  }

  /** Lines that are not in force and may come to be, by code. */
  #waitingLines(codes: ReadonlySet<string>): Map<string, NonNullable<OpenCode['waiting']>> {
    const waiting = new Map<string, NonNullable<OpenCode['waiting']>>();
    for (const [index, record] of this.sheet.records.entries()) {
      const code = this.#cell(record, 'source_code').trim();
      const status = this.#cell(record, 'status').trim().toUpperCase();
      if (!codes.has(code) || inForce(status) || status === 'RETIRED' || status === 'REJECTED') continue;
      waiting.set(code, { line: record.line, index, target: this.#cell(record, 'target_code'), status });
    }
    return waiting;
  }

  /** New lines behind the last one, with the line end that the header has. */
  #appended(lines: readonly string[]): TextChange {
    const { text } = this.sheet;
    const lineEnd = /\r\n|\r|\n/.exec(text)?.[0] ?? '\n';
    const lead = /[\r\n]$/.test(text) ? '' : lineEnd;
    return { start: text.length, end: text.length, text: `${lead}${lines.join(lineEnd)}${lineEnd}` };
  }
}
