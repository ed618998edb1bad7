import { countedFields } from '../audit/approvals.ts';
import type { Catalog, CatalogSide } from '../catalog/catalog.ts';
import { loadCatalog } from '../catalog/loadCatalog.ts';
import { readContractText } from '../contract/contractFile.ts';
import { readCrosswalks } from '../crosswalk/crosswalk.ts';
import { lastSourceDir } from '../crosswalk/lastSourceDir.ts';
import { type GovernanceOverview, readGovernance } from '../governance/overview.ts';
import { ROLES } from '../governance/roleNames.ts';
import { stageRole } from '../governance/roles.ts';
import { type Progress, readProgress } from '../history/progressFile.ts';
import type { PastRestore } from '../history/restores.ts';
import { type PastRun, readRunHistory } from '../history/runHistory.ts';
import { isDataRun } from '../history/runKinds.ts';
import { STAGES } from '../lifecycle/stages.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readHolder } from '../project/lock.ts';
import { newestTime } from '../project/newestTime.ts';
import { readOptionalText } from '../project/readText.ts';
import type { Problem } from '../shared/problem.ts';
import { listSnapshots, type SnapshotHead } from '../snapshots/snapshot.ts';
import { changedInputs, readsFrom } from './changedInputs.ts';
import { readConnectors } from './connectorsView.ts';
import { rolesForShowing } from './owners.ts';
import { reportProblems } from './reportProblems.ts';
import {
  type GateReport,
  type LifecycleRun,
  type MigrationTotals,
  type QualityReport,
  readGateReport,
  readLifecycleRun,
  readMigrationTotals,
  readQualityReport,
} from './reports.ts';
import { stageStanding } from './stageStanding.ts';

/** A column as a tree shows it. */
export interface FieldState {
  readonly name: string;
  readonly type: string;
  readonly key: boolean;
  readonly mandatory: boolean;
  readonly link: string;
  readonly codeSet: string;
  readonly description: string;
  readonly specFile: string;
  readonly specLocation: string;
}

export interface TableState {
  readonly name: string;
  readonly family: string;
  readonly fields: readonly FieldState[];
}

/** A contract row as a tree shows it. */
export interface ContractRowState {
  readonly table: string;
  readonly field: string;
  readonly rowSet: string;
  readonly mappingClass: string;
  readonly status: string;
  readonly mandatory: boolean;
  readonly from: string;
  readonly line: number;
}

/** A stage with what its files say of its last run. */
export interface StageState {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  /** Title of the role that answers for the stage, by the project's roles. */
  readonly owner: string;
  /** How it stands by its files, see `stageStanding`. */
  readonly status: string;
  readonly durationMs: number;
  readonly message: string;
  readonly restored: PastRestore | null;
  /** Newest output, in milliseconds since 1970; null when an output is missing. */
  readonly madeAt: number | null;
  /** What it reads and what changed since, see `changedInputs`. */
  readonly changed: readonly string[];
  /** True when something it reads changed since. */
  readonly stale: boolean;
}

const MOST_RUNS = 200;

/** Everything the views show of one project. Plain data; no patient values. */
export interface ProjectState {
  readonly schemas: Readonly<Record<CatalogSide, readonly TableState[]>>;
  readonly contract: readonly ContractRowState[];
  readonly crosswalks: readonly {
    readonly name: string;
    readonly file: string;
    readonly lines: number;
    readonly safetyCritical: boolean;
  }[];
  readonly stages: readonly StageState[];
  readonly gates: GateReport | null;
  readonly migration: MigrationTotals | null;
  readonly quality: QualityReport | null;
  /** Reports that are there and cannot be used; their part is then null too. */
  readonly unreadable: readonly Problem[];
  readonly lastRun: { readonly at: string; readonly status: string } | null;
  /** Newest first, at most as many as a person looks through. */
  readonly runs: readonly PastRun[];
  /** Connections of `connectors.json`. */
  readonly connectors: {
    readonly source: string | null;
    readonly target: string | null;
    readonly connections: readonly { readonly name: string; readonly type: string; readonly stage: string }[];
    /** How the last load ended: `passed into epr`; empty before the first. */
    readonly lastLoad: string;
  };
  /** Newest first, at most as many as a person looks through. */
  readonly snapshots: readonly SnapshotHead[];
  readonly governance: GovernanceOverview;
  /** What is running in the project now, in this process or another. */
  readonly busy: string | null;
  readonly progress: Progress | null;
}

/** Reads the state of a project. Files that are missing or broken leave their part empty; diagnostics tell about them. */
export async function readProjectState(project: Project): Promise<ProjectState> {
  const run = await readLifecycleRun(project);
  const history = await readRunHistory(project);
  return {
    schemas: {
      source: tablesOf(await loadCatalog(project, ARTEFACTS.sourceCatalog, 'source').catch(() => null)),
      target: tablesOf(await loadCatalog(project, ARTEFACTS.targetCatalog, 'target').catch(() => null)),
    },
    contract: await contractRows(project),
    crosswalks: await crosswalksOf(project),
    stages: await stageStates(project, run, history),
    gates: await readGateReport(project),
    migration: await readMigrationTotals(project),
    quality: await readQualityReport(project),
    unreadable: await reportProblems(project),
    lastRun: run === null ? null : { at: run.run_at_utc, status: run.status },
    runs: history.filter(isDataRun).slice(0, MOST_RUNS).map(withoutResults),
    connectors: await connectorsOf(project),
    snapshots: await listSnapshots(project, MOST_RUNS),
    governance: await readGovernance(project),
    ...(await readBusy(project)),
  };
}

async function connectorsOf(project: Project): Promise<ProjectState['connectors']> {
  const { source, target, connections, types, lastLoad } = await readConnectors(project);
  const stageOf = (type: string): string => types.find(({ id }) => id === type)?.stage ?? 'unknown';
  return {
    source,
    target,
    connections: connections.map(({ name, type }) => ({ name, type, stage: stageOf(type) })),
    lastLoad: lastLoad === null ? '' : `${lastLoad.status} into ${lastLoad.connection}`,
  };
}

/** Views count rules; what each of them found is for the Quality panel. */
function withoutResults(run: PastRun): PastRun {
  return run.quality === null ? run : { ...run, quality: { ...run.quality, results: {} } };
}

/** What runs in the project now, and how far it is; cheap, because it is asked several times a second. */
export async function readBusy(project: Project): Promise<Pick<ProjectState, 'busy' | 'progress'>> {
  const busy = (await readHolder(project))?.command ?? null;
  return { busy, progress: busy === null ? null : await readProgress(project) };
}

function tablesOf(catalog: Catalog | null): TableState[] {
  return [...(catalog?.tables.values() ?? [])].map((table) => ({
    name: table.name,
    family: table.family,
    fields: table.fields.map((field) => ({
      name: field.field,
      type: field.declaredType || field.dataType,
      key: field.primaryKey,
      mandatory: field.mandatory,
      link: field.foreignKey === null ? '' : `${field.foreignKey.table}.${field.foreignKey.field}`,
      codeSet: field.codeSet,
      description: field.description,
      specFile: field.specFile,
      specLocation: field.specLocation,
    })),
  }));
}

async function contractRows(project: Project): Promise<ContractRowState[]> {
  const fields = await readOptionalText(project, ARTEFACTS.contract).catch(() => null);
  if (fields === null) return [];
  const tables = (await readOptionalText(project, ARTEFACTS.contractTables).catch(() => null)) ?? '';
  const read = readContractText(fields, ARTEFACTS.contract, tables, ARTEFACTS.contractTables).value;
  return (await countedFields(project, read.fields)).map((row) => ({
    table: row.targetTable,
    field: row.targetField,
    rowSet: row.rowSet,
    mappingClass: row.mappingClass,
    status: row.status,
    mandatory: row.mandatory,
    from: row.rule !== '' ? row.rule : [row.sourceTable, row.sourceField].filter((part) => part !== '').join('.'),
    line: row.line,
  }));
}

async function crosswalksOf(project: Project): Promise<ProjectState['crosswalks']> {
  const crosswalks = await readCrosswalks(project, ARTEFACTS.crosswalks).catch(() => null);
  return [...(crosswalks?.value.values() ?? [])].map(({ name, file, lines, safetyCritical }) => ({
    name,
    file,
    lines: lines.length,
    safetyCritical,
  }));
}

/** The stages as their files and the runs so far tell them. */
export async function stageStates(
  project: Project,
  run: LifecycleRun | null,
  history: readonly PastRun[],
): Promise<StageState[]> {
  const roles = await rolesForShowing(project);
  const sourceDir = await lastSourceDir(project);
  const states: StageState[] = [];
  for (const stage of STAGES) {
    const standing = await stageStanding(project, stage.id, history, run);
    const written = await Promise.all(stage.writes.map((path) => newestTime(project.at(path))));
    const complete = written.every((time) => time !== null);
    const madeAt = complete && written.length > 0 ? Math.max(...written.map((time) => time ?? 0)) : null;
    const changed =
      madeAt === null
        ? []
        : await changedInputs(project, { ...stage, reads: readsFrom(stage, sourceDir) }, madeAt, run);
    states.push({
      id: stage.id,
      title: stage.title,
      summary: stage.summary,
      owner: ROLES[stageRole(roles, stage)],
      ...standing,
      madeAt,
      changed,
      stale: changed.length > 0,
    });
  }
  return states;
}
