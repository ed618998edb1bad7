import { loadCatalog } from '../catalog/loadCatalog.ts';
import { clausesOf, compileContract, ruleTexts } from '../contract/compileContract.ts';
import type { Contract, ContractField } from '../contract/contract.ts';
import { CONTRACT_COLUMNS, readContractText } from '../contract/contractFile.ts';
import { columnsOf } from '../contract/expression.ts';
import { parseRules } from '../contract/parseRule.ts';
import { type Crosswalk, readCrosswalks } from '../crosswalk/crosswalk.ts';
import { csvText } from '../csv/csvText.ts';
import type { Engine } from '../engine/engine.ts';
import { quoteIdentifier, quoteLiteral } from '../engine/sqlText.ts';
import { ambiguousJoins } from '../migration/ambiguousJoins.ts';
import { loadCrosswalk } from '../migration/loadCrosswalk.ts';
import type { ImputeMode, MigrationPlan, RowSetPlan, SourcePlan, TablePlan, ValuePlan } from '../migration/plan.ts';
import { RowSetSql, sourceTable } from '../migration/renderRowSet.ts';
import { findSourceFiles, type SourceFile } from '../migration/sourceFiles.ts';
import { lastRunOptions } from '../preview/lastRun.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readRequiredText } from '../project/readText.ts';
import { Cancelled, UserError } from '../shared/errors.ts';
import { hasErrors } from '../shared/problem.ts';
import type { RowSample, SamplePair } from './rowFacts.ts';

/** Pairs shown; a sample is for looking at, not for taking away. */
const SHOWN = 12;
/** Rows of the driving table that are looked at: the first ones. */
export const MOST_ROWS = 200_000;

type Cells = Readonly<Record<string, string>>;

/**
 * What a contract row makes of the project's data: distinct source values with the target value or the reason that it is
 * rejected, by the very compiler and SQL of a run, over the driving table, joins, filter and dedupe of its row set.
 *
 * @param cells the row as it stands in the editor; table rows and surrogates are those on disk
 * @param engine an empty database; it is filled, and the caller closes it. Its signal may end the work early
 * @param most rows of the driving table to look at
 */
export async function rowSample(
  project: Project,
  cells: Cells,
  engine: Engine,
  most: number = MOST_ROWS,
): Promise<RowSample> {
  try {
    return await sampled(project, cells, engine, most);
  } catch (error) {
    if (error instanceof Cancelled)
      return told('It took too long, so nothing is shown; a preview of the whole change takes its time.');
    if (error instanceof UserError) return told(error.message);
    throw error;
  }
}

function told(...notes: string[]): RowSample {
  return { columns: [], pairs: [], failing: [], rows: 0, failed: 0, notes };
}

async function sampled(project: Project, cells: Cells, engine: Engine, most: number): Promise<RowSample> {
  const { row, contract } = await contractWith(project, cells);
  const options = await lastRunOptions(project);
  const crosswalks = (await readCrosswalks(project, options.crosswalkDir)).value;
  const { plan, errors } = await compiled(project, row, contract, crosswalks, options.imputeMode, engine);
  if (errors.length > 0) return told(...errors);
  const places = plan.tables.flatMap((table) =>
    table.rowSets.flatMap((rowSet) =>
      rowSet.values.filter((value) => value.line === row.line).map((value) => ({ table, rowSet, value })),
    ),
  );
  const [place, ...others] = places;
  if (place === undefined) return told(noValue(row, plan));
  const { rowSet, value } = place;
  const found = await findSourceFiles(project, options.sourceDir, narrowed(plan.sources, rowSet, value));
  if (hasErrors(found.problems)) throw UserError.from(found.problems);
  const part = await loadSources(engine, found.files, rowSet.source, most);
  await engine.run('CREATE SCHEMA xw');
  if (value.crosswalk !== null)
    await loadCrosswalk(engine, value.crosswalk.name, crosswalks.get(value.crosswalk.name)?.lines ?? []);
  const sample = await pairsOf(engine, place);
  const notes = [
    ...(part ? [`These are the first ${most.toLocaleString('en-GB')} rows of ${rowSet.source}, a part of them.`] : []),
    ...(others.length === 0
      ? []
      : [
          `This is row set ${rowSet.name}; the row counts for ${others.map((other) => other.rowSet.name).join(', ')} too.`,
        ]),
    ...(value.mappingClass === 'surrogate' ? ['The run makes a number of each of these business keys.'] : []),
    ...(rowSet.references.some(({ columns }) => columns.includes(value.field))
      ? ['Whether the row it refers to is loaded is not looked at here.']
      : []),
  ];
  return { ...sample, notes };
}

/** The row as a contract of its own, with what else decides its value: table rows and surrogate keys. */
async function contractWith(project: Project, cells: Cells): Promise<{ row: ContractField; contract: Contract }> {
  const next = 'Run build-mapping-contract first.';
  const fields = await readRequiredText(project, ARTEFACTS.contract, next);
  const tables = await readRequiredText(project, ARTEFACTS.contractTables, next);
  const one = csvText(CONTRACT_COLUMNS, [CONTRACT_COLUMNS.map((column) => cells[column] ?? '')]);
  const own = readContractText(one, ARTEFACTS.contract, tables, ARTEFACTS.contractTables);
  const [row] = own.value.fields;
  if (row === undefined) throw UserError.from(own.problems);
  const kept = readContractText(fields, ARTEFACTS.contract, tables, ARTEFACTS.contractTables).value.fields;
  const others = kept.filter(
    (other) =>
      other.mappingClass === 'surrogate' &&
      !(other.targetTable === row.targetTable && other.targetField === row.targetField),
  );
  // No row of the file has line 0.
  const named = { ...row, line: 0 };
  return { row: named, contract: { fields: [named, ...others], tables: own.value.tables } };
}

async function compiled(
  project: Project,
  row: ContractField,
  contract: Contract,
  crosswalks: ReadonlyMap<string, Crosswalk>,
  imputeMode: ImputeMode,
  engine: Engine,
): Promise<{ plan: MigrationPlan; errors: string[] }> {
  const { plan, problems } = compileContract({
    contract,
    contractFile: ARTEFACTS.contract,
    tablesFile: ARTEFACTS.contractTables,
    source: await loadCatalog(project, ARTEFACTS.sourceCatalog, 'source'),
    target: await loadCatalog(project, ARTEFACTS.targetCatalog, 'target'),
    crosswalks,
    rules: await parseRules(engine, ruleTexts(contract)),
    imputeMode,
  });
  // Fields that are left out here have rows of their own in the contract.
  const errors = problems.filter(
    ({ severity, place }) => severity === 'error' && place.file === ARTEFACTS.contract && place.line === row.line,
  );
  const clauses = problems.filter(
    ({ severity, place }) =>
      severity === 'error' && place.file === ARTEFACTS.contractTables && isOf(contract, row, place.line),
  );
  const missing = clauses.filter(({ code }) => !/unresolved/.test(code));
  return { plan, errors: [...errors, ...missing].map(({ message }) => message) };
}

function isOf(contract: Contract, row: ContractField, line: number | undefined): boolean {
  return contract.tables.some((table) => table.line === line && table.targetTable === row.targetTable);
}

function noValue(row: ContractField, plan: MigrationPlan): string {
  if (['unresolved', 'out_of_scope', 'reference_feed'].includes(row.mappingClass))
    return `A row of class ${row.mappingClass} gives no value.`;
  return plan.tables.some((table) => table.target === row.targetTable)
    ? 'Another row, for its row set only, stands before this one.'
    : `No row of ${row.targetTable} is made: ${ARTEFACTS.contractTables} has no line for it.`;
}

/** Only tables and columns that decide the value are read. */
function narrowed(sources: readonly SourcePlan[], rowSet: RowSetPlan, value: ValuePlan): SourcePlan[] {
  const tableOf = new Map([
    [rowSet.source, rowSet.source],
    ...rowSet.joins.map(({ alias, table }) => [alias, table] as const),
  ]);
  const used = new Map<string, Set<string>>([...tableOf.values()].map((table) => [table, new Set<string>()]));
  const day = value.crosswalk?.event === undefined ? [] : [value.crosswalk.event.day];
  for (const { alias, column } of columnsOf([value.expression, ...day, ...clausesOf(rowSet)]))
    used.get(tableOf.get(alias) ?? alias)?.add(column);
  for (const join of rowSet.joins) for (const { column } of join.pairs) used.get(join.table)?.add(column);
  return [...used].map(([table, columns]) => {
    const known = sources.find((plan) => plan.table === table);
    return { table, columns: known?.columns ?? [...columns], keyColumns: [], used: [...columns].sort() };
  });
}

/** Imports the files as text; of the driving table only the first rows. True when there are more of them. */
async function loadSources(
  engine: Engine,
  files: readonly SourceFile[],
  driving: string,
  most: number,
): Promise<boolean> {
  await engine.run('CREATE SCHEMA src');
  let part = false;
  for (const { plan, path, columns } of files) {
    const types = columns.map((column) => `${quoteLiteral(column)}: 'VARCHAR'`).join(', ');
    const used = plan.used.length === 0 ? 'NULL AS __none' : plan.used.map(quoteIdentifier).join(', ');
    const limit = plan.table === driving ? ` LIMIT ${most + 1}` : '';
    const read = `read_csv(${quoteLiteral(path)}, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', columns = {${types}}, store_rejects = true, rejects_limit = 1)`;
    const table = sourceTable(plan.table);
    await engine.run(
      `CREATE TABLE ${table} AS SELECT row_number() OVER () AS __row, * FROM (SELECT ${used} FROM ${read}${limit})`,
    );
    await engine.run('DROP TABLE IF EXISTS reject_errors');
    await engine.run('DROP TABLE IF EXISTS reject_scans');
    if (plan.table === driving) part = (await engine.run(`DELETE FROM ${table} WHERE __row > ${most}`)) > 0;
  }
  return part;
}

async function pairsOf(
  engine: Engine,
  { table, rowSet, value }: { readonly table: TablePlan; readonly rowSet: RowSetPlan; readonly value: ValuePlan },
): Promise<Omit<RowSample, 'notes'>> {
  // Parents are not loaded here: the value is what the row would hold before they are looked up.
  const alone = { ...rowSet, values: [value], references: [] };
  const sql = new RowSetSql(table, alone, [], await ambiguousJoins(engine, rowSet));
  const columns = columnsOf([value.expression]);
  const sources = columns.map((_, index) => `s${index}`);
  await engine.run(`CREATE TABLE sample_pairs AS ${sql.pairs(columns)}`);
  const [totals] = await engine.rows(
    'SELECT count(*)::DOUBLE AS n, count(*) FILTER (reason IS NOT NULL)::DOUBLE AS failed FROM sample_pairs',
  );
  const list = async (condition: string): Promise<SamplePair[]> => {
    const rows = await engine.rows(
      `SELECT ${[...sources, 'target', 'reason'].join(', ')}, count(*)::DOUBLE AS rows FROM sample_pairs WHERE ${condition} GROUP BY ALL ORDER BY rows DESC, ${[...sources, 'target', 'reason'].join(', ')} LIMIT ${SHOWN}`,
    );
    return rows.map((row) => ({
      source: sources.map((name) => String(row[name] ?? '')),
      target: row['target'] === null ? null : String(row['target']),
      reason: row['reason'] === null ? null : String(row['reason']),
      rows: Number(row['rows']),
    }));
  };
  return {
    columns: columns.map(({ alias, column }) => `${alias}.${column}`),
    pairs: await list('reason IS NULL'),
    failing: await list('reason IS NOT NULL'),
    rows: Number(totals?.['n'] ?? 0),
    failed: Number(totals?.['failed'] ?? 0),
  };
}
