import { appendFile, rm, writeFile } from 'node:fs/promises';
import type { CatalogField, DataType, ValueFormat } from '../../catalog/catalog.ts';
import { csvLine } from '../../csv/csvCell.ts';
import { quoteIdentifier } from '../../engine/sqlText.ts';
import { ARTEFACTS } from '../../project/layout.ts';
import { throwIfCancelled, UserError } from '../../shared/errors.ts';
import type { Problem } from '../../shared/problem.ts';
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
import { GatewayError, IrisGateway, type Page } from './gateway.ts';
import { IrisOptions } from './irisOptions.ts';
import { decodeList, decodeMultiValue } from './listCodec.ts';
import type { ProjectedColumn, ProjectedTable } from './projection.ts';

type IrisConnection = Connection<typeof IrisOptions>;

/** The mock data behind something that behaves as the SQL gateway of Caché/IRIS does, failures included. */
export const irisConnector = defineConnector({
  id: 'cache_iris_emulator',
  title: 'Caché/IRIS emulator',
  kind: 'source',
  stage: 'emulator',
  summary:
    'Serves the mock data as a Caché/IRIS SQL gateway would: %Library types, $HOROLOG, $LIST, pages by ID, failures.',
  limits: 'An emulator: no Caché or IRIS is behind it, and what works here has not been tried on one.',
  options: IrisOptions,
  capabilities: { discover: true, preview: true, read: true, load: false, resume: true, transactional: false },
  test,
  discover,
  preview,
  read,
});

async function withGateway<T>(
  { context, options }: IrisConnection,
  work: (gateway: IrisGateway) => Promise<T>,
): Promise<T> {
  const gateway = await IrisGateway.open(context, options);
  try {
    return await work(gateway);
  } finally {
    await gateway.close();
  }
}

async function test(connection: IrisConnection): Promise<TestReport> {
  try {
    return await withGateway(connection, async (gateway) => {
      const { path, fault } = connection.options;
      const classes = gateway.informationSchema.length;
      const failing = fault === 'none' ? '' : ` It is set to fail: ${fault}.`;
      return {
        ok: true,
        message: `The emulator serves ${classes} classes from ${connection.context.project.name(path)}; no Caché or IRIS is behind it.${failing}`,
        details: { emulator: true, schema: connection.options.schema, classes, fault },
      };
    });
  } catch (error) {
    if (error instanceof UserError) return { ok: false, message: error.message, details: { emulator: true } };
    throw error;
  }
}

async function discover(connection: IrisConnection): Promise<DiscoveredSchema> {
  return withGateway(connection, async (gateway) => ({
    fields: gateway.informationSchema.flatMap((table) => tableFields(connection, table)),
    problems: [],
  }));
}

/** Rows of INFORMATION_SCHEMA.COLUMNS as catalog fields; a collection gives one field for each of its elements. */
function tableFields({ name, options }: IrisConnection, { table, columns }: ProjectedTable): CatalogField[] {
  const fields: CatalogField[] = [];
  for (const column of columns)
    for (const [index, element] of column.elements.entries()) {
      const part = column.elements.length > 1 ? ` element ${index + 1}` : '';
      fields.push({
        table,
        field: element,
        ordinal: fields.length + 1,
        ...typeOf(column, options.select_mode),
        precision: null,
        scale: null,
        mandatory: !column.nullable,
        primaryKey: false,
        foreignKey: null,
        codeSet: '',
        description: '',
        specFile: ARTEFACTS.connectors,
        specLocation: `connector ${name} (emulator), INFORMATION_SCHEMA.COLUMNS ${options.schema}.${table}.${column.name}${part}`,
        parseConfidence: 0.9,
        declaredType: `${column.type}${part}`,
        family: '',
        concept: '',
      });
    }
  return fields;
}

function typeOf(column: ProjectedColumn, mode: IrisOptions['select_mode']) {
  const types: Readonly<Record<string, { dataType: DataType; format: ValueFormat }>> = {
    '%Library.Date': { dataType: 'DATE', format: mode === 'logical' ? 'HOROLOG' : '' },
    '%Library.Time': { dataType: 'TIME', format: mode === 'logical' ? 'HOROLOG_SECONDS' : '' },
    '%Library.Integer': { dataType: 'INTEGER', format: '' },
    '%Library.Numeric': { dataType: 'DECIMAL', format: '' },
    '%Library.Boolean': { dataType: 'BOOLEAN', format: '' },
  };
  const known = types[column.type];
  return known === undefined
    ? { dataType: 'VARCHAR' as const, format: '' as const, length: column.maxLength ?? 50 }
    : { ...known, length: null };
}

async function preview(connection: IrisConnection, table: string, limit: number): Promise<Preview> {
  return withGateway(connection, async (gateway) => {
    const columns = gateway.table(table).columns.flatMap((column) => column.elements);
    const page = await failingAsUserError(table, 0, 0, () => gateway.page(table, 0));
    if (page === null) return { table, columns, rows: [], more: false, problems: [] };
    const plain = await page.engine.rows(`SELECT * FROM page ORDER BY "%ID" LIMIT ${limit}`);
    const rows = plain.map((row) => {
      const id = Number(row['%ID']);
      return gateway.table(table).columns.flatMap((column) => {
        if (column.elements.length > 1) return elementsOf(connection, page, column, id);
        const cell = row[column.name];
        return [cell === null || cell === undefined ? null : String(cell)];
      });
    });
    return {
      table,
      columns,
      rows,
      more: page.rows > limit || page.rows === connection.options.page_size,
      problems: [],
    };
  });
}

/** The values of a collection, one for each column of the extract. */
function elementsOf(connection: IrisConnection, page: Page, column: ProjectedColumn, id: number): (string | null)[] {
  const bytes = page.collections.get(column.name)?.get(id) ?? Buffer.alloc(0);
  const values = connection.options.collections === 'list' ? decodeList(bytes) : decodeMultiValue(bytes);
  if (values === null) throw new UserError(`${column.name}: a $LIST of ID ${id} cannot be decoded.`);
  return column.elements.map((_, index) => values[index] ?? null);
}

async function read(connection: IrisConnection, request: ReadRequest, path: string): Promise<ReadReport> {
  return withGateway(connection, async (gateway) => {
    const table = gateway.table(request.table);
    const all = gateway.columns(request.table);
    const wanted = request.columns ?? all;
    const missing = wanted.filter((column) => !all.includes(column));
    if (missing.length > 0) throw new UserError(`${request.table}: the emulator has no column ${missing.join(', ')}.`);
    const reader = new PagedRead(connection, gateway, table, `${path}.pages`);
    try {
      const { rows, problems } = await reader.run();
      const engine = await connection.context.openEngine();
      try {
        const order = (request.orderBy ?? []).map((column) => `${quoteIdentifier(column)} NULLS FIRST`);
        const from = reader.files.map((file) => `SELECT * FROM ${readCanonical(file, all)}`).join(' UNION ALL ');
        const empty = `SELECT ${all.map((column) => `NULL::VARCHAR AS ${quoteIdentifier(column)}`).join(', ')} WHERE FALSE`;
        const select = `SELECT ${columnList(wanted)} FROM (${from === '' ? empty : from})`;
        await engine.run(writeCanonical(`${select}${order.length === 0 ? '' : ` ORDER BY ${order.join(', ')}`}`, path));
      } finally {
        await engine.close();
      }
      return { table: request.table, columns: wanted, rows, unreadable: 0, problems };
    } finally {
      for (const file of reader.files) await rm(file, { force: true });
    }
  });
}

/** Reads page after page by ID; after a failure it goes on behind the last ID that it has, as often as it may. */
class PagedRead {
  readonly files: string[] = [];
  readonly #connection: IrisConnection;
  readonly #gateway: IrisGateway;
  readonly #table: ProjectedTable;
  readonly #path: string;
  readonly #problems: Problem[] = [];
  #rows = 0;
  #lastId = 0;

  constructor(connection: IrisConnection, gateway: IrisGateway, table: ProjectedTable, path: string) {
    this.#connection = connection;
    this.#gateway = gateway;
    this.#table = table;
    this.#path = path;
  }

  async run(): Promise<{ rows: number; problems: readonly Problem[] }> {
    let retries = this.#connection.options.retries;
    for (;;) {
      throwIfCancelled(this.#connection.context.signal);
      try {
        const page = await this.#gateway.page(this.#table.table, this.#lastId);
        if (page === null) return { rows: this.#rows, problems: this.#problems };
        await this.#keep(page);
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error;
        if (retries === 0) throw faultError(this.#table.table, this.#rows, this.#lastId, error);
        retries -= 1;
        this.#problems.push({
          code: 'connector-resumed',
          severity: 'warning',
          message: `${this.#table.table}: ${error.message} after ${this.#rows} rows; the read went on behind ID ${this.#lastId}.`,
          place: { file: ARTEFACTS.connectors },
        });
      }
    }
  }

  async #keep(page: Page): Promise<void> {
    const { columns } = this.#table;
    const collections = columns.filter((column) => column.elements.length > 1);
    const file = `${this.#path}-${this.files.length}`;
    let from = 'page';
    if (collections.length > 0) {
      const side = `${file}-lists`;
      await this.#writeCollections(page, collections, side);
      const names = ['%ID', ...collections.flatMap((column) => column.elements)];
      await page.engine.run('DROP TABLE IF EXISTS lists');
      await page.engine.run(
        `CREATE TABLE lists AS SELECT * REPLACE (CAST("%ID" AS BIGINT) AS "%ID") FROM ${readCanonical(side, names)}`,
      );
      await rm(side, { force: true });
      from = 'page JOIN lists USING ("%ID")';
    }
    const all = this.#gateway.columns(this.#table.table);
    // With collections apart there is one more step, but rows never pass through here one by one.
    await page.engine.run(writeCanonical(`SELECT ${columnList(all)} FROM ${from} ORDER BY "%ID"`, file));
    this.files.push(file);
    this.#rows += page.rows;
    this.#lastId = page.lastId;
  }

  async #writeCollections(page: Page, collections: readonly ProjectedColumn[], file: string): Promise<void> {
    await writeFile(file, `${csvLine(['%ID', ...collections.flatMap((column) => column.elements)])}\n`);
    const ids = [...(page.collections.get(collections[0]?.name ?? '')?.keys() ?? [])];
    const lines = ids.map((id) => {
      const values = collections.flatMap((column) => elementsOf(this.#connection, page, column, id));
      return csvLine([String(id), ...values.map((value) => value ?? '')]);
    });
    await appendFile(file, lines.length === 0 ? '' : `${lines.join('\n')}\n`);
  }
}

async function failingAsUserError<T>(table: string, rows: number, lastId: number, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof GatewayError ? faultError(table, rows, lastId, error) : error;
  }
}

function faultError(table: string, rows: number, lastId: number, error: GatewayError): UserError {
  return new UserError(
    `${table}: ${error.message} after ${rows} rows, the last ID ${lastId} (emulator, failure as rehearsed). Nothing of the extract was kept; run it again, or let the read go on by itself with --option retries=3.`,
  );
}
