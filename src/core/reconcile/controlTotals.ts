import type { CatalogField, CatalogTable } from '../catalog/catalog.ts';
import type { Engine } from '../engine/engine.ts';
import { quoteIdentifier } from '../engine/sqlText.ts';
import { typedCell } from '../load/rowChecksum.ts';

/** One figure that must be the same on both sides. */
export interface ControlTotal {
  readonly table: string;
  /** Empty for figures of the whole table. */
  readonly field: string;
  /** `rows`, `distinct_keys`, `filled`, `sum`, `sum_of_ordinals`, `distinct`, `hash_total`. */
  readonly measure: string;
  readonly source: string;
  readonly target: string;
}

interface Measure {
  readonly field: string;
  readonly measure: string;
  readonly sql: string;
}

/** A cell in one form for both sides: `007` and `7` of a number are one value. */
export function comparable(field: CatalogField): string {
  const name = quoteIdentifier(field.field);
  const typed = typedCell(field);
  return typed === null ? name : `coalesce(CAST(${typed} AS VARCHAR), ${name})`;
}

/**
 * The figures of a table (brief, reconciliation): rows, keys, filled cells, sums of numbers, sums of the ordinals of days,
 * distinct NHS numbers, and a hash total of every text.
 */
function measuresOf(table: CatalogTable): Measure[] {
  const keys = table.fields.filter((field) => field.primaryKey);
  const measures: Measure[] = [{ field: '', measure: 'rows', sql: 'count(*)' }];
  if (keys.length > 0)
    measures.push({ field: '', measure: 'distinct_keys', sql: `count(DISTINCT (${keys.map(comparable).join(', ')}))` });
  for (const field of table.fields) {
    const name = quoteIdentifier(field.field);
    const add = (measure: string, sql: string): void => void measures.push({ field: field.field, measure, sql });
    add('filled', `count(${name})`);
    if (field.concept === 'nhs_number') add('distinct', `count(DISTINCT ${name})`);
    switch (field.dataType) {
      case 'INTEGER':
      case 'DECIMAL':
        add('sum', `coalesce(sum(${typedCell(field) ?? name}), 0)`);
        break;
      case 'DATE':
      case 'DATETIME':
        add(
          'sum_of_ordinals',
          `coalesce(sum(date_diff('day', DATE '1840-12-31', CAST(TRY_CAST(${name} AS TIMESTAMP) AS DATE))), 0)`,
        );
        break;
      default:
        add('hash_total', `coalesce(sum(hash(${comparable(field)})::HUGEINT), 0) % 1000000000000`);
    }
  }
  return measures;
}

/** Columns in one query: an engine takes many, a reader of its plan does not. */
const AT_ONCE = 200;

/** The figures of both sides; `source` and `target` are tables of the engine with the catalog's columns as text. */
export async function controlTotals(
  engine: Engine,
  table: CatalogTable,
  source: string,
  target: string,
): Promise<ControlTotal[]> {
  const measures = measuresOf(table);
  const totals: ControlTotal[] = [];
  for (let at = 0; at < measures.length; at += AT_ONCE) {
    const part = measures.slice(at, at + AT_ONCE);
    const list = part.map(({ sql }, index) => `CAST(${sql} AS VARCHAR) AS m${index}`).join(', ');
    const [here] = await engine.rows(`SELECT ${list} FROM ${source}`);
    const [there] = await engine.rows(`SELECT ${list} FROM ${target}`);
    for (const [index, { field, measure }] of part.entries())
      totals.push({
        table: table.name,
        field,
        measure,
        source: String(here?.[`m${index}`]),
        target: String(there?.[`m${index}`]),
      });
  }
  return totals;
}
