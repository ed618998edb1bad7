import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { AuditEntry } from '../audit/auditLog.ts';
import type { StageContext } from '../lifecycle/stage.ts';
import { ARTEFACTS } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import { compareText } from '../shared/order.ts';
import { MigrationReport } from './reports.ts';

/** What went into a migration and what came out, each as one hash: two runs are compared by them. */
const Digests = z.object({ inputs_sha256: z.string(), outputs_sha256: z.string() });
export type MigrationDigests = z.infer<typeof Digests>;

/** The digests of a migration's report: its files with their hashes, and the mode it ran in. */
export function digestsOf(report: Pick<z.infer<typeof MigrationReport>, 'inputs' | 'outputs' | 'impute_mode'>) {
  const hash = (lines: readonly string[]): string =>
    createHash('sha256')
      .update([...lines].sort(compareText).join('\n'), 'utf8')
      .digest('hex');
  const lines = (files: readonly { path: string; sha256: string }[]): string[] =>
    files.map(({ path, sha256 }) => `${sha256}  ${path}`);
  return {
    inputs_sha256: hash([...lines(report.inputs), `impute_mode ${report.impute_mode}`]),
    outputs_sha256: hash(lines(report.outputs)),
  };
}

/** For the audit log: the digests of the migration that this very run made; nothing when it made none. */
export async function migrationDigests(context: StageContext): Promise<{ migration?: MigrationDigests }> {
  const text = await readOptionalText(context.project, ARTEFACTS.migrationReport).catch(() => null);
  if (text === null) return {};
  try {
    const report = MigrationReport.parse(JSON.parse(text));
    return report.run_id === context.runId ? { migration: digestsOf(report) } : {};
  } catch {
    return {};
  }
}

/** What the audit log says of earlier runs on the same inputs as a present one. */
export interface Repeats {
  readonly same: number;
  readonly different: number;
}

/** Counts the runs in the audit log that had the same inputs, the present one among them, by whether they gave the same target. */
export function repeatsOf(
  log: readonly AuditEntry[],
  present: MigrationDigests & { readonly run_id: string },
): Repeats {
  let [same, different] = [1, 0];
  for (const { details } of log) {
    const made = Digests.safeParse(details['migration']);
    if (!made.success || made.data.inputs_sha256 !== present.inputs_sha256) continue;
    // The present run is in the log only after it ended.
    if (details['run_id'] === present.run_id) continue;
    if (made.data.outputs_sha256 === present.outputs_sha256) same += 1;
    else different += 1;
  }
  return { same, different };
}
