import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import {
  type DiscoveredSchema,
  defineConnector,
  type Preview,
  type ReadReport,
  type ReadRequest,
  type TestReport,
} from '../../connectors/connector.ts';
import { Cancelled, UserError } from '../../shared/errors.ts';
import { discoverTarget, previewTarget, targetTables } from '../discoverTarget.ts';
import { CANONICAL_COPY, canonicalSelect, chosenColumns, targetColumns } from '../readBack.ts';
import { TargetError, targetError } from '../sqlSession.ts';
import { tableName } from '../targetSchema.ts';
import { loadPostgres, type ServerConnection } from './loadPostgres.ts';
import { schemaContent } from './loadSchemas.ts';
import { inProject, ServerOptions } from './serverOptions.ts';
import { cancelBackends, ServerSession } from './serverSession.ts';

/** A PostgreSQL server: the controlled path into a target that is loaded by SQL. */
export const postgresConnector = defineConnector({
  id: 'postgres',
  title: 'PostgreSQL server',
  kind: 'target',
  stage: 'stable',
  summary:
    'Loads by COPY into a staging schema, checks it there, and swaps it with the target in one transaction; the rows from before are kept.',
  limits:
    'It loads a schema of its own as a whole; it does not add to tables that others fill. It needs a direct connection, not a pool that shares sessions.',
  options: ServerOptions,
  capabilities: { discover: true, preview: true, read: true, load: true, resume: true, transactional: true },
  test,
  discover,
  preview,
  read,
  load: loadPostgres,
});

async function test(connection: ServerConnection): Promise<TestReport> {
  const { options } = connection;
  try {
    return await withSession(connection, async (session) => {
      const [server] = await session.rows(
        `SELECT current_setting('server_version') AS version, current_setting('server_encoding') AS encoding, coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false)::text AS tls, has_database_privilege(current_database(), 'CREATE')::text AS may_create`,
      );
      const content = await schemaContent(session, options.schema);
      const tables = content.kind === 'load' ? (await targetTables(session, options.schema)).length : 0;
      const details = {
        version: server?.['version'] ?? '',
        encoding: server?.['encoding'] ?? '',
        tls: server?.['tls'] === 'true',
        may_create: server?.['may_create'] === 'true',
        schema: options.schema,
        tables,
        ...(content.kind === 'load' ? { run_id: content.runId, loaded_at: content.loadedAt } : {}),
      };
      const fault = faultOf(details, content.kind, options.schema);
      const found =
        content.kind === 'load'
          ? `holds ${tables} tables that run ${content.runId} loaded at ${content.loadedAt}`
          : 'is not loaded yet';
      return {
        ok: fault === null,
        answers: true,
        message: fault ?? `PostgreSQL ${details.version} answers; the schema ${options.schema} ${found}.`,
        details,
      };
    });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { ok: false, message: error.message, details: { host: options.host, port: options.port } };
  }
}

function faultOf(details: { encoding: string; may_create: boolean }, content: string, schema: string): string | null {
  if (details.encoding !== 'UTF8') return `The database stores ${details.encoding}, not UTF8, and cannot be loaded.`;
  if (!details.may_create) return 'The user may not create schemas in the database; grant CREATE on it.';
  if (content === 'foreign') return `The schema ${schema} holds tables that no load made; choose another schema.`;
  return null;
}

async function discover(connection: ServerConnection): Promise<DiscoveredSchema> {
  const fields = await withSession(connection, (session) =>
    discoverTarget(session, connection.options.schema, connection.name),
  );
  return { fields, problems: [] };
}

async function preview(connection: ServerConnection, table: string, limit: number): Promise<Preview> {
  return withSession(connection, (session) => previewTarget(session, connection.options.schema, table, limit));
}

/** Streams a table to a file: memory does not grow with it. */
async function read(connection: ServerConnection, request: ReadRequest, path: string): Promise<ReadReport> {
  const { options, context } = connection;
  return withSession(connection, async (session) => {
    const all = await targetColumns(session, options.schema, request.table);
    const columns = chosenColumns(request.table, all, request.columns);
    const order = chosenColumns(request.table, all, request.orderBy ?? []);
    // One moment for the rows and their number, also when a load swaps meanwhile.
    await session.rows('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const select = canonicalSelect(options.schema, request.table, columns, order);
    const [count] = await session.rows(
      `SELECT count(*)::text AS rows FROM ${tableName(options.schema, request.table)}`,
    );
    try {
      await pipeline(await session.copyOut(`COPY (${select}) TO STDOUT ${CANONICAL_COPY}`), createWriteStream(path), {
        signal: context.signal,
      });
    } catch (error) {
      if (context.signal.aborted) throw new Cancelled();
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOSPC' || code === 'EACCES') throw error;
      throw targetError(error);
    }
    await session.rows('COMMIT');
    return {
      table: request.table,
      columns: columns.map((column) => column.name),
      rows: Number(count?.['rows']),
      unreadable: 0,
      problems: [],
    };
  });
}

/** Opens a session for the work, ends what it does when the user cancels, and says in a sentence what went wrong. */
async function withSession<T>(connection: ServerConnection, work: (session: ServerSession) => Promise<T>): Promise<T> {
  const { context, name } = connection;
  const options = inProject(connection.options, context.project);
  let session: ServerSession | null = null;
  const stop = (): void => {
    if (session !== null) cancelBackends(options, [session]).catch(() => undefined);
  };
  context.signal.addEventListener('abort', stop, { once: true });
  try {
    session = await ServerSession.open(options);
    if (context.signal.aborted) throw new Cancelled();
    return await work(session);
  } catch (error) {
    if (context.signal.aborted) throw new Cancelled();
    if (error instanceof TargetError)
      throw new UserError(`${name} (${options.host}:${options.port}): ${error.message} (${error.code}).`);
    throw error;
  } finally {
    context.signal.removeEventListener('abort', stop);
    await session?.end();
  }
}
