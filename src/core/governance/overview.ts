import { readAudit } from '../audit/auditLog.ts';
import { readContractLock } from '../contract/contractLock.ts';
import { hashesOf } from '../gates/freshness.ts';
import { GateReportFile, MigrationReport } from '../gates/reports.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import { UserError } from '../shared/errors.ts';
import { readHazardMatrix } from './hazardMatrix.ts';
import { hazardObstacle, readHazards } from './hazards.ts';
import { nextSteps, readIncidents } from './incidents.ts';
import { readRoles } from './roles.ts';
import { readSignOffEvidence, type StepState, signOffStates, technicalDigest } from './signOffs.ts';

/** What a view shows of the governance of a project. Plain data. */
export interface GovernanceOverview {
  /** Each step; empty when there is nothing to sign yet. */
  readonly steps: readonly StepState[];
  readonly lock: { readonly name: string; readonly by: string; readonly matches: boolean } | null;
  readonly hazards: { readonly all: number; readonly open: readonly string[] } | null;
  readonly incident: { readonly id: string; readonly reason: string; readonly next: readonly string[] } | null;
  readonly hasRoles: boolean;
  /** The first file that is broken, as a sentence; what rests on it is left out. */
  readonly problem: string | null;
}

/**
 * Reads the overview without hashing any data: data files count as what the reports recorded of them. The gates and a
 * signature look at the files themselves.
 */
export async function readGovernance(project: Project): Promise<GovernanceOverview> {
  let problem: string | null = null;
  const attempt = async <T>(read: () => Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problem ??= error.message;
      return otherwise;
    }
  };
  const roles = await attempt(() => readRoles(project), null);
  return {
    steps: await attempt(() => stepStates(project), []),
    lock: await attempt(async () => {
      const found = await readContractLock(project);
      return found === null ? null : { name: found.lock.name, by: found.lock.locked_by, matches: found.matches };
    }, null),
    hazards: await attempt(async () => {
      const matrix = await readHazardMatrix(project);
      const log = await readHazards(project, matrix);
      if (log === null) return null;
      return {
        all: log.value.length,
        open: log.value.flatMap((hazard) => hazardObstacle(hazard, matrix, roles) ?? []),
      };
    }, null),
    incident: await attempt(async () => {
      const open = (await readIncidents(project)).find(({ status }) => status === 'open');
      return open === undefined ? null : { id: open.incident_id, reason: open.reason, next: nextSteps(open) };
    }, null),
    hasRoles: roles !== null,
    problem,
  };
}

async function stepStates(project: Project): Promise<StepState[]> {
  const gates = await read(project, ARTEFACTS.gateReport, GateReportFile);
  const migration = await read(project, ARTEFACTS.migrationReport, MigrationReport);
  if (gates === null || migration === null) return [];
  const recorded = new Map(
    [...gates.inputs, ...migration.inputs, ...migration.outputs]
      .filter(({ path }) => path.startsWith('mock_data/'))
      .map(({ path, sha256 }) => [path, sha256]),
  );
  const hashOf = hashesOf(project);
  const found = await readSignOffEvidence(
    project,
    migration,
    async (path) => recorded.get(path) ?? hashOf(path),
    await readAudit(project),
  );
  if (found.value === null) throw new UserError(found.absent);
  const values = Object.fromEntries(Object.entries(gates.thresholds).map(([name, { value }]) => [name, value]));
  return signOffStates(found.value, technicalDigest(values, gates.gates));
}

async function read<T>(project: Project, path: string, shape: { parse(value: unknown): T }): Promise<T | null> {
  try {
    return shape.parse(JSON.parse((await readOptionalText(project, path)) ?? ''));
  } catch {
    return null;
  }
}
