import { REJECT_GROUP_KEY_SQL } from '../governance/triageKeys.ts';

/** Category of the lines of `contract_migration_issues.csv` that only sum up lines of `contract_migration_rejects.csv`. */
export const REJECT_SUMMARY = 'reject';

/**
 * Is this line of `contract_migration_issues.csv` a summary of reject lines? Who counts issues beside rejects leaves such
 * lines out, or they count the same rejects twice.
 *
 * A condition in SQL over the columns of that file; cells that are NULL count as empty. Lines of
 * `enterprise_pipeline_issues.csv` are never summaries.
 *
 * @param rejects table of the engine with the columns of the rejects file: then only a summary whose reject lines are in it
 * is one, so that what a lost file held is still told. Null to go by the line alone.
 */
export function isRejectSummarySql(rejects: string | null): string {
  const summary = `coalesce(category, '') = '${REJECT_SUMMARY}' AND coalesce(row_key, '') = ''`;
  if (rejects === null) return `(${summary})`;
  return `(${summary} AND coalesce(issue_key, '') IN (SELECT ${REJECT_GROUP_KEY_SQL} FROM ${rejects}))`;
}
