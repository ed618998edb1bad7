import { DISPOSITIONS } from '../../src/core/governance/dispositions.ts';
import type {
  IssueFiles,
  IssueFilter,
  IssueGrouping,
  IssuePage,
  IssueRow,
  IssueSort,
} from '../../src/core/review/issues/issueQuery.ts';
import { count, counted } from '../shared/format.ts';
import type { Standing } from '../shared/ui.ts';

/** Words that people read for what the list and its filters hold. */

const ORIGINS: Readonly<Record<string, string>> = {
  quality: 'Quality rules',
  migration: 'Migration checks',
  reject: 'Rejects',
};
const STATUSES: Readonly<Record<string, string>> = {
  open: 'Open',
  assigned: 'Assigned',
  decided: 'Decided',
  grown: 'More rows since decided',
};
const DUE: Readonly<Record<string, string>> = {
  none: 'No due date',
  overdue: 'Overdue',
  'next 7 days': 'Due in 7 days',
  later: 'Due later',
};
const NAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  origin: ORIGINS,
  status: STATUSES,
  due: DUE,
  disposition: { '': 'No disposition', ...DISPOSITIONS },
  due_date: { '': 'No due date' },
};

/** A value of a facet in words. */
export function valueWords(facet: string, value: string): string {
  return NAMES[facet]?.[value] ?? (value === '' ? '(none)' : value);
}

/** Facets in the order of the filter bar: the first ones always, the others on request. */
export const FIRST_FACETS = ['severity', 'category', 'rule_id', 'domain', 'table_name', 'status'] as const;
export const MORE_FACETS = ['origin', 'field_name', 'owner_role', 'assignee', 'disposition', 'due'] as const;
export const FACET_TITLES: Readonly<Record<(typeof FIRST_FACETS | typeof MORE_FACETS)[number], string>> = {
  severity: 'Severity',
  category: 'Category',
  rule_id: 'Rule',
  domain: 'Domain',
  table_name: 'Table',
  status: 'Status',
  origin: 'Found by',
  field_name: 'Field',
  owner_role: 'Owner role',
  assignee: 'Owner',
  disposition: 'Disposition',
  due: 'Due',
};

const FILTER_TITLES: Readonly<Record<string, string>> = { ...FACET_TITLES, due_date: 'Due date' };
/** The values of a filter beyond these are only counted. */
const MOST_VALUES = 5;

/** A filter in words: as a chip says it, and with `all` of its values. */
export function filterWords(
  facet: string,
  values: readonly string[],
): { readonly words: string; readonly all: string } {
  if (facet === 'group_key') return { words: 'One cause', all: 'One cause' };
  const names = values.map((value) => (value === '' ? '(none)' : valueWords(facet, value)));
  const title = FILTER_TITLES[facet] ?? facet;
  const more = names.length - MOST_VALUES;
  const all = `${title}: ${names.join(', ')}`;
  if (more <= 0) return { words: all, all };
  return { words: `${title}: ${names.slice(0, MOST_VALUES).join(', ')} and ${count(more)} more`, all };
}

export const GROUPING_TITLES: Readonly<Record<IssueGrouping, string>> = {
  cause: 'Cause',
  rule_id: 'Rule',
  table_name: 'Table',
  domain: 'Domain',
  assignee: 'Owner',
  owner_role: 'Owner role',
  status: 'Status',
  due_date: 'Due date',
  disposition: 'Disposition',
};

export const SEVERITY_STANDING: Readonly<Record<string, Standing>> = { ERROR: 'bad', WARN: 'warning', INFO: 'neutral' };

export interface GridColumn {
  readonly name: string;
  readonly title: string;
  readonly sort: IssueSort['by'] | null;
  readonly text: (row: IssueRow) => string;
}

export const COLUMNS: readonly GridColumn[] = [
  { name: 'severity', title: 'Severity', sort: 'severity', text: (row) => row.severity },
  { name: 'rule', title: 'Rule', sort: 'rule_id', text: (row) => row.ruleId },
  { name: 'table', title: 'Table and field', sort: 'table_name', text: placeOf },
  { name: 'key', title: 'Row key', sort: null, text: (row) => row.rowKey },
  { name: 'message', title: 'What is wrong', sort: null, text: (row) => row.message },
  {
    name: 'owner',
    title: 'Owner',
    sort: 'assignee',
    text: (row) => (row.assignee === '' ? row.ownerRole : row.assignee),
  },
  { name: 'status', title: 'Status', sort: 'status', text: statusOf },
  { name: 'due', title: 'Due', sort: 'due_date', text: (row) => `${row.dueDate}${row.overdue ? ' (overdue)' : ''}` },
];

export function placeOf(row: Pick<IssueRow, 'table' | 'field'>): string {
  return row.field === '' ? row.table : `${row.table}.${row.field}`;
}

function statusOf(row: IssueRow): string {
  const status = valueWords('status', row.status);
  return row.disposition === '' ? status : `${status}: ${DISPOSITIONS[row.disposition]}`;
}

/**
 * Why a list of rejects has another number of lines than there are rows; empty where the list is of something else, or the
 * numbers are one.
 */
export function rejectNote(
  { only, text }: IssueFilter,
  { found, ofRows }: Pick<IssuePage, 'found' | 'ofRows'>,
  rejected: IssueFiles['rejected'],
): string {
  if (ofRows === null) return '';
  const { origin, table_name: tables, ...others } = only;
  const lines = counted(found, 'reject line');
  if (rejected === null || text !== '' || Object.keys(others).length > 0)
    return ofRows === found
      ? ''
      : `${lines} of ${counted(ofRows, 'row')}: a row has a line for each value that was rejected.`;
  const rows =
    tables === undefined ? rejected.rows : tables.reduce((sum, table) => sum + (rejected.tables[table] ?? 0), 0);
  if (rows === found) return '';
  return `${lines}, ${counted(rows, 'row')} rejected: a row has a line for each reason, and a row that was loaded without a value has one too.`;
}

/** `Rows 1–100 of 2,000 found, 1,000,000 in all`. */
export function positionWords(offset: number, shown: number, found: number, total: number, what = 'Issues'): string {
  if (found === 0) return `0 of ${count(total)} ${what.toLowerCase()}`;
  const all = found === total ? '' : ` found, ${count(total)} in all`;
  return `${what} ${count(offset + 1)}–${count(offset + shown)} of ${count(found)}${all}`;
}
