import type { CatalogField } from '../catalog/catalog.ts';
import type { Engine } from '../engine/engine.ts';
import { quoteIdentifier } from '../engine/sqlText.ts';
import { formatsFor } from './formats.ts';

/**
 * A value is shown only when at least so many rows hold it: rarer ones could point at a person. Five is the threshold of
 * small number suppression that NHS England uses in its publications (its disclosure control guidance, read 2025).
 */
export const MIN_CELL_COUNT = 5;
/** Frequent values that are shown. */
const TOP_VALUES = 10;
/** Share of the filled cells that must fit a format. */
const LEAST_SHARE = 0.95;

/** What the data of one column look like. Empty cells are nulls. */
export interface ColumnFacts {
  readonly rows: number;
  readonly nulls: number;
  readonly distinct: number;
  /** Over values that at least `MIN_CELL_COUNT` rows hold; empty when there is none. As text. */
  readonly min: string;
  readonly max: string;
  readonly minLength: number | null;
  readonly maxLength: number | null;
  readonly top: readonly (readonly [value: string, count: number])[];
  readonly format: string;
  /** Share of the filled cells that fit the format. */
  readonly share: number;
}

/** Profiles one column of a loaded table. Values are counted once in the engine; everything else is asked of the counts. */
export async function profileColumn(engine: Engine, table: string, field: CatalogField): Promise<ColumnFacts> {
  const column = quoteIdentifier(field.field);
  await engine.run(
    `CREATE OR REPLACE TEMP TABLE counted AS SELECT ${column} AS v, count(*) AS n FROM ${table} WHERE ${column} <> '' GROUP BY ${column}`,
  );
  const shown = `FILTER (WHERE n >= ${MIN_CELL_COUNT})`;
  const [facts = {}] = await engine.rows(
    `WITH top AS (SELECT v, n FROM counted WHERE n >= ${MIN_CELL_COUNT} ORDER BY n DESC, v LIMIT ${TOP_VALUES})
     SELECT (SELECT count(*)::DOUBLE FROM ${table}) AS rows, coalesce(sum(n), 0)::DOUBLE AS filled, count(*)::DOUBLE AS distinct_values,
     min(v) ${shown} AS least, max(v) ${shown} AS most, min(length(v))::DOUBLE AS shortest, max(length(v))::DOUBLE AS longest,
     (SELECT to_json(list([v, n::VARCHAR] ORDER BY n DESC, v))::VARCHAR FROM top) AS top FROM counted`,
  );
  const formats = formatsFor(field, Number(facts['shortest'] ?? 0), Number(facts['longest'] ?? 0));
  const fits = formats.map(({ sql }, index) => `coalesce(sum(n) FILTER (WHERE ${sql}), 0)::DOUBLE AS f${index}`);
  const [fitting = {}] = fits.length === 0 ? [] : await engine.rows(`SELECT ${fits.join(', ')} FROM counted`);
  const top = JSON.parse(String(facts['top'] ?? '[]')) as [string, string][] | null;
  const filled = Number(facts['filled']);
  const shares = formats.map(({ name }, index) => ({
    name,
    share: filled === 0 ? 0 : Number(fitting[`f${index}`]) / filled,
  }));
  const found = shares.find(({ share }) => share >= LEAST_SHARE);
  return {
    rows: Number(facts['rows']),
    nulls: Number(facts['rows']) - filled,
    distinct: Number(facts['distinct_values']),
    min: String(facts['least'] ?? ''),
    max: String(facts['most'] ?? ''),
    minLength: filled === 0 ? null : Number(facts['shortest']),
    maxLength: filled === 0 ? null : Number(facts['longest']),
    top: (top ?? []).map(([value, count]) => [value, Number(count)]),
    format: found?.name ?? '',
    share: found === undefined ? 0 : Math.round(found.share * 1000) / 1000,
  };
}
