import { type AuditEntry, readAudit, verifyAudit } from '../audit/auditLog.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import { UserError } from '../shared/errors.ts';

/** The audit log as a pack holds it: whole, up to the last event that is not itself about evidence. */
export interface AuditExtract {
  readonly text: string;
  readonly entries: readonly AuditEntry[];
}

/**
 * Cuts the log after its last event that is not about packs: building one twice in a row gives the same pack.
 *
 * @throws UserError when the log has faults: no pack is built on it
 */
export async function auditExtract(project: Project): Promise<AuditExtract> {
  const { faults } = await verifyAudit(project);
  const [fault] = faults;
  if (fault !== undefined)
    throw new UserError(
      `${ARTEFACTS.auditLog}:${fault.line}: ${fault.message}. No pack is built on an audit log with faults; put the log back as it was.`,
    );
  const all = await readAudit(project);
  const last = all.findLastIndex((entry) => !String(entry.details['command'] ?? '').startsWith('evidence '));
  const lines = ((await readOptionalText(project, ARTEFACTS.auditLog)) ?? '').split('\n').slice(0, last + 1);
  return { text: lines.map((line) => `${line}\n`).join(''), entries: all.slice(0, last + 1) };
}
