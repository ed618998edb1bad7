import { readCatalogText } from '../../src/core/catalog/catalogFile.ts';
import { compileContract, ruleTexts } from '../../src/core/contract/compileContract.ts';
import { readContractText } from '../../src/core/contract/contractFile.ts';
import { parseRules } from '../../src/core/contract/parseRule.ts';
import type { Crosswalk } from '../../src/core/crosswalk/crosswalk.ts';
import type { ImputeMode, MigrationPlan } from '../../src/core/migration/plan.ts';
import { RowSetSql } from '../../src/core/migration/renderRowSet.ts';
import { formatProblem } from '../../src/core/shared/problem.ts';
import { withEngine } from './engine.ts';
import { CONTRACT_HEADER, SOURCE_CATALOG, TABLES_HEADER, TARGET_CATALOG } from './smallProject.ts';

/** What a contract comes to: the sentences a person reads, the plan, and the SQL of each row set. */
export interface Checked {
  readonly problems: readonly string[];
  readonly plan: MigrationPlan;
  readonly sql: string;
}

const CROSSWALKS: ReadonlyMap<string, Crosswalk> = new Map(
  [
    { name: 'sex', rowPolicy: 'hold' as const, safetyCritical: true },
    { name: 'religion', rowPolicy: 'load_null' as const, safetyCritical: false },
  ].map((crosswalk) => [
    crosswalk.name,
    {
      ...crosswalk,
      file: `schemas/crosswalks/${crosswalk.name}.csv`,
      lines: [],
      eventDates: [],
      dated: false,
      changing: false,
      entry: null,
    },
  ]),
);

/**
 * Compiles a contract against the small project's catalogs.
 *
 * @param fields contract lines, or a whole file with its header
 * @param tables table lines, or a whole file with its header
 */
export async function check(fields: string, tables: string, imputeMode: ImputeMode = 'off'): Promise<Checked> {
  const source = readCatalogText(SOURCE_CATALOG, 'source.csv', 'source').value;
  const target = readCatalogText(TARGET_CATALOG, 'target.csv', 'target').value;
  const read = readContractText(
    headed(fields, CONTRACT_HEADER),
    'contract.csv',
    headed(tables, TABLES_HEADER),
    'tables.csv',
  );
  const rules = await withEngine((engine) => parseRules(engine, ruleTexts(read.value)));
  const compiled = compileContract({
    contract: read.value,
    contractFile: 'contract.csv',
    tablesFile: 'tables.csv',
    source,
    target,
    crosswalks: CROSSWALKS,
    rules,
    imputeMode,
  });
  return {
    problems: [...read.problems, ...compiled.problems].map(
      (problem) => `${problem.severity} ${problem.code} ${formatProblem(problem)}`,
    ),
    plan: compiled.plan,
    sql: sqlOf(compiled.plan),
  };
}

function headed(text: string, header: string): string {
  return text.startsWith('target_table') ? text : `${header}\n${text}\n`;
}

function sqlOf(plan: MigrationPlan): string {
  const keys = new Map(plan.sources.map((source) => [source.table, source.keyColumns]));
  return plan.tables
    .flatMap((table) =>
      table.rowSets.map(
        (rowSet) =>
          `-- ${table.target} / ${rowSet.name}\n${new RowSetSql(table, rowSet, keys.get(rowSet.source) ?? [], new Set()).stage('stage')};\n`,
      ),
    )
    .join('\n');
}
