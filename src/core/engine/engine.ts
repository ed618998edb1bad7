/** The SQL engine port: what the core needs of an embedded analytical database. DuckDB is the first adapter. */

/** A cell as the engine gives it to JavaScript. Numbers beyond 2^53 and decimals arrive as text, losing nothing. */
export type Cell = string | number | boolean | null;
export type Row = Readonly<Record<string, Cell>>;

export interface EngineOptions {
  /** Worker threads of the database; the outputs are the same for any number. */
  readonly threads?: number;
  /** Memory the database may use before it spills to `tempDirectory`, in MB. */
  readonly memoryLimitMb?: number;
  /** Where it may spill. Created when missing, removed on close. */
  readonly tempDirectory: string;
  /** Raised by the user: the running query is interrupted and the call rejects with `Cancelled`. */
  readonly signal: AbortSignal;
}

export interface Engine {
  /** Runs one statement for its effect; gives the rows changed. */
  run(sql: string): Promise<number>;
  /** Runs one query and gives all its rows: for small results only (aggregates, pages). */
  rows(sql: string): Promise<Row[]>;
  /** Runs one query and hands out chunks of rows, yielding to the event loop between them. */
  stream(sql: string): AsyncGenerator<Row[]>;
  /** Stops the process from reaching beyond this database from here on: no file, no network, no setting. */
  seal(): Promise<void>;
  /** Stops the query that runs now, if any: its call rejects with `Cancelled`, and the next one works as before. */
  interrupt(): void;
  close(): Promise<void>;
}
