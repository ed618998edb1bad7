import type { CatalogField } from '../catalog/catalog.ts';
import type { Engine } from '../engine/engine.ts';
import { quoteIdentifier } from '../engine/sqlText.ts';
import { type DetectedFormat, formatsFor, isSpokenOf, type ValueShape } from './formats.ts';

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

/** Profiles one column of a loaded table of `rows` rows. */
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
  const [counts = {}] = await engine.rows(
    `SELECT coalesce(sum(n), 0)::DOUBLE AS filled, count(*)::DOUBLE AS distinct_values,
     min(length(v))::DOUBLE AS shortest, max(length(v))::DOUBLE AS longest FROM ${COUNTED}`,
  );
  const filled = Number(counts['filled']);
  const top = await engine.rows(
    `SELECT v, n::DOUBLE AS n FROM ${COUNTED} WHERE ${SHOWN} ORDER BY n DESC, v LIMIT ${TOP_VALUES}`,
  );
  const fitting = await fittingFormats(engine, filled);
  const found = fitting.find(({ format }) => isSpokenOf(format, field));
  const order = found?.format.order === undefined ? undefined : found.format;
  const facts = {
    rows,
    nulls: rows - filled,
    distinct: Number(counts['distinct_values']),
    min: await extreme(engine, 'ASC', order),
    max: await extreme(engine, 'DESC', order),
    minLength: filled === 0 ? null : Number(counts['shortest']),
    maxLength: filled === 0 ? null : Number(counts['longest']),
    top: top.map((row) => [String(row['v']), Number(row['n'])] as const),
    format: found?.format.name ?? '',
    // Rounded down: 1 means every cell.
    share: found === undefined ? 0 : Math.floor(found.share * 1000) / 1000,
  };
  await engine.run(`DROP TABLE ${COUNTED}`);
  const couldBe = fitting.flatMap(({ format }) =>
    format === found?.format || format.couldBe === undefined ? [] : [format.couldBe],
  );
  return { ...facts, notes: [...notesOf(field, facts), ...couldBe] };
}

/** Formats that nearly all filled cells fit, the most specific first. */
async function fittingFormats(engine: Engine, filled: number): Promise<{ format: DetectedFormat; share: number }[]> {
  if (filled === 0) return [];
  const shapes = await engine.rows(
    `SELECT least(length(v), ${LONGEST_SHAPE})::DOUBLE AS length, regexp_full_match(v, '\\d+') AS digits, sum(n)::DOUBLE AS cells FROM ${COUNTED} GROUP BY ALL`,
  );
  const formats = formatsFor(
    shapes.map((row): ValueShape => {
      return { length: Number(row['length']), digits: row['digits'] === true, cells: Number(row['cells']) };
    }),
    filled * LEAST_SHARE,
  );
  if (formats.length === 0) return [];
  const counts = formats.map(({ sql }, index) => `coalesce(sum(n) FILTER (WHERE ${sql}), 0)::DOUBLE AS f${index}`);
  const [fit = {}] = await engine.rows(`SELECT ${counts.join(', ')} FROM ${COUNTED}`);
  return formats
    .map((format, index) => ({ format, share: Number(fit[`f${index}`]) / filled }))
    .filter(({ share }) => share >= LEAST_SHARE);
}

async function extreme(engine: Engine, direction: 'ASC' | 'DESC', format: DetectedFormat | undefined): Promise<string> {
  const fits = format === undefined ? '' : ` AND (${format.sql})`;
  const by = format?.order === undefined ? '' : `${format.order} ${direction}, `;
  const [row] = await engine.rows(
    `SELECT v FROM ${COUNTED} WHERE ${SHOWN}${fits} ORDER BY ${by}v ${direction} LIMIT 1`,
  );
  return String(row?.['v'] ?? '');
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
