import type { Disposition } from '../../governance/triage.ts';

/** What may be asked of the issues of a project. Plain data: pages, the extension and the core all read this file. */

/** What issues can be narrowed by and counted over. */
export const ISSUE_FACETS = [
  'origin',
  'severity',
  'category',
  'rule_id',
  'domain',
  'table_name',
  'field_name',
  'owner_role',
  'status',
  'disposition',
  'assignee',
  'due',
] as const;
export type IssueFacet = (typeof ISSUE_FACETS)[number];

/** Where a line comes from: the quality rules, the migration's own checks, or the rejects file. */
export const ISSUE_ORIGINS = ['quality', 'migration', 'reject'] as const;
export type IssueOrigin = (typeof ISSUE_ORIGINS)[number];

/**
 * `open`: nobody decided; `assigned`: somebody has it; `decided`: with a disposition; `grown`: decided as a group that has
 * more rows by now, so that it needs a new look.
 */
export const ISSUE_STATUSES = ['open', 'assigned', 'decided', 'grown'] as const;
export type IssueStatus = (typeof ISSUE_STATUSES)[number];

/** What can be filtered by besides: one cause, one day. */
const EXACT = ['group_key', 'due_date'] as const;
export const ISSUE_FILTERS = [...ISSUE_FACETS, ...EXACT] as const;

export interface IssueFilter {
  /** Values to keep, by facet; a facet that is not named keeps all. */
  readonly only: Readonly<Partial<Record<(typeof ISSUE_FILTERS)[number], readonly string[]>>>;
  /** Looked for in message, row key, rule, table and field, whatever its case; empty for all. */
  readonly text: string;
}
export const EVERY_ISSUE: IssueFilter = { only: {}, text: '' };

/** What the list can be ordered by. Within equal values: severity, rule, table, field, cause, then place in the file. */
export const ISSUE_SORTS = [
  'severity',
  'rule_id',
  'category',
  'domain',
  'table_name',
  'owner_role',
  'status',
  'assignee',
  'due_date',
  'rows',
] as const;
export interface IssueSort {
  readonly by: (typeof ISSUE_SORTS)[number];
  readonly descending: boolean;
}
export const FIRST_SORT: IssueSort = { by: 'severity', descending: false };

/** What the list can be summed up by. */
export const ISSUE_GROUPINGS = [
  'cause',
  'rule_id',
  'table_name',
  'domain',
  'assignee',
  'owner_role',
  'status',
  'due_date',
  'disposition',
] as const;
export type IssueGrouping = (typeof ISSUE_GROUPINGS)[number];

/** One line of the list. Its row key and message come from the evidence files as they are. */
export interface IssueRow {
  /** Its place among all issues of the project; holds until the files change. */
  readonly ordinal: number;
  readonly origin: IssueOrigin;
  readonly key: string;
  readonly severity: string;
  readonly category: string;
  readonly ruleId: string;
  readonly domain: string;
  readonly table: string;
  readonly field: string;
  readonly rowKey: string;
  readonly message: string;
  readonly ownerRole: string;
  readonly status: IssueStatus;
  readonly disposition: Disposition | '';
  readonly assignee: string;
  readonly dueDate: string;
  readonly overdue: boolean;
  readonly comment: string;
}

export interface IssuePage {
  /** Version of the files and decisions that this was read from. */
  readonly version: number;
  readonly total: number;
  readonly found: number;
  readonly rows: readonly IssueRow[];
}

/** Values of each facet with the issues they would leave, most first; `more` when the list was cut. */
export type IssueFacets = Readonly<
  Record<IssueFacet, { readonly values: readonly (readonly [value: string, rows: number])[]; readonly more: number }>
>;

export interface IssueGroup {
  /** Filter that finds just this group when it is added to the one that was asked with. */
  readonly only: IssueFilter['only'];
  readonly label: string;
  /** Beside the label: what the cause says. */
  readonly message: string;
  readonly rows: number;
  readonly errors: number;
  readonly warnings: number;
  readonly undecided: number;
  readonly overdue: number;
  /** For a cause: the key of its group, which a decision about all of it is recorded under. */
  readonly groupKey: string;
}

export interface IssueGroups {
  readonly version: number;
  readonly groups: readonly IssueGroup[];
  readonly found: number;
}

/** Files that were read, with what was wrong. */
export interface IssueFiles {
  readonly version: number;
  readonly total: number;
  readonly files: readonly {
    readonly origin: IssueOrigin;
    readonly path: string;
    readonly rows: number;
    /** Null when the file is not there. */
    readonly bytes: number | null;
  }[];
  /** Sentences for the person: files that cannot be read, lines left out, decisions that cannot be understood. */
  readonly notices: readonly string[];
}

const MOST_VALUES = 500;
const MOST_TEXT = 200;

/** A filter as a page sent it or kept it; what cannot be understood is left out. */
export function readIssueFilter(kept: unknown): IssueFilter {
  if (!isRecord(kept)) return EVERY_ISSUE;
  const only: Partial<Record<(typeof ISSUE_FILTERS)[number], readonly string[]>> = {};
  const given = isRecord(kept['only']) ? kept['only'] : {};
  for (const facet of ISSUE_FILTERS) {
    const values = given[facet];
    if (Array.isArray(values) && values.length > 0)
      only[facet] = values.filter((value): value is string => typeof value === 'string').slice(0, MOST_VALUES);
  }
  const text = typeof kept['text'] === 'string' ? kept['text'].replaceAll('\0', '').slice(0, MOST_TEXT) : '';
  return { only, text };
}

/** The same for an order. */
export function readIssueSort(kept: unknown): IssueSort {
  if (!isRecord(kept)) return FIRST_SORT;
  const by = ISSUE_SORTS.find((known) => known === kept['by']);
  return by === undefined ? FIRST_SORT : { by, descending: kept['descending'] === true };
}

/** The same for a grouping; null for the plain list. */
export function readIssueGrouping(kept: unknown): IssueGrouping | null {
  return ISSUE_GROUPINGS.find((known) => known === kept) ?? null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
