/** A table as a document shows it, before anyone knows what its columns mean. */
export interface Grid {
  /** Sheet name, heading, or file name: may name the table. */
  readonly name: string;
  /** Words around the grid (heading, title rows) that may describe the table. */
  readonly title: string;
  readonly rows: readonly GridRow[];
  /** What stands before a row's number when it is cited: `Sheet!row `, `line ` or `table 3 row `. */
  readonly citedAs: string;
}

export interface GridRow {
  /** Row in the sheet or table, or line in the file, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** More rows than any data dictionary has: what follows is reported, not read. */
export const MOST_ROWS = 200_000;

/** More columns than any field list has: cells beyond are not read. Workbooks go up to 16,384. */
export const MOST_COLUMNS = 200;
