import { quoteIdentifier, quoteLiteral } from '../engine/sqlText.ts';

/** The engine's settings for the one CSV form that tables travel in (see `Connector.read`). */
const DIALECT = "delim = ',', quote = '\"', escape = '\"'";

/** Statement that writes a query's rows as canonical CSV. Texts and typed columns alike come out in the canonical form. */
export function writeCanonical(select: string, path: string): string {
  return `COPY (${select}) TO ${quoteLiteral(path)} (FORMAT csv, HEADER, QUOTE '"', ESCAPE '"', DATEFORMAT '%Y-%m-%d', TIMESTAMPFORMAT '%Y-%m-%dT%H:%M:%S')`;
}

/**
 * Table expression over a canonical CSV, every column as text; an empty cell is null and `""` an empty text.
 *
 * @param columns those of the file's header, in its order
 */
export function readCanonical(path: string, columns: readonly string[]): string {
  const types = columns.map((column) => `${quoteLiteral(column)}: 'VARCHAR'`).join(', ');
  return `read_csv(${quoteLiteral(path)}, auto_detect = false, header = true, ${DIALECT}, columns = {${types}}, allow_quoted_nulls = false, max_line_size = 16000000, buffer_size = 64000000)`;
}

/** `"A", "B"`. */
export function columnList(columns: readonly string[]): string {
  return columns.map(quoteIdentifier).join(', ');
}
