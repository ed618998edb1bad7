/** Key figures of data quality: what one is, and the first ones of a project. Plain data; pages import this file. */

export const KPI_DIRECTIONS = ['at_most', 'at_least'] as const;
export type KpiDirection = (typeof KPI_DIRECTIONS)[number];

/** `on_change`: measured anew whenever a report changes; `by_hand`: stays as it is until somebody asks. */
export const KPI_REFRESHES = ['on_change', 'by_hand'] as const;
export type KpiRefresh = (typeof KPI_REFRESHES)[number];

/** One change of a threshold, who made it and why. */
export interface KpiChange {
  readonly threshold: number;
  readonly direction: KpiDirection;
  readonly note: string;
  readonly changed_by: string;
  readonly changed_at_utc: string;
}

export interface Kpi {
  /** Short, without blanks: what commands and links name it by. */
  readonly name: string;
  readonly title: string;
  /** What is measured, see `kpiSource.ts`: e.g. `rule:CMP-01`, `domain:PMI`, `reject_share`. */
  readonly source: string;
  readonly threshold: number;
  readonly direction: KpiDirection;
  /** How many past runs its trend shows. */
  readonly window: number;
  readonly refresh: KpiRefresh;
  /** Changes of the threshold, oldest first; empty for one that nobody changed yet. */
  readonly history: readonly KpiChange[];
}

/** `met`, `missed`, or `unknown` when nothing was measured: that is never as good as met. */
export type KpiStatus = 'met' | 'missed' | 'unknown';

export interface KpiPoint {
  readonly runId: string;
  readonly at: string;
  readonly value: number;
}

/** A key figure with what it comes to now. */
export interface KpiValue extends Kpi {
  /** `share` is a number from 0 to 1, `count` a number of what `counts` says. */
  readonly unit: 'share' | 'count';
  /** What numerator and denominator count, e.g. `rows or cells examined`. */
  readonly counts: string;
  readonly value: number | null;
  readonly numerator: number | null;
  readonly denominator: number | null;
  readonly status: KpiStatus;
  /** Why there is no value; empty when there is one. */
  readonly reason: string;
  /** When what it was measured from was made; null without a value. */
  readonly at: string | null;
  /** Oldest first, at most `window` runs. */
  readonly trend: readonly KpiPoint[];
}

const kpi = (
  name: string,
  title: string,
  source: string,
  threshold: number,
  direction: KpiDirection = 'at_most',
): Kpi => ({ name, title, source, threshold, direction, window: 10, refresh: 'on_change', history: [] });

/** What is measured until a project says otherwise: proposals, not national standards. */
export const FIRST_KPIS: readonly Kpi[] = [
  kpi('nhs-number', 'NHS numbers that are not valid', 'rule:VAL-01', 0),
  kpi('errors', 'Failing rows of ERROR rules', 'severity:ERROR', 0),
  kpi('pmi-errors', 'Failing rows of ERROR rules in patient records', 'domain:PMI', 0),
  kpi('reject-share', 'Source rows that were rejected', 'reject_share', 0.005),
  kpi('population', 'Cells that hold a value', 'population_ratio', 0.8, 'at_least'),
  kpi('safety-critical', 'Safety-critical rejects', 'safety_critical_rejects', 0),
  kpi('approved', 'Contract rows that are approved', 'approved_share', 1, 'at_least'),
  kpi('rules-passed', 'Rules that passed, of those that could be judged', 'rules_passed_share', 0.95, 'at_least'),
];
