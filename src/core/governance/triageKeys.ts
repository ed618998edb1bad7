import { createHash } from 'node:crypto';

/**
 * Keys by which decisions stay with what they are about from run to run. Issues carry their own key in the issues files;
 * rejects and groups get theirs here, as a value and as an SQL expression that gives the same.
 */

/** What all rejects with one cause share. The key is that of the issue that sums them up in the migration's issues. */
export interface RejectCause {
  readonly reason: string;
  readonly targetTable: string;
  readonly targetField: string;
  readonly sourceTable: string;
  readonly sourceField: string;
}

/** Key of all rejects with one cause. */
export function rejectGroupKey(cause: RejectCause): string {
  return hash('reject', ...rejectParts(cause));
}

/** Key of one reject. */
export function rejectKey(cause: RejectCause, rowKey: string): string {
  return hash('reject', ...rejectParts(cause), rowKey);
}

/** Key of all issues of a rule at one field that say the same but for numbers and quoted text (`messagePattern`). */
export function issueGroupKey(ruleId: string, table: string, field: string, pattern: string): string {
  return hash('group', ruleId, table, field, pattern);
}

const REJECT_PARTS = ['reason', 'target_table', 'target_field', 'source_table', 'source_field'];

/** SQL over the columns of the rejects file. Cells that are NULL count as empty. */
export const REJECT_GROUP_KEY_SQL = hashSql("'reject'", REJECT_PARTS);
export const REJECT_KEY_SQL = hashSql("'reject'", [...REJECT_PARTS, 'row_key']);
/** SQL over `rule_id`, `table_name`, `field_name` and `pattern`. */
export const ISSUE_GROUP_KEY_SQL = hashSql("'group'", ['rule_id', 'table_name', 'field_name', 'pattern']);

function rejectParts(cause: RejectCause): string[] {
  return [cause.reason, cause.targetTable, cause.targetField, cause.sourceTable, cause.sourceField];
}

function hash(...parts: readonly string[]): string {
  return createHash('md5').update(parts.join('|'), 'utf8').digest('hex').slice(0, 16);
}

function hashSql(first: string, columns: readonly string[]): string {
  return `left(md5(concat_ws('|', ${[first, ...columns.map((name) => `coalesce(${name}, '')`)].join(', ')})), 16)`;
}
