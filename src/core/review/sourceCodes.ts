import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../engine/engine.ts';
import { quoteIdentifier, quoteLiteral } from '../engine/sqlText.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';

/** A column with more values than these is no code column. */
const MOST_CODES = 500;

/**
 * The values that a source column holds in the mock or extracted source data, sorted; what a new crosswalk starts from.
 * Empty when there is no data yet, when the column is not in it, or when it holds too many values to be codes.
 */
export async function sourceCodes(project: Project, table: string, field: string, engine: Engine): Promise<string[]> {
  if (!/^[\w$-]+$/.test(table)) return [];
  const path = project.at(join(ARTEFACTS.mockSource, `${table}.csv`));
  const there = await stat(path).catch(() => null);
  if (there === null || field === '') return [];
  const column = quoteIdentifier(field);
  const rows = await engine
    .rows(
      `SELECT DISTINCT ${column} AS code FROM read_csv(${quoteLiteral(path)}, all_varchar = true, header = true)
       WHERE ${column} IS NOT NULL AND ${column} <> '' ORDER BY code LIMIT ${MOST_CODES + 1}`,
    )
    .catch(() => []);
  return rows.length > MOST_CODES ? [] : rows.map((row) => String(row['code']));
}
