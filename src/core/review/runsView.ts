import type { Engine } from '../engine/engine.ts';
import { compareRuns, findRun, isComparable } from '../history/compareRuns.ts';
import type { RunDifference } from '../history/runDifference.ts';
import { type PastRun, readHistory, readRunHistory } from '../history/runHistory.ts';
import { isDataRun, runBefore } from '../history/runKinds.ts';
import { runName } from '../history/runName.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { compareText } from '../shared/order.ts';
import { filePlace } from './place.ts';
import type { Comparison, Difference, RunLine, Runs } from './runsModel.ts';

const MOST_RUNS = 200;
const MOST_DIFFERENCES = 300;

/** The runs of a project for the panel. */
export async function readRuns(project: Project): Promise<Runs> {
  const { runs: history, unread } = await readHistory(project);
  const runs = history.filter(isDataRun);
  const others = history.filter((run) => !isDataRun(run));
  const [latest, ...earlier] = history.filter(isComparable);
  const before = latest === undefined ? null : runBefore(latest, earlier);
  return {
    runs: runs.slice(0, MOST_RUNS).map(runLine),
    more: Math.max(0, runs.length - MOST_RUNS),
    others: others.slice(0, MOST_RUNS).map(runLine),
    moreOthers: Math.max(0, others.length - MOST_RUNS),
    last: latest === undefined || before === null ? null : [before.run_id, latest.run_id],
    unread: unread === null ? null : { message: unread.message, place: filePlace(ARTEFACTS.runHistory, unread.line) },
  };
}

function runLine(run: PastRun): RunLine {
  const { gates, rows, quality } = run;
  return {
    id: run.run_id,
    name: runName(run),
    at: run.started_at_utc,
    durationMs: run.duration_ms,
    status: run.status,
    returnCode: run.return_code,
    message: run.message,
    options: Object.entries(run.options)
      .map(([name, value]) => `${name} ${String(value)}`)
      .join(', '),
    gates:
      gates === null
        ? null
        : { profile: gates.profile, status: gates.status, failed: gates.failed, notProven: gates.not_proven },
    rows:
      rows === null
        ? null
        : { read: rows.read, loaded: rows.written, rejected: rows.rejected, excluded: rows.excluded },
    quality:
      quality === null
        ? null
        : { rules: quality.rules, failed: quality.failed, errors: quality.errors, warnings: quality.warnings },
    kept: Object.keys(run.kept).sort(compareText),
  };
}

/** What two runs differ in by the history, as pages read it. */
export function differenceOf(difference: RunDifference): Difference {
  const { profiles, gates, read, rejected, errors, warnings, otherInput } = difference;
  return {
    profiles: [...profiles],
    gates: [...gates],
    read: [...read],
    rejected: [...rejected],
    errors: [...errors],
    warnings: [...warnings],
    otherInput,
  };
}

/**
 * Two runs compared, for the panel. Whatever the order they are given in, the earlier one comes first.
 *
 * @throws UserError when one of them cannot be compared
 */
export async function compareRunsById(
  project: Project,
  ids: readonly [string, string],
  engine: Engine,
): Promise<Comparison> {
  const history = await readRunHistory(project);
  const [before, after] = ids
    .map((id) => findRun(history, id))
    .sort((a, b) => history.indexOf(b) - history.indexOf(a)) as [PastRun, PastRun];
  const found = await compareRuns(project, before, after, history, engine);
  // What a person must look at first: worse and back before new, new before fixed.
  const weight = (cause: Comparison['issues'][number]): number =>
    (cause.worse ? 8 : 0) + (cause.back > 0 ? 4 : 0) + (cause.added > 0 ? 2 : 0);
  const issues = [...found.issues].sort(
    (a, b) => weight(b) - weight(a) || b.after - a.after || compareText(a.rule, b.rule),
  );
  const order = { breaking: 0, additive: 1, review: 2 };
  const contract = [...found.contract].sort((a, b) => order[a.impact] - order[b.impact]);
  return {
    contract: contract.slice(0, MOST_DIFFERENCES).map((row) => ({ ...row, changes: [...row.changes] })),
    contractTotal: contract.length,
    impacts: found.impacts,
    ...differenceOf(found),
    rejects: [...found.rejects],
    issues: issues.slice(0, MOST_DIFFERENCES),
    issuesTotal: issues.length,
    totals: found.totals,
    pastRuns: found.pastRuns,
  };
}
