import { appendAudit } from '../audit/auditLog.ts';
import type { Project } from '../project/layout.ts';
import { UserError } from '../shared/errors.ts';
import { groupBy } from '../shared/order.ts';
import { reasonMissing } from './dispositions.ts';
import { refusePatientNumber } from './freeText.ts';
import { isDay, type TriageKind, type TriageLine, triageToChange, writeTriage } from './triage.ts';

/** What a person changes; a part that is undefined stays as it is. */
export type TriageChange = {
  readonly [K in 'disposition' | 'owner' | 'dueDate' | 'comment']?: TriageLine[K] | undefined;
};

export interface TriageSubject {
  readonly kind: TriageKind;
  readonly key: string;
  readonly about: string;
  readonly rows: number | null;
}

/** A line as it was, null where there was none, and as it was written. */
export interface RecordedLine {
  readonly before: TriageLine | null;
  readonly after: TriageLine;
}

/** One change as it was recorded. */
export interface RecordedTriage {
  /** Numbers of its entries in the audit log. */
  readonly sequences: readonly number[];
  readonly lines: readonly RecordedLine[];
}

/**
 * Puts a decision about each subject on record and in the audit log. Call it as the one writer of the project.
 *
 * @returns what was recorded, for `undoTriage`
 * @throws UserError when the change is none or lacks its reason, a due date is no day, or the file has lines that would be lost
 */
export async function setTriage(
  project: Project,
  subjects: readonly TriageSubject[],
  change: TriageChange,
  by: { readonly who: string; readonly at: Date },
): Promise<RecordedTriage> {
  if (subjects.length === 0) throw new UserError('Nothing is chosen to decide about.');
  if (Object.values(change).every((part) => part === undefined))
    throw new UserError('Give a disposition, an owner, a due date or a comment.');
  refusePatientNumber('The comment', change.comment ?? '');
  refusePatientNumber('The owner', change.owner ?? '');
  if (!isDay(change.dueDate ?? '')) throw new UserError('The due date must be a day as CCYY-MM-DD.');
  const lines = await triageToChange(project);
  const recorded: RecordedLine[] = [];
  for (const subject of subjects) {
    const before = lines.get(subject.key);
    const after = changed(before, subject, change, by);
    refuseWithoutReason(before, after, change);
    lines.set(subject.key, after);
    recorded.push({ before: before ?? null, after });
  }
  await writeTriage(project, lines.values());
  const sequences: number[] = [];
  // A change that names no disposition decides anew what each line says: the log tells each of them.
  const decided = groupBy(recorded.keys(), (at) => recorded[at]?.after.disposition ?? '');
  for (const [disposition, places] of decided) {
    const told = change.disposition === undefined && disposition !== '' ? { ...change, disposition } : change;
    const own = places.flatMap((at) => recorded[at]?.after ?? []);
    const rows = places.reduce((sum, at) => sum + (subjects[at]?.rows ?? 1), 0);
    sequences.push(await tellAudit(project, told, own, rows, by));
  }
  return { sequences, lines: recorded };
}

/** @returns the number of the entry */
async function tellAudit(
  project: Project,
  { comment, ...parts }: TriageChange,
  lines: readonly TriageLine[],
  rows: number,
  by: { readonly who: string; readonly at: Date },
): Promise<number> {
  // Of one decision the whole is told, so that the line can be checked against the log whoever wrote it before.
  const [first, second] = lines;
  const one = first !== undefined && second === undefined;
  const { sequence } = await appendAudit(project, {
    ...by,
    event: 'triage',
    details: {
      ...parts,
      ...(one ? { owner: first.owner, dueDate: first.dueDate } : {}),
      commented: comment !== undefined,
      lines: lines.length,
      rows,
      // All of them, so that the log proves which lines were decided.
      keys: lines.map(({ key }) => key),
    },
  });
  return sequence;
}

/** What stays wrong needs a reason of its own: one that was given for another decision is none. */
function refuseWithoutReason(before: TriageLine | undefined, after: TriageLine, change: TriageChange): void {
  if (change.disposition === undefined && change.comment === undefined) return;
  const kept = before?.disposition === after.disposition ? after.comment : '';
  const missing = reasonMissing(after.disposition, change.comment ?? kept);
  if (missing !== null) throw new UserError(missing);
}

function changed(
  before: TriageLine | undefined,
  { kind, key, about, rows }: TriageSubject,
  change: TriageChange,
  by: { readonly who: string; readonly at: Date },
): TriageLine {
  const disposition = change.disposition ?? before?.disposition ?? '';
  const decided = disposition !== '';
  // The reason belongs to the decision: it goes with one that is taken back.
  const said = !decided && before?.disposition !== '' ? '' : (before?.comment ?? '');
  return {
    kind,
    key,
    disposition,
    owner: change.owner ?? before?.owner ?? '',
    dueDate: change.dueDate ?? before?.dueDate ?? '',
    comment: change.comment ?? said,
    decidedBy: decided ? by.who : '',
    decidedAtUtc: decided ? by.at.toISOString() : '',
    about,
    decidedRows: decided ? rows : null,
    more: before?.more ?? {},
  };
}
