import type { IssueFilter } from '../../src/core/review/issues/issueQuery.ts';
import {
  type QualityOverview,
  RULE_STATUSES,
  type RuleChoice,
  type RuleLine,
} from '../../src/core/review/qualityModel.ts';
import { chart } from '../shared/chart.ts';
import { html } from '../shared/dom.ts';
import { count, counted, share, when } from '../shared/format.ts';
import { button, card, empty, figure, keyed, link, partsBar, table, verdict } from '../shared/ui.ts';
import { allRules, failingCell, STANDINGS, type Status, WORDS } from './allRules.ts';
import { spark, trendInWords } from './spark.ts';

/** What the dashboard can make happen. */
export interface DashboardActs {
  /** Shows the issues behind a number. */
  readonly issues: (only: IssueFilter['only']) => void;
  /** Lists the rules behind a number; null: all. */
  readonly rules: (choice: RuleChoice | null) => void;
  readonly rule: (id: string) => void;
  readonly run: (command: 'run-enterprise-pipeline' | 'run-product-lifecycle') => void;
}

const TOP = 10;

/** Rules by group and domain, the worst of them, and how they went over the runs. */
export function dashboard(overview: QualityOverview, chosen: RuleChoice | null, acts: DashboardActs): HTMLElement[] {
  const { report } = overview;
  if (report === null)
    return [
      overview.unreadable !== null
        ? empty(
            'The quality report cannot be used',
            overview.unreadable,
            button('Run Data Quality Rules', () => acts.run('run-enterprise-pipeline'), { look: 'primary' }),
          )
        : empty(
            'No quality report yet',
            'Rules are judged on migrated data: run the lifecycle, or the rules alone when the migration was run.',
            button('Run Lifecycle', () => acts.run('run-product-lifecycle'), { look: 'primary' }),
            button('Run Data Quality Rules', () => acts.run('run-enterprise-pipeline')),
          ),
    ];
  return [
    ...(overview.stale.length === 0 ? [] : [staleNotice(overview.stale, acts)]),
    totals(report.rules, report.patients, acts),
    html(
      'div',
      { class: 'cards' },
      breakdown('By group', report.rules, 'group', acts),
      breakdown('By domain', report.rules, 'domain', acts),
    ),
    worst(report.rules, acts),
    trend(overview),
    allRules(report.rules, overview.notJudged, chosen, acts),
  ];
}

function staleNotice(stale: readonly string[], acts: DashboardActs): HTMLElement {
  return html(
    'div',
    { class: 'notice-bar', role: 'status' },
    verdict('warning', 'This report is older than what it is about.'),
    html('span', {}, ` ${stale.join(' ')} `),
    button('Run Data Quality Rules', () => acts.run('run-enterprise-pipeline')),
  );
}

function totals(rules: readonly RuleLine[], patients: number, acts: DashboardActs): HTMLElement {
  const rows = (severity: string): number =>
    rules
      .filter((rule) => rule.status === 'failed' && rule.severity === severity)
      .reduce((sum, rule) => sum + rule.numerator, 0);
  const of = (status: Status): number => rules.filter((rule) => rule.status === status).length;
  return card(
    'Rules',
    html(
      'div',
      { class: 'figures' },
      ...RULE_STATUSES.map((status) =>
        figure(
          count(of(status)),
          `of ${counted(rules.length, 'rule')} ${WORDS[status]}`,
          of(status) === 0 ? null : () => acts.rules({ statuses: [status], domain: null }),
        ),
      ),
      figure(count(rows('ERROR')), 'failing rows or cells of ERROR rules', () =>
        acts.issues({ origin: ['quality'], severity: ['ERROR'] }),
      ),
      figure(count(rows('WARN')), 'failing rows or cells of WARN rules', () =>
        acts.issues({ origin: ['quality'], severity: ['WARN'] }),
      ),
      figure(count(patients), 'patients loaded'),
    ),
    partsBar(RULE_STATUSES.map((status) => ({ name: WORDS[status], value: of(status), standing: STANDINGS[status] }))),
  );
}

function breakdown(
  title: string,
  rules: readonly RuleLine[],
  by: 'group' | 'domain',
  acts: DashboardActs,
): HTMLElement {
  const names = [...new Set(rules.map((rule) => rule[by]))];
  const lines = names.map((name) => {
    const own = rules.filter((rule) => rule[by] === name);
    const of = (status: Status): number => own.filter((rule) => rule.status === status).length;
    const failing = own.filter((rule) => rule.status === 'failed');
    return {
      name,
      counts: RULE_STATUSES.map((status) => [status, of(status)] as const),
      numerator: failing.reduce((sum, rule) => sum + rule.numerator, 0),
      denominator: own.reduce((sum, rule) => sum + rule.denominator, 0),
    };
  });
  return card(
    title,
    table(
      `Rules ${title.toLowerCase()}`,
      [
        { title: by === 'group' ? 'Group' : 'Domain', cell: ({ name }) => name },
        ...RULE_STATUSES.map((status, index) => ({
          title: { passed: 'Passed', failed: 'Failed', not_applicable: 'N/A', error: 'Error' }[status],
          number: true,
          cell: (line: (typeof lines)[number]) => {
            const own = line.counts[index]?.[1] ?? 0;
            const choice: RuleChoice = {
              statuses: [status],
              ...(by === 'group' ? { domain: null, group: line.name } : { domain: line.name }),
            };
            return own === 0
              ? '0'
              : keyed(
                  `${by}-${line.name}-${status}`,
                  link(count(own), () => acts.rules(choice), `Rules of ${line.name}: ${WORDS[status]}`),
                );
          },
        })),
        {
          title: 'Failing of examined',
          number: true,
          cell: ({ name, numerator, denominator }) =>
            numerator === 0
              ? share(0, denominator)
              : keyed(
                  `${by}-${name}`,
                  link(
                    share(numerator, denominator),
                    () => acts.issues({ origin: ['quality'], [by === 'group' ? 'category' : 'domain']: [name] }),
                    `Issues of ${name}`,
                  ),
                ),
        },
      ],
      lines,
    ),
  );
}

function worst(rules: readonly RuleLine[], acts: DashboardActs): HTMLElement {
  const failing = rules.filter((rule) => rule.status === 'failed' || rule.status === 'error');
  const rank = (rule: RuleLine): number => (rule.severity === 'ERROR' ? 0 : rule.severity === 'WARN' ? 1 : 2);
  const top = [...failing].sort((a, b) => rank(a) - rank(b) || b.numerator - a.numerator).slice(0, TOP);
  if (top.length === 0) return card('Top failing rules', html('p', {}, verdict('good', 'No rule failed.')));
  return card(
    `Top failing rules (${count(top.length)} of ${count(failing.length)})`,
    table(
      'Top failing rules',
      [
        {
          title: 'Rule',
          cell: (rule) =>
            keyed(
              `rule-${rule.id}`,
              link(rule.id, () => acts.rule(rule.id), 'What this rule means'),
            ),
        },
        { title: 'What must hold', cell: (rule) => rule.title },
        { title: 'Severity', cell: (rule) => verdict(rule.severity === 'ERROR' ? 'bad' : 'warning', rule.severity) },
        { title: 'Failing of examined', number: true, cell: (rule) => failingCell(rule, acts) },
        {
          title: 'Past runs',
          cell: (rule) =>
            spark(
              rule.trend,
              trendInWords(rule.trend, (value) => `${count(value)} failing`),
            ),
        },
      ],
      top,
    ),
  );
}

function trend({ runs }: QualityOverview): HTMLElement {
  if (runs.length < 2)
    return card(
      'Over runs',
      html(
        'p',
        { class: 'note' },
        runs.length === 0 ? 'No run of the rules is on record yet.' : 'One run is on record; a trend needs two.',
      ),
    );
  return card(
    'Over runs',
    chart({
      title: `Failing rows or cells in the last ${counted(runs.length, 'run')}`,
      unit: 'rows or cells',
      axis: 'Run',
      labels: runs.map((run) => when(run.at)),
      kind: 'line',
      series: [
        { name: 'ERROR rules', values: runs.map((run) => run.errors), colour: 'red' },
        { name: 'WARN rules', values: runs.map((run) => run.warnings), colour: 'yellow' },
      ],
    }),
  );
}
