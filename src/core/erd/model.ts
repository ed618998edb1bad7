import type { CatalogField, CatalogSide, CatalogTable } from '../catalog/catalog.ts';
import { domainOf } from '../concepts/domain.ts';
import { compareText } from '../shared/order.ts';

/** One line of `schemas/schema_relationships.csv`. */
export interface RelationshipRow {
  readonly side: CatalogSide;
  readonly kind: 'key' | 'link';
  readonly fromTable: string;
  readonly fromField: string;
  /** Empty for a key. */
  readonly toTable: string;
  readonly toField: string;
  readonly origin: 'declared' | 'inferred';
  readonly score: number;
  readonly reason: string;
}

/** A column as a diagram shows it. */
export interface ErdColumn {
  readonly name: string;
  /** Type with length or precision: `VARCHAR(10)`. */
  readonly type: string;
  readonly mandatory: boolean;
  /** Part of the table's key, said by the documents or taken from its name. */
  readonly key: 'declared' | 'inferred' | null;
  /** It leads to another table. */
  readonly link: 'declared' | 'inferred' | null;
}

/** A table of the diagram. */
export interface ErdTable {
  readonly name: string;
  /** Hospital domain (`PMI`, `OPD`, …), as the other panels have it; a family that is of none stands for itself; empty without one. */
  readonly domain: string;
  readonly columns: readonly ErdColumn[];
  /** Number of links that start or end here, of either origin. */
  readonly degree: number;
}

/** A line of the diagram: from the column that refers to the key it refers to. */
export interface ErdLink {
  readonly from: string;
  readonly fromField: string;
  readonly to: string;
  readonly toField: string;
  readonly origin: 'declared' | 'inferred';
  /** 1 when declared. */
  readonly score: number;
  readonly reason: string;
  /** The referring column must be filled: there is always a row at the other end. */
  readonly mandatory: boolean;
  /** The referring column is its table's whole key: at most one row refers. */
  readonly unique: boolean;
}

/** One side's schema as a graph. Plain data: it travels to a panel as it is. */
export interface ErdModel {
  /** In document order. */
  readonly tables: readonly ErdTable[];
  readonly links: readonly ErdLink[];
}

/**
 * The graph of a schema. Lines of the relationships that name an unknown table or column are left out: a catalog that
 * was edited since can no longer show them.
 *
 * @param tables the tables of one side, in document order
 * @param relationships keys and links of the same side
 */
export function buildErdModel(tables: Iterable<CatalogTable>, relationships: Iterable<RelationshipRow>): ErdModel {
  const known = new Map<string, Map<string, CatalogField>>();
  const list = [...tables];
  for (const table of list) known.set(table.name, new Map(table.fields.map((field) => [field.field, field])));
  const keys = new Map<string, Map<string, 'declared' | 'inferred'>>();
  const rows: RelationshipRow[] = [];
  for (const row of relationships) {
    if (known.get(row.fromTable)?.has(row.fromField) !== true) continue;
    if (row.kind === 'key') mapOf(keys, row.fromTable).set(row.fromField, row.origin);
    else if (known.get(row.toTable)?.has(row.toField) === true) rows.push(row);
  }
  const degree = new Map<string, number>();
  const linked = new Map<string, Map<string, 'declared' | 'inferred'>>();
  const links = rows.map((row): ErdLink => {
    degree.set(row.fromTable, (degree.get(row.fromTable) ?? 0) + 1);
    if (row.toTable !== row.fromTable) degree.set(row.toTable, (degree.get(row.toTable) ?? 0) + 1);
    const own = mapOf(linked, row.fromTable);
    if (own.get(row.fromField) !== 'declared') own.set(row.fromField, row.origin);
    const key = keys.get(row.fromTable);
    return {
      from: row.fromTable,
      fromField: row.fromField,
      to: row.toTable,
      toField: row.toField,
      origin: row.origin,
      score: row.score,
      reason: row.reason,
      mandatory: known.get(row.fromTable)?.get(row.fromField)?.mandatory === true,
      unique: key?.size === 1 && key.has(row.fromField),
    };
  });
  return {
    tables: list.map((table) => ({
      name: table.name,
      domain: erdDomain(table.family),
      degree: degree.get(table.name) ?? 0,
      columns: table.fields.map((field) => ({
        name: field.field,
        type: typeText(field),
        mandatory: field.mandatory,
        key: keys.get(table.name)?.get(field.field) ?? (field.primaryKey ? 'declared' : null),
        link: linked.get(table.name)?.get(field.field) ?? null,
      })),
    })),
    links,
  };
}

/** Domains with their number of tables, by name; tables without one are counted under the empty name, last. */
export function domainsOf(model: ErdModel): { readonly name: string; readonly tables: number }[] {
  const counts = new Map<string, number>();
  for (const { domain } of model.tables) counts.set(domain, (counts.get(domain) ?? 0) + 1);
  return [...counts]
    .map(([name, tables]) => ({ name, tables }))
    .sort((a, b) => Number(a.name === '') - Number(b.name === '') || compareText(a.name, b.name));
}

function typeText(field: CatalogField): string {
  if (field.precision !== null)
    return `${field.dataType}(${field.precision}${field.scale === null ? '' : `,${field.scale}`})`;
  return field.length === null ? field.dataType : `${field.dataType}(${field.length})`;
}

function mapOf<V>(maps: Map<string, Map<string, V>>, name: string): Map<string, V> {
  let map = maps.get(name);
  if (map === undefined) {
    map = new Map();
    maps.set(name, map);
  }
  return map;
}

/** What spans the domains, or is of none that is known, is filtered by its own family. */
function erdDomain(family: string): string {
  const domain = domainOf(family);
  return domain === 'ALL' ? family : domain;
}
