import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import {
  countNhsNumbers,
  countsOf,
  type NhsNumberCounts,
  NO_NUMBERS,
  nhsNumberFields,
} from '../connectors/dataClass.ts';
import { RELEASE_PROFILES } from '../connectors/policy.ts';
import { csvText } from '../csv/csvText.ts';
import type { Engine } from '../engine/engine.ts';
import { ROLES } from '../governance/roleNames.ts';
import type { StageContext, StageResult } from '../lifecycle/stage.ts';
import { defineStage, progressOf } from '../lifecycle/stage.ts';
import { ARTEFACTS } from '../project/layout.ts';
import { type Publication, publishing } from '../project/publication.ts';
import { scanFile } from '../project/scanFile.ts';
import { importCsv } from '../quality/loadCsv.ts';
import { throwIfCancelled, UserError } from '../shared/errors.ts';
import { hasErrors, type Problem } from '../shared/problem.ts';
import { EvidenceTables } from './evidenceTables.ts';
import { loadCrosswalk } from './loadCrosswalk.ts';
import { type RowLedger, TableLoader } from './loadTable.ts';
import { type MigrationInputs, readMigrationInputs } from './migrationInputs.ts';
import {
  migrationReport,
  type OutputFile,
  TABLE_STATS_COLUMNS,
  tableStatsRows,
  type UnreadSource,
  unexplainedRows,
} from './migrationReport.ts';
import { otherSource } from './otherSource.ts';
import { IMPUTE_MODES } from './plan.ts';
import { profileOf, RunPolicy } from './runPolicy.ts';
import { findSourceFiles } from './sourceFiles.ts';
import { type LoadedSource, SourceStore } from './sourceStore.ts';

const STAGE = 'run-contract-migration';
/** Copies of files whose line ends had to be made one. */
const SCRATCH = 'migration';

const Options = z.object({
  source_dir: z.string().min(1).default(ARTEFACTS.mockSource).describe('folder with one CSV per source table'),
  output_dir: z.string().min(1).default(ARTEFACTS.targetContract).describe('folder for one CSV per target table'),
  contract_file: z
    .string()
    .min(1)
    .default(ARTEFACTS.contract)
    .describe('the mapping contract; its table rows are in <name>_tables.csv beside it'),
  target_catalog_file: z.string().min(1).default(ARTEFACTS.targetCatalog).describe('the target schema catalog'),
  crosswalk_dir: z.string().min(1).default(ARTEFACTS.crosswalks).describe('folder with one CSV per crosswalk'),
  impute_mode: z
    .enum(IMPUTE_MODES)
    .default('off')
    .describe('whether missing mandatory values may be filled from default_value'),
  release_profile: z
    .enum(RELEASE_PROFILES)
    .optional()
    .describe(
      'what the run is for: rehearsals take no real patients, cutover_ready no invented ones (default: the impute mode)',
    ),
});
type MigrationOptions = z.infer<typeof Options>;

/** Runs the mapping contract over the source extract: target CSVs, a ledger for every source row, rejects and issues. */
export const runContractMigration = defineStage({
  id: STAGE,
  title: 'Run contract migration',
  owner: 'etl_engineer',
  summary: 'Run the mapping contract on the source data; account for every row; write target files and rejects.',
  example: 'pas-migration run-contract-migration --impute-mode pre_production',
  options: Options,
  reads: [
    ARTEFACTS.contract,
    ARTEFACTS.contractTables,
    ARTEFACTS.sourceCatalog,
    ARTEFACTS.targetCatalog,
    ARTEFACTS.crosswalks,
    ARTEFACTS.mockSource,
  ],
  writes: [
    ARTEFACTS.targetContract,
    ARTEFACTS.migrationReport,
    ARTEFACTS.migrationIssues,
    ARTEFACTS.migrationRejects,
    ARTEFACTS.migrationTableStats,
  ],
  async run(context, options) {
    const engine = await context.openEngine();
    try {
      const inputs = await readMigrationInputs(
        context.project,
        {
          contractFile: options.contract_file,
          targetCatalogFile: options.target_catalog_file,
          crosswalkDir: options.crosswalk_dir,
        },
        options.impute_mode,
        engine,
      );
      const profile = profileOf(options.release_profile, options.impute_mode);
      const policy = await RunPolicy.of(context.project, options.source_dir, profile);
      const other = await otherSource(context.project, options.source_dir, policy.evidence.connector.connection);
      if (other !== null) context.emit({ type: 'note', stage: STAGE, level: 'warning', text: other });
      return await publishing(context.project, (publication) =>
        new MigrationRun(context, options, inputs, engine, publication, policy).run(),
      );
    } finally {
      await engine.close();
      await rm(context.project.scratch(SCRATCH), { recursive: true, force: true });
    }
  },
});

/** One run: holds the parts that every step needs, in the order the steps are written below. */
class MigrationRun {
  readonly #context: StageContext;
  readonly #options: MigrationOptions;
  readonly #inputs: MigrationInputs;
  readonly #engine: Engine;
  readonly #publication: Publication;
  readonly #evidence: EvidenceTables;
  readonly #policy: RunPolicy;

  constructor(
    context: StageContext,
    options: MigrationOptions,
    inputs: MigrationInputs,
    engine: Engine,
    publication: Publication,
    policy: RunPolicy,
  ) {
    this.#context = context;
    this.#policy = policy;
    this.#options = options;
    this.#inputs = inputs;
    this.#engine = engine;
    this.#publication = publication;
    this.#evidence = new EvidenceTables(engine);
  }

  async run(): Promise<StageResult> {
    const { plan } = this.#inputs;
    const found = await findSourceFiles(this.#context.project, this.#options.source_dir, plan.sources);
    if (hasErrors(found.problems)) throw UserError.from(found.problems);
    if (plan.tables.length === 0)
      throw new UserError(
        `${this.#options.contract_file}: the contract loads no target table; add lines to its tables file.`,
      );
    await this.#prepare();
    const scratch = this.#context.project.scratch(SCRATCH);
    await mkdir(scratch, { recursive: true });
    const store = new SourceStore(this.#engine, found.files, scratch, this.#context.signal, (table) =>
      nhsNumberFields(this.#inputs.source.table(table)?.fields ?? []),
    );
    const { ledgers, outputs } = await this.#loadTables(store);
    const unread = await this.#unreadSources();
    const balance = balanceProblems(ledgers, store, outputs, unread);
    const findings = this.#policy.findings;
    await this.#writeIssues([...this.#inputs.problems, ...found.problems], balance, findings);
    return this.#report(ledgers, store, outputs, unread, balance.length + findings.length);
  }

  async #prepare(): Promise<void> {
    for (const schema of ['records', 'src', 'xw', 'keys']) await this.#engine.run(`CREATE SCHEMA ${schema}`);
    await this.#evidence.create();
    const names = new Set(
      this.#inputs.plan.tables.flatMap((table) =>
        table.rowSets.flatMap((rowSet) =>
          rowSet.values.flatMap((value) => (value.crosswalk === null ? [] : [value.crosswalk.name])),
        ),
      ),
    );
    for (const name of names) await loadCrosswalk(this.#engine, name, this.#inputs.crosswalks.get(name)?.lines ?? []);
  }

  async #loadTables(store: SourceStore): Promise<{ ledgers: RowLedger[]; outputs: OutputFile[] }> {
    const { tables } = this.#inputs.plan;
    const needs = tables.map((table) =>
      table.rowSets.flatMap((rowSet) => [rowSet.source, ...rowSet.joins.map((join) => join.table)]),
    );
    store.scanAhead(needs.flat());
    const owners = new Map(this.#inputs.contract.fields.map((row) => [row.line, row.owner]));
    const loader = new TableLoader(
      this.#engine,
      this.#evidence,
      (table) => this.#seen(store, table),
      (line) => owners.get(line) ?? '',
    );
    const progress = progressOf(this.#context, STAGE);
    const ledgers: RowLedger[] = [];
    const outputs: Promise<OutputFile>[] = [];
    for (const [index, table] of tables.entries()) {
      throwIfCancelled(this.#context.signal);
      progress(table.target, index, tables.length);
      const path = await this.#publication.pathFor(this.#outputPath(table.target));
      const own = await loader.load(table, path);
      ledgers.push(...own);
      const written = this.#scanOutput(table.target, path, outputs.at(-1));
      // The failure is raised below; unheard until then it would end the process.
      written.catch(() => undefined);
      outputs.push(written);
      progress(
        table.target,
        index + 1,
        tables.length,
        own.reduce((sum, ledger) => sum + ledger.rowsWritten, 0),
      );
      const later = new Set(needs.slice(index + 1).flat());
      for (const name of new Set(needs[index])) if (!later.has(name)) await store.free(name);
    }
    return { ledgers, outputs: await Promise.all(outputs) };
  }

  /** A source table, once its people are known to be such as the run may hold. */
  async #seen(store: SourceStore, table: string): Promise<LoadedSource> {
    const known = store.loaded.some(({ file }) => file.plan.table === table);
    const loaded = await store.need(table);
    if (!known) this.#policy.saw(loaded.nhsNumbers, loaded.scan.sha256);
    return loaded;
  }

  #outputPath(table: string): string {
    return join(this.#options.output_dir, `${table}.csv`);
  }

  /**
   * Reads back what was written, one file after the other, while the engine works on the next tables: the counts in the
   * report are of the files, not of what the engine believes.
   */
  async #scanOutput(table: string, path: string, before: Promise<unknown> | undefined): Promise<OutputFile> {
    await before;
    const scan = await scanFile(path, this.#context.signal);
    return {
      table,
      path: this.#context.project.name(this.#outputPath(table)),
      sha256: scan.sha256,
      rows: scan.records,
    };
  }

  /** Source tables nobody migrates still count: a forgotten table with rows is a finding, not a silence. */
  async #unreadSources(): Promise<UnreadSource[]> {
    const unread: UnreadSource[] = [];
    for (const { table, reason } of this.#inputs.plan.unread) {
      const path = join(this.#options.source_dir, `${table}.csv`);
      try {
        const scan = await scanFile(this.#context.project.at(path), this.#context.signal);
        this.#policy.saw(await this.#unreadNumbers(table, path), scan.sha256);
        unread.push({ table, reason, path: this.#context.project.name(path), sha256: scan.sha256, rows: scan.records });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
    }
    return unread;
  }

  /** NHS numbers of a table that is not migrated: no real patient may lie in a rehearsal's extract beside the rows either. */
  async #unreadNumbers(table: string, path: string): Promise<NhsNumberCounts> {
    const optional = nhsNumberFields(this.#inputs.source.table(table)?.fields ?? []);
    if (optional.length === 0) return NO_NUMBERS;
    const file = {
      path: this.#context.project.at(path),
      name: this.#context.project.name(path),
      next: 'Extract it again.',
    };
    const into = { schema: 'main', table: 'unread_people', columns: [], optional, tolerant: true };
    try {
      await importCsv(this.#engine, { ...file, ...into });
      const [row] = await this.#engine.rows(countNhsNumbers('main.unread_people', optional));
      return countsOf(row);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      // Nothing of this table is migrated, so a file that cannot be read does not stop the run; it says so.
      const text = `NHS numbers in it were not looked for: ${error.message}`;
      this.#context.emit({ type: 'note', stage: STAGE, level: 'warning', text });
      return NO_NUMBERS;
    } finally {
      await this.#engine.run('DROP TABLE IF EXISTS main.unread_people');
    }
  }

  async #writeIssues(
    problems: readonly Problem[],
    balance: readonly string[],
    findings: readonly string[],
  ): Promise<void> {
    const owner = ROLES.etl_engineer;
    for (const problem of problems) {
      const place =
        problem.place.line === undefined ? problem.place.file : `${problem.place.file}:${problem.place.line}`;
      await this.#evidence.addIssue({
        severity: problem.severity,
        category: 'contract',
        ruleId: problem.code,
        domain: '',
        table: '',
        field: '',
        rowKey: place,
        message: problem.message,
        ownerRole: ROLES.data_mapping_analyst,
      });
    }
    for (const message of balance) {
      await this.#evidence.addIssue({
        severity: 'error',
        category: 'balance',
        ruleId: 'row-balance',
        domain: '',
        table: '',
        field: '',
        rowKey: message.split(':', 1)[0] ?? '',
        message,
        ownerRole: owner,
      });
    }
    for (const message of findings) {
      await this.#evidence.addIssue({
        severity: 'error',
        category: 'policy',
        ruleId: 'data-policy',
        domain: '',
        table: '',
        field: '',
        rowKey: 'policy',
        message,
        ownerRole: ROLES.information_governance_lead,
      });
    }
    await this.#evidence.summariseRejects(ROLES.data_quality_lead, ROLES.clinical_safety_reviewer);
    await this.#evidence.writeRejects(await this.#publication.pathFor(ARTEFACTS.migrationRejects));
    await this.#evidence.writeIssues(await this.#publication.pathFor(ARTEFACTS.migrationIssues));
  }

  async #report(
    ledgers: readonly RowLedger[],
    store: SourceStore,
    outputs: readonly OutputFile[],
    unread: readonly UnreadSource[],
    faults: number,
  ): Promise<StageResult> {
    const [rejects = {}] = await this.#engine.rows(
      "SELECT count(*) FILTER (WHERE reason = 'UNKNOWN_CODE')::DOUBLE AS crosswalk, count(*) FILTER (WHERE safety_critical = 'Y')::DOUBLE AS safety FROM rejects",
    );
    const severities = await this.#engine.rows('SELECT severity, count(*)::DOUBLE AS n FROM issues GROUP BY severity');
    const report = migrationReport({
      runId: this.#context.runId,
      runAt: this.#context.now(),
      imputeMode: this.#options.impute_mode,
      ledgers,
      unread,
      crosswalkRejects: Number(rejects['crosswalk'] ?? 0),
      safetyCriticalRejects: Number(rejects['safety'] ?? 0),
      issues: new Map(severities.map((row) => [String(row['severity']), Number(row['n'])])),
      inputs: [
        ...store.loaded.map(({ file, scan, rowsRead }) => ({ path: file.name, sha256: scan.sha256, rows: rowsRead })),
        ...unread.map(({ path, sha256, rows }) => ({ path, sha256, rows })),
        ...this.#inputs.files,
      ],
      outputs,
      contractSha256: this.#inputs.contractSha256,
      failed: faults > 0,
      policy: this.#policy.evidence,
    });
    await this.#publication.writeText(
      ARTEFACTS.migrationTableStats,
      csvText(TABLE_STATS_COLUMNS, tableStatsRows(ledgers, unread)),
    );
    await this.#publication.writeJson(ARTEFACTS.migrationReport, report);
    return {
      status: report.status,
      summary: report,
      text: [
        `${report.tables_written} target tables: ${report.rows_read} rows read = ${report.rows_written} loaded + ${report.rows_rejected} rejected + ${report.rows_excluded} excluded + ${report.rows_merged} merged (${report.rows_unexplained} unexplained).`,
        `${report.crosswalk_rejects} rejects by crosswalks, ${report.safety_critical_rejects} safety-critical rejects of any kind; ${report.cells_imputed} cells imputed.`,
        ...this.#policy.findings,
      ],
      inputs: report.inputs.map((input) => input.path),
      outputs: this.#publication.outputs,
    };
  }
}

/** Each sentence is one break of the row balance; any makes the run fail. */
function balanceProblems(
  ledgers: readonly RowLedger[],
  store: SourceStore,
  outputs: readonly OutputFile[],
  unread: readonly UnreadSource[],
): string[] {
  const faults: string[] = [];
  for (const ledger of ledgers) {
    const unexplained = unexplainedRows(ledger);
    if (unexplained !== 0 || ledger.rowsMerged < 0) {
      faults.push(
        `${ledger.targetTable}/${ledger.rowSet}: ${unexplained} rows of ${ledger.sourceTable} are neither loaded, rejected, excluded nor merged; look at its joins and dedupe.`,
      );
    }
  }
  for (const { file, scan, rowsRead } of store.loaded) {
    if (scan.records !== rowsRead) {
      faults.push(
        `${file.name}: the file holds ${scan.records} records, but ${rowsRead} were read; look for unbalanced quotes.`,
      );
    }
  }
  for (const output of outputs) {
    const written = ledgers
      .filter((ledger) => ledger.targetTable === output.table)
      .reduce((sum, ledger) => sum + ledger.rowsWritten, 0);
    if (written !== output.rows)
      faults.push(`${output.path}: ${written} rows were loaded, but the file holds ${output.rows}.`);
  }
  for (const source of unread) {
    if (source.reason === '' && source.rows > 0) {
      faults.push(
        `${source.path}: ${source.rows} rows of ${source.table} are read by no contract row; map the table, or add an out_of_scope line with the reason.`,
      );
    }
  }
  return faults;
}
