import type { PreviewRows } from '../../src/core/review/connectorsModel.ts';
import { html } from '../shared/dom.ts';
import { counted } from '../shared/format.ts';
import { actionRow, button, card, keyed, table, verdict } from '../shared/ui.ts';

/** Rows of a table for the person's eyes: in this page only, gone when it is closed. */
export function previewCard(
  name: string,
  shown: string,
  preview: PreviewRows,
  chooser: HTMLElement,
  close: () => void,
): HTMLElement {
  const { columns, rows, more, problems } = preview;
  const content =
    rows.length === 0
      ? html('p', {}, 'The table has no rows.')
      : html(
          'div',
          { class: 'preview' },
          table(
            `Rows of ${shown}`,
            columns.map((title, index) => ({
              title,
              cell: (row: readonly (string | null)[]) => row[index] ?? html('span', { title: 'no value' }, '∅'),
            })),
            rows,
          ),
        );
  return card(
    `Preview of ${name}`,
    actionRow(chooser, keyed('close-preview', button('Close preview', close))),
    html(
      'p',
      {},
      `${counted(rows.length, 'row')}${more ? ', there are more' : ''}. Shown here only; nothing is saved.`,
    ),
    ...problems.map((problem) => html('p', {}, verdict('warning', problem))),
    content,
  );
}
