import { countedFields } from '../audit/approvals.ts';
import { loadCatalog } from '../catalog/loadCatalog.ts';
import { readContractText } from '../contract/contractFile.ts';
import { sourceRows } from '../gates/contractGates.ts';
import { patientChain } from '../gates/migrationGates.ts';
import { type ContractCounts, readContractCounts, reviewOverTime } from '../history/contractCounts.ts';
import { readRunHistory } from '../history/runHistory.ts';
import type { TableStat } from '../migration/tableStats.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import { UserError } from '../shared/errors.ts';
import { compareText } from '../shared/order.ts';
import { changesPart, reported } from './dashboardChanges.ts';
import { blockers, gateStandings } from './dashboardGates.ts';
import type { Dashboard, DashboardUnreadable } from './dashboardModel.ts';
import { rolesReport } from './owners.ts';
import { filePlace } from './place.ts';
import { stageStates } from './projectState.ts';
import type { Report } from './readReport.ts';
import { tableStatsReport } from './reportProblems.ts';
import {
  type CatalogSummary,
  gateReport,
  type MigrationTotals,
  migrationReport,
  type QualityReport,
  qualityReport,
  readLifecycleRun,
  summaryReport,
} from './reports.ts';

const MOST_POINTS = 30;
const MOST_LISTED = 8;

/**
 * The health of a migration from its artefacts, without running anything. A part whose file is not there or cannot be
 * used is null; `unreadable` tells of those that cannot be used.
 *
 * @param now the time of this look
 */
export async function readDashboard(project: Project, now: Date): Promise<Dashboard> {
  const gates = await gateReport(project);
  const summary = await summaryReport(project);
  const migration = await migrationReport(project);
  const tables = await tableStatsReport(project, migration.value);
  const quality = await qualityReport(project);
  const mapping = await mappingPart(project, now);
  const history = await readRunHistory(project);
  const stages = await stageStates(project, await readLifecycleRun(project), history);
  const roles = await rolesReport(project);
  return {
    schema: schemaPart(summary.value),
    mapping: mapping.value,
    etl: etlPart(migration.value, tables.value ?? []),
    quality: qualityPart(quality.value),
    unreadable: unreadable({ schema: summary, mapping, etl: migration, tables, quality, gates, roles }),
    gates: gateStandings(gates, history, stages),
    blockers: blockers(gates, stages, roles.value, {
      migration: migration.value,
      tables: tables.value,
      quality: quality.value,
      chain: await chainTables(project),
    }),
    changes: await changesPart(project, history, stages),
    trend: reported(history)
      .slice(0, MOST_POINTS)
      .reverse()
      .map((run) => ({
        id: run.run_id,
        at: run.started_at_utc,
        rejected: run.rows?.rejected ?? null,
        errors: run.quality?.errors ?? null,
        warnings: run.quality?.warnings ?? null,
      })),
  };
}

/** Target tables of the patient chain; none without a catalog. */
async function chainTables(project: Project): Promise<string[]> {
  const target = await loadCatalog(project, ARTEFACTS.targetCatalog, 'target').catch(() => null);
  return target === null ? [] : patientChain([...target.tables.values()]);
}

function unreadable(reports: Readonly<Record<DashboardUnreadable['part'], Report<unknown>>>): DashboardUnreadable[] {
  return (Object.keys(reports) as DashboardUnreadable['part'][]).flatMap((part) => {
    const { problem } = reports[part];
    if (problem === null) return [];
    const { file, line } = problem.place;
    return [{ part, message: problem.message, place: filePlace(file, line) }];
  });
}

function schemaPart(summary: CatalogSummary | null): Dashboard['schema'] {
  if (summary === null) return null;
  const side = (name: 'source' | 'target', path: string) => ({
    tables: summary[name].tables,
    fields: summary[name].fields,
    confidence: summary[name].parse_confidence,
    place: filePlace(path),
  });
  return {
    readAt: summary.run_at_utc,
    source: side('source', ARTEFACTS.sourceCatalog),
    target: side('target', ARTEFACTS.targetCatalog),
  };
}

async function mappingPart(project: Project, now: Date): Promise<Report<NonNullable<Dashboard['mapping']>>> {
  let counts: ContractCounts | null;
  try {
    counts = await readContractCounts(project);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const place = { file: ARTEFACTS.contract };
    return { value: null, problem: { code: 'project-unreadable', severity: 'error', message: error.message, place } };
  }
  if (counts === null) return { value: null, problem: null };
  const counted = (of: Readonly<Record<string, number>>) => Object.entries(of).map(([name, rows]) => ({ name, rows }));
  const burnUp = await reviewOverTime(project, counts, now);
  const value = {
    rows: counts.rows,
    mandatory: counts.mandatory,
    mandatoryUnresolved: counts.mandatory_unresolved,
    byClass: counted(counts.by_class),
    byStatus: counted(statusesThatCount(counts)),
    openByOwner: await openByOwner(project),
    burnUp: burnUp.map(({ at, total, byStatus }) => ({
      at,
      total,
      approved: byStatus['APPROVED'] ?? 0,
      inReview: byStatus['IN_REVIEW'] ?? 0,
    })),
  };
  return { value, problem: null };
}

/** A row that says APPROVED and is not, by the audit log, is one to review. */
function statusesThatCount({ by_status: said, approved }: ContractCounts): Readonly<Record<string, number>> {
  const not = (said['APPROVED'] ?? 0) - (approved ?? said['APPROVED'] ?? 0);
  return { ...said, DRAFT: (said['DRAFT'] ?? 0) + not, APPROVED: (said['APPROVED'] ?? 0) - not };
}

async function openByOwner(project: Project): Promise<{ name: string; rows: number }[]> {
  const text = (await readOptionalText(project, ARTEFACTS.contract)) ?? '';
  const { fields } = readContractText(text, ARTEFACTS.contract, '', ARTEFACTS.contractTables).value;
  const owners = new Map<string, number>();
  for (const { status, owner } of await countedFields(project, fields))
    if (status !== 'APPROVED') owners.set(owner, (owners.get(owner) ?? 0) + 1);
  return [...owners]
    .map(([name, rows]) => ({ name, rows }))
    .sort((a, b) => b.rows - a.rows || compareText(a.name, b.name))
    .slice(0, MOST_LISTED);
}

function etlPart(totals: MigrationTotals | null, stats: readonly TableStat[]): Dashboard['etl'] {
  if (totals === null) return null;
  return {
    at: totals.run_at_utc,
    passed: totals.status === 'passed',
    tables: totals.tables_written,
    sourceRows: rowsOfSources(totals),
    rowSets: stats.filter(({ targetTable }) => targetTable !== '').length,
    read: totals.rows_read,
    loaded: totals.rows_written,
    rejected: totals.rows_rejected,
    excluded: totals.rows_excluded,
    merged: totals.rows_merged,
    unexplained: totals.rows_unexplained,
    unknownCodes: totals.crosswalk_rejects,
    safetyCritical: totals.safety_critical_rejects,
    worst: worstTables(stats),
  };
}

/** Rows of the source tables, each once; null where an older report does not tell. */
function rowsOfSources({ inputs }: MigrationTotals): number | null {
  const tables = [...sourceRows(inputs).values()].filter((rows) => rows !== undefined);
  return tables.length === 0 ? null : tables.reduce((sum, rows) => sum + rows, 0);
}

function worstTables(stats: readonly TableStat[]): { table: string; read: number; rejected: number }[] {
  const tables = new Map<string, { table: string; read: number; rejected: number }>();
  for (const { targetTable: table, rowsRead, rowsRejected } of stats) {
    const before = tables.get(table) ?? { table, read: 0, rejected: 0 };
    tables.set(table, { table, read: before.read + rowsRead, rejected: before.rejected + rowsRejected });
  }
  return [...tables.values()]
    .filter((table) => table.rejected > 0)
    .sort((a, b) => b.rejected - a.rejected || compareText(a.table, b.table))
    .slice(0, MOST_LISTED);
}

function qualityPart(report: QualityReport | null): Dashboard['quality'] {
  if (report === null) return null;
  const broken = (rule: QualityReport['rules'][number]): boolean => rule.status === 'failed' || rule.status === 'error';
  const part = (rules: QualityReport['rules']) => {
    const rows = (severity: string): number =>
      rules
        .filter((rule) => rule.status === 'failed' && rule.severity === severity)
        .reduce((sum, rule) => sum + (rule.numerator ?? 0), 0);
    return {
      rulesRan: rules.filter((rule) => rule.status !== 'not_applicable').length,
      rulesFailed: rules.filter(broken).length,
      errors: rows('ERROR'),
      warnings: rows('WARN'),
    };
  };
  const domains = [...new Set(report.rules.map((rule) => rule.domain))].sort(compareText);
  return {
    at: report.run_at_utc,
    passed: report.status === 'passed',
    patients: report.patients,
    rules: report.rules.length,
    ...part(report.rules),
    domains: domains.map((domain) => ({ domain, ...part(report.rules.filter((rule) => rule.domain === domain)) })),
  };
}
