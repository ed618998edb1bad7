import { open } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import type { CatalogTable } from '../catalog/catalog.ts';
import type { Engine } from '../engine/engine.ts';
import { quoteIdentifier, quoteLiteral } from '../engine/sqlText.ts';
import { Cancelled } from '../shared/errors.ts';
import { hasErrors, type Problem } from '../shared/problem.ts';

/** The table in which the source table at hand is held; one at a time, because a whole source may not fit. */
export const LOADED = 'loaded';

/** A source table as far as it could be read. Nothing is loaded when there is no `rows`. */
export interface LoadedTable {
  readonly rows: number | null;
  /** Rows that are not well-formed CSV; they are left out. */
  readonly unreadable: number;
  readonly problems: readonly Problem[];
}

/** A header longer than this is not a table of a patient administration system. */
const HEADER_BYTES = 1 << 20;
/** A profile of so many rows less still tells the truth about the column; of fewer it may not. */
const MOST_UNREADABLE = 0.05;

/**
 * Loads the catalog's columns of a source CSV as text, nothing sniffed: DuckDB would match declared columns by position
 * and silently swap values, so the header is read here and matched by name. Never throws on a bad file.
 *
 * @param file absolute path, and the project-relative name for messages
 */
export async function loadTable(
  engine: Engine,
  table: CatalogTable,
  file: { readonly path: string; readonly name: string },
): Promise<LoadedTable> {
  const problems: Problem[] = [];
  const header = await readHeader(file, problems);
  if (header !== null) problems.push(...headerProblems(header, table, file.name));
  if (header === null || hasErrors(problems)) return { rows: null, unreadable: 0, problems };
  await dropLoaded(engine);
  const columns = table.fields.map(({ field }) => quoteIdentifier(field)).join(', ');
  try {
    await engine.run(`CREATE TABLE ${LOADED} AS SELECT ${columns} FROM ${readCsvSql(file.path, header)}`);
  } catch (error) {
    if (error instanceof Cancelled) throw error;
    problems.push(
      unreadable(
        file.name,
        `The file cannot be read as CSV (${(error as Error).message}); look for mixed line ends and loose quotes, and extract it again.`,
      ),
    );
    return { rows: null, unreadable: 0, problems };
  }
  const [counts = {}] = await engine.rows(
    `SELECT (SELECT count(*) FROM ${LOADED})::DOUBLE AS "rows", count(DISTINCT line)::DOUBLE AS bad,
     min(line)::DOUBLE AS line, arg_min(CAST(error_type AS VARCHAR), line) AS fault FROM reject_errors`,
  );
  const [rows, bad] = [Number(counts['rows']), Number(counts['bad'])];
  if (bad > 0) {
    const fault = String(counts['fault']).toLowerCase();
    problems.push({
      code: 'profile-unreadable-rows',
      severity: bad > MOST_UNREADABLE * (rows + bad) ? 'error' : 'warning',
      message: `${bad} of ${rows + bad} rows cannot be read as CSV (here: ${fault}) and are not profiled; extract the table again.`,
      place: { file: file.name, line: Number(counts['line']) },
    });
  }
  return { rows, unreadable: bad, problems };
}

/** Frees the memory of the table at hand and the engine's list of its unreadable rows. */
export async function dropLoaded(engine: Engine): Promise<void> {
  for (const name of [LOADED, 'reject_errors', 'reject_scans']) await engine.run(`DROP TABLE IF EXISTS ${name}`);
}

function readCsvSql(path: string, header: readonly string[]): string {
  const columns = header.map((column) => `${quoteLiteral(column)}: 'VARCHAR'`).join(', ');
  return (
    `read_csv(${quoteLiteral(path)}, auto_detect=false, header=true, delim=',', quote='"', escape='"', ` +
    `columns={${columns}}, store_rejects=true, rejects_limit=0)`
  );
}

async function readHeader(
  file: { readonly path: string; readonly name: string },
  problems: Problem[],
): Promise<string[] | null> {
  let text: string;
  try {
    const handle = await open(file.path, 'r');
    try {
      const buffer = Buffer.alloc(HEADER_BYTES);
      const { bytesRead } = await handle.read(buffer, 0, HEADER_BYTES, 0);
      text = buffer.toString('utf8', 0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    const what = code === 'ENOENT' ? 'The source file is not found' : `The source file cannot be read (${code})`;
    problems.push(unreadable(file.name, `${what}; put the extract there, or correct the source catalog.`, null));
    return null;
  }
  try {
    const [header] = parse(text, { bom: true, to: 1, relax_column_count: true }) as string[][];
    if (header?.some((column) => column !== '')) return header;
    problems.push(unreadable(file.name, 'The source file is empty, without a header; extract it again.'));
  } catch {
    problems.push(unreadable(file.name, 'The header is not well-formed CSV; check its quotes.'));
  }
  return null;
}

function headerProblems(header: readonly string[], table: CatalogTable, file: string): Problem[] {
  const known = table.fields.map(({ field }) => field);
  // A file without a header shows its first row here: columns are named by number, never by what stands there.
  const twice = header.findIndex((column, index) => header.indexOf(column) !== index);
  if (twice >= 0) return [unreadable(file, `The header names column ${twice + 1} like an earlier one; rename one.`)];
  const nameless = header.indexOf('');
  if (nameless >= 0) return [unreadable(file, `The header has no name for column ${nameless + 1}; give it one.`)];
  const missing = known.filter((column) => !header.includes(column));
  const unknown = header.filter((column) => !known.includes(column));
  if (missing.length > 0) {
    const message = `The header lacks ${missing.join(', ')}; extract the table again, or correct the source catalog.`;
    return [unreadable(file, message)];
  }
  if (unknown.length === 0) return [];
  const message = `The file has ${unknown.length} columns that the source catalog does not know (column ${header.indexOf(unknown[0] ?? '') + 1} is the first); they are not profiled.`;
  return [{ code: 'source-column-unknown', severity: 'warning', message, place: { file, line: 1 } }];
}

function unreadable(file: string, message: string, line: number | null = 1): Problem {
  return {
    code: 'profile-unreadable',
    severity: 'error',
    message,
    place: line === null ? { file } : { file, line },
  };
}
