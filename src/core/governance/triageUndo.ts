import { type AuditEntry, appendAudit } from '../audit/auditLog.ts';
import type { Project } from '../project/layout.ts';
import { UserError } from '../shared/errors.ts';
import type { RecordedTriage } from './setTriage.ts';
import { type TriageLine, triageToChange, writeTriage } from './triage.ts';

/**
 * Puts back what stood on record before a change, and says in the audit log who undid which. Call it as the one writer of
 * the project.
 *
 * @throws UserError when one of its lines was changed since: what came later is nobody's to undo here
 */
export async function undoTriage(
  project: Project,
  { sequences, lines: recorded }: RecordedTriage,
  by: { readonly who: string; readonly at: Date },
): Promise<void> {
  const lines = await triageToChange(project);
  // From the last to the first, so that a key that was named twice ends as it was before both.
  for (const { before, after } of [...recorded].reverse()) {
    if (!isSame(lines.get(after.key), after))
      throw new UserError('These decisions were changed meanwhile, so they are not undone. Look at them again.');
    if (before === null) lines.delete(after.key);
    else lines.set(after.key, before);
  }
  await writeTriage(project, lines.values());
  await appendAudit(project, {
    ...by,
    event: 'triage',
    details: { undone: sequences, lines: recorded.length, keys: recorded.map(({ after }) => after.key) },
  });
}

function isSame(now: TriageLine | undefined, written: TriageLine): boolean {
  const parts = ['disposition', 'owner', 'dueDate', 'comment', 'decidedBy', 'decidedAtUtc'] as const;
  return now !== undefined && parts.every((part) => now[part].trim() === written[part].trim());
}

/** The entries of the audit log without decisions that were undone: those say nothing of a line any more. */
export function withoutUndone(auditLog: readonly AuditEntry[]): AuditEntry[] {
  const undone = new Set(auditLog.flatMap(({ event, details }) => (event === 'triage' ? details['undone'] : [])));
  return auditLog.filter(({ event, sequence }) => event !== 'triage' || !undone.has(sequence));
}
