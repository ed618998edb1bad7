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

/** What the page finds again after it was hidden or the window was reloaded. */
export interface Kept {
  tab: TabName;
  filter: IssueFilter;
  sort: IssueSort;
  offset: number;
  grouping: IssueGrouping | null;
  moreFilters: boolean;
  /** Key figures that are not shown. */
  hiddenKpis: readonly string[];
}

/** The state as it was kept; what cannot be understood is as at first. */
export function readKept(kept: unknown): Kept {
  const given: Readonly<Record<string, unknown>> =
    typeof kept === 'object' && kept !== null ? Object.fromEntries(Object.entries(kept)) : {};
  const offset = Number(given['offset']);
  const hidden = given['hiddenKpis'];
  return {
    tab: TABS.find((known) => known === given['tab']) ?? 'dashboard',
    filter: given['filter'] === undefined ? EVERY_ISSUE : readIssueFilter(given['filter']),
    sort: given['sort'] === undefined ? FIRST_SORT : readIssueSort(given['sort']),
    offset: Number.isSafeInteger(offset) && offset > 0 ? offset : 0,
    grouping: readIssueGrouping(given['grouping']),
    moreFilters: given['moreFilters'] === true,
    hiddenKpis: Array.isArray(hidden) ? hidden.filter((name): name is string => typeof name === 'string') : [],
  };
}
