import type { Engine } from '../engine/engine.ts';
import { quoteLiteral } from '../engine/sqlText.ts';
import { isRejectSummarySql } from '../migration/rejectSummary.ts';

/** Issues of one cause, a rule on one field of one table, in two runs. Told by their stable keys. */
export interface IssueCause {
  readonly rule: string;
  readonly table: string;
  readonly field: string;
  readonly severityBefore: string | null;
  readonly severityAfter: string | null;
  readonly before: number;
  readonly after: number;
  /** Not in the earlier run, nor in any run before it that was looked at. */
  readonly added: number;
  /** In the earlier run and not in the later one. */
  readonly fixed: number;
  /** Not in the earlier run, but in one before it: what was thought fixed. */
  readonly back: number;
  /** The cause was there, and now has more rows or a higher severity. */
  readonly worse: boolean;
}

/** Files of issues, several a run: those of the migration and those of the rules. */
export interface IssueFiles {
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Of the runs before the earlier one. */
  readonly past: readonly string[];
}

/**
 * Compares the issues of two runs in the engine, however many there are. Causes without a difference are left out, and so
 * are lines that only sum up rejects: those are compared line by line by `rejectChanges`.
 */
export async function compareIssues(engine: Engine, files: IssueFiles): Promise<IssueCause[]> {
  const rows = await engine.rows(`
    WITH old AS (${issuesOf(files.before)}),
    later AS (${issuesOf(files.after)}),
    paired AS (
      SELECT coalesce(later.rule_id, old.rule_id) AS rule_id, coalesce(later.table_name, old.table_name) AS table_name,
        coalesce(later.field_name, old.field_name) AS field_name, old.issue_key AS was, later.issue_key AS is_now,
        old.severity AS old_severity, later.severity AS new_severity
      FROM old FULL JOIN later ON old.issue_key = later.issue_key
    ),
    past AS (
      SELECT DISTINCT issue_key FROM (${issuesOf(files.past)})
      WHERE issue_key IN (SELECT is_now FROM paired WHERE was IS NULL)
    )
    SELECT rule_id, table_name, field_name,
      ${worst('old_severity')} AS old_severity, ${worst('new_severity')} AS new_severity,
      count(was)::DOUBLE AS before, count(is_now)::DOUBLE AS after,
      (count(*) FILTER (WHERE was IS NULL AND past.issue_key IS NULL))::DOUBLE AS added,
      (count(*) FILTER (WHERE is_now IS NULL))::DOUBLE AS fixed,
      (count(*) FILTER (WHERE was IS NULL AND past.issue_key IS NOT NULL))::DOUBLE AS back
    FROM paired LEFT JOIN past ON past.issue_key = paired.is_now
    GROUP BY ALL
    HAVING added > 0 OR fixed > 0 OR back > 0 OR old_severity IS DISTINCT FROM new_severity
    ORDER BY rule_id, table_name, field_name`);
  return rows.map((row) => {
    const [before, after] = [Number(row['before']), Number(row['after'])];
    const [severityBefore, severityAfter] = [severityOf(row['old_severity']), severityOf(row['new_severity'])];
    const graver = SEVERITIES.indexOf(severityAfter ?? '') > SEVERITIES.indexOf(severityBefore ?? '');
    return {
      rule: String(row['rule_id']),
      table: String(row['table_name'] ?? ''),
      field: String(row['field_name'] ?? ''),
      severityBefore,
      severityAfter,
      before,
      after,
      added: Number(row['added']),
      fixed: Number(row['fixed']),
      back: Number(row['back']),
      worse: before > 0 && after > 0 && (after > before || graver),
    };
  });
}

const SEVERITIES = ['INFO', 'WARN', 'ERROR'];

function worst(column: string): string {
  const ranks = SEVERITIES.map((severity, rank) => `WHEN ${quoteLiteral(severity)} THEN ${rank}`).join(' ');
  return `max(CASE ${column} ${ranks} END)`;
}

function severityOf(rank: unknown): string | null {
  return rank === null || rank === undefined ? null : (SEVERITIES[Number(rank)] ?? null);
}

function issuesOf(paths: readonly string[]): string {
  if (paths.length === 0)
    return `SELECT '' AS issue_key, '' AS severity, '' AS rule_id, '' AS table_name, '' AS field_name WHERE false`;
  const list = paths.map(quoteLiteral).join(', ');
  return `SELECT issue_key, any_value(severity) AS severity, any_value(rule_id) AS rule_id,
      any_value(table_name) AS table_name, any_value(field_name) AS field_name
    FROM read_csv([${list}], all_varchar=true, header=true, delim=',', quote='"', escape='"', union_by_name=true)
    WHERE NOT ${isRejectSummarySql(null)}
    GROUP BY issue_key`;
}
