import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Catalog, type CatalogField, type CatalogSide, type DataType } from '../../../src/core/catalog/catalog.ts';
import { conceptOf } from '../../../src/core/concepts/vocabulary.ts';
import { openDuckDb } from '../../../src/core/engine/duckdb/duckdbEngine.ts';
import type { Engine } from '../../../src/core/engine/engine.ts';
import { quoteIdentifier, quoteLiteral } from '../../../src/core/engine/sqlText.ts';
import { canonicalTables } from '../../../src/core/quality/canonical.ts';
import { CanonicalViews, parseNeed } from '../../../src/core/quality/canonicalViews.ts';
import { macroStatements } from '../../../src/core/quality/macros.ts';
import type { Rule } from '../../../src/core/quality/rule.ts';
import type { RuleWorld } from '../../../src/core/quality/ruleWorld.ts';
import { DEFAULT_SETTINGS } from '../../../src/core/quality/settings.ts';
import { survivorStatement } from '../../../src/core/quality/survivors.ts';
import type { Cells, Data } from './ruleCases.ts';

export const EXTRACT_AT = '2025-06-01T12:00:00';

const EVIDENCE: Readonly<Record<string, readonly string[]>> = {
  rejects: [
    'target_table',
    'target_field',
    'source_table',
    'source_field',
    'source_row',
    'row_key',
    'crosswalk',
    'safety_critical',
    'row_policy',
    'reason',
  ],
  table_stats: [
    'target_table',
    'source_table',
    'rows_read',
    'rows_written',
    'rows_rejected',
    'rows_excluded',
    'rows_merged',
    'rows_unexplained',
  ],
  xw: ['crosswalk', 'source_code', 'target_code', 'safety_critical', 'valid_from', 'valid_to', 'status', 'line'],
  xw_index: ['crosswalk', 'source_system', 'site', 'country', 'code_set_version', 'approved_by'],
  codes: ['code_set', 'code', 'kind', 'valid_from', 'valid_to'],
};

export async function openTestEngine(name: string): Promise<Engine> {
  const engine = await openDuckDb({
    tempDirectory: join(tmpdir(), `pas-quality-${process.pid}-${name}`),
    signal: new AbortController().signal,
    threads: 1,
    memoryLimitMb: 512,
  });
  for (const statement of macroStatements(DEFAULT_SETTINGS, EXTRACT_AT)) await engine.run(statement);
  return engine;
}

export function catalogField(table: string, field: string, more: Partial<CatalogField> = {}): CatalogField {
  return {
    table,
    field,
    ordinal: 1,
    dataType: 'VARCHAR',
    length: null,
    precision: null,
    scale: null,
    mandatory: false,
    primaryKey: false,
    foreignKey: null,
    codeSet: '',
    description: '',
    specFile: 'spec.csv',
    specLocation: '1',
    parseConfidence: 1,
    declaredType: '',
    format: '',
    family: '',
    concept: '',
    ...more,
  };
}

const TYPES: Readonly<Record<string, DataType>> = { date: 'DATE', datetime: 'DATETIME', time: 'TIME' };

/** Tables with exactly the fields that `columns` name (`pmi` → concepts), and ROW_ID as key. */
function catalogOf(side: CatalogSide, columns: ReadonlyMap<string, ReadonlySet<string>>): Catalog {
  const fields = [...columns].flatMap(([view, concepts]) => {
    if (view.startsWith('src_') !== (side === 'source')) return [];
    const family = view.replace(/^src_/, '').toUpperCase();
    const table = `${side === 'source' ? 'S' : 'T'}_${family}`;
    const own = [...concepts].filter((name) => name !== 'key' && name !== 'source_key');
    return [
      catalogField(table, 'ROW_ID', { family, primaryKey: true }),
      ...(concepts.has('source_key') && side === 'target' ? [catalogField(table, 'SOURCE_ID', { family })] : []),
      ...own.map((concept) =>
        catalogField(table, concept.toUpperCase(), {
          family,
          concept,
          dataType: TYPES[conceptOf(family, concept)?.kind.type ?? ''] ?? 'VARCHAR',
        }),
      ),
    ];
  });
  return new Catalog(side, fields);
}

export interface TestWorld {
  readonly world: RuleWorld;
  readonly drop: () => Promise<void>;
}

/**
 * A world holding only what the rule declares: a column its SQL uses without declaring does not exist here.
 * With `uses` false, the optional columns are absent too. Columns of the data that no rule names are added (derived ones).
 */
export async function ruleWorld(engine: Engine, rule: Rule, data: Data, uses = true): Promise<TestWorld> {
  const columns = new Map<string, Set<string>>();
  const add = (view: string, concept: string) => columns.set(view, (columns.get(view) ?? new Set()).add(concept));
  const given = new Set(Object.values(data).flatMap((rows) => rows.flatMap((row) => Object.keys(row))));
  for (const part of rule.parts) {
    for (const need of [...part.needs, ...(uses ? (part.uses ?? []) : [])]) {
      const column = parseNeed(need);
      if (column === null) continue;
      const view = `${column.side === 'source' ? 'src_' : ''}${column.family.toLowerCase()}`;
      const wanted = Object.keys(data).length === 0 || data[view] !== undefined || part.needs.length > 0;
      const derivedFrom = column.concept === 'expires_at' && given.has('expires_on') ? 'expires_on' : column.concept;
      if (wanted) add(view, derivedFrom);
    }
  }
  const target = catalogOf('target', columns);
  const source = catalogOf('source', columns);
  for (const catalog of [target, source]) await engine.run(`CREATE SCHEMA ${catalog.side}`);
  const imported = {
    target: await fill(engine, target, data),
    source: await fill(engine, source, data),
  };
  for (const [name, cells] of Object.entries(EVIDENCE)) await fillEvidence(engine, name, cells, data[`@${name}`] ?? []);
  const sourceKeys = new Map(
    [...target.tables.keys()]
      .filter((name) => target.field(name, 'SOURCE_ID') !== undefined)
      .map((name) => [name, { sourceTable: name.replace(/^T_/, 'S_'), fields: ['SOURCE_ID'], separator: '' }]),
  );
  const context = { sourceKeys, crosswalks: new Set<string>() };
  const views = new CanonicalViews([...canonicalTables(target, context), ...canonicalTables(source, context)], [rule]);
  const statements = views.statements();
  for (const statement of [...statements, survivorStatement(views)]) await engine.run(statement);
  const world: RuleWorld = {
    engine,
    views,
    evidence: new Set(['@rejects', '@table_stats', '@xw', '@xw_index', '@codes']),
    target,
    source,
    imported,
    codeSets: new Set(['sex']),
    hasExtract: true,
    issuesPerRule: 1000,
  };
  const drop = async () => {
    await engine.run('DROP SCHEMA target CASCADE');
    await engine.run('DROP SCHEMA source CASCADE');
    for (const statement of statements) await engine.run(`DROP TABLE ${statement.split(' ')[2]}`);
    for (const name of [...Object.keys(EVIDENCE), 'patient_survivors']) await engine.run(`DROP TABLE ${name}`);
  };
  return { world, drop };
}

async function fill(engine: Engine, catalog: Catalog, data: Data): Promise<Map<string, string[]>> {
  const imported = new Map<string, string[]>();
  for (const table of catalog.tables.values()) {
    const columns = table.fields.map((field) => field.field);
    const view = `${catalog.side === 'source' ? 'src_' : ''}${table.family.toLowerCase()}`;
    const rows = (data[view] ?? []).map((row, index) => columns.map((name) => cellOf(row, name, index)));
    await createTable(engine, `${catalog.side}.${quoteIdentifier(table.name)}`, columns, rows);
    imported.set(table.name, columns);
  }
  return imported;
}

function cellOf(row: Cells, column: string, index: number): string {
  if (column === 'ROW_ID') return row['key'] ?? `row-${index + 1}`;
  if (column === 'SOURCE_ID') return row['source_key'] ?? '';
  return row[column.toLowerCase()] ?? '';
}

async function fillEvidence(
  engine: Engine,
  name: string,
  columns: readonly string[],
  rows: readonly Cells[],
): Promise<void> {
  await createTable(
    engine,
    name,
    columns,
    rows.map((row) => columns.map((column) => row[column] ?? '')),
  );
}

/** All text; an empty cell is NULL, as a CSV reads. */
export async function createTable(
  engine: Engine,
  name: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): Promise<void> {
  await engine.run(
    `CREATE TABLE ${name} ("__row" BIGINT, ${columns.map((column) => `${quoteIdentifier(column)} VARCHAR`).join(', ')})`,
  );
  for (const [index, row] of rows.entries()) {
    const cells = row.map((cell) => (cell === '' ? 'NULL' : quoteLiteral(cell)));
    await engine.run(`INSERT INTO ${name} VALUES (${[index + 1, ...cells].join(', ')})`);
  }
}
