import { readTableStatsText, type TableStat } from '../migration/tableStats.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import { UserError } from '../shared/errors.ts';
import type { Problem } from '../shared/problem.ts';
import { type Report, unusable } from './readReport.ts';
import {
  lifecycleReport,
  loadOutcome,
  type MigrationTotals,
  migrationReport,
  REPORTING_STAGES,
  reconciliationOutcome,
  stageReport,
} from './reports.ts';

/** Every report that a panel reads and that is there but cannot be used: it must not pass for one that is missing. */
export async function reportProblems(project: Project): Promise<Problem[]> {
  const { value: totals } = await migrationReport(project);
  const reports: Report<unknown>[] = await Promise.all([
    ...REPORTING_STAGES.map((stage) => stageReport(project, stage)),
    tableStatsReport(project, totals),
    lifecycleReport(project),
    loadOutcome(project),
    reconciliationOutcome(project),
  ]);
  return reports.flatMap(({ problem }) => problem ?? []);
}

/**
 * The statistics by table of the last migration.
 *
 * @param totals of the report they were written with, to which they must add up; null when there is none to compare with
 */
export async function tableStatsReport(
  project: Project,
  totals: MigrationTotals | null,
): Promise<Report<readonly TableStat[]>> {
  const file = ARTEFACTS.migrationTableStats;
  let text: string | null;
  try {
    text = await readOptionalText(project, file);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return unusable({ file }, error.message.slice(file.length + 2));
  }
  if (text === null) return { value: null, problem: null };
  const { stats, fault } = readTableStatsText(text, file);
  if (stats === null) return unusable(fault.place, fault.why);
  const sum = (of: (stat: TableStat) => number): number => stats.reduce((total, stat) => total + of(stat), 0);
  const sameRun =
    totals === null ||
    (sum(({ rowsRead }) => rowsRead) === totals.rows_read &&
      sum(({ rowsRejected }) => rowsRejected) === totals.rows_rejected);
  if (!sameRun) return unusable({ file }, `Its rows do not add up to those of ${ARTEFACTS.migrationReport}.`);
  return { value: stats, problem: null };
}
