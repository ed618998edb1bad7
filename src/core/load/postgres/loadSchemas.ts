import { quoteIdentifier, quoteLiteral } from '../../engine/sqlText.ts';
import { UserError } from '../../shared/errors.ts';
import type { SqlSession } from '../sqlSession.ts';
import { tableName } from '../targetSchema.ts';

/** Tables of the load itself, which stand beside the target's tables. */
export const LOAD_TABLE = '_pas_migration_load';
export const BATCH_TABLE = '_pas_migration_batch';

/** The three schemas of a target: what users see, what is being loaded, and what users saw before the last load. */
export interface LoadSchemas {
  readonly target: string;
  readonly staging: string;
  readonly previous: string;
}

export function loadSchemas(schema: string): LoadSchemas {
  return { target: schema, staging: `${schema}_staging`, previous: `${schema}_previous` };
}

/** What stands in a schema: nothing, the tables of a load, or something else, which is left alone. */
export type SchemaContent =
  | { readonly kind: 'none' }
  | { readonly kind: 'empty' }
  | {
      readonly kind: 'load';
      readonly loadKey: string;
      readonly runId: string;
      /** When its rows took the place of those before, in UTC; empty while they wait in staging. */
      readonly loadedAt: string;
      /** The load that swapped it in has seen it there. */
      readonly confirmed: boolean;
    }
  | { readonly kind: 'foreign' };

export async function schemaContent(session: SqlSession, schema: string): Promise<SchemaContent> {
  const [found] = await session.rows(
    `SELECT (SELECT count(*) FROM pg_class c WHERE c.relnamespace = n.oid)::text AS objects, (SELECT count(*) FROM pg_class c WHERE c.relnamespace = n.oid AND c.relname = ${quoteLiteral(LOAD_TABLE)})::text AS marked FROM pg_namespace n WHERE n.nspname = ${quoteLiteral(schema)}`,
  );
  if (found === undefined) return { kind: 'none' };
  if (found['marked'] === '0') return { kind: found['objects'] === '0' ? 'empty' : 'foreign' };
  const [load] = await session.rows(
    `SELECT l.*, to_char(l.loaded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS loaded_utc FROM ${tableName(schema, LOAD_TABLE)} l`,
  );
  return {
    kind: 'load',
    loadKey: load?.['load_key'] ?? '',
    runId: load?.['run_id'] ?? '',
    loadedAt: load?.['loaded_utc'] ?? '',
    // A load of an earlier version has no such column; it is as good as seen.
    confirmed: load?.['confirmed_at'] !== null,
  };
}

/** Refuses schemas that hold what this tool did not make: their place must not be taken. */
export async function requireOwnSchemas(session: SqlSession, schemas: LoadSchemas): Promise<void> {
  for (const schema of [schemas.target, schemas.staging, schemas.previous])
    if ((await schemaContent(session, schema)).kind === 'foreign')
      throw new UserError(
        `The schema ${schema} holds tables that no load made; set schema to a name of its own, or move them away.`,
      );
}

/** Drops a schema of a load. Views and the like that others built on its tables stop this, instead of going with them. */
export async function dropLoadSchema(session: SqlSession, schema: string): Promise<void> {
  if ((await schemaContent(session, schema)).kind === 'none') return;
  const tables = await session.rows(
    `SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ${quoteLiteral(schema)} AND c.relkind IN ('r', 'p') ORDER BY 1`,
  );
  const names = tables.map((table) => tableName(schema, table['relname'] ?? ''));
  if (names.length > 0) await session.rows(`DROP TABLE ${names.join(', ')}`);
  await session.rows(`DROP SCHEMA ${quoteIdentifier(schema)}`);
}

/**
 * Lets the same people read the new tables who could read the old ones: rights on the schema and on tables of the same
 * name are given again. Runs in the transaction of the swap.
 */
export async function copyRights(session: SqlSession, from: string, to: string): Promise<void> {
  const grantee = `CASE WHEN acl.grantee = 0 THEN 'PUBLIC' ELSE format('%I', pg_get_userbyid(acl.grantee)) END`;
  const option = `CASE WHEN acl.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END`;
  const statements = await session.rows(
    `SELECT format('GRANT %s ON SCHEMA %I TO %s%s', acl.privilege_type, ${quoteLiteral(to)}, ${grantee}, ${option}) AS sql FROM pg_namespace n, aclexplode(n.nspacl) acl WHERE n.nspname = ${quoteLiteral(from)} AND acl.grantee <> n.nspowner
     UNION ALL
     SELECT format('GRANT %s ON TABLE %I.%I TO %s%s', acl.privilege_type, ${quoteLiteral(to)}, c.relname, ${grantee}, ${option}) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = ${quoteLiteral(from)} JOIN pg_class t ON t.relname = c.relname AND t.relkind = 'r' JOIN pg_namespace tn ON tn.oid = t.relnamespace AND tn.nspname = ${quoteLiteral(to)}, aclexplode(c.relacl) acl WHERE c.relkind = 'r' AND acl.grantee <> c.relowner`,
  );
  for (const { sql } of statements) if (sql !== null && sql !== undefined) await session.rows(sql);
}

/** Only one load at a time may work on a schema: held by the session until it ends. @throws UserError when taken */
export async function lockSchema(session: SqlSession, schema: string): Promise<void> {
  const key = `hashtextextended(${quoteLiteral(`pas-migration load ${schema}`)}, 0)`;
  const [row] = await session.rows(`SELECT pg_try_advisory_lock(${key})::text AS taken`);
  if (row?.['taken'] === 'true') return;
  const [holder] = await session.rows(
    `SELECT l.pid::text AS pid, to_char(a.backend_start, 'YYYY-MM-DD HH24:MI') AS since FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND ((l.classid::bigint << 32) | l.objid::bigint) = ${key}`,
  );
  throw new UserError(
    `Another load into the schema ${schema} is running (server process ${holder?.['pid'] ?? '?'}, since ${holder?.['since'] ?? '?'}); wait for it, or end it there.`,
  );
}
