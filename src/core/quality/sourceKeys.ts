import type { Catalog } from '../catalog/catalog.ts';
import { type Contract, type ContractField, OUT_OF_SCOPE_ROW_SET } from '../contract/contract.ts';
import { groupBy } from '../shared/order.ts';

/** Where a target table keeps the primary key of the source row each of its rows came from. */
export interface KeptKey {
  readonly sourceTable: string;
  /** Target fields with the parts of the key in the source's order; or one field with all of them. */
  readonly fields: readonly string[];
  /** What stands between the parts when one field holds all of them; empty otherwise. */
  readonly separator: string;
}

/**
 * The target tables whose rows can be traced to source rows: those the contract fills with the key columns of the driving
 * table unchanged, or with all of them joined (`PAT_NO || '-' || ALT_SEQ`). Only tables fed by one row set: with two, the
 * key alone would not say which source table a row came from.
 */
export function sourceKeys(contract: Contract, source: Catalog): Map<string, KeptKey> {
  const found = new Map<string, KeptKey>();
  const lines = contract.tables.filter((row) => row.targetTable !== '' && row.rowSet !== OUT_OF_SCOPE_ROW_SET);
  for (const [target, rowSets] of groupBy(lines, (row) => row.targetTable)) {
    const sourceTable = rowSets[0]?.drivingTable ?? '';
    const primary = source.primaryKey(sourceTable);
    // A key that is a date is written another way in the target, and would never compare equal.
    if (rowSets.length !== 1 || primary.length === 0 || primary.some((field) => field.format !== '')) continue;
    const rows = contract.fields.filter((row) => row.targetTable === target && row.sourceTable === sourceTable);
    const kept = keptKey(
      rows,
      primary.map((field) => field.field),
    );
    if (kept !== null) found.set(target, { sourceTable, ...kept });
  }
  return found;
}

function keptKey(rows: readonly ContractField[], keys: readonly string[]): Omit<KeptKey, 'sourceTable'> | null {
  const fields = keys.map((key) => rows.find((row) => carries(row, key))?.targetField);
  if (fields.every((field) => field !== undefined)) return { fields, separator: '' };
  for (const row of rows) {
    const separator = keys.length > 1 && row.mappingClass === 'derived' ? separatorOf(row.rule, keys) : null;
    if (separator !== null) return { fields: [row.targetField], separator };
  }
  return null;
}

/** The one literal between the key columns of `A || '-' || B`, or null when the rule is anything else. */
function separatorOf(rule: string, keys: readonly string[]): string | null {
  const parts = rule.split('||').map((part) => part.trim());
  const columns = parts.filter((_, index) => index % 2 === 0).map(unquoted);
  const literals = new Set(parts.filter((_, index) => index % 2 === 1));
  const [literal = ''] = literals;
  const text = /^'([^']+)'$/.exec(literal)?.[1];
  return columns.join('|') === keys.join('|') && literals.size === 1 && text !== undefined ? text : null;
}

function unquoted(name: string): string {
  return name.replace(/^"(.*)"$/, '$1');
}

/** The field holds the source column as it is, but for outer blanks. */
function carries(row: ContractField, column: string): boolean {
  if (row.mappingClass === 'direct') return row.sourceField === column && row.rule.trim() === '';
  if (row.mappingClass !== 'derived') return false;
  const rule = row.rule.trim().replace(/^trim\(\s*(.*?)\s*\)$/i, '$1');
  return unquoted(rule) === column;
}
