import type { CatalogField } from '../catalog/catalog.ts';
import type { Engine } from '../engine/engine.ts';
import { quoteIdentifier } from '../engine/sqlText.ts';
import { type DetectedFormat, formatsFor, likeliest, type ValueShape } from './formats.ts';

/**
 * A value is shown only when at least so many rows hold it: rarer ones could point at a person. Five is the threshold of
 * small number suppression that NHS England uses in its publications (its disclosure control guidance, read 2025).
 */
export const MIN_CELL_COUNT = 5;
/** Frequent values that are shown. */
const TOP_VALUES = 10;
/** Share of the filled cells that must fit a format. */
const LEAST_SHARE = 0.95;
/** Longer than any value of a format. */
const LONGEST_SHAPE = 255;

/** What the data of one column look like. Empty cells are nulls. */
export interface ColumnFacts {
  readonly rows: number;
  readonly nulls: number;
  readonly distinct: number;
  /**
   * Over values that at least `MIN_CELL_COUNT` rows hold; empty when there is none. As written, but in the order of the
   * format: numbers by size, days by calendar, and then only of values that fit it.
   */
  readonly min: string;
  readonly max: string;
  readonly minLength: number | null;
  readonly maxLength: number | null;
  readonly top: readonly (readonly [value: string, count: number])[];
  readonly format: string;
  /** Share of the filled cells that fit the format. */
  readonly share: number;
  /** What a person should know beside the numbers; never a value. */
  readonly notes: readonly string[];
}

/** Counts of the column's values: `v`, `n`. Everything is asked of them, so that no question reads all rows again. */
const COUNTED = 'counted';
const SHOWN = `n >= ${MIN_CELL_COUNT}`;

/** Profiles one column of a loaded table of `rows` rows. Wide catalogs have many small columns: few queries each. */
export async function profileColumn(
  engine: Engine,
  table: string,
  field: CatalogField,
  rows: number,
): Promise<ColumnFacts> {
  const column = quoteIdentifier(field.field);
  await engine.run(
    `CREATE OR REPLACE TEMP TABLE ${COUNTED} AS SELECT ${column} AS v, count(*) AS n FROM ${table} WHERE ${column} <> '' GROUP BY ${column}`,
  );
  const shapes = await shapesOf(engine);
  const filled = sum(shapes, 'cells');
  const fitting = await fittingFormats(engine, shapes, filled);
  const found = likeliest(fitting, field);
  const shown = sum(shapes, 'frequent') > 0 ? await shownValues(engine, found?.format) : NOTHING_SHOWN;
  const facts = {
    rows,
    nulls: rows - filled,
    distinct: sum(shapes, 'distinct'),
    ...shown,
    minLength: filled === 0 ? null : Math.min(...shapes.map(({ shortest }) => shortest)),
    maxLength: filled === 0 ? null : Math.max(...shapes.map(({ longest }) => longest)),
    format: found?.format.name ?? '',
    // Rounded down: 1 means every cell.
    share: found === undefined ? 0 : Math.floor(found.share * 1000) / 1000,
  };
  const couldBe = fitting.flatMap(({ format }) =>
    format === found?.format || format.couldBe === undefined ? [] : [format.couldBe],
  );
  return { ...facts, notes: [...notesOf(field, facts), ...couldBe] };
}

/** Frees the counts of the last column. */
export async function dropCounts(engine: Engine): Promise<void> {
  await engine.run(`DROP TABLE IF EXISTS ${COUNTED}`);
}

interface Shape extends ValueShape {
  readonly distinct: number;
  /** Distinct values that may be shown. */
  readonly frequent: number;
  readonly shortest: number;
  readonly longest: number;
}

async function shapesOf(engine: Engine): Promise<Shape[]> {
  const rows = await engine.rows(
    `SELECT least(length(v), ${LONGEST_SHAPE})::DOUBLE AS capped, regexp_full_match(v, '\\d+') AS digits,
     sum(n)::DOUBLE AS cells, count(*)::DOUBLE AS distinct_values, count(*) FILTER (WHERE ${SHOWN})::DOUBLE AS frequent,
     min(length(v))::DOUBLE AS shortest, max(length(v))::DOUBLE AS longest FROM ${COUNTED} GROUP BY 1, 2`,
  );
  return rows.map((row) => ({
    length: Number(row['capped']),
    digits: row['digits'] === true,
    cells: Number(row['cells']),
    distinct: Number(row['distinct_values']),
    frequent: Number(row['frequent']),
    shortest: Number(row['shortest']),
    longest: Number(row['longest']),
  }));
}

function sum(shapes: readonly Shape[], of: 'cells' | 'distinct' | 'frequent'): number {
  return shapes.reduce((total, shape) => total + shape[of], 0);
}

/** Formats that nearly all filled cells fit, the most specific first. */
async function fittingFormats(
  engine: Engine,
  shapes: readonly ValueShape[],
  filled: number,
): Promise<{ format: DetectedFormat; share: number }[]> {
  const formats = formatsFor(shapes, filled * LEAST_SHARE);
  if (formats.length === 0) return [];
  const counts = formats.map(({ sql }, index) => `coalesce(sum(n) FILTER (WHERE ${sql}), 0)::DOUBLE AS f${index}`);
  const [fit = {}] = await engine.rows(`SELECT ${counts.join(', ')} FROM ${COUNTED}`);
  return formats
    .map((format, index) => ({ format, share: Number(fit[`f${index}`]) / filled }))
    .filter(({ share }) => share >= LEAST_SHARE);
}

type ShownValues = Pick<ColumnFacts, 'min' | 'max' | 'top'>;
const NOTHING_SHOWN: ShownValues = { min: '', max: '', top: [] };

/** The only place where values leave the engine. */
async function shownValues(engine: Engine, format: DetectedFormat | undefined): Promise<ShownValues> {
  const fits = format?.order === undefined ? '' : ` WHERE (${format.sql})`;
  const extreme = (direction: 'ASC' | 'DESC'): string =>
    `(SELECT v FROM shown${fits} ORDER BY ${format?.order === undefined ? '' : `${format.order} ${direction}, `}v ${direction} LIMIT 1)`;
  const [row = {}] = await engine.rows(
    `WITH shown AS MATERIALIZED (SELECT v, n FROM ${COUNTED} WHERE ${SHOWN}),
     top AS (SELECT v, n FROM shown ORDER BY n DESC, v LIMIT ${TOP_VALUES})
     SELECT ${extreme('ASC')} AS least, ${extreme('DESC')} AS greatest,
     (SELECT to_json(list([v, n::VARCHAR] ORDER BY n DESC, v))::VARCHAR FROM top) AS top`,
  );
  const top = JSON.parse(String(row['top'])) as [string, string][];
  return {
    min: String(row['least'] ?? ''),
    max: String(row['greatest'] ?? ''),
    top: top.map(([value, count]) => [value, Number(count)]),
  };
}

/** Where the data do not keep what the catalog says of the field. */
function notesOf(field: CatalogField, facts: Pick<ColumnFacts, 'rows' | 'nulls' | 'distinct' | 'maxLength'>): string[] {
  const { rows, nulls, distinct, maxLength } = facts;
  const notes: string[] = [];
  if (rows > 0 && nulls === rows) notes.push('always empty');
  if (field.mandatory && nulls > 0) notes.push('declared mandatory, but has empty cells');
  if (field.length !== null && maxLength !== null && maxLength > field.length)
    notes.push(`longer than the declared ${field.length} characters`);
  if (field.primaryKey && distinct < rows - nulls) notes.push('part of the declared key; values repeat');
  return notes;
}
