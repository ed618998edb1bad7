import type { z } from 'zod';
import { readApprovals } from '../audit/approvals.ts';
import { type AuditEntry, readAudit, verifyAudit } from '../audit/auditLog.ts';
import { type FaultyLine, faultyLines } from '../audit/crosswalkApprovals.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { readCatalogText } from '../catalog/catalogFile.ts';
import type { Contract, ContractField } from '../contract/contract.ts';
import { readContractText } from '../contract/contractFile.ts';
import { type LockState, readContractLock } from '../contract/contractLock.ts';
import type { Engine } from '../engine/engine.ts';
import { type RehearsalState, readRehearsal } from '../governance/rehearsals.ts';
import { countSafetyRejects, readTriageContext, type SafetyRejects } from '../governance/safetyRejects.ts';
import { readSignOffEvidence, type SignOffEvidence } from '../governance/signOffs.ts';
import { readTableStatsText, type TableStat } from '../migration/tableStats.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import { importCsv } from '../quality/loadCsv.ts';
import { UserError } from '../shared/errors.ts';
import { formatProblem, type Problem } from '../shared/problem.ts';
import { checkFreshness, type Freshness, hashesOf } from './freshness.ts';
import { type Manifest, readManifest } from './manifest.ts';
import { LoadEvidence } from './policyGates.ts';
import { type Found, type MigrationEvidence, MigrationReport, type QualityEvidence, QualityReport } from './reports.ts';

/** Rows of one target table with a reject of a reason code; a row with several such rejects is one. */
export interface RejectCount {
  readonly targetTable: string;
  readonly reason: string;
  readonly rows: number;
}

/** Everything the gates may look at, read once. */
export interface Evidence {
  /** A row that says APPROVED and is not what was approved counts as DRAFT here. */
  readonly contract: Found<Contract>;
  /** Such rows, by name. */
  readonly changedSinceApproval?: readonly string[];
  /** Rows that say APPROVED with no approval on record, by name; they count as DRAFT too. */
  readonly approvedWithoutReview?: readonly string[];
  /** Crosswalk lines that say APPROVED and are not. */
  readonly faultyLines?: readonly FaultyLine[];
  /** What is wrong with the audit log, on which approvals rest; null when nothing is. */
  readonly auditFault?: string | null;
  readonly target: Found<Catalog>;
  readonly migration: Found<MigrationEvidence>;
  readonly tableStats: Found<readonly TableStat[]>;
  readonly rejects: Found<readonly RejectCount[]>;
  /** Safety-critical rejects by what triage decided about them. */
  readonly safetyRejects: Found<SafetyRejects>;
  readonly quality: Found<QualityEvidence>;
  readonly manifest: Found<Manifest>;
  readonly lock: Found<LockState>;
  /** The last load into a target, if there was one. */
  readonly load: Found<LoadEvidence>;
  readonly freshness: Freshness;
  readonly auditLog: readonly AuditEntry[];
  readonly rehearsal: Found<RehearsalState>;
  readonly signOffs: Found<SignOffEvidence>;
  /** Digest of the verdicts of all gates but the sign-offs, which are bound to it; empty until those are judged. */
  readonly technical: string;
}

/** Reads what there is. Nothing here throws on a missing or broken file: its gates say NOT_PROVEN instead. */
export async function readEvidence(project: Project, engine: Engine): Promise<Evidence> {
  const migration = await readReport(project, ARTEFACTS.migrationReport, MigrationReport, 'run-contract-migration');
  const quality = await readReport(project, ARTEFACTS.qualityReport, QualityReport, 'run-enterprise-pipeline');
  const { contract, changed, unreviewed } = await readContract(project);
  const hashOf = hashesOf(project);
  const auditLog = await readAudit(project);
  const rejects = await readRejects(project, engine);
  return {
    contract,
    changedSinceApproval: changed,
    approvedWithoutReview: unreviewed,
    faultyLines: await faultyLines(project),
    auditFault: await auditFault(project),
    target: await readTarget(project),
    migration,
    tableStats: await readTableStats(project),
    rejects,
    safetyRejects: await readSafetyRejects(project, engine, rejects, auditLog),
    quality,
    manifest: await readManifest(project),
    lock: await readLock(project),
    load: await readReport(project, ARTEFACTS.loadReport, LoadEvidence, 'load'),
    freshness: await checkFreshness(migration.value, quality.value, hashOf),
    auditLog,
    rehearsal: await readRehearsal(project, hashOf),
    signOffs: await readSignOffEvidence(project, migration.value, hashOf, auditLog),
    technical: '',
  };
}

async function readLock(project: Project): Promise<Found<LockState>> {
  try {
    const lock = await readContractLock(project);
    return lock === null ? absent('There is no contract lock on record; run contract lock.') : { value: lock };
  } catch (error) {
    if (error instanceof UserError) return absent(error.message);
    throw error;
  }
}

function absent<T>(sentence: string): Found<T> {
  return { value: null, absent: sentence };
}

async function readReport<T>(project: Project, path: string, shape: z.ZodType<T>, command: string): Promise<Found<T>> {
  const text = await textOf(project, path);
  if (text === null) return absent(`${path} does not exist; run ${command}.`);
  try {
    return { value: shape.parse(JSON.parse(text)) };
  } catch {
    return absent(`${path} cannot be understood; run ${command} again.`);
  }
}

async function textOf(project: Project, path: string): Promise<string | null> {
  try {
    return await readOptionalText(project, path);
  } catch (error) {
    if (error instanceof UserError) return '';
    throw error;
  }
}

interface ReadContract {
  readonly contract: Found<Contract>;
  readonly changed: readonly string[];
  readonly unreviewed: readonly string[];
}

async function readContract(project: Project): Promise<ReadContract> {
  const fields = await textOf(project, ARTEFACTS.contract);
  const tables = await textOf(project, ARTEFACTS.contractTables);
  if (fields === null || tables === null) {
    const contract = absent<Contract>('The mapping contract does not exist; run build-mapping-contract.');
    return { contract, changed: [], unreviewed: [] };
  }
  const { value, problems } = readContractText(fields, ARTEFACTS.contract, tables, ARTEFACTS.contractTables);
  const { contract, changed, unreviewed } = (await readApprovals(project)).applyTo(value);
  const name = (row: ContractField): string => `${row.targetTable}.${row.targetField}`;
  return {
    contract: withoutErrors(contract, problems),
    changed: changed.map(name),
    unreviewed: unreviewed.map(name),
  };
}

async function auditFault(project: Project): Promise<string | null> {
  const [first] = (await verifyAudit(project)).faults;
  return first === undefined ? null : `${ARTEFACTS.auditLog}:${first.line}: ${first.message}`;
}

async function readTarget(project: Project): Promise<Found<Catalog>> {
  const text = await textOf(project, ARTEFACTS.targetCatalog);
  if (text === null) return absent(`${ARTEFACTS.targetCatalog} does not exist; run extract-specs.`);
  const { value, problems } = readCatalogText(text, ARTEFACTS.targetCatalog, 'target');
  return withoutErrors(value, problems);
}

function withoutErrors<T>(value: T, problems: readonly Problem[]): Found<T> {
  const first = problems.find((problem) => problem.severity === 'error');
  return first === undefined ? { value } : absent(formatProblem(first));
}

async function readTableStats(project: Project): Promise<Found<readonly TableStat[]>> {
  const path = ARTEFACTS.migrationTableStats;
  const text = await textOf(project, path);
  if (text === null) return absent(`${path} does not exist; run run-contract-migration.`);
  const { stats, fault } = readTableStatsText(text, path);
  return stats === null ? absent(`${path}: ${fault.why} Run run-contract-migration again.`) : { value: stats };
}

/** Uses the rejects that are in the engine by then. */
async function readSafetyRejects(
  project: Project,
  engine: Engine,
  rejects: Found<readonly RejectCount[]>,
  auditLog: readonly AuditEntry[],
): Promise<Found<SafetyRejects>> {
  if (rejects.value === null) return absent(rejects.absent);
  return { value: await countSafetyRejects(engine, 'rejects', await readTriageContext(project, auditLog)) };
}

/** Counted by the engine: a bad extract may have millions of rejects. */
async function readRejects(project: Project, engine: Engine): Promise<Found<readonly RejectCount[]>> {
  const name = ARTEFACTS.migrationRejects;
  const columns = ['target_table', 'reason', 'source_table', 'source_row'];
  const optional = ['target_field', 'source_field', 'row_key', 'safety_critical'];
  const next = 'Run run-contract-migration again.';
  try {
    await importCsv(engine, {
      path: project.at(name),
      name,
      schema: 'main',
      table: 'rejects',
      columns,
      optional,
      next,
    });
  } catch (error) {
    if (error instanceof UserError) return absent(error.message);
    throw error;
  }
  const rows = await engine.rows(
    "SELECT coalesce(target_table, '') AS target_table, coalesce(reason, '') AS reason, count(DISTINCT concat_ws('|', source_table, source_row))::DOUBLE AS n FROM rejects GROUP BY ALL ORDER BY ALL",
  );
  return {
    value: rows.map((row) => ({
      targetTable: String(row['target_table']),
      reason: String(row['reason']),
      rows: Number(row['n']),
    })),
  };
}
