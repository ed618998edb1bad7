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
  /** The record as it was, and as it is; null when it was not there. */
  readonly before: Cells | null;
  readonly after: Cells | null;
}

/** How the records of a kind of file are told apart. */
export interface RecordKind {
  /** Columns that name a record. */
  readonly key: readonly string[];
  /** Columns without which a text is no version of the file. */
  readonly required: readonly string[];
  /** The parts of a record's name, where they are not just the cells of the key. */
  readonly nameOf?: (cells: Cells) => string[];
}

/**
 * Compares two versions of a CSV by the key of their records, not by line: the order of records and quotes do not count.
 * Columns that people added are compared too. A version that lacks a required column has no records.
 *
 * @returns the records that differ, in key order
 */
export function diffRecords(before: string, after: string, kind: RecordKind): RecordChange[] {
  const old = recordsByKey(before, kind);
  const now = recordsByKey(after, kind);
  const found: RecordChange[] = [];
  for (const name of [...new Set([...old.keys(), ...now.keys()])].sort(compareText)) {
    const was = old.get(name);
    const is = now.get(name);
    const changes = changesOf(was, is, kind.key);
    if (changes.length === 0 && was !== undefined && is !== undefined) continue;
    const what = was === undefined ? 'added' : is === undefined ? 'removed' : 'changed';
    found.push({ key: name.split('\0'), kind: what, changes, before: was ?? null, after: is ?? null });
  }
  return found;
}

function recordsByKey(text: string, { key, required, nameOf }: RecordKind): Map<string, Cells> {
  const { value } = parseCsvText(text, '', required);
  const rows = new Map<string, Cells>();
  for (const { cells } of value.records) {
    const name = (nameOf?.(cells) ?? key.map((column) => cells[column] ?? '')).join('\0');
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
