import type { Catalog, CatalogField } from '../catalog/catalog.ts';
import type { Crosswalk } from '../crosswalk/crosswalk.ts';
import type { ImputeMode, MigrationPlan, RowSetPlan, SourcePlan, TablePlan } from '../migration/plan.ts';
import { compareText, groupBy } from '../shared/order.ts';
import type { Problem } from '../shared/problem.ts';
import { CompileLog } from './compileLog.ts';
import { compileRowSet } from './compileRowSet.ts';
import { columnPlan, referencesOf } from './compileTarget.ts';
import { type Contract, type ContractField, type ContractTable, OUT_OF_SCOPE_ROW_SET } from './contract.ts';
import { columnsOf, type Expression } from './expression.ts';
import type { ParsedRule } from './parseRule.ts';
import { parseDedupe, parseJoins } from './tableClauses.ts';

/** Everything a contract is checked against. */
export interface CompileInput {
  readonly contract: Contract;
  readonly contractFile: string;
  readonly tablesFile: string;
  readonly source: Catalog;
  readonly target: Catalog;
  readonly crosswalks: ReadonlyMap<string, Crosswalk>;
  /** Parse results of all rule texts, see `ruleTexts`. */
  readonly rules: ReadonlyMap<string, ParsedRule>;
  readonly imputeMode: ImputeMode;
}

/** Every text of a contract that must be parsed as an SQL expression before it can be compiled. */
export function ruleTexts(contract: Contract): string[] {
  const texts = contract.fields.map((field) => field.rule);
  for (const table of contract.tables) {
    texts.push(table.filter, ...(parseJoins(table.joins) ?? []).map((join) => join.condition));
    const dedupe = table.dedupe.trim() === '' ? null : parseDedupe(table.dedupe);
    if (dedupe !== null) texts.push(...dedupe.keys, dedupe.by);
  }
  return [...new Set(texts.filter((text) => text.trim() !== ''))].sort(compareText);
}

/**
 * Compiles a contract to a plan. Never throws on a bad contract: each fault is a problem at its line, and the part
 * it spoils is left out, so that one wrong rule does not hide the next. A plan with error problems must not be run.
 */
export function compileContract(input: CompileInput): { plan: MigrationPlan; problems: Problem[] } {
  const log = new CompileLog(input);
  const rowSets = groupBy(
    input.contract.tables.filter((table) => table.rowSet !== OUT_OF_SCOPE_ROW_SET),
    (table) => table.targetTable,
  );
  const fields = groupBy(input.contract.fields, (field) => field.targetTable);
  reportStrays(input, rowSets, fields, log);
  const order = loadOrder(input, rowSets);
  const surrogates = surrogateKeys(input);
  const tables = order.flatMap((name, position) => {
    const loaded = new Set(order.slice(0, position));
    const lines = rowSets.get(name) ?? [];
    const table = compileTable(name, lines, fields.get(name) ?? [], loaded, surrogates, input, log);
    return table === null ? [] : [table];
  });
  const plan = {
    tables: withReferenced(tables),
    sources: sourcesOf(tables, input.source),
    unread: unreadOf(tables, input),
  };
  return { plan, problems: log.problems };
}

/** Target table → the surrogate key field its contract declares. */
function surrogateKeys(input: CompileInput): Map<string, string> {
  const keys = new Map<string, string>();
  for (const row of input.contract.fields) {
    const field = input.target.field(row.targetTable, row.targetField);
    if (row.mappingClass === 'surrogate' && field?.primaryKey === true) keys.set(row.targetTable, row.targetField);
  }
  return keys;
}

/** By the contract's load_order; ties by target catalog order, so that the order is the same on every run. */
function loadOrder(input: CompileInput, rowSets: ReadonlyMap<string, readonly ContractTable[]>): string[] {
  const position = new Map([...input.target.tables.keys()].map((name, index) => [name, index]));
  const rank = (name: string): number => Math.min(...(rowSets.get(name) ?? []).map((line) => line.loadOrder));
  return [...rowSets.keys()]
    .filter((name) => position.has(name))
    .sort((a, b) => rank(a) - rank(b) || (position.get(a) ?? 0) - (position.get(b) ?? 0));
}

function compileTable(
  name: string,
  lines: readonly ContractTable[],
  rows: readonly ContractField[],
  loaded: ReadonlySet<string>,
  surrogates: ReadonlyMap<string, string>,
  input: CompileInput,
  log: CompileLog,
): TablePlan | null {
  const catalogFields = input.target.table(name)?.fields ?? [];
  const references = referencesOf(name, catalogFields, input.target, surrogates);
  for (const reference of references) {
    if (
      reference.parent !== name &&
      input.target.table(reference.parent) !== undefined &&
      !loaded.has(reference.parent)
    ) {
      log.table(
        lines[0],
        'contract-load-order',
        'warning',
        `${name} refers to ${reference.parent}, which is not loaded before it; give ${reference.parent} a lower load_order.`,
      );
    }
  }
  const checked = references.filter((reference) => loaded.has(reference.parent));
  const rowSets: RowSetPlan[] = [];
  for (const line of lines) {
    const own = rows.filter((row) => row.rowSet === '' || row.rowSet === line.rowSet);
    const compiled = compileRowSet(
      { line, rows: own, catalogFields, references: checked, surrogate: surrogates.get(name) ?? null },
      input,
      log,
    );
    if (compiled !== null) rowSets.push(compiled);
  }
  reportMissingFields(name, catalogFields, rows, lines, log);
  if (rowSets.length === 0) return null;
  return {
    target: name,
    columns: catalogFields.map((field) => columnPlan(field, rows)),
    rowSets,
    keyColumns: catalogFields.filter((field) => field.primaryKey).map((field) => field.field),
    surrogate: surrogates.get(name) ?? null,
    referenced: [],
  };
}

function reportStrays(
  input: CompileInput,
  rowSets: ReadonlyMap<string, readonly ContractTable[]>,
  fields: ReadonlyMap<string, readonly ContractField[]>,
  log: CompileLog,
): void {
  for (const [name, lines] of rowSets) {
    if (input.target.table(name) === undefined) {
      log.table(
        lines[0],
        'contract-unknown-target',
        'error',
        `The target table ${name} is not in the target catalog; remove the line or read the target spec again.`,
      );
    }
  }
  for (const [name, rows] of fields) {
    for (const row of rows) {
      if (input.target.field(name, row.targetField) === undefined) {
        log.field(
          row,
          'contract-unknown-target',
          'error',
          `The target field ${name}.${row.targetField} is not in the target catalog; remove the row or read the target spec again.`,
        );
      }
    }
    if (
      !rowSets.has(name) &&
      rows.some((row) => row.mappingClass !== 'out_of_scope' && row.mappingClass !== 'reference_feed')
    ) {
      log.field(
        rows[0],
        'contract-no-row-set',
        'error',
        `${name} has field rows but no line in ${input.tablesFile}, so no row of it would be made; add its driving table there.`,
      );
    }
  }
}

function reportMissingFields(
  name: string,
  catalogFields: readonly CatalogField[],
  rows: readonly ContractField[],
  lines: readonly ContractTable[],
  log: CompileLog,
): void {
  const known = new Set(rows.map((row) => row.targetField));
  for (const field of catalogFields) {
    if (known.has(field.field)) continue;
    log.table(
      lines[0],
      field.mandatory ? 'contract-unresolved-mandatory' : 'contract-unresolved',
      // A contract that was cut short must not load rows without their keys.
      field.mandatory ? 'error' : 'warning',
      `${name}.${field.field} has no contract row; run build-mapping-contract to add one.`,
    );
  }
}

/** Tells each parent which of its columns children look up. */
function withReferenced(tables: readonly TablePlan[]): TablePlan[] {
  const wanted = new Map<string, Map<string, readonly string[]>>();
  for (const table of tables) {
    for (const reference of table.rowSets.flatMap((rowSet) => rowSet.references)) {
      const columns = wanted.get(reference.parent) ?? new Map<string, readonly string[]>();
      columns.set(reference.parentColumns.join('\u0000'), reference.parentColumns);
      wanted.set(reference.parent, columns);
    }
  }
  return tables.map((table) => ({ ...table, referenced: [...(wanted.get(table.target)?.values() ?? [])] }));
}

function sourcesOf(tables: readonly TablePlan[], catalog: Catalog): SourcePlan[] {
  const used = new Map<string, Set<string>>();
  const use = (table: string, column: string): void => {
    const columns = used.get(table) ?? new Set<string>();
    columns.add(column);
    used.set(table, columns);
  };
  for (const rowSet of tables.flatMap((table) => table.rowSets)) {
    const tableOf = new Map([
      [rowSet.source, rowSet.source],
      ...rowSet.joins.map((join) => [join.alias, join.table] as const),
    ]);
    for (const { alias, column } of columnsOf([...valuesOf(rowSet), ...clausesOf(rowSet)]))
      use(tableOf.get(alias) ?? alias, column);
    for (const join of rowSet.joins) for (const pair of join.pairs) use(join.table, pair.column);
    for (const key of catalog.primaryKey(rowSet.source)) use(rowSet.source, key.field);
  }
  return [...used.entries()]
    .sort(([a], [b]) => compareText(a, b))
    .map(([table, columns]) => ({
      table,
      columns: catalog.table(table)?.fields.map((field) => field.field) ?? [],
      used: [...columns].sort(compareText),
      keyColumns: catalog.primaryKey(table).map((field) => field.field),
    }));
}

function valuesOf(rowSet: RowSetPlan): Expression[] {
  return rowSet.values.flatMap(({ expression, crosswalk }) =>
    crosswalk?.event === undefined ? [expression] : [expression, crosswalk.event.day],
  );
}

/** What decides which rows of a row set there are: joins, filter, dedupe. */
export function clausesOf(rowSet: RowSetPlan): Expression[] {
  return [
    ...rowSet.joins.flatMap((join) => join.pairs.map((pair) => pair.equals)),
    ...(rowSet.filter === null ? [] : [rowSet.filter]),
    ...(rowSet.dedupe === null ? [] : [...rowSet.dedupe.keys, rowSet.dedupe.by]),
  ];
}

function unreadOf(tables: readonly TablePlan[], input: CompileInput): { table: string; reason: string }[] {
  const driving = new Set(tables.flatMap((table) => table.rowSets.map((rowSet) => rowSet.source)));
  const joined = new Set(
    tables.flatMap((table) => table.rowSets.flatMap((rowSet) => rowSet.joins.map((join) => join.table))),
  );
  const reasons = new Map(
    input.contract.tables
      .filter((table) => table.rowSet === OUT_OF_SCOPE_ROW_SET)
      .map((table) => [table.drivingTable, table.notes.trim()]),
  );
  return [...input.source.tables.keys()]
    .filter((table) => !driving.has(table))
    .map((table) => ({
      table,
      reason: reasons.get(table) || (joined.has(table) ? 'read as a look-up by joins only' : ''),
    }));
}
