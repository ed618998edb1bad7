import { rm, stat, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { csvLine } from '../../csv/csvCell.ts';
import { quoteIdentifier } from '../../engine/sqlText.ts';
import { ARTEFACTS } from '../../project/layout.ts';
import { readRequiredText } from '../../project/readText.ts';
import { UserError } from '../../shared/errors.ts';
import { columnList, readCanonical, writeCanonical } from '../canonicalCsv.ts';
import {
  type Connection,
  type DiscoveredSchema,
  defineConnector,
  type Preview,
  type ReadReport,
  type ReadRequest,
  type TestReport,
} from '../connector.ts';
import { guessType } from '../csv/guessType.ts';

const Options = z.object({
  path: z
    .string()
    .min(1)
    .regex(/^[^\0]*$/, 'must not hold a NUL character')
    .default('requirement_spec/source/tables.json')
    .describe('JSON file with one list of rows under the name of each table'),
});

type JsonConnection = Connection<typeof Options>;
const Tables = z.record(z.string().min(1), z.array(z.record(z.string().min(1), z.unknown())));
type Table = readonly Readonly<Record<string, unknown>>[];
/** The whole file is held in memory. */
const LARGEST = 50_000_000;

/** Tables in a JSON file, for trying out a contract with a handful of rows. */
export const jsonConnector = defineConnector({
  id: 'json_dummy',
  title: 'JSON file of tables',
  kind: 'source',
  stage: 'experimental',
  summary: 'Reads rows from a JSON file: {"PAT": [{"NO": "1"}]}.',
  limits:
    'For trying out: the file is read whole (50 MB at most), and values must be text, numbers, true, false or null.',
  options: Options,
  capabilities: { discover: true, preview: true, read: true, load: false, resume: false, transactional: false },
  test,
  discover,
  preview,
  read,
});

async function tablesOf({ options, context }: JsonConnection): Promise<ReadonlyMap<string, Table>> {
  const name = context.project.name(options.path);
  const size = await stat(context.project.at(options.path)).catch(() => null);
  if (size !== null && size.size > LARGEST)
    throw new UserError(`${name}: is larger than 50 MB; use the connector csv.`);
  const text = await readRequiredText(context.project, options.path, 'Correct the path of the connection.');
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    // The parser's own message quotes the text, which may be a patient's.
    throw new UserError(`${name}: is not valid JSON; mend it.`);
  }
  const read = Tables.safeParse(json);
  if (!read.success) {
    const place = read.error.issues[0]?.path.slice(0, 2).join('[') ?? '';
    throw new UserError(
      `${name}: must hold a list of rows under the name of each table${place === '' ? '' : `; look at ${place}`}.`,
    );
  }
  return new Map(Object.entries(read.data));
}

async function tableOf(connection: JsonConnection, table: string): Promise<Table> {
  const tables = await tablesOf(connection);
  const rows = tables.get(table);
  if (rows === undefined)
    throw new UserError(
      `${connection.options.path}: has no table ${table}; it has ${[...tables.keys()].join(', ').slice(0, 300)}.`,
    );
  return rows;
}

/** Every name that some row has, in the order of their first appearance. */
function columnsOf(rows: Table): string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row)))];
}

function cellOf(value: unknown, place: string): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') {
    if (value.includes('\0')) throw new UserError(`${place}: a value holds a NUL character; take it out.`);
    return value;
  }
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new UserError(`${place}: a value is a list or an object; make it text.`);
}

async function test(connection: JsonConnection): Promise<TestReport> {
  try {
    const tables = await tablesOf(connection);
    const rows = [...tables.values()].reduce((sum, table) => sum + table.length, 0);
    return {
      ok: true,
      message: `${tables.size} tables with ${rows} rows are in ${connection.options.path}.`,
      details: { tables: tables.size, rows },
    };
  } catch (error) {
    if (error instanceof UserError) return { ok: false, message: error.message, details: {} };
    throw error;
  }
}

async function discover(connection: JsonConnection): Promise<DiscoveredSchema> {
  const tables = await tablesOf(connection);
  const fields = [...tables].flatMap(([table, rows]) =>
    columnsOf(rows).map((field, index) => ({
      table,
      field,
      ordinal: index + 1,
      ...guessType(rows.map((row) => cellOf(row[field], `${table}.${field}`) ?? '')),
      mandatory: false,
      primaryKey: false,
      foreignKey: null,
      codeSet: '',
      description: '',
      specFile: ARTEFACTS.connectors,
      specLocation: `connector ${connection.name} (experimental), ${connection.options.path} ${table}.${field}`,
      family: '',
      concept: '',
    })),
  );
  return { fields, problems: [] };
}

async function preview(connection: JsonConnection, table: string, limit: number): Promise<Preview> {
  const rows = await tableOf(connection, table);
  const columns = columnsOf(rows);
  const shown = rows.slice(0, limit).map((row) => columns.map((column) => cellOf(row[column], `${table}.${column}`)));
  return { table, columns, rows: shown, more: rows.length > limit, problems: [] };
}

async function read(connection: JsonConnection, request: ReadRequest, path: string): Promise<ReadReport> {
  const rows = await tableOf(connection, request.table);
  const all = columnsOf(rows);
  const wanted = request.columns ?? all;
  const missing = wanted.filter((column) => !all.includes(column));
  if (missing.length > 0) throw new UserError(`${request.table}: has no column ${missing.join(', ')}.`);
  if (wanted.length === 0) throw new UserError(`${request.table}: has no row and so no column.`);
  const text = (value: unknown, column: string): string => {
    const cell = cellOf(value, `${request.table}.${column}`);
    // Null is an empty cell, an empty text is quoted.
    return cell === null ? '' : cell === '' ? '""' : csvLine([cell]);
  };
  const lines = rows.map((row) => wanted.map((column) => text(row[column], column)).join(','));
  const scratch = `${path}.part`;
  await writeFile(scratch, `${[csvLine(wanted), ...lines].join('\n')}\n`);
  const engine = await connection.context.openEngine();
  try {
    const order = (request.orderBy ?? []).map((column) => `${quoteIdentifier(column)} NULLS FIRST`).join(', ');
    await engine.run(
      writeCanonical(
        `SELECT ${columnList(wanted)} FROM ${readCanonical(scratch, wanted)}${order === '' ? '' : ` ORDER BY ${order}`}`,
        path,
      ),
    );
  } finally {
    await engine.close();
    await rm(scratch, { force: true });
  }
  return { table: request.table, columns: wanted, rows: rows.length, unreadable: 0, problems: [] };
}
