import { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import type { Client, ClientConfig } from 'pg';
import { quoteLiteral } from '../../engine/sqlText.ts';
import { type SqlSession, type TargetError, type TextRow, targetError } from '../sqlSession.ts';
import { type Backend, OWN_BACKEND } from './backends.ts';
import type { ServerOptions } from './serverOptions.ts';
import { tlsFault, tlsOf } from './tls.ts';

/** So much of the file may wait for the network: a few pieces, so that neither side waits for the other at each one. */
const WAITING_BYTES = 1 << 20;

/** One session of a PostgreSQL server, with its settings made: nothing depends on what the server has as its standard. */
export class ServerSession implements SqlSession {
  readonly backend: Backend;
  readonly #client: Client;
  readonly #socket: Socket;
  #copying: Writable | null = null;
  #broken: TargetError | null = null;

  private constructor(client: Client, socket: Socket, backend: Backend) {
    this.#client = client;
    this.#socket = socket;
    this.backend = backend;
    // A session may break between two statements; the next one then says so.
    client.on('error', (error) => {
      this.#broken = targetError(error);
    });
  }

  /** @throws TargetError when the server cannot be reached or refuses; UserError for a `ca_file` without a certificate */
  static async open(options: ServerOptions): Promise<ServerSession> {
    const { default: pg } = await import('pg');
    const socket = new Socket();
    const client = new pg.Client(await clientConfig(options, socket));
    // Without a listener, an error between connecting and the first query would end the process.
    const ignore = (): void => undefined;
    client.on('error', ignore);
    try {
      await client.connect();
      await client.query(settings(options));
      const [own] = (await client.query<Record<string, string>>(OWN_BACKEND)).rows;
      return new ServerSession(client, socket, { pid: Number(own?.['pid']), startedAt: own?.['started'] ?? '' });
    } catch (error) {
      await client.end().catch(ignore);
      const timedOut = error instanceof Error && /timeout/i.test(error.message);
      throw tlsFault(error, options) ?? targetError(timedOut ? { code: 'ETIMEDOUT' } : error);
    } finally {
      client.off('error', ignore);
    }
  }

  async rows(sql: string): Promise<readonly TextRow[]> {
    if (this.#broken !== null) throw this.#broken;
    try {
      const result = await this.#client.query<Record<string, string | null>>(sql);
      return result.rows ?? [];
    } catch (error) {
      throw targetError(error);
    }
  }

  /** Begins a COPY FROM STDIN; `write` what it shall hold, then `end`. */
  async copyIn(sql: string): Promise<CopyIn> {
    if (this.#broken !== null) throw this.#broken;
    const { from } = await import('pg-copy-streams');
    const stream = this.#client.query(from(sql, { highWaterMark: WAITING_BYTES }));
    this.#copying = stream;
    return new CopyIn(stream, () => {
      this.#copying = null;
    });
  }

  /** The text of a COPY TO STDOUT as a stream. */
  async copyOut(sql: string): Promise<NodeJS.ReadableStream> {
    if (this.#broken !== null) throw this.#broken;
    const { to } = await import('pg-copy-streams');
    return this.#client.query(to(sql));
  }

  /** Ends a COPY that waits for more rows; what a statement does meanwhile is ended by `cancelBackends`. */
  abort(): void {
    this.#copying?.destroy(new Error('cancelled'));
  }

  /** Hangs up in the middle of whatever the server does; it is told nothing. */
  abandon(): void {
    this.#socket.destroy();
  }

  /** Says goodbye; a broken session is just left. */
  async end(): Promise<void> {
    await Promise.race([
      this.#client.end().catch(() => undefined),
      new Promise((resolve) => setTimeout(resolve, GOODBYE_MS).unref()),
    ]);
  }
}

const GOODBYE_MS = 2000;

/** Rows on their way into a table. */
export class CopyIn {
  readonly #stream: Writable & { rowCount: number };
  readonly #done: () => void;
  readonly #failed: Promise<never>;

  constructor(stream: Writable & { rowCount: number }, done: () => void) {
    this.#stream = stream;
    this.#done = done;
    this.#failed = new Promise((_, reject) => {
      // Not once: a cancel and the broken COPY may both be told.
      stream.on('error', (error) => {
        reject(targetError(error));
        // What still waits in the stream must not be written to a session that no longer copies.
        stream.destroy();
      });
      stream.once('close', () => reject(targetError({ code: 'ECONNRESET' })));
    });
    this.#failed.catch(() => undefined);
  }

  /** Rejects with the server's refusal as soon as it is heard. */
  async write(bytes: Buffer): Promise<void> {
    if (this.#stream.destroyed) return this.#failed;
    if (this.#stream.write(bytes)) return;
    const drained = new Promise<void>((resolve) => this.#stream.once('drain', resolve));
    await Promise.race([drained, this.#failed]);
  }

  /** Gives the rows that the server took. */
  async end(): Promise<number> {
    const finished = new Promise<void>((resolve) => this.#stream.once('finish', resolve));
    this.#stream.end();
    await Promise.race([finished, this.#failed]);
    this.#done();
    return this.#stream.rowCount;
  }

  /** Tells the server to forget the rows of this COPY. */
  fail(): void {
    this.#done();
    this.#stream.destroy(new Error('given up'));
  }
}

/** Ends what these sessions of the same user are doing, through a session of its own. */
export async function cancelBackends(options: ServerOptions, sessions: readonly ServerSession[]): Promise<void> {
  const pids = sessions.map(({ backend }) => backend.pid);
  const session = await ServerSession.open(options);
  try {
    await session.rows(`SELECT pg_catalog.pg_cancel_backend(pid) FROM unnest(ARRAY[${pids.join(', ')}]::int[]) AS pid`);
  } finally {
    await session.end();
  }
}

async function clientConfig(options: ServerOptions, socket: Socket): Promise<ClientConfig> {
  return {
    stream: () => socket,
    host: options.host,
    port: options.port,
    database: options.database,
    user: options.user,
    password: options.password ?? '',
    ssl: await tlsOf(options),
    connectionTimeoutMillis: options.connect_timeout_s * 1000,
    application_name: 'pas-migration load',
    // A network that goes without a word is noticed within a minute or so, not after hours.
    keepAlive: true,
    keepAliveInitialDelayMillis: 30_000,
    // Every value as the server prints it: no number or date is made of it.
    types: { getTypeParser: () => (value: string | Buffer) => value },
  };
}

function settings(options: ServerOptions): string {
  const values = {
    // Nothing that somebody put into another schema is called by accident.
    search_path: 'pg_catalog',
    client_encoding: 'UTF8',
    datestyle: 'ISO, YMD',
    intervalstyle: 'iso_8601',
    standard_conforming_strings: 'on',
    synchronize_seqscans: 'off',
    client_min_messages: 'warning',
    statement_timeout: `${options.statement_timeout_s}s`,
    lock_timeout: `${options.lock_timeout_s}s`,
    idle_in_transaction_session_timeout: `${options.statement_timeout_s}s`,
  };
  return Object.entries(values)
    .map(([name, value]) => `SET ${name} = ${quoteLiteral(value)}`)
    .join('; ');
}
