import { createHash } from 'node:crypto';
import type { Connection, LoadRequest } from '../../connectors/connector.ts';
import type { LoadReport } from '../../connectors/loadReport.ts';
import { progressOf } from '../../lifecycle/stage.ts';
import { Cancelled, UserError } from '../../shared/errors.ts';
import { hasErrors } from '../../shared/problem.ts';
import { type ContractFile, openContractFile } from '../fileSide.ts';
import { IssueList } from '../issueList.ts';
import { TargetError } from '../sqlSession.ts';
import { schemaText, type TargetTable, targetSchema } from '../targetSchema.ts';
import { faultInWords, type LoadPhase, stateAfter, stateSentence } from './brokenLoad.ts';
import { unconfirmedRun } from './confirmation.ts';
import { loadSchemas, lockSchema, requireOwnSchemas, schemaContent } from './loadSchemas.ts';
import { inProject, type ServerOptions as Options, type ServerOptions } from './serverOptions.ts';
import { cancelBackends, ServerSession } from './serverSession.ts';
import { StagedLoad } from './stagedLoad.ts';
import { swapSchemas } from './swap.ts';
import { askTargetState, type Seen } from './targetState.ts';

export type ServerConnection = Connection<typeof Options>;

/**
 * Loads the migrated tables into a server: all rows into a staging schema, verified there by row count and checksum,
 * constraints added and violations named, and the schemas swapped in one transaction. Before the swap nobody sees a row
 * of it; the rows from before stay in `<schema>_previous`. What a fault or a cancel left in staging is resumed.
 *
 * @throws UserError when something is wrong before the first row is sent
 */
export async function loadPostgres(connection: ServerConnection, request: LoadRequest): Promise<LoadReport> {
  const { tables, problems } = targetSchema(request.tables.map(({ table }) => table));
  if (hasErrors(problems)) throw UserError.from(problems);
  for (const { message } of problems)
    connection.context.emit({ type: 'note', stage: 'load', level: 'warning', text: message });
  const files = await Promise.all(request.tables.map((file, at) => openContractFile(file, tableAt(tables, at))));
  return new PostgresLoad(connection, request, tables, files).run();
}

function tableAt(tables: readonly TargetTable[], at: number): TargetTable {
  const table = tables[at];
  if (table === undefined) throw new Error('A table of the request has no schema.');
  return table;
}

/** So long a server has to end what it does after a cancel. */
const OBEY_MS = 3000;

class PostgresLoad {
  readonly #connection: ServerConnection;
  readonly #options: ServerOptions;
  readonly #request: LoadRequest;
  readonly #tables: readonly TargetTable[];
  readonly #files: readonly ContractFile[];
  readonly #sessions: ServerSession[] = [];
  readonly #issues = new IssueList();
  #staged: StagedLoad | null = null;
  #phase: LoadPhase = 'loading';
  #abandoning: NodeJS.Timeout | undefined;

  constructor(
    connection: ServerConnection,
    request: LoadRequest,
    tables: readonly TargetTable[],
    files: readonly ContractFile[],
  ) {
    this.#connection = connection;
    this.#options = inProject(connection.options, connection.context.project);
    this.#request = request;
    this.#tables = tables;
    this.#files = files;
  }

  async run(): Promise<LoadReport> {
    const { signal } = this.#connection.context;
    const stop = (): void => this.#stop();
    signal.addEventListener('abort', stop, { once: true });
    try {
      await this.#open();
      try {
        return await this.#load();
      } catch (error) {
        if (
          !(error instanceof TargetError || error instanceof UserError || error instanceof Cancelled) &&
          !signal.aborted
        )
          throw error;
        return await this.#broken(error);
      }
    } finally {
      signal.removeEventListener('abort', stop);
      clearTimeout(this.#abandoning);
      await Promise.all(this.#sessions.map((session) => session.end()));
    }
  }

  /** Connects, and looks at everything that can be wrong before a row is sent. */
  async #open(): Promise<void> {
    const options = this.#options;
    try {
      for (let count = 0; count < options.connections; count += 1)
        this.#sessions.push(await ServerSession.open(options));
      const { control } = this.#parts();
      const [server] = await control.rows(`SELECT current_setting('server_encoding') AS encoding`);
      if (server?.['encoding'] !== 'UTF8')
        throw new UserError(
          `The database ${options.database} stores ${server?.['encoding']}, not UTF8; load into a database that was made with ENCODING 'UTF8'.`,
        );
      await lockSchema(control, options.schema);
      await requireOwnSchemas(control, loadSchemas(options.schema));
    } catch (error) {
      if (!(error instanceof TargetError)) throw error;
      throw new UserError(`${this.#place()}: ${error.message} (${error.code}).`);
    }
  }

  async #load(): Promise<LoadReport> {
    const { context } = this.#connection;
    const { control, schemas } = this.#parts();
    const staged = this.#stage();
    const earlier = await unconfirmedRun(control, schemas.target, this.#loadKey());
    if (earlier !== null && (await staged.heldBy(schemas.target))) return this.#foundLoaded(earlier);
    await staged.run();
    if (this.#issues.count > 0) return this.#refused();
    if (context.signal.aborted) throw new Cancelled();
    this.#phase = 'swapping';
    const { replaced } = await swapSchemas(control, schemas, this.#tables);
    this.#phase = 'swapped';
    const seen = await askTargetState(this.#options, schemas.target, context.runId, this.#names());
    if (seen?.state !== 'complete') throw new TargetError('unseen', 'the new rows are not seen by a new connection');
    return this.#complete(seen, 'are loaded, counted and compared with their files', replaced);
  }

  #stage(): StagedLoad {
    const { context } = this.#connection;
    const progress = progressOf(context, 'load');
    const staged = new StagedLoad({
      context,
      sessions: this.#sessions,
      staging: this.#parts().schemas.staging,
      files: this.#files,
      loadKey: this.#loadKey(),
      batchBytes: this.#options.batch_mb << 20,
      issues: this.#issues,
      progress: (table, done, rows) => progress(table, done, this.#files.length, rows),
    });
    this.#staged = staged;
    return staged;
  }

  /** An earlier attempt was cut off after its swap: its rows are the files', so that there is nothing to do but say so. */
  async #foundLoaded(earlier: string): Promise<LoadReport> {
    const { control, schemas } = this.#parts();
    const seen = await askTargetState(this.#options, schemas.target, earlier, this.#names());
    if (seen?.state !== 'complete') throw new TargetError('unseen', 'the rows are not seen by a new connection');
    const replaced = (await schemaContent(control, schemas.previous)).kind === 'load';
    const what = `are there already: run ${earlier} swapped them in before it was cut off. They were counted and compared with their files now; nothing was sent again`;
    return this.#complete(seen, what, replaced);
  }

  #complete(seen: Seen, what: string, replaced: boolean): LoadReport {
    const { schemas } = this.#parts();
    const lines = this.#staged?.tables ?? [];
    for (const table of lines) table.rowsInTarget = seen.rows.get(table.table) ?? null;
    const wrong = lines.find((table) => table.rowsInTarget !== table.rowsInFile);
    if (wrong !== undefined)
      return this.#report(
        'failed',
        'complete',
        `${wrong.table} does not hold the rows of its file after the load; look at who else writes into ${schemas.target}.`,
      );
    const rows = [...seen.rows.values()].reduce((sum, count) => sum + count, 0);
    const kept = replaced ? `; the rows from before are in ${schemas.previous}` : '';
    return this.#report(
      'passed',
      'complete',
      `${this.#place()}: ${this.#tables.length} tables with ${rows} rows ${what}${kept}.`,
    );
  }

  /** The rows break rules of the target: nothing is swapped, and staging, which can never be used, is removed. */
  async #refused(): Promise<LoadReport> {
    const { schemas } = this.#parts();
    await this.#staged?.drop();
    const seen = await askTargetState(this.#options, schemas.target, this.#connection.context.runId, []);
    return this.#report(
      'failed',
      seen?.state ?? 'as_before',
      `${this.#place()}: ${this.#issues.count} rows break rules of the target, so nothing was loaded; the target is as it was. ${this.#issues.summary()}.`,
    );
  }

  /** A fault or a cancel: asks a fresh connection which of the two states the target is in. */
  async #broken(error: unknown): Promise<LoadReport> {
    const { context, name } = this.#connection;
    const { schemas } = this.#parts();
    const cancelled = context.signal.aborted;
    const backends = this.#sessions.map((session) => session.backend);
    const seen = await askTargetState(this.#options, schemas.target, context.runId, this.#names(), backends);
    const broken = { phase: this.#phase, seen, connection: name, staging: schemas.staging, runId: context.runId };
    const state = stateAfter(broken);
    for (const table of this.#staged?.tables ?? []) table.rowsInTarget = seen?.rows.get(table.table) ?? null;
    const status = state === 'complete' ? 'passed' : cancelled ? 'cancelled' : 'failed';
    const why = cancelled ? 'cancelled' : faultInWords(error);
    return this.#report(status, state, `${this.#place()}: ${why}. ${stateSentence(broken)}`);
  }

  #report(status: LoadReport['status'], targetState: LoadReport['targetState'], message: string): LoadReport {
    return {
      status,
      targetState,
      message,
      tables: this.#staged?.tables ?? [],
      issues: this.#issues.sorted(),
      issuesLeftOut: this.#issues.leftOut,
    };
  }

  /** The same for the same files and the same layout of the target. */
  #loadKey(): string {
    const layout = schemaText('target', this.#tables);
    return createHash('sha256').update(`${this.#request.loadKey}\n${layout}`).digest('hex').slice(0, 32);
  }

  #parts() {
    const control = this.#sessions[0];
    if (control === undefined) throw new Error('There is no session.');
    return { control, schemas: loadSchemas(this.#options.schema) };
  }

  #names(): string[] {
    return this.#tables.map((table) => table.name);
  }

  #place(): string {
    return `${this.#connection.name} (schema ${this.#options.schema} of ${this.#options.database})`;
  }

  /**
   * The user cancelled: COPY is told to fail, and whatever else the server does for us is ended. A server that does not
   * obey is left alone after some seconds.
   */
  #stop(): void {
    this.#abandoning = setTimeout(() => {
      for (const session of this.#sessions) session.abandon();
    }, OBEY_MS);
    for (const session of this.#sessions) session.abort();
    cancelBackends(this.#options, this.#sessions).catch(() => undefined);
  }
}
