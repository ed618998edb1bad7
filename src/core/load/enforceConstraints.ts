import type { IssueList } from './issueList.ts';
import { type SqlSession, TargetError } from './sqlSession.ts';
import {
  addConstraintSql,
  type Constraint,
  type LinkConstraint,
  type TargetTable,
  validateSql,
} from './targetSchema.ts';
import { addViolations } from './violations.ts';

/** Runs statements that may break a constraint, so that a failure leaves the session usable. */
export type Attempt = (session: SqlSession, sql: string) => Promise<void>;

/** SQLSTATEs of a constraint that the rows do not obey. */
const VIOLATED = new Set(['23502', '23503', '23505']);

/** The constraints that a table's own rows decide: mandatory values and keys. True when all of them hold. */
export async function enforceOwn(
  session: SqlSession,
  schema: string,
  table: TargetTable,
  attempt: Attempt,
  issues: IssueList,
): Promise<boolean> {
  const own = table.constraints.filter((constraint) => constraint.kind !== 'foreign_key');
  if (own.length === 0 || (await holds(session, addConstraintSql(schema, table.name, own), attempt))) return true;
  // Something is wrong; each one says for itself, so that all rows are named at once.
  for (const constraint of own) await addViolations(session, schema, table, constraint, issues);
  return false;
}

/** The links of a table, still unchecked. They can be added only when all keys hold. */
export async function addLinks(session: SqlSession, schema: string, table: TargetTable): Promise<void> {
  const links = linksOf(table);
  if (links.length > 0) await session.rows(addConstraintSql(schema, table.name, links, true));
}

/** Checks the links that `addLinks` added. True when all of them hold. */
export async function validateLinks(
  session: SqlSession,
  schema: string,
  table: TargetTable,
  attempt: Attempt,
  issues: IssueList,
): Promise<boolean> {
  let all = true;
  for (const link of linksOf(table)) {
    if (await holds(session, validateSql(schema, table.name, link), attempt)) continue;
    await addViolations(session, schema, table, link, issues);
    all = false;
  }
  return all;
}

/** Names the rows that break a link, when the keys do not hold and the links cannot be added at all. */
export async function listBrokenLinks(
  session: SqlSession,
  schema: string,
  table: TargetTable,
  issues: IssueList,
): Promise<void> {
  for (const link of linksOf(table)) await addViolations(session, schema, table, link, issues);
}

function linksOf(table: TargetTable): LinkConstraint[] {
  return table.constraints.filter((constraint: Constraint) => constraint.kind === 'foreign_key');
}

async function holds(session: SqlSession, sql: string, attempt: Attempt): Promise<boolean> {
  try {
    await attempt(session, sql);
    return true;
  } catch (error) {
    if (error instanceof TargetError && VIOLATED.has(error.code)) return false;
    throw error;
  }
}
