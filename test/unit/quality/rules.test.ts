import assert from 'node:assert/strict';
import { Catalog } from '../../../src/core/catalog/catalog.ts';
import type { Engine } from '../../../src/core/engine/engine.ts';
import { CanonicalViews } from '../../../src/core/quality/canonicalViews.ts';
import { groupOf, RULE_GROUPS, type Rule } from '../../../src/core/quality/rule.ts';
import { QUALITY_RULES, RULES_NOT_JUDGED } from '../../../src/core/quality/rules/index.ts';
import type { RuleWorld } from '../../../src/core/quality/ruleWorld.ts';
import { runRule } from '../../../src/core/quality/runRules.ts';
import { COLUMN_CASES, type ColumnCase, type Data, RULE_CASES } from './ruleCases.ts';
import { catalogField, createTable, openTestEngine, ruleWorld } from './ruleWorldFixture.ts';

async function outcomeOf(engine: Engine, rule: Rule, data: Data, uses = true) {
  const { world, drop } = await ruleWorld(engine, rule, data, uses);
  try {
    return await runRule(world, rule);
  } finally {
    await drop();
  }
}

describe('quality rules', () => {
  let engine: Engine;
  before(async () => {
    engine = await openTestEngine('rules');
  });
  after(() => engine.close());

  it('are at least 60, in every group, with ids of their own', () => {
    const ids = QUALITY_RULES.map((rule) => rule.id);
    assert.ok(ids.length >= 60, `${ids.length} rules`);
    assert.equal(new Set(ids).size, ids.length);
    assert.deepEqual(new Set(ids.map(groupOf)), new Set(Object.keys(RULE_GROUPS)));
    for (const id of Object.keys(RULES_NOT_JUDGED)) assert.ok(!ids.includes(id), id);
  });

  for (const rule of QUALITY_RULES) {
    describe(rule.id, () => {
      const cases = RULE_CASES[rule.id] ?? [];
      it('has a case', () => assert.ok(cases.length + (COLUMN_CASES[rule.id]?.length ?? 0) > 0));

      for (const [index, { good, bad, fails }] of cases.entries()) {
        it(`passes good data and finds what is planted (${index + 1})`, async () => {
          const passed = await outcomeOf(engine, rule, good);
          assert.deepEqual([passed.result.status, passed.result.numerator], ['passed', 0], passed.result.reason);
          assert.ok(passed.result.denominator > 0);
          const failed = await outcomeOf(engine, rule, bad);
          assert.deepEqual(
            [failed.result.status, failed.result.numerator],
            ['failed', fails ?? 1],
            failed.result.reason,
          );
          assert.equal(failed.result.issues_written, failed.issues.length);
          assert.ok(failed.issues.length > 0);
          for (const issue of failed.issues) assert.ok(issue.rowKey !== '' && issue.table !== '');
        });
      }

      for (const uses of [true, false]) {
        it(`says it saw nothing on empty tables (${uses ? 'with' : 'without'} optional columns)`, async () => {
          const { result } = await outcomeOf(engine, rule, {}, uses);
          assert.deepEqual([result.status, result.denominator], ['not_applicable', 0], result.reason);
          assert.notEqual(result.reason, '');
        });
      }

      for (const [index, one] of (COLUMN_CASES[rule.id] ?? []).entries()) {
        it(`judges cells (${index + 1})`, async () => {
          assert.deepEqual(await judgeCells(engine, rule, one, one.good), ['passed', 0, one.good.length]);
          assert.deepEqual(await judgeCells(engine, rule, one, one.bad), ['failed', one.bad.length, one.bad.length]);
        });
      }
    });
  }

  it('reports a rule whose SQL is wrong as an error, never as a pass', async () => {
    const broken = {
      ...(QUALITY_RULES[0] as Rule),
      parts: [{ family: 'PMI', field: '', needs: ['PMI.surname'], sql: 'SELECT nonsense FROM pmi' }],
    };
    const { result } = await outcomeOf(engine, broken, { pmi: [{ surname: 'Smith' }] });
    assert.equal(result.status, 'error');
    assert.doesNotMatch(result.reason, /Smith/);
  });

  it('counts a verdict of NULL as a failure', async () => {
    const sql = 'SELECT table_name, row_key, CAST(NULL AS BOOLEAN) AS failed FROM pmi';
    const unsure = {
      ...(QUALITY_RULES[0] as Rule),
      parts: [{ family: 'PMI', field: 'surname', needs: ['PMI.surname'], sql }],
    };
    const { result } = await outcomeOf(engine, unsure, { pmi: [{ surname: 'Smith' }] });
    assert.deepEqual([result.status, result.numerator, result.denominator], ['failed', 1, 1]);
  });

  it('caps the listed keys and says how many were written', async () => {
    const rule = QUALITY_RULES.find(({ id }) => id === 'CMP-01') as Rule;
    const { world, drop } = await ruleWorld(engine, rule, { pmi: [{ surname: '' }, { surname: '' }, { surname: '' }] });
    const { result, issues } = await runRule({ ...world, issuesPerRule: 2 }, rule);
    await drop();
    assert.deepEqual([result.numerator, result.issues_written, issues.length], [3, 2, 2]);
  });
});

/** Status, numerator and denominator of a column rule over one column holding `cells`. */
async function judgeCells(engine: Engine, rule: Rule, one: ColumnCase, cells: readonly string[]) {
  const field = catalogField('T', 'VALUE', {
    dataType: one.dataType,
    format: (one.format ?? '') as '',
    length: one.length ?? null,
    codeSet: one.codeSet ?? '',
    foreignKey: one.references === true ? { table: 'WARDS', field: 'CODE' } : null,
  });
  const catalog = new Catalog(one.side, [
    catalogField('T', 'ID', { primaryKey: true }),
    field,
    catalogField('WARDS', 'CODE', { family: 'WARD_REF', primaryKey: true }),
  ]);
  const empty = new Catalog(one.side === 'target' ? 'source' : 'target', []);
  await engine.run(`CREATE SCHEMA ${one.side}`);
  await createTable(
    engine,
    `${one.side}."T"`,
    ['ID', 'VALUE'],
    cells.map((cell, index) => [String(index), cell]),
  );
  await createTable(engine, `${one.side}."WARDS"`, ['CODE'], [['W1']]);
  await createTable(
    engine,
    'codes',
    ['code_set', 'code'],
    [
      ['sex', '1'],
      ['sex', 'X'],
    ],
  );
  await createTable(engine, 'rejects', ['source_table', 'source_field', 'source_row'], []);
  const tables = new Map([
    ['T', ['ID', 'VALUE']],
    ['WARDS', ['CODE']],
  ]);
  const world: RuleWorld = {
    engine,
    views: new CanonicalViews([], []),
    evidence: new Set(['@rejects', '@codes']),
    target: one.side === 'target' ? catalog : empty,
    source: one.side === 'source' ? catalog : empty,
    imported: {
      target: one.side === 'target' ? tables : new Map(),
      source: one.side === 'source' ? tables : new Map(),
    },
    codeSets: new Set(['sex']),
    hasExtract: true,
    issuesPerRule: 1000,
  };
  const { result, issues } = await runRule(world, rule);
  await engine.run(`DROP SCHEMA ${one.side} CASCADE`);
  await engine.run('DROP TABLE codes');
  await engine.run('DROP TABLE rejects');
  // VAL-15 to VAL-18 look at the other text columns too; only the column under test counts here.
  const own = issues.filter((issue) => issue.field === 'VALUE');
  const other =
    rule.columns?.side === 'target' && one.dataType === 'VARCHAR' && ['VAL-15', 'VAL-18'].includes(rule.id)
      ? cells.length + 1
      : 0;
  assert.equal(own.length, result.numerator);
  return [
    result.status,
    result.numerator,
    result.denominator - (rule.id === 'VAL-18' && one.dataType !== 'VARCHAR' ? 0 : other),
  ];
}
