import { type AuditEntry, readAudit } from '../audit/auditLog.ts';
import { isComparable } from '../history/compareRuns.ts';
import { restoresOf } from '../history/restores.ts';
import { runDifference } from '../history/runDifference.ts';
import type { PastRun } from '../history/runHistory.ts';
import { runBefore } from '../history/runKinds.ts';
import { runName } from '../history/runName.ts';
import type { Project } from '../project/layout.ts';
import { compareText } from '../shared/order.ts';
import { crosswalkChanges } from './crosswalkChanges.ts';
import type { Dashboard } from './dashboardModel.ts';
import type { StageState } from './projectState.ts';
import { restoreLine } from './restoreLine.ts';
import { differenceOf } from './runsView.ts';

/** Runs that left reports, newest first. */
export function reported(history: readonly PastRun[]): PastRun[] {
  return history.filter((run) => run.rows !== null || run.quality !== null || run.gates !== null);
}

/** What changed since the last run that left reports, and from the last before it that made such reports anew. */
export async function changesPart(
  project: Project,
  history: readonly PastRun[],
  stages: readonly StageState[],
): Promise<Dashboard['changes']> {
  const staleStages = stages.filter((stage) => stage.stale).map((stage) => stage.title);
  const [last, ...earlier] = reported(history);
  const audit = await readAudit(project).catch(() => []);
  const restored = restoredSince(last, history, audit);
  if (last === undefined) {
    const nothing = { run: null, contractRows: 0, people: [], crosswalks: [], previous: null };
    return { ...nothing, restored, staleStages };
  }
  const since = audit.filter((entry) => entry.event === 'contract-changed' && entry.at_utc > last.started_at_utc);
  const before = runBefore(last, earlier.filter(isComparable));
  return {
    restored,
    run: { id: last.run_id, at: last.started_at_utc, command: runName(last), status: last.status },
    contractRows: since.reduce((sum, entry) => sum + (Number(entry.details['row_count']) || 0), 0),
    people: [...new Set(since.map((entry) => entry.who))].sort(compareText),
    crosswalks: crosswalkChanges(audit, last.started_at_utc, null),
    staleStages,
    previous: before === null || !isComparable(last) ? null : between(before, last, audit),
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

function between(
  before: PastRun,
  last: PastRun,
  audit: readonly AuditEntry[],
): NonNullable<Dashboard['changes']['previous']> {
  return {
    id: before.run_id,
    at: before.started_at_utc,
    ...differenceOf(runDifference(before, last)),
    crosswalks: crosswalkChanges(audit, before.started_at_utc, last.started_at_utc),
    place: { kind: 'runs', before: before.run_id, after: last.run_id },
  };
}
