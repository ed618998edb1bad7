import type { Catalog, CatalogField } from '../catalog/catalog.ts';
import { sqlName } from '../contract/sqlName.ts';

/** How a table is reached from another: every step finds at most one row. */
export interface LinkedTable {
  readonly table: string;
  /** In the form of the contract's `joins`, e.g. `SPECMAST ON SPECMAST.SPEC_CD = CONSMAST.SPEC_CD`; outermost last. */
  readonly joins: readonly string[];
  /** False when a step rests on equal column names only, not on a declared foreign key. */
  readonly declared: boolean;
}

interface Step {
  readonly table: string;
  readonly join: string;
  readonly declared: boolean;
}

/** Farther tables are connected on paper, but rarely mean the same event. */
const MOST_STEPS = 2;

/**
 * Which source tables a row of a given table can be joined to without being multiplied: along foreign keys to a table's
 * single key, from a table whose single key is itself a link to this one, and, undeclared, along equal key names.
 * A table to which two different columns lead is left out, because only a person can say which one is meant.
 */
export class SourceLinks {
  readonly #source: Catalog;
  /** Table → its one key field. */
  readonly #keys: ReadonlyMap<string, CatalogField>;
  /** Key field name → tables with that single key. */
  readonly #keyNames = new Map<string, string[]>();
  /** Table and field linked to → tables whose single key is that link. */
  readonly #borrowed = new Map<string, CatalogField[]>();
  readonly #from = new Map<string, ReadonlyMap<string, LinkedTable>>();

  constructor(source: Catalog) {
    this.#source = source;
    const keys = new Map<string, CatalogField>();
    for (const name of source.tables.keys()) {
      const [key, ...more] = source.primaryKey(name);
      // A join clause begins with the bare name of its table.
      if (key !== undefined && more.length === 0 && !/[\s;'"]/.test(name)) keys.set(name, key);
    }
    this.#keys = keys;
    for (const key of keys.values()) {
      const link = key.foreignKey;
      if (link !== null) append(this.#borrowed, `${link.table}\u0000${link.field}`, key);
      else append(this.#keyNames, key.field.toUpperCase(), key.table);
    }
  }

  /** Tables that a row of `table` can be joined to, by name; without itself. */
  from(table: string): ReadonlyMap<string, LinkedTable> {
    const known = this.#from.get(table);
    if (known !== undefined) return known;
    const found = new Map<string, LinkedTable>();
    let edge: LinkedTable[] = [{ table, joins: [], declared: true }];
    for (let step = 0; step < MOST_STEPS; step += 1) {
      const next: LinkedTable[] = [];
      for (const here of edge) {
        for (const { table: there, join, declared } of this.#steps(here.table)) {
          if (there === table || found.has(there)) continue;
          const linked = { table: there, joins: [...here.joins, join], declared: here.declared && declared };
          found.set(there, linked);
          next.push(linked);
        }
      }
      edge = next;
    }
    this.#from.set(table, found);
    return found;
  }

  #steps(table: string): Step[] {
    const ways = new Map<string, Step[]>();
    for (const field of this.#source.table(table)?.fields ?? []) {
      const link = field.foreignKey;
      if (link !== null) {
        const key = this.#keys.get(link.table);
        if (key?.field === link.field && link.table !== table) append(ways, link.table, stepTo(key, field, true));
      } else if (!field.primaryKey || this.#keys.get(table) === undefined) {
        const [other, ...more] = this.#keyNames.get(field.field.toUpperCase()) ?? [];
        const key = other === undefined || more.length > 0 ? undefined : this.#keys.get(other);
        if (key !== undefined && key.table !== table && key.dataType === field.dataType)
          append(ways, key.table, stepTo(key, field, false));
      }
    }
    const own = this.#keys.get(table);
    if (own !== undefined)
      for (const key of this.#borrowed.get(`${table}\u0000${own.field}`) ?? [])
        if (key.table !== table) append(ways, key.table, stepTo(key, own, true));
    // Two ways to one table mean two different rows of it.
    return [...ways.values()].flatMap((steps) => (steps.length === 1 ? steps : []));
  }
}

function stepTo(key: CatalogField, from: CatalogField, declared: boolean): Step {
  const column = (field: CatalogField): string => `${sqlName(field.table)}.${sqlName(field.field)}`;
  const join = `${key.table} ON ${column(key)} = ${column(from)}`;
  return { table: key.table, join, declared };
}

function append<V>(map: Map<string, V[]>, key: string, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
