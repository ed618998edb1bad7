import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { countNhsNumbers, countsOf, type NhsNumberCounts } from '../connectors/dataClass.ts';
import type { Engine } from '../engine/engine.ts';
import { quoteIdentifier, quoteLiteral } from '../engine/sqlText.ts';
import type { FileScan } from '../project/scanFile.ts';
import { UserError } from '../shared/errors.ts';
import { sourceTable } from './renderRowSet.ts';
import { type SourceFile, scanSource } from './sourceFiles.ts';

/** The records of a source file as read; `sourceTable` shows them with their row number. */
const recordTable = (table: string): string => `records.${quoteIdentifier(table)}`;

/** A source table in the engine, with what happened while it was read. */
export interface LoadedSource {
  readonly file: SourceFile;
  readonly scan: FileScan;
  /** Records in the file: readable and unreadable ones. */
  readonly rowsRead: number;
  /** Records the engine could not read; each is a reject. */
  readonly unreadable: readonly { readonly line: number; readonly fault: string }[];
  readonly nhsNumbers: NhsNumberCounts;
}

/** Imports source files when first needed, once, as text, only the columns the contract uses; frees them after last use. */
export class SourceStore {
  readonly #engine: Engine;
  readonly #files: ReadonlyMap<string, SourceFile>;
  readonly #scans = new Map<string, Promise<FileScan>>();
  readonly #loaded = new Map<string, LoadedSource>();
  readonly #scratch: string;
  readonly #signal: AbortSignal;
  readonly #nhsFields: (table: string) => readonly string[];

  /** @param nhsFields columns of a table in which NHS numbers are counted */
  constructor(
    engine: Engine,
    files: readonly SourceFile[],
    scratch: string,
    signal: AbortSignal,
    nhsFields: (table: string) => readonly string[] = () => [],
  ) {
    this.#engine = engine;
    this.#files = new Map(files.map((file) => [file.plan.table, file]));
    this.#scratch = scratch;
    this.#signal = signal;
    this.#nhsFields = nhsFields;
  }

  /** Starts reading the bytes of the files one after the other, while the engine works on earlier ones. */
  scanAhead(order: readonly string[]): void {
    let previous: Promise<unknown> = Promise.resolve();
    for (const table of order) {
      const file = this.#files.get(table);
      if (file === undefined || this.#scans.has(table)) continue;
      const scan = previous.then(() => scanSource(file, this.#signal));
      // The failure is raised where the file is needed; unheard here it would end the process.
      previous = scan.catch(() => undefined);
      this.#scans.set(table, scan);
    }
  }

  get loaded(): readonly LoadedSource[] {
    return [...this.#loaded.values()];
  }

  async need(table: string): Promise<LoadedSource> {
    const known = this.#loaded.get(table);
    if (known !== undefined) return known;
    const file = this.#files.get(table);
    if (file === undefined) throw new Error(`The source file of ${table} was not found before loading.`);
    this.scanAhead([table]);
    const scan = await (this.#scans.get(table) ?? scanSource(file, this.#signal));
    const loaded = await this.#load(file, scan);
    this.#loaded.set(table, loaded);
    return loaded;
  }

  async free(table: string): Promise<void> {
    await this.#engine.run(`DROP VIEW IF EXISTS ${sourceTable(table)}`);
    await this.#engine.run(`DROP TABLE IF EXISTS ${recordTable(table)}`);
  }

  async #load(file: SourceFile, scan: FileScan): Promise<LoadedSource> {
    const path = scan.lineEnds === 'mixed' ? await this.#withLfEnds(file) : file.path;
    await this.#engine.run('DROP TABLE IF EXISTS reject_errors');
    await this.#engine.run('DROP TABLE IF EXISTS reject_scans');
    const columns = file.columns.map((column) => `${quoteLiteral(column)}: 'VARCHAR'`).join(', ');
    const watched = this.#nhsFields(file.plan.table).filter((column) => file.columns.includes(column));
    const used = [...new Set([...file.plan.used, ...watched])].map(quoteIdentifier).join(', ');
    const limit = Math.max(2_000_000, scan.longestLine + 1024);
    const options = [
      'auto_detect = false',
      'header = true',
      "delim = ','",
      "quote = '\"'",
      "escape = '\"'",
      `columns = {${columns}}`,
      'store_rejects = true',
      'rejects_limit = 0',
      `max_line_size = ${limit}`,
      ...(limit > 2_000_000 ? [`buffer_size = ${limit * 4}`] : []),
    ].join(', ');
    const records = recordTable(file.plan.table);
    await this.#engine.run(
      `CREATE TABLE ${records} AS SELECT ${used === '' ? 'NULL AS __none' : used} FROM read_csv(${quoteLiteral(path)}, ${options})`,
    );
    // Rows lie in the order of the file, so their place is their number; numbering them while reading takes one thread.
    await this.#engine.run(
      `CREATE VIEW ${sourceTable(file.plan.table)} AS SELECT rowid + 1 AS __row, * FROM ${records}`,
    );
    const [counted] = await this.#engine.rows(`SELECT count(*)::DOUBLE AS n FROM ${recordTable(file.plan.table)}`);
    const unreadable = await this.#unreadable();
    if (scan.wideRecords > unreadable.length) {
      throw new UserError(
        `${file.name}: record ${scan.firstWideRecord} has more cells than the header, so its values would shift; quote the cell that holds a comma, or take away the comma at the end.`,
      );
    }
    const [numbers] = watched.length === 0 ? [] : await this.#engine.rows(countNhsNumbers(records, watched));
    return {
      file,
      scan,
      rowsRead: Number(counted?.['n'] ?? 0) + unreadable.length,
      unreadable,
      nhsNumbers: countsOf(numbers),
    };
  }

  async #unreadable(): Promise<{ line: number; fault: string }[]> {
    const rows = await this.#engine.rows(
      'SELECT line::DOUBLE AS line, min(CAST(error_type AS VARCHAR)) AS fault FROM reject_errors GROUP BY line ORDER BY line',
    );
    return rows.map((row) => ({ line: Number(row['line']), fault: String(row['fault']).toLowerCase() }));
  }

  /** The engine's strict reader refuses a file that mixes CRLF and LF; a copy with LF alone reads the same. */
  async #withLfEnds(file: SourceFile): Promise<string> {
    const copy = join(this.#scratch, `${file.plan.table}.lf.csv`);
    let held = false;
    const normalise = new Transform({
      transform(chunk: Buffer, _encoding, done): void {
        const text = (held ? '\r' : '') + chunk.toString('latin1');
        held = text.endsWith('\r');
        done(null, Buffer.from((held ? text.slice(0, -1) : text).replaceAll('\r\n', '\n'), 'latin1'));
      },
      flush(done): void {
        done(null, held ? Buffer.from('\r') : null);
      },
    });
    await pipeline(createReadStream(file.path), normalise, createWriteStream(copy));
    return copy;
  }
}
