import { cellPlace } from '../csv/csvScan.ts';
import { type CsvRecord, type CsvTable, csvText, parseCsvText } from '../csv/csvText.ts';
import type { Parsed, Problem } from '../shared/problem.ts';
import {
  type Contract,
  type ContractField,
  type ContractTable,
  MAPPING_CLASSES,
  OUT_OF_SCOPE_ROW_SET,
  REVIEW_STATUSES,
} from './contract.ts';

/** Columns of `reports/mapping_contract.csv`; all but the last are fixed, other tools read them. */
export const CONTRACT_COLUMNS = [
  'target_table',
  'target_field',
  'data_type',
  'mandatory',
  'mapping_class',
  'source_table',
  'source_field',
  'rule',
  'crosswalk',
  'default_value',
  'confidence',
  'status',
  'owner',
  'notes',
  'row_set',
] as const;

/** Columns of `reports/mapping_contract_tables.csv`. */
export const CONTRACT_TABLE_COLUMNS = [
  'target_table',
  'row_set',
  'driving_table',
  'joins',
  'filter',
  'grain',
  'dedupe',
  'load_order',
  'status',
  'notes',
] as const;

/**
 * Reads both contract files; `row_set` may be missing from the first, which then means all row sets. Never throws: a row
 * with a cell that cannot be understood is a problem at that cell and left out. Columns that people added are passed over.
 */
export function readContractText(
  fieldsText: string,
  fieldsFile: string,
  tablesText: string,
  tablesFile: string,
): Parsed<Contract> {
  const fields = parseCsvText(fieldsText, fieldsFile, CONTRACT_COLUMNS.slice(0, 14));
  const tables = parseCsvText(tablesText, tablesFile, CONTRACT_TABLE_COLUMNS);
  const fieldReader = new RowReader(fieldsText, fieldsFile, fields.value);
  const tableReader = new RowReader(tablesText, tablesFile, tables.value);
  const value: Contract = {
    fields: fields.value.records.flatMap((record) => readField(record, fieldReader)),
    tables: tables.value.records.flatMap((record) => readTable(record, tableReader)),
  };
  const problems = [...fields.problems, ...tables.problems, ...fieldReader.problems, ...tableReader.problems];
  reportTwice(
    value.fields.map((row) => [`${row.targetTable}.${row.targetField}`, row.rowSet, row.line]),
    fieldsFile,
    problems,
  );
  reportTwice(
    value.tables.map((row) => [row.targetTable || row.drivingTable, row.rowSet, row.line]),
    tablesFile,
    problems,
  );
  reportUnknownRowSets(value, fieldsFile, tablesFile, problems);
  return { value, problems };
}

/** Reads cells of one file and keeps what was wrong with them, each at its place. */
class RowReader {
  readonly problems: Problem[] = [];
  readonly #text: string;
  readonly #file: string;
  readonly #columns: readonly string[];

  constructor(text: string, file: string, table: CsvTable) {
    this.#text = text;
    this.#file = file;
    this.#columns = table.columns;
  }

  report(record: CsvRecord, column: string, message: string): void {
    const index = this.#columns.indexOf(column);
    const place = index < 0 ? { line: record.line } : cellPlace(this.#text, record, index);
    this.problems.push({
      code: 'contract-bad-cell',
      severity: 'error',
      message: `${column} ${message}.`,
      place: { file: this.#file, ...place },
    });
  }

  /** One of the given words; outer blanks do not count. Reports and gives the first word otherwise. */
  word<T extends string>(record: CsvRecord, column: string, words: readonly [T, ...T[]]): T {
    const written = (record.cells[column] ?? '').trim();
    const found = words.find((word) => word === written);
    if (found === undefined) this.report(record, column, `must be one of ${words.join(', ')}`);
    return found ?? words[0];
  }

  /** A number that the pattern allows; an empty cell is 0. */
  number(record: CsvRecord, column: string, allowed: RegExp, what: string): number {
    const written = (record.cells[column] ?? '').trim();
    if (written === '') return 0;
    if (!allowed.test(written)) this.report(record, column, `must be ${what}`);
    return Number(written);
  }

  /** No engine and no target system keeps a NUL character. */
  refuseNul(record: CsvRecord, columns: readonly string[]): void {
    for (const column of columns)
      if ((record.cells[column] ?? '').includes('\0')) this.report(record, column, 'holds a NUL character; remove it');
  }
}

const CONFIDENCE = /^(0|1|0?\.\d{1,9}|0\.|1\.0{0,9})$/;
const WHOLE_NUMBER = /^\d{1,6}$/;

function readField(record: CsvRecord, reader: RowReader): ContractField[] {
  const before = reader.problems.length;
  const cell = (name: (typeof CONTRACT_COLUMNS)[number]): string => record.cells[name] ?? '';
  for (const name of ['target_table', 'target_field'] as const)
    if (cell(name).trim() === '') reader.report(record, name, 'must name a field of the target catalog');
  reader.refuseNul(record, CONTRACT_COLUMNS);
  const row: ContractField = {
    targetTable: cell('target_table'),
    targetField: cell('target_field'),
    dataType: cell('data_type'),
    mandatory: reader.word(record, 'mandatory', ['Y', 'N']) === 'Y',
    mappingClass: reader.word(record, 'mapping_class', MAPPING_CLASSES),
    sourceTable: cell('source_table'),
    sourceField: cell('source_field'),
    rule: cell('rule'),
    crosswalk: cell('crosswalk'),
    defaultValue: cell('default_value'),
    confidence: reader.number(record, 'confidence', CONFIDENCE, 'a number from 0 to 1'),
    status: reader.word(record, 'status', REVIEW_STATUSES),
    owner: cell('owner'),
    notes: cell('notes'),
    rowSet: cell('row_set'),
    line: record.line,
  };
  return reader.problems.length > before ? [] : [row];
}

function readTable(record: CsvRecord, reader: RowReader): ContractTable[] {
  const before = reader.problems.length;
  const cell = (name: (typeof CONTRACT_TABLE_COLUMNS)[number]): string => record.cells[name] ?? '';
  if (cell('target_table').trim() === '' && cell('row_set') !== OUT_OF_SCOPE_ROW_SET)
    reader.report(record, 'target_table', `may be empty only where row_set is ${OUT_OF_SCOPE_ROW_SET}`);
  reader.refuseNul(record, CONTRACT_TABLE_COLUMNS);
  const row: ContractTable = {
    targetTable: cell('target_table'),
    rowSet: cell('row_set'),
    drivingTable: cell('driving_table'),
    joins: cell('joins'),
    filter: cell('filter'),
    grain: cell('grain'),
    dedupe: cell('dedupe'),
    loadOrder: reader.number(record, 'load_order', WHOLE_NUMBER, 'a whole number'),
    status: reader.word(record, 'status', REVIEW_STATUSES),
    notes: cell('notes'),
    line: record.line,
  };
  return reader.problems.length > before ? [] : [row];
}

function reportTwice(rows: readonly (readonly [string, string, number])[], file: string, problems: Problem[]): void {
  const seen = new Map<string, number>();
  for (const [name, rowSet, line] of rows) {
    const key = `${name}\u0000${rowSet}`;
    const before = seen.get(key);
    if (before === undefined) seen.set(key, line);
    else
      problems.push({
        code: 'contract-duplicate-row',
        severity: 'error',
        message: `${name}${rowSet === '' ? '' : ` for row set ${rowSet}`} already stands at line ${before}; keep one of the two.`,
        place: { file, line },
      });
  }
}

/** A field row for a row set that no table row makes would silently do nothing. */
function reportUnknownRowSets(contract: Contract, fieldsFile: string, tablesFile: string, problems: Problem[]): void {
  const known = new Set(contract.tables.map((row) => `${row.targetTable}\u0000${row.rowSet}`));
  for (const row of contract.fields) {
    if (row.rowSet === '' || known.has(`${row.targetTable}\u0000${row.rowSet}`)) continue;
    problems.push({
      code: 'contract-unknown-row-set',
      severity: 'error',
      message: `${row.targetTable} has no row set ${row.rowSet} in ${tablesFile}, so this row would do nothing; correct its name, or add the table row.`,
      place: { file: fieldsFile, line: row.line },
    });
  }
}

/** A fields file for these rows, in the given order. */
export function writeContractFieldsText(rows: readonly ContractField[]): string {
  return csvText(
    CONTRACT_COLUMNS,
    rows.map((row) => Object.values(fieldCells(row))),
  );
}

/** A tables file for these rows, in the given order. */
export function writeContractTablesText(rows: readonly ContractTable[]): string {
  return csvText(
    CONTRACT_TABLE_COLUMNS,
    rows.map((row) => Object.values(tableCells(row))),
  );
}

/** A field row as cells by column name, in the order of `CONTRACT_COLUMNS`. */
export function fieldCells(row: ContractField): Record<(typeof CONTRACT_COLUMNS)[number], string> {
  return {
    target_table: row.targetTable,
    target_field: row.targetField,
    data_type: row.dataType,
    mandatory: row.mandatory ? 'Y' : 'N',
    mapping_class: row.mappingClass,
    source_table: row.sourceTable,
    source_field: row.sourceField,
    rule: row.rule,
    crosswalk: row.crosswalk,
    default_value: row.defaultValue,
    confidence: row.confidence.toFixed(2),
    status: row.status,
    owner: row.owner,
    notes: row.notes,
    row_set: row.rowSet,
  };
}

/** A table row as cells by column name, in the order of `CONTRACT_TABLE_COLUMNS`. */
export function tableCells(row: ContractTable): Record<(typeof CONTRACT_TABLE_COLUMNS)[number], string> {
  return {
    target_table: row.targetTable,
    row_set: row.rowSet,
    driving_table: row.drivingTable,
    joins: row.joins,
    filter: row.filter,
    grain: row.grain,
    dedupe: row.dedupe,
    load_order: String(row.loadOrder),
    status: row.status,
    notes: row.notes,
  };
}
