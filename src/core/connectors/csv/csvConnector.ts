import { rm } from 'node:fs/promises';
import type { CatalogField } from '../../catalog/catalog.ts';
import { readCatalogText } from '../../catalog/catalogFile.ts';
import { ARTEFACTS, type Project } from '../../project/layout.ts';
import { readOptionalText } from '../../project/readText.ts';
import { throwIfCancelled, UserError } from '../../shared/errors.ts';
import { hasErrors, type Problem } from '../../shared/problem.ts';
import {
  type Connection,
  type DiscoveredSchema,
  defineConnector,
  type Preview,
  type ReadReport,
  type ReadRequest,
  type TestReport,
} from '../connector.ts';
import { CsvOptions } from './csvOptions.ts';
import { headerProblems } from './fileProblems.ts';
import { guessType } from './guessType.ts';
import { loadFolder } from './loadFolder.ts';
import { normalise } from './normalise.ts';
import { parquetColumns, parquetPreview, readParquet } from './parquet.ts';
import { peek } from './peek.ts';
import { findTable, findTables, type TableFiles } from './tableFiles.ts';

type CsvConnection = Connection<typeof CsvOptions>;

/** Delimited text and Parquet files in a folder: the controlled path for an extract, and a target for the migrated rows. */
export const csvConnector = defineConnector({
  id: 'csv',
  title: 'CSV and Parquet files',
  kind: 'both',
  stage: 'stable',
  summary:
    'One file (or folder of parts) per table: CSV in any dialect and encoding, packed with gzip or not, or Parquet.',
  limits: 'Text files say nothing of types and keys; what is discovered is guessed from the first rows and marked so.',
  options: CsvOptions,
  capabilities: { discover: true, preview: true, read: true, load: true, resume: false, transactional: true },
  test,
  discover,
  preview,
  read,
  load: loadFolder,
});

async function test({ options, context }: CsvConnection): Promise<TestReport> {
  const tables = await findTables(context.project, options.path).catch((error: unknown) => {
    if (error instanceof UserError) return error;
    throw error;
  });
  if (tables instanceof UserError) return { ok: false, message: tables.message, details: {} };
  const first = tables.find((table) => !table.parquet);
  const details: Record<string, string | number> = {
    tables: tables.length,
    files: tables.reduce((sum, table) => sum + table.files.length, 0),
    parquet: tables.filter((table) => table.parquet).length,
  };
  const file = first?.files[0];
  if (file !== undefined) {
    const { encoding, dialect } = await peek(file, options, 1);
    details['encoding'] = encoding;
    details['delimiter'] = dialect.delimiter === '\t' ? 'tab' : dialect.delimiter;
  }
  return { ok: true, message: `${tables.length} tables are in ${context.project.name(options.path)}.`, details };
}

async function discover(connection: CsvConnection): Promise<DiscoveredSchema> {
  const { options, context } = connection;
  const fields: CatalogField[] = [];
  const problems: Problem[] = [];
  for (const table of await findTables(context.project, options.path)) {
    throwIfCancelled(context.signal);
    const found = await columnsOf(connection, table, problems);
    found.forEach(({ name, values, type }, index) => {
      fields.push({
        table: table.table,
        field: name,
        ordinal: index + 1,
        ...(type === null ? guessType(values) : { ...guessType([]), declaredType: type, parseConfidence: 0.9 }),
        mandatory: false,
        primaryKey: false,
        foreignKey: null,
        codeSet: '',
        description: '',
        specFile: ARTEFACTS.connectors,
        specLocation: `connector ${connection.name}, ${table.files[0]?.name ?? table.table}, column ${index + 1}`,
        family: '',
        concept: '',
      });
    });
  }
  return { fields, problems };
}

interface FoundColumn {
  readonly name: string;
  readonly values: readonly string[];
  /** The type that the file itself says, for Parquet. */
  readonly type: string | null;
}

async function columnsOf(connection: CsvConnection, table: TableFiles, problems: Problem[]): Promise<FoundColumn[]> {
  const { options, context } = connection;
  const [file] = table.files;
  if (file === undefined) return [];
  if (table.parquet) {
    const engine = await context.openEngine();
    try {
      const columns = await parquetColumns(engine, table);
      return columns.map(({ name, type }) => ({ name, values: [], type }));
    } finally {
      await engine.close();
    }
  }
  const { first, records } = await peek(file, options, 500);
  const names = await namesOf(connection, table.table, first);
  const faults = headerProblems(file.name, names);
  problems.push(...faults);
  if (hasErrors(faults)) return [];
  const rows = options.header ? records : [first, ...records];
  return names.map((name, index) => ({
    name,
    values: rows
      .flatMap((row) => (row.length === names.length ? [row[index] ?? ''] : []))
      .filter((value) => value !== options.null_text),
    type: null,
  }));
}

async function namesOf(connection: CsvConnection, table: string, first: readonly string[]): Promise<readonly string[]> {
  if (connection.options.header) return first;
  const known = await catalogColumns(connection.context.project, table);
  return known?.length === first.length ? known : first.map((_, index) => `column_${index + 1}`);
}

async function preview(connection: CsvConnection, table: string, limit: number): Promise<Preview> {
  const { options, context } = connection;
  const found = await findTable(context.project, options.path, table);
  const [file] = found.files;
  if (file === undefined) throw new UserError(`There is no file of ${table}.`);
  if (found.parquet) {
    const engine = await context.openEngine();
    try {
      return { table: found.table, ...(await parquetPreview(engine, found, limit)), problems: [] };
    } finally {
      await engine.close();
    }
  }
  const { first, records, more } = await peek(file, options, limit);
  const columns = await namesOf(connection, found.table, first);
  const rows = options.header ? records : [first, ...records].slice(0, limit);
  const cell = (value: string): string | null => (value === '' || value === options.null_text ? null : value);
  return {
    table: found.table,
    columns,
    rows: rows.map((row) => row.map(cell)),
    more: more || found.files.length > 1,
    problems: options.header ? headerProblems(file.name, columns) : [],
  };
}

async function read(connection: CsvConnection, request: ReadRequest, path: string): Promise<ReadReport> {
  const { options, context } = connection;
  const table = await findTable(context.project, options.path, request.table);
  if (table.parquet) {
    const engine = await context.openEngine();
    try {
      return await readParquet(engine, table, request, path);
    } finally {
      await engine.close();
    }
  }
  const scratch = `${path}.part`;
  try {
    const columns = options.header ? null : await catalogColumns(context.project, table.table);
    const { openEngine, signal } = context;
    return await normalise({ table, request, options, columns, path, scratch, engine: openEngine, signal });
  } finally {
    await rm(scratch, { force: true });
  }
}

/** Columns of a source table as the catalog knows them, when there is one. */
async function catalogColumns(project: Project, table: string): Promise<readonly string[] | null> {
  const text = await readOptionalText(project, ARTEFACTS.sourceCatalog);
  if (text === null) return null;
  const found = readCatalogText(text, ARTEFACTS.sourceCatalog, 'source').value.table(table);
  return found === undefined ? null : found.fields.map((field) => field.field);
}
