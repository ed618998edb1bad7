import { mkdir, rm } from 'node:fs/promises';
import { z } from 'zod';
import { loadCatalog } from '../catalog/loadCatalog.ts';
import { domainOf } from '../concepts/domain.ts';
import { loadConnectorChoices } from '../connectors/connectorsFile.ts';
import { type Opened, withConnection } from '../connectors/openConnection.ts';
import { csvText } from '../csv/csvText.ts';
import { defineStage, type StageContext, type StageResult } from '../lifecycle/stage.ts';
import { lastRunOptions, type RunOptions } from '../preview/lastRun.ts';
import { migrateApart, removeTrials } from '../preview/trial.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { publishing } from '../project/publication.ts';
import { readOptionalText } from '../project/readText.ts';
import { UserError } from '../shared/errors.ts';
import { groupBy } from '../shared/order.ts';
import { DIFFERENCE_COLUMNS, type Difference, differenceLine, differencesOf } from './differences.ts';
import { reconcileTables, requireAnswer, type TableReconciliation, TargetUnread } from './reconciliation.ts';

const TRIAL = 'reconcile';

/** Compares what the contract makes of the source with what the target system holds after a load. */
export const reconcile = defineStage({
  id: 'reconcile',
  title: 'Reconcile',
  owner: 'etl_engineer',
  summary:
    'Compare source and target through the contract: counts, control totals, keys and values; any difference fails.',
  example: 'pas-migration reconcile --connector epr-test',
  options: z.object({
    connector: z
      .string()
      .min(1)
      .optional()
      .describe('connection of the target (default: the target of connectors.json, else that of the last load)'),
    source_dir: z
      .string()
      .min(1)
      .optional()
      .describe('folder with the source CSVs (default: that of the last migration)'),
  }),
  positional: ['connector'],
  reads: [
    ARTEFACTS.connectors,
    ARTEFACTS.contract,
    ARTEFACTS.contractTables,
    ARTEFACTS.sourceCatalog,
    ARTEFACTS.targetCatalog,
    ARTEFACTS.crosswalks,
    ARTEFACTS.mockSource,
  ],
  writes: [ARTEFACTS.reconciliationReport, ARTEFACTS.reconciliationDifferences],
  async run(context, options): Promise<StageResult> {
    const name = options.connector ?? (await targetOf(context.project));
    const last = await lastRunOptions(context.project);
    const run = {
      ...last,
      ...(options.source_dir === undefined ? {} : { sourceDir: context.project.name(options.source_dir) }),
    };
    return withConnection(context, name, async (target) => {
      if (target.connector.read === undefined)
        throw new UserError(`${name}: ${target.connector.title} cannot be read back. ${target.connector.limits}`);
      try {
        await requireAnswer(target);
        return await publish(context, target, run, await compare(context, target, run));
      } catch (error) {
        if (error instanceof TargetUnread) await publishUnread(context, target, run, error.message);
        throw error;
      }
    });
  },
});

/** The target that was chosen, or the one that was loaded last. */
async function targetOf(project: Project): Promise<string> {
  const chosen = (await loadConnectorChoices(project)).target;
  if (chosen !== null) return chosen;
  const text = await readOptionalText(project, ARTEFACTS.loadReport);
  const read = z.object({ connection: z.string() }).safeParse(text === null ? null : parsed(text));
  if (read.success) return read.data.connection;
  throw new UserError('There is no target yet; name one with --connector, or run load first.');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function compare(context: StageContext, target: Opened, run: RunOptions): Promise<TableReconciliation[]> {
  const catalog = await loadCatalog(context.project, run.targetCatalogFile, 'target');
  const scratch = context.project.scratch(`reconcile-${context.runId}`);
  const engine = await context.openEngine();
  try {
    await mkdir(scratch, { recursive: true });
    const own = await migrateApart(context, TRIAL, run);
    return await reconcileTables(context, engine, own, catalog, target, scratch);
  } finally {
    await engine.close();
    await rm(scratch, { recursive: true, force: true });
    await removeTrials(context, [TRIAL]);
  }
}

async function publish(
  context: StageContext,
  { connector, connection }: Opened,
  run: RunOptions,
  tables: readonly TableReconciliation[],
): Promise<StageResult> {
  const differences = tables.flatMap(differencesOf);
  const status = differences.length === 0 && tables.length > 0 ? ('passed' as const) : ('failed' as const);
  const report = {
    schema_version: 1,
    run_id: context.runId,
    run_at_utc: context.now().toISOString(),
    status,
    connection: connection.name,
    connector: connector.id,
    connector_stage: connector.stage,
    source_dir: run.sourceDir,
    rows_expected: sum(tables, (table) => table.bridge.expected),
    unexplained_differences: sum(tables, unexplained),
    domains: domainsOf(tables, differences),
    tables: tables.map((table) => tableEntry(table, differences)),
  };
  const outputs = await publishing(context.project, async (publication) => {
    await publication.writeJson(ARTEFACTS.reconciliationReport, report);
    await publication.writeText(
      ARTEFACTS.reconciliationDifferences,
      csvText(DIFFERENCE_COLUMNS, differences.map(differenceLine)),
    );
    return publication.outputs;
  });
  const figures = sum(tables, (table) => table.totals.length);
  return {
    status,
    summary: report,
    text: [
      `${tables.length} tables, ${report.rows_expected} rows, ${figures} figures compared with ${connection.name}: ${report.unexplained_differences === 0 ? 'no difference' : `${report.unexplained_differences} differences that nothing explains`}.`,
      ...report.domains
        .filter((domain) => domain.status === 'failed')
        .map((domain) => `${domain.domain}: ${domain.differences} differences in ${domain.tables.join(', ')}.`),
      ...(differences.length === 0 ? [] : [`Each is in ${ARTEFACTS.reconciliationDifferences}.`]),
    ],
    inputs: [ARTEFACTS.contract, ARTEFACTS.contractTables, run.targetCatalogFile],
    outputs,
  };
}

/** In place of the last report, which would be taken for the state of the target now. */
async function publishUnread(
  context: StageContext,
  { connector, connection }: Opened,
  run: RunOptions,
  message: string,
): Promise<void> {
  const report = {
    schema_version: 1,
    run_id: context.runId,
    run_at_utc: context.now().toISOString(),
    status: 'error',
    message,
    connection: connection.name,
    connector: connector.id,
    connector_stage: connector.stage,
    source_dir: run.sourceDir,
    domains: [],
    tables: [],
  };
  await publishing(context.project, async (publication) => {
    await publication.writeJson(ARTEFACTS.reconciliationReport, report);
    await publication.writeText(ARTEFACTS.reconciliationDifferences, csvText(DIFFERENCE_COLUMNS, []));
  });
}

function sum<T>(items: readonly T[], pick: (item: T) => number): number {
  return items.reduce((total, item) => total + pick(item), 0);
}

/** Rows and figures that differ, all of them, also those that are not named one by one. */
function unexplained({ unread, totals, keys }: TableReconciliation): number {
  const figures = totals.filter((total) => total.source !== total.target).length;
  return (
    (unread === '' ? 0 : 1) +
    figures +
    keys.missing.count +
    keys.unexpected.count +
    sum(keys.changed, ({ rows }) => rows.count)
  );
}

function tableEntry(table: TableReconciliation, differences: readonly Difference[]) {
  const { bridge, keys } = table;
  return {
    table: table.table,
    domain: domainOf(table.family),
    status: differences.some((difference) => difference.table === table.table) ? 'failed' : 'passed',
    rows_read: bridge.read,
    rows_rejected: bridge.rejected,
    rows_excluded: bridge.excluded,
    rows_merged: bridge.merged,
    rows_expected: bridge.expected,
    rows_in_target: Number(table.totals.find((total) => total.field === '' && total.measure === 'rows')?.target ?? 0),
    keys_missing: keys.missing.count,
    keys_unexpected: keys.unexpected.count,
    values_changed: keys.changed.map(({ field, rows }) => ({ field, rows: rows.count })),
    unread: table.unread,
    control_totals: table.totals.map(({ field, measure, source, target }) => ({ field, measure, source, target })),
  };
}

function domainsOf(tables: readonly TableReconciliation[], differences: readonly Difference[]) {
  return [...groupBy(tables, (table) => domainOf(table.family))].map(([domain, members]) => {
    const own = members.filter(({ table }) => differences.some((difference) => difference.table === table));
    return {
      domain,
      status: own.length === 0 ? 'passed' : 'failed',
      rows_expected: sum(members, (table) => table.bridge.expected),
      differences: sum(members, unexplained),
      tables: own.map(({ table }) => table),
    };
  });
}
