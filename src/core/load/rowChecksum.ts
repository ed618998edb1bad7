import type { CatalogField } from '../catalog/catalog.ts';
import { quoteIdentifier, quoteLiteral } from '../engine/sqlText.ts';
import { decimalDigits } from './targetSchema.ts';

/**
 * The checksum of a table: the sum over its rows of 60 bits of the MD5 of each row's canonical text, in any order. The
 * text is every cell as PostgreSQL prints it (ISO dates), between unit separators, with a record separator for null. The
 * file side computes it in DuckDB from the file, the target side in PostgreSQL from its rows: different readers and
 * different code, so that what was garbled on the way cannot be garbled alike. It guards against accidents, not forgers.
 */
const SEPARATOR = 'chr(31)';
const NULL_MARK = 'chr(30)';
/** PostgreSQL takes at most 100 arguments in a call. */
const MOST_ARGUMENTS = 90;

/** `SELECT rows, checksum` of a PostgreSQL table, both as text. @param table quoted name */
export function targetChecksumSql(table: string, fields: readonly CatalogField[]): string {
  const cells = fields.map((field) => `coalesce(${quoteIdentifier(field.field)}::text, ${NULL_MARK})`);
  const hash = `('x' || left(md5(${joined(cells)}), 15))::bit(60)::bigint`;
  return `SELECT count(*)::text AS rows, coalesce(sum(${hash}), 0)::text AS checksum FROM ${table}`;
}

function joined(cells: readonly string[]): string {
  if (cells.length <= MOST_ARGUMENTS) return `concat_ws(${[SEPARATOR, ...cells].join(', ')})`;
  const groups: string[] = [];
  for (let at = 0; at < cells.length; at += MOST_ARGUMENTS) groups.push(joined(cells.slice(at, at + MOST_ARGUMENTS)));
  return joined(groups);
}

/** The aggregate that gives the same checksum over rows of text cells in DuckDB. */
export function fileChecksumSql(fields: readonly CatalogField[]): string {
  const cells = fields.map((field) => `coalesce(${canonicalText(field)}, ${NULL_MARK})`);
  // DuckDB's concat_ws of one argument would be no text; an md5 of a row with one column is fine as it is.
  const text = cells.length === 1 ? (cells[0] ?? NULL_MARK) : `concat_ws(${[SEPARATOR, ...cells].join(', ')})`;
  return `coalesce(sum(('0x' || left(md5(${text}), 15))::BIGINT), 0)::VARCHAR`;
}

/** A text cell brought to its type and back, so that `007` and `7` of an integer are one value, as they are in the target. */
function canonicalText(field: CatalogField): string {
  const typed = typedCell(field);
  return typed === null ? quoteIdentifier(field.field) : `${typed}::VARCHAR`;
}

/** A text cell in its type, null when it does not fit; null for texts, which need no type. */
export function typedCell(field: CatalogField): string | null {
  const type = duckdbType(field);
  return type === null ? null : `TRY_CAST(${quoteIdentifier(field.field)} AS ${type})`;
}

function duckdbType(field: CatalogField): string | null {
  switch (field.dataType) {
    case 'VARCHAR':
      return null;
    case 'INTEGER':
      return 'BIGINT';
    case 'DECIMAL':
      return `DECIMAL(${decimalDigits(field).join(', ')})`;
    case 'DATETIME':
      return 'TIMESTAMP';
    default:
      return field.dataType;
  }
}

/** A condition on a text cell: the target could not take it. Null when it takes any. */
export function misfitSql(field: CatalogField): string | null {
  const column = quoteIdentifier(field.field);
  if (field.dataType === 'VARCHAR') return field.length === null ? null : `length(${column}) > ${field.length}`;
  const typed = typedCell(field);
  const infinite = field.dataType === 'DATE' || field.dataType === 'DATETIME' ? ` OR NOT isfinite(${typed})` : '';
  return `(${column} IS NOT NULL AND (${typed} IS NULL${infinite}))`;
}

/** What a misfit is called in an issue. */
export function misfitName(field: CatalogField): string {
  return field.dataType === 'VARCHAR' ? `length ${field.length}` : `type ${quoteLiteral(field.dataType).slice(1, -1)}`;
}
