import type { CatalogField } from '../catalog/catalog.ts';
import type { JoinPlan, ReferencePlan, RowSetPlan, ValuePlan } from '../migration/plan.ts';
import type { Scope } from './bind.ts';
import type { CompileInput } from './compileContract.ts';
import type { CompileLog } from './compileLog.ts';
import { compileText } from './compileText.ts';
import { compileValue } from './compileValue.ts';
import type { ContractField, ContractTable } from './contract.ts';
import { columnsOf, type Expression } from './expression.ts';
import { parseDedupe, parseJoins } from './tableClauses.ts';

/** One table line with the field rows that apply to it. */
export interface RowSetInput {
  readonly line: ContractTable;
  readonly rows: readonly ContractField[];
  readonly catalogFields: readonly CatalogField[];
  /** Foreign keys whose parent is loaded before this table. */
  readonly references: readonly ReferencePlan[];
  readonly surrogate: string | null;
}

/** Compiles one row set; null when its driving table is unknown, which is reported. */
export function compileRowSet(rowSet: RowSetInput, input: CompileInput, log: CompileLog): RowSetPlan | null {
  const { line } = rowSet;
  if (input.source.table(line.drivingTable) === undefined) {
    const what =
      line.drivingTable === ''
        ? 'has no driving table'
        : `is driven by ${line.drivingTable}, which is not in the source catalog`;
    log.table(
      line,
      'contract-unknown-driving-table',
      'error',
      `${line.targetTable} ${what}; name the source table whose rows make its rows.`,
    );
    return null;
  }
  const { scope, joins } = compileJoins(line, input, log);
  const expression = (text: string, what: string): Expression | null => {
    if (text.trim() === '') return null;
    return compileText(text, scope, input, (message) =>
      log.table(line, 'contract-bad-clause', 'error', `${what} of ${line.targetTable}: ${message}`),
    );
  };
  return {
    name: line.rowSet,
    line: line.line,
    source: line.drivingTable,
    joins,
    filter: expression(line.filter, 'The filter'),
    dedupe: compileDedupe(line, expression, log),
    values: compileValues(rowSet, scope, input, log),
    references: rowSet.references,
  };
}

function compileJoins(line: ContractTable, input: CompileInput, log: CompileLog): { scope: Scope; joins: JoinPlan[] } {
  const tables = new Map([[line.drivingTable, line.drivingTable]]);
  const scope: Scope = { catalog: input.source, driving: line.drivingTable, tables };
  const joins: JoinPlan[] = [];
  const clauses = parseJoins(line.joins);
  const report = (message: string): void =>
    log.table(line, 'contract-bad-join', 'error', `joins of ${line.targetTable}: ${message}`);
  if (clauses === null)
    report('write TABLE [AS alias] ON TABLE.COLUMN = OTHER.COLUMN, several separated by semicolons.');
  for (const clause of clauses ?? []) {
    if (input.source.table(clause.table) === undefined) {
      report(`${clause.table} is not in the source catalog.`);
      continue;
    }
    if (tables.has(clause.alias)) {
      report(`${clause.alias} is used twice; give the second an alias with AS.`);
      continue;
    }
    tables.set(clause.alias, clause.table);
    const condition = compileText(clause.condition, scope, input, report);
    const pairs = condition === null ? null : joinPairs(condition, clause.alias);
    if (pairs !== null) joins.push({ table: clause.table, alias: clause.alias, pairs });
    else if (condition !== null) report(`join ${clause.alias} on equalities of its own columns, connected by AND.`);
  }
  return { scope, joins };
}

/** Reads `alias.A = expression AND …`; null when another shape, or when the other side also reads the alias. */
function joinPairs(condition: Expression, alias: string): JoinPlan['pairs'] | null {
  if (condition.kind !== 'operator') return null;
  if (condition.operator === 'and') {
    const parts = condition.args.map((part) => joinPairs(part, alias));
    return parts.some((part) => part === null) ? null : parts.flatMap((part) => part ?? []);
  }
  const [left, right] = condition.args;
  if (condition.operator !== '=' || left === undefined || right === undefined) return null;
  for (const [own, other] of [
    [left, right],
    [right, left],
  ] as const) {
    const reads = columnsOf([other]).some((column) => column.alias === alias);
    if (own.kind === 'column' && own.alias === alias && !reads) return [{ column: own.column, equals: other }];
  }
  return null;
}

function compileDedupe(
  line: ContractTable,
  expression: (text: string, what: string) => Expression | null,
  log: CompileLog,
): RowSetPlan['dedupe'] {
  if (line.dedupe.trim() === '') return null;
  const clause = parseDedupe(line.dedupe);
  if (clause === null) {
    log.table(
      line,
      'contract-bad-dedupe',
      'error',
      `dedupe of ${line.targetTable}: write COLUMN[, COLUMN] KEEP FIRST|LAST BY expression.`,
    );
    return null;
  }
  const keys = clause.keys.map((key) => expression(key, 'dedupe'));
  const by = expression(clause.by, 'dedupe');
  if (by === null || keys.some((key) => key === null)) return null;
  return { keys: keys.filter((key) => key !== null), by, keep: clause.keep };
}

function compileValues(rowSet: RowSetInput, scope: Scope, input: CompileInput, log: CompileLog): ValuePlan[] {
  const values: ValuePlan[] = [];
  for (const field of rowSet.catalogFields) {
    const own = rowSet.rows.filter((row) => row.targetField === field.field);
    // A row for just this row set wins over the row for all of them.
    const row = own.find((candidate) => candidate.rowSet !== '') ?? own[0];
    if (row === undefined) continue;
    const value = compileValue(row, field, rowSet, scope, input, log);
    if (value !== null) values.push(value);
  }
  return values;
}
