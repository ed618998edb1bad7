import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type ParsedRule, parseRules } from '../../../src/core/contract/parseRule.ts';
import { renderExpression } from '../../../src/core/migration/duckdbDialect.ts';
import { withEngine } from '../../support/engine.ts';

async function parse(rule: string): Promise<ParsedRule> {
  const parsed = await withEngine((engine) => parseRules(engine, [rule]));
  const result = parsed.get(rule);
  assert.ok(result !== undefined);
  return result;
}

/** Rules that must be refused, with words the sentence must hold. */
const REFUSED: readonly [rule: string, words: RegExp][] = [
  ['', /empty/],
  ['   ', /empty/],
  ['(SELECT 1)', /may not use subquery/],
  ["x FROM read_csv('/etc/passwd')", /one expression/],
  ['x UNION SELECT y', /one expression/],
  ['x, y', /one expression/],
  ['1; DROP TABLE t', /not an SQL expression/],
  ['x) FROM t --', /not an SQL expression/],
  ['count(*)', /count_star is not allowed|count is not allowed/],
  ['max(x)', /max is not allowed/],
  ['row_number() OVER ()', /may not use window/],
  ["read_text('/etc/passwd')", /read_text is not allowed/],
  ["getenv('HOME')", /getenv is not allowed/],
  ["current_setting('home_directory')", /current_setting is not allowed/],
  ["nextval('s')", /nextval is not allowed/],
  ['random()', /random is not allowed/],
  ['now()', /now is not allowed/],
  ['$1', /may not use parameter/],
  ['?', /may not use parameter/],
  ['[1,2]', /list_value is not allowed/],
  ["{'a': 1}", /struct_pack is not allowed/],
  ['x[1]', /may not use/],
  ['x COLLATE NOCASE', /may not use collate/],
  ['*', /may not use star/],
  ['COLUMNS(*)', /may not use star/],
  ['a.b.c', /COLUMN or TABLE\.COLUMN/],
  ['x::BLOB', /may not cast to BLOB/],
  ["text_date(x, 'whatever')", /must be one of 'YYYYMMDD'/],
  ['text_date(x, y)', /must be one of/],
  ['lpad(x)', /takes 3 arguments, not 1/],
  ['upper(x, y)', /takes 1 arguments, not 2/],
  ['99999999999999999999', /fit a 32-bit integer/],
  ['x\u0000', /control character/],
  [`${'('.repeat(200)}x${')'.repeat(200)} + ${'x + '.repeat(300)}x`, /nested too deeply/],
  ['x'.repeat(5000), /longer than/],
  ['interval 1 day', /not allowed|may not/],
];

/** Rules that are understood, and the SQL DuckDB is given for them. */
const ACCEPTED: readonly [rule: string, sql: string][] = [
  ['T.SURNAME', '"T"."SURNAME"'],
  ['T."odd ""name"""', '"T"."odd ""name"""'],
  ["'it''s ; -- not a comment'", "'it''s ; -- not a comment'"],
  ['T.x -- trailing comment', '"T"."x"'],
  ['1.50', '1.50'],
  ['-7', '-7'],
  ['TRUE', 'TRUE'],
  ['NULL', 'NULL'],
  ["CASE WHEN T.a = '1' THEN 'M' ELSE NULL END", `(CASE WHEN ("T"."a" = '1') THEN 'M' ELSE NULL END)`],
  ["T.a IN ('x','y') AND NOT T.b IS NULL", `(("T"."a" IN ('x', 'y')) AND (NOT ("T"."b" IS NULL)))`],
  ['CAST(T.a AS DATE)', 'TRY_CAST("T"."a" AS DATE)'],
  ['coalesce(T.a, T.b)', 'coalesce("T"."a", "T"."b")'],
];

describe('rules of a contract', () => {
  for (const [rule, words] of REFUSED) {
    it(`refuses ${JSON.stringify(rule.slice(0, 60))}`, async () => {
      const result = await parse(rule);
      assert.ok(!result.ok, 'the rule was accepted');
      assert.match(result.fault.message, words);
    });
  }

  for (const [rule, sql] of ACCEPTED) {
    it(`understands ${rule}`, async () => {
      const result = await parse(rule);
      assert.ok(result.ok, result.ok ? '' : result.fault.message);
      assert.equal(renderExpression(result.expression), sql);
    });
  }

  it('says where a syntax error is', async () => {
    const result = await parse('trim(A) bad bad (');
    assert.ok(!result.ok);
    assert.equal(result.fault.offset, 12);
  });

  it('gives back any text literal unchanged, whatever it holds', async () => {
    await withEngine(async (engine) => {
      await fc.assert(
        fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 60 }), async (value) => {
          if ([...value].some((character) => character < ' ')) return;
          const rule = `'${value.replaceAll("'", "''")}'`;
          const result = (await parseRules(engine, [rule])).get(rule);
          assert.ok(result?.ok);
          const [row] = await engine.rows(`SELECT ${renderExpression(result.expression)} AS given`);
          assert.equal(row?.['given'], value);
        }),
        { numRuns: 200, seed: 7 },
      );
    });
  });

  it('reads keywords and odd characters as quoted column names', async () => {
    for (const name of ['select', 'from', 'a;b--c', 'naïve', "o'brien", 'two words']) {
      const result = await parse(`"${name}"`);
      assert.ok(result.ok);
      assert.deepEqual(result.expression, { kind: 'column', alias: '', column: name });
    }
  });

  it('never runs or throws, whatever the rule text is', async () => {
    await withEngine(async (engine) => {
      await fc.assert(
        fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 80 }), async (rule) => {
          const result = (await parseRules(engine, [rule])).get(rule);
          assert.ok(result !== undefined);
        }),
        { numRuns: 300, seed: 11 },
      );
    });
  });
});
