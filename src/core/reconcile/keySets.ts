import type { CatalogTable } from '../catalog/catalog.ts';
import type { Engine } from '../engine/engine.ts';
import { quoteIdentifier } from '../engine/sqlText.ts';
import { comparable } from './controlTotals.ts';

/** Rows of one kind that are named; all are counted. */
export const MOST_NAMED = 1000;

/** Rows that only one side has, and cells that differ in rows that both have. Keys only, no values. */
export interface KeyDifferences {
  readonly missing: RowList;
  readonly unexpected: RowList;
  /** By field: rows whose value differs. */
  readonly changed: readonly { readonly field: string; readonly rows: RowList }[];
}

export interface RowList {
  readonly count: number;
  readonly keys: readonly string[];
}

const KEY = '__key';

/**
 * Compares the rows of both sides by the target's primary key; a table without one is compared by its whole rows.
 *
 * @param source, target tables of the engine with the catalog's columns as text
 */
export async function compareKeys(
  engine: Engine,
  table: CatalogTable,
  source: string,
  target: string,
): Promise<KeyDifferences> {
  const keys = table.fields.filter((field) => field.primaryKey);
  if (keys.length === 0) return compareRows(engine, table, source, target);
  const others = table.fields.filter((field) => !field.primaryKey);
  const key = keys.map((field) => `coalesce(${comparable(field)}, '')`).join(` || '|' || `);
  const side = (from: string): string =>
    `SELECT ${key} AS ${KEY}, TRUE AS __there${others.map((field) => `, ${comparable(field)} AS ${quoteIdentifier(field.field)}`).join('')} FROM ${from}`;
  const differs = others.map((field) => {
    const name = quoteIdentifier(field.field);
    return `e.__there AND t.__there AND e.${name} IS DISTINCT FROM t.${name}`;
  });
  const flags = differs.map((sql, index) => `coalesce(${sql}, FALSE) AS d${index}`);
  await engine.run('DROP TABLE IF EXISTS compared');
  await engine.run(
    `CREATE TABLE compared AS SELECT coalesce(e.${KEY}, t.${KEY}) AS ${KEY}, t.__there IS NULL AS missing, e.__there IS NULL AS unexpected${flags.map((flag) => `, ${flag}`).join('')} FROM (${side(source)}) e FULL OUTER JOIN (${side(target)}) t ON e.${KEY} = t.${KEY}`,
  );
  const changed = [];
  for (const [index, field] of others.entries()) {
    const rows = await rowsWhere(engine, `d${index}`);
    if (rows.count > 0) changed.push({ field: field.field, rows });
  }
  return { missing: await rowsWhere(engine, 'missing'), unexpected: await rowsWhere(engine, 'unexpected'), changed };
}

async function rowsWhere(engine: Engine, flag: string): Promise<RowList> {
  const [counted] = await engine.rows(`SELECT count(*)::DOUBLE AS n FROM compared WHERE ${flag}`);
  const count = Number(counted?.['n'] ?? 0);
  if (count === 0) return { count, keys: [] };
  const rows = await engine.rows(`SELECT ${KEY} FROM compared WHERE ${flag} ORDER BY ${KEY} LIMIT ${MOST_NAMED}`);
  return { count, keys: rows.map((row) => String(row[KEY])) };
}

/** Without a key a row is known by all of its cells: what differs is missing here and unexpected there. */
async function compareRows(
  engine: Engine,
  table: CatalogTable,
  source: string,
  target: string,
): Promise<KeyDifferences> {
  const row = table.fields.map((field) => `coalesce(${comparable(field)}, chr(30))`).join(', ');
  const counted = (from: string): string =>
    `SELECT md5(concat_ws(chr(31), ${row}, '')) AS h, count(*) AS n FROM ${from} GROUP BY 1`;
  const [sums] = await engine.rows(
    `SELECT coalesce(sum(greatest(coalesce(e.n, 0) - coalesce(t.n, 0), 0)), 0)::DOUBLE AS missing, coalesce(sum(greatest(coalesce(t.n, 0) - coalesce(e.n, 0), 0)), 0)::DOUBLE AS unexpected FROM (${counted(source)}) e FULL OUTER JOIN (${counted(target)}) t ON e.h = t.h`,
  );
  const list = (count: number): RowList => ({ count, keys: [] });
  return { missing: list(Number(sums?.['missing'])), unexpected: list(Number(sums?.['unexpected'])), changed: [] };
}
