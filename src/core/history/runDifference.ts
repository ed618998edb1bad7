import { type GateChange, gateChanges, type Verdicts } from '../snapshots/compareSnapshots.ts';
import type { PastRun } from './runHistory.ts';

/** What differs between two runs by what the history says of each: what the dashboard tells and a comparison begins with. */
export interface RunDifference {
  /** Profiles the two runs were judged for; null where nothing was decided. A verdict of another profile is another question. */
  readonly profiles: readonly [before: string | null, after: string | null];
  readonly gates: readonly GateChange[];
}

/** Compares an earlier run with a later one. */
export function runDifference(before: PastRun, after: PastRun): RunDifference {
  return {
    profiles: [before.gates?.profile ?? null, after.gates?.profile ?? null],
    gates: gateChanges(verdictsOf(before), verdictsOf(after)),
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
