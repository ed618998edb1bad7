import type { Engine } from '../engine/engine.ts';
import { quoteIdentifier } from '../engine/sqlText.ts';
import type { RowSetPlan } from './plan.ts';
import { sourceTable } from './renderRowSet.ts';

/** Aliases of joins whose key repeats in the joined table: their rows cannot be told apart, so matching rows are held. */
export async function ambiguousJoins(engine: Engine, rowSet: RowSetPlan): Promise<Set<string>> {
  const ambiguous = new Set<string>();
  for (const join of rowSet.joins) {
    const keys = join.pairs.map((pair) => quoteIdentifier(pair.column));
    const filled = keys.map((key) => `${key} IS NOT NULL`).join(' AND ');
    const found = await engine.rows(
      `SELECT 1 AS n FROM ${sourceTable(join.table)} WHERE ${filled} GROUP BY ${keys.join(', ')} HAVING count(*) > 1 LIMIT 1`,
    );
    if (found.length > 0) ambiguous.add(join.alias);
  }
  return ambiguous;
}
