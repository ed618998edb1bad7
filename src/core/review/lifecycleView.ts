import { lastSourceDir } from '../crosswalk/lastSourceDir.ts';
import { ROLES } from '../governance/roleNames.ts';
import { stageRole } from '../governance/roles.ts';
import { type PastRun, readRunHistory } from '../history/runHistory.ts';
import { STAGES } from '../lifecycle/stages.ts';
import type { Project } from '../project/layout.ts';
import { newestTime } from '../project/newestTime.ts';
import { listSnapshots } from '../snapshots/snapshot.ts';
import { readsFrom } from './changedInputs.ts';
import type { Lifecycle, LifecycleStage } from './lifecycleModel.ts';
import { peopleFor, rolesForShowing } from './owners.ts';
import { filePlace } from './place.ts';
import { readBusy, stageStates } from './projectState.ts';
import { readLifecycleRun } from './reports.ts';
import { restoreLine } from './restoreLine.ts';

const MOST_DURATIONS = 20;
const MOST_SNAPSHOTS = 50;

/** The stages of a project with their files, ages and durations, and the snapshots it can go back to. */
export async function readLifecycle(project: Project): Promise<Lifecycle> {
  const history = await readRunHistory(project);
  const states = await stageStates(project, await readLifecycleRun(project), history);
  const sourceDir = await lastSourceDir(project);
  const roles = await rolesForShowing(project);
  const stages: LifecycleStage[] = [];
  for (const stage of STAGES) {
    const role = stageRole(roles, stage);
    const state = states.find((known) => known.id === stage.id);
    const inputs = await filesOf(
      project,
      readsFrom(stage, sourceDir).filter((path) => !stage.writes.includes(path)),
    );
    const outputs = await filesOf(project, stage.writes);
    const durations = durationsOf(stage.id, history);
    const madeAt = state?.madeAt ?? null;
    stages.push({
      id: stage.id,
      title: stage.title,
      summary: stage.summary,
      ownerRole: ROLES[role],
      people: peopleFor(roles, role),
      status: state?.status ?? '',
      message: state?.message ?? '',
      madeAt,
      restored: state === undefined || state.restored === null ? null : restoreLine(state.restored),
      stale: state?.stale ?? false,
      changed: [...(state?.changed ?? [])],
      inputs,
      outputs,
      durations,
    });
  }
  const { busy, progress } = await readBusy(project);
  return { stages, snapshots: await snapshotLines(project), busy: { command: busy, progress } };
}

async function filesOf(project: Project, paths: readonly string[]): Promise<LifecycleStage['inputs']> {
  return Promise.all(
    paths.map(async (path) => ({
      path,
      changedAt: await newestTime(project.at(path)),
      place: filePlace(path),
    })),
  );
}

function durationsOf(stage: string, history: readonly PastRun[]): LifecycleStage['durations'] {
  return history
    .flatMap((run) =>
      run.stages
        .filter((one) => one.id === stage)
        .map((one) => ({ at: run.started_at_utc, ms: one.duration_ms, status: one.status })),
    )
    .slice(0, MOST_DURATIONS)
    .reverse();
}

async function snapshotLines(project: Project): Promise<Lifecycle['snapshots']> {
  const heads = await listSnapshots(project, MOST_SNAPSHOTS).catch(() => []);
  return heads.map((head) => ({
    id: head.snapshot_id,
    at: head.created_at_utc,
    kind: head.kind,
    reason: head.reason,
    files: head.fileCount,
    bytes: head.bytes,
    verdict: head.gates === null ? null : `${head.gates.profile}: ${head.gates.status}`,
    rejects: head.rejects,
  }));
}
