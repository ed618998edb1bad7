import type { Catalog } from '../catalog/catalog.ts';
import { type Contract, type ContractField, OUT_OF_SCOPE_ROW_SET } from '../contract/contract.ts';
import { groupBy } from '../shared/order.ts';

/**
 * Where a target table keeps the primary key of the source row it came from: the fields, in the source key's order, that
 * the contract fills with the key columns unchanged. Only tables fed by one row set: with two, the key alone would not say
 * which source table a row came from.
 */
export function sourceKeys(
  contract: Contract,
  source: Catalog,
): Map<string, { sourceTable: string; fields: string[] }> {
  const found = new Map<string, { sourceTable: string; fields: string[] }>();
  const lines = contract.tables.filter((row) => row.targetTable !== '' && row.rowSet !== OUT_OF_SCOPE_ROW_SET);
  for (const [target, rowSets] of groupBy(lines, (row) => row.targetTable)) {
    const sourceTable = rowSets[0]?.drivingTable ?? '';
    const primary = source.primaryKey(sourceTable);
    // A key that is a date is written another way in the target, and would never compare equal.
    if (rowSets.length !== 1 || primary.length === 0 || primary.some((field) => field.format !== '')) continue;
    const keys = primary.map((field) => field.field);
    const rows = contract.fields.filter((row) => row.targetTable === target && row.sourceTable === sourceTable);
    const fields = keys.map((key) => rows.find((row) => carries(row, key))?.targetField);
    if (fields.every((field) => field !== undefined)) found.set(target, { sourceTable, fields });
  }
  return found;
}

/** The field holds the source column as it is, but for outer blanks. */
function carries(row: ContractField, column: string): boolean {
  if (row.mappingClass === 'direct') return row.sourceField === column && row.rule.trim() === '';
  if (row.mappingClass !== 'derived') return false;
  const rule = row.rule.trim().replace(/^trim\(\s*(.*?)\s*\)$/i, '$1');
  return rule.replace(/^"(.*)"$/, '$1') === column;
}
