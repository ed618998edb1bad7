import type { Catalog } from '../catalog/catalog.ts';
import { type Cells, CsvEdit } from '../csv/csvEdit.ts';
import { type CsvRecord, csvText, parseCsvText } from '../csv/csvText.ts';
import { groupBy } from '../shared/order.ts';
import type { ContractField, ContractTable } from './contract.ts';
import { CONTRACT_COLUMNS, CONTRACT_TABLE_COLUMNS, fieldCells, tableCells } from './contractFile.ts';
import { emptyRow, isUntouched } from './proposeField.ts';

/** A rebuilt contract file, and what a person wants to know about the rebuild. Names are `TABLE.FIELD`. */
export interface Merged {
  readonly text: string;
  readonly columns: readonly string[];
  readonly kept: number;
  readonly added: number;
  /** Rows whose data type or mandatory flag follows the catalog. */
  readonly changed: readonly string[];
  /** Of these, the ones that were APPROVED and are DRAFT again. */
  readonly reopened: readonly string[];
  /** Rows still open without any human word, proposed anew. */
  readonly proposed: readonly string[];
  /** Rows that had been retired and whose target is in the catalog again. */
  readonly restored: readonly string[];
  /** Rows whose target is gone from the catalog; they move to the retired file, nothing is thrown away. */
  readonly retired: readonly Cells[];
}

interface Existing {
  readonly text: string;
  readonly retired: readonly Cells[];
}

/**
 * Lays new proposals under the field rows that exist. What people wrote stays to the byte: rows keep their cells, extra
 * columns, quoting and order; a text in which nothing has to change is given back as it is.
 *
 * @param existing the contract file and the rows retired from it by earlier rebuilds; null for a first contract
 * @param rowSets row sets of each target table with more than one, for rows that are missing in one of them
 */
export function mergeFields(
  existing: Existing | null,
  proposals: readonly ContractField[],
  rowSets: ReadonlyMap<string, readonly string[]>,
): Merged {
  const merge = new Merge(existing, CONTRACT_COLUMNS, (cells) => fieldName(cells));
  for (const proposal of proposals) {
    const name = `${proposal.targetTable}.${proposal.targetField}`;
    const records = merge.take(name);
    if (records.length === 0) {
      const old = merge.takeRetired(name);
      for (const cells of old) merge.restore(name, refreshed(cells, proposal)?.cells ?? cells, proposal.targetTable);
      if (old.length === 0) merge.add(fieldCells(proposal), proposal.targetTable);
      continue;
    }
    for (const record of records) mergeRow(merge, name, record, proposal);
    for (const rowSet of missingRowSets(records, proposal, rowSets)) {
      merge.add(openIn(rowSet, proposal), proposal.targetTable);
    }
  }
  return merge.finish();
}

function mergeRow(merge: Merge, name: string, record: CsvRecord, proposal: ContractField): void {
  const { cells } = record;
  if (proposal.mappingClass !== 'unresolved' && isUntouched(cells, proposal) && hasNoOtherWord(cells)) {
    merge.propose(name, record, { ...cells, ...fieldCells(proposal), row_set: cells['row_set'] ?? '' });
    return;
  }
  const fresh = refreshed(cells, proposal);
  if (fresh === null) merge.keep();
  else merge.change(name, record, fresh.cells, fresh.reopened);
}

/**
 * The row with type and mandatory flag of the catalog, or null when it has them. Whoever approved it approved another
 * field, so an APPROVED row is DRAFT again, with a note that says what it was. Filling an empty type changes no decision.
 */
function refreshed(cells: Cells, proposal: ContractField): { cells: Cells; reopened: boolean } | null {
  const mandatory = proposal.mandatory ? 'Y' : 'N';
  const wasMandatory = (cells['mandatory'] ?? '').trim();
  const wasType = cells['data_type'] ?? '';
  if (wasType === proposal.dataType && wasMandatory === mandatory) return null;
  const fresh = { ...cells, data_type: proposal.dataType, mandatory };
  if (wasType === '' && wasMandatory === mandatory) return { cells: fresh, reopened: false };
  const note = `The target field was ${wasType || 'untyped'}${wasMandatory === 'Y' ? ', mandatory' : ''}; review again.`;
  const notes = (cells['notes'] ?? '') === '' ? note : `${cells['notes']} ${note}`;
  const reopened = (cells['status'] ?? '').trim() === 'APPROVED';
  return { cells: { ...fresh, notes, status: reopened ? 'DRAFT' : (cells['status'] ?? '') }, reopened };
}

/** True when columns that people added are empty. */
function hasNoOtherWord(cells: Cells): boolean {
  const ours: readonly string[] = CONTRACT_COLUMNS;
  return Object.entries(cells).every(([name, value]) => value === '' || ours.includes(name));
}

/** Row sets of the table in which a mandatory field has no row, while it has one in others. */
function missingRowSets(
  records: readonly CsvRecord[],
  proposal: ContractField,
  rowSets: ReadonlyMap<string, readonly string[]>,
): string[] {
  const given = new Set(records.map((record) => record.cells['row_set'] ?? ''));
  if (given.has('') || !proposal.mandatory) return [];
  return (rowSets.get(proposal.targetTable) ?? []).filter((rowSet) => !given.has(rowSet));
}

/** An open row for one row set: what the others do there is no hint for this one. */
function openIn(rowSet: string, { targetTable, targetField, dataType, mandatory }: ContractField): Cells {
  const row = { ...emptyRow({ table: targetTable, field: targetField, declaredType: dataType, mandatory }), rowSet };
  return fieldCells({ ...row, notes: `Row set ${rowSet} has no row for this mandatory field yet.` });
}

/** Table rows: existing ones stay; a target table without any gets its proposal. */
export function mergeTables(existing: Existing | null, proposals: readonly ContractTable[], target: Catalog): Merged {
  // A source table ruled out stays ruled out, whatever the target looks like.
  const merge = new Merge(existing, CONTRACT_TABLE_COLUMNS, (cells) => cells['target_table'] ?? '');
  for (const _ of merge.take('')) merge.keep();
  const proposed = groupBy(proposals, (proposal) => proposal.targetTable);
  for (const name of target.tables.keys()) {
    const records = merge.take(name);
    for (const _ of records) merge.keep();
    if (records.length > 0) continue;
    const old = merge.takeRetired(name);
    for (const cells of old) merge.restore(name, cells, name);
    if (old.length === 0) for (const row of proposed.get(name) ?? []) merge.add(tableCells(row), name);
  }
  return merge.finish();
}

function fieldName(cells: Cells): string {
  return `${cells['target_table']}.${cells['target_field']}`;
}

/** Collects what happens to each record of one file. */
class Merge {
  readonly #columns: readonly string[];
  readonly #edit: CsvEdit | null;
  readonly #records: Map<string, CsvRecord[]>;
  readonly #retired: Map<string, Cells[]>;
  /** Last record of each target table: new rows of the table go behind it. */
  readonly #lastOf = new Map<string, CsvRecord>();
  readonly #first: Cells[] = [];
  readonly #counts = { kept: 0, added: 0 };
  readonly #names = { changed: [] as string[], reopened: [] as string[], proposed: [] as string[] };
  readonly #restored: string[] = [];

  constructor(existing: Existing | null, columns: readonly string[], nameOf: (cells: Cells) => string) {
    const table = existing === null ? null : parseCsvText(existing.text, '', []).value;
    this.#columns = table?.columns ?? columns;
    this.#edit = existing === null || table === null ? null : new CsvEdit(existing.text, table);
    this.#records = groupBy(table?.records ?? [], (record) => nameOf(record.cells));
    this.#retired = groupBy(existing?.retired ?? [], nameOf);
    for (const record of table?.records ?? []) this.#lastOf.set(record.cells['target_table'] ?? '', record);
  }

  /** The records of one target; each can be taken once. What is never taken is retired. */
  take(name: string): CsvRecord[] {
    const records = this.#records.get(name) ?? [];
    this.#records.delete(name);
    return records;
  }

  takeRetired(name: string): Cells[] {
    const rows = this.#retired.get(name) ?? [];
    this.#retired.delete(name);
    // A row retired twice has its latest state last.
    return [...new Map(rows.map((cells) => [cells['row_set'] ?? '', cells])).values()];
  }

  keep(): void {
    this.#counts.kept += 1;
  }

  add(cells: Cells, table: string): void {
    this.#counts.added += 1;
    this.#insert(cells, table);
  }

  restore(name: string, cells: Cells, table: string): void {
    this.#restored.push(name);
    this.#insert(cells, table);
  }

  propose(name: string, record: CsvRecord, cells: Cells): void {
    this.#names.proposed.push(name);
    this.#edit?.replace(record, cells);
  }

  change(name: string, record: CsvRecord, cells: Cells, reopened: boolean): void {
    this.#names.changed.push(name);
    if (reopened) this.#names.reopened.push(name);
    this.#edit?.replace(record, cells);
  }

  finish(): Merged {
    const gone = [...this.#records.values()].flat();
    for (const record of gone) this.#edit?.remove(record);
    const text =
      this.#edit?.text ??
      csvText(
        this.#columns,
        this.#first.map((cells) => this.#columns.map((name) => cells[name] ?? '')),
      );
    return {
      text,
      columns: this.#edit?.columns ?? this.#columns,
      ...this.#counts,
      ...this.#names,
      restored: this.#restored,
      retired: gone.map((record) => record.cells),
    };
  }

  #insert(cells: Cells, table: string): void {
    if (this.#edit === null) {
      this.#first.push(cells);
      return;
    }
    // A restored row may have cells in columns that have been taken out since.
    for (const [name, value] of Object.entries(cells)) if (value !== '') this.#edit.addColumn(name);
    this.#edit.insertAfter(this.#lastOf.get(table) ?? null, cells);
  }
}
