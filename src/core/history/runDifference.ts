import { type GateChange, gateChanges, isOtherInput, type Verdicts } from '../snapshots/compareSnapshots.ts';
import type { PastRun } from './runHistory.ts';

/** What differs between two runs by what the history says of each: what the dashboard tells and a comparison begins with. */
export interface RunDifference {
  /** Profiles the two runs were judged for; null where nothing was decided. A verdict of another profile is another question. */
  readonly profiles: readonly [before: string | null, after: string | null];
  readonly gates: readonly GateChange[];
  /** Rows read by all row sets, and of them those rejected. */
  readonly read: BothRuns;
  readonly rejected: BothRuns;
  /** Failing rows or cells of ERROR and of WARN rules. */
  readonly errors: BothRuns;
  readonly warnings: BothRuns;
  /** Whether they read other source data or another number of rows: less is then no sign that anything was mended. */
  readonly otherInput: boolean;
}

/** A count of two runs; null where a run did not tell. */
export type BothRuns = readonly [before: number | null, after: number | null];

/** Compares an earlier run with a later one. */
export function runDifference(before: PastRun, after: PastRun): RunDifference {
  const both = (pick: (run: PastRun) => number | undefined): BothRuns => [pick(before) ?? null, pick(after) ?? null];
  const read = both(({ rows }) => rows?.read);
  return {
    profiles: [before.gates?.profile ?? null, after.gates?.profile ?? null],
    gates: gateChanges(verdictsOf(before), verdictsOf(after)),
    read,
    rejected: both(({ rows }) => rows?.rejected),
    errors: both(({ quality }) => quality?.errors),
    warnings: both(({ quality }) => quality?.warnings),
    otherInput: isOtherInput(read, [before.migration?.source_sha256 ?? null, after.migration?.source_sha256 ?? null]),
  };
}

function verdictsOf({ gates }: PastRun): Verdicts {
  if (gates === null) return { profile: '', verdicts: new Map() };
  return {
    profile: gates.profile,
    verdicts: new Map([
      ...gates.passed.map((id) => [id, 'PASS'] as const),
      ...gates.failed.map((id) => [id, 'FAIL'] as const),
      ...gates.not_proven.map((id) => [id, 'NOT_PROVEN'] as const),
    ]),
  };
}
