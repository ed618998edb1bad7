import type { CatalogField, CatalogTable } from '../catalog/catalog.ts';
import { quoteIdentifier } from '../engine/sqlText.ts';
import { rowKeySql, schemaOf } from './canonical.ts';
import type { ColumnCheck, ColumnUnderTest, Rule } from './rule.ts';
import { type Finding, needReason, type RuleWorld } from './ruleWorld.ts';

interface CheckedColumn {
  readonly field: string;
  /** SQL that is TRUE for a bad cell. */
  readonly fails: string;
}

/** Runs a rule that looks at every column it fits: one query a table. What could not be looked at goes to `notes`. */
export async function countColumns(world: RuleWorld, rule: Rule, notes: string[]): Promise<Finding[]> {
  const check = rule.columns;
  if (check === undefined) return [];
  for (const need of check.needs ?? []) {
    const reason = needReason(world, need);
    if (reason !== null) {
      notes.push(reason);
      return [];
    }
  }
  const findings: Finding[] = [];
  for (const [name, imported] of world.imported[check.side]) {
    const table = world[check.side].table(name);
    if (table === undefined) continue;
    const columns = checkedColumns(world, check, table, imported);
    if (columns.length > 0) findings.push(...(await countTable(world, rule, check, table, columns)));
  }
  if (findings.length === 0) notes.push(`No ${check.side} column of this kind was read.`);
  notes.push(...uncheckedCodeSets(world, rule));
  return findings;
}

function checkedColumns(
  world: RuleWorld,
  check: ColumnCheck,
  table: CatalogTable,
  imported: readonly string[],
): CheckedColumn[] {
  const targetTables = new Map(
    [...world.imported.target.keys()].map((name) => [name, world.target.table(name)?.family ?? '']),
  );
  return table.fields
    .filter((field) => imported.includes(field.field))
    .flatMap((field) => {
      const fails = check.failsWhen(underTest(world, field, targetTables));
      return fails === null ? [] : [{ field: field.field, fails }];
    });
}

function underTest(world: RuleWorld, field: CatalogField, targetTables: ReadonlyMap<string, string>): ColumnUnderTest {
  const { table, family, concept, dataType, format, length, codeSet, foreignKey } = field;
  return {
    table,
    field: field.field,
    family,
    concept,
    dataType,
    format,
    length,
    codeSet,
    foreignKey,
    cell: quoteIdentifier(field.field),
    codeSets: world.codeSets,
    targetTables,
    hasExtract: world.hasExtract,
  };
}

async function countTable(
  world: RuleWorld,
  rule: Rule,
  check: ColumnCheck,
  table: CatalogTable,
  columns: readonly CheckedColumn[],
): Promise<Finding[]> {
  const from = `${schemaOf(check.side)}.${quoteIdentifier(table.name)}`;
  const verdicts = columns.map(
    ({ field, fails }, index) =>
      `${quoteIdentifier(field)} IS NOT NULL AS held_${index}, (${quoteIdentifier(field)} IS NOT NULL AND (${fails}) IS NOT FALSE) AS bad_${index}`,
  );
  const counts = columns.map(
    (_, index) =>
      `count(*) FILTER (held_${index})::DOUBLE AS held_${index}, count(*) FILTER (bad_${index})::DOUBLE AS bad_${index}`,
  );
  const [row = {}] = await world.engine.rows(
    `SELECT ${counts.join(', ')} FROM (SELECT ${verdicts.join(', ')} FROM ${from})`,
  );
  const rowKey = rowKeySql(world[check.side], table);
  return columns.map(({ field, fails }, index) => ({
    numerator: Number(row[`bad_${index}`] ?? 0),
    denominator: Number(row[`held_${index}`] ?? 0),
    list: async (limit) => {
      const keys = await world.engine.rows(
        `SELECT DISTINCT ${rowKey} AS row_key FROM ${from} WHERE ${quoteIdentifier(field)} IS NOT NULL AND (${fails}) IS NOT FALSE ORDER BY row_key LIMIT ${limit}`,
      );
      return keys.map((key) => ({ ruleId: rule.id, table: table.name, field, rowKey: String(key['row_key'] ?? '') }));
    },
  }));
}

/** Code sets the target names without a list to check against: said, because their codes are not proven. */
function uncheckedCodeSets(world: RuleWorld, rule: Rule): string[] {
  if (rule.id !== 'COD-01') return [];
  const named = new Set(
    world.target.fields.filter((field) => world.imported.target.has(field.table)).map((field) => field.codeSet),
  );
  const missing = [...named].filter((name) => name !== '' && !world.codeSets.has(name)).sort();
  return missing.length === 0 ? [] : [`No list to check against for: ${missing.join(', ')}.`];
}
