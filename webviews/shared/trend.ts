import { chart } from './chart.ts';
import { moments } from './format.ts';

/** What one run rejected and found; null where it measured nothing. */
export interface TrendPoint {
  readonly at: string;
  readonly rejected: number | null;
  readonly errors: number | null;
  readonly warnings: number | null;
}

/** Rejected and failing rows over the runs, oldest first. */
export function trendChart(points: readonly TrendPoint[]): HTMLElement {
  const labels = moments(points.map(({ at }) => at));
  return chart({
    title: 'Rejected and failing rows by run',
    unit: 'rows',
    axis: 'Run',
    kind: 'line',
    labels: points.map(({ at }) => labels.get(at) ?? at),
    series: [
      { name: 'Rejected rows', values: points.map((run) => run.rejected), colour: 'red' },
      { name: 'Rows failing ERROR rules', values: points.map((run) => run.errors), colour: 'purple' },
      { name: 'Rows failing WARN rules', values: points.map((run) => run.warnings), colour: 'blue' },
    ],
  });
}
