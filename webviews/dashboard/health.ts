import { roleTitle } from '../../src/core/governance/roleNames.ts';
import type { Dashboard } from '../../src/core/review/dashboardModel.ts';
import type { Place } from '../../src/core/review/place.ts';
import { chart } from '../shared/chart.ts';
import { html } from '../shared/dom.ts';
import { count, counted, percent, share, when } from '../shared/format.ts';
import {
  type Content,
  card,
  empty,
  figure,
  keyed,
  link,
  moment,
  partsBar,
  type Standing,
  table,
  verdict,
} from '../shared/ui.ts';
import { unusable, without } from './unusable.ts';

type Open = (place: Place) => void;

const file = (path: string): Place => ({ kind: 'file', path });
const rowsWith = (column: string, value: string): Place => ({ kind: 'contract', only: { [column]: [value] } });

/** A count in a table that opens its rows; none has nothing to open. */
export function opening(key: string, rows: number, open: () => void): Content {
  return rows === 0 ? '0' : keyed(key, link(count(rows), open));
}

export function figures(...all: readonly HTMLElement[]): HTMLElement {
  return html('div', { class: 'figures' }, ...all);
}

/** Tables, fields, and how surely they were read. */
export function schemaCard(dashboard: Dashboard, open: Open): HTMLElement {
  const { schema } = dashboard;
  if (schema === null)
    return without(
      'Schema',
      unusable(dashboard, 'schema', open),
      empty('The specs were not read yet', 'Run Extract Specs to read the documents of both systems.'),
    );
  const side = (name: string, part: typeof schema.source) =>
    html(
      'div',
      {},
      html('h3', {}, name),
      figures(
        figure(count(part.tables), 'tables', () => open(part.place)),
        figure(count(part.fields), 'fields', () => open(part.place)),
        figure(percent(part.confidence, 1), 'parse confidence', () =>
          open(file('schemas/schema_catalog_summary.json')),
        ),
      ),
    );
  return card(
    'Schema',
    html('div', { class: 'pair' }, side('Source', schema.source), side('Target', schema.target)),
    html('p', { class: 'note' }, 'Read ', moment(schema.readAt)),
  );
}

const STATUSES: Readonly<Record<string, readonly [label: string, standing: Standing]>> = {
  APPROVED: ['Approved', 'good'],
  IN_REVIEW: ['In review', 'neutral'],
  DRAFT: ['Draft', 'unknown'],
  REJECTED: ['Rejected', 'bad'],
};

/** The contract by status and class, its burn-up, and who has what is open. */
export function mappingCard(dashboard: Dashboard, open: Open): HTMLElement {
  const { mapping } = dashboard;
  if (mapping === null)
    return without(
      'Mapping',
      unusable(dashboard, 'mapping', open),
      empty('There is no contract yet', 'Run Build Mapping Contract to have one proposed.'),
    );
  const statuses = ['APPROVED', 'IN_REVIEW', 'DRAFT', 'REJECTED'].map((name) => ({
    name,
    rows: mapping.byStatus.find((one) => one.name === name)?.rows ?? 0,
  }));
  const approved = statuses[0]?.rows ?? 0;
  const unresolved = (): void => open({ kind: 'contract', only: { mandatory: ['Y'], mapping_class: ['unresolved'] } });
  const rowTable = (
    caption: string,
    title: string,
    column: string,
    rows: typeof statuses,
    label: (name: string) => string,
  ) =>
    table(
      caption,
      [
        { title, cell: (row: (typeof rows)[number]) => label(row.name) },
        {
          title: 'Rows',
          number: true,
          cell: (row) => opening(`${column}-${row.name}`, row.rows, () => open(rowsWith(column, row.name))),
        },
        { title: 'Share', number: true, cell: (row) => percent(row.rows, mapping.rows) },
      ],
      rows,
    );
  return card(
    'Mapping',
    figures(
      figure(share(approved, mapping.rows), 'field rows approved', () => open(rowsWith('status', 'APPROVED'))),
      figure(share(mapping.mandatoryUnresolved, mapping.mandatory), 'mandatory rows unresolved', unresolved),
    ),
    partsBar(statuses.map(({ name, rows }) => ({ name, value: rows, standing: STATUSES[name]?.[1] ?? 'unknown' }))),
    html(
      'div',
      { class: 'pair' },
      rowTable('Contract rows by status', 'Status', 'status', statuses, (name) => STATUSES[name]?.[0] ?? name),
      rowTable(
        'Contract rows by mapping class',
        'Class',
        'mapping_class',
        mapping.byClass.filter((one) => one.rows > 0),
        (name) => name.replaceAll('_', ' '),
      ),
    ),
    ...(mapping.openByOwner.length === 0
      ? []
      : [
          rowTable(
            'Rows that are not approved, by owner',
            'Not approved, by owner',
            'owner',
            mapping.openByOwner,
            (name) => roleTitle(name) || 'nobody',
          ),
        ]),
    ...(mapping.burnUp.length < 2 ? [] : [burnUp(mapping)]),
  );
}

function burnUp({ burnUp: points }: NonNullable<Dashboard['mapping']>): HTMLElement {
  return chart({
    title: 'Rows approved over time',
    unit: 'rows',
    axis: 'When',
    kind: 'line',
    labels: points.map(({ at }) => when(at)),
    series: [
      { name: 'All rows', values: points.map(({ total }) => total), colour: 'blue' },
      { name: 'Approved', values: points.map(({ approved }) => approved), colour: 'green' },
      { name: 'In review', values: points.map(({ inReview }) => inReview), colour: 'purple' },
    ],
  });
}

/** What the rows of the balance are: read by row sets, not rows of the source. */
function readBy(rowSets: number): string {
  return rowSets === 0 ? 'rows read' : `rows read by ${counted(rowSets, 'row set')}`;
}

/** Rows read, loaded, rejected, excluded, merged, and whether they balance. */
export function etlCard(dashboard: Dashboard, open: Open): HTMLElement {
  const { etl } = dashboard;
  if (etl === null)
    return without(
      'Rows',
      unusable(dashboard, 'etl', open),
      empty('Nothing was migrated yet', 'Run Contract Migration to load the target tables.'),
    );
  const tables = unusable(dashboard, 'tables', open);
  const stats = (): void => open(file('reports/contract_migration_table_stats.csv'));
  const rejects =
    (table: string | null): (() => void) =>
    () =>
      open({ kind: 'rejects', table });
  const rejectLines = (lines: number, only: Readonly<Record<string, string[]>>): (() => void) | null =>
    lines === 0 ? null : () => open({ kind: 'explorer', only: { origin: ['reject'], ...only } });
  const parts: readonly (readonly [name: string, value: number, standing: Standing])[] = [
    ['loaded', etl.loaded, 'good'],
    ['rejected', etl.rejected, 'bad'],
    ['excluded', etl.excluded, 'unknown'],
    ['merged', etl.merged, 'neutral'],
    ['unexplained', etl.unexplained, 'warning'],
  ];
  return card(
    'Rows',
    figures(
      ...(etl.sourceRows === null ? [] : [figure(count(etl.sourceRows), 'rows in the source tables', stats)]),
      figure(count(etl.read), readBy(etl.rowSets), stats),
      figure(share(etl.loaded, etl.read), 'rows loaded', stats),
      figure(share(etl.rejected, etl.read), 'rows rejected', rejects(null)),
      figure(share(etl.excluded, etl.read), 'rows excluded', stats),
    ),
    partsBar(parts.map(([name, value, standing]) => ({ name, value, standing }))),
    html(
      'p',
      { class: 'equation' },
      `${count(etl.read)} read = ${parts.map(([name, value]) => `${count(value)} ${name}`).join(' + ')}`,
    ),
    html(
      'p',
      {},
      etl.unexplained === 0
        ? verdict('good', 'The rows balance: every row read is accounted for.')
        : verdict('bad', `${counted(etl.unexplained, 'row')} ${etl.unexplained === 1 ? 'is' : 'are'} unexplained.`),
    ),
    ...(etl.sourceRows === null || etl.sourceRows === etl.read
      ? []
      : [html('p', { class: 'note' }, 'A source row that several row sets read counts once for each of them.')]),
    figures(
      figure(count(etl.unknownCodes), 'unknown codes', rejectLines(etl.unknownCodes, { rule_id: ['UNKNOWN_CODE'] })),
      figure(
        count(etl.safetyCritical),
        'safety-critical rejects',
        rejectLines(etl.safetyCritical, { category: ['safety-critical reject'] }),
      ),
    ),
    ...(tables === null ? [] : [tables]),
    ...(etl.worst.length === 0
      ? []
      : [
          table(
            'Target tables with most rejected rows, by their number',
            [
              { title: 'Most rows rejected', cell: (row: (typeof etl.worst)[number]) => row.table },
              {
                title: 'Rejected rows',
                number: true,
                cell: (row) => keyed(`rejects-${row.table}`, link(count(row.rejected), rejects(row.table))),
              },
              { title: 'Rate', number: true, cell: (row) => share(row.rejected, row.read) },
            ],
            etl.worst,
          ),
        ]),
    html('p', { class: 'note' }, `${count(etl.tables)} target tables written `, moment(etl.at)),
  );
}
