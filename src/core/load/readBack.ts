import { quoteIdentifier, quoteLiteral } from '../engine/sqlText.ts';
import { UserError } from '../shared/errors.ts';
import type { SqlSession } from './sqlSession.ts';
import { tableName } from './targetSchema.ts';

/** A column as the target has it. */
export interface TargetColumn {
  readonly name: string;
  /** As PostgreSQL writes the type: `character varying(10)`. */
  readonly type: string;
  readonly notNull: boolean;
}

/** The columns of a table in their order. @throws UserError when there is no such table */
export async function targetColumns(session: SqlSession, schema: string, table: string): Promise<TargetColumn[]> {
  const rows = await session.rows(
    `SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull::text AS not_null FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ${quoteLiteral(schema)} AND c.relname = ${quoteLiteral(table)} AND c.relkind IN ('r', 'p', 'v', 'm') AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
  );
  if (rows.length === 0)
    throw new UserError(`There is no table ${table} in the schema ${schema} of the target; load it first.`);
  return rows.map((row) => ({
    name: row['name'] ?? '',
    type: row['type'] ?? '',
    notNull: row['not_null'] === 'true',
  }));
}

/**
 * The query that gives a table's cells in the canonical form, ordered by the bytes of that form: the same order as of a
 * file, whatever the types are and the collation of the database is.
 */
export function canonicalSelect(
  schema: string,
  table: string,
  columns: readonly TargetColumn[],
  orderBy: readonly TargetColumn[],
): string {
  const cells = columns.map((column) => `${canonicalCell(column)} AS ${quoteIdentifier(column.name)}`);
  const order = orderBy.map((column) => `${canonicalCell(column)} COLLATE "C" NULLS LAST`);
  const sorted = order.length === 0 ? '' : ` ORDER BY ${order.join(', ')}`;
  return `SELECT ${cells.join(', ')} FROM ${tableName(schema, table)} t${sorted}`;
}

function canonicalCell(column: TargetColumn): string {
  const name = `t.${quoteIdentifier(column.name)}`;
  if (isText(column)) return name;
  if (column.type.startsWith('timestamp')) return `replace(${name}::text, ' ', 'T')`;
  return `${name}::text`;
}

function isText(column: TargetColumn): boolean {
  return column.type === 'text' || column.type.startsWith('character');
}

/** Columns asked for, in the order asked for. @throws UserError for one that is not there */
export function chosenColumns(
  table: string,
  columns: readonly TargetColumn[],
  wanted: readonly string[] | undefined,
): TargetColumn[] {
  if (wanted === undefined) return [...columns];
  return wanted.map((name) => {
    const column = columns.find((candidate) => candidate.name === name);
    if (column === undefined) throw new UserError(`The target's ${table} has no column ${name}.`);
    return column;
  });
}

/** COPY's options for canonical CSV. */
export const CANONICAL_COPY = "WITH (FORMAT csv, HEADER true, ENCODING 'UTF8')";
