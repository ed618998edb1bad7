import { DISPOSITIONS } from '../../src/core/governance/dispositions.ts';
import type { IssueDetail } from '../../src/core/review/issues/issueQuery.ts';
import { html } from '../shared/dom.ts';
import { actionRow, button, verdict } from '../shared/ui.ts';
import { placeOf, SEVERITY_STANDING, valueWords } from './issueWords.ts';

export interface DetailActs {
  readonly canDecide: boolean;
  readonly close: () => void;
  readonly decide: () => void;
  readonly rule: (id: string) => void;
  readonly contractRow: (row: NonNullable<IssueDetail['contractRow']>) => void;
  readonly row: (side: 'source' | 'target' | 'evidence') => void;
  readonly cause: () => void;
}

/** Everything about one issue, and where it leads. */
export function issueDetail({ row, rule, contractRow, sides }: IssueDetail, acts: DetailActs): HTMLElement[] {
  const facts: readonly (readonly [string, string])[] = [
    ['Found by', valueWords('origin', row.origin)],
    ['Category', row.category],
    ['Domain', row.domain === '' ? '–' : row.domain],
    ['Table and field', placeOf(row)],
    ['Row key', row.rowKey === '' ? '–' : row.rowKey],
    ['Owner role', row.ownerRole],
    ['Issue key', row.key],
  ];
  const decision: readonly (readonly [string, string])[] = [
    ['Status', valueWords('status', row.status)],
    ['Disposition', row.disposition === '' ? 'none yet' : DISPOSITIONS[row.disposition]],
    ['Owner', row.assignee === '' ? 'nobody yet' : row.assignee],
    ['Due', row.dueDate === '' ? 'no date' : `${row.dueDate}${row.overdue ? ' (overdue)' : ''}`],
    ...(row.comment === '' ? [] : [['Comment', row.comment] as const]),
  ];
  const leads = [
    button(`What ${row.ruleId} means`, () => acts.rule(row.ruleId)),
    ...(contractRow === null ? [] : [button('Contract row', () => acts.contractRow(contractRow))]),
    ...(sides.includes('target') ? [button('Target row', () => acts.row('target'))] : []),
    ...(sides.includes('source') ? [button('Source row', () => acts.row('source'))] : []),
    button('Line in the evidence', () => acts.row('evidence')),
    button('All of this cause', acts.cause),
  ];
  return [
    html(
      'div',
      { class: 'detail-head' },
      html(
        'h2',
        {},
        verdict(SEVERITY_STANDING[row.severity] ?? 'unknown', row.severity),
        ' ',
        html('bdi', {}, row.ruleId),
      ),
      html(
        'button',
        {
          type: 'button',
          class: 'icon',
          'aria-label': 'Close the detail',
          title: 'Close the detail',
          click: acts.close,
        },
        '✕',
      ),
    ),
    html('p', {}, html('bdi', {}, row.message)),
    ...(rule === null || row.message.includes(rule.title)
      ? []
      : [html('p', { class: 'note' }, `${rule.title}. Risk: ${rule.why}.`)]),
    factList(facts),
    html('h3', {}, 'Go to'),
    actionRow(...leads),
    html('h3', {}, 'Decision'),
    factList(decision),
    actionRow(...(acts.canDecide ? [button('Decide…', acts.decide, { look: 'primary' })] : [])),
  ];
}

function factList(facts: readonly (readonly [string, string])[]): HTMLElement {
  return html(
    'dl',
    {},
    ...facts.flatMap(([name, value]) => [html('dt', {}, name), html('dd', {}, html('bdi', {}, value))]),
  );
}
