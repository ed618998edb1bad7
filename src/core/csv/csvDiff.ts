import { compareText } from '../shared/order.ts';
import { parseCsvText } from './csvText.ts';

export interface CellChange {
  readonly column: string;
  readonly before: string;
  readonly after: string;
}

type Cells = Readonly<Record<string, string>>;

/** One record that differs between two versions of a CSV. */
export interface RecordChange {
  /** The key's cells, in the order of its columns; a key that is there twice has a number in its last cell. */
  readonly key: readonly string[];
  readonly kind: 'added' | 'removed' | 'changed';
  /** The cells that differ, in column order; all filled cells of a record that was added or removed. */
  readonly changes: readonly CellChange[];
  /** The record as it was; null when it was added. */
  readonly before: Cells | null;
}

/**
 * Compares two versions of a CSV by the key of their records, not by line: the order of records and quotes do not count.
 * Columns that people added are compared too. A version that lacks a required column has no records.
 *
 * @param key columns that name a record
 * @param required columns without which a text is no version of the file
 * @returns the records that differ, in key order
 */
export function diffRecords(
  before: string,
  after: string,
  key: readonly string[],
  required: readonly string[],
): RecordChange[] {
  const old = recordsByKey(before, key, required);
  const now = recordsByKey(after, key, required);
  const found: RecordChange[] = [];
  for (const name of [...new Set([...old.keys(), ...now.keys()])].sort(compareText)) {
    const was = old.get(name);
    const is = now.get(name);
    const changes = changesOf(was, is, key);
    if (changes.length === 0 && was !== undefined && is !== undefined) continue;
    const kind = was === undefined ? 'added' : is === undefined ? 'removed' : 'changed';
    found.push({ key: name.split('\0'), kind, changes, before: was ?? null });
  }
  return found;
}

function recordsByKey(text: string, key: readonly string[], required: readonly string[]): Map<string, Cells> {
  const { value } = parseCsvText(text, '', required);
  const rows = new Map<string, Cells>();
  for (const { cells } of value.records) {
    const name = key.map((column) => cells[column] ?? '').join('\0');
    // A key that is there twice is an error elsewhere; here neither record may vanish.
    let unique = name;
    for (let count = 2; rows.has(unique); count += 1) unique = `${name} (${count})`;
    rows.set(unique, cells);
  }
  return rows;
}

function changesOf(before: Cells | undefined, after: Cells | undefined, key: readonly string[]): CellChange[] {
  const columns = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  return columns
    .filter((column) => !key.includes(column))
    .map((column) => ({ column, before: before?.[column] ?? '', after: after?.[column] ?? '' }))
    .filter((change) => change.before !== change.after);
}
