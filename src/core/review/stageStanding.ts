import { covers, type PastRestore, restoresOf } from '../history/restores.ts';
import type { PastRun } from '../history/runHistory.ts';
import type { Project } from '../project/layout.ts';
import { type LifecycleRun, stageReport } from './reports.ts';

/** How a stage stands, by the files that are there now. */
export interface StageStanding {
  /**
   * passed or failed as its report says; error or cancelled when it was tried since and wrote nothing; unreadable when the
   * report cannot be used; empty without one.
   */
  readonly status: string;
  readonly message: string;
  /** How long the run took that wrote the files; 0 when nobody knows. */
  readonly durationMs: number;
  /** The restore that brought the files here; null when a run of the stage wrote them. */
  readonly restored: PastRestore | null;
}

/** Stages pass, verdicts PASS. */
const ENDINGS: Readonly<Record<string, string>> = {
  passed: 'passed',
  PASS: 'passed',
  failed: 'failed',
  FAIL: 'failed',
};

/** A time that somebody ran the stage. */
interface Attempt {
  readonly runId: string;
  readonly at: string;
  readonly status: string;
  readonly durationMs: number;
  readonly message: string;
}

/**
 * How a stage ended, told by its report and not by whatever ran last: after a restore, or with files that came by git,
 * the last run is not the one that wrote them.
 *
 * @param history newest first
 * @param run the lifecycle's own record, for what the history does not hold
 */
export async function stageStanding(
  project: Project,
  stage: string,
  history: readonly PastRun[],
  run: LifecycleRun | null,
): Promise<StageStanding> {
  const { value: ending, problem } = await stageReport(project, stage);
  const attempts = attemptsOf(stage, history, run);
  const restore = restoresOf(history).find((one) => covers(one, stage)) ?? null;
  const restored = restore !== null && (ending === null || restore.at > ending.run_at_utc) ? restore : null;
  const last = attempts[0];
  const broken = last !== undefined && (last.status === 'error' || last.status === 'cancelled');
  const wroteNothing = broken && last.at > (ending?.run_at_utc ?? '') && (restored === null || last.at > restored.at);
  const writer = attempts.find(({ runId }) => runId === ending?.run_id);
  const [status, message] = wroteNothing
    ? [last.status, last.message]
    : problem !== null
      ? ['unreadable', problem.message]
      : [ENDINGS[ending?.status ?? ''] ?? '', ''];
  return {
    status,
    message,
    durationMs: writer?.durationMs ?? 0,
    restored,
  };
}

function attemptsOf(stage: string, history: readonly PastRun[], run: LifecycleRun | null): Attempt[] {
  const own = run?.stages.find(({ id, status }) => id === stage && status !== 'skipped');
  const recorded =
    run === null || own === undefined
      ? []
      : [
          {
            runId: run.run_id,
            at: run.run_at_utc,
            status: own.status,
            durationMs: own.duration_ms,
            message: own.message,
          },
        ];
  const past = history.flatMap((one) => {
    const part = one.stages.find(({ id }) => id === stage);
    if (part === undefined) return [];
    // What a lifecycle says of one of its stages stands in its own record.
    const message =
      recorded.find(({ runId }) => runId === one.run_id)?.message ?? (one.stages.length === 1 ? one.message : '');
    return [{ runId: one.run_id, at: one.started_at_utc, status: part.status, durationMs: part.duration_ms, message }];
  });
  const missing = recorded.filter(({ runId }) => !past.some((one) => one.runId === runId));
  return [...past, ...missing].sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
}
