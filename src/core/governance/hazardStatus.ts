import { countedFields } from '../audit/approvals.ts';
import { readContractText } from '../contract/contractFile.ts';
import { checkFreshness, hashesOf } from '../gates/freshness.ts';
import { GATES } from '../gates/releaseGates.ts';
import { GateReportFile, MigrationReport, QualityReport } from '../gates/reports.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import { QUALITY_RULES } from '../quality/rules/index.ts';
import type { Problem } from '../shared/problem.ts';
import { type LinkTargets, linkProblems } from './hazardLinks.ts';
import { readHazardMatrix } from './hazardMatrix.ts';
import { type Hazard, hazardObstacle, readHazards } from './hazards.ts';
import { readRoles } from './roles.ts';

/** `green`: it passed on the files that are there now. `stale`: it passed on others. */
export type ControlState = 'green' | 'red' | 'stale' | 'not_proven';

/** One control of a hazard: a check of the pipeline, a gate, or an approved contract row. */
export interface Control {
  readonly kind: 'rule' | 'gate' | 'contract';
  readonly id: string;
  readonly state: ControlState;
}

export interface HazardState {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  readonly owner: string;
  readonly line: number;
  readonly initialRating: number | null;
  readonly residualRating: number | null;
  readonly controls: readonly Control[];
  /** Why it holds up a clinical sign-off; null when it does not. */
  readonly obstacle: string | null;
}

export interface HazardReview {
  /** False when the project has no hazard log. */
  readonly there: boolean;
  readonly hazards: readonly HazardState[];
  readonly problems: readonly Problem[];
}

/**
 * Every hazard with its ratings and what its controls show now.
 *
 * @throws UserError when matrix or roles file are broken
 */
export async function reviewHazards(project: Project): Promise<HazardReview> {
  const matrix = await readHazardMatrix(project);
  const read = await readHazards(project, matrix);
  if (read === null) return { there: false, hazards: [], problems: [] };
  const roles = await readRoles(project);
  const controls = await readControls(project);
  const problems = [...read.problems, ...linkProblems(read.value, targetsOf(controls.rows))];
  const hazards = read.value.map((hazard) => ({
    id: hazard.id,
    title: hazard.title,
    status: hazard.status,
    owner: hazard.owner,
    line: hazard.line,
    initialRating: hazard.initialRating,
    residualRating: hazard.residualRating,
    controls: controlsOf(hazard, controls),
    obstacle: hazardObstacle(hazard, matrix, roles),
  }));
  return { there: true, hazards, problems };
}

/**
 * Only what is wrong with the hazard log, without looking at any evidence: quick enough while somebody types.
 *
 * @throws UserError when the matrix is broken
 */
export async function hazardProblems(project: Project): Promise<Problem[]> {
  const read = await readHazards(project, await readHazardMatrix(project));
  if (read === null) return [];
  return [...read.problems, ...linkProblems(read.value, targetsOf(await contractRows(project)))];
}

function targetsOf(rows: ReadonlyMap<string, unknown> | null): LinkTargets {
  return {
    ruleIds: new Set(QUALITY_RULES.map(({ id }) => id)),
    gateIds: new Set(GATES.map(({ id }) => id)),
    contractRows: rows === null ? null : new Set(rows.keys()),
  };
}

interface Controls {
  readonly rules: ReadonlyMap<string, ControlState>;
  readonly gates: ReadonlyMap<string, ControlState>;
  /** Approved or not, by `TABLE.FIELD` and `TABLE.FIELD@row set`. */
  readonly rows: ReadonlyMap<string, ControlState> | null;
}

function controlsOf(hazard: Hazard, controls: Controls): Control[] {
  const of = (
    kind: Control['kind'],
    ids: readonly string[],
    states: ReadonlyMap<string, ControlState> | null,
  ): Control[] => ids.map((id) => ({ kind, id, state: states?.get(id) ?? 'not_proven' }));
  return [
    ...of('rule', hazard.ruleIds, controls.rules),
    ...of('gate', hazard.gateIds, controls.gates),
    ...of('contract', hazard.contractRows, controls.rows),
  ];
}

async function readControls(project: Project): Promise<Controls> {
  const migration = await read(project, ARTEFACTS.migrationReport, MigrationReport);
  const quality = await read(project, ARTEFACTS.qualityReport, QualityReport);
  const gates = await read(project, ARTEFACTS.gateReport, GateReportFile);
  const hashOf = hashesOf(project);
  const { stale } = await checkFreshness(migration, quality, hashOf);
  const fresh = (state: ControlState, isFresh: boolean): ControlState =>
    state === 'green' && !isFresh ? 'stale' : state;
  const rules = (quality?.rules ?? []).map(({ id, status }) => {
    const state = status === 'passed' ? 'green' : status === 'not_applicable' ? 'not_proven' : 'red';
    return [id, fresh(state, stale.length === 0)] as const;
  });
  const gatesFresh = await sameFiles(gates?.inputs ?? [], hashOf);
  const verdicts = (gates?.gates ?? []).map(({ id, verdict }) => {
    const state = verdict === 'PASS' ? 'green' : verdict === 'FAIL' ? 'red' : 'not_proven';
    return [id, fresh(state, gatesFresh && stale.length === 0)] as const;
  });
  return {
    rules: new Map(rules),
    gates: new Map(verdicts),
    rows: await contractRows(project),
  };
}

/** Governance files change with every signature; they say nothing of whether a gate's verdict still holds. */
async function sameFiles(
  files: readonly { readonly path: string; readonly sha256: string }[],
  hashOf: (path: string) => Promise<string | null>,
): Promise<boolean> {
  for (const { path, sha256 } of files)
    if (!path.startsWith('governance/') && (await hashOf(path)) !== sha256) return false;
  return true;
}

async function contractRows(project: Project): Promise<Map<string, ControlState> | null> {
  const fields = await readOptionalText(project, ARTEFACTS.contract);
  if (fields === null) return null;
  const tables = (await readOptionalText(project, ARTEFACTS.contractTables)) ?? '';
  const rows = new Map<string, ControlState>();
  const read = readContractText(fields, ARTEFACTS.contract, tables, ARTEFACTS.contractTables).value;
  for (const row of await countedFields(project, read.fields)) {
    const name = `${row.targetTable}.${row.targetField}`;
    const state = row.status === 'APPROVED' ? 'green' : 'red';
    rows.set(`${name}@${row.rowSet}`, state);
    // A name without a row set stands for all of them.
    rows.set(name, rows.get(name) === 'red' ? 'red' : state);
  }
  return rows;
}

async function read<T>(project: Project, path: string, shape: { parse(value: unknown): T }): Promise<T | null> {
  try {
    return shape.parse(JSON.parse((await readOptionalText(project, path)) ?? ''));
  } catch {
    return null;
  }
}
