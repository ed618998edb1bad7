import { type Approvals, readApprovals } from '../audit/approvals.ts';
import { cellPlace } from '../csv/csvScan.ts';
import { parseCsvText } from '../csv/csvText.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import type { Problem } from '../shared/problem.ts';
import type { Checking } from './checking.ts';

/**
 * Rows that say APPROVED while their mapping is not the one that was approved, or while nobody is on record who approved
 * them, each at its status cell. The grid takes a changed row back to DRAFT by itself; any other editor does not.
 *
 * @param open texts that are open and not saved yet, by project-relative path
 */
export async function approvalProblems(
  project: Project,
  open: ReadonlyMap<string, string>,
  checking: Checking,
): Promise<Problem[]> {
  const file = ARTEFACTS.contract;
  const typed = open.get(file) ?? null;
  const text = typed ?? (await readOptionalText(project, file));
  if (text === null) return [];
  const approvals = await checking.of(project, 'approvals', [ARTEFACTS.auditLog], () => readApprovals(project));
  if (approvals.fits(text)) return [];
  const { columns, records } = parseCsvText(text, file, []).value;
  const status = columns.indexOf('status');
  return records.flatMap((record): Problem[] => {
    const found = whyNot(approvals, record.cells, typed !== null);
    if (found === null) return [];
    const row = `${record.cells['target_table']}.${record.cells['target_field']}`;
    return [
      {
        code: found.code,
        severity: 'error',
        message: `${row} says APPROVED, but ${found.why}, so no gate counts it; set it to DRAFT and review it again.`,
        place: { file, ...cellPlace(text, record, status) },
      },
    ];
  });
}

interface WhyNot {
  readonly code: string;
  readonly why: string;
}

/** An approval that is made in the grid goes on record when its text is saved: until then it is not missed. */
function whyNot(approvals: Approvals, cells: Readonly<Record<string, string>>, typed: boolean): WhyNot | null {
  const unreviewed = approvals.unreviewed(cells);
  if (unreviewed === 'recorded' || (unreviewed === 'unrecorded' && !typed)) {
    return { code: 'contract-approved-without-review', why: 'no approval of it is on record' };
  }
  const changed = approvals.changed(cells);
  if (changed.length === 0) return null;
  const why = `${changed.map(({ column }) => column).join(', ')} changed since it was approved`;
  return { code: 'contract-changed-since-approval', why };
}
