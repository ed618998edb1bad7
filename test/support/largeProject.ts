import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { CATALOG_COLUMNS } from '../../src/core/catalog/catalogFile.ts';
import { domainOf } from '../../src/core/concepts/domain.ts';
import { CONTRACT_COLUMNS, CONTRACT_TABLE_COLUMNS } from '../../src/core/contract/contractFile.ts';
import { csvText } from '../../src/core/csv/csvText.ts';
import type { Engine } from '../../src/core/engine/engine.ts';
import { quoteLiteral } from '../../src/core/engine/sqlText.ts';
import { ISSUE_COLUMNS, REJECT_COLUMNS } from '../../src/core/project/evidenceColumns.ts';
import { ARTEFACTS } from '../../src/core/project/layout.ts';
import { groupOf, ownerRoleOf, RULE_GROUPS, type RuleResult } from '../../src/core/quality/rule.ts';
import { QUALITY_RULES } from '../../src/core/quality/rules/index.ts';
import { withEngine } from './engine.ts';

/** What tests compare panels with; the same is in the files. */
export interface LargeProject {
  readonly tables: number;
  readonly issues: number;
  readonly rejects: number;
  readonly rules: readonly RuleResult[];
  readonly severityCounts: Readonly<Record<string, number>>;
  readonly domainCounts: Readonly<Record<string, number>>;
}

/** Names and texts that must stay text everywhere. */
export const HOSTILE_TABLE = '<img src=x onerror=alert(1)>';
export const HOSTILE_MESSAGE =
  'javascript:alert(1) %%{init: {"theme":"dark"}}%% \u202egnp.exe </script><img src=x onerror=alert(2)>';
const FORMULA_KEY = '=cmd|calc!A1';

const FIELDS = [
  'KEY',
  'PATIENT_KEY',
  'CODE',
  'STATUS',
  'START_DATE',
  'END_DATE',
  'SITE',
  'SPECIALTY',
  'OWNER',
  'NOTE',
  'AMOUNT',
  'UPDATED_AT',
];
const FAMILIES = ['PMI', 'REF', 'RTT', 'APPT', 'IWL', 'SPELL', 'EPI', 'ED', 'MHA', 'STAFF'];
/** Tables whose rows are there too, so that issues lead to them. */
const TABLES_WITH_ROWS = 3;
const ROWS_A_TABLE = 2000;
const RUNS = 12;
const AT = '2026-03-02T08:00:00.000Z';

/** Name of the n-th target table; one of them is hostile. */
export function tableName(index: number): string {
  return index === 7 ? HOSTILE_TABLE : `LOAD_${FAMILIES[index % FAMILIES.length]}_${String(index).padStart(3, '0')}`;
}

/**
 * Writes a project of the size of a large trust: catalogs, contract, reports that agree with each other, and issue files
 * made by the database. The same folder and sizes give the same bytes.
 */
export async function writeLargeProject(
  root: string,
  sizes: { readonly tables?: number; readonly issues?: number; readonly rejects?: number } = {},
): Promise<LargeProject> {
  const { tables = 400, issues = 1_000_000, rejects = 20_000 } = sizes;
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  };
  const sample = resolve(import.meta.dirname, '../..');
  for (const path of [
    ARTEFACTS.gateProfiles,
    'requirement_spec',
    'schemas/crosswalks',
    'schemas/crosswalk_index.csv',
    'schemas/code_sets',
  ])
    await cp(join(sample, path), join(root, path), { recursive: true });
  await writeSchemas(write, tables);
  await writeRows(write);
  const rules = await withEngine((engine) => writeIssues(engine, root, tables, issues, rejects));
  return writeReports(write, { tables, issues, rejects, rules });
}

type Write = (path: string, text: string) => Promise<void>;

async function writeSchemas(write: Write, tables: number): Promise<void> {
  for (const side of ['source', 'target'] as const) {
    const name = (index: number): string =>
      side === 'target' ? tableName(index) : `SRC_${String(index).padStart(3, '0')}`;
    const lines = Array.from({ length: tables }, (_, table) =>
      FIELDS.map((field, at) => [
        name(table),
        field,
        at + 1,
        at === 0
          ? 'INTEGER'
          : at === 4 || at === 5
            ? 'DATE'
            : at === 10
              ? 'INTEGER'
              : at === 11
                ? 'DATETIME'
                : 'VARCHAR',
        at === 2 || at === 3 || (at > 5 && at < 10) ? 20 : at === 1 ? 12 : null,
        null,
        null,
        at < 2,
        at === 0,
        at === 1 && table % FAMILIES.length !== 0 ? `${name(table - (table % FAMILIES.length))}.KEY` : '',
        '',
        table === 9 ? HOSTILE_MESSAGE : `${field.toLowerCase().replace('_', ' ')} of table ${table}`,
        `requirement_spec/${side}/large.csv`,
        `line ${table * FIELDS.length + at + 2}`,
        at === 9 ? 0.8 : 1,
        '',
        '',
        FAMILIES[table % FAMILIES.length] ?? '',
        '',
      ]),
    ).flat();
    await write(side === 'source' ? ARTEFACTS.sourceCatalog : ARTEFACTS.targetCatalog, csvText(CATALOG_COLUMNS, lines));
  }
  const side = (name: string) => ({
    tables,
    fields: tables * FIELDS.length,
    parse_confidence: 0.983,
    files: [
      {
        path: `requirement_spec/${name}/large.csv`,
        format: 'csv',
        tables,
        fields: tables * FIELDS.length,
        parse_confidence: 0.983,
        problems: [],
      },
    ],
  });
  await write(ARTEFACTS.catalogSummary, json({ status: 'passed', source: side('source'), target: side('target') }));
  await writeContract(write, tables);
}

async function writeContract(write: Write, tables: number): Promise<void> {
  const statuses = ['APPROVED', 'APPROVED', 'APPROVED', 'IN_REVIEW', 'DRAFT'];
  const fields = Array.from({ length: tables }, (_, table) =>
    FIELDS.map((field, at) => {
      const unresolved = at === 9 && table % 4 === 0;
      const name = tableName(table);
      const source = `SRC_${String(table).padStart(3, '0')}`;
      const type =
        at === 0 || at === 10
          ? 'INTEGER'
          : at === 4 || at === 5
            ? 'DATE'
            : at === 11
              ? 'DATETIME'
              : at === 1
                ? 'VARCHAR(12)'
                : 'VARCHAR(20)';
      return [
        name,
        field,
        type,
        at < 2,
        unresolved ? 'unresolved' : 'direct',
        unresolved ? '' : source,
        unresolved ? '' : field,
        '',
        '',
        '',
        unresolved ? '0.00' : '0.95',
        statuses[(table + at) % statuses.length] ?? '',
        'Mapping Analyst',
        '',
        '',
      ];
    }),
  ).flat();
  await write(ARTEFACTS.contract, csvText(CONTRACT_COLUMNS, fields));
  const lines = Array.from({ length: tables }, (_, table) => [
    tableName(table),
    'main',
    `SRC_${String(table).padStart(3, '0')}`,
    '',
    '',
    'KEY',
    '',
    1 + (table % 10 === 0 ? 0 : 1),
    'APPROVED',
    '',
  ]);
  await write(ARTEFACTS.contractTables, csvText(CONTRACT_TABLE_COLUMNS, lines));
}

async function writeRows(write: Write): Promise<void> {
  for (let table = 0; table < TABLES_WITH_ROWS; table += 1) {
    const rows = Array.from({ length: ROWS_A_TABLE }, (_, row) => [
      row + 1,
      `P${row % 500}`,
      'A',
      'OPEN',
      '2025-01-01',
      '',
      'S1',
      '100',
      'X',
      row === 10 ? HOSTILE_MESSAGE : '',
      row,
      '2025-01-01 10:00:00',
    ]);
    await write(`${ARTEFACTS.targetContract}/${tableName(table)}.csv`, csvText(FIELDS, rows));
    await write(`${ARTEFACTS.mockSource}/SRC_${String(table).padStart(3, '0')}.csv`, csvText(FIELDS, rows));
  }
}

/** Every third rule fails, the first of them most; the rows differ in table, field and key. */
async function writeIssues(
  engine: Engine,
  root: string,
  tables: number,
  issues: number,
  rejects: number,
): Promise<RuleResult[]> {
  const failing = QUALITY_RULES.filter((_, index) => index % 3 === 0);
  const values = failing.map(
    (rule, index) =>
      `(${index}, ${[rule.id, rule.severity, RULE_GROUPS[groupOf(rule.id)], domainOf(rule.family), ownerRoleOf(rule), `Not so: ${rule.title}. Risk: ${rule.why}.`].map(quoteLiteral).join(', ')})`,
  );
  await engine.run(
    `CREATE TABLE rule AS SELECT * FROM (VALUES ${values.join(', ')}) AS t (n, id, severity, category, domain, owner_role, message)`,
  );
  await engine.run(
    `CREATE TABLE names AS SELECT * FROM (VALUES ${Array.from({ length: tables }, (_, n) => `(${n}, ${quoteLiteral(tableName(n))})`).join(', ')}) AS t (n, name)`,
  );
  await engine.run(
    `CREATE TABLE fields AS SELECT * FROM (VALUES ${FIELDS.map((name, n) => `(${n}, ${quoteLiteral(name)})`).join(', ')}) AS t (n, name)`,
  );
  // Fractions from the row's number: the same on every platform and number of threads. A rule fails in some tables only.
  await engine.run(
    `CREATE TABLE made AS SELECT i, rule_n, ((rule_n * 37 + ((i * 7919) % 25) * 16) % ${tables})::INTEGER AS table_n, ((rule_n + i % 2) % ${FIELDS.length})::INTEGER AS field_n
      FROM (SELECT i, CASE WHEN i < ${failing.length} THEN i ELSE floor(${failing.length} * pow(((i * 104729) % 1000003) / 1000003.0, 2.2)) END::INTEGER AS rule_n FROM range(${issues}) t(i))`,
  );
  await engine.run(
    `CREATE TABLE issue AS SELECT i, left(md5(concat('quality|', i)), 16) AS issue_key, r.severity, r.category, r.id AS rule_id, r.domain, t.name AS table_name, f.name AS field_name,
      CASE WHEN i = 11 THEN ${quoteLiteral(FORMULA_KEY)} ELSE (1 + (i * 17) % ${ROWS_A_TABLE})::VARCHAR END AS row_key,
      CASE WHEN i % 5000 = 13 THEN ${quoteLiteral(HOSTILE_MESSAGE)} ELSE r.message END AS message, r.owner_role
      FROM made JOIN rule r ON r.n = rule_n JOIN names t ON t.n = table_n JOIN fields f ON f.n = field_n`,
  );
  await mkdir(join(root, 'reports'), { recursive: true });
  const copy = (columns: readonly string[], from: string, order: string, path: string) =>
    engine.run(
      `COPY (SELECT ${columns.join(', ')} FROM ${from} ORDER BY ${order}) TO ${quoteLiteral(join(root, path))} (FORMAT csv, HEADER, QUOTE '"', ESCAPE '"')`,
    );
  await copy(ISSUE_COLUMNS, 'issue', 'rule_id, table_name, field_name, row_key, i', ARTEFACTS.qualityIssues);
  await engine.run(
    `CREATE TABLE reject AS SELECT i, t.name AS target_table, 'CODE' AS target_field, 'SRC_' || lpad(table_n::VARCHAR, 3, '0') AS source_table, 'CODE' AS source_field,
      concat('X', i % 40) AS source_value, 1 + i % ${ROWS_A_TABLE} AS source_row, (1 + i % ${ROWS_A_TABLE})::VARCHAR AS row_key, 'crosswalk_' || (table_n % 20) AS crosswalk,
      CASE WHEN table_n % 20 = 3 THEN 'Y' ELSE 'N' END AS safety_critical, CASE WHEN table_n % 20 = 3 THEN 'hold' ELSE 'load_null' END AS row_policy, 'UNKNOWN_CODE' AS reason
      FROM (SELECT i, ((i * 7919) % ${tables})::INTEGER AS table_n FROM range(${rejects}) t(i)) JOIN names t ON t.n = table_n`,
  );
  await copy(REJECT_COLUMNS, 'reject', 'target_table, i', ARTEFACTS.migrationRejects);
  await engine.run(
    `CREATE TABLE summed AS SELECT left(md5(concat_ws('|', 'reject', reason, target_table, target_field, source_table, source_field)), 16) AS issue_key,
      CASE WHEN safety_critical = 'Y' THEN 'ERROR' ELSE 'WARN' END AS severity, 'reject' AS category, reason AS rule_id, '' AS domain, target_table AS table_name, target_field AS field_name, '' AS row_key,
      concat(n, ' rejects (', reason, ') from ', source_table, '.', source_field, ' through crosswalk ', crosswalk, '; see contract_migration_rejects.csv.') AS message, 'Data Quality Lead' AS owner_role
      FROM (SELECT reason, target_table, target_field, source_table, source_field, crosswalk, safety_critical, count(*) AS n FROM reject GROUP BY ALL)`,
  );
  await copy(ISSUE_COLUMNS, 'summed', 'severity, table_name', ARTEFACTS.migrationIssues);
  const counts = await engine.rows('SELECT rule_id, count(*)::DOUBLE AS n FROM issue GROUP BY 1');
  return ruleResults(new Map(counts.map((row) => [String(row['rule_id']), Number(row['n'])])));
}

function ruleResults(counts: ReadonlyMap<string, number>): RuleResult[] {
  return QUALITY_RULES.map((rule, index) => {
    const numerator = counts.get(rule.id) ?? 0;
    const absent = numerator === 0 && index % 7 === 1;
    const { id, severity, family, title } = rule;
    return {
      id,
      severity,
      family,
      group: groupOf(id),
      domain: domainOf(family),
      title,
      status: numerator > 0 ? 'failed' : absent ? 'not_applicable' : 'passed',
      numerator,
      denominator: absent ? 0 : numerator * 4 + 1000,
      reason: absent ? 'The data have no such column.' : '',
      issues_written: numerator,
    };
  });
}

async function writeReports(
  write: Write,
  made: { tables: number; issues: number; rejects: number; rules: readonly RuleResult[] },
): Promise<LargeProject> {
  const { tables, issues, rejects, rules } = made;
  const sum = (keyOf: (rule: RuleResult) => string): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (const rule of rules) counts[keyOf(rule)] = (counts[keyOf(rule)] ?? 0) + rule.numerator;
    return counts;
  };
  const severityCounts = sum((rule) => rule.severity);
  const domainCounts = sum((rule) => rule.domain);
  const ruleCount = (status: string): number => rules.filter((rule) => rule.status === status).length;
  const perTable = Math.floor(rejects / tables);
  const safety = Array.from({ length: rejects }, (_, i) => (i * 7919) % tables).filter(
    (table) => table % 20 === 3,
  ).length;
  const stats = Array.from({ length: tables }, (_, table) => {
    const held = table % 20 === 3 ? perTable : 0;
    return [
      tableName(table),
      `SRC_${String(table).padStart(3, '0')}`,
      ROWS_A_TABLE + held,
      ROWS_A_TABLE,
      held,
      0,
      0,
      0,
      FIELDS.length,
      ROWS_A_TABLE * 11,
      0,
    ];
  });
  const total = (column: number): number => stats.reduce((all, line) => all + Number(line[column]), 0);
  await write(
    ARTEFACTS.migrationTableStats,
    csvText(
      [
        'target_table',
        'source_table',
        'rows_read',
        'rows_written',
        'rows_rejected',
        'rows_excluded',
        'rows_merged',
        'rows_unexplained',
        'columns',
        'cells_populated',
        'cells_imputed',
      ],
      stats,
    ),
  );
  const cells = tables * ROWS_A_TABLE * FIELDS.length;
  await write(
    ARTEFACTS.migrationReport,
    json({
      status: 'failed',
      impute_mode: 'off',
      tables_written: tables,
      rows_read: total(2),
      rows_written: total(3),
      rows_rejected: total(4),
      rows_excluded: 0,
      rows_merged: 0,
      rows_unexplained: 0,
      cells_total: cells,
      cells_populated: total(9),
      cells_imputed: 0,
      population_ratio: Number((total(9) / cells).toFixed(6)),
      crosswalk_rejects: rejects,
      safety_critical_rejects: safety,
      issue_counts: { ERROR: Math.ceil(tables / 20), WARN: tables - Math.ceil(tables / 20), INFO: 0 },
      inputs: [],
      outputs: [],
      contract_sha256: '0'.repeat(64),
    }),
  );
  await write(
    ARTEFACTS.qualityReport,
    json({
      status: 'failed',
      extract_at: '2026-01-31T23:59:00',
      patients: 250_000,
      min_patients: 1,
      rule_counts: {
        passed: ruleCount('passed'),
        failed: ruleCount('failed'),
        not_applicable: ruleCount('not_applicable'),
        error: 0,
      },
      severity_counts: severityCounts,
      domain_counts: domainCounts,
      issues_written: issues,
      inputs: [],
      rules,
      rules_not_judged: [],
    }),
  );
  await write(
    ARTEFACTS.runHistory,
    runs(rules, { read: total(2), written: total(3), rejected: total(4), cells, populated: total(9), rejects, safety }),
  );
  return { tables, issues, rejects, rules, severityCounts, domainCounts };
}

/** Runs in which the quality gets better, the last of them as the reports say. */
function runs(
  rules: readonly RuleResult[],
  at: Readonly<Record<'read' | 'written' | 'rejected' | 'cells' | 'populated' | 'rejects' | 'safety', number>>,
): string {
  const letters = { passed: 'p', failed: 'f', not_applicable: 'n', error: 'e' } as const;
  const lines = Array.from({ length: RUNS }, (_, run) => {
    const worse = 1 + (RUNS - 1 - run) / 10;
    const failing = (severity: string, domain: string | null) =>
      rules
        .filter((rule) => rule.severity === severity && (domain === null || rule.domain === domain))
        .reduce((sum, rule) => sum + Math.round(rule.numerator * worse), 0);
    const results = rules.map(
      (rule) =>
        [
          rule.id,
          [letters[rule.status], Math.round(rule.numerator * worse), Math.round(rule.denominator * worse)],
        ] as const,
    );
    return JSON.stringify({
      run_id: `run-${run}`,
      command: 'run-product-lifecycle',
      started_at_utc: new Date(Date.parse(AT) - (RUNS - 1 - run) * 86_400_000).toISOString(),
      duration_ms: 60_000,
      status: 'failed',
      return_code: 1,
      options: {},
      message: '',
      gates: null,
      rows: { read: at.read, written: at.written, rejected: Math.round(at.rejected * worse), excluded: 0 },
      migration: {
        cells_total: at.cells,
        cells_populated: at.populated,
        crosswalk_rejects: Math.round(at.rejects * worse),
        safety_critical_rejects: Math.round(at.safety * worse),
      },
      quality: {
        failed: rules.filter((rule) => rule.status === 'failed').length,
        rules: rules.length,
        errors: failing('ERROR', null),
        warnings: failing('WARN', null),
        domains: Object.fromEntries(
          [...new Set(rules.map((rule) => rule.domain))].map((domain) => [
            domain,
            { errors: failing('ERROR', domain), warnings: failing('WARN', domain) },
          ]),
        ),
        results: Object.fromEntries(results),
      },
    });
  });
  return `${lines.join('\n')}\n`;
}

function json(report: Record<string, unknown>): string {
  return `${JSON.stringify({ schema_version: 1, run_id: `run-${RUNS - 1}`, run_at_utc: AT, ...report }, null, 2)}\n`;
}
