import type { QualityOverview, RuleChoice, RuleLine } from '../../src/core/review/qualityModel.ts';
import { html } from '../shared/dom.ts';
import { count, counted, share } from '../shared/format.ts';
import { card, keyed, link, type Standing, table, verdict } from '../shared/ui.ts';
import type { DashboardActs } from './dashboard.ts';

export type Status = RuleLine['status'];
/** How a rule ended, in words and by sign. */
export const WORDS: Readonly<Record<Status, string>> = {
  passed: 'passed',
  failed: 'failed',
  not_applicable: 'not applicable',
  error: 'could not run',
};
export const STANDINGS: Readonly<Record<Status, Standing>> = {
  passed: 'good',
  failed: 'bad',
  not_applicable: 'unknown',
  error: 'warning',
};

/** Failing of examined rows, with the issues of the rule behind it. */
export function failingCell(rule: RuleLine, acts: DashboardActs): HTMLElement {
  if (rule.status === 'error') return verdict('warning', 'could not run');
  const capped = rule.issuesWritten < rule.numerator ? `, ${count(rule.issuesWritten)} listed` : '';
  return keyed(
    `issues-${rule.id}`,
    link(
      `${share(rule.numerator, rule.denominator)}${capped}`,
      () => acts.issues({ rule_id: [rule.id] }),
      `Issues of ${rule.id}`,
    ),
  );
}

function isChosen(rule: RuleLine, { statuses, domain, group }: RuleChoice): boolean {
  return (
    statuses.includes(rule.status) &&
    (domain === null || rule.domain === domain) &&
    (group === undefined || rule.group === group)
  );
}

function choiceWords({ statuses, domain, group }: RuleChoice): string {
  const ended = statuses.map((status) => WORDS[status]).join(' or ');
  return [ended, domain ?? '', group ?? ''].filter((part) => part !== '').join(', ');
}

/** Every rule, or those of a number, and those that this version does not judge. */
export function allRules(
  rules: readonly RuleLine[],
  notJudged: QualityOverview['notJudged'],
  chosen: RuleChoice | null,
  acts: DashboardActs,
): HTMLElement {
  const listed = chosen === null ? rules : rules.filter((rule) => isChosen(rule, chosen));
  const all = counted(rules.length, 'rule');
  const words = chosen === null ? all : `${count(listed.length)} of ${all}: ${choiceWords(chosen)};`;
  return card(
    'All rules',
    ...(chosen === null
      ? []
      : [
          html(
            'p',
            {},
            keyed(
              'every-rule',
              link('List all rules', () => acts.rules(null)),
            ),
          ),
        ]),
    html(
      'details',
      { class: 'all-rules', open: chosen !== null },
      html('summary', {}, `${words} with status, failing and examined rows`),
      table(
        'All rules',
        [
          { title: 'Rule', cell: (rule) => link(rule.id, () => acts.rule(rule.id), 'What this rule means') },
          { title: 'What must hold', cell: (rule) => rule.title },
          { title: 'Severity', cell: (rule) => rule.severity },
          { title: 'Domain', cell: (rule) => rule.domain },
          { title: 'Status', cell: (rule) => verdict(STANDINGS[rule.status], WORDS[rule.status]) },
          {
            title: 'Failing of examined',
            number: true,
            cell: (rule) =>
              rule.status === 'failed'
                ? failingCell(rule, acts)
                : rule.denominator === 0
                  ? '–'
                  : share(rule.numerator, rule.denominator),
          },
          { title: 'Note', cell: (rule) => rule.reason },
        ],
        listed,
      ),
    ),
    ...(notJudged.length === 0
      ? []
      : [
          html(
            'details',
            {},
            html('summary', {}, `${counted(notJudged.length, 'rule')} that this version does not judge`),
            table(
              'Rules that are not judged',
              [
                { title: 'Rule', cell: ({ id }) => id },
                { title: 'Why', cell: ({ reason }) => reason },
              ],
              notJudged,
            ),
          ),
        ]),
  );
}
