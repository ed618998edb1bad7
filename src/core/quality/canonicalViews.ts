import type { CatalogSide } from '../catalog/catalog.ts';
import { conceptOf } from '../concepts/vocabulary.ts';
import { quoteIdentifier, quoteLiteral } from '../engine/sqlText.ts';
import { groupBy } from '../shared/order.ts';
import { type CanonicalTable, canonicalType, schemaOf } from './canonical.ts';
import type { Need, Rule } from './rule.ts';

/** `PMI.nhs_number` or `src.PMI.nhs_number`, taken apart. */
export interface ColumnNeed {
  readonly side: CatalogSide;
  readonly family: string;
  readonly concept: string;
}

/** Null for a table of evidence (`@rejects`). Throws on a concept the vocabulary lacks: that is a bug in a rule. */
export function parseNeed(need: Need): ColumnNeed | null {
  if (need.startsWith('@')) return null;
  const parts = need.split('.');
  const side: CatalogSide = parts[0] === 'src' ? 'source' : 'target';
  const [family = '', concept = ''] = side === 'source' ? parts.slice(1) : parts;
  const built = concept === 'key' || concept === 'source_key';
  if (!built && conceptOf(family, concept) === undefined) {
    throw new Error(`A quality rule needs ${need}, which the vocabulary does not have.`);
  }
  return { side, family, concept };
}

/** `src_pmi` or `pmi`. */
export function viewName(side: CatalogSide, family: string): string {
  return `${side === 'source' ? 'src_' : ''}${family.toLowerCase()}`;
}

/** What the rules can see, and the statements that build it. */
export class CanonicalViews {
  readonly #tables: ReadonlyMap<string, readonly CanonicalTable[]>;
  /** View → concepts some rule speaks of. */
  readonly #concepts: ReadonlyMap<string, readonly ColumnNeed[]>;

  /** @param tables the tables that were imported @param rules those that will run */
  constructor(tables: readonly CanonicalTable[], rules: readonly Rule[]) {
    this.#tables = groupBy(tables, (table) => viewName(table.side, table.family));
    const needs = rules.flatMap((rule) => rule.parts.flatMap((part) => [...part.needs, ...(part.uses ?? [])]));
    const columns = [...new Set(needs)].map(parseNeed).filter((need) => need !== null);
    this.#concepts = groupBy(columns, (need) => viewName(need.side, need.family));
  }

  /** Tables of the need's family that hold all of the concepts. */
  tablesWith(side: CatalogSide, family: string, concepts: readonly string[]): string[] {
    const tables = this.#tables.get(viewName(side, family)) ?? [];
    return tables.filter((table) => concepts.every((name) => table.columns.has(name))).map((table) => table.table);
  }

  has(need: ColumnNeed): boolean {
    return this.tablesWith(need.side, need.family, [need.concept]).length > 0;
  }

  /** The table's own name for a concept; empty when it has none. */
  fieldOf(side: CatalogSide, family: string, table: string, concept: string): string {
    const found = this.#tables.get(viewName(side, family))?.find((candidate) => candidate.table === table);
    return found?.fieldOf.get(concept) ?? '';
  }

  /** One `CREATE TABLE` for each view some rule speaks of: typed once, read by many rules. */
  statements(): string[] {
    return [...this.#concepts].map(([view, needs]) => {
      const selects = (this.#tables.get(view) ?? []).map((table) => this.#select(table, needs));
      const body = selects.length > 0 ? selects.join(' UNION ALL ') : `${emptySelect(needs)} WHERE FALSE`;
      return `CREATE TABLE ${quoteIdentifier(view)} AS ${body}`;
    });
  }

  #select(table: CanonicalTable, needs: readonly ColumnNeed[]): string {
    const columns = needs.map(({ family, concept }) => {
      const type = canonicalType(family, concept);
      return `CAST(${table.columns.get(concept) ?? 'NULL'} AS ${type}) AS ${quoteIdentifier(concept)}`;
    });
    const from = `${schemaOf(table.side)}.${quoteIdentifier(table.table)}`;
    return `SELECT ${quoteLiteral(table.table)} AS table_name, ${table.rowKey} AS row_key, ${columns.join(', ')} FROM ${from}`;
  }
}

/** The columns of a view over no table. */
export function emptySelect(needs: readonly ColumnNeed[]): string {
  const columns = needs.map(
    ({ family, concept }) => `CAST(NULL AS ${canonicalType(family, concept)}) AS ${quoteIdentifier(concept)}`,
  );
  return `SELECT CAST(NULL AS VARCHAR) AS table_name, CAST(NULL AS VARCHAR) AS row_key, ${columns.join(', ')}`;
}
