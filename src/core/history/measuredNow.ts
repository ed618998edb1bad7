import { sourceDigest } from '../migration/dataFiles.ts';
import type { Project } from '../project/layout.ts';
import {
  type GateReport,
  migrationReport,
  type QualityReport,
  qualityReport,
  readGateReport,
} from '../review/reports.ts';
import type { PastRun } from './runHistory.ts';

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
