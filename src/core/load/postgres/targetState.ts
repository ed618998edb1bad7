import type { TargetState } from '../../connectors/loadReport.ts';
import { tableName } from '../targetSchema.ts';
import { type Backend, endBackends } from './backends.ts';
import { confirm } from './confirmation.ts';
import { schemaContent } from './loadSchemas.ts';
import type { ServerOptions } from './serverOptions.ts';
import { ServerSession } from './serverSession.ts';

/** What a fresh session finds in the target. */
export interface Seen {
  readonly state: TargetState;
  /** Rows by table; empty unless the load is complete. */
  readonly rows: ReadonlyMap<string, number>;
  /** A server process of this load that does not end: until it does, the state is unknown. Else null. */
  readonly lingering: number | null;
}

/** A server that was killed is given so long to come back. */
const TRIES = 8;
const PAUSE_MS = 500;

/**
 * Asks over a new connection whether the target holds this load. Null when the server does not answer within some
 * seconds. A load that is there is noted as seen.
 *
 * @param broken processes of sessions that broke; they are ended first, because one of them may be about to commit
 */
export async function askTargetState(
  options: ServerOptions,
  schema: string,
  runId: string,
  tables: readonly string[],
  broken: readonly Backend[] = [],
): Promise<Seen | null> {
  for (let tried = 0; tried < TRIES; tried += 1) {
    if (tried > 0) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    try {
      const session = await ServerSession.open(options);
      try {
        const lingering = await endBackends(session, broken);
        if (lingering !== null) return { state: 'unknown', rows: new Map(), lingering };
        return await look(session, schema, runId, tables);
      } finally {
        await session.end();
      }
    } catch {
      // Not yet; the caller says so when it stays like that.
    }
  }
  return null;
}

async function look(session: ServerSession, schema: string, runId: string, tables: readonly string[]): Promise<Seen> {
  const content = await schemaContent(session, schema);
  const rows = new Map<string, number>();
  if (content.kind !== 'load' || content.runId !== runId) return { state: 'as_before', rows, lingering: null };
  for (const table of tables) {
    const [count] = await session.rows(`SELECT count(*)::text AS rows FROM ${tableName(schema, table)}`);
    rows.set(table, Number(count?.['rows']));
  }
  await confirm(session, schema);
  return { state: 'complete', rows, lingering: null };
}
