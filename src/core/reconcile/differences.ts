import { domainOf } from '../concepts/domain.ts';
import { ROLES } from '../governance/roleNames.ts';
import type { RowList } from './keySets.ts';
import type { TableReconciliation } from './reconciliation.ts';

/** A line of `reports/reconciliation_differences.csv`. Nothing explains it, so each one fails the reconciliation. */
export interface Difference {
  readonly kind: 'TABLE_UNREAD' | 'TOTAL' | 'KEY_MISSING' | 'KEY_UNEXPECTED' | 'VALUE';
  readonly domain: string;
  readonly table: string;
  readonly field: string;
  readonly measure: string;
  readonly source: string;
  readonly target: string;
  readonly rowKey: string;
  readonly message: string;
}

export const DIFFERENCE_COLUMNS = [
  'kind',
  'domain',
  'table_name',
  'field_name',
  'measure',
  'source_value',
  'target_value',
  'row_key',
  'message',
  'owner_role',
];

/** Every difference of a table: figures first, then rows by their keys. Values are never told, only where they differ. */
export function differencesOf(table: TableReconciliation): Difference[] {
  const base = {
    domain: domainOf(table.family),
    table: table.table,
    field: '',
    measure: '',
    source: '',
    target: '',
    rowKey: '',
  };
  if (table.unread !== '')
    return [{ ...base, kind: 'TABLE_UNREAD', message: `The target's rows could not be read: ${table.unread}` }];
  const totals = table.totals
    .filter((total) => total.source !== total.target)
    .map(({ field, measure, source, target }) => ({
      ...base,
      kind: 'TOTAL' as const,
      field,
      measure,
      source,
      target,
      message: `${measure} of ${field === '' ? 'the table' : field} differs.`,
    }));
  const rows = (kind: Difference['kind'], list: RowList, message: string, field = ''): Difference[] => {
    const named = list.keys.map((rowKey) => ({ ...base, kind, field, rowKey, message }));
    const more = list.count - list.keys.length;
    return more > 0 ? [...named, { ...base, kind, field, message: `${more} more rows: ${message}` }] : named;
  };
  return [
    ...totals,
    ...rows(
      'KEY_MISSING',
      table.keys.missing,
      'The contract makes this row of the source, but the target does not have it.',
    ),
    ...rows(
      'KEY_UNEXPECTED',
      table.keys.unexpected,
      'The target has this row, but the contract makes it of no source row.',
    ),
    ...table.keys.changed.flatMap(({ field, rows: list }) =>
      rows('VALUE', list, 'The target has another value than the contract makes of the source.', field),
    ),
  ];
}

export function differenceLine(difference: Difference): string[] {
  const { kind, domain, table, field, measure, source, target, rowKey, message } = difference;
  return [kind, domain, table, field, measure, source, target, rowKey, message, ROLES.etl_engineer];
}
