import { type Approvals, readApprovals } from '../audit/approvals.ts';
import { type CrosswalkApprovals, crosswalkFiles, readCrosswalkApprovals } from '../audit/crosswalkApprovals.ts';
import { crosswalkName } from '../crosswalk/crosswalkName.ts';
import { cellPlace } from '../csv/csvScan.ts';
import { parseCsvText } from '../csv/csvText.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import type { Problem } from '../shared/problem.ts';
import type { Checking } from './checking.ts';

/** Problems told of one crosswalk. */
const MOST_LINES = 200;

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
  const lines = await lineProblems(project, open, checking);
  if (text === null) return lines;
  const approvals = await checking.of(project, 'approvals', [ARTEFACTS.auditLog], () => readApprovals(project));
  if (approvals.fits(text)) return lines;
  const { columns, records } = parseCsvText(text, file, []).value;
  const status = columns.indexOf('status');
  const rows = records.flatMap((record): Problem[] => {
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
  return [...rows, ...lines];
}

/** The same for crosswalk lines; a file full of them is told by its first ones. */
async function lineProblems(
  project: Project,
  open: ReadonlyMap<string, string>,
  checking: Checking,
): Promise<Problem[]> {
  const approvals = await checking.of(project, 'crosswalk approvals', [ARTEFACTS.auditLog], () =>
    readCrosswalkApprovals(project),
  );
  const saved = await checking.of(
    project,
    'crosswalk approval problems',
    [ARTEFACTS.auditLog, ARTEFACTS.crosswalks],
    async () => {
      const found: Problem[] = [];
      for (const file of await crosswalkFiles(project))
        found.push(...(await problemsOfLines(approvals, file, (await readOptionalText(project, file)) ?? '', false)));
      return found;
    },
  );
  const typed: Problem[] = [];
  for (const [file, text] of open)
    if (crosswalkName(file) !== null) typed.push(...(await problemsOfLines(approvals, file, text, true)));
  return [...saved.filter(({ place }) => !open.has(place.file)), ...typed];
}

async function problemsOfLines(
  approvals: CrosswalkApprovals,
  file: string,
  text: string,
  typed: boolean,
): Promise<Problem[]> {
  const faults = await approvals.faults(file, text, typed);
  if (faults.length === 0) return [];
  const status = parseCsvText(text, file, []).value.columns.indexOf('status');
  return faults.slice(0, MOST_LINES).map(({ record, changed }) => {
    const why =
      changed.length === 0 ? 'no approval of it is on record' : `${changed.join(', ')} changed since it was approved`;
    return {
      code: changed.length === 0 ? 'crosswalk-approved-without-review' : 'crosswalk-changed-since-approval',
      severity: 'error',
      message: `The line says APPROVED, but ${why}, so no gate counts it; set it to DRAFT and review it again.`,
      place: { file, ...cellPlace(text, record, Math.max(0, status)) },
    };
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
