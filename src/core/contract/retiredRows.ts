import type { Cells } from '../csv/csvEdit.ts';
import { csvText, parseCsvText } from '../csv/csvText.ts';
import { ARTEFACTS } from '../project/layout.ts';
import { UserError } from '../shared/errors.ts';
import { hasErrors } from '../shared/problem.ts';
import type { Merged } from './mergeContract.ts';

/** Contract rows whose target is gone from the catalog: kept whole, and put back when the target returns. */
export const RETIRED_FILE = 'reports/mapping_contract_retired.csv';

/** Column that says which of the two contract files a row comes from. */
const FROM = 'retired_from';

export interface RetiredRows {
  readonly fields: readonly Cells[];
  readonly tables: readonly Cells[];
}

/** Reads the retired rows. A file that cannot be read is a `UserError`: writing over it would lose somebody's work. */
export function readRetired(text: string | null): RetiredRows {
  if (text === null) return { fields: [], tables: [] };
  const { value, problems } = parseCsvText(text, RETIRED_FILE, [FROM, 'target_table']);
  if (hasErrors(problems)) throw UserError.from(problems);
  const from = (file: string): Cells[] =>
    value.records
      .filter((record) => record.cells[FROM] === file)
      .map(({ cells: { [FROM]: _, ...cells } }) => cells as Cells);
  return { fields: from(ARTEFACTS.contract), tables: from(ARTEFACTS.contractTables) };
}

/** The file after a rebuild: earlier rows that were not put back, then the new ones. Null when there is none. */
export function writeRetired(before: RetiredRows, fields: Merged, tables: Merged): string | null {
  const rows = [
    ...left(before.fields, fields, (cells) => `${cells['target_table']}.${cells['target_field']}`, ARTEFACTS.contract),
    ...left(before.tables, tables, (cells) => cells['target_table'] ?? '', ARTEFACTS.contractTables),
  ];
  if (rows.length === 0) return null;
  const columns = [...new Set([FROM, ...fields.columns, ...tables.columns, ...rows.flatMap(Object.keys)])];
  return csvText(
    columns,
    rows.map((cells) => columns.map((name) => cells[name] ?? '')),
  );
}

function left(before: readonly Cells[], merged: Merged, nameOf: (cells: Cells) => string, file: string): Cells[] {
  const restored = new Set(merged.restored);
  const rows = [...before.filter((cells) => !restored.has(nameOf(cells))), ...merged.retired];
  return rows.map((cells) => ({ ...cells, [FROM]: file }));
}
