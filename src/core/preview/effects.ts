import type { Catalog, CatalogField } from '../catalog/catalog.ts';
import type { Engine } from '../engine/engine.ts';
import { quoteIdentifier, quoteLiteral } from '../engine/sqlText.ts';
import { REJECT_COLUMNS } from '../project/evidenceColumns.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { throwIfCancelled } from '../shared/errors.ts';
import { compareText } from '../shared/order.ts';
import type { RejectEffect, RejectFieldEffect, TableEffect } from './contractPlan.ts';
import type { Side } from './side.ts';

/** Rows that differ between two sides, by table and over all. */
export interface RowEffects {
  readonly tables: readonly TableEffect[];
  /** Distinct patients over all tables. */
  readonly patients: number;
}

/** Columns shown of a table's changed rows; the reader looks at the first few. */
const MOST_COLUMNS = 12;

/**
 * Compares the target files of two sides row by row, as text. Files with the same hash are not read.
 *
 * @param before null when there is no such side: then every row is new
 */
export async function rowEffects(
  engine: Engine,
  before: Side | null,
  after: Side,
  catalog: Catalog,
  signal: AbortSignal,
): Promise<RowEffects> {
  const [old, now] = [outputsOf(before), outputsOf(after)];
  const tables: TableEffect[] = [];
  await engine.run('CREATE OR REPLACE TABLE plan_patients (patient VARCHAR)');
  for (const table of [...new Set([...old.keys(), ...now.keys()])].sort(compareText)) {
    throwIfCancelled(signal);
    const [was, is] = [old.get(table), now.get(table)];
    if (was?.sha256 === is?.sha256) continue;
    const effect = await tableEffect(engine, table, was, is, catalog);
    if (effect !== null) tables.push(effect);
  }
  const [all] = await engine.rows('SELECT count(DISTINCT patient)::DOUBLE AS n FROM plan_patients');
  return { tables, patients: Number(all?.['n'] ?? 0) };
}

interface Output {
  readonly path: string;
  readonly sha256: string;
  readonly rows: number;
}

/** Target table → the file the side's migration wrote for it. */
function outputsOf(side: Side | null): Map<string, Output> {
  const outputs = side?.migration?.outputs ?? [];
  return new Map(
    outputs.map(({ path, sha256, rows = 0 }) => [
      path.slice(path.lastIndexOf('/') + 1, -'.csv'.length),
      { path: side?.project.at(path) ?? path, sha256, rows },
    ]),
  );
}

async function tableEffect(
  engine: Engine,
  table: string,
  was: Output | undefined,
  is: Output | undefined,
  catalog: Catalog,
): Promise<TableEffect | null> {
  const fields = catalog.table(table)?.fields ?? [];
  const whole = was ?? is;
  if (whole === undefined || fields.length === 0) return null;
  const names = fields.map(({ field }) => field);
  const side = (output: Output | undefined): string =>
    `SELECT * FROM ${csv(output?.path ?? whole.path, names)}${output === undefined ? ' LIMIT 0' : ''}`;
  await engine.run(`CREATE OR REPLACE TEMP TABLE plan_old AS ${side(was)}`);
  await engine.run(`CREATE OR REPLACE TEMP TABLE plan_new AS ${side(is)}`);
  await engine.run('CREATE OR REPLACE TEMP TABLE plan_gone AS FROM plan_old EXCEPT ALL FROM plan_new');
  await engine.run('CREATE OR REPLACE TEMP TABLE plan_come AS FROM plan_new EXCEPT ALL FROM plan_old');
  const [counts] = await engine.rows(
    'SELECT (SELECT count(*) FROM plan_gone)::DOUBLE AS gone, (SELECT count(*) FROM plan_come)::DOUBLE AS come',
  );
  const [rowsGone, rowsNew] = [Number(counts?.['gone']), Number(counts?.['come'])];
  // Only their order differs.
  if (rowsGone + rowsNew === 0) return null;
  const { rowsChanged, columns } = await changedByKey(engine, fields);
  return {
    table,
    rows: { before: was?.rows ?? 0, after: is?.rows ?? 0 },
    rowsGone,
    rowsNew,
    rowsChanged,
    columns,
    patients: await patientsOf(engine, fields, catalog),
  };
}

async function changedByKey(
  engine: Engine,
  fields: readonly CatalogField[],
): Promise<Pick<TableEffect, 'rowsChanged' | 'columns'>> {
  const key = fields.filter((field) => field.primaryKey).map((field) => quoteIdentifier(field.field));
  const others = fields.filter((field) => !field.primaryKey);
  if (key.length === 0) return { rowsChanged: 0, columns: [] };
  const differs = others.map(
    ({ field }, index) =>
      `count(*) FILTER (g.${quoteIdentifier(field)} IS DISTINCT FROM c.${quoteIdentifier(field)})::DOUBLE AS d${index}`,
  );
  const on = key.map((column) => `g.${column} = c.${column}`).join(' AND ');
  const [row = {}] = await engine.rows(
    `SELECT ${['count(*)::DOUBLE AS n', ...differs].join(', ')} FROM plan_gone AS g JOIN plan_come AS c ON ${on}`,
  );
  const columns = others
    .map(({ field }, index) => ({ field, rows: Number(row[`d${index}`] ?? 0) }))
    .filter(({ rows }) => rows > 0)
    .sort((a, b) => b.rows - a.rows || compareText(a.field, b.field));
  return { rowsChanged: Number(row['n'] ?? 0), columns: columns.slice(0, MOST_COLUMNS) };
}

/** Patients whose rows come or go, also kept for the count over all tables; null where a table names no patient. */
async function patientsOf(engine: Engine, fields: readonly CatalogField[], catalog: Catalog): Promise<number | null> {
  const named = fields.filter((field) => isPatient(field, catalog)).map(({ field }) => quoteIdentifier(field));
  if (named.length === 0) return null;
  const parts = named.flatMap((column) =>
    ['plan_gone', 'plan_come'].map((rows) => `SELECT ${column} AS patient FROM ${rows} WHERE ${column} IS NOT NULL`),
  );
  await engine.run(
    `CREATE OR REPLACE TEMP TABLE plan_named AS SELECT DISTINCT patient FROM (${parts.join(' UNION ALL ')})`,
  );
  await engine.run('INSERT INTO plan_patients FROM plan_named');
  const [row] = await engine.rows('SELECT count(*)::DOUBLE AS n FROM plan_named');
  return Number(row?.['n'] ?? 0);
}

/** A field holds a patient's number when the spec says so, or when it refers to one that does (a mother, a survivor). */
function isPatient(field: CatalogField, catalog: Catalog): boolean {
  if (field.concept === 'patient_id') return true;
  const { foreignKey } = field;
  return foreignKey !== null && catalog.field(foreignKey.table, foreignKey.field)?.concept === 'patient_id';
}

/** What identifies a reject from run to run: where it fails, never the value. */
const REJECT_KEY = 'target_table, target_field, source_table, source_row, reason';

/** Compares the rejects files of two sides by reason, and by field those that are new or gone. */
export async function rejectEffects(
  engine: Engine,
  before: Project | null,
  after: Project,
): Promise<{ readonly reasons: RejectEffect[]; readonly fields: RejectFieldEffect[] }> {
  const side = (project: Project | null): string => {
    const path = (project ?? after).at(ARTEFACTS.migrationRejects);
    return `SELECT ${REJECT_KEY} FROM ${csv(path, REJECT_COLUMNS)}${project === null ? ' LIMIT 0' : ''}`;
  };
  await engine.run(`CREATE OR REPLACE TEMP TABLE rejects_old AS ${side(before)}`);
  await engine.run(`CREATE OR REPLACE TEMP TABLE rejects_new AS ${side(after)}`);
  await engine.run(`CREATE OR REPLACE TEMP TABLE rejects_diff AS
    SELECT 'added' AS fate, * FROM (FROM rejects_new EXCEPT ALL FROM rejects_old)
    UNION ALL SELECT 'gone', * FROM (FROM rejects_old EXCEPT ALL FROM rejects_new)`);
  const reasons = await engine.rows(`
    WITH told AS (
      SELECT reason, 1 AS was, 0 AS is_now, 0 AS added, 0 AS gone FROM rejects_old
      UNION ALL SELECT reason, 0, 1, 0, 0 FROM rejects_new
      UNION ALL SELECT reason, 0, 0, (fate = 'added')::INTEGER, (fate = 'gone')::INTEGER FROM rejects_diff)
    SELECT reason, sum(was)::DOUBLE AS was, sum(is_now)::DOUBLE AS is_now, sum(added)::DOUBLE AS added, sum(gone)::DOUBLE AS gone
    FROM told GROUP BY reason HAVING sum(added) + sum(gone) > 0 ORDER BY reason`);
  const fields = await engine.rows(`
    SELECT target_table, target_field, reason, count(*) FILTER (fate = 'added')::DOUBLE AS added, count(*) FILTER (fate = 'gone')::DOUBLE AS gone
    FROM rejects_diff GROUP BY ALL ORDER BY added + gone DESC, target_table, target_field, reason LIMIT 200`);
  return {
    reasons: reasons.map((row) => ({
      reason: String(row['reason']),
      before: Number(row['was']),
      after: Number(row['is_now']),
      added: Number(row['added']),
      gone: Number(row['gone']),
    })),
    fields: fields.map((row) => ({
      table: String(row['target_table']),
      field: String(row['target_field'] ?? ''),
      reason: String(row['reason']),
      added: Number(row['added']),
      gone: Number(row['gone']),
    })),
  };
}

/** A file that the migration wrote, as text, nothing guessed. */
function csv(path: string, names: readonly string[]): string {
  const columns = names.map((name) => `${quoteLiteral(name)}: 'VARCHAR'`).join(', ');
  return `read_csv(${quoteLiteral(path)}, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', columns = {${columns}})`;
}
