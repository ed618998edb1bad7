import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Catalog, CatalogField } from '../../src/core/catalog/catalog.ts';
import type { ContractField, ContractTable } from '../../src/core/contract/contract.ts';
import type { Crosswalk } from '../../src/core/crosswalk/crosswalk.ts';
import type { Engine } from '../../src/core/engine/engine.ts';

/**
 * The same migration as an engineer would script it for this one project: import each file once as text, one SELECT
 * per target table with casts, crosswalk joins and parent joins, rejects picked up in the same pass, CSV in source
 * order. It knows nothing of plans, masks or ledgers, and shares no code with the compiler under test.
 */
export interface PlainMigration {
  readonly tables: readonly ContractTable[];
  readonly fields: readonly ContractField[];
  readonly source: Catalog;
  readonly target: Catalog;
  readonly crosswalks: ReadonlyMap<string, Crosswalk>;
  readonly sourceDir: string;
  readonly outputDir: string;
}

const id = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** Rules of the sample contract use these; a person would define them once at the top of the script. */
const MACROS = [
  "CREATE MACRO horolog_date(x) AS CASE WHEN TRY_CAST(x AS INTEGER)::VARCHAR = x AND TRY_CAST(x AS INTEGER) BETWEEN 1 AND 2980013 THEN DATE '1840-12-31' + TRY_CAST(x AS INTEGER) END",
  "CREATE MACRO horolog_time(x) AS CASE WHEN TRY_CAST(x AS INTEGER)::VARCHAR = x AND TRY_CAST(x AS INTEGER) BETWEEN 0 AND 86399 THEN TIME '00:00:00' + to_seconds(TRY_CAST(x AS INTEGER)) END",
  "CREATE MACRO horolog_stamp(x) AS horolog_date(split_part(x, ',', 1)) + horolog_time(split_part(x, ',', 2))",
  "CREATE MACRO text_day(x) AS CASE WHEN length(x) = 8 THEN TRY_CAST(substr(x, 1, 4) || '-' || substr(x, 5, 2) || '-' || substr(x, 7, 2) AS DATE) END",
  "CREATE MACRO text_minute(x) AS CASE WHEN length(x) = 12 THEN TRY_CAST(substr(x, 1, 4) || '-' || substr(x, 5, 2) || '-' || substr(x, 7, 2) || ' ' || substr(x, 9, 2) || ':' || substr(x, 11, 2) || ':00' AS TIMESTAMP) END",
  "CREATE MACRO nhs_number(x) AS CASE WHEN regexp_full_match(replace(replace(x, ' ', ''), '-', ''), '\\d{10}') THEN replace(replace(x, ' ', ''), '-', '') END",
  "CREATE MACRO packed(x) AS upper(regexp_replace(x, '[^A-Za-z0-9]', '', 'g'))",
  "CREATE MACRO postcode(x) AS CASE WHEN length(packed(x)) > 3 THEN left(packed(x), length(packed(x)) - 3) || ' ' || right(packed(x), 3) ELSE nullif(packed(x), '') END",
];

/** Runs it all; gives the number of rejects. */
export async function runPlainSql(engine: Engine, migration: PlainMigration): Promise<number> {
  await mkdir(migration.outputDir, { recursive: true });
  for (const macro of MACROS) await engine.run(macro);
  await engine.run('CREATE SCHEMA s');
  await engine.run('CREATE SCHEMA x');
  await engine.run('CREATE SCHEMA k');
  await engine.run('CREATE TABLE rejects (target VARCHAR, n BIGINT, detail VARCHAR)');
  const { tables, fields, source, target } = migration;
  const loads = tables.filter((table) => table.rowSet !== 'out_of_scope');
  const order = [...target.tables.keys()]
    .filter((name) => loads.some((table) => table.targetTable === name))
    .sort((a, b) => orderOf(loads, a) - orderOf(loads, b));
  const used = usedColumns(migration, loads);
  const needs = order.map((name) =>
    loads
      .filter((table) => table.targetTable === name)
      .flatMap((table) => [table.drivingTable, ...joinsOf(table).map((join) => join.table)]),
  );
  const crosswalkNames = new Set(fields.filter((row) => row.mappingClass === 'lookup').map((row) => row.crosswalk));
  for (const name of crosswalkNames) {
    const lines = migration.crosswalks.get(name)?.lines ?? [];
    const values = lines.map((line) => `(${text(line.sourceCode)}, nullif(${text(line.targetCode)}, ''))`).join(', ');
    await engine.run(`CREATE TABLE x.${id(name)} AS SELECT * FROM (VALUES ${values}) AS t(s, t)`);
  }
  const imported = new Set<string>();
  for (const [at, name] of order.entries()) {
    for (const table of needs[at] ?? []) {
      if (imported.has(table)) continue;
      imported.add(table);
      const all = source
        .table(table)
        ?.fields.map((field) => `${text(field.field)}: 'VARCHAR'`)
        .join(', ');
      const columns = [...(used.get(table) ?? [])].map(id).join(', ');
      await engine.run(
        `CREATE TABLE s.${id(table)} AS SELECT row_number() OVER () AS rn, ${columns} FROM read_csv(${text(join(migration.sourceDir, `${table}.csv`))}, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', columns = {${all}})`,
      );
    }
    await loadOne(
      engine,
      migration,
      name,
      loads.filter((table) => table.targetTable === name),
    );
    const later = new Set(needs.slice(at + 1).flat());
    for (const table of needs[at] ?? []) if (!later.has(table)) await engine.run(`DROP TABLE IF EXISTS s.${id(table)}`);
  }
  const [counted] = await engine.rows('SELECT count(*)::DOUBLE AS n FROM rejects');
  return Number(counted?.['n'] ?? 0);
}

function orderOf(tables: readonly ContractTable[], name: string): number {
  return tables.find((table) => table.targetTable === name)?.loadOrder ?? 0;
}

function joinsOf(table: ContractTable): { table: string; alias: string; on: string }[] {
  return table.joins
    .split(';')
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const [, name = '', alias = name, on = ''] = /^\s*(\S+)(?:\s+AS\s+(\S+))?\s+ON\s+(.+)$/is.exec(part) ?? [];
      return { table: name, alias, on };
    });
}

/** Every word of the contract that is a column of a table it reads. */
function usedColumns(migration: PlainMigration, loads: readonly ContractTable[]): Map<string, Set<string>> {
  const used = new Map<string, Set<string>>();
  for (const table of loads) {
    const rows = migration.fields.filter(
      (row) => row.targetTable === table.targetTable && (row.rowSet === '' || row.rowSet === table.rowSet),
    );
    const words = new Set(
      `${table.joins} ${table.filter} ${rows.map((row) => `${row.sourceField} ${row.rule}`).join(' ')}`.split(
        /[^A-Za-z0-9_]+/,
      ),
    );
    for (const name of [table.drivingTable, ...joinsOf(table).map((join) => join.table)]) {
      const columns = used.get(name) ?? new Set<string>();
      for (const field of migration.source.table(name)?.fields ?? [])
        if (words.has(field.field)) columns.add(field.field);
      used.set(name, columns);
    }
  }
  return used;
}

async function loadOne(
  engine: Engine,
  migration: PlainMigration,
  name: string,
  tables: readonly ContractTable[],
): Promise<void> {
  const catalogFields = migration.target.table(name)?.fields ?? [];
  const columns = catalogFields.map((field) => id(field.field));
  const selects = tables.map((table, index) => selectOf(migration, table, catalogFields, index));
  await engine.run(`CREATE TABLE loaded AS ${selects.join(' UNION ALL ')}`);
  await engine.run(`INSERT INTO rejects SELECT ${text(name)}, rn, bad FROM loaded WHERE bad <> ''`);
  const surrogate = catalogFields.find(
    (field) =>
      field.primaryKey &&
      migration.fields.some(
        (row) => row.targetTable === name && row.targetField === field.field && row.mappingClass === 'surrogate',
      ),
  );
  const out = join(migration.outputDir, `${name}.csv`);
  const copy = (from: string): string =>
    `COPY (SELECT ${columns.join(', ')} FROM ${from} ORDER BY part, rn) TO ${text(out)} (FORMAT csv, HEADER, QUOTE '"', ESCAPE '"', DATEFORMAT '%Y-%m-%d', TIMESTAMPFORMAT '%Y-%m-%dT%H:%M:%S')`;
  if (surrogate === undefined) {
    await engine.run(copy("(SELECT * FROM loaded WHERE bad = '')"));
  } else {
    const key = id(surrogate.field);
    await engine.run(
      `CREATE TABLE numbered AS SELECT * RENAME (${key} AS business_key), row_number() OVER () AS ${key} FROM (SELECT * FROM loaded WHERE bad = '' ORDER BY part, rn)`,
    );
    await engine.run(copy('numbered'));
    await engine.run(`CREATE TABLE k.${id(name)} AS SELECT business_key AS p0, ${key} AS number FROM numbered`);
    await engine.run('DROP TABLE numbered');
  }
  const keys = catalogFields
    .filter((field) => field.primaryKey)
    .map((field, index) => `${id(field.field)} AS p${index}`);
  const isParent = migration.target.fields.some((field) => field.foreignKey?.table === name);
  if (surrogate === undefined && isParent)
    await engine.run(`CREATE TABLE k.${id(name)} AS SELECT ${keys.join(', ')} FROM loaded WHERE bad = ''`);
  await engine.run('DROP TABLE loaded');
}

function selectOf(
  migration: PlainMigration,
  table: ContractTable,
  catalogFields: readonly CatalogField[],
  part: number,
): string {
  const joins = joinsOf(table).map((join) => `LEFT JOIN s.${id(join.table)} AS ${join.alias} ON ${join.on}`);
  const bad: string[] = [];
  const columns = catalogFields.map((field, index) => {
    const rows = migration.fields.filter(
      (row) =>
        row.targetTable === field.table &&
        row.targetField === field.field &&
        (row.rowSet === '' || row.rowSet === table.rowSet),
    );
    const row = rows.find((candidate) => candidate.rowSet !== '') ?? rows[0];
    const type = {
      VARCHAR: 'VARCHAR',
      INTEGER: 'BIGINT',
      DECIMAL: `DECIMAL(${field.precision ?? 18}, ${field.scale ?? 3})`,
      DATE: 'DATE',
      DATETIME: 'TIMESTAMP',
      TIME: 'TIME',
      BOOLEAN: 'BOOLEAN',
    }[field.dataType];
    const reject = (condition: string): void =>
      void bad.push(`CASE WHEN ${condition} THEN ${text(`${field.field};`)} ELSE '' END`);
    let sql = `CAST(NULL AS ${type})`;
    if (row?.mappingClass === 'constant') sql = `CAST(${text(row.defaultValue)} AS ${type})`;
    if (row?.mappingClass === 'derived') sql = row.rule;
    if (row?.mappingClass === 'direct') {
      const raw = `${row.sourceTable}.${id(row.sourceField)}`;
      sql = converted(raw, migration.source.field(row.sourceTable, row.sourceField), type);
      if (sql !== raw) reject(`${raw} IS NOT NULL AND ${sql} IS NULL`);
    }
    if (row?.mappingClass === 'lookup') {
      const raw = `trim(${row.sourceTable}.${id(row.sourceField)})`;
      joins.push(`LEFT JOIN x.${id(row.crosswalk)} AS x${index} ON x${index}.s = ${raw}`);
      reject(`x${index}.s IS NULL AND ${raw} <> ''`);
      sql = `x${index}.t`;
    }
    const link = field.foreignKey;
    if (row?.mappingClass === 'surrogate') {
      sql = row.rule;
      if (!field.primaryKey && link !== null) {
        joins.push(`LEFT JOIN k.${id(link.table)} AS p${index} ON p${index}.p0 = ${row.rule}`);
        reject(`${row.rule} IS NOT NULL AND p${index}.number IS NULL`);
        sql = `p${index}.number`;
      }
    } else if (row !== undefined && link !== null && link.table !== field.table) {
      const composite = migration.target.primaryKey(link.table).length > 1;
      const first = catalogFields.find((other) => other.foreignKey?.table === link.table);
      if (!composite || first?.field !== field.field) {
        const on = composite
          ? `p${index}.p0 = ${id(table.drivingTable)}."SPL_NO" AND p${index}.p1 = ${sql}`
          : `p${index}.p0 = ${sql}`;
        joins.push(`LEFT JOIN k.${id(link.table)} AS p${index} ON ${on}`);
        reject(`${sql} IS NOT NULL AND p${index}.p0 IS NULL`);
      }
    }
    if (field.length !== null && field.dataType === 'VARCHAR') reject(`length(${sql}) > ${field.length}`);
    if (
      field.mandatory &&
      row !== undefined &&
      row.mappingClass !== 'reference_feed' &&
      row.mappingClass !== 'out_of_scope'
    )
      reject(`${sql} IS NULL`);
    return `${sql} AS ${id(field.field)}`;
  });
  const where = table.filter === '' ? '' : ` WHERE ${table.filter}`;
  return `SELECT ${part} AS part, ${id(table.drivingTable)}.rn, ${columns.join(', ')}, concat(${bad.join(', ')}) AS bad FROM s.${id(table.drivingTable)} AS ${id(table.drivingTable)} ${joins.join(' ')}${where}`;
}

function converted(raw: string, field: CatalogField | undefined, type: string): string {
  switch (field?.format) {
    case 'HOROLOG':
      return `horolog_date(${raw})`;
    case 'HOROLOG_STAMP':
      return `horolog_stamp(${raw})`;
    case 'HOROLOG_SECONDS':
      return `horolog_time(${raw})`;
    case 'YYYYMMDD':
      return `text_day(${raw})`;
    case 'YYYYMMDDHHMM':
      return `text_minute(${raw})`;
    default:
      return type === 'VARCHAR' ? raw : `TRY_CAST(${raw} AS ${type})`;
  }
}
