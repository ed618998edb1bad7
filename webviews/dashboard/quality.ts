import type { Dashboard } from '../../src/core/review/dashboardModel.ts';
import type { Place } from '../../src/core/review/place.ts';
import { html } from '../shared/dom.ts';
import { count, counted, share } from '../shared/format.ts';
import { trendChart } from '../shared/trend.ts';
import { card, empty, figure, keyed, link, moment, table } from '../shared/ui.ts';
import { figures, opening } from './health.ts';
import { unusable, without } from './unusable.ts';

type Open = (place: Place) => void;

const issues = (domain: string | null, severity: string | null): Place => ({
  kind: 'issues',
  domain,
  severity,
  rule: null,
});
const failing = (domain: string | null): Place => ({ kind: 'rules', statuses: ['failed', 'error'], domain });

/** Rules and failing rows by domain, and their trend over runs. */
export function qualityCard(dashboard: Dashboard, open: Open): HTMLElement {
  const { quality, trend } = dashboard;
  if (quality === null)
    return without(
      'Data quality',
      unusable(dashboard, 'quality', open),
      empty('The rules did not run yet', 'Run Data Quality Rules after a migration.'),
    );
  return card(
    'Data quality',
    figures(
      figure(share(quality.rulesFailed, quality.rulesRan), 'rules fail', () => open(failing(null))),
      figure(count(quality.errors), 'rows fail ERROR rules', () => open(issues(null, 'ERROR'))),
      figure(count(quality.warnings), 'rows fail WARN rules', () => open(issues(null, 'WARN'))),
    ),
    table(
      'Failing rows by domain',
      [
        {
          title: 'Domain',
          cell: (row: (typeof quality.domains)[number]) => (row.domain === 'ALL' ? 'Across domains' : row.domain),
        },
        {
          title: 'Rules fail',
          number: true,
          cell: (row) =>
            row.rulesFailed === 0
              ? `0 of ${count(row.rulesRan)}`
              : keyed(
                  `rules-${row.domain}`,
                  link(`${count(row.rulesFailed)} of ${count(row.rulesRan)}`, () => open(failing(row.domain))),
                ),
        },
        {
          title: 'Errors',
          number: true,
          cell: (row) => opening(`errors-${row.domain}`, row.errors, () => open(issues(row.domain, 'ERROR'))),
        },
        {
          title: 'Warnings',
          number: true,
          cell: (row) => opening(`warnings-${row.domain}`, row.warnings, () => open(issues(row.domain, 'WARN'))),
        },
      ],
      quality.domains,
    ),
    html(
      'p',
      { class: 'note' },
      `${count(quality.rules - quality.rulesRan)} of ${counted(quality.rules, 'rule')} had no rows to judge. ${counted(quality.patients, 'patient')}. Judged `,
      moment(quality.at),
    ),
    ...(trend.length < 2 ? [] : [trendChart(trend)]),
  );
}
