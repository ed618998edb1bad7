import type { CatalogField } from '../../catalog/catalog.ts';
import type { Engine } from '../../engine/engine.ts';
import { quoteIdentifier, quoteLiteral } from '../../engine/sqlText.ts';
import { UserError } from '../../shared/errors.ts';
import { columnList, readCanonical, writeCanonical } from '../canonicalCsv.ts';
import type { LoadTable, ReadReport, ReadRequest } from '../connector.ts';
import type { TableFiles } from './tableFiles.ts';

/** Types whose text in a canonical CSV is theirs alone; others (lists, structures, blobs) are refused. */
const PLAIN =
  /^(VARCHAR|U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DECIMAL\(.*\)|DOUBLE|FLOAT|DATE|TIMESTAMP(_S|_MS|_NS)?|TIME|BOOLEAN|UUID|ENUM\(.*\))$/;

interface ParquetColumn {
  readonly name: string;
  readonly type: string;
}

/** Names and types of the columns of a table's Parquet files. */
export async function parquetColumns(engine: Engine, table: TableFiles): Promise<ParquetColumn[]> {
  const rows = await engine.rows(`DESCRIBE SELECT * FROM ${source(table)}`).catch((error: unknown) => {
    if (error instanceof Error && error.name === 'EngineError')
      throw new UserError(`${table.files[0]?.name}: is no Parquet file that can be read; get it again.`);
    throw error;
  });
  return rows.map((row) => ({ name: String(row['column_name']), type: String(row['column_type']) }));
}

/** Parquet files as canonical CSV. */
export async function readParquet(
  engine: Engine,
  table: TableFiles,
  request: ReadRequest,
  path: string,
): Promise<ReadReport> {
  const found = await parquetColumns(engine, table);
  const wanted = request.columns ?? found.map((column) => column.name);
  const missing = wanted.filter((column) => !found.some(({ name }) => name === column));
  if (missing.length > 0) throw new UserError(`${table.files[0]?.name}: has no column ${missing.join(', ')}.`);
  const odd = found.find(({ name, type }) => wanted.includes(name) && !PLAIN.test(type));
  if (odd !== undefined)
    throw new UserError(
      `${table.files[0]?.name}: the column ${odd.name} is a ${odd.type}, which no cell of a CSV can hold; write it as text.`,
    );
  const order = (request.orderBy ?? []).map((column) => `${quoteIdentifier(column)} NULLS FIRST`).join(', ');
  const rows = await engine.run(
    writeCanonical(
      `SELECT ${columnList(wanted)} FROM ${source(table)}${order === '' ? '' : ` ORDER BY ${order}`}`,
      path,
    ),
  );
  return { table: request.table, columns: wanted, rows, unreadable: 0, problems: [] };
}

/** The first rows, as text. */
export async function parquetPreview(engine: Engine, table: TableFiles, limit: number) {
  const columns = (await parquetColumns(engine, table)).map((column) => column.name);
  const select = columns.map((column) => `CAST(${quoteIdentifier(column)} AS VARCHAR) AS ${quoteIdentifier(column)}`);
  const rows = await engine.rows(`SELECT ${select.join(', ')} FROM ${source(table)} LIMIT ${limit + 1}`);
  const texts = rows.map((row) => columns.map((column) => (row[column] === null ? null : String(row[column]))));
  return { columns, rows: texts.slice(0, limit), more: texts.length > limit };
}

function source(table: TableFiles): string {
  return `read_parquet([${table.files.map(({ path }) => quoteLiteral(path)).join(', ')}])`;
}

/** Writes a migrated table as Parquet with the types of the target catalog. */
export async function writeParquet(engine: Engine, table: LoadTable, path: string): Promise<void> {
  const columns = table.table.fields.map((field) => field.field);
  const select = table.table.fields.map(
    (field) => `CAST(${quoteIdentifier(field.field)} AS ${parquetType(field)}) AS ${quoteIdentifier(field.field)}`,
  );
  await engine.run(
    `COPY (SELECT ${select.join(', ')} FROM ${readCanonical(table.path, columns)}) TO ${quoteLiteral(path)} (FORMAT parquet, COMPRESSION zstd)`,
  );
}

/** Rows of a Parquet file that was written, and one checksum of the rows on each side, both as canonical text. */
export async function parquetRows(engine: Engine, table: LoadTable, path: string) {
  const columns = table.table.fields.map((field) => field.field);
  const typed = table.table.fields.map((field) => {
    const name = quoteIdentifier(field.field);
    return field.dataType === 'DATETIME' ? `strftime(${name}, '%Y-%m-%dT%H:%M:%S')` : `CAST(${name} AS VARCHAR)`;
  });
  const sum = (values: readonly string[], from: string): string =>
    `SELECT count(*)::DOUBLE AS n, coalesce(sum(hash(${values.map((value) => `coalesce(${value}, chr(1))`).join(', chr(2), ')})::HUGEINT), 0)::VARCHAR AS checksum FROM ${from}`;
  const [file] = await engine.rows(sum(columns.map(quoteIdentifier), readCanonical(table.path, columns)));
  const [target] = await engine.rows(sum(typed, `read_parquet(${quoteLiteral(path)})`));
  return {
    rows: Number(target?.['n']),
    checksumFile: String(file?.['checksum']),
    checksumTarget: String(target?.['checksum']),
  };
}

function parquetType(field: CatalogField): string {
  switch (field.dataType) {
    case 'VARCHAR':
      return 'VARCHAR';
    case 'INTEGER':
      return 'BIGINT';
    case 'DECIMAL':
      return `DECIMAL(${Math.min(38, field.precision ?? 18)}, ${Math.min(field.scale ?? 0, field.precision ?? 18)})`;
    case 'DATETIME':
      return 'TIMESTAMP';
    default:
      return field.dataType;
  }
}
