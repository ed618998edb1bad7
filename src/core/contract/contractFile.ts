import { type CsvRecord, parseCsvText } from '../csv/csvText.ts';
import type { Parsed, Problem } from '../shared/problem.ts';
import {
  type Contract,
  type ContractField,
  type ContractTable,
  MAPPING_CLASSES,
  type MappingClass,
  REVIEW_STATUSES,
  type ReviewStatus,
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

/** Reads both contract files. A row that cannot be understood is a problem at its line and left out. */
export function readContractText(
  fieldsText: string,
  fieldsFile: string,
  tablesText: string,
  tablesFile: string,
): Parsed<Contract> {
  const fields = parseCsvText(fieldsText, fieldsFile, CONTRACT_COLUMNS.slice(0, 14));
  const tables = parseCsvText(tablesText, tablesFile, CONTRACT_TABLE_COLUMNS);
  const problems: Problem[] = [...fields.problems, ...tables.problems];
  const value: Contract = {
    fields: fields.value.records.flatMap((record) => readField(record, fieldsFile, problems)),
    tables: tables.value.records.flatMap((record) => readTable(record, tablesFile, problems)),
  };
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
  return { value, problems };
}

function readField(record: CsvRecord, file: string, problems: Problem[]): ContractField[] {
  const cell = (name: (typeof CONTRACT_COLUMNS)[number]): string => record.cells[name] ?? '';
  const mappingClass = cell('mapping_class').trim() as MappingClass;
  const status = cell('status').trim() as ReviewStatus;
  const confidence = Number(cell('confidence') || '0');
  const faults = [
    MAPPING_CLASSES.includes(mappingClass) ? '' : `mapping_class must be one of ${MAPPING_CLASSES.join(', ')}`,
    REVIEW_STATUSES.includes(status) ? '' : `status must be one of ${REVIEW_STATUSES.join(', ')}`,
    confidence >= 0 && confidence <= 1 ? '' : 'confidence must be a number from 0 to 1',
  ].filter((fault) => fault !== '');
  for (const message of faults)
    problems.push({
      code: 'contract-bad-cell',
      severity: 'error',
      message: `${message}.`,
      place: { file, line: record.line },
    });
  if (faults.length > 0) return [];
  return [
    {
      targetTable: cell('target_table'),
      targetField: cell('target_field'),
      dataType: cell('data_type'),
      mandatory: cell('mandatory') === 'Y',
      mappingClass,
      sourceTable: cell('source_table'),
      sourceField: cell('source_field'),
      rule: cell('rule'),
      crosswalk: cell('crosswalk'),
      defaultValue: cell('default_value'),
      confidence,
      status,
      owner: cell('owner'),
      notes: cell('notes'),
      rowSet: cell('row_set'),
      line: record.line,
    },
  ];
}

function readTable(record: CsvRecord, file: string, problems: Problem[]): ContractTable[] {
  const cell = (name: (typeof CONTRACT_TABLE_COLUMNS)[number]): string => record.cells[name] ?? '';
  const status = cell('status').trim() as ReviewStatus;
  const loadOrder = Number(cell('load_order') || '0');
  const faults = [
    REVIEW_STATUSES.includes(status) ? '' : `status must be one of ${REVIEW_STATUSES.join(', ')}`,
    Number.isInteger(loadOrder) ? '' : 'load_order must be a whole number',
  ].filter((fault) => fault !== '');
  for (const message of faults)
    problems.push({
      code: 'contract-bad-cell',
      severity: 'error',
      message: `${message}.`,
      place: { file, line: record.line },
    });
  if (faults.length > 0) return [];
  return [
    {
      targetTable: cell('target_table'),
      rowSet: cell('row_set'),
      drivingTable: cell('driving_table'),
      joins: cell('joins'),
      filter: cell('filter'),
      grain: cell('grain'),
      dedupe: cell('dedupe'),
      loadOrder,
      status,
      notes: cell('notes'),
      line: record.line,
    },
  ];
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
        message: `${name} already stands at line ${before}; keep one of the two.`,
        place: { file, line },
      });
  }
}

/** A field row as cells by column name. */
export function fieldCells(row: ContractField): Record<string, string> {
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

/** A table row as cells by column name. */
export function tableCells(row: ContractTable): Record<string, string> {
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
