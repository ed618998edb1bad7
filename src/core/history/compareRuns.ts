import { readFile } from 'node:fs/promises';
import { type ContractImpact, type ContractRowChange, diffContracts } from '../contract/contractDiff.ts';
import type { Engine } from '../engine/engine.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { UserError } from '../shared/errors.ts';
import { type CountChange, rejectChanges } from '../snapshots/compareSnapshots.ts';
import { Contents } from '../snapshots/contents.ts';
import { compareIssues, type IssueCause } from './compareIssues.ts';
import { type RunDifference, runDifference } from './runDifference.ts';
import type { PastRun } from './runHistory.ts';
import { runBefore } from './runKinds.ts';
import { runName } from './runName.ts';

/** Issues that were gone are looked for in that many earlier versions of the issue files, newest first. */
const MOST_PAST = 10;
const ISSUES = [ARTEFACTS.migrationIssues, ARTEFACTS.qualityIssues] as const;

/** What changed from one run to a later one. Names, keys and counts; no patient value. */
export interface RunComparison extends RunDifference {
  readonly before: string;
  readonly after: string;
  readonly contract: readonly ContractRowChange[];
  readonly impacts: Readonly<Record<ContractImpact, number>>;
  readonly rejects: readonly CountChange[];
  readonly issues: readonly IssueCause[];
  readonly totals: { readonly added: number; readonly fixed: number; readonly back: number; readonly worse: number };
  /** Runs before the earlier one whose issues were looked at to tell what is back from what is new. */
  readonly pastRuns: number;
}

/** True when a run kept what it left, so that it can be compared. Runs of versions before this one did not. */
export function isComparable(run: PastRun): boolean {
  return Object.keys(run.kept).length > 0;
}

/**
 * Compares two runs by what each left: contract rows by key, gates, rejects, and issues by their stable keys.
 *
 * @param history all runs, newest first, to find what is back
 * @throws UserError when one of the runs kept nothing, or what it kept is gone
 */
export async function compareRuns(
  project: Project,
  before: PastRun,
  after: PastRun,
  history: readonly PastRun[],
  engine: Engine,
): Promise<RunComparison> {
  for (const run of [before, after])
    if (!isComparable(run))
      throw new UserError(
        `The run of ${run.started_at_utc} (${runName(run)}) kept nothing to compare; choose runs that end with reports.`,
      );
  const contents = await Contents.open(project);
  const pathIn = (run: PastRun, path: string): string | null => {
    const sha256 = run.kept[path];
    return sha256 === undefined ? null : contents.pathOf(sha256);
  };
  const textIn = async (run: PastRun, path: string): Promise<string> => {
    const kept = pathIn(run, path);
    if (kept === null) return '';
    return readFile(kept, 'utf8').catch(() => {
      throw new UserError(`${path} of the run of ${run.started_at_utc} is missing from the snapshot store.`);
    });
  };
  const contract = diffContracts(await textIn(before, ARTEFACTS.contract), await textIn(after, ARTEFACTS.contract));
  const filesOf = (run: PastRun): string[] => ISSUES.flatMap((path) => pathIn(run, path) ?? []);
  const past = pastFiles(before, history, filesOf);
  const rejects = ARTEFACTS.migrationRejects;
  const issues = await compareIssues(engine, { before: filesOf(before), after: filesOf(after), past: past.files });
  const count = (impact: ContractImpact): number => contract.filter((row) => row.impact === impact).length;
  const sum = (pick: (cause: IssueCause) => number): number => issues.reduce((total, cause) => total + pick(cause), 0);
  return {
    before: before.run_id,
    after: after.run_id,
    contract,
    impacts: { breaking: count('breaking'), additive: count('additive'), review: count('review') },
    ...runDifference(before, after),
    rejects: (await rejectChanges(engine, pathIn(before, rejects), pathIn(after, rejects))).filter(
      (reason) => reason.added > 0 || reason.gone > 0,
    ),
    issues,
    totals: {
      added: sum((cause) => cause.added),
      fixed: sum((cause) => cause.fixed),
      back: sum((cause) => cause.back),
      worse: issues.filter((cause) => cause.worse).length,
    },
    pastRuns: past.runs,
  };
}

/** Issue files of the runs before one, each content once. */
function pastFiles(
  before: PastRun,
  history: readonly PastRun[],
  filesOf: (run: PastRun) => readonly string[],
): { readonly files: readonly string[]; readonly runs: number } {
  const earlier = history.slice(history.findIndex((run) => run.run_id === before.run_id) + 1);
  const files = new Set<string>();
  let runs = 0;
  for (const run of earlier) {
    const own = filesOf(run);
    if (own.length === 0) continue;
    for (const file of own) files.add(file);
    runs += 1;
    if (files.size >= MOST_PAST * ISSUES.length) break;
  }
  return { files: [...files], runs };
}

/**
 * A run by its id, the beginning of one, `latest` or `previous` (the one to compare the latest with), among those that can be
 * compared.
 *
 * @throws UserError when there is none
 */
export function findRun(history: readonly PastRun[], name: string): PastRun {
  const comparable = history.filter(isComparable);
  const [latest, ...earlier] = comparable;
  const before = latest === undefined ? undefined : (runBefore(latest, earlier) ?? undefined);
  const found =
    name === 'latest'
      ? comparable[0]
      : name === 'previous'
        ? before
        : comparable.find((run) => run.run_id.startsWith(name));
  if (found !== undefined) return found;
  throw new UserError(
    comparable.length < 2
      ? `There are ${comparable.length} runs that can be compared; run the lifecycle, or a stage that writes reports, again.`
      : `There is no run ${name} that can be compared; runs list shows those there are.`,
  );
}
