import type { CatalogField } from '../catalog/catalog.ts';
import { ROLES, roleTitle } from '../governance/roleNames.ts';
import { type MatrixRow, PROPOSAL_SCORE } from '../mapping/mappingMatrix.ts';
import type { ContractField } from './contract.ts';
import type { TableContext } from './proposeContract.ts';
import { sqlName } from './sqlName.ts';

/** Role that owns a row nobody has taken over. */
export const DEFAULT_OWNER = ROLES.data_mapping_analyst;
const NEAREST = 'Nearest: ';
const MAKE_CROSSWALK = 'Make the crosswalk ';

/** A proposed field row, and the source tables it reads beside the driving one. */
export interface FieldProposal {
  readonly row: ContractField;
  readonly joined: readonly string[];
}

/** A row nobody has decided yet. */
export function emptyRow(field: Pick<CatalogField, 'table' | 'field' | 'declaredType' | 'mandatory'>): ContractField {
  return {
    targetTable: field.table,
    targetField: field.field,
    dataType: field.declaredType,
    mandatory: field.mandatory,
    mappingClass: 'unresolved',
    sourceTable: '',
    sourceField: '',
    rule: '',
    crosswalk: '',
    defaultValue: '',
    confidence: 0,
    status: 'DRAFT',
    owner: DEFAULT_OWNER,
    notes: '',
    rowSet: '',
    line: 0,
  };
}

/**
 * Proposes one field row from its candidates, or leaves it unresolved with a hint: a source this table cannot reach, a
 * code without a crosswalk, or a score that is too low is no proposal.
 */
export function proposeField(
  field: CatalogField,
  candidates: readonly MatrixRow[],
  context: TableContext,
): FieldProposal {
  const fit = candidates.find((row) => row.score >= PROPOSAL_SCORE && context.reaches(row.sourceTable));
  const source = fit === undefined ? undefined : context.source.field(fit.sourceTable, fit.sourceField);
  const open = (notes: string): FieldProposal => ({
    row: { ...emptyRow(field), confidence: confidence(candidates[0]?.score ?? 0), notes },
    joined: [],
  });
  if (field.primaryKey && context.isOnlyKey && context.drivingKey.length > 1) return composedKey(field, context, open);
  if (fit === undefined || source === undefined) return open(hint(candidates[0], context));
  const parent = field.foreignKey?.table ?? '';
  if (context.isSurrogateKey(field) || context.surrogates.has(parent))
    return surrogate(field, fit, source, context, open);
  const joined = source.table === context.driving ? [] : [source.table];
  const known = { ...emptyRow(field), sourceTable: source.table, confidence: confidence(fit.score) };
  const derived = (rule: string, notes: string): FieldProposal => ({
    row: { ...known, mappingClass: 'derived', rule, notes },
    joined,
  });
  const name = context.nameOf(source);
  if (fit.proposedClass === 'lookup') return lookup(known, field, source, joined, context);
  if (field.concept === 'nhs_number' && field.dataType === 'VARCHAR') return derived(`nhs_number(${name})`, '');
  const time = field.dataType === 'DATETIME' && source.dataType === 'DATE' ? context.timeOf(source) : undefined;
  if (time !== undefined)
    return derived(moment(source, time, context), `Date and time are two columns: check that both belong to this.`);
  const notes =
    field.dataType === 'DATETIME' && source.dataType === 'DATE'
      ? 'The source has no time of day here: midnight would be invented.'
      : '';
  return { row: { ...known, sourceField: source.field, mappingClass: 'direct', notes }, joined };
}

function lookup(
  known: ContractField,
  field: CatalogField,
  source: CatalogField,
  joined: readonly string[],
  context: TableContext,
): FieldProposal {
  // A source that names no code table lends its crosswalk the name of the target's code set.
  const name = source.codeSet === '' ? field.codeSet : source.codeSet;
  const row = { ...known, sourceField: source.field, crosswalk: name };
  if (context.crosswalks.has(name)) return { row: { ...row, mappingClass: 'lookup' }, joined };
  const notes = `${MAKE_CROSSWALK}${name} to ${field.codeSet}, then set the class to lookup.`;
  // Without its crosswalk a lookup cannot run, so the field stays open and the gates see it.
  return { row: { ...row, notes }, joined: [] };
}

/** A number of the target's own in place of the old key; a link to such a key is looked up by the old one. */
function surrogate(
  field: CatalogField,
  fit: MatrixRow,
  source: CatalogField,
  context: TableContext,
  open: (notes: string) => FieldProposal,
): FieldProposal {
  const parent = field.foreignKey?.table ?? '';
  if (!context.isSurrogateKey(field) && !context.loadedBefore(parent))
    return open(
      `${NEAREST}${source.table}.${source.field}; the key of ${parent} is not known yet when this table is loaded.`,
    );
  const row: ContractField = {
    ...emptyRow(field),
    mappingClass: 'surrogate',
    sourceTable: source.table,
    rule: context.nameOf(source),
    confidence: confidence(fit.score),
  };
  return { row, joined: source.table === context.driving ? [] : [source.table] };
}

/** The old table's key has several columns, the new one's has one: no single column would be unique. */
function composedKey(
  field: CatalogField,
  context: TableContext,
  open: (notes: string) => FieldProposal,
): FieldProposal {
  const names = context.drivingKey.map((key) => key.field);
  const length = context.drivingKey.reduce((sum, key) => sum + (key.length ?? key.precision ?? 0) + 1, -1);
  const fits = field.dataType === 'VARCHAR' && (field.length === null || field.length >= length);
  if (!fits) return open(`The key of ${context.driving} is ${names.join(', ')}: decide how it becomes one.`);
  const rule = context.drivingKey.map((key) => sqlName(key.field)).join(" || '-' || ");
  const notes = `The key of ${context.driving} has ${names.length} columns, joined here into one.`;
  return {
    row: {
      ...emptyRow(field),
      mappingClass: 'derived',
      sourceTable: context.driving,
      rule,
      confidence: PROPOSAL_SCORE,
      notes,
    },
    joined: [],
  };
}

/** The rule that joins a date column and a time column. */
function moment(date: CatalogField, time: CatalogField, context: TableContext): string {
  const [day, second] = [context.nameOf(date), context.nameOf(time)];
  if (date.format === 'HOROLOG' && time.format === 'HOROLOG_SECONDS') return `horolog_datetime(${day}, ${second})`;
  return `join_datetime(${converted(date, day)}, ${converted(time, second)})`;
}

function converted(field: CatalogField, name: string): string {
  switch (field.format) {
    case 'HOROLOG':
      return `horolog_date(${name})`;
    case 'HOROLOG_SECONDS':
      return `horolog_time(${name})`;
    case 'YYYYMMDD':
    case 'DD/MM/YYYY':
    case 'DDMMYYYY':
      return `text_date(${name}, '${field.format}')`;
    case 'HHMM':
      return `text_time(${name}, 'HHMM')`;
    default:
      return `CAST(${name} AS ${field.dataType})`;
  }
}

function hint(best: MatrixRow | undefined, context: TableContext): string {
  if (best === undefined) return '';
  const reach =
    best.score >= PROPOSAL_SCORE && !context.reaches(best.sourceTable)
      ? `; ${best.sourceTable} cannot be joined to ${context.driving} by one key`
      : '';
  return `${NEAREST}${best.sourceTable}.${best.sourceField} (${best.score.toFixed(2)})${reach}.`;
}

function confidence(score: number): number {
  return Math.round(score * 100) / 100;
}

const DECIDED = ['source_table', 'source_field', 'rule', 'crosswalk', 'default_value'];

/**
 * True when nobody has put a word into an open row, so that a newer proposal may take its place. A row that waits for its
 * crosswalk counts as untouched while it names the source that is still proposed.
 */
export function isUntouched(cells: Readonly<Record<string, string>>, proposal: ContractField): boolean {
  const cell = (name: string): string => cells[name] ?? '';
  if (cell('mapping_class') !== 'unresolved' || cell('status') !== 'DRAFT') return false;
  // Earlier versions called the role otherwise.
  if (cell('owner') !== '' && roleTitle(cell('owner')) !== DEFAULT_OWNER) return false;
  const notes = cell('notes');
  if (notes.startsWith(MAKE_CROSSWALK) && notes.endsWith(', then set the class to lookup.')) {
    const waiting = [proposal.sourceTable, proposal.sourceField, '', proposal.crosswalk, ''];
    return DECIDED.every((name, index) => cell(name) === waiting[index]);
  }
  return (notes === '' || /^Nearest: [^;]*(; [^;]*)?\.$/.test(notes)) && DECIDED.every((name) => cell(name) === '');
}
