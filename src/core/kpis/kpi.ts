import * as z from 'zod/mini';

/** Key figures of data quality: what one is, and the first ones of a project. Plain data; pages import this file. */

export const KPI_DIRECTIONS = ['at_most', 'at_least'] as const;
export type KpiDirection = (typeof KPI_DIRECTIONS)[number];

/** A number from 0 to 1, or how many there are of something. */
export const KPI_UNITS = ['share', 'count'] as const;
export type KpiUnit = (typeof KPI_UNITS)[number];

/** `on_change`: measured anew whenever a report changes; `by_hand`: stays as it is until somebody asks. */
export const KPI_REFRESHES = ['on_change', 'by_hand'] as const;
export type KpiRefresh = (typeof KPI_REFRESHES)[number];

/** One change of a threshold, who made it and why. */
const KpiChange = z.object({
  threshold: z.number(),
  direction: z.enum(KPI_DIRECTIONS),
  note: z.string(),
  changed_by: z.string(),
  changed_at_utc: z.string(),
});
export type KpiChange = z.infer<typeof KpiChange>;

export const Kpi = z.object({
  /** Short, without blanks: what commands and links name it by. */
  name: z.string(),
  title: z.string(),
  /** What is measured, see `kpiSource.ts`: e.g. `rule:CMP-01`, `domain:PMI`, `reject_share`. */
  source: z.string(),
  threshold: z.number(),
  direction: z.enum(KPI_DIRECTIONS),
  /** How many past runs its trend shows. */
  window: z.int(),
  refresh: z.enum(KPI_REFRESHES),
  /** Changes of the threshold, oldest first; empty for one that nobody changed yet. */
  history: z.array(KpiChange),
});
export type Kpi = z.infer<typeof Kpi>;

/** `met`, `missed`, or `unknown` when nothing was measured: that is never as good as met. */
export const KPI_STATUSES = ['met', 'missed', 'unknown'] as const;
export type KpiStatus = (typeof KPI_STATUSES)[number];

/** Longest title, in characters. */
export const MOST_KPI_TITLE = 120;

/**
 * Why this can be no threshold, as a sentence that begins with `what`; null when it can. Pages ask it before they send, the
 * core before it records and when it reads the file.
 */
export function thresholdFault(unit: KpiUnit, threshold: number, what = 'The threshold'): string | null {
  if (unit === 'share' && !(threshold >= 0 && threshold <= 1))
    return `${what} is a share, so it must be from 0 % to 100 %, which files and commands write as 0 to 1.`;
  if (unit === 'count' && !(Number.isSafeInteger(threshold) && threshold >= 0))
    return `${what} is a count, so it must be a whole number, 0 or more.`;
  return null;
}

/** Past runs that a trend shows, at least and at most. */
export const [FEWEST_KPI_RUNS, MOST_KPI_RUNS] = [2, 200];

/** Why a trend cannot show so many past runs, as a sentence; null when it can. */
export function windowFault(runs: number): string | null {
  const fits = Number.isInteger(runs) && runs >= FEWEST_KPI_RUNS && runs <= MOST_KPI_RUNS;
  return fits ? null : `The past runs in the trend must be a whole number from ${FEWEST_KPI_RUNS} to ${MOST_KPI_RUNS}.`;
}

const KpiPoint = z.object({ runId: z.string(), at: z.string(), value: z.number() });
export type KpiPoint = z.infer<typeof KpiPoint>;

/** A key figure with what it comes to now. */
export const KpiValue = z.extend(Kpi, {
  /** `share` is a number from 0 to 1, `count` a number of what `counts` says. */
  unit: z.enum(KPI_UNITS),
  /** What numerator and denominator count, e.g. `rows or cells examined`. */
  counts: z.string(),
  value: z.nullable(z.number()),
  numerator: z.nullable(z.number()),
  denominator: z.nullable(z.number()),
  status: z.enum(KPI_STATUSES),
  /** Why there is no value; empty when there is one. */
  reason: z.string(),
  /** What it is measured from, as it follows “measured on”. */
  basis: z.string(),
  /** It is no report of some time: it is looked at when it is asked for. */
  live: z.boolean(),
  /** When the report was made, or what is live was looked at; null without a value. */
  at: z.nullable(z.string()),
  /** Oldest first, at most `window` runs. */
  trend: z.array(KpiPoint),
});
export type KpiValue = z.infer<typeof KpiValue>;

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
  kpi('reject-share', 'Rows read that were rejected', 'reject_share', 0.005),
  kpi('population', 'Cells that hold a value', 'population_ratio', 0.8, 'at_least'),
  kpi('safety-critical', 'Safety-critical rejects that are open', 'safety_critical_open', 0),
  kpi('approved', 'Contract rows that are approved', 'approved_share', 1, 'at_least'),
  kpi('rules-passed', 'Rules that passed, of those that could be judged', 'rules_passed_share', 0.95, 'at_least'),
];
