import { readContractCounts } from '../history/contractCounts.ts';
import { measuredNow, type PastRun, readRunHistory } from '../history/runHistory.ts';
import type { Project } from '../project/layout.ts';
import type { Kpi, KpiPoint, KpiStatus, KpiValue } from './kpi.ts';
import { type KpiMeasure, type KpiSource, kpiSource, type Measured } from './kpiSource.ts';

/** What each key figure comes to by the reports as they are, with its trend over past runs. */
export async function measureKpis(project: Project, kpis: readonly Kpi[]): Promise<KpiValue[]> {
  const now = await measuredNow(project);
  const runs = (await readRunHistory(project)).filter((run) => run.quality !== null || run.rows !== null);
  const contract = await readContractCounts(project).catch(() => null);
  return kpis.flatMap((kpi) => {
    const source = kpiSource(kpi.source);
    return source === null ? [] : [measured(kpi, source, { ...now, contract }, now.at, runs)];
  });
}

function measured(kpi: Kpi, source: KpiSource, now: Measured, at: string | null, runs: readonly PastRun[]): KpiValue {
  const measure = source.measure(now);
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
    reason: value === null ? reasonOf(measure, at) : '',
    at: value === null ? null : at,
    trend: trend.reverse(),
  };
}

/** Of nothing there is no share: a rule that examined no row is not met by that. */
function ratio({ numerator, denominator }: KpiMeasure): number | null {
  if (denominator === null) return numerator;
  return denominator === 0 ? null : numerator / denominator;
}

function reasonOf(measure: KpiMeasure | null, at: string | null): string {
  if (measure !== null) return 'Nothing was examined.';
  return at === null ? 'There is no report yet; run the lifecycle.' : 'The last run did not measure it.';
}

/** The status of a value by its threshold. */
export function statusOf(
  { threshold, direction }: Pick<Kpi, 'threshold' | 'direction'>,
  value: number | null,
): KpiStatus {
  if (value === null) return 'unknown';
  return (direction === 'at_most' ? value <= threshold : value >= threshold) ? 'met' : 'missed';
}
