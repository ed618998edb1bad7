import * as z from 'zod/mini';
import { DISPOSITIONS, type Disposition } from '../../governance/dispositions.ts';

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

/** Safety-critical rejects that no decision settles. */
export const OPEN_SAFETY_REJECTS: Readonly<Record<string, string[]>> = {
  origin: ['reject'],
  category: ['safety-critical reject'],
  disposition: ['', ...Object.keys(DISPOSITIONS).filter((name) => name.startsWith('fix_'))],
};

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

const DISPOSITION_NAMES = Object.keys(DISPOSITIONS) as Disposition[];

/** One line of the list. Its row key and message come from the evidence files as they are. */
export const IssueRow = z.object({
  /** Its place among all issues of the project; holds until the files change. */
  ordinal: z.int(),
  origin: z.enum(ISSUE_ORIGINS),
  key: z.string(),
  severity: z.string(),
  category: z.string(),
  ruleId: z.string(),
  domain: z.string(),
  table: z.string(),
  field: z.string(),
  rowKey: z.string(),
  message: z.string(),
  ownerRole: z.string(),
  status: z.enum(ISSUE_STATUSES),
  disposition: z.union([z.enum(DISPOSITION_NAMES), z.literal('')]),
  assignee: z.string(),
  dueDate: z.string(),
  overdue: z.boolean(),
  comment: z.string(),
  /** Key of all lines with its cause, for a filter by `group_key`. */
  cause: z.string(),
});
export type IssueRow = z.infer<typeof IssueRow>;

export const IssuePage = z.object({
  /** Version of the files and decisions that this was read from. */
  version: z.int(),
  total: z.int(),
  found: z.int(),
  rows: z.array(IssueRow),
  /** Rows that the rejects found are of, each row once a target table; null where the list is not of rejects alone. */
  ofRows: z.nullable(z.int()),
});
export type IssuePage = z.infer<typeof IssuePage>;

/** Values of each facet with the issues they would leave, most first; `more` when the list was cut. */
export const IssueFacets = z.record(
  z.enum(ISSUE_FACETS),
  z.object({ values: z.array(z.tuple([z.string(), z.int()])), more: z.int() }),
);
export type IssueFacets = z.infer<typeof IssueFacets>;

export const IssueGroup = z.object({
  /** Filter that finds just this group when it is added to the one that was asked with. */
  only: z.partialRecord(z.enum(ISSUE_FILTERS), z.array(z.string())),
  label: z.string(),
  /** Beside the label: what the cause says. */
  message: z.string(),
  rows: z.int(),
  errors: z.int(),
  warnings: z.int(),
  undecided: z.int(),
  overdue: z.int(),
});
export type IssueGroup = z.infer<typeof IssueGroup>;

export const IssueGroups = z.object({ version: z.int(), groups: z.array(IssueGroup), found: z.int() });
export type IssueGroups = z.infer<typeof IssueGroups>;

/** Files that were read, with what was wrong. */
export const IssueFiles = z.object({
  version: z.int(),
  total: z.int(),
  files: z.array(
    z.object({
      origin: z.enum(ISSUE_ORIGINS),
      path: z.string(),
      rows: z.int(),
      /** Null when the file is not there. */
      bytes: z.nullable(z.int()),
    }),
  ),
  /** Rows that the migration rejected, of all tables and by target table; null where its reports do not tell. */
  rejected: z.nullable(z.object({ rows: z.int(), tables: z.record(z.string(), z.int()) })),
  /** Sentences for the person: files that cannot be read, lines left out, decisions that cannot be understood. */
  notices: z.array(z.string()),
  /** Sentences on what the files do not hold: by their design, or because they are not whole. */
  notes: z.array(z.string()),
});
export type IssueFiles = z.infer<typeof IssueFiles>;

/** What an issue leads to. */
export const IssueDetail = z.object({
  row: IssueRow,
  rule: z.nullable(z.object({ title: z.string(), why: z.string(), group: z.string() })),
  /** The contract row that makes the field; null when there is none. */
  contractRow: z.nullable(z.object({ table: z.string(), field: z.string(), rowSet: z.string() })),
  /** Sides with a row that can be looked for. */
  sides: z.array(z.enum(['source', 'target'])),
});
export type IssueDetail = z.infer<typeof IssueDetail>;

/** What a decision would touch, before it is made. */
export const TriagePlan = z.object({
  /** Version of the list that it was counted on. */
  version: z.int(),
  issues: z.int(),
  /** Whole causes: each is one line of the triage file, and holds until the cause has more rows. */
  groups: z.int(),
  /** Single lines: one line of the triage file each. */
  lines: z.int(),
  /** Among the issues, those with a disposition that would be replaced. */
  decided: z.int(),
  /** Among the issues, safety-critical rejects, about which not everybody may decide. */
  safetyCritical: z.int(),
  /** Dispositions that the person may not give the safety-critical rejects among them, with who may; empty when there are none. */
  refusals: z.partialRecord(z.enum(DISPOSITION_NAMES), z.string()),
  /** Why it cannot be done; null when it can. */
  refused: z.nullable(z.string()),
});
export type TriagePlan = z.infer<typeof TriagePlan>;

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
