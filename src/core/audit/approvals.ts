import { APPROVED_COLUMNS, type Contract, type ContractField } from '../contract/contract.ts';
import { diffContracts } from '../contract/contractDiff.ts';
import { fieldCells } from '../contract/contractFile.ts';
import { parseCsvText } from '../csv/csvText.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { Contents } from '../snapshots/contents.ts';
import { type AuditEntry, readAudit } from './auditLog.ts';
import { rowKey } from './contractAudit.ts';

type Cells = Readonly<Record<string, string>>;

/** A cell of an approved row that is not what was approved. */
export interface ApprovedCell {
  readonly column: string;
  readonly approved: string;
}

/**
 * What was approved, row by row, as the audit log tells it. A row that says APPROVED while its mapping is another than
 * the one that was approved is not approved, however it came there: by a text editor, a script or another program.
 */
export class Approvals {
  /** Row key → cells as the log last recorded them. */
  readonly #recorded: ReadonlyMap<string, Cells>;
  /** Row key → column → what was approved, where the recorded cell is already another. */
  readonly #approved: ReadonlyMap<string, ReadonlyMap<string, string>>;

  readonly #text: string;

  /** @param text the contract as the log last recorded it */
  constructor(text: string, approved: ReadonlyMap<string, ReadonlyMap<string, string>>) {
    this.#text = text;
    this.#approved = approved;
    const { records } = parseCsvText(text, ARTEFACTS.contract, []).value;
    this.#recorded = new Map(
      records.map(({ cells }) => [
        rowKey(cells['target_table'] ?? '', cells['target_field'] ?? '', cells['row_set'] ?? ''),
        cells,
      ]),
    );
  }

  /** True when no row of a text can have changed since its approval, without looking at the rows. */
  fits(text: string): boolean {
    return this.#recorded.size === 0 || (this.#approved.size === 0 && text === this.#text);
  }

  /** Cells of a row that says APPROVED and are not what was approved; none for any other row. */
  changed(cells: Cells): readonly ApprovedCell[] {
    if ((cells['status'] ?? '').trim() !== 'APPROVED') return [];
    const key = rowKey(cells['target_table'] ?? '', cells['target_field'] ?? '', cells['row_set'] ?? '');
    const recorded = this.#recorded.get(key);
    // A row that is new, or that was not approved when it was last saved, is approved as it stands now.
    if (recorded === undefined || recorded['status']?.trim() !== 'APPROVED') return [];
    const approved = this.#approved.get(key);
    return APPROVED_COLUMNS.map((column) => ({
      column,
      approved: approved?.get(column) ?? recorded[column] ?? '',
    })).filter((cell) => meant(cell.column, cell.approved) !== meant(cell.column, cells[cell.column] ?? ''));
  }

  /** The contract in which only rows that are still what was approved count as APPROVED; the others are DRAFT. */
  applyTo(contract: Contract): { readonly contract: Contract; readonly changed: readonly ContractField[] } {
    const changed = contract.fields.filter((row) => this.changed(fieldCells(row)).length > 0);
    const not = new Set(changed);
    const fields = contract.fields.map((row) => (not.has(row) ? { ...row, status: 'DRAFT' as const } : row));
    return { contract: { ...contract, fields }, changed };
  }
}

/** Outer blanks count in a literal and nowhere else. */
function meant(column: string, value: string): string {
  return column === 'default_value' ? value : value.trim();
}

/**
 * Reads what was approved from the audit log and the versions of the contract that it keeps. Rows that were APPROVED
 * when the log began count as approved as they stood then; without a log nothing is known, and nothing is found changed.
 */
export async function readApprovals(project: Project): Promise<Approvals> {
  const entries = await readAudit(project);
  const contents = await Contents.open(project);
  const approved = new Map<string, Map<string, string>>();
  let last: string | null = null;
  for (const entry of entries) {
    if (entry.event === 'contract-reviewed') {
      if (entry.details['decision'] === 'APPROVED') for (const row of listed(entry)) approved.delete(keyOf(row));
    } else if (entry.event === 'contract-changed') {
      for (const row of await rowsOf(entry, contents)) follow(approved, row);
      last = typeof entry.details['after'] === 'string' ? entry.details['after'] : last;
    }
  }
  return new Approvals(last === null ? '' : ((await contents.read(last)) ?? ''), approved);
}

interface ChangedRow {
  readonly key: string;
  readonly kind: string;
  readonly cells: Readonly<Record<string, readonly [before: string, after: string]>>;
}

/** A change of status is a new decision on the row as it stands then; any other change moves it away from the last one. */
function follow(approved: Map<string, Map<string, string>>, row: ChangedRow): void {
  if (row.kind !== 'changed' || row.cells['status'] !== undefined) {
    approved.delete(row.key);
    return;
  }
  for (const column of APPROVED_COLUMNS) {
    const change = row.cells[column];
    if (change === undefined) continue;
    const known = approved.get(row.key) ?? new Map<string, string>();
    if (!known.has(column)) known.set(column, change[0]);
    if (known.get(column) === change[1]) known.delete(column);
    if (known.size === 0) approved.delete(row.key);
    else approved.set(row.key, known);
  }
}

function listed(entry: AuditEntry): Record<string, unknown>[] {
  const { rows } = entry.details;
  return Array.isArray(rows) ? rows.filter((row) => typeof row === 'object' && row !== null) : [];
}

function keyOf(row: Record<string, unknown>): string {
  return rowKey(String(row['table'] ?? ''), String(row['field'] ?? ''), String(row['row_set'] ?? ''));
}

/** The rows of an entry; of one that does not tell all of them, by comparing the versions again. */
async function rowsOf(entry: AuditEntry, contents: Contents): Promise<ChangedRow[]> {
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
