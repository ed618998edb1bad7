import { quoteIdentifier, quoteLiteral } from '../../engine/sqlText.ts';
import { type TargetTable, tableName } from '../targetSchema.ts';
import { BATCH_TABLE, copyRights, dropLoadSchema, LOAD_TABLE, type LoadSchemas, schemaContent } from './loadSchemas.ts';
import type { ServerSession } from './serverSession.ts';

/**
 * Makes the staged tables the target's, in one transaction: the target becomes `previous` (the one before that is
 * dropped), staging becomes the target. `replaced` tells whether there was an earlier load to keep. Renaming a schema touches no row and waits for no reader.
 */
export async function swapSchemas(
  session: ServerSession,
  schemas: LoadSchemas,
  tables: readonly TargetTable[],
): Promise<{ readonly replaced: boolean }> {
  const { target, staging, previous } = schemas;
  await session.rows('BEGIN');
  try {
    // The server may lose batches that it said were committed, but not the swap.
    await session.rows('SET LOCAL synchronous_commit = on');
    await session.rows(
      [
        ...tables.map(({ name }) => `ALTER TABLE ${tableName(staging, name)} RESET (autovacuum_enabled)`),
        `DROP TABLE ${tableName(staging, BATCH_TABLE)}`,
        `UPDATE ${tableName(staging, LOAD_TABLE)} SET loaded_at = now()`,
        `COMMENT ON SCHEMA ${quoteIdentifier(staging)} IS ${quoteLiteral('Loaded by pas-migration; every load takes the place of the whole schema.')}`,
      ].join('; '),
    );
    const content = (await schemaContent(session, target)).kind;
    // An empty schema that somebody made for the load holds nothing worth keeping, but its rights.
    if (content !== 'none') {
      await copyRights(session, target, staging);
      await dropLoadSchema(session, previous);
      await session.rows(`ALTER SCHEMA ${quoteIdentifier(target)} RENAME TO ${quoteIdentifier(previous)}`);
    }
    await session.rows(`ALTER SCHEMA ${quoteIdentifier(staging)} RENAME TO ${quoteIdentifier(target)}`);
    await session.rows('COMMIT');
    return { replaced: content === 'load' };
  } catch (error) {
    await session.rows('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
