/** A table as a document shows it, before anyone knows what its columns mean. Every reader gives grids. */
export interface Grid {
  /** Sheet name, heading, or file name: may name the table. */
  readonly name: string;
  /** Words around the grid (heading, title rows) that may describe the table. */
  readonly title: string;
  readonly rows: readonly GridRow[];
  /** How a row is cited: `Sheet!row 12` or `line 12`. */
  readonly cite: (line: number) => string;
}

export interface GridRow {
  /** Row in the sheet or line in the file, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** More rows than any data dictionary has: what follows is reported, not read. */
export const MOST_ROWS = 200_000;
