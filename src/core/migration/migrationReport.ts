import { compareText } from '../shared/order.ts';
import type { RowLedger } from './loadTable.ts';
import type { ImputeMode } from './plan.ts';
import type { RunPolicy } from './runPolicy.ts';

/** A file written, with what a second reader counts in it. */
export interface OutputFile {
  readonly table: string;
  readonly path: string;
  readonly sha256: string;
  readonly rows: number;
}

/** A source file that drives no target table, and why. */
export interface UnreadSource {
  readonly table: string;
  readonly reason: string;
  readonly path: string;
  readonly sha256: string;
  readonly rows: number;
}

export interface ReportInput {
  readonly runId: string;
  readonly runAt: Date;
  readonly imputeMode: ImputeMode;
  readonly ledgers: readonly RowLedger[];
  readonly unread: readonly UnreadSource[];
  readonly crosswalkRejects: number;
  readonly safetyCriticalRejects: number;
  /** By severity word. */
  readonly issues: ReadonlyMap<string, number>;
  readonly inputs: readonly { readonly path: string; readonly sha256: string; readonly rows: number }[];
  readonly outputs: readonly OutputFile[];
  readonly contractSha256: string;
  /** The row balance or the policy does not hold. */
  readonly failed: boolean;
  /** What the run was for, where its rows came from and whose they are. */
  readonly policy: RunPolicy['evidence'];
}

export const TABLE_STATS_COLUMNS = [
  'target_table',
  'source_table',
  'rows_read',
  'rows_written',
  'rows_rejected',
  'rows_excluded',
  'rows_merged',
  'rows_unexplained',
  'columns',
  'cells_populated',
  'cells_imputed',
  'row_set',
  'cells_total',
  'exclusion_rule',
];

/** `contract_migration_report.json`. Row totals are over all row sets: a source row read by two row sets counts twice. */
export function migrationReport(input: ReportInput) {
  const total = (pick: (ledger: RowLedger) => number): number =>
    input.ledgers.reduce((sum, ledger) => sum + pick(ledger), 0);
  const left = input.unread.reduce((sum, source) => sum + source.rows, 0);
  const unexplainedUnread = input.unread
    .filter((source) => source.reason === '')
    .reduce((sum, source) => sum + source.rows, 0);
  const cellsTotal = total((ledger) => ledger.cellsTotal);
  const populated = total((ledger) => ledger.cellsPopulated);
  const imputed = total((ledger) => ledger.cellsImputed);
  return {
    schema_version: 1,
    run_id: input.runId,
    run_at_utc: input.runAt.toISOString(),
    status: input.failed ? ('failed' as const) : ('passed' as const),
    impute_mode: input.imputeMode,
    tables_written: input.outputs.length,
    rows_read: total((ledger) => ledger.rowsRead) + left,
    rows_written: total((ledger) => ledger.rowsWritten),
    rows_rejected: total((ledger) => ledger.rowsRejected),
    rows_excluded: total((ledger) => ledger.rowsExcluded) + left - unexplainedUnread,
    rows_merged: total((ledger) => ledger.rowsMerged),
    rows_unexplained: total(unexplainedRows) + unexplainedUnread,
    cells_total: cellsTotal,
    cells_populated: populated,
    cells_imputed: imputed,
    population_ratio: cellsTotal === 0 ? 0 : Math.round(((populated - imputed) / cellsTotal) * 1e6) / 1e6,
    crosswalk_rejects: input.crosswalkRejects,
    safety_critical_rejects: input.safetyCriticalRejects,
    issue_counts: {
      ERROR: input.issues.get('ERROR') ?? 0,
      WARN: input.issues.get('WARN') ?? 0,
      INFO: input.issues.get('INFO') ?? 0,
    },
    inputs: [...input.inputs].sort((a, b) => compareText(a.path, b.path)),
    outputs: input.outputs
      .map(({ path, sha256, rows }) => ({ path, sha256, rows }))
      .sort((a, b) => compareText(a.path, b.path)),
    contract_sha256: input.contractSha256,
    ...input.policy,
  };
}

/** One line per target table and row set, then one per source table that drives none. */
export function tableStatsRows(ledgers: readonly RowLedger[], unread: readonly UnreadSource[]): (string | number)[][] {
  const loaded = ledgers.map((ledger) => [
    ledger.targetTable,
    ledger.sourceTable,
    ledger.rowsRead,
    ledger.rowsWritten,
    ledger.rowsRejected,
    ledger.rowsExcluded,
    ledger.rowsMerged,
    unexplainedRows(ledger),
    ledger.columns,
    ledger.cellsPopulated,
    ledger.cellsImputed,
    ledger.rowSet,
    ledger.cellsTotal,
    ledger.rowsExcluded > 0 ? `filter:${ledger.targetTable}/${ledger.rowSet}` : '',
  ]);
  const left = unread.map((source) => {
    const explained = source.reason !== '';
    return [
      '',
      source.table,
      source.rows,
      0,
      0,
      explained ? source.rows : 0,
      0,
      explained ? 0 : source.rows,
      0,
      0,
      0,
      '',
      0,
      source.reason,
    ];
  });
  return [...loaded, ...left];
}

export function unexplainedRows(ledger: RowLedger): number {
  return ledger.rowsRead - ledger.rowsWritten - ledger.rowsRejected - ledger.rowsExcluded - ledger.rowsMerged;
}
