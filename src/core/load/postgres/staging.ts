import { quoteIdentifier, quoteLiteral } from '../../engine/sqlText.ts';
import type { ContractFile } from '../fileSide.ts';
import { recordBatches } from '../recordBatches.ts';
import { targetChecksumSql } from '../rowChecksum.ts';
import { createTableSql, tableName } from '../targetSchema.ts';
import { BATCH_TABLE, dropLoadSchema, LOAD_TABLE, schemaContent } from './loadSchemas.ts';
import type { CopyIn, ServerSession } from './serverSession.ts';

/** How far a table had come: the place in the file after the last batch that the server committed. */
export interface Progress {
  readonly batches: number;
  readonly rows: number;
  readonly bytes: number;
}

const NOTHING: Progress = { batches: 0, rows: 0, bytes: 0 };

/**
 * Makes the staging schema, or finds the one that an earlier attempt to load the very same files left.
 *
 * @param loadKey the same for the same files and the same tables
 * @returns by table, what is there already
 */
export async function openStaging(
  session: ServerSession,
  staging: string,
  loadKey: string,
  runId: string,
): Promise<Map<string, Progress>> {
  const content = await schemaContent(session, staging);
  if (content.kind === 'load' && content.loadKey === loadKey) {
    await session.rows(`UPDATE ${tableName(staging, LOAD_TABLE)} SET run_id = ${quoteLiteral(runId)}`);
    await dropConstraints(session, staging);
    return committed(session, staging);
  }
  await dropLoadSchema(session, staging);
  await session.rows(`
    BEGIN;
    CREATE SCHEMA ${quoteIdentifier(staging)};
    CREATE TABLE ${tableName(staging, LOAD_TABLE)} (load_key text NOT NULL, run_id text NOT NULL, loaded_at timestamptz, confirmed_at timestamptz);
    INSERT INTO ${tableName(staging, LOAD_TABLE)} VALUES (${quoteLiteral(loadKey)}, ${quoteLiteral(runId)});
    CREATE TABLE ${tableName(staging, BATCH_TABLE)} (table_name text, batch int, row_count bigint, byte_end bigint, PRIMARY KEY (table_name, batch));
    COMMIT`);
  return new Map();
}

/** An attempt that came as far as its constraints made some of them: all are made anew, links first. */
async function dropConstraints(session: ServerSession, staging: string): Promise<void> {
  const statements = await session.rows(
    `SELECT format('ALTER TABLE %I.%I DROP CONSTRAINT %I', n.nspname, t.relname, c.conname) AS sql FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace WHERE n.nspname = ${quoteLiteral(staging)} AND c.contype IN ('f', 'p', 'u') AND t.relname NOT IN (${quoteLiteral(BATCH_TABLE)}, ${quoteLiteral(LOAD_TABLE)}) ORDER BY c.contype <> 'f', 1`,
  );
  for (const { sql } of statements) await session.rows(sql ?? '');
}

/** Batches that were committed. A table whose rows are not as many as its batches had is begun anew. */
async function committed(session: ServerSession, staging: string): Promise<Map<string, Progress>> {
  const found = new Map<string, Progress>();
  const rows = await session.rows(
    `SELECT table_name, count(*)::text AS batches, sum(row_count)::text AS rows, max(byte_end)::text AS bytes FROM ${tableName(staging, BATCH_TABLE)} GROUP BY 1 ORDER BY 1`,
  );
  for (const row of rows) {
    const table = row['table_name'] ?? '';
    const progress = { batches: Number(row['batches']), rows: Number(row['rows']), bytes: Number(row['bytes']) };
    const [there] = await session.rows(`SELECT count(*)::text AS rows FROM ${tableName(staging, table)}`);
    if (Number(there?.['rows']) === progress.rows) found.set(table, progress);
  }
  return found;
}

/** Sends one table's rows from its file, batch by batch, each with its note in one transaction. */
export class TableSender {
  readonly #session: ServerSession;
  readonly #staging: string;
  readonly #file: ContractFile;
  readonly #batchBytes: number;
  readonly #onBytes: (bytes: number) => void;

  constructor(
    session: ServerSession,
    staging: string,
    file: ContractFile,
    batchBytes: number,
    onBytes: (bytes: number) => void,
  ) {
    this.#session = session;
    this.#staging = staging;
    this.#file = file;
    this.#batchBytes = batchBytes;
    this.#onBytes = onBytes;
  }

  /** @param from what an earlier attempt sent, or undefined to begin anew; @returns what is there now */
  async send(from: Progress | undefined): Promise<Progress> {
    if (from === undefined) await this.#forget();
    let there = from ?? NOTHING;
    const start = Math.max(there.bytes, this.#file.dataStart);
    let open: { copy: CopyIn; bytes: number } | null = null;
    let at = start;
    try {
      for await (const piece of recordBatches(this.#file.path, start, this.#batchBytes)) {
        open ??= { copy: await this.#begin(there.batches === 0), bytes: at };
        await open.copy.write(piece.bytes);
        at += piece.bytes.length;
        this.#onBytes(at);
        if (!piece.endsBatch) continue;
        there = await this.#commit(open.copy, there, at);
        open = null;
      }
      if (open !== null) there = await this.#commit(open.copy, there, at);
      else if (there.batches === 0) there = await this.#commit(await this.#begin(true), there, at);
      return there;
    } catch (error) {
      open?.copy.fail();
      await this.#session.rows('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }

  async #forget(): Promise<void> {
    const { name } = this.#file.table;
    await this.#session.rows(
      `BEGIN; DROP TABLE IF EXISTS ${tableName(this.#staging, name)}; DELETE FROM ${tableName(this.#staging, BATCH_TABLE)} WHERE table_name = ${quoteLiteral(name)}; COMMIT`,
    );
  }

  /** The first batch makes the table in its own transaction: its rows can then be written as they will stay. */
  async #begin(first: boolean): Promise<CopyIn> {
    const { table, columns } = this.#file;
    await this.#session.rows(
      // Nothing may move a row before it is checked: its place tells its row in the file.
      first
        ? `BEGIN; ${createTableSql(this.#staging, table)} WITH (autovacuum_enabled = false)`
        : 'BEGIN; SET LOCAL synchronous_commit = off',
    );
    const names = columns.map(quoteIdentifier).join(', ');
    return this.#session.copyIn(
      `COPY ${tableName(this.#staging, table.name)} (${names}) FROM STDIN WITH (FORMAT csv, ENCODING 'UTF8'${first ? ', FREEZE true' : ''})`,
    );
  }

  async #commit(copy: CopyIn, before: Progress, bytes: number): Promise<Progress> {
    const rows = await copy.end();
    const after = { batches: before.batches + 1, rows: before.rows + rows, bytes };
    const note = [quoteLiteral(this.#file.table.name), after.batches, rows, bytes];
    await this.#session.rows(
      `INSERT INTO ${tableName(this.#staging, BATCH_TABLE)} VALUES (${note.join(', ')}); COMMIT`,
    );
    return after;
  }
}

/** Rows and checksum of a loaded table, computed by the server from what it stored. */
export async function storedFacts(
  session: ServerSession,
  schema: string,
  file: ContractFile,
): Promise<{ rows: number; checksum: string }> {
  const [row] = await session.rows(targetChecksumSql(tableName(schema, file.table.name), file.table.fields));
  return { rows: Number(row?.['rows']), checksum: row?.['checksum'] ?? '' };
}
