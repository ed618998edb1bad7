import type { Role } from '../governance/roleNames.ts';
import type { Evidence } from './evidence.ts';
import type { ProfileName, ThresholdName, Thresholds } from './profiles.ts';

/** NOT_PROVEN: there was nothing to measure, or what there was cannot be trusted. It never counts as a pass. */
export type Verdict = 'PASS' | 'FAIL' | 'NOT_PROVEN';

export type GateValue = string | number | null;

/** What a gate found: measured value, what the profile asks for, and one sentence. */
export interface GateFinding {
  readonly verdict: Verdict;
  readonly actual: GateValue;
  readonly expected: GateValue;
  /** Says what was found and, unless it passed, what to do. Names and counts only. */
  readonly message: string;
}

/** One release criterion: a function of evidence and thresholds, with no other input. */
export interface Gate {
  readonly id: string;
  readonly title: string;
  readonly ownerRole: Role;
  /** Project-relative files the verdict rests on. */
  readonly evidence: readonly string[];
  /** When this threshold is `off` the profile does not ask for the gate; it is then listed as not required. */
  readonly switchedBy?: ThresholdName;
  readonly judge: (evidence: Evidence, thresholds: Thresholds, profile: ProfileName) => GateFinding;
}

export interface GateResult extends GateFinding {
  readonly id: string;
  readonly title: string;
  readonly owner_role: string;
  readonly evidence: readonly string[];
}

export function pass(actual: GateValue, expected: GateValue, message: string): GateFinding {
  return { verdict: 'PASS', actual, expected, message };
}

export function fail(actual: GateValue, expected: GateValue, message: string): GateFinding {
  return { verdict: 'FAIL', actual, expected, message };
}

export function notProven(expected: GateValue, message: string, actual: GateValue = null): GateFinding {
  return { verdict: 'NOT_PROVEN', actual, expected, message };
}

/** A count or rate against its greatest allowed value; `any` measures without limiting. */
export function atMost(actual: number, limit: number | 'any', what: string, next: string): GateFinding {
  if (limit === 'any') return pass(actual, 'any', `${what}; this profile sets no limit.`);
  return actual <= limit ? pass(actual, `<= ${limit}`, `${what}.`) : fail(actual, `<= ${limit}`, `${what}. ${next}`);
}

/** A count or share against its least allowed value. */
export function atLeast(actual: number, limit: number, what: string, next: string): GateFinding {
  return actual >= limit ? pass(actual, `>= ${limit}`, `${what}.`) : fail(actual, `>= ${limit}`, `${what}. ${next}`);
}

/** Shares to six digits: the same text on every machine. */
export function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 1e6) / 1e6;
}

/** A count as people read it: `14,577`. */
export function said(count: number): string {
  return count.toLocaleString('en-GB');
}

/** `A, B, C and 4 more`. */
export function named(names: readonly string[], most = 5): string {
  const more = names.length - most;
  return more > 0 ? `${names.slice(0, most).join(', ')} and ${more} more` : names.join(', ');
}
