import { mkdir, rm } from 'node:fs/promises';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { Cancelled } from '../../shared/errors.ts';
import type { Cell, Engine, EngineOptions, Row } from '../engine.ts';
import { describeEngineError } from './engineError.ts';

/**
 * Opens an in-memory DuckDB with a memory limit and a spill folder, never reaching for the network.
 * The native library is loaded here, on first use: it blocks the event loop for some 50 ms once.
 */
export async function openDuckDb(options: EngineOptions): Promise<Engine> {
  // The whole of the library is its default in a bundle and outside of one alike.
  const { DuckDBInstance } = (await import('@duckdb/node-api')).default;
  await mkdir(options.tempDirectory, { recursive: true });
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    preserve_insertion_order: 'true',
    temp_directory: options.tempDirectory,
    memory_limit: `${options.memoryLimitMb ?? 4096}MB`,
    ...(options.threads === undefined ? {} : { threads: String(options.threads) }),
  });
  const connection = await instance.connect();
  return new DuckDbEngine(instance, connection, options);
}

class DuckDbEngine implements Engine {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #options: EngineOptions;
  readonly #onAbort = (): void => this.#connection.interrupt();
  /** Queries that are on their way; an interrupt is meant for them and for no later one. */
  readonly #running = new Set<{ interrupted: boolean }>();

  constructor(instance: DuckDBInstance, connection: DuckDBConnection, options: EngineOptions) {
    this.#instance = instance;
    this.#connection = connection;
    this.#options = options;
    options.signal.addEventListener('abort', this.#onAbort);
  }

  async run(sql: string): Promise<number> {
    return this.#guarded(async () => (await this.#connection.run(sql)).rowsChanged);
  }

  async rows(sql: string): Promise<Row[]> {
    return this.#guarded(async () => {
      const reader = await this.#connection.runAndReadAll(sql);
      return reader.getRowObjectsJson() as Row[];
    });
  }

  async *stream(sql: string): AsyncGenerator<Row[]> {
    const result = await this.#guarded(() => this.#connection.stream(sql));
    for await (const chunk of result.yieldRowObjectJson()) {
      if (this.#options.signal.aborted) throw new Cancelled();
      yield chunk as Record<string, Cell>[];
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async seal(): Promise<void> {
    await this.run('SET enable_external_access = false');
    await this.run('SET lock_configuration = true');
  }

  interrupt(): void {
    for (const query of this.#running) query.interrupted = true;
    if (this.#running.size > 0) this.#connection.interrupt();
  }

  async close(): Promise<void> {
    this.#options.signal.removeEventListener('abort', this.#onAbort);
    this.#connection.closeSync();
    this.#instance.closeSync();
    await rm(this.#options.tempDirectory, { recursive: true, force: true });
  }

  /** An interrupt that was meant for this query becomes `Cancelled`; other errors lose any cell value they quote. */
  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    if (this.#options.signal.aborted) throw new Cancelled();
    const query = { interrupted: false };
    this.#running.add(query);
    try {
      return await work();
    } catch (error) {
      if (this.#options.signal.aborted || query.interrupted) throw new Cancelled();
      throw describeEngineError(error);
    } finally {
      this.#running.delete(query);
    }
  }
}
