import { quoteLiteral } from '../../engine/sqlText.ts';
import type { SqlSession } from '../sqlSession.ts';

/** A process of the server that works for one of our sessions. A number alone may be another's after a restart. */
export interface Backend {
  readonly pid: number;
  readonly startedAt: string;
}

/** The query that tells which process works for the session that asks. */
export const OWN_BACKEND =
  'SELECT a.pid::text AS pid, extract(epoch FROM a.backend_start)::text AS started FROM pg_catalog.pg_stat_activity a WHERE a.pid = pg_catalog.pg_backend_pid()';

const PAUSE_MS = 100;
const WAIT_MS = 4000;

/**
 * Ends processes that still work for sessions which broke: the client may have lost one while it commits, and before it
 * is gone nobody can say what becomes of its transaction.
 *
 * @returns null when all of them are gone, or the number of one that is not
 */
export async function endBackends(session: SqlSession, backends: readonly Backend[]): Promise<number | null> {
  if (backends.length === 0) return null;
  const known = backends.map(({ pid, startedAt }) => `(${Math.trunc(pid)}, ${quoteLiteral(startedAt)})`);
  const alive = `SELECT a.pid::text AS pid, pg_terminate_backend(a.pid) FROM pg_stat_activity a WHERE (a.pid, extract(epoch FROM a.backend_start)::text) IN (${known.join(', ')})`;
  for (let waited = 0; ; waited += PAUSE_MS) {
    const [first] = await session.rows(alive);
    if (first === undefined) return null;
    if (waited >= WAIT_MS) return Number(first['pid']);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
