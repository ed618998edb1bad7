import type { SqlSession } from '../sqlSession.ts';
import { TargetError } from '../sqlSession.ts';
import { tableName } from '../targetSchema.ts';
import { LOAD_TABLE, schemaContent } from './loadSchemas.ts';

/**
 * The run of an earlier attempt to load the very same files whose swap went through, but which was cut off before it
 * could see that; null when the target holds anything else. To load such files once more would put these very rows in
 * the place of those from before.
 */
export async function unconfirmedRun(session: SqlSession, target: string, loadKey: string): Promise<string | null> {
  const content = await schemaContent(session, target);
  return content.kind === 'load' && content.loadKey === loadKey && !content.confirmed ? content.runId : null;
}

/** Notes that the rows were seen in the target. Where that fails, the next load of the same files looks again. */
export async function confirm(session: SqlSession, target: string): Promise<void> {
  try {
    // It waits for no standby: the swap did, and this is only a note.
    await session.rows(
      `BEGIN; SET LOCAL synchronous_commit = off; UPDATE ${tableName(target, LOAD_TABLE)} SET confirmed_at = now(); COMMIT`,
    );
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    await session.rows('ROLLBACK').catch(() => undefined);
  }
}
