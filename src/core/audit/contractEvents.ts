import { diffContracts } from '../contract/contractDiff.ts';
import type { Contents } from '../snapshots/contents.ts';
import type { AuditEntry } from './auditLog.ts';

/** A contract row as an event of the audit log tells how it changed. */
export interface ChangedRow {
  readonly key: string;
  readonly kind: string;
  readonly cells: Readonly<Record<string, readonly [before: string, after: string]>>;
}

/** The key of a contract row in maps. */
export function rowKey(table: string, field: string, rowSet: string): string {
  return `${table}\0${field}\0${rowSet}`;
}

/** Keys of the rows that an event of the contract names. */
export function keysOf(entry: AuditEntry): string[] {
  return listed(entry).map(keyOf);
}

/** The rows of a `contract-changed` event; of one that does not tell all of them, by comparing the versions again. */
export async function changedRows(entry: AuditEntry, contents: Contents): Promise<ChangedRow[]> {
  const told = listed(entry);
  const { before, after, row_count: count } = entry.details;
  if (typeof count === 'number' && count > told.length && typeof before === 'string' && typeof after === 'string') {
    const [old, now] = [await contents.read(before), await contents.read(after)];
    if (old !== null && now !== null)
      return diffContracts(old, now).map(({ targetTable, targetField, rowSet, kind, changes }) => ({
        key: rowKey(targetTable, targetField, rowSet),
        kind,
        cells: Object.fromEntries(changes.map((cell) => [cell.column, [cell.before, cell.after]])),
      }));
  }
  return told.map((row) => ({
    key: keyOf(row),
    kind: String(row['kind']),
    cells: (row['cells'] ?? {}) as ChangedRow['cells'],
  }));
}

function listed(entry: AuditEntry): Record<string, unknown>[] {
  const { rows } = entry.details;
  return Array.isArray(rows) ? rows.filter((row) => typeof row === 'object' && row !== null) : [];
}

function keyOf(row: Record<string, unknown>): string {
  return rowKey(String(row['table'] ?? ''), String(row['field'] ?? ''), String(row['row_set'] ?? ''));
}
