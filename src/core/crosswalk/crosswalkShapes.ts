import type { RowQuery, RowSelection, SheetPage } from '../review/rowSheet.ts';

/** Shapes that travel to the crosswalk grid's page: no part of Node may be needed to know them. */

/** What happens to a row whose code the crosswalk does not know. */
export const ROW_POLICIES = ['hold', 'load_null'] as const;
export type RowPolicy = (typeof ROW_POLICIES)[number];

/** The day that decides which line of a code holds: a column of the table that drives a row set. */
export interface EventDate {
  /** Empty: of every driving table that has the column. */
  readonly table: string;
  readonly column: string;
}

/** A line of `crosswalk_index.csv`: what is agreed about a whole crosswalk. */
export interface CrosswalkEntry {
  readonly rowPolicy: RowPolicy;
  /** Null when the index leaves it to the lines. */
  readonly safetyCritical: boolean | null;
  readonly eventDates: readonly EventDate[];
  readonly title: string;
  /** Name of the target's list in `schemas/code_sets`; empty when none is named. */
  readonly codeSet: string;
  readonly owner: string;
}

/** A contract row that translates codes by a crosswalk, in one row set. */
export interface CrosswalkUse {
  readonly targetTable: string;
  readonly targetField: string;
  readonly rowSet: string;
  /** Line of the contract. */
  readonly line: number;
  readonly sourceTable: string;
  /** Empty when a rule makes the code. */
  readonly sourceField: string;
  /** False when the crosswalk index names no day for its rows: the dates of lines are then not applied. */
  readonly dated: boolean;
}

export interface UnmappedCode {
  readonly code: string;
  readonly rows: number;
  /** True when a line in force has the code, but not on the day of these rows. */
  readonly otherTime: boolean;
  /** Indexes into `uses`. */
  readonly uses: readonly number[];
}

/** How far the lines of a crosswalk go in the project's data. A code counts as mapped when all of its rows are. */
export interface Coverage {
  readonly codes: number;
  readonly mappedCodes: number;
  readonly rows: number;
  readonly mappedRows: number;
  /** By rows, most first. */
  readonly unmapped: readonly UnmappedCode[];
  /** Lines in force whose code no row has in the time of the line. */
  readonly unusedLines: number;
}

/** What a line of a crosswalk may be; a retired one stays for the record. */
export const LINE_STATUSES = ['DRAFT', 'IN_REVIEW', 'APPROVED', 'REJECTED', 'RETIRED'] as const;
export type LineStatus = (typeof LINE_STATUSES)[number];

/** Columns a person may set in the grid; others that a file has are shown and kept. */
export const LINE_COLUMNS = [
  'source_code',
  'target_code',
  'description',
  'safety_critical',
  'valid_from',
  'valid_to',
  'status',
] as const;
export type LineColumn = (typeof LINE_COLUMNS)[number];
export type LineValues = Readonly<Partial<Record<LineColumn, string>>>;

/** Sorts by the rows of the data, which are no column of the file. */
export const BY_ROWS = '#rows';

export interface LineQuery extends RowQuery {
  /** Only lines that the data use, or do not use; null for all. */
  readonly used: boolean | null;
}
export const EVERY_LINE: LineQuery = { only: {}, text: '', withProblem: false, sort: null, used: null };
export type LineSelection = RowSelection<LineQuery>;

/** A page with the rows of the data that each line concerns; null while they are not known. */
export interface LinePage extends SheetPage {
  readonly dataRows: readonly (number | null)[];
}

/** A code that no line in force maps, and the line that would once it is approved. */
export interface OpenCode {
  readonly code: string;
  readonly rows: number;
  readonly otherTime: boolean;
  /** Line of the file that waits with this code, and what it says; null when there is none. */
  readonly waiting: {
    readonly line: number;
    readonly index: number;
    readonly target: string;
    readonly status: string;
  } | null;
}

/** Coverage as a page shows it, with the open codes that data have most. */
export interface LineCoverage extends Omit<Coverage, 'unmapped'> {
  readonly open: readonly OpenCode[];
  readonly openCodes: number;
}

export interface TargetCode {
  readonly code: string;
  readonly description: string;
}

/** What is known of a crosswalk beyond its lines. */
export interface CrosswalkFacts {
  readonly name: string;
  readonly entry: CrosswalkEntry | null;
  readonly safetyCritical: boolean;
  readonly uses: readonly CrosswalkUse[];
  /** Where the data come from, project-relative. */
  readonly sourceDir: string;
  readonly coverage: LineCoverage | null;
  /** Why the data could not be looked at, or not all of them. */
  readonly notSeen: readonly string[];
  /** The codes of the target's list, when the index names one. */
  readonly targets: readonly TargetCode[];
}
