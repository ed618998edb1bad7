import type { CatalogField } from '../catalog/catalog.ts';
import type { ImputeMode, ValuePlan } from '../migration/plan.ts';
import type { Scope } from './bind.ts';
import type { CompileInput } from './compileContract.ts';
import type { CompileLog } from './compileLog.ts';
import { compileLookup } from './compileLookup.ts';
import type { RowSetInput } from './compileRowSet.ts';
import { compileText } from './compileText.ts';
import type { ContractField } from './contract.ts';
import { call, column, type Expression, text } from './expression.ts';
import { converted } from './sourceFormat.ts';

/**
 * Compiles one field row to the value it gives. Classes without a value (reference feed, out of scope, unresolved)
 * give null; an unresolved mandatory field is a warning here and a failing gate later, so that rehearsals can run.
 */
export function compileValue(
  row: ContractField,
  field: CatalogField,
  rowSet: RowSetInput,
  scope: Scope,
  input: CompileInput,
  log: CompileLog,
): ValuePlan | null {
  const name = `${row.targetTable}.${row.targetField}`;
  const report = (code: string, message: string): void => log.field(row, code, 'error', `${name}: ${message}`);
  if (row.mappingClass === 'unresolved') {
    const code = field.mandatory ? 'contract-unresolved-mandatory' : 'contract-unresolved';
    log.field(
      row,
      code,
      'warning',
      `${name} has no decided source${field.mandatory ? ' and is mandatory' : ''}; map it or put it out of scope with a reason.`,
    );
    return null;
  }
  if (row.mappingClass === 'out_of_scope' && row.notes.trim() === '') {
    log.field(row, 'contract-no-reason', 'warning', `${name} is out of scope without a reason; say why in notes.`);
  }
  if (row.mappingClass === 'out_of_scope' || row.mappingClass === 'reference_feed') return null;
  const expression = expressionOf(row, field, scope, input, report);
  const crosswalk = compileLookup(row, rowSet.line.drivingTable, input, log);
  if (expression === null || crosswalk === undefined) return null;
  if (row.mappingClass === 'surrogate' && field.primaryKey === false && !isSurrogateReference(row, rowSet)) {
    report(
      'contract-bad-surrogate',
      `a surrogate must be the primary key, or a foreign key to a surrogate key that is loaded before this table.`,
    );
    return null;
  }
  const essential = field.mandatory || field.primaryKey;
  return {
    field: field.field,
    line: row.line,
    mappingClass: row.mappingClass,
    sourceTable: row.sourceTable || rowSet.line.drivingTable,
    sourceField: row.sourceField,
    expression,
    crosswalk,
    mandatory: essential,
    impute: essential ? imputed(row, field, input.imputeMode) : null,
    onFail: essential ? 'hold' : (crosswalk?.rowPolicy ?? 'load_null'),
  };
}

/**
 * Both rehearsal modes fill from `default_value` only; `pre_production` also wants the row approved. Keys are never
 * filled, and `cutover_ready` fills nothing, because a made-up value must not reach a live system.
 */
function imputed(row: ContractField, field: CatalogField, mode: ImputeMode): string | null {
  const allowed = mode === 'development' || (mode === 'pre_production' && row.status === 'APPROVED');
  const fillable =
    row.mappingClass !== 'constant' &&
    row.mappingClass !== 'surrogate' &&
    !field.primaryKey &&
    field.foreignKey === null;
  return allowed && fillable && row.defaultValue !== '' ? row.defaultValue : null;
}

function expressionOf(
  row: ContractField,
  field: CatalogField,
  scope: Scope,
  input: CompileInput,
  report: (code: string, message: string) => void,
): Expression | null {
  if (row.mappingClass === 'constant') {
    if (row.defaultValue !== '') return text(row.defaultValue);
    report('contract-no-constant', 'a constant needs its value in default_value.');
    return null;
  }
  if (row.rule.trim() !== '') {
    if (row.mappingClass === 'direct') {
      report('contract-direct-with-rule', 'a direct mapping has no rule; make the class derived, or clear the rule.');
      return null;
    }
    return compileText(row.rule, scope, input, (message) => report('contract-bad-rule', message));
  }
  if (row.mappingClass === 'derived' || row.mappingClass === 'surrogate') {
    report('contract-no-rule', `class ${row.mappingClass} needs a rule.`);
    return null;
  }
  return sourceColumn(row, field, scope, input, report);
}

/** The named source column; a direct mapping converts it from its declared format, a lookup trims it. */
function sourceColumn(
  row: ContractField,
  field: CatalogField,
  scope: Scope,
  input: CompileInput,
  report: (code: string, message: string) => void,
): Expression | null {
  const alias = scope.tables.has(row.sourceTable) ? row.sourceTable : aliasOf(row.sourceTable, scope);
  if (alias === null) {
    report(
      'contract-unknown-source',
      `${row.sourceTable || 'the empty source table'} is neither the driving table nor joined; add a join or change source_table.`,
    );
    return null;
  }
  const source = input.source.field(scope.tables.get(alias) ?? '', row.sourceField);
  if (source === undefined) {
    report(
      'contract-unknown-source',
      `${row.sourceTable}.${row.sourceField} is not in the source catalog; check the spelling, or read the source spec again.`,
    );
    return null;
  }
  const value = column(alias, source.field);
  if (row.mappingClass === 'lookup') return call('trim', value);
  return field.dataType === 'VARCHAR' && source.dataType === 'VARCHAR' ? value : converted(value, source);
}

/** Only one table of that name can be meant. */
function aliasOf(table: string, scope: Scope): string | null {
  const aliases = [...scope.tables].filter(([, name]) => name === table).map(([alias]) => alias);
  return aliases.length === 1 ? (aliases[0] ?? null) : null;
}

function isSurrogateReference(row: ContractField, rowSet: RowSetInput): boolean {
  return rowSet.references.some((reference) => reference.surrogate && reference.columns.includes(row.targetField));
}
