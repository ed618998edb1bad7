import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseRules } from '../../../src/core/contract/parseRule.ts';
import type { Engine } from '../../../src/core/engine/engine.ts';
import { quoteLiteral } from '../../../src/core/engine/sqlText.ts';
import { renderExpression, typed } from '../../../src/core/migration/duckdbDialect.ts';
import { withEngine } from '../../support/engine.ts';

/** Evaluates a rule over one text column X, as the migration would. */
async function evaluate(engine: Engine, rule: string, x: string | null): Promise<string | null> {
  const parsed = (await parseRules(engine, [rule])).get(rule);
  assert.ok(parsed?.ok, parsed?.ok === false ? parsed.fault.message : 'not parsed');
  const value = x === null ? 'CAST(NULL AS VARCHAR)' : quoteLiteral(x);
  const [row] = await engine.rows(
    `SELECT CAST(${renderExpression(parsed.expression)} AS VARCHAR) AS y FROM (SELECT ${value} AS "X") AS "T"`,
  );
  return row?.['y'] as string | null;
}

/** Values of the brief's table, and the ones that must be refused. */
const CASES: readonly [rule: string, input: string | null, expected: string | null][] = [
  ['horolog_date(T.X)', '66000', '2021-09-13'],
  ['horolog_date(T.X)', '1', '1841-01-01'],
  ['horolog_date(T.X)', '21550', '1900-01-01'],
  ['horolog_date(T.X)', '47117', '1970-01-01'],
  ['horolog_date(T.X)', '58074', '2000-01-01'],
  ['horolog_date(T.X)', '66899', '2024-02-29'],
  ['horolog_date(T.X)', '2980013', '9999-12-31'],
  ['horolog_date(T.X)', '2980014', null],
  ['horolog_date(T.X)', '0', null],
  ['horolog_date(T.X)', '-1', null],
  ['horolog_date(T.X)', '66000.5', null],
  ['horolog_date(T.X)', '6.6e4', null],
  ['horolog_date(T.X)', ' 66000', null],
  ['horolog_date(T.X)', '66000,34200', null],
  ['horolog_date(T.X)', 'abc', null],
  ['horolog_date(T.X)', null, null],
  ['horolog_time(T.X)', '0', '00:00:00'],
  ['horolog_time(T.X)', '86399', '23:59:59'],
  ['horolog_time(T.X)', '86400', null],
  ['horolog_stamp(T.X)', '66000,34200', '2021-09-13 09:30:00'],
  ['horolog_stamp(T.X)', '66000', null],
  ['horolog_stamp(T.X)', '66000,86400', null],
  ["text_date(T.X, 'YYYYMMDD')", '20240229', '2024-02-29'],
  ["text_date(T.X, 'YYYYMMDD')", '20230229', null],
  ["text_date(T.X, 'YYYYMMDD')", '19500000', null],
  ["text_date(T.X, 'YYYYMMDD')", '2024-2-9', null],
  ["text_date(T.X, 'DD/MM/YYYY')", '31/12/1999', '1999-12-31'],
  ["text_date(T.X, 'DD/MM/YYYY')", '12/31/1999', null],
  ["text_date(T.X, 'DD/MM/YYYY')", '00/06/1950', null],
  ["text_date(T.X, 'DDMMYYYY')", '31121999', '1999-12-31'],
  ["text_datetime(T.X, 'YYYYMMDDHHMM')", '202109131820', '2021-09-13 18:20:00'],
  ["text_datetime(T.X, 'YYYYMMDDHHMM')", '202112312400', '2022-01-01 00:00:00'],
  ["text_datetime(T.X, 'YYYYMMDDHHMM')", '202109132460', null],
  ["text_time(T.X, 'HHMM')", '0905', '09:05:00'],
  ["text_time(T.X, 'HHMM')", '2500', null],
  ['nhs_number(T.X)', '943 476 5919', '9434765919'],
  ['nhs_number(T.X)', '943476591', null],
  ['nhs_number(T.X)', '94347659l9', null],
  ['postcode(T.X)', 'al3  8qe', 'AL3 8QE'],
  ["piece(T.X, '^', 3)", 'SMITH^JOHN^58074^1', '58074'],
  ["piece(T.X, '^', 9)", 'SMITH^JOHN', null],
  ['trim(T.X)', '   ', null],
  ['substr(T.X, 1, 3)', '0012345', '001'],
];

describe('conversions of recorded values', () => {
  for (const [rule, input, expected] of CASES) {
    it(`${rule} of ${JSON.stringify(input)} is ${JSON.stringify(expected)}`, async () => {
      assert.equal(await withEngine((engine) => evaluate(engine, rule, input)), expected);
    });
  }

  /** A recorded number, or what a rule reckons, in a DECIMAL(6,2) or DECIMAL(5,0) of the target. */
  const numbers: readonly [rule: string, input: string | null, scale: number, expected: string | null][] = [
    ['T.X', '1234.56', 2, '1234.56'],
    ['T.X', '1234.5', 2, '1234.50'],
    ['T.X', '007.10', 2, '7.10'],
    ['T.X', '1234.5600', 2, '1234.56'],
    ['T.X', '1234.567', 2, null],
    ['T.X', '0.001', 2, null],
    ['T.X', '-3.005', 2, null],
    ['T.X', '3410', 0, '3410'],
    ['T.X', '3410.0', 0, '3410'],
    ['T.X', '3410.5', 0, null],
    ['T.X', '1.2E3', 2, null],
    ['T.X', '1e-5', 2, null],
    ['T.X', '123456.7', 2, null],
    ['T.X', 'abc', 2, null],
    ['T.X', null, 2, null],
    ['trim(T.X)', ' 12.345 ', 2, null],
    ['round(T.X, 2)', '12.345', 2, '12.35'],
    ['T.X / 3', '10', 2, '3.33'],
  ];
  for (const [rule, input, scale, expected] of numbers)
    it(`${rule} of ${JSON.stringify(input)} with ${scale} decimals is ${JSON.stringify(expected)}`, async () => {
      await withEngine(async (engine) => {
        const parsed = (await parseRules(engine, [rule])).get(rule);
        assert.ok(parsed?.ok);
        const precision = scale === 0 ? 5 : 6;
        const column = { field: 'Y', type: 'decimal', length: null, precision, scale, inScope: true } as const;
        const value = input === null ? 'CAST(NULL AS VARCHAR)' : quoteLiteral(input);
        const sql = typed(renderExpression(parsed.expression), parsed.expression, column);
        const [row] = await engine.rows(`SELECT CAST(${sql} AS VARCHAR) AS y FROM (SELECT ${value} AS "X") AS "T"`);
        assert.equal(row?.['y'], expected);
      });
    });

  it('turns every $HOROLOG day into the date that many days after 1840-12-31', async () => {
    await withEngine(async (engine) => {
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: 2980013 }), async (day) => {
          const date = new Date(Date.UTC(1840, 11, 31) + day * 86_400_000).toISOString().slice(0, 10);
          assert.equal(await evaluate(engine, 'horolog_date(T.X)', String(day)), date);
        }),
        { numRuns: 200, seed: 3 },
      );
    });
  });

  it('gives a value or nothing, never an error, for any text', async () => {
    const rules = [...new Set(CASES.map(([rule]) => rule))];
    await withEngine(async (engine) => {
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...rules), fc.string({ maxLength: 20 }), async (rule, value) => {
          if (value.includes('\0')) return;
          await evaluate(engine, rule, value);
        }),
        { numRuns: 400, seed: 5 },
      );
    });
  });
});
