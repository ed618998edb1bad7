import type { RowSample, SamplePair } from '../../src/core/review/rowFacts.ts';
import { html } from '../shared/dom.ts';

/** Source values with what the row makes of them, rejected ones apart. */
export function sampleView({ columns, pairs, failing, rows, failed, notes }: RowSample): Node[] {
  const number = (value: number): string => value.toLocaleString('en-GB');
  const head = rows === 0 && notes.length > 0 ? [] : [`${number(rows)} rows looked at, ${number(failed)} rejected.`];
  return [
    html('p', { class: 'note', role: 'status' }, [...head, ...notes].join(' ')),
    ...(pairs.length === 0 ? [] : [pairTable('Most frequent values', columns, pairs)]),
    ...(failing.length === 0 ? [] : [pairTable('Rejected values', columns, failing)]),
  ];
}

function pairTable(caption: string, columns: readonly string[], pairs: readonly SamplePair[]): Node {
  const names = columns.length === 0 ? ['Source'] : columns;
  const value = (text: string): string => (text === '' ? '(empty)' : text);
  return html(
    'table',
    { class: 'pairs' },
    html('caption', {}, caption),
    html(
      'thead',
      {},
      html(
        'tr',
        {},
        ...names.map((name) => html('th', { scope: 'col' }, name)),
        html('th', { scope: 'col' }, 'Target'),
        html('th', { scope: 'col', class: 'number' }, 'Rows'),
      ),
    ),
    html(
      'tbody',
      {},
      ...pairs.map(({ source, target, reason, rows }) =>
        html(
          'tr',
          {},
          ...(source.length === 0 ? ['(constant)'] : source).map((text) => html('td', {}, value(text))),
          html('td', {}, reason === null ? value(target ?? '') : html('span', { class: 'mark error' }, reason)),
          html('td', { class: 'number' }, rows.toLocaleString('en-GB')),
        ),
      ),
    ),
  );
}
