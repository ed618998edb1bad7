import type { Catalog, CatalogField, DataType } from '../catalog/catalog.ts';
import type { ColumnPlan, ColumnType, ReferencePlan } from '../migration/plan.ts';
import { groupBy } from '../shared/order.ts';
import type { ContractField } from './contract.ts';

const COLUMN_TYPES: Readonly<Record<DataType, ColumnType>> = {
  VARCHAR: 'text',
  INTEGER: 'integer',
  DECIMAL: 'decimal',
  DATE: 'date',
  DATETIME: 'datetime',
  TIME: 'time',
  BOOLEAN: 'boolean',
};

/** A target column with its type; out of scope when every contract row of it says so. */
export function columnPlan(field: CatalogField, rows: readonly ContractField[]): ColumnPlan {
  const own = rows.filter((row) => row.targetField === field.field);
  const left = own.filter((row) => row.mappingClass === 'out_of_scope' || row.mappingClass === 'reference_feed');
  return {
    field: field.field,
    type: COLUMN_TYPES[field.dataType],
    length: field.dataType === 'VARCHAR' ? field.length : null,
    precision: field.precision ?? 18,
    scale: field.scale ?? 3,
    inScope: own.length === 0 || left.length < own.length,
  };
}

/**
 * The foreign keys of a target table as checks. Fields that together point at all key fields of one parent form one
 * composite reference (diagnosis → spell number and episode sequence); the others stand alone.
 */
export function referencesOf(
  table: string,
  fields: readonly CatalogField[],
  catalog: Catalog,
  surrogates: ReadonlyMap<string, string>,
): ReferencePlan[] {
  const links = fields.flatMap((field) =>
    field.foreignKey === null
      ? []
      : [{ field: field.field, table: field.foreignKey.table, to: field.foreignKey.field }],
  );
  const references: ReferencePlan[] = [];
  for (const [parent, group] of groupBy(links, (link) => link.table)) {
    if (parent === table || catalog.table(parent) === undefined) continue;
    const key = catalog.primaryKey(parent).map((field) => field.field);
    const composite =
      key.length > 1 && group.length === key.length && key.every((name) => group.some((link) => link.to === name));
    if (composite) {
      const columns = key.map((name) => group.find((link) => link.to === name)?.field ?? '');
      references.push({ columns, parent, parentColumns: key, surrogate: false });
      continue;
    }
    for (const link of group) {
      if (catalog.field(parent, link.to) === undefined) continue;
      const surrogate = surrogates.get(parent) === link.to;
      references.push({ columns: [link.field], parent, parentColumns: [link.to], surrogate });
    }
  }
  return references;
}
