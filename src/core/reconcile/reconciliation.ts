import { basename, join } from 'node:path';
import { z } from 'zod';
import type { Catalog, CatalogTable } from '../catalog/catalog.ts';
import { readCanonical } from '../connectors/canonicalCsv.ts';
import type { Opened } from '../connectors/openConnection.ts';
import { parseCsvText } from '../csv/csvText.ts';
import type { Engine } from '../engine/engine.ts';
import { progressOf, type StageContext } from '../lifecycle/stage.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readRequiredText } from '../project/readText.ts';
import { throwIfCancelled, UserError } from '../shared/errors.ts';
import { groupBy } from '../shared/order.ts';
import { type ControlTotal, controlTotals } from './controlTotals.ts';
import { compareKeys, type KeyDifferences } from './keySets.ts';

/** From the source's rows to those that the contract makes of them: read − rejected − excluded − merged = expected. */
export interface Bridge {
  readonly read: number;
  readonly rejected: number;
  readonly excluded: number;
  readonly merged: number;
  readonly expected: number;
}

/** One target table, as the contract makes it of the source now, and as the target system has it. */
export interface TableReconciliation {
  readonly table: string;
  readonly family: string;
  readonly bridge: Bridge;
  readonly totals: readonly ControlTotal[];
  readonly keys: KeyDifferences;
  /** Why the target's rows could not be read; empty when they could. */
  readonly unread: string;
}

const NONE = { count: 0, keys: [] } as const;
const NO_DIFFERENCES: KeyDifferences = { missing: NONE, unexpected: NONE, changed: [] };

/**
 * Compares what the contract makes of the source now (a migration in a project of its own) with what the target system
 * holds, table by table.
 *
 * @param own the scratch project with the migrated tables @param scratch folder for the target's rows
 */
export async function reconcileTables(
  context: StageContext,
  engine: Engine,
  own: Project,
  catalog: Catalog,
  target: Opened,
  scratch: string,
): Promise<TableReconciliation[]> {
  const progress = progressOf(context, 'reconcile');
  const bridges = await readBridges(own);
  const files = await migratedFiles(own);
  const found: TableReconciliation[] = [];
  for (const [index, file] of files.entries()) {
    throwIfCancelled(context.signal);
    const table = catalog.table(basename(file, '.csv'));
    if (table === undefined) continue;
    progress(table.name, index, files.length);
    const bridge = bridges.get(table.name) ?? { read: 0, rejected: 0, excluded: 0, merged: 0, expected: 0 };
    found.push(await reconcileTable(engine, own.at(file), table, bridge, target, join(scratch, `${index}.csv`)));
    progress(table.name, index + 1, files.length, bridge.expected);
  }
  return found;
}

async function reconcileTable(
  engine: Engine,
  migrated: string,
  table: CatalogTable,
  bridge: Bridge,
  { connector, connection, clean }: Opened,
  path: string,
): Promise<TableReconciliation> {
  const columns = table.fields.map((field) => field.field);
  const base = { table: table.name, family: table.family, bridge };
  try {
    await connector.read?.(connection, { table: table.name, columns }, path);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    await requireAnswer({ connector, connection, clean });
    return { ...base, totals: [], keys: NO_DIFFERENCES, unread: clean(error.message) };
  }
  for (const [name, file] of [
    ['source_rows', migrated],
    ['target_rows', path],
  ] as const) {
    await engine.run(`DROP TABLE IF EXISTS ${name}`);
    await engine.run(`CREATE TABLE ${name} AS SELECT * FROM ${readCanonical(file, columns)}`);
  }
  const totals = await controlTotals(engine, table, 'source_rows', 'target_rows');
  // Equal totals do not prove equal rows: two values may have changed places.
  const keys = await compareKeys(engine, table, 'source_rows', 'target_rows');
  return { ...base, totals, keys, unread: '' };
}

/** One table that cannot be read is a finding; a target that does not answer proves nothing, right or wrong. */
export class TargetUnread extends UserError {}

/** @throws TargetUnread when the target does not answer */
export async function requireAnswer({ connector, connection, clean }: Opened): Promise<void> {
  const report = await connector.test(connection);
  if (!report.ok && report.answers !== true)
    throw new TargetUnread(
      `The target could not be read, and nothing was compared: ${clean(report.message)} Check the server and the connection (connectors test ${connection.name}), then run reconcile again.`,
    );
}

const Report = z.object({ outputs: z.array(z.object({ path: z.string() })) });

async function migratedFiles(own: Project): Promise<string[]> {
  const text = await readRequiredText(own, ARTEFACTS.migrationReport, 'Run run-contract-migration first.');
  return Report.parse(JSON.parse(text)).outputs.map(({ path }) => path);
}

async function readBridges(own: Project): Promise<Map<string, Bridge>> {
  const path = ARTEFACTS.migrationTableStats;
  const { value } = parseCsvText(await readRequiredText(own, path, 'Run run-contract-migration first.'), path, [
    'target_table',
  ]);
  const rows = value.records.map(({ cells }) => cells).filter((cells) => cells['target_table'] !== '');
  const bridges = new Map<string, Bridge>();
  for (const [table, lines] of groupBy(rows, (cells) => cells['target_table'] ?? '')) {
    const sum = (column: string): number => lines.reduce((total, cells) => total + Number(cells[column] ?? 0), 0);
    bridges.set(table, {
      read: sum('rows_read'),
      rejected: sum('rows_rejected'),
      excluded: sum('rows_excluded'),
      merged: sum('rows_merged'),
      expected: sum('rows_written'),
    });
  }
  return bridges;
}
