import { countedFields } from '../audit/approvals.ts';
import { type AuditEntry, readAudit } from '../audit/auditLog.ts';
import { readContractText } from '../contract/contractFile.ts';
import { parseCsvText } from '../csv/csvText.ts';
import { PROFILE_NAMES } from '../gates/profiles.ts';
import type { Roles } from '../governance/roles.ts';
import { isComparable } from '../history/compareRuns.ts';
import { type ContractCounts, readContractCounts, reviewOverTime } from '../history/contractCounts.ts';
import { restoresOf } from '../history/restores.ts';
import { type PastRun, readRunHistory } from '../history/runHistory.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import { compareText } from '../shared/order.ts';
import type { Dashboard, DashboardBlocker, DashboardGates } from './dashboardModel.ts';
import { peopleFor, rolesForShowing } from './owners.ts';
import { filePlace } from './place.ts';
import { type StageState, stageStates } from './projectState.ts';
import {
  type GateReport,
  type QualityReport,
  readGateReport,
  readLifecycleRun,
  readMigrationTotals,
  readQualityReport,
  readSummary,
} from './reports.ts';
import { restoreLine } from './restoreLine.ts';

const MOST_POINTS = 30;
const MOST_LISTED = 8;

/**
 * The health of a migration from its artefacts, without running anything. A part whose file is not there or is broken
 * is null; the problems tell why.
 *
 * @param now the time of this look
 */
export async function readDashboard(project: Project, now: Date): Promise<Dashboard> {
  const gates = await readGateReport(project);
  const history = await readRunHistory(project);
  const stages = await stageStates(project, await readLifecycleRun(project), history);
  const roles = await rolesForShowing(project);
  return {
    schema: await schemaPart(project),
    mapping: await mappingPart(project, now),
    etl: await etlPart(project),
    quality: qualityPart(await readQualityReport(project)),
    gates: gateStandings(gates, history, stages),
    blockers: blockers(gates, stages, roles),
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

async function schemaPart(project: Project): Promise<Dashboard['schema']> {
  const summary = await readSummary(project);
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

async function mappingPart(project: Project, now: Date): Promise<Dashboard['mapping']> {
  const counts = await readContractCounts(project).catch(() => null);
  if (counts === null) return null;
  const counted = (of: Readonly<Record<string, number>>) => Object.entries(of).map(([name, rows]) => ({ name, rows }));
  const burnUp = await reviewOverTime(project, counts, now);
  return {
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

async function etlPart(project: Project): Promise<Dashboard['etl']> {
  const totals = await readMigrationTotals(project);
  if (totals === null) return null;
  return {
    at: totals.run_at_utc,
    passed: totals.status === 'passed',
    tables: totals.tables_written,
    read: totals.rows_read,
    loaded: totals.rows_written,
    rejected: totals.rows_rejected,
    excluded: totals.rows_excluded,
    merged: totals.rows_merged,
    unexplained: totals.rows_unexplained,
    unknownCodes: totals.crosswalk_rejects,
    safetyCritical: totals.safety_critical_rejects,
    worst: await worstTables(project),
  };
}

async function worstTables(project: Project): Promise<{ table: string; read: number; rejected: number }[]> {
  const text = (await readOptionalText(project, ARTEFACTS.migrationTableStats).catch(() => null)) ?? '';
  const columns = ['target_table', 'rows_read', 'rows_rejected'];
  const tables = new Map<string, { table: string; read: number; rejected: number }>();
  for (const { cells } of parseCsvText(text, ARTEFACTS.migrationTableStats, columns).value.records) {
    const table = cells['target_table'] ?? '';
    const before = tables.get(table) ?? { table, read: 0, rejected: 0 };
    const number = (name: string): number => Number(cells[name]) || 0;
    tables.set(table, {
      table,
      read: before.read + number('rows_read'),
      rejected: before.rejected + number('rows_rejected'),
    });
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

/** Each profile's last verdict. Only the report's is in force, and only while its evidence did not change. */
function gateStandings(
  report: GateReport | null,
  history: readonly PastRun[],
  stages: readonly StageState[],
): DashboardGates[] {
  const stale = stages.some((stage) => stage.stale);
  return PROFILE_NAMES.map((profile): DashboardGates => {
    if (report?.profile === profile) {
      const ids = (verdict: string): string[] =>
        report.gates.filter((gate) => gate.verdict === verdict).map((gate) => gate.id);
      return {
        profile,
        standing: report.status,
        decidedAt: report.run_at_utc,
        current: !stale,
        passed: ids('PASS').length,
        failed: ids('FAIL'),
        notProven: ids('NOT_PROVEN'),
        place: filePlace(ARTEFACTS.gateReport),
      };
    }
    const past = history.find((run) => run.gates?.profile === profile);
    return {
      profile,
      standing: past?.gates == null ? 'NOT_DECIDED' : past.gates.status === 'PASS' ? 'PASS' : 'FAIL',
      decidedAt: past?.started_at_utc ?? null,
      current: false,
      passed: past?.gates?.passed.length ?? 0,
      failed: past?.gates?.failed ?? [],
      notProven: past?.gates?.not_proven ?? [],
      place: past === undefined ? null : { kind: 'runs', before: null, after: past.run_id },
    };
  });
}

function blockers(report: GateReport | null, stages: readonly StageState[], roles: Roles | null): DashboardBlocker[] {
  const gatekeeper = stages.find((stage) => stage.id === 'run-release-gates')?.owner ?? '';
  const unproven = (id: string, title: string, message: string): DashboardBlocker => ({
    id,
    title,
    verdict: 'NOT_PROVEN',
    message,
    ownerRole: gatekeeper,
    people: peopleFor(roles, gatekeeper),
    place: { kind: 'lifecycle' },
  });
  if (report === null)
    return [unproven('undecided', 'Nothing is decided', 'No gate report is there; run the release gates.')];
  const open = report.gates
    .filter((gate) => gate.verdict !== 'PASS')
    .map(
      (gate): DashboardBlocker => ({
        id: gate.id,
        title: gate.title,
        verdict: gate.verdict === 'FAIL' ? 'FAIL' : 'NOT_PROVEN',
        message: gate.message,
        ownerRole: gate.owner_role,
        people: peopleFor(roles, gate.owner_role),
        place: { kind: 'gate', id: gate.id },
      }),
    );
  const stale = stages.filter((stage) => stage.stale).map((stage) => stage.title);
  if (stale.length === 0) return open;
  const message = `Inputs changed since: ${stale.join(', ')}. Run again from the first of them; until then the verdict is of an earlier state.`;
  return [unproven('stale', 'The verdict is older than what it judges', message), ...open];
}

/** Runs that left reports, newest first. */
function reported(history: readonly PastRun[]): PastRun[] {
  return history.filter((run) => run.rows !== null || run.quality !== null || run.gates !== null);
}

async function changesPart(
  project: Project,
  history: readonly PastRun[],
  stages: readonly StageState[],
): Promise<Dashboard['changes']> {
  const staleStages = stages.filter((stage) => stage.stale).map((stage) => stage.title);
  const [last, before] = reported(history);
  const audit = await readAudit(project).catch(() => []);
  const restored = restoredSince(last, history, audit);
  if (last === undefined) return { run: null, contractRows: 0, people: [], restored, staleStages, previous: null };
  const since = audit.filter((entry) => entry.event === 'contract-changed' && entry.at_utc > last.started_at_utc);
  return {
    restored,
    run: { id: last.run_id, at: last.started_at_utc, command: last.command, status: last.status },
    contractRows: since.reduce((sum, entry) => sum + (Number(entry.details['row_count']) || 0), 0),
    people: [...new Set(since.map((entry) => entry.who))].sort(compareText),
    staleStages,
    previous: before === undefined || !isComparable(before) || !isComparable(last) ? null : between(before, last),
  };
}

/** The newest restore after a run, with who made it. */
function restoredSince(
  run: PastRun | undefined,
  history: readonly PastRun[],
  audit: readonly AuditEntry[],
): Dashboard['changes']['restored'] {
  const restore = restoresOf(history).find(({ at }) => run === undefined || at > run.started_at_utc);
  if (restore === undefined) return null;
  const entry = audit.find(({ details }) => details['run_id'] === restore.run && details['command'] !== undefined);
  return { ...restoreLine(restore), who: entry?.who ?? '' };
}

function between(before: PastRun, last: PastRun): NonNullable<Dashboard['changes']['previous']> {
  const less = (a: number | undefined, b: number | undefined): number | null =>
    a === undefined || b === undefined ? null : a - b;
  return {
    id: before.run_id,
    at: before.started_at_utc,
    rejected: less(last.rows?.rejected, before.rows?.rejected),
    errors: less(last.quality?.errors, before.quality?.errors),
    warnings: less(last.quality?.warnings, before.quality?.warnings),
    gates: gateDifferences(before, last),
    place: { kind: 'runs', before: before.run_id, after: last.run_id },
  };
}

function gateDifferences(before: PastRun, last: PastRun): { id: string; before: string; after: string }[] {
  if (before.gates === null || last.gates === null || before.gates.profile !== last.gates.profile) return [];
  const verdicts = (gates: NonNullable<PastRun['gates']>): Map<string, string> =>
    new Map([
      ...gates.passed.map((id) => [id, 'PASS'] as const),
      ...gates.failed.map((id) => [id, 'FAIL'] as const),
      ...gates.not_proven.map((id) => [id, 'NOT_PROVEN'] as const),
    ]);
  const [was, is] = [verdicts(before.gates), verdicts(last.gates)];
  return [...new Set([...was.keys(), ...is.keys()])].sort(compareText).flatMap((id) => {
    const [old, now] = [was.get(id) ?? 'none', is.get(id) ?? 'none'];
    return old === now ? [] : [{ id, before: old, after: now }];
  });
}
