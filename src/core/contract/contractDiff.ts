import { type CellChange, diffRecords, type RecordKind } from '../csv/csvDiff.ts';
import { OUT_OF_SCOPE_ROW_SET } from './contract.ts';
import { CONTRACT_COLUMNS, CONTRACT_TABLE_COLUMNS } from './contractFile.ts';

/**
 * What a change means for what lands in the target. `breaking`: values, types or rejects of a field that was agreed may
 * change, or the field goes; `additive`: a field that had no source gets one, or a new row; `review`: only who and how
 * it was agreed.
 */
export type ContractImpact = 'breaking' | 'additive' | 'review';

export type { CellChange };

/** One contract row that differs between two versions. A table row, which says what makes rows, has no target field. */
export interface ContractRowChange {
  readonly targetTable: string;
  readonly targetField: string;
  readonly rowSet: string;
  readonly kind: 'added' | 'removed' | 'changed';
  readonly impact: ContractImpact;
  /** The cells that differ, in column order; all filled cells of a row that was added or removed. */
  readonly changes: readonly CellChange[];
}

/** What tells the rows of a file apart, and which of its columns say only who and how it was agreed. */
interface FileKind extends RecordKind {
  readonly review: ReadonlySet<string>;
}

const FIELD_ROWS: FileKind = {
  key: ['target_table', 'target_field', 'row_set'],
  required: CONTRACT_COLUMNS.slice(0, 2),
  review: new Set(['status', 'owner', 'notes', 'confidence']),
};
/** `grain` is for readers; no statement is made of it. */
const TABLE_ROWS: FileKind = {
  key: ['target_table', '', 'row_set'],
  nameOf: ({ target_table: table = '', row_set: rowSet = '', driving_table: source = '' }) =>
    // Lines for source tables that are not migrated name no target; the source table tells them apart.
    [table, '', table === '' ? `${rowSet} ${source}`.trim() : rowSet],
  required: CONTRACT_TABLE_COLUMNS.slice(0, 3),
  review: new Set(['status', 'notes', 'grain']),
};

/**
 * Compares two versions of `mapping_contract.csv` by row key (target table, field and row set), not by line: the order
 * of rows and quotes do not count. Columns that people added are compared too. A version that is no contract has no rows.
 *
 * @returns the rows that differ, in key order
 */
export function diffContracts(before: string, after: string): ContractRowChange[] {
  return diffRows(FIELD_ROWS, before, after);
}

/** Compares two versions of `mapping_contract_tables.csv` by target table and row set, as `diffContracts` does. */
export function diffContractTables(before: string, after: string): ContractRowChange[] {
  return diffRows(TABLE_ROWS, before, after);
}

type Cells = Readonly<Record<string, string>>;

function diffRows(kind: FileKind, before: string, after: string): ContractRowChange[] {
  return diffRecords(before, after, kind).map(({ key, kind: what, changes, before: was, after: is }) => {
    const [targetTable = '', targetField = '', rowSet = ''] = key;
    const impact = impactOf(kind, what, changes, was ?? undefined, is ?? undefined);
    return { targetTable, targetField, rowSet, kind: what, impact, changes };
  });
}

/** Classes of a field that nothing is loaded into yet. */
const UNMAPPED = ['unresolved', 'out_of_scope', ''];

function impactOf(
  kind: FileKind,
  what: ContractRowChange['kind'],
  changes: readonly CellChange[],
  before: Cells | undefined,
  after: Cells | undefined,
): ContractImpact {
  // A table that is left out on purpose loses nothing when the line comes or goes.
  const leftOut = (cells: Cells | undefined): boolean => (cells?.['row_set'] ?? '') === OUT_OF_SCOPE_ROW_SET;
  if (what === 'removed') return kind === TABLE_ROWS && leftOut(before) ? 'additive' : 'breaking';
  if (what === 'added') return kind === TABLE_ROWS && leftOut(after) ? 'review' : 'additive';
  if (changes.every((change) => kind.review.has(change.column))) return 'review';
  if (kind === TABLE_ROWS) return 'breaking';
  const unmapped = UNMAPPED.includes(before?.['mapping_class'] ?? '');
  const typeStays = changes.every((change) => change.column !== 'data_type' && change.column !== 'mandatory');
  return unmapped && typeStays ? 'additive' : 'breaking';
}

/** What a column is called in a sentence, in the order of weight; the others are told together. */
const WORDS: readonly (readonly [column: string, words: string])[] = [
  ['data_type', 'type'],
  ['mandatory', 'mandatory'],
  ['mapping_class', 'class'],
  ['driving_table', 'driving table'],
  ['source_table', 'source table'],
  ['source_field', 'source'],
  ['rule', 'rule'],
  ['crosswalk', 'crosswalk'],
  ['default_value', 'default'],
  ['joins', 'joins'],
  ['filter', 'filter'],
  ['dedupe', 'de-duplication'],
  ['load_order', 'load order'],
  ['status', 'status'],
  ['owner', 'owner'],
];

/** What a row's change means, in a few words: `class direct → lookup, crosswalk none → sex`. */
export function impactWords(row: ContractRowChange): string {
  const thing = row.targetField === '' ? 'row set' : 'field';
  if (row.kind !== 'changed') return `${thing} ${row.kind}`;
  const told = WORDS.flatMap(([column, words]) => {
    const cell = row.changes.find((change) => change.column === column);
    if (cell === undefined) return [];
    // A rule or a join is too long for a line of its own.
    const long = cell.before.length > 40 || cell.after.length > 40;
    return [long ? `${words} changed` : `${words} ${cell.before || 'none'} → ${cell.after || 'none'}`];
  });
  const rest = row.changes.filter(({ column }) => !WORDS.some(([known]) => known === column));
  if (rest.length > 0) told.push(`${rest.map(({ column }) => column.replaceAll('_', ' ')).join(', ')} changed`);
  return told.join(', ');
}

/** A row's name in sentences: `LOAD_PATIENT.SEX`, `LOAD_NAME (row set former_1)`. */
export function rowName(row: Pick<ContractRowChange, 'targetTable' | 'targetField' | 'rowSet'>): string {
  const field = row.targetField === '' ? row.targetTable : `${row.targetTable}.${row.targetField}`;
  if (row.rowSet === '') return field;
  return field === '' ? `the ${row.rowSet} row` : `${field} (row set ${row.rowSet})`;
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
