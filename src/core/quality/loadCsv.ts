import { open } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import type { Engine } from '../engine/engine.ts';
import { quoteIdentifier, quoteLiteral } from '../engine/sqlText.ts';
import { Cancelled, UserError } from '../shared/errors.ts';
import { ROW_NUMBER } from './canonical.ts';

export interface CsvImport {
  /** Absolute path, and the project-relative name for messages. */
  readonly path: string;
  readonly name: string;
  /** Unquoted SQL schema and table to make. */
  readonly schema: string;
  readonly table: string;
  /** Columns to keep. All must stand in the header, in any order; others in the file are left behind. */
  readonly columns: readonly string[];
  /** Further columns, NULL where the header lacks them. */
  readonly optional?: readonly string[];
  /** What to do when the file is missing or does not fit. */
  readonly next: string;
  /** Rows that are not well-formed are left out and counted, instead of stopping the stage. */
  readonly tolerant?: boolean;
}

export interface CsvImported {
  readonly rows: number;
  readonly unreadable: number;
}

/** A header longer than this is not a table of a patient administration system. */
const HEADER_BYTES = 1 << 20;

/**
 * Imports a CSV as text, nothing sniffed: DuckDB would match declared columns by position and silently swap values, so the
 * header is read here and matched by name. Adds the row number in the file. Throws `UserError` when the file does not fit.
 */
export async function importCsv(engine: Engine, csv: CsvImport): Promise<CsvImported> {
  const header = await readHeader(csv);
  const missing = csv.columns.filter((column) => !header.includes(column));
  if (missing.length > 0) throw new UserError(`${csv.name}:1: the header lacks ${missing.join(', ')}. ${csv.next}`);
  const twice = header.find((column, index) => header.indexOf(column) !== index);
  if (twice !== undefined) throw new UserError(`${csv.name}:1: the header names ${twice} twice. ${csv.next}`);
  const into = `${quoteIdentifier(csv.schema)}.${quoteIdentifier(csv.table)}`;
  const rejects = `${csv.schema}_${csv.table}`;
  try {
    await engine.run(
      `CREATE TABLE ${into} AS SELECT row_number() OVER () AS ${quoteIdentifier(ROW_NUMBER)}` +
        `${selected(csv, header)} FROM ${readCsvSql(csv.path, header, rejects)}`,
    );
  } catch (error) {
    if (error instanceof Cancelled || error instanceof UserError) throw error;
    throw new UserError(`${csv.name}: cannot be read as CSV (${(error as Error).message}). ${csv.next}`);
  }
  return counted(engine, csv, into, rejects);
}

/**
 * A CSV file as a table of text to read in place, for looking at single rows; lines that are not well-formed are passed over.
 *
 * @param path absolute; @param name project-relative, for messages; @param next what to do when it is not there
 */
export async function csvSql(
  path: string,
  name: string,
  next: string,
): Promise<{ readonly sql: string; readonly columns: readonly string[] }> {
  const columns = await readHeader({ path, name, next });
  const types = columns.map((column) => `${quoteLiteral(column)}: 'VARCHAR'`).join(', ');
  const sql = `read_csv(${quoteLiteral(path)}, auto_detect=false, header=true, delim=',', quote='"', escape='"', ignore_errors=true, columns={${types}})`;
  return { sql, columns };
}

function selected(csv: CsvImport, header: readonly string[]): string {
  const optional = (csv.optional ?? []).map((column) =>
    header.includes(column) ? quoteIdentifier(column) : `CAST(NULL AS VARCHAR) AS ${quoteIdentifier(column)}`,
  );
  return [...csv.columns.map(quoteIdentifier), ...optional].map((column) => `, ${column}`).join('');
}

async function counted(engine: Engine, csv: CsvImport, into: string, rejects: string): Promise<CsvImported> {
  const bad = quoteIdentifier(`bad_${rejects}`);
  const [row] = await engine.rows(
    `SELECT (SELECT count(*) FROM ${into})::INTEGER AS "rows", (SELECT count(DISTINCT line) FROM ${bad})::INTEGER AS bad, ` +
      `(SELECT min(line) FROM ${bad})::INTEGER AS line`,
  );
  const unreadable = Number(row?.['bad'] ?? 0);
  if (unreadable > 0 && csv.tolerant !== true) {
    throw new UserError(`${csv.name}:${row?.['line']}: ${unreadable} row(s) are not well-formed CSV. ${csv.next}`);
  }
  await engine.run(`DROP TABLE ${bad}`);
  await engine.run(`DROP TABLE ${quoteIdentifier(`scan_${rejects}`)}`);
  return { rows: Number(row?.['rows'] ?? 0), unreadable };
}

function readCsvSql(path: string, header: readonly string[], rejects: string): string {
  const columns = header.map((column) => `${quoteLiteral(column)}: 'VARCHAR'`).join(', ');
  return (
    `read_csv(${quoteLiteral(path)}, auto_detect=false, header=true, delim=',', quote='"', escape='"', ` +
    `columns={${columns}}, store_rejects=true, rejects_limit=0, ` +
    `rejects_table=${quoteLiteral(`bad_${rejects}`)}, rejects_scan=${quoteLiteral(`scan_${rejects}`)})`
  );
}

async function readHeader(csv: Pick<CsvImport, 'path' | 'name' | 'next'>): Promise<string[]> {
  const buffer = Buffer.alloc(HEADER_BYTES);
  let text: string;
  try {
    const handle = await open(csv.path, 'r');
    try {
      const { bytesRead } = await handle.read(buffer, 0, HEADER_BYTES, 0);
      text = buffer.toString('utf8', 0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new UserError(`${csv.name}: ${code === 'ENOENT' ? 'not found' : `cannot be read (${code})`}. ${csv.next}`);
  }
  try {
    const [header] = parse(text, { bom: true, to: 1, relax_column_count: true }) as string[][];
    if (header?.some((column) => column !== '')) return header;
  } catch {
    throw new UserError(`${csv.name}:1: the header is not well-formed CSV. ${csv.next}`);
  }
  throw new UserError(`${csv.name}: is empty, without a header. ${csv.next}`);
}
