import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { withConnection } from '../../src/core/connectors/openConnection.ts';
import type { EventSink } from '../../src/core/lifecycle/events.ts';
import { type CommandOutcome, runCommand } from '../../src/core/lifecycle/runCommand.ts';
import type { TestServer } from './postgresServer.ts';
import type { TestProject } from './project.ts';

/** What a test looks at in `reports/load_report.json`. */
export interface ReadReport {
  readonly status: string;
  readonly target_state: string;
  readonly message: string;
  readonly issues: number;
  readonly tables: readonly {
    readonly table: string;
    readonly rows_in_file: number;
    readonly rows_sent: number;
    readonly rows_in_target: number | null;
    readonly checksum_file: string | null;
    readonly checksum_target: string | null;
    readonly batches: number;
    readonly batches_resumed: number;
  }[];
}

export async function runLoad(
  project: TestProject,
  connector: string,
  signal?: AbortSignal,
  onEvent: EventSink = () => undefined,
): Promise<CommandOutcome & { readonly report: ReadReport }> {
  const context = { ...project.context(signal === undefined ? {} : { signal }), emit: onEvent };
  const outcome = await runCommand(context, 'load', { connector });
  const text = (await project.readIfThere('reports/load_report.json')) ?? JSON.stringify({ message: outcome.error });
  return { ...outcome, report: JSON.parse(text) as ReadReport };
}

/** A table of a connection as canonical CSV, in the order of its key. */
export async function readBack(
  project: TestProject,
  connection: string,
  table: string,
  key: readonly string[],
): Promise<string> {
  const texts = await readTables(project, connection, new Map([[table, key]]));
  return texts.get(table) ?? '';
}

/** Several tables over one connection. @param keys by table, the columns to order by */
export async function readTables(
  project: TestProject,
  connection: string,
  keys: ReadonlyMap<string, readonly string[]>,
): Promise<Map<string, string>> {
  const file = `read-${connection}.csv`;
  const texts = new Map<string, string>();
  try {
    await withConnection(project.context(), connection, async (opened) => {
      if (opened.connector.read === undefined) throw new Error(`${connection} cannot be read`);
      for (const [table, orderBy] of keys) {
        await opened.connector.read(opened.connection, { table, orderBy }, join(project.root, file));
        texts.set(table, await project.read(file));
      }
    });
    return texts;
  } finally {
    await rm(join(project.root, file), { force: true });
  }
}

/** A load that was stopped while rows of a table were on their way to the server. */
export interface FrozenLoad {
  /** The server process that copies; it does nothing until `thaw`. */
  readonly pid: number;
  thaw(): void;
  readonly loading: ReturnType<typeof runLoad>;
}

/** Starts a load and freezes the server process that copies a table once so many pieces of its file were sent. */
export async function frozenLoad(
  project: TestProject,
  server: TestServer,
  table: string,
  pieces: number,
  signal?: AbortSignal,
): Promise<FrozenLoad> {
  let seen = 0;
  let pid: number | undefined;
  const loading = runLoad(project, 'epr', signal, (event) => {
    if (event.type !== 'progress' || event.item !== table || pid !== undefined) return;
    seen += 1;
    // The first event only says that the table is begun.
    if (seen <= pieces) return;
    pid = server.processes().find(({ title }) => title.endsWith(' COPY'))?.pid;
    if (pid !== undefined) process.kill(pid, 'SIGSTOP');
  });
  loading.catch(() => undefined);
  for (let waited = 0; pid === undefined; waited += 1) {
    if (waited === 3000) throw new Error(`No COPY of ${table} was seen.`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const frozen = pid;
  return { pid: frozen, thaw: () => process.kill(frozen, 'SIGCONT'), loading };
}
