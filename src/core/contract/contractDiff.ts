import { parseCsvText } from '../csv/csvText.ts';
import { compareText } from '../shared/order.ts';
import { CONTRACT_COLUMNS } from './contractFile.ts';

/**
 * What a change means for what lands in the target. `breaking`: values, types or rejects of a field that was agreed may
 * change, or the field goes; `additive`: a field that had no source gets one, or a new row; `review`: only who and how
 * it was agreed.
 */
export type ContractImpact = 'breaking' | 'additive' | 'review';

export interface CellChange {
  readonly column: string;
  readonly before: string;
  readonly after: string;
}

/** One contract row that differs between two versions. */
export interface ContractRowChange {
  readonly targetTable: string;
  readonly targetField: string;
  readonly rowSet: string;
  readonly kind: 'added' | 'removed' | 'changed';
  readonly impact: ContractImpact;
  /** The cells that differ, in column order; all filled cells of a row that was added or removed. */
  readonly changes: readonly CellChange[];
}

const KEY = ['target_table', 'target_field', 'row_set'];
const REVIEW_COLUMNS = new Set(['status', 'owner', 'notes', 'confidence']);

/**
 * Compares two versions of `mapping_contract.csv` by row key (target table, field and row set), not by line: the order
 * of rows and quotes do not count. Columns that people added are compared too. A version that is no contract has no rows.
 *
 * @returns the rows that differ, in key order
 */
export function diffContracts(before: string, after: string): ContractRowChange[] {
  const old = rowsByKey(before);
  const now = rowsByKey(after);
  const found: ContractRowChange[] = [];
  for (const key of [...new Set([...old.keys(), ...now.keys()])].sort(compareText)) {
    const was = old.get(key);
    const is = now.get(key);
    const changes = changesOf(was, is);
    if (changes.length === 0 && was !== undefined && is !== undefined) continue;
    const [targetTable = '', targetField = '', rowSet = ''] = key.split('\0');
    const kind = was === undefined ? 'added' : is === undefined ? 'removed' : 'changed';
    found.push({ targetTable, targetField, rowSet, kind, impact: impactOf(kind, changes, was), changes });
  }
  return found;
}

type Cells = Readonly<Record<string, string>>;

function rowsByKey(text: string): Map<string, Cells> {
  const { value } = parseCsvText(text, 'contract', CONTRACT_COLUMNS.slice(0, 2));
  const rows = new Map<string, Cells>();
  for (const { cells } of value.records) {
    const key = KEY.map((column) => cells[column] ?? '').join('\0');
    // A key that is there twice is an error elsewhere; here neither row may vanish.
    let unique = key;
    for (let count = 2; rows.has(unique); count += 1) unique = `${key} (${count})`;
    rows.set(unique, cells);
  }
  return rows;
}

function changesOf(before: Cells | undefined, after: Cells | undefined): CellChange[] {
  const columns = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  return columns
    .filter((column) => !KEY.includes(column))
    .map((column) => ({ column, before: before?.[column] ?? '', after: after?.[column] ?? '' }))
    .filter((change) => change.before !== change.after);
}

function impactOf(
  kind: ContractRowChange['kind'],
  changes: readonly CellChange[],
  before: Cells | undefined,
): ContractImpact {
  if (kind === 'removed') return 'breaking';
  if (kind === 'added') return 'additive';
  if (changes.every((change) => REVIEW_COLUMNS.has(change.column))) return 'review';
  const unmapped = ['unresolved', 'out_of_scope', ''].includes(before?.['mapping_class'] ?? '');
  const typeStays = changes.every((change) => change.column !== 'data_type' && change.column !== 'mandatory');
  return unmapped && typeStays ? 'additive' : 'breaking';
}

/** Columns of a contract diff as CSV. */
export const CONTRACT_DIFF_COLUMNS = [
  'target_table',
  'target_field',
  'row_set',
  'change',
  'impact',
  'column',
  'before',
  'after',
] as const;

/** A contract diff as CSV lines: one line for each cell that differs. */
export function contractDiffLines(changes: readonly ContractRowChange[]): string[][] {
  return changes.flatMap((row) =>
    row.changes.map((cell) => [
      row.targetTable,
      row.targetField,
      row.rowSet,
      row.kind,
      row.impact,
      cell.column,
      cell.before,
      cell.after,
    ]),
  );
}
