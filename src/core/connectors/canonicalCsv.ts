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
 * @param longest bytes of the longest record, when it is known
 */
export function readCanonical(path: string, columns: readonly string[], longest = LONG_LINE): string {
  const types = columns.map((column) => `${quoteLiteral(column)}: 'VARCHAR'`).join(', ');
  return `read_csv(${quoteLiteral(path)}, auto_detect = false, header = true, ${DIALECT}, columns = {${types}}, allow_quoted_nulls = false, ${lineLimit(longest)})`;
}

/** A record may be this long where nobody measured it. */
const LONG_LINE = 8_000_000;

/** The engine's limits for a record of so many bytes; its own standard does for nearly every file, and is the fastest. */
export function lineLimit(longest: number): string {
  const limit = Math.max(2_000_000, longest + 1024);
  return `max_line_size = ${limit}${limit > 2_000_000 ? `, buffer_size = ${limit * 4}` : ''}`;
}

/** `"A", "B"`. */
export function columnList(columns: readonly string[]): string {
  return columns.map(quoteIdentifier).join(', ');
}
