import type { RowSample, SamplePair } from '../../src/core/review/rowFacts.ts';
import { html } from '../shared/dom.ts';
import { counted } from '../shared/format.ts';
import { shown } from './words.ts';

/** Source values with what the row makes of them, rejected ones apart. */
export function sampleView({ columns, pairs, failing, rows, failed, notes }: RowSample): Node[] {
  const number = (value: number): string => value.toLocaleString('en-GB');
  const head = rows === 0 && notes.length > 0 ? [] : [`${counted(rows, 'row')} looked at, ${number(failed)} rejected.`];
  return [
    html('p', { class: 'note', role: 'status' }, [...head, ...notes].join(' ')),
    ...(pairs.length === 0 ? [] : [pairTable('Most frequent values', columns, pairs)]),
    ...(failing.length === 0 ? [] : [pairTable('Rejected values', columns, failing)]),
  ];
}

function pairTable(caption: string, columns: readonly string[], pairs: readonly SamplePair[]): Node {
  const rejected = pairs[0]?.reason !== null;
  // With one column its name stands above; with several each value has its name.
  const [only = 'Source'] = columns;
  const head = columns.length > 1 ? 'Source' : only;
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
        html('th', { scope: 'col' }, head),
        html('th', { scope: 'col' }, rejected ? 'Reason' : 'Target'),
        html('th', { scope: 'col', class: 'number' }, 'Rows'),
      ),
    ),
    html(
      'tbody',
      {},
      ...pairs.map((pair) =>
        html(
          'tr',
          {},
          html('td', {}, ...sourceOf(columns, pair)),
          html('td', {}, pair.reason ?? value(pair.target ?? '')),
          html('td', { class: 'number' }, pair.rows.toLocaleString('en-GB')),
        ),
      ),
    ),
  );
}

function sourceOf(columns: readonly string[], { source }: SamplePair): (Node | string)[] {
  if (columns.length === 0) return ['(constant)'];
  if (columns.length === 1) return [value(source[0] ?? '')];
  return columns.map((column, index) =>
    html('div', {}, html('span', { class: 'note' }, `${column}: `), value(source[index] ?? '')),
  );
}

function value(text: string): string {
  return text === '' ? '(empty)' : shown(text);
}
