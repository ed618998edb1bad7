import { readFile, stat } from 'node:fs/promises';
import type { Engine } from '../core/engine/engine.ts';
import { decideProfiles } from '../core/gates/decideProfiles.ts';
import { findRun } from '../core/history/compareRuns.ts';
import { readRunHistory } from '../core/history/runHistory.ts';
import type { Project } from '../core/project/layout.ts';
import { readDashboard } from '../core/review/dashboard.ts';
import { readLifecycle } from '../core/review/lifecycleView.ts';
import { compareRunsById, readRuns } from '../core/review/runsView.ts';
import { readUsers } from '../core/review/usersView.ts';
import { UserError } from '../core/shared/errors.ts';
import { Contents } from '../core/snapshots/contents.ts';
import { planRestore } from '../core/snapshots/restorePlan.ts';
import type { Decided } from './panels/dashboardProtocol.ts';
import type { CoreAnswers, CoreRequest } from './protocol.ts';

type PanelRequest = Extract<
  CoreRequest,
  { kind: 'dashboard' | 'decideProfiles' | 'lifecycle' | 'runs' | 'users' | 'compareRuns' | 'keptText' | 'restorePlan' }
>;

/** The editor does not open larger texts well, and nobody reads them. */
const MOST_BYTES = 50_000_000;

/** Answers the questions of the project's panels, in the core's thread. */
export async function answerPanel(
  project: Project,
  request: PanelRequest,
  openEngine: (project: Project) => Promise<Engine>,
): Promise<CoreAnswers[PanelRequest['kind']]> {
  const withEngine = async <T>(work: (engine: Engine) => Promise<T>): Promise<T> => {
    const engine = await openEngine(project);
    return work(engine).finally(() => engine.close());
  };
  switch (request.kind) {
    case 'dashboard':
      return readDashboard(project, new Date());
    case 'decideProfiles':
      return withEngine(async (engine) => decidedOf(await decideProfiles(project, engine)));
    case 'lifecycle':
      return readLifecycle(project);
    case 'runs':
      return readRuns(project);
    case 'users':
      return readUsers({ project, openEngine: () => openEngine(project), now: () => new Date() });
    case 'compareRuns':
      return withEngine((engine) => compareRunsById(project, [request.before, request.after], engine));
    case 'keptText':
      return keptText(project, request.run, request.path);
    case 'restorePlan':
      return planRestore(project, request);
  }
}

function decidedOf(decisions: Awaited<ReturnType<typeof decideProfiles>>): Decided[] {
  return [...decisions].map(([profile, { status, gates }]) => {
    const ids = (verdict: string): string[] => gates.filter((gate) => gate.verdict === verdict).map((gate) => gate.id);
    return { profile, status, passed: ids('PASS').length, failed: ids('FAIL'), notProven: ids('NOT_PROVEN') };
  });
}

/** A file as a run left it. */
async function keptText(project: Project, id: string, path: string): Promise<string> {
  const run = findRun(await readRunHistory(project), id);
  const sha256 = Object.hasOwn(run.kept, path) ? run.kept[path] : undefined;
  if (sha256 === undefined || !/^[0-9a-f]{64}$/.test(sha256)) throw new UserError(`That run kept no ${path}.`);
  const file = (await Contents.open(project)).pathOf(sha256);
  const found = await stat(file).catch(() => null);
  if (found === null) throw new UserError(`${path} of that run is missing from the snapshot store.`);
  if (found.size > MOST_BYTES)
    throw new UserError(`${path} of that run has ${Math.round(found.size / 1e6)} MB; that is too much to open here.`);
  return readFile(file, 'utf8');
}
