import { type CsvRecord, csvText, parseCsvSteps } from '../csv/csvText.ts';
import type { Parsed, Problem } from '../shared/problem.ts';
import { runSteps, type Steps } from '../shared/steps.ts';
import {
  Catalog,
  type CatalogField,
  type CatalogSide,
  DATA_TYPES,
  type DataType,
  FORMATS,
  type ValueFormat,
} from './catalog.ts';

/** Columns of `schemas/{source,target}_schema_catalog.csv`; the first fifteen are fixed, other tools read them. */
export const CATALOG_COLUMNS = [
  'table_name',
  'field_name',
  'ordinal',
  'data_type',
  'length',
  'precision',
  'scale',
  'mandatory',
  'primary_key',
  'foreign_key',
  'code_set',
  'description',
  'spec_file',
  'spec_location',
  'parse_confidence',
  'declared_type',
  'format',
  'family',
  'concept',
] as const;

/** The catalog as CSV text, in document order. */
export function writeCatalogText(catalog: Catalog): string {
  return csvText(
    CATALOG_COLUMNS,
    catalog.fields.map((field) => [
      field.table,
      field.field,
      field.ordinal,
      field.dataType,
      field.length,
      field.precision,
      field.scale,
      field.mandatory,
      field.primaryKey,
      field.foreignKey === null ? '' : `${field.foreignKey.table}.${field.foreignKey.field}`,
      field.codeSet,
      field.description,
      field.specFile,
      field.specLocation,
      field.parseConfidence,
      field.declaredType,
      field.format,
      field.family,
      field.concept,
    ]),
  );
}

/** Reads a catalog CSV. A line that cannot be understood is a problem and left out; the rest is kept. */
export function readCatalogText(text: string, file: string, side: CatalogSide): Parsed<Catalog> {
  return runSteps(readCatalogSteps(text, file, side));
}

/** Lines read between two pauses. */
const LINES_A_STEP = 300;

/** The same in steps: a catalog of a region has many thousand lines. */
export function* readCatalogSteps(text: string, file: string, side: CatalogSide): Steps<Parsed<Catalog>> {
  const required = CATALOG_COLUMNS.slice(0, 15);
  const { value, problems } = yield* parseCsvSteps(text, file, required);
  const found: Problem[] = [...problems];
  const seen = new Map<string, number>();
  const fields: CatalogField[] = [];
  for (const [index, record] of value.records.entries()) {
    if (index % LINES_A_STEP === LINES_A_STEP - 1) yield;
    const field = readField(record, file, found);
    if (field === null) continue;
    const key = `${field.table}.${field.field}`;
    const before = seen.get(key);
    if (before !== undefined) {
      found.push({
        code: 'catalog-duplicate-field',
        severity: 'error',
        message: `${key} is already defined at line ${before}; keep one of the two.`,
        place: { file, line: record.line },
      });
      continue;
    }
    seen.set(key, record.line);
    fields.push(field);
  }
  return { value: new Catalog(side, fields), problems: found };
}

function readField(record: CsvRecord, file: string, problems: Problem[]): CatalogField | null {
  const cell = (name: (typeof CATALOG_COLUMNS)[number]): string => record.cells[name] ?? '';
  const wrong = (message: string): null => {
    problems.push({ code: 'catalog-bad-field', severity: 'error', message, place: { file, line: record.line } });
    return null;
  };
  const dataType = cell('data_type') as DataType;
  if (cell('table_name') === '' || cell('field_name') === '') return wrong('A table name or field name is empty.');
  if (!DATA_TYPES.includes(dataType)) return wrong(`data_type must be one of ${DATA_TYPES.join(', ')}.`);
  const format = cell('format') as ValueFormat;
  if (!FORMATS.includes(format)) return wrong(`format must be empty or one of ${FORMATS.slice(1).join(', ')}.`);
  return {
    table: cell('table_name'),
    field: cell('field_name'),
    ordinal: Number(cell('ordinal')),
    dataType,
    length: optionalNumber(cell('length')),
    precision: optionalNumber(cell('precision')),
    scale: optionalNumber(cell('scale')),
    mandatory: cell('mandatory') === 'Y',
    primaryKey: cell('primary_key') === 'Y',
    foreignKey: parseForeignKey(cell('foreign_key')),
    codeSet: cell('code_set'),
    description: cell('description'),
    specFile: cell('spec_file'),
    specLocation: cell('spec_location'),
    parseConfidence: Number(cell('parse_confidence')),
    declaredType: cell('declared_type'),
    format,
    family: cell('family'),
    concept: cell('concept'),
  };
}

/** `TABLE.FIELD` (the field is what follows the last dot), or null when empty or without a dot. */
export function parseForeignKey(text: string): { table: string; field: string } | null {
  const dot = text.lastIndexOf('.');
  return dot <= 0 ? null : { table: text.slice(0, dot), field: text.slice(dot + 1) };
}

function optionalNumber(text: string): number | null {
  const value = Number(text);
  return text.trim() === '' || !Number.isFinite(value) ? null : value;
}
