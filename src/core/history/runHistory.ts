import { appendFile, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import { counted, said } from '../shared/counted.ts';
import { UserError } from '../shared/errors.ts';
import { Contents } from '../snapshots/contents.ts';
import { type ContractCounts, ContractCountsShape, readContractCounts } from './contractCounts.ts';
import { measuredNow } from './measuredNow.ts';
import { Restored } from './restores.ts';

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
      passed: z.array(z.string()).default([]),
      /** Safety-critical rejects that no decision settles; null where the gate could not tell. */
      safety_critical_open: z.number().nullable().default(null),
    })
    .nullable(),
  rows: z.object({ read: z.number(), written: z.number(), rejected: z.number(), excluded: z.number() }).nullable(),
  quality: z
    .object({
      failed: z.number(),
      rules: z.number(),
      /** Failing rows or cells of ERROR and of WARN rules. */
      errors: z.number().default(0),
      warnings: z.number().default(0),
      domains: z.record(z.string(), z.object({ errors: z.number(), warnings: z.number() })).default({}),
      /** By rule: first letter of its status, failing and examined rows or cells. */
      results: z.record(z.string(), z.tuple([z.enum(['p', 'f', 'n', 'e']), z.number(), z.number()])).default({}),
    })
    .nullable(),
  migration: z
    .object({
      cells_total: z.number(),
      cells_populated: z.number(),
      crosswalk_rejects: z.number(),
      safety_critical_rejects: z.number(),
      /** One hash over the source files it read; null where nobody wrote it down. */
      source_sha256: z.string().nullable().default(null),
    })
    .nullable()
    .default(null),
  contract: ContractCountsShape.nullable().default(null),
  /** The stages it ran, in order; one for a single command. */
  stages: z.array(z.object({ id: z.string(), status: z.string(), duration_ms: z.number() })).default([]),
  /** What the run left, to compare runs with: path → SHA-256 of a content in the snapshot store. */
  kept: z.record(z.string(), z.string()).default({}),
  /** What it put back from a snapshot. */
  restored: Restored.nullable().default(null),
});
export type PastRun = z.infer<typeof PastRun>;

/** Files by which two runs are compared. Each content is kept once, however many runs left it. */
const COMPARED = [
  ARTEFACTS.contract,
  ARTEFACTS.contractTables,
  ARTEFACTS.migrationReport,
  ARTEFACTS.migrationRejects,
  ARTEFACTS.migrationIssues,
  ARTEFACTS.migrationTableStats,
  ARTEFACTS.qualityReport,
  ARTEFACTS.qualityIssues,
  ARTEFACTS.gateReport,
] as const;

/** Commands whose end changes what the reports say; the others leave those columns empty. */
const WITH_REPORTS = new Set([
  'run-product-lifecycle',
  'run-contract-migration',
  'run-enterprise-pipeline',
  'run-release-gates',
]);

/** What the command itself knows of its run. */
export type RunTold = Omit<PastRun, 'gates' | 'rows' | 'quality' | 'migration' | 'contract' | 'kept' | 'restored'> & {
  readonly restored?: Restored | null;
};

/**
 * Adds a run to the project's history: one JSON line, appended, so that an earlier line never changes. Call it as the
 * one writer of the project.
 */
export async function recordRun(project: Project, run: RunTold): Promise<void> {
  const told = WITH_REPORTS.has(run.command);
  const now = told ? await measuredNow(project) : { rows: null, quality: null, migration: null, gates: null };
  const entry: PastRun = {
    ...run,
    restored: run.restored ?? null,
    gates: now.gates,
    rows: now.rows,
    quality: now.quality,
    migration: now.migration,
    contract: told ? await contractOf(project) : null,
    kept: told ? await keep(project) : {},
  };
  const path = project.at(ARTEFACTS.runHistory);
  await mkdir(dirname(path), { recursive: true });
  // A line that a killed process left torn is ended, so that it takes no whole one with it.
  await appendFile(path, `${(await endsWhole(path)) ? '' : '\n'}${JSON.stringify(entry)}\n`);
}

async function endsWhole(path: string): Promise<boolean> {
  const handle = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (handle === null) return true;
  try {
    const { size } = await handle.stat();
    if (size === 0) return true;
    return (await handle.read(Buffer.alloc(1), 0, 1, size - 1)).buffer.at(0) === 10;
  } finally {
    await handle.close();
  }
}

async function contractOf(project: Project): Promise<ContractCounts | null> {
  return readContractCounts(project).catch(() => null);
}

async function keep(project: Project): Promise<Record<string, string>> {
  const contents = await Contents.open(project);
  const kept: Record<string, string> = {};
  for (const path of COMPARED) {
    const content = await contents.keep(path);
    if (content !== null) kept[path] = content.sha256;
  }
  if (Object.keys(kept).length > 0) await contents.close();
  return kept;
}

/** Past runs, newest first. A line that is no run is passed over; `readHistory` tells of it. */
export async function readRunHistory(project: Project): Promise<PastRun[]> {
  return (await readHistory(project)).runs;
}

/** The history as its file holds it. */
export interface RunHistory {
  /** Newest first. */
  readonly runs: PastRun[];
  /** What cannot be read (a disk that was full, a hand that slipped), and at which line first; null when all can. */
  readonly unread: { readonly message: string; readonly line: number } | null;
}

/** Past runs with what of their file cannot be read. */
export async function readHistory(project: Project): Promise<RunHistory> {
  let text: string | null;
  try {
    text = await readOptionalText(project, ARTEFACTS.runHistory);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { runs: [], unread: { message: error.message, line: 1 } };
  }
  const runs: PastRun[] = [];
  const unread: number[] = [];
  for (const [index, line] of (text ?? '').split('\n').entries()) {
    if (line.trim() === '') continue;
    try {
      runs.push(PastRun.parse(JSON.parse(line)));
    } catch {
      unread.push(index + 1);
    }
  }
  return { runs: runs.reverse(), unread: unreadWords(unread) };
}

const MOST_LINES_TOLD = 5;

function unreadWords(lines: readonly number[]): RunHistory['unread'] {
  const [first] = lines;
  if (first === undefined) return null;
  const told = lines.slice(0, MOST_LINES_TOLD).join(', ');
  const more = lines.length > MOST_LINES_TOLD ? ` and ${said(lines.length - MOST_LINES_TOLD)} more` : '';
  const places = `${lines.length === 1 ? 'line' : 'lines'} ${told}${more}`;
  const message = `${counted(lines.length, 'line')} of ${ARTEFACTS.runHistory} could not be read (${places}); the runs of the other lines are listed.`;
  return { message, line: first };
}
