import { quoteIdentifier, quoteLiteral } from '../../engine/sqlText.ts';
import { ISSUE_COLUMNS } from '../../project/evidenceColumns.ts';
import { SEVERITY_RANK } from './issueImport.ts';
import { ISSUE_FILTERS, type IssueFacet, type IssueFilter, type IssueSort } from './issueQuery.ts';

/** SQL over the tables of `issueImport.ts`, the decisions, and buckets: the lines of one cause with the same decision. */

/** Decisions on record. `rows` is how many lines the person saw when deciding about a group. */
export const DECISION_TABLE = `CREATE OR REPLACE TABLE decision (id INTEGER, key VARCHAR, disposition VARCHAR, owner VARCHAR, due_date VARCHAR, comment VARCHAR, "rows" BIGINT)`;

/** Lines with a decision of their own. */
export const OWN_DECISIONS =
  'CREATE OR REPLACE TABLE own AS SELECT i.ordinal, i.cause, d.id AS decision FROM issue i JOIN decision d ON i.issue_key = d.key';

/** Without decisions about single lines a bucket is a cause, and the list of all lines is the issue table itself. */
export const PLAIN_BUCKETS = [
  'CREATE OR REPLACE TABLE bucket AS SELECT cause AS bucket, cause, CAST(NULL AS INTEGER) AS own, start, n FROM cause',
  'DROP TABLE IF EXISTS base',
];

/** With them, the lines of a cause lie apart by decision, and the list says where each stands. */
export const MIXED_BUCKETS = [
  `CREATE OR REPLACE TABLE bucket AS SELECT *, (sum(n) OVER (ORDER BY bucket) - n + 1)::BIGINT AS start FROM (
    SELECT (row_number() OVER (ORDER BY cause, own NULLS FIRST))::INTEGER AS bucket, cause, own, n FROM (
      SELECT cause, decision AS own, count(*)::BIGINT AS n FROM own GROUP BY ALL
      UNION ALL
      SELECT c.cause, NULL, c.n - coalesce(o.n, 0) FROM cause c LEFT JOIN (SELECT cause, count(*) AS n FROM own GROUP BY cause) o USING (cause)
        WHERE c.n > coalesce(o.n, 0)))`,
  `CREATE OR REPLACE TABLE base AS SELECT row_number() OVER (ORDER BY bucket, ordinal) AS n, ordinal, bucket FROM (
    SELECT i.ordinal, b.bucket FROM issue i LEFT JOIN own o USING (ordinal)
      JOIN bucket b ON b.cause = i.cause AND b.own IS NOT DISTINCT FROM o.decision) ORDER BY n`,
];

/** Buckets with everything that lines are narrowed, ordered and summed by, and which lines are their own. `today` decides what is overdue. */
export function bucketRows(today: string): string {
  const soon = new Date(new Date(`${today}T00:00:00Z`).getTime() + 7 * 86_400_000).toISOString().slice(0, 10);
  return `CREATE OR REPLACE TABLE bucket_row AS SELECT *,
    CASE WHEN assigned_to = '' THEN owner_role ELSE assigned_to END AS assignee,
    CASE WHEN due_date = '' THEN 'none' WHEN due_date < ${quoteLiteral(today)} AND disposition NOT IN ('accept_with_sign_off', 'exclude') THEN 'overdue'
      WHEN due_date <= ${quoteLiteral(soon)} THEN 'next 7 days' ELSE 'later' END AS due,
    CASE WHEN decision IS NULL THEN 'open' WHEN own IS NULL AND decided_rows < group_rows THEN 'grown'
      WHEN disposition <> '' THEN 'decided' WHEN assigned_to <> '' OR due_date <> '' THEN 'assigned' ELSE 'open' END AS status
    FROM (SELECT c.* EXCLUDE (n, start), b.bucket, b.own, b.start, b.n, d.id AS decision, d.rows AS decided_rows,
      coalesce(d.disposition, '') AS disposition, coalesce(d.owner, '') AS assigned_to, coalesce(d.due_date, '') AS due_date, coalesce(d.comment, '') AS comment,
      sum(CASE WHEN b.own IS NULL THEN b.n ELSE 0 END) OVER (PARTITION BY c.group_key) AS group_rows
      FROM bucket b JOIN cause c USING (cause) LEFT JOIN group_decision g ON g.key = c.group_key LEFT JOIN decision d ON d.id = coalesce(b.own, g.id))`;
}

/** The decisions that are about groups there are. */
export const GROUP_DECISIONS =
  'CREATE OR REPLACE TABLE group_decision AS SELECT key, id FROM decision WHERE key IN (SELECT group_key FROM cause)';

/** Condition over `bucket_row`, leaving out one facet when its own values are counted. */
export function filterSql(filter: IssueFilter, without: IssueFacet | null = null): string {
  const parts = ISSUE_FILTERS.flatMap((facet) => {
    const values = facet === without ? undefined : filter.only[facet];
    return values === undefined ? [] : [`${quoteIdentifier(facet)} IN (${values.map(quoteLiteral).join(', ')})`];
  });
  return parts.length === 0 ? 'TRUE' : parts.join(' AND ');
}

/** Order of buckets; the lines of one follow each other as in their file. */
export function sortSql(sort: IssueSort): string {
  const by = sort.by === 'severity' ? SEVERITY_RANK : sort.by === 'rows' ? 'n' : quoteIdentifier(sort.by);
  // Without a day there is nothing to hurry for: such lines come last either way.
  const last = sort.by === 'due_date' ? "due_date = '', " : '';
  return `${last}${by} ${sort.descending ? 'DESC' : 'ASC'}, bucket`;
}

/** The lines that hold a text. `mixed`: some lines have decisions of their own. */
export function textHits(text: string, mixed: boolean): string[] {
  const wanted = quoteLiteral(text.toLowerCase());
  const from = mixed ? 'base b JOIN issue i USING (ordinal)' : 'issue i';
  const [n, bucket] = mixed ? ['b.n', 'b.bucket'] : ['i.ordinal', 'i.cause'];
  const columns = "concat_ws(' ', origin, severity, category, rule_id, domain, table_name, field_name, owner_role)";
  return [
    `CREATE OR REPLACE TABLE hits AS SELECT row_number() OVER (ORDER BY place) AS n, ordinal, bucket FROM (
      SELECT ${n} AS place, i.ordinal, ${bucket} AS bucket FROM ${from}
      WHERE i.cause IN (SELECT cause FROM cause WHERE contains(lower(${columns}), ${wanted}))
        OR i.message_id IN (SELECT message_id FROM message WHERE contains(lower(message), ${wanted}))
        OR contains(lower(i.row_key), ${wanted}) OR i.issue_key = ${wanted}) ORDER BY n`,
    'CREATE OR REPLACE TABLE hit_row AS SELECT b.* EXCLUDE (start, n), h.start, h.n FROM bucket_row b JOIN (SELECT bucket, min(n) AS start, count(*)::BIGINT AS n FROM hits GROUP BY bucket) h USING (bucket)',
  ];
}

/** Where the lines of a filter are: a table of buckets with `start` and `n`, and one of lines with `n`, `ordinal`, `bucket`. */
export interface IssueSource {
  readonly buckets: string;
  readonly lines: string;
}

/** How many rows the rejects of a filter are of. A source row counts once for each target table, as the gates count it. */
export function rejectRowsSql({ buckets, lines }: IssueSource, filter: IssueFilter): string {
  return `SELECT count(DISTINCT concat_ws('|', r.table_name, r.source_table, p.source_row))::DOUBLE AS n FROM ${lines} l
    JOIN (SELECT bucket, table_name, source_table FROM ${buckets} WHERE ${filterSql(filter)}) r ON r.bucket = l.bucket
    JOIN issue i ON i.ordinal = l.ordinal JOIN reject_place p ON p.record = i.record`;
}

/** Columns of a line as the list shows it, over `issue i`, `message m` and `bucket_row r`. */
export const LINE_COLUMNS = `i.ordinal, i.issue_key, i.row_key, m.message, r.origin, r.severity, r.category, r.rule_id, r.domain, r.table_name, r.field_name,
  r.owner_role, r.status, r.disposition, r.assigned_to, r.due_date, r.due, r.comment, r.group_key`;

/** Columns of the exported list: those of the issues files, then the decision. */
export const EXPORT_COLUMNS = [
  ...ISSUE_COLUMNS,
  'origin',
  'status',
  'disposition',
  'assigned_to',
  'due_date',
  'comment',
] as const;

/** A cell that a spreadsheet would run as a formula; plain numbers are none. */
export function isFormula(column: string): string {
  return `(regexp_matches(${column}, '^[=+@\\t\\r-]') AND NOT regexp_matches(${column}, '^[+-]?[0-9]+([.][0-9]+)?$'))`;
}
