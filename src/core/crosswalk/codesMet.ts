import { rm } from 'node:fs/promises';
import { loadCatalog } from '../catalog/loadCatalog.ts';
import { clausesOf, compileContract, ruleTexts } from '../contract/compileContract.ts';
import { readContractText } from '../contract/contractFile.ts';
import { columnsOf } from '../contract/expression.ts';
import { parseRules } from '../contract/parseRule.ts';
import type { Engine } from '../engine/engine.ts';
import { quoteLiteral } from '../engine/sqlText.ts';
import { ambiguousJoins } from '../migration/ambiguousJoins.ts';
import type { RowSetPlan, SourcePlan, TablePlan, ValuePlan } from '../migration/plan.ts';
import { RowSetSql } from '../migration/renderRowSet.ts';
import { findSourceFiles } from '../migration/sourceFiles.ts';
import { SourceStore } from '../migration/sourceStore.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readRequiredText } from '../project/readText.ts';
import { throwIfCancelled, UserError } from '../shared/errors.ts';
import { compareText } from '../shared/order.ts';
import type { Problem } from '../shared/problem.ts';
import { type CodesMet, type CrosswalkUse, type MetCode, turningDays } from './coverage.ts';
import { type Crosswalk, readCrosswalks } from './crosswalk.ts';

/** A column with more values than these is no code column; those with most rows are looked at. */
const MOST_CODES = 100_000;
/** With more turning days than these each day is told apart. */
const MOST_TURNS = 300;
/** Problems that leave the plan whole: days are then not applied, and the coverage says so. */
const HARMLESS = new Set(['contract-no-event-date', 'contract-unknown-event-date']);

/** Several may look at once; each has a folder of its own. */
let looks = 0;

export interface CoverageRequest {
  /** Folder with one CSV per source table. */
  readonly sourceDir: string;
  /** Names of crosswalks; null for all. */
  readonly names: ReadonlySet<string> | null;
  /** Lines that stand for a crosswalk's own, where an editor holds other ones. */
  readonly lines?: ReadonlyMap<string, Crosswalk['lines']>;
  readonly signal: AbortSignal;
  /** Called before each source table. */
  readonly progress?: (table: string, done: number, total: number) => void;
}

/** What the source data ask of each crosswalk, and the crosswalks with their problems. */
export interface MetResult {
  readonly crosswalks: ReadonlyMap<string, Crosswalk>;
  readonly problems: readonly Problem[];
  readonly met: ReadonlyMap<string, CodesMet>;
}

/**
 * Counts the codes that the source data hold, by the very expressions, joins, filters and dedupe of the contract, so
 * that what is unmapped here is what a run rejects.
 *
 * @param engine an empty database; it is filled, and the caller closes it
 * @throws UserError when the contract has errors, or when there is no source data at all
 */
export async function codesMet(project: Project, request: CoverageRequest, engine: Engine): Promise<MetResult> {
  const { tables, sources, crosswalks, problems } = await readPlan(project, engine);
  const wanted = (value: ValuePlan): boolean =>
    value.crosswalk !== null && (request.names === null || request.names.has(value.crosswalk.name));
  const rowSets = tables.flatMap((table) =>
    table.rowSets
      .filter((rowSet) => rowSet.values.some(wanted))
      .map((rowSet) => ({ table, rowSet, values: rowSet.values.filter(wanted) })),
  );
  const plans = narrowed(sources, rowSets);
  const found = await findSourceFiles(project, request.sourceDir, plans);
  if (plans.length > 0 && found.files.length === 0) {
    const next = 'Extract the source data there or generate mock data, or name the folder with --source-dir.';
    throw new UserError(`${project.name(request.sourceDir)}: holds no source table that a crosswalk needs. ${next}`);
  }
  looks += 1;
  const scratch = project.scratch(`coverage-${looks}`);
  const collected = new Map<string, Collected>();
  try {
    for (const schema of ['records', 'src']) await engine.run(`CREATE SCHEMA ${schema}`);
    const store = new SourceStore(engine, found.files, scratch, request.signal);
    const there = new Set(found.files.map(({ plan }) => plan.table));
    for (const [index, { table, rowSet, values }] of rowSets.entries()) {
      throwIfCancelled(request.signal);
      request.progress?.(rowSet.source, index, rowSets.length);
      const needed = [rowSet.source, ...rowSet.joins.map((join) => join.table)];
      const missing = needed.filter((name) => !there.has(name));
      for (const value of values) {
        const name = value.crosswalk?.name ?? '';
        const into = collected.get(name) ?? new Collected();
        collected.set(name, into);
        if (missing.length > 0) into.notSeen.add(`${table.target}.${value.field}: ${missing[0]}.csv cannot be read.`);
      }
      if (missing.length > 0) continue;
      for (const name of needed) await store.need(name);
      const sql = new RowSetSql(table, rowSet, [], await ambiguousJoins(engine, rowSet));
      for (const value of values) {
        const name = value.crosswalk?.name ?? '';
        const lines = request.lines?.get(name) ?? crosswalks.get(name)?.lines ?? [];
        const rows = await countCodes(engine, sql.codes(value, daysSql(turningDays(lines))));
        collected.get(name)?.add(useOf(table, rowSet, value), rows);
      }
      const later = new Set(rowSets.slice(index + 1).flatMap(({ rowSet: next }) => tablesOf(next)));
      for (const name of needed) if (!later.has(name)) await store.free(name);
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return { crosswalks, problems, met: new Map([...collected].map(([name, own]) => [name, own.result])) };
}

class Collected {
  readonly uses: CrosswalkUse[] = [];
  readonly met: MetCode[] = [];
  readonly notSeen = new Set<string>();

  add(use: CrosswalkUse, rows: readonly Omit<MetCode, 'use'>[]): void {
    this.uses.push(use);
    const index = this.uses.length - 1;
    for (const row of rows.slice(0, MOST_CODES)) this.met.push({ use: index, ...row });
    if (rows.length > MOST_CODES)
      this.notSeen.add(
        `${use.targetTable}.${use.targetField}: the source holds more than ${MOST_CODES} different codes; only the most frequent are counted.`,
      );
  }

  get result(): CodesMet {
    return { uses: this.uses, met: this.met, notSeen: [...this.notSeen] };
  }
}

async function readPlan(project: Project, engine: Engine) {
  const source = await loadCatalog(project, ARTEFACTS.sourceCatalog, 'source');
  const target = await loadCatalog(project, ARTEFACTS.targetCatalog, 'target');
  const next = 'Run build-mapping-contract first.';
  const texts = [ARTEFACTS.contract, ARTEFACTS.contractTables].map((path) => readRequiredText(project, path, next));
  const [fields = '', lines = ''] = await Promise.all(texts);
  const read = readContractText(fields, ARTEFACTS.contract, lines, ARTEFACTS.contractTables);
  const crosswalks = await readCrosswalks(project, ARTEFACTS.crosswalks);
  const { plan, problems } = compileContract({
    contract: read.value,
    contractFile: ARTEFACTS.contract,
    tablesFile: ARTEFACTS.contractTables,
    source,
    target,
    crosswalks: crosswalks.value,
    rules: await parseRules(engine, ruleTexts(read.value)),
    imputeMode: 'off',
  });
  const errors = [...read.problems, ...problems].filter(({ severity }) => severity === 'error');
  const broken = errors.filter(({ code }) => !HARMLESS.has(code));
  // What a broken row would ask of a crosswalk is not known, and "all mapped" must not be said of the rest.
  if (broken.length > 0) throw UserError.from(broken);
  const left = problems.filter(({ code }) => HARMLESS.has(code));
  const { tables, sources } = plan;
  return { tables, sources, crosswalks: crosswalks.value, problems: [...crosswalks.problems, ...left] };
}

interface LookupRowSet {
  readonly table: TablePlan;
  readonly rowSet: RowSetPlan;
  readonly values: readonly ValuePlan[];
}

/** Only the tables and columns that decide codes are read. */
function narrowed(sources: readonly SourcePlan[], rowSets: readonly LookupRowSet[]): SourcePlan[] {
  const used = new Map<string, Set<string>>();
  const use = (table: string, columns: readonly string[]): void => {
    used.set(table, new Set([...(used.get(table) ?? []), ...columns]));
  };
  for (const { rowSet, values } of rowSets) {
    const tableOf = new Map([
      [rowSet.source, rowSet.source],
      ...rowSet.joins.map(({ alias, table }) => [alias, table] as const),
    ]);
    for (const table of tableOf.values()) use(table, []);
    for (const join of rowSet.joins)
      use(
        join.table,
        join.pairs.map((pair) => pair.column),
      );
    const days = values.flatMap(({ crosswalk }) => (crosswalk?.event === undefined ? [] : [crosswalk.event.day]));
    const expressions = [...values.map(({ expression }) => expression), ...days, ...clausesOf(rowSet)];
    for (const { alias, column } of columnsOf(expressions)) use(tableOf.get(alias) ?? alias, [column]);
  }
  return sources
    .filter(({ table }) => used.has(table))
    .map((plan) => ({ ...plan, keyColumns: [], used: [...(used.get(plan.table) ?? [])].sort(compareText) }));
}

function tablesOf(rowSet: RowSetPlan): string[] {
  return [rowSet.source, ...rowSet.joins.map((join) => join.table)];
}

function useOf(table: TablePlan, rowSet: RowSetPlan, value: ValuePlan): CrosswalkUse {
  return {
    targetTable: table.target,
    targetField: value.field,
    rowSet: rowSet.name,
    line: value.line,
    sourceTable: value.sourceTable,
    sourceField: value.sourceField,
    dated: value.crosswalk?.event !== undefined,
  };
}

async function countCodes(engine: Engine, query: string): Promise<Omit<MetCode, 'use'>[]> {
  const rows = await engine.rows(`${query} ORDER BY rows DESC, code, day LIMIT ${MOST_CODES + 1}`);
  return rows.map((row) => ({
    code: String(row['code']),
    day: row['day'] === null ? null : String(row['day']),
    rows: Number(row['rows']),
  }));
}

/** Brings a day to the last turning day before it, so that there are few groups however many days the data have. */
function daysSql(turns: readonly string[]): (day: string) => string {
  return (day) => {
    if (turns.length > MOST_TURNS) return day;
    const whens = turns
      .toReversed()
      .map((turn) => `WHEN ${day} >= DATE ${quoteLiteral(turn)} THEN ${quoteLiteral(turn)}`);
    return `CASE WHEN ${day} IS NULL THEN NULL ${whens.join(' ')} ELSE '0001-01-01' END`;
  };
}
