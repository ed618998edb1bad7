import { quoteIdentifier } from '../engine/sqlText.ts';
import { type IssueList, rowKeyOf } from './issueList.ts';
import type { SqlSession } from './sqlSession.ts';
import { type Constraint, type TargetTable, tableName } from './targetSchema.ts';

/**
 * Finds every row that a constraint refuses and adds an issue for each, with its key and its row in the file. A table is
 * filled by one COPY after the other from one file, so that the place of a row in the table tells its place in the file.
 */
export async function addViolations(
  session: SqlSession,
  schema: string,
  table: TargetTable,
  constraint: Constraint,
  issues: IssueList,
): Promise<number> {
  if (constraint.kind !== 'not_null')
    return add(
      session,
      schema,
      table,
      constraint,
      constraint.columns.join('|'),
      conditionOf(schema, constraint),
      issues,
    );
  let found = 0;
  for (const column of constraint.columns)
    found += await add(session, schema, table, constraint, column, `r.${quoteIdentifier(column)} IS NULL`, issues);
  return found;
}

/** True for the rows `r` (with `r.__times`, how often their key is there) that break the constraint. */
function conditionOf(schema: string, constraint: Exclude<Constraint, { kind: 'not_null' }>): string {
  const filled = constraint.columns.map((column) => `r.${quoteIdentifier(column)} IS NOT NULL`).join(' AND ');
  if (constraint.kind !== 'foreign_key') return `${filled} AND r.__times > 1`;
  const equal = constraint.columns.map(
    (column, at) => `p.${quoteIdentifier(constraint.parentColumns[at] ?? '')} = r.${quoteIdentifier(column)}`,
  );
  return `${filled} AND NOT EXISTS (SELECT 1 FROM ${tableName(schema, constraint.parent)} p WHERE ${equal.join(' AND ')})`;
}

async function add(
  session: SqlSession,
  schema: string,
  table: TargetTable,
  constraint: Constraint,
  field: string,
  condition: string,
  issues: IssueList,
): Promise<number> {
  const keyed = constraint.kind === 'primary_key' || constraint.kind === 'unique';
  const times = keyed
    ? `count(*) OVER (PARTITION BY ${constraint.columns.map((column) => `t.${quoteIdentifier(column)}`).join(', ')})`
    : '1';
  const key = table.key.map((column, at) => `, r.${quoteIdentifier(column)}::text AS k${at}`).join('');
  const numbered = `SELECT row_number() OVER (ORDER BY t.ctid) AS __row, ${times} AS __times, t.* FROM ${tableName(schema, table.name)} t`;
  const found = await session.rows(
    `SELECT count(*) OVER ()::text AS total, r.__row::text AS file_row${key} FROM (${numbered}) r WHERE ${condition} ORDER BY r.__row LIMIT ${Math.max(1, issues.room)}`,
  );
  for (const row of found)
    issues.add({
      severity: 'ERROR',
      table: table.name,
      field,
      rowKey: rowKeyOf(table.key.map((_, at) => row[`k${at}`] ?? null)),
      fileRow: Number(row['file_row']),
      constraint: constraint.name,
      message: sentence(table, constraint, field),
    });
  const total = Number(found[0]?.['total'] ?? 0);
  issues.addUnlisted(total - found.length);
  return total;
}

function sentence(table: TargetTable, constraint: Constraint, field: string): string {
  const name = `${table.name}.${field.replaceAll('|', ', ')}`;
  switch (constraint.kind) {
    case 'not_null':
      return `${name}: a mandatory value is missing.`;
    case 'foreign_key':
      return `${name}: there is no such row in ${constraint.parent}.`;
    default:
      return `${name}: the same key is there more than once.`;
  }
}
