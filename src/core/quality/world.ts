import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Catalog, CatalogTable } from '../catalog/catalog.ts';
import { loadCatalog } from '../catalog/loadCatalog.ts';
import type { Contract } from '../contract/contract.ts';
import { readContractText } from '../contract/contractFile.ts';
import { NOT_IN_FORCE } from '../crosswalk/crosswalkText.ts';
import type { Engine } from '../engine/engine.ts';
import { quoteLiteral } from '../engine/sqlText.ts';
import { progressOf, type StageContext } from '../lifecycle/stage.ts';
import { REJECT_COLUMNS_WITHOUT_VALUE } from '../project/evidenceColumns.ts';
import { hashFileIfThere } from '../project/hashFile.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readRequiredText } from '../project/readText.ts';
import { throwIfCancelled, UserError } from '../shared/errors.ts';
import { compareText } from '../shared/order.ts';
import { hasErrors } from '../shared/problem.ts';
import { type CanonicalTable, canonicalTables } from './canonical.ts';
import { CanonicalViews, parseNeed } from './canonicalViews.ts';
import { importCsv } from './loadCsv.ts';
import { macroStatements } from './macros.ts';
import { recordedFiles } from './migrationFiles.ts';
import type { Rule } from './rule.ts';
import type { RuleWorld } from './ruleWorld.ts';
import type { QualitySettings } from './settings.ts';
import { sourceKeys } from './sourceKeys.ts';
import { survivorStatement } from './survivors.ts';

const RUN_MIGRATION = 'Run run-contract-migration again.';

export interface WorldOptions {
  readonly settings: QualitySettings;
  /** ISO local instant or null. */
  readonly extractAt: string | null;
  readonly rules: readonly Rule[];
}

/** Imports target, source and evidence into the engine and builds the canonical views. */
export async function buildWorld(
  context: StageContext,
  engine: Engine,
  options: WorldOptions,
): Promise<{ world: RuleWorld; files: string[] }> {
  const { project } = context;
  const target = await loadCatalog(project, ARTEFACTS.targetCatalog, 'target');
  const source = await loadCatalog(project, ARTEFACTS.sourceCatalog, 'source');
  const contract = await readContract(project);
  for (const schema of ['target', 'source', 'evidence']) await engine.run(`CREATE SCHEMA ${schema}`);
  const files = new Set<string>([ARTEFACTS.contract, ARTEFACTS.contractTables]);
  const loader = new Loader(context, engine, files);
  const evidence = await loader.evidence();
  const crosswalks = await loader.crosswalks();
  if (crosswalks.size > 0) evidence.add('@xw');
  if (await loader.crosswalkIndex()) evidence.add('@xw_index');
  const codeSets = await loader.codeSets();
  if (codeSets.size > 0) evidence.add('@codes');
  const changing = crosswalks.size === 0 ? new Set<string>() : await changingCrosswalks(engine);
  const canonical = { sourceKeys: sourceKeys(contract, source), crosswalks, changing };
  const targetTables = canonicalTables(target, canonical);
  const sourceTables = sourceTablesNeeded(canonicalTables(source, canonical), options.rules, contract);
  const importedTarget = await loader.target(target, contract);
  const importedSource = await loader.source(source, sourceTables, contract);
  for (const statement of macroStatements(options.settings, options.extractAt)) await engine.run(statement);
  const present = [
    ...targetTables.filter((table) => importedTarget.has(table.table)),
    ...sourceTables.filter((table) => importedSource.has(table.table)),
  ];
  const views = new CanonicalViews(present, options.rules);
  for (const statement of [...views.statements(), survivorStatement(views)]) {
    throwIfCancelled(context.signal);
    await engine.run(statement);
  }
  const world = {
    engine,
    views,
    evidence,
    target,
    source,
    imported: { target: importedTarget, source: importedSource },
    codeSets,
    hasExtract: options.extractAt !== null,
    issuesPerRule: options.settings.issuesPerRule,
  };
  return { world, files: [...files].sort(compareText) };
}

async function readContract(project: Project): Promise<Contract> {
  const next = 'Run build-mapping-contract first.';
  const fields = await readRequiredText(project, ARTEFACTS.contract, next);
  const tables = await readRequiredText(project, ARTEFACTS.contractTables, next);
  const { value, problems } = readContractText(fields, ARTEFACTS.contract, tables, ARTEFACTS.contractTables);
  if (hasErrors(problems)) throw UserError.from(problems);
  return value;
}

/** Source tables that some rule speaks of and the contract reads: the others are never imported. */
function sourceTablesNeeded(
  tables: readonly CanonicalTable[],
  rules: readonly Rule[],
  contract: Contract,
): CanonicalTable[] {
  const needs = rules.flatMap((rule) => rule.parts.flatMap((part) => [...part.needs, ...(part.uses ?? [])]));
  const families = new Set(
    needs.map(parseNeed).flatMap((need) => (need === null || need.side === 'target' ? [] : [need.family])),
  );
  const read = new Set([
    ...contract.tables.filter((row) => row.targetTable !== '').map((row) => row.drivingTable),
    ...contract.fields.map((row) => row.sourceTable),
  ]);
  return tables.filter((table) => families.has(table.family) && read.has(table.table));
}

class Loader {
  readonly #context: StageContext;
  readonly #engine: Engine;
  /** Project-relative files read, for the report. */
  readonly #files: Set<string>;

  constructor(context: StageContext, engine: Engine, files: Set<string>) {
    this.#context = context;
    this.#engine = engine;
    this.#files = files;
  }

  async target(catalog: Catalog, contract: Contract): Promise<Map<string, string[]>> {
    const promised = new Set(contract.tables.map((row) => row.targetTable).filter((name) => name !== ''));
    const recorded = await recordedFiles(this.#context.project, 'outputs');
    const imported = new Map<string, string[]>();
    const tables = [...catalog.tables.values()].filter((table) => promised.has(table.name));
    if (tables.length === 0)
      throw new UserError(
        `${ARTEFACTS.contractTables}: names no target table of the catalog. Add lines for the tables to migrate.`,
      );
    for (const [index, table] of tables.entries()) {
      const name = recorded.get(`${table.name}.csv`) ?? `${ARTEFACTS.targetContract}/${table.name}.csv`;
      const columns = table.fields.map((field) => field.field);
      const rows = await this.#import('target', table, name, columns, false);
      imported.set(table.name, columns);
      progressOf(this.#context, 'run-enterprise-pipeline')(`read ${table.name}`, index + 1, tables.length, rows);
    }
    return imported;
  }

  async source(
    catalog: Catalog,
    needed: readonly CanonicalTable[],
    contract: Contract,
  ): Promise<Map<string, string[]>> {
    const recorded = await recordedFiles(this.#context.project, 'inputs');
    const dates = usedDates(catalog, contract);
    const imported = new Map<string, string[]>();
    for (const table of catalog.tables.values()) {
      const fields = new Set([
        ...(needed.find((candidate) => candidate.table === table.name)?.fields ?? []),
        ...(dates.get(table.name) ?? []),
      ]);
      if (fields.size === 0) continue;
      for (const key of catalog.primaryKey(table.name)) fields.add(key.field);
      const columns = table.fields.map((field) => field.field).filter((name) => fields.has(name));
      const name = recorded.get(`${table.name}.csv`) ?? `${ARTEFACTS.mockSource}/${table.name}.csv`;
      await this.#import('source', table, name, columns, true);
      imported.set(table.name, columns);
    }
    return imported;
  }

  async #import(schema: string, table: CatalogTable, name: string, columns: readonly string[], tolerant: boolean) {
    throwIfCancelled(this.#context.signal);
    this.#files.add(name);
    const path = this.#context.project.at(name);
    const next = schema === 'target' ? RUN_MIGRATION : 'Put the extract back, then run run-contract-migration again.';
    const { rows } = await importCsv(this.#engine, { path, name, schema, table: table.name, columns, next, tolerant });
    return rows;
  }

  /** Rejects and table statistics of the migration, when there are any. */
  async evidence(): Promise<Set<string>> {
    const found = new Set<string>();
    const wanted = [
      ['rejects', ARTEFACTS.migrationRejects, REJECT_COLUMNS_WITHOUT_VALUE],
      ['table_stats', ARTEFACTS.migrationTableStats, TABLE_STATS_COLUMNS],
    ] as const;
    for (const [table, name, columns] of wanted) {
      const path = this.#context.project.at(name);
      await importCsv(this.#engine, { path, name, schema: 'main', table, columns, next: RUN_MIGRATION });
      this.#files.add(name);
      found.add(`@${table}`);
    }
    return found;
  }

  /** All crosswalks as table `xw`. */
  async crosswalks(): Promise<Set<string>> {
    const columns = ['source_code', 'target_code', 'safety_critical', 'valid_from', 'valid_to', 'status'];
    return this.#gather('xw', 'crosswalk', ARTEFACTS.crosswalks, columns, ', "__row" + 1 AS line');
  }

  /** What is said of each crosswalk, as table `xw_index`; false when there is no index. */
  async crosswalkIndex(): Promise<boolean> {
    const name = ARTEFACTS.crosswalkIndex;
    const path = this.#context.project.at(name);
    if ((await hashFileIfThere(path)) === null) return false;
    const optional = ['source_system', 'site', 'country', 'code_set_version', 'approved_by'];
    const next = 'Mend the crosswalk index, or put the last good one back.';
    await importCsv(this.#engine, {
      path,
      name,
      schema: 'main',
      table: 'xw_index',
      columns: ['crosswalk'],
      optional,
      next,
    });
    this.#files.add(name);
    return true;
  }

  /** All code lists as table `codes`. */
  async codeSets(): Promise<Set<string>> {
    return this.#gather('codes', 'code_set', ARTEFACTS.codeSets, ['code', 'kind', 'valid_from', 'valid_to'], '');
  }

  async #gather(
    into: string,
    label: string,
    folder: string,
    columns: readonly string[],
    more: string,
  ): Promise<Set<string>> {
    const names = new Set<string>();
    const list = columns.join(', ');
    for (const file of await csvFiles(this.#context.project, folder)) {
      const name = basename(file, '.csv');
      const next = 'Mend the file, or put the last good one back.';
      const path = this.#context.project.at(file);
      await importCsv(this.#engine, { path, name: file, schema: 'evidence', table: `${into}_${name}`, columns, next });
      const select = `SELECT ${quoteLiteral(name)} AS ${label}, ${list}${more} FROM evidence."${into}_${name.replaceAll('"', '""')}"`;
      await this.#engine.run(names.size === 0 ? `CREATE TABLE ${into} AS ${select}` : `INSERT INTO ${into} ${select}`);
      await this.#engine.run(`DROP TABLE evidence."${into}_${name.replaceAll('"', '""')}"`);
      this.#files.add(file);
      names.add(name);
    }
    return names;
  }
}

/** Crosswalks in which a code has several meanings, each in its time. */
async function changingCrosswalks(engine: Engine): Promise<Set<string>> {
  const out = NOT_IN_FORCE.map(quoteLiteral).join(', ');
  const rows = await engine.rows(
    `SELECT crosswalk FROM xw WHERE upper(coalesce(trim(status), '')) NOT IN (${out})
     GROUP BY crosswalk, trim(source_code) HAVING count(DISTINCT target_code) > 1`,
  );
  return new Set(rows.map((row) => String(row['crosswalk'])));
}

const TABLE_STATS_COLUMNS = [
  'target_table',
  'source_table',
  'rows_read',
  'rows_written',
  'rows_rejected',
  'rows_excluded',
  'rows_merged',
  'rows_unexplained',
];

/** Source columns the contract reads whose values are days or seconds of `$HOROLOG`. */
function usedDates(catalog: Catalog, contract: Contract): Map<string, Set<string>> {
  const used = new Map<string, Set<string>>();
  for (const row of contract.fields) {
    const format = catalog.field(row.sourceTable, row.sourceField)?.format ?? '';
    if (!format.startsWith('HOROLOG')) continue;
    const fields = used.get(row.sourceTable) ?? new Set<string>();
    fields.add(row.sourceField);
    used.set(row.sourceTable, fields);
  }
  return used;
}

/** Project-relative CSV files of a folder in name order; none when the folder is missing. Names starting with `_` are indexes. */
async function csvFiles(project: Project, folder: string): Promise<string[]> {
  try {
    const names = await readdir(project.at(folder));
    return names
      .filter((name) => name.endsWith('.csv') && !name.startsWith('_') && !name.startsWith('.'))
      .sort(compareText)
      .map((name) => join(folder, name).replaceAll('\\', '/'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
