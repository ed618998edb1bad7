import type { SheetPlan } from '../../src/core/review/rowSheet.ts';
import { html } from './dom.ts';
import { count, counted } from './format.ts';

export type Plan = Pick<SheetPlan, 'changed' | 'unchanged' | 'backToDraft' | 'refused' | 'sample'>;

/**
 * What an edit of many rows would do, and which rows it leaves as they are.
 *
 * @param noun one of them
 */
export function whatChanges(plan: Plan, noun: string): Node[] {
  const { changed, unchanged, backToDraft, sample, refused } = plan;
  const rows = (number: number): string => counted(number, noun);
  const more = changed - sample.length;
  return [
    html(
      'p',
      {},
      `${rows(changed)} ${changed === 1 ? 'changes' : 'change'}, ${count(unchanged)} ${unchanged === 1 ? 'is' : 'are'} so already.`,
      backToDraft === 0 ? '' : ` ${rows(backToDraft)} ${backToDraft === 1 ? 'goes' : 'go'} back to DRAFT.`,
    ),
    html(
      'ul',
      {},
      ...sample.map(({ row, changes }) => html('li', {}, html('strong', {}, row), ` ${changes.join('; ')}`)),
      ...(more > 0 ? [html('li', { class: 'note' }, `and ${rows(more)} more`)] : []),
    ),
    ...(refused.length === 0
      ? []
      : [
          html('p', { class: 'mark error' }, 'Left as they are:'),
          html(
            'ul',
            {},
            ...refused.map(({ reason, rows: number, first }) =>
              html('li', {}, `${rows(number)}${number === 1 ? `, ${first}` : `, ${first} first`}: ${reason}`),
            ),
          ),
        ]),
  ];
}
