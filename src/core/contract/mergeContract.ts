import type { Catalog } from '../catalog/catalog.ts';
import { csvText, parseCsvText } from '../csv/csvText.ts';
import { groupBy } from '../shared/order.ts';
import type { ContractField, ContractTable } from './contract.ts';
import { CONTRACT_COLUMNS, CONTRACT_TABLE_COLUMNS, fieldCells, tableCells } from './contractFile.ts';

type Cells = Readonly<Record<string, string>>;

/** A rebuilt contract file, and what a person wants to know about the rebuild. */
export interface Merged {
  readonly text: string;
  readonly kept: number;
  readonly added: number;
  /** Rows whose data type or mandatory flag follows the catalog; an approved one goes back to DRAFT. */
  readonly changed: number;
  /** Rows still open without any human word, proposed anew. */
  readonly proposed: number;
  /** Rows whose target field is gone; they move to the retired file, nothing is thrown away. */
  readonly retired: readonly Cells[];
  readonly columns: readonly string[];
}

/**
 * Lays new proposals under an existing contract. What people wrote stays to the byte: every cell of every row whose
 * target field still exists, extra columns, and the whole file's text when nothing has to change.
 */
export function mergeFields(existing: string | null, proposals: readonly ContractField[]): Merged {
  const parsed = parseCsvText(existing ?? '', '', []).value;
  const columns = existing === null ? [...CONTRACT_COLUMNS] : withColumns(parsed.columns, CONTRACT_COLUMNS);
  const old = groupBy(
    parsed.records.map((record) => record.cells),
    (cells) => `${cells['target_table']}\u0000${cells['target_field']}`,
  );
  const counts = { kept: 0, added: 0, changed: 0, proposed: 0 };
  const rows: Cells[] = [];
  for (const proposal of proposals) {
    const key = `${proposal.targetTable}\u0000${proposal.targetField}`;
    const before = old.get(key) ?? [];
    old.delete(key);
    if (before.length === 0) {
      counts.added += 1;
      rows.push(fieldCells(proposal));
      continue;
    }
    for (const cells of before) rows.push(mergeRow(cells, proposal, counts));
  }
  const retired = [...old.values()].flat();
  const same =
    existing !== null &&
    retired.length === 0 &&
    counts.added + counts.changed + counts.proposed === 0 &&
    columns.length === parsed.columns.length;
  // The same rows in another order are also left alone: order is a human choice too.
  const text = same
    ? existing
    : csvText(
        columns,
        rows.map((cells) => columns.map((name) => cells[name] ?? '')),
      );
  return { text, ...counts, retired, columns };
}

function mergeRow(
  cells: Cells,
  proposal: ContractField,
  counts: { kept: number; changed: number; proposed: number },
): Cells {
  const untouched =
    cells['mapping_class'] === 'unresolved' &&
    cells['status'] === 'DRAFT' &&
    ['source_table', 'source_field', 'rule', 'crosswalk', 'default_value'].every((name) => (cells[name] ?? '') === '');
  if (untouched && proposal.mappingClass !== 'unresolved') {
    counts.proposed += 1;
    return { ...cells, ...fieldCells(proposal), row_set: cells['row_set'] ?? '' };
  }
  const mandatory = proposal.mandatory ? 'Y' : 'N';
  if (cells['data_type'] === proposal.dataType && cells['mandatory'] === mandatory) {
    counts.kept += 1;
    return cells;
  }
  counts.changed += 1;
  const was = `${cells['data_type']}${cells['mandatory'] === 'Y' ? ', mandatory' : ''}`;
  const note = `The target field was ${was}; review again.`;
  const notes = cells['notes'] === '' ? note : `${cells['notes']} ${note}`;
  const status = cells['status'] === 'APPROVED' ? 'DRAFT' : (cells['status'] ?? 'DRAFT');
  return { ...cells, data_type: proposal.dataType, mandatory, status, notes };
}

/** Table rows: existing ones stay; a target table without any gets its proposal. */
export function mergeTables(existing: string | null, proposals: readonly ContractTable[], target: Catalog): Merged {
  const parsed = parseCsvText(existing ?? '', '', []).value;
  const columns = existing === null ? [...CONTRACT_TABLE_COLUMNS] : withColumns(parsed.columns, CONTRACT_TABLE_COLUMNS);
  const records = parsed.records.map((record) => record.cells);
  const gone = (cells: Cells): boolean =>
    (cells['target_table'] ?? '') !== '' && target.table(cells['target_table'] ?? '') === undefined;
  const kept = records.filter((cells) => !gone(cells));
  const covered = new Set(kept.map((cells) => cells['target_table']));
  const added = proposals.filter((proposal) => !covered.has(proposal.targetTable)).map(tableCells);
  const retired = records.filter(gone);
  const same =
    existing !== null && added.length === 0 && retired.length === 0 && columns.length === parsed.columns.length;
  const text = same
    ? existing
    : csvText(
        columns,
        [...kept, ...added].map((cells) => columns.map((name) => cells[name] ?? '')),
      );
  return { text, kept: kept.length, added: added.length, changed: 0, proposed: 0, retired, columns };
}

/** The file's own columns first, in its order; missing ones of ours at the end. */
function withColumns(own: readonly string[], ours: readonly string[]): string[] {
  return [...own, ...ours.filter((name) => !own.includes(name))];
}
