import { readCatalogText } from '../../catalog/catalogFile.ts';
import type { Cell, Engine } from '../../engine/engine.ts';
import { quoteIdentifier } from '../../engine/sqlText.ts';
import type { StageContext } from '../../lifecycle/stage.ts';
import { ARTEFACTS } from '../../project/layout.ts';
import { readOptionalText } from '../../project/readText.ts';
import { Cancelled, UserError } from '../../shared/errors.ts';
import { columnList, readCanonical } from '../canonicalCsv.ts';
import { CsvOptions } from '../csv/csvOptions.ts';
import { peek } from '../csv/peek.ts';
import { findTables, type TableFiles } from '../csv/tableFiles.ts';
import type { IrisOptions } from './irisOptions.ts';
import { encodeList, encodeMultiValue } from './listCodec.ts';
import { type ProjectedColumn, type ProjectedTable, project } from './projection.ts';

/** A failure as the gateway of a real system reports it. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly kind: 'drop' | 'slow' | 'lock';

  constructor(kind: 'drop' | 'slow' | 'lock', message: string) {
    super(message);
    this.kind = kind;
  }
}

/**
 * An emulator of the SQL gateway of Caché/IRIS over the mock data: no such system is behind it. It projects classes to
 * SQL tables with `%Library` types, pages by ID, keeps collections as `$LIST`, and fails when it is told to.
 */
export class IrisGateway {
  readonly #context: StageContext;
  readonly #options: IrisOptions;
  readonly #files: ReadonlyMap<string, TableFiles>;
  readonly #tables = new Map<string, ProjectedTable>();
  /** Columns of the files, in their order. */
  readonly #headers = new Map<string, readonly string[]>();
  readonly #served = new Map<string, number>();
  readonly #failed = new Map<string, number>();
  #engine: Engine | null = null;
  #open: string | null = null;

  private constructor(context: StageContext, options: IrisOptions, files: readonly TableFiles[]) {
    this.#context = context;
    this.#options = options;
    this.#files = new Map(files.map((file) => [file.table, file]));
  }

  static async open(context: StageContext, options: IrisOptions): Promise<IrisGateway> {
    const gateway = new IrisGateway(context, options, await findTables(context.project, options.path));
    const text = await readOptionalText(context.project, ARTEFACTS.sourceCatalog);
    const catalog = text === null ? null : readCatalogText(text, ARTEFACTS.sourceCatalog, 'source').value;
    const collected = options.collections !== 'columns';
    for (const [table, files] of gateway.#files) {
      const [file] = files.files;
      if (file === undefined || files.parquet) continue;
      const { first } = await peek(file, CsvOptions.parse({ path: options.path, delimiter: ',' }), 1);
      gateway.#headers.set(table, first);
      gateway.#tables.set(table, project(table, first, catalog?.table(table)?.fields ?? [], collected));
    }
    return gateway;
  }

  /** INFORMATION_SCHEMA.TABLES and .COLUMNS. */
  get informationSchema(): readonly ProjectedTable[] {
    return [...this.#tables.values()];
  }

  /** Columns of the extract, in the order of the mock data. */
  columns(name: string): readonly string[] {
    return this.#headers.get(name) ?? [];
  }

  table(name: string): ProjectedTable {
    const found = this.#tables.get(name);
    if (found === undefined)
      throw new UserError(
        `The emulator has no class ${name}; it has ${[...this.#tables.keys()].join(', ').slice(0, 300)}.`,
      );
    return found;
  }

  /**
   * `SELECT TOP n … FROM <schema>.<table> WHERE ID > ? ORDER BY ID`, into a table `page` of the engine: the rows that are
   * kept apart are in columns, each collection in the map beside it.
   *
   * @returns the last ID of the page, and the collections by ID; null when there is no more row
   */
  async page(name: string, afterId: number): Promise<Page | null> {
    const engine = await this.#opened(name);
    const { page_size: size } = this.#options;
    const rows = await this.#allowed(name, size);
    const table = this.table(name);
    const plain = table.columns.filter((column) => column.elements.length === 1);
    const select = plain.map((column) => `${this.#shown(column)} AS ${quoteIdentifier(column.name)}`);
    await engine.run('DROP TABLE IF EXISTS page');
    await engine.run(
      `CREATE TABLE page AS SELECT ${['ID AS "%ID"', ...select].join(', ')} FROM stored WHERE ID > ${afterId} ORDER BY ID LIMIT ${rows}`,
    );
    const [range] = await engine.rows('SELECT max("%ID")::DOUBLE AS last, count(*)::DOUBLE AS n FROM page');
    const n = Number(range?.['n'] ?? 0);
    this.#served.set(name, (this.#served.get(name) ?? 0) + n);
    if (n === 0) return rows < size ? this.page(name, afterId) : null;
    return {
      engine,
      lastId: Number(range?.['last']),
      rows: n,
      collections: await this.#collections(engine, table, afterId, rows),
    };
  }

  /** What is stored, as the select mode shows it. */
  #shown({ name, type }: ProjectedColumn): string {
    const stored = quoteIdentifier(name);
    if (this.#options.select_mode === 'logical') return stored;
    const number = `TRY_CAST(${stored} AS BIGINT)`;
    if (type === '%Library.Date')
      return `CASE WHEN ${number} BETWEEN 1 AND 2980013 THEN strftime(DATE '1840-12-31' + ${number}::INTEGER, '%Y-%m-%d') ELSE ${stored} END`;
    if (type === '%Library.Time')
      return `CASE WHEN ${number} BETWEEN 0 AND 86399 THEN strftime(TIMESTAMP '2000-01-01' + to_seconds(${number}), '%H:%M:%S') ELSE ${stored} END`;
    return stored;
  }

  async #collections(engine: Engine, table: ProjectedTable, afterId: number, limit: number) {
    const encode = this.#options.collections === 'list' ? encodeList : encodeMultiValue;
    const found = new Map<string, Map<number, Buffer>>();
    for (const column of table.columns.filter(({ elements }) => elements.length > 1)) {
      const rows = await engine.rows(
        `SELECT ID::DOUBLE AS id, ${columnList(column.elements)} FROM stored WHERE ID > ${afterId} ORDER BY ID LIMIT ${limit}`,
      );
      const text = (cell: Cell | undefined): string | null =>
        cell === null || cell === undefined ? null : String(cell);
      found.set(
        column.name,
        new Map(rows.map((row) => [Number(row['id']), encode(column.elements.map((name) => text(row[name])))])),
      );
    }
    return found;
  }

  /** Rows that may be served before the failure that is rehearsed; fails when it is its turn. */
  async #allowed(name: string, size: number): Promise<number> {
    const { fault, fault_table: only, fault_after_rows: after, fault_times: times } = this.#options;
    if (fault === 'none' || (only !== '' && only !== name)) return size;
    const failed = this.#failed.get(name) ?? 0;
    if (failed >= times) return size;
    const left = after - (this.#served.get(name) ?? 0);
    if (left > 0) return Math.min(size, left);
    this.#failed.set(name, failed + 1);
    throw await this.#failure(fault);
  }

  async #failure(fault: 'drop' | 'slow' | 'lock'): Promise<GatewayError> {
    if (fault === 'drop') {
      await this.close();
      return new GatewayError(fault, 'the connection was dropped ([08S01] communication link failure)');
    }
    if (fault === 'lock')
      return new GatewayError(
        fault,
        'a row is locked ([SQLCODE: <-114>] one or more matching rows is locked by another user)',
      );
    await this.#wait(this.#options.query_timeout_ms);
    return new GatewayError(
      fault,
      `the query took longer than ${this.#options.query_timeout_ms} ms ([SQLCODE: <-450>] request timed out)`,
    );
  }

  #wait(milliseconds: number): Promise<void> {
    const { signal } = this.#context;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(done, milliseconds);
      function done(): void {
        signal.removeEventListener('abort', stop);
        resolve();
      }
      function stop(): void {
        clearTimeout(timer);
        reject(new Cancelled());
      }
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
    });
  }

  /** The engine with the table as `stored`, each row with its ID. */
  async #opened(name: string): Promise<Engine> {
    this.#engine ??= await this.#context.openEngine();
    if (this.#open === name) return this.#engine;
    const [file] = this.#files.get(name)?.files ?? [];
    const columns = this.#headers.get(name) ?? [];
    await this.#engine.run('DROP TABLE IF EXISTS stored');
    await this.#engine.run(
      `CREATE TABLE stored AS SELECT row_number() OVER () AS ID, * FROM ${readCanonical(file?.path ?? '', columns)}`,
    );
    this.#open = name;
    return this.#engine;
  }

  async close(): Promise<void> {
    await this.#engine?.close();
    this.#engine = null;
    this.#open = null;
  }
}

export interface Page {
  readonly engine: Engine;
  readonly lastId: number;
  readonly rows: number;
  /** Column → ID → the collection as stored. */
  readonly collections: ReadonlyMap<string, ReadonlyMap<number, Buffer>>;
}
