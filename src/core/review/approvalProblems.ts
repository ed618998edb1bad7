import { readApprovals } from '../audit/approvals.ts';
import { cellPlace } from '../csv/csvScan.ts';
import { parseCsvText } from '../csv/csvText.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import type { Problem } from '../shared/problem.ts';
import type { Checking } from './checking.ts';

/**
 * Rows that say APPROVED while their mapping is not the one that was approved, each at its status cell. The grid takes
 * such a row back to DRAFT by itself; any other editor does not.
 *
 * @param open texts that are open and not saved yet, by project-relative path
 */
export async function approvalProblems(
  project: Project,
  open: ReadonlyMap<string, string>,
  checking: Checking,
): Promise<Problem[]> {
  const file = ARTEFACTS.contract;
  const text = open.get(file) ?? (await readOptionalText(project, file));
  if (text === null) return [];
  const approvals = await checking.of(project, 'approvals', [ARTEFACTS.auditLog], () => readApprovals(project));
  if (approvals.fits(text)) return [];
  const { columns, records } = parseCsvText(text, file, []).value;
  const status = columns.indexOf('status');
  return records.flatMap((record): Problem[] => {
    const changed = approvals.changed(record.cells);
    if (changed.length === 0) return [];
    const names = changed.map(({ column }) => column).join(', ');
    const row = `${record.cells['target_table']}.${record.cells['target_field']}`;
    return [
      {
        code: 'contract-changed-since-approval',
        severity: 'error',
        message: `${row} says APPROVED, but ${names} changed since it was approved, so no gate counts it; set it to DRAFT and review it again.`,
        place: { file, ...cellPlace(text, record, status) },
      },
    ];
  });
}
