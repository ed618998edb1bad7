import { parseCsvText } from '../csv/csvText.ts';
import type { Place } from '../shared/problem.ts';

/** Rows of one target table and row set, as `contract_migration_table_stats.csv` has them. */
export interface TableStat {
  /** Empty for a source table that feeds none. */
  readonly targetTable: string;
  readonly sourceTable: string;
  readonly rowsRead: number;
  readonly rowsRejected: number;
}

/** The lines, or why they cannot be believed and where. */
export type TableStats =
  | { readonly stats: readonly TableStat[]; readonly fault: null }
  | { readonly stats: null; readonly fault: { readonly why: string; readonly place: Place } };

const PARTS = ['rows_written', 'rows_rejected', 'rows_excluded', 'rows_merged'] as const;
const COUNTS = ['rows_read', ...PARTS] as const;

/**
 * Reads the statistics of a migration by table. Counts that no run can have written (no whole numbers, too large to be
 * exact, or rows that do not add up) make the whole file one that nothing is shown or decided from.
 */
export function readTableStatsText(text: string, file: string): TableStats {
  const { value, problems } = parseCsvText(text, file, ['target_table', 'source_table', ...COUNTS, 'rows_unexplained']);
  const [problem] = problems;
  if (problem !== undefined) return { stats: null, fault: { why: problem.message, place: problem.place } };
  const stats: TableStat[] = [];
  for (const { cells, line } of value.records) {
    const fault = (why: string): TableStats => ({ stats: null, fault: { why, place: { file, line } } });
    const bad = COUNTS.find((name) => !isCount(cells[name]));
    if (bad !== undefined)
      return fault(`${bad} on line ${line} is no count of rows, so the numbers are not believable.`);
    const number = (name: string): number => Number(cells[name]);
    const unexplained = number('rows_unexplained');
    const sum = PARTS.reduce((total, name) => total + number(name), unexplained);
    if (!Number.isSafeInteger(unexplained) || sum !== number('rows_read'))
      return fault(`The rows of line ${line} do not add up to those read, so the numbers are not believable.`);
    stats.push({
      targetTable: cells['target_table'] ?? '',
      sourceTable: cells['source_table'] ?? '',
      rowsRead: number('rows_read'),
      rowsRejected: number('rows_rejected'),
    });
  }
  return { stats, fault: null };
}

function isCount(text: string | undefined): boolean {
  return text !== undefined && /^\d+$/.test(text) && Number.isSafeInteger(Number(text));
}
