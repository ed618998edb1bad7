import type { IssueFilter, IssueGrouping, IssueGroups } from '../../src/core/review/issues/issueQuery.ts';
import { html } from '../shared/dom.ts';
import { count } from '../shared/format.ts';
import { button, link, table } from '../shared/ui.ts';
import { GROUPING_TITLES, valueWords } from './issueWords.ts';

export interface GroupActions {
  readonly canDecide: boolean;
  /** Shows the issues of a group. */
  readonly into: (only: IssueFilter['only']) => void;
  /** Decides about all issues of a group. */
  readonly decide: (only: IssueFilter['only']) => void;
}

/** Issues counted by what they share, one line a group. */
export function groupTable(by: IssueGrouping, groups: IssueGroups['groups'], act: GroupActions): HTMLElement {
  return table(
    `Issues by ${GROUPING_TITLES[by].toLowerCase()}`,
    [
      {
        title: GROUPING_TITLES[by],
        cell: (group) =>
          html(
            'span',
            {},
            link(html('bdi', {}, valueWords(by, group.label)), () => act.into(group.only), 'Show these issues'),
            ...(group.message === '' ? [] : [html('span', { class: 'cause' }, html('bdi', {}, group.message))]),
          ),
      },
      { title: 'Issues', number: true, cell: (group) => count(group.rows) },
      { title: 'Errors', number: true, cell: (group) => count(group.errors) },
      { title: 'Warnings', number: true, cell: (group) => count(group.warnings) },
      { title: 'Undecided', number: true, cell: (group) => count(group.undecided) },
      { title: 'Overdue', number: true, cell: (group) => count(group.overdue) },
      {
        title: 'Decide',
        cell: (group) =>
          act.canDecide
            ? button('Decide…', () => act.decide(group.only), {
                title: `Decide about ${valueWords(by, group.label)}`,
              })
            : '',
      },
    ],
    groups,
  );
}
