/** What a load did to a target. It names tables, constraints, row keys and counts; no patient value but the keys. */

/**
 * `as_before`: the target holds what it held before the load; `complete`: it holds all of the new rows. Never half.
 * `unknown`: the target could not be asked after its last step was sent, so that it is one of the two.
 */
export type TargetState = 'as_before' | 'complete' | 'unknown';

export interface TableLoad {
  readonly table: string;
  /** Rows of the file, rows sent, and rows the target counts afterwards (null when it was not asked). */
  readonly rowsInFile: number;
  readonly rowsSent: number;
  readonly rowsInTarget: number | null;
  /** Checksum over the rows as the target holds them and as the file does, by the same rule; null when not compared. */
  readonly checksumFile: string | null;
  readonly checksumTarget: string | null;
  /** Batches sent now, and batches that an earlier attempt had already brought over. */
  readonly batches: number;
  readonly batchesResumed: number;
  readonly durationMs: number;
}

/** Header of `reports/load_issues.csv`. */
export const LOAD_ISSUE_COLUMNS = [
  'severity',
  'table_name',
  'field_name',
  'row_key',
  'file_row',
  'constraint',
  'message',
];

/** What the target refused, and where: a line of `reports/load_issues.csv`. */
export interface LoadIssue {
  readonly severity: 'ERROR' | 'WARN' | 'INFO';
  readonly table: string;
  readonly field: string;
  /** Key of the row (`A1`, parts joined with `|`), or empty when the fault is not of one row. */
  readonly rowKey: string;
  /** Row of the file, counting from 1 after the header; 0 when it is not known. */
  readonly fileRow: number;
  /** Name of the constraint, or of the rule that did not hold, e.g. `not_null`. */
  readonly constraint: string;
  /** One sentence, without values. */
  readonly message: string;
}

export interface LoadReport {
  readonly status: 'passed' | 'failed' | 'cancelled';
  readonly targetState: TargetState;
  /** One sentence for people: what happened and what to do next. */
  readonly message: string;
  readonly tables: readonly TableLoad[];
  /** At most some thousands; `issuesLeftOut` says how many more there are. */
  readonly issues: readonly LoadIssue[];
  readonly issuesLeftOut: number;
}
