import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import { readGateReport, readMigrationTotals, readQualityReport } from '../review/reports.ts';

/** One command that ran to its end, whoever started it. Counts and verdicts only; no patient value. */
const PastRun = z.object({
  run_id: z.string(),
  command: z.string(),
  started_at_utc: z.string(),
  duration_ms: z.number(),
  status: z.enum(['passed', 'failed', 'error', 'cancelled']),
  return_code: z.number(),
  options: z.record(z.string(), z.unknown()),
  message: z.string(),
  /** As the reports stood when the command ended; null where there was no report. */
  gates: z
    .object({
      profile: z.string(),
      status: z.string(),
      failed: z.array(z.string()),
      not_proven: z.array(z.string()),
    })
    .nullable(),
  rows: z.object({ read: z.number(), written: z.number(), rejected: z.number(), excluded: z.number() }).nullable(),
  quality: z.object({ failed: z.number(), rules: z.number() }).nullable(),
});
export type PastRun = z.infer<typeof PastRun>;

/** Commands whose end changes what the reports say; the others leave those columns empty. */
const WITH_REPORTS = new Set([
  'run-product-lifecycle',
  'run-contract-migration',
  'run-enterprise-pipeline',
  'run-release-gates',
]);

/** Adds a run to the project's history: one JSON line, appended, so that an earlier line never changes. */
export async function recordRun(project: Project, run: Omit<PastRun, 'gates' | 'rows' | 'quality'>): Promise<void> {
  const told = WITH_REPORTS.has(run.command);
  const gates = told ? await readGateReport(project) : null;
  const rows = told ? await readMigrationTotals(project) : null;
  const quality = told ? await readQualityReport(project) : null;
  const ids = (verdict: string): string[] =>
    (gates?.gates ?? []).filter((gate) => gate.verdict === verdict).map((gate) => gate.id);
  const entry: PastRun = {
    ...run,
    gates:
      gates === null
        ? null
        : { profile: gates.profile, status: gates.status, failed: ids('FAIL'), not_proven: ids('NOT_PROVEN') },
    rows:
      rows === null
        ? null
        : {
            read: rows.rows_read,
            written: rows.rows_written,
            rejected: rows.rows_rejected,
            excluded: rows.rows_excluded,
          },
    quality:
      quality === null
        ? null
        : {
            failed: quality.rules.filter((rule) => rule.status === 'failed' || rule.status === 'error').length,
            rules: quality.rules.length,
          },
  };
  const path = project.at(ARTEFACTS.runHistory);
  await mkdir(dirname(path), { recursive: true });
  await appendFile(path, `${JSON.stringify(entry)}\n`);
}

/** Past runs, newest first. A line that is no run (a disk that was full, a hand that slipped) is passed over. */
export async function readRunHistory(project: Project): Promise<PastRun[]> {
  const text = (await readOptionalText(project, ARTEFACTS.runHistory).catch(() => null)) ?? '';
  const runs: PastRun[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    try {
      runs.push(PastRun.parse(JSON.parse(line)));
    } catch {
      // Told by its absence: the history is a convenience, the reports are the evidence.
    }
  }
  return runs.reverse();
}
