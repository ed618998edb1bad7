import type { Project } from '../../project/layout.ts';
import { tableStatsReport } from '../reportProblems.ts';
import { migrationReport } from '../reports.ts';
import type { IssueFiles } from './issueQuery.ts';

/** Rows that the last migration rejected, by its report and by target table; null without them. A reject is a line of a row. */
export async function rejectedRows(project: Project): Promise<IssueFiles['rejected']> {
  const { value: totals } = await migrationReport(project);
  const { value: stats } = await tableStatsReport(project, totals);
  if (totals === null || stats === null) return null;
  const tables: Record<string, number> = {};
  for (const { targetTable, rowsRejected } of stats)
    if (targetTable !== '') tables[targetTable] = (tables[targetTable] ?? 0) + rowsRejected;
  return { rows: totals.rows_rejected, tables };
}
