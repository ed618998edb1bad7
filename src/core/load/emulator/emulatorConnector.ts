import {
  type DiscoveredSchema,
  defineConnector,
  type Preview,
  type ReadReport,
  type ReadRequest,
  type TestReport,
} from '../../connectors/connector.ts';
import { UserError } from '../../shared/errors.ts';
import { discoverTarget, previewTarget, targetTables } from '../discoverTarget.ts';
import { CANONICAL_COPY, canonicalSelect, chosenColumns, targetColumns } from '../readBack.ts';
import { TargetError } from '../sqlSession.ts';
import { tableName } from '../targetSchema.ts';
import { EmulatorFolder } from './emulatorFolder.ts';
import { EmulatorOptions } from './emulatorOptions.ts';
import type { EmulatorSession } from './emulatorSession.ts';
import { closeKept, keptSession } from './keptSession.ts';
import { type EmulatorConnection, loadEmulator } from './loadEmulator.ts';

/** A real PostgreSQL without a server, for rehearsals: types, keys and links are enforced as a server would. */
export const emulatorConnector = defineConnector({
  id: 'postgres_emulator',
  title: 'PostgreSQL emulator (in process)',
  kind: 'target',
  stage: 'emulator',
  summary:
    'PostgreSQL in this process (PGlite): loads in one transaction, enforces types, keys and links, needs no installation.',
  limits:
    'For rehearsals and development: one user, no network, no server to kill; a table is read back through memory. Its rows lie in the project folder.',
  options: EmulatorOptions,
  capabilities: { discover: true, preview: true, read: true, load: true, resume: false, transactional: true },
  test,
  discover,
  preview,
  read,
  load: loadEmulator,
  close: closeKept,
});

async function test(connection: EmulatorConnection): Promise<TestReport> {
  const data = new EmulatorFolder(connection.context.project, connection.name);
  if ((await data.current()) === null)
    return { ok: true, message: 'The emulator is ready; nothing is loaded yet.', details: { tables: 0 } };
  return withSession(connection, async (session) => {
    const [server] = await session.rows(`SELECT current_setting('server_version') AS version`);
    const tables = await targetTables(session, connection.options.schema);
    const version = server?.['version'] ?? '';
    return {
      ok: true,
      message: `PostgreSQL ${version} in process holds ${tables.length} loaded tables.`,
      details: { version, tables: tables.length },
    };
  });
}

async function discover(connection: EmulatorConnection): Promise<DiscoveredSchema> {
  const fields = await withSession(connection, (session) =>
    discoverTarget(session, connection.options.schema, connection.name),
  );
  return { fields, problems: [] };
}

async function preview(connection: EmulatorConnection, table: string, limit: number): Promise<Preview> {
  return withSession(connection, (session) => previewTarget(session, connection.options.schema, table, limit));
}

async function read(connection: EmulatorConnection, request: ReadRequest, path: string): Promise<ReadReport> {
  const { schema } = connection.options;
  return withSession(connection, async (session) => {
    const all = await targetColumns(session, schema, request.table);
    const columns = chosenColumns(request.table, all, request.columns);
    const order = chosenColumns(request.table, all, request.orderBy ?? []);
    const select = canonicalSelect(schema, request.table, columns, order);
    await session.copyOut(`COPY (${select}) TO '/dev/blob' ${CANONICAL_COPY}`, path);
    const [count] = await session.rows(`SELECT count(*)::text AS rows FROM ${tableName(schema, request.table)}`);
    return {
      table: request.table,
      columns: columns.map((column) => column.name),
      rows: Number(count?.['rows']),
      unreadable: 0,
      problems: [],
    };
  });
}

async function withSession<T>(
  connection: EmulatorConnection,
  work: (session: EmulatorSession) => Promise<T>,
): Promise<T> {
  try {
    return await work(await keptSession(connection));
  } catch (error) {
    if (error instanceof TargetError) throw new UserError(`${connection.name}: ${error.message} (${error.code}).`);
    throw error;
  }
}
