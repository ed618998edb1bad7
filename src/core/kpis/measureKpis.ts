import { openSafetyRejects } from '../governance/safetyRejectsNow.ts';
import { readContractCounts } from '../history/contractCounts.ts';
import { measuredNow } from '../history/measuredNow.ts';
import { type PastRun, readRunHistory } from '../history/runHistory.ts';
import type { StageContext } from '../lifecycle/stage.ts';
import type { Kpi, KpiPoint, KpiStatus, KpiValue } from './kpi.ts';
import { KPI_BASES, type KpiBasis, type KpiMeasure, type KpiSource, kpiSource, type Measured } from './kpiSource.ts';

/** What each key figure comes to by the reports and decisions as they are, with its trend over past runs. */
export async function measureKpis(
  context: Pick<StageContext, 'project' | 'openEngine' | 'now'>,
  kpis: readonly Kpi[],
): Promise<KpiValue[]> {
  const { project } = context;
  const { made, unusable, gates: _, ...reports } = await measuredNow(project);
  const runs = (await readRunHistory(project)).filter((run) => run.quality !== null || run.rows !== null);
  const contract = await readContractCounts(project).catch(() => null);
  // The gates' own number is of the time when they ran; people have decided since.
  const asked = kpis.some((kpi) => kpiSource(kpi.source)?.from === 'triage');
  const all = reports.migration?.safety_critical_rejects;
  const open = asked && all !== undefined ? await openSafetyRejects(context, all) : null;
  const gates = typeof open === 'number' ? { safety_critical_open: open } : null;
  const now: Now = {
    measured: { ...reports, contract, gates },
    at: { ...made, contract: context.now().toISOString(), triage: context.now().toISOString() },
    untold: {
      ...unusable,
      ...(unusable.migration === undefined ? {} : { triage: unusable.migration }),
      ...(typeof open === 'string' ? { triage: open } : {}),
    },
  };
  return kpis.flatMap((kpi) => {
    const source = kpiSource(kpi.source);
    return source === null ? [] : [measured(kpi, source, now, runs)];
  });
}

interface Now {
  readonly measured: Measured;
  /** When what is measured from was made or looked at. */
  readonly at: Readonly<Record<KpiBasis, string | null>>;
  /** Why something that is there cannot be counted. */
  readonly untold: Readonly<Partial<Record<KpiBasis, string>>>;
}

function measured(kpi: Kpi, source: KpiSource, now: Now, runs: readonly PastRun[]): KpiValue {
  const measure = source.measure(now.measured);
  const value = measure === null ? null : ratio(measure);
  const trend = runs.slice(0, kpi.window).flatMap((run): KpiPoint[] => {
    const then = source.measure(run);
    const was = then === null ? null : ratio(then);
    return was === null ? [] : [{ runId: run.run_id, at: run.started_at_utc, value: was }];
  });
  return {
    ...kpi,
    unit: source.unit,
    counts: source.counts,
    value,
    numerator: measure?.numerator ?? null,
    denominator: measure?.denominator ?? null,
    status: statusOf(kpi, value),
    reason: value === null ? reasonOf(source, measure, now) : '',
    basis: KPI_BASES[source.from].words,
    live: KPI_BASES[source.from].live === true,
    at: value === null ? null : now.at[source.from],
    trend: trend.reverse(),
  };
}

/** Of nothing there is no share: a rule that examined no row is not met by that. */
function ratio({ numerator, denominator }: KpiMeasure): number | null {
  if (denominator === null) return numerator;
  return denominator === 0 ? null : numerator / denominator;
}

function reasonOf(source: KpiSource, measure: KpiMeasure | null, now: Now): string {
  if (measure !== null) return 'Nothing was examined.';
  return now.untold[source.from] ?? source.absent?.(now.measured) ?? KPI_BASES[source.from].missing;
}

/** The status of a value by its threshold. */
export function statusOf(
  { threshold, direction }: Pick<Kpi, 'threshold' | 'direction'>,
  value: number | null,
): KpiStatus {
  if (value === null) return 'unknown';
  return (direction === 'at_most' ? value <= threshold : value >= threshold) ? 'met' : 'missed';
}
