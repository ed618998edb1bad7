import {
  EVERY_ISSUE,
  FIRST_SORT,
  type IssueFilter,
  type IssueGrouping,
  type IssueSort,
  readIssueFilter,
  readIssueGrouping,
  readIssueSort,
} from '../../src/core/review/issues/issueQuery.ts';

export const TABS = ['dashboard', 'kpis', 'issues'] as const;
export type TabName = (typeof TABS)[number];

/** More ticks than these are not kept; nor could a decision about them be made. */
export const MOST_KEPT_TICKS = 5000;

/** Lines by their places, which hold for one version of the list. */
export interface KeptLines {
  readonly version: number;
  readonly ticked: readonly number[];
  /** The line whose detail is open; null when none is. */
  readonly shown: number | null;
}

/** What the page finds again after it was hidden or the window was reloaded. */
export interface Kept {
  tab: TabName;
  filter: IssueFilter;
  sort: IssueSort;
  offset: number;
  grouping: IssueGrouping | null;
  moreFilters: boolean;
  lines: KeptLines | null;
  /** Key figures that are not shown. */
  hiddenKpis: readonly string[];
}

/** The state as it was kept; what cannot be understood is as at first. */
export function readKept(kept: unknown): Kept {
  const given = fieldsOf(kept);
  const offset = Number(given['offset']);
  const hidden = given['hiddenKpis'];
  return {
    tab: TABS.find((known) => known === given['tab']) ?? 'dashboard',
    filter: given['filter'] === undefined ? EVERY_ISSUE : readIssueFilter(given['filter']),
    sort: given['sort'] === undefined ? FIRST_SORT : readIssueSort(given['sort']),
    offset: Number.isSafeInteger(offset) && offset > 0 ? offset : 0,
    grouping: readIssueGrouping(given['grouping']),
    moreFilters: given['moreFilters'] === true,
    lines: readLines(given['lines']),
    hiddenKpis: Array.isArray(hidden) ? hidden.filter((name): name is string => typeof name === 'string') : [],
  };
}

function readLines(kept: unknown): KeptLines | null {
  const { version, ticked, shown } = fieldsOf(kept);
  if (!isPlace(version) || !Array.isArray(ticked) || !ticked.every(isPlace)) return null;
  return { version, ticked, shown: isPlace(shown) ? shown : null };
}

function isPlace(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function fieldsOf(kept: unknown): Readonly<Record<string, unknown>> {
  return typeof kept === 'object' && kept !== null ? Object.fromEntries(Object.entries(kept)) : {};
}
