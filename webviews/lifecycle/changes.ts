import { otherInputNote, rejectedWords, verdictWords } from '../../src/core/snapshots/snapshotChanges.ts';
import type { Compared } from '../../src/extension/panels/lifecycleProtocol.ts';
import { html } from '../shared/dom.ts';
import { count } from '../shared/format.ts';
import { actionRow, button, type Content, card, figure, keyed, link, table, verdict } from '../shared/ui.ts';

/** What changed since a snapshot: verdict, rejected rows, contract, then gates and rejects one by one. */
export function changesCard(changes: Compared, close: () => void, openContract: () => void): HTMLElement {
  const note = otherInputNote(changes);
  return card(
    `Changed since ${changes.title}`,
    ...(note === '' ? [] : [html('p', {}, verdict('warning', note))]),
    html(
      'div',
      { class: 'figures' },
      figure(verdictWords(changes.verdict), 'release gates'),
      figure(rejectedWords(changes), 'rejected rows'),
      figure(count(changes.contractRows), 'contract rows differ'),
      figure(count(changes.files), 'files differ'),
    ),
    ...(changes.gates.length === 0
      ? [html('p', {}, verdict('good', 'No gate has another verdict.'))]
      : [
          table(
            'Gates whose verdict differs',
            [
              { title: 'Gate', cell: (one: Compared['gates'][number]) => one.gate },
              { title: 'Then', cell: (one) => word(one.before) },
              { title: 'Now', cell: (one) => word(one.after) },
            ],
            changes.gates,
          ),
        ]),
    ...counts('Rejects by crosswalk or reason', 'Crosswalk or reason', changes.rejects),
    ...counts('Quality issues by rule', 'Rule', changes.issues),
    actionRow(
      ...(changes.contractRows === 0 ? [] : [keyed('side', link('Contract side by side', openContract))]),
      keyed('close-changes', button('Close', close)),
    ),
  );
}

function counts(caption: string, title: string, rows: Compared['rejects']): HTMLElement[] {
  if (rows.length === 0) return [];
  return [
    table(
      caption,
      [
        { title, cell: (one: (typeof rows)[number]) => one.name },
        { title: 'Then', number: true, cell: (one) => count(one.before) },
        { title: 'Now', number: true, cell: (one) => count(one.after) },
        { title: 'New', number: true, cell: (one) => count(one.added) },
        { title: 'Gone', number: true, cell: (one) => count(one.gone) },
      ],
      rows,
    ),
  ];
}

function word(text: string | null): Content {
  if (text === null) return 'not asked for';
  const [standing, words] =
    text === 'PASS'
      ? (['good', 'Passes'] as const)
      : text === 'FAIL'
        ? (['bad', 'Fails'] as const)
        : (['unknown', 'Not proven'] as const);
  return verdict(standing, words);
}
