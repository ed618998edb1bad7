import { rm } from 'node:fs/promises';
import type { CatalogField } from '../../catalog/catalog.ts';
import { ARTEFACTS } from '../../project/layout.ts';
import { throwIfCancelled, UserError } from '../../shared/errors.ts';
import type { Problem } from '../../shared/problem.ts';
import {
  type DiscoveredSchema,
  defineConnector,
  type Preview,
  type ReadReport,
  type ReadRequest,
} from '../connector.ts';
import { CsvOptions } from './csvOptions.ts';
import { headerProblems } from './fileProblems.ts';
import { guessType } from './guessType.ts';
import {
  type CsvConnection,
  catalogColumns,
  type FoundColumn,
  Inspector,
  namesOf,
  peekFaults,
  peekProblems,
} from './inspect.ts';
import { loadFolder } from './loadFolder.ts';
import { normalise } from './normalise.ts';
import { parquetPreview, readParquet } from './parquet.ts';
import { peek } from './peek.ts';
import { findTable, listTables, type TableFiles } from './tableFiles.ts';
import { testFolder } from './testFolder.ts';

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
  test: testFolder,
  discover,
  preview,
  read,
  load: loadFolder,
});

async function discover(connection: CsvConnection): Promise<DiscoveredSchema> {
  const { options, context } = connection;
  const { tables, broken } = await listTables(context.project, options.path);
  const fields: CatalogField[] = [];
  const problems: Problem[] = broken.map(({ problem }) => problem);
  const inspector = new Inspector(connection);
  try {
    for (const table of tables) {
      throwIfCancelled(context.signal);
      const { columns, faults } = await inspector.inspect(table);
      problems.push(...faults);
      fields.push(...columns.map((column, index) => fieldOf(connection, table, column, index)));
    }
  } finally {
    await inspector.close();
  }
  return { fields, problems };
}

function fieldOf(
  connection: CsvConnection,
  table: TableFiles,
  { name, values, type }: FoundColumn,
  index: number,
): CatalogField {
  return {
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
  };
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
  const seen = await peek(file, options, limit);
  const { first, records, more } = seen;
  const columns = await namesOf(context.project, options, found.table, seen);
  const rows = options.header ? records : [first, ...records].slice(0, limit);
  const cell = (value: string): string | null => (value === '' || value === options.null_text ? null : value);
  return {
    table: found.table,
    columns,
    rows: rows.map((row) => row.map(cell)),
    more: more || found.files.length > 1,
    problems: [
      ...peekFaults(file, seen),
      ...(options.header ? headerProblems(file.name, columns) : []),
      ...peekProblems(file, seen, options),
    ],
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
