import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { sourceDigest } from '../migration/dataFiles.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import {
  type GateReport,
  migrationReport,
  type QualityReport,
  qualityReport,
  readGateReport,
} from '../review/reports.ts';
import { Contents } from '../snapshots/contents.ts';
import { type ContractCounts, ContractCountsShape, readContractCounts } from './contractCounts.ts';
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
  await appendFile(path, `${JSON.stringify(entry)}\n`);
}

/**
 * What the reports say now, as a run records it; `made` is when each was made, null without it; `unusable` says why one
 * that is there cannot be used.
 */
export async function measuredNow(project: Project): Promise<
  Pick<PastRun, 'rows' | 'quality' | 'migration' | 'gates'> & {
    readonly made: { readonly migration: string | null; readonly quality: string | null };
    readonly unusable: { readonly migration?: string; readonly quality?: string };
  }
> {
  const [migration, judged] = [await migrationReport(project), await qualityReport(project)];
  const [totals, report] = [migration.value, judged.value];
  const unusable = {
    ...(migration.problem === null ? {} : { migration: migration.problem.message }),
    ...(judged.problem === null ? {} : { quality: judged.problem.message }),
  };
  const made = { migration: totals?.run_at_utc ?? null, quality: report?.run_at_utc ?? null };
  const quality = qualityOf(report);
  const gates = gatesOf(await readGateReport(project));
  if (totals === null) return { rows: null, migration: null, quality, gates, made, unusable };
  return {
    rows: {
      read: totals.rows_read,
      written: totals.rows_written,
      rejected: totals.rows_rejected,
      excluded: totals.rows_excluded,
    },
    migration: {
      cells_total: totals.cells_total,
      cells_populated: totals.cells_populated,
      crosswalk_rejects: totals.crosswalk_rejects,
      safety_critical_rejects: totals.safety_critical_rejects,
      source_sha256: sourceDigest(totals.inputs),
    },
    quality,
    gates,
    made,
    unusable,
  };
}

function gatesOf(report: GateReport | null): PastRun['gates'] {
  if (report === null) return null;
  const ids = (verdict: string): string[] =>
    report.gates.filter((gate) => gate.verdict === verdict).map((gate) => gate.id);
  return {
    profile: report.profile,
    status: report.status,
    failed: ids('FAIL'),
    not_proven: ids('NOT_PROVEN'),
    passed: ids('PASS'),
    safety_critical_open: safetyOpen(report),
  };
}

function safetyOpen(report: GateReport): number | null {
  const gate = report.gates.find(({ id }) => id === 'safety_critical_rejects');
  return typeof gate?.actual === 'number' && gate.verdict !== 'NOT_PROVEN' ? gate.actual : null;
}

function qualityOf(report: QualityReport | null): PastRun['quality'] {
  if (report === null) return null;
  const failed = report.rules.filter((rule) => rule.status === 'failed' || rule.status === 'error');
  const rows = (severity: string, domain: string | null): number =>
    failed
      .filter((rule) => rule.severity === severity && (domain === null || rule.domain === domain))
      .reduce((sum, rule) => sum + (rule.numerator ?? 0), 0);
  const domains = [...new Set(report.rules.map((rule) => rule.domain))].sort();
  return {
    failed: failed.length,
    rules: report.rules.length,
    errors: rows('ERROR', null),
    warnings: rows('WARN', null),
    domains: Object.fromEntries(
      domains.map((domain) => [domain, { errors: rows('ERROR', domain), warnings: rows('WARN', domain) }]),
    ),
    results: Object.fromEntries(
      report.rules.map(({ id, status, numerator, denominator }) => [
        id,
        [LETTERS[status], numerator ?? 0, denominator ?? 0],
      ]),
    ),
  };
}

const LETTERS = { passed: 'p', failed: 'f', not_applicable: 'n', error: 'e' } as const;

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
