import assert from 'node:assert/strict';
import { Catalog, type CatalogField } from '../../../src/core/catalog/catalog.ts';
import type { ContractField } from '../../../src/core/contract/contract.ts';
import type { Engine } from '../../../src/core/engine/engine.ts';
import { type CanonicalContext, canonicalTables } from '../../../src/core/quality/canonical.ts';
import { parseNeed } from '../../../src/core/quality/canonicalViews.ts';
import { sourceKeys } from '../../../src/core/quality/sourceKeys.ts';
import { temporalSql } from '../../../src/core/quality/valueSql.ts';
import { catalogField, openTestEngine } from './ruleWorldFixture.ts';

const NO_CONTEXT: CanonicalContext = { sourceKeys: new Map(), crosswalks: new Set() };

/** `NAME[:concept][*]`: a field, with `*` part of the primary key. */
function fields(
  table: string,
  family: string,
  names: string,
  more: Readonly<Record<string, Partial<CatalogField>>> = {},
) {
  return names.split(' ').map((text) => {
    const [name = '', concept = ''] = text.replace('*', '').split(':');
    return catalogField(table, name, { family, concept, primaryKey: text.endsWith('*'), ...more[name] });
  });
}

function columnsOf(all: readonly CatalogField[], table: string, context = NO_CONTEXT) {
  const found = canonicalTables(new Catalog('target', all), context).find((candidate) => candidate.table === table);
  assert.ok(found !== undefined);
  return found.columns;
}

describe('canonical tables', () => {
  it('take the field that foreign keys point at as key, not the business number', () => {
    const all = [
      ...fields('P', 'PMI', 'SURROGATE* NUMBER:patient_id'),
      ...fields('A', 'ADDR', 'ID* PID:patient_id', { PID: { foreignKey: { table: 'P', field: 'SURROGATE' } } }),
    ];
    assert.match(columnsOf(all, 'P').get('key') ?? '', /"SURROGATE"/);
  });

  it('join spell and sequence where episodes have no id of their own', () => {
    const all = [
      ...fields('E', 'EPI', 'SPELL:spell_id* SEQ:sequence*'),
      ...fields('D', 'DX', 'SPELL:spell_id* ESEQ:episode_sequence* N:sequence*', {
        SPELL: { foreignKey: { table: 'E', field: 'SPELL' } },
        ESEQ: { foreignKey: { table: 'E', field: 'SEQ' } },
      }),
    ];
    const key = columnsOf(all, 'E').get('key') ?? '';
    assert.ok(key.includes('"SPELL"') && key.includes('"SEQ"'), key);
    assert.equal(columnsOf(all, 'D').get('episode_id'), key.replaceAll('"SEQ"', '"ESEQ"'));
  });

  it('make an instant of a date and a time, and a date of an instant', () => {
    const types = { ON: { dataType: 'DATE' as const }, AT: { dataType: 'TIME' as const } };
    const apart = columnsOf(fields('S', 'SPELL', 'ID* ON:admitted_on AT:admitted_time', types), 'S');
    assert.match(apart.get('admitted_at') ?? '', /"ON".*"AT"/s);
    const joined = columnsOf(fields('S', 'SPELL', 'ID* IN:admitted_at', { IN: { dataType: 'DATETIME' } }), 'S');
    assert.match(joined.get('admitted_on') ?? '', /AS DATE/);
  });

  it('have no source key unless the contract carries it', () => {
    const all = fields('R', 'REF', 'ID* OLD:referral_id');
    assert.equal(columnsOf(all, 'R').has('source_key'), false);
    const context = {
      ...NO_CONTEXT,
      sourceKeys: new Map([['R', { sourceTable: "RE'F", fields: ['OLD'], separator: '' }]]),
    };
    assert.match(columnsOf(all, 'R', context).get('source_key') ?? '', /'RE''F\|'/);
  });

  it('refuse a rule that needs what the vocabulary lacks', () => {
    assert.throws(() => parseNeed('PMI.shoe_size'), /vocabulary/);
    assert.deepEqual(parseNeed('src.PMI.key'), { side: 'source', family: 'PMI', concept: 'key' });
    assert.equal(parseNeed('@rejects'), null);
  });
});

describe('values of a file, in SQL', () => {
  let engine: Engine;
  before(async () => {
    engine = await openTestEngine('values');
  });
  after(() => engine.close());

  const CASES: readonly (readonly [string, string, string, string | null])[] = [
    ['DATE', 'HOROLOG', '66000', '2021-09-13'],
    ['DATE', 'HOROLOG', '1', '1841-01-01'],
    ['DATE', 'HOROLOG', '0', null],
    ['DATE', 'HOROLOG', '2980013', '9999-12-31'],
    ['DATE', 'HOROLOG', '2980014', null],
    ['DATE', 'HOROLOG', '66000.5', null],
    ['DATE', 'HOROLOG', '99999999999999999999', null],
    ['DATETIME', 'HOROLOG_STAMP', '66000,34200', '2021-09-13 09:30:00'],
    ['DATETIME', 'HOROLOG_STAMP', '66000,86400', null],
    ['DATETIME', 'HOROLOG_STAMP', '66000', null],
    ['TIME', 'HOROLOG_SECONDS', '86399', '23:59:59'],
    ['TIME', 'HOROLOG_SECONDS', '86400', null],
    ['DATETIME', 'YYYYMMDDHHMM', '202109131820', '2021-09-13 18:20:00'],
    ['DATETIME', 'YYYYMMDDHHMM', '202112312400', '2022-01-01 00:00:00'],
    ['DATETIME', 'YYYYMMDDHHMM', '202113131820', null],
    ['DATETIME', 'YYYYMMDDHHMM', '202113132400', null],
    ['DATE', 'DD/MM/YYYY', '29/02/2024', '2024-02-29'],
    ['DATE', 'DD/MM/YYYY', '02/29/2024', null],
    ['DATE', 'DD/MM/YYYY', '9/2/2024', null],
    ['DATE', 'DDMMYYYY', '29022024', '2024-02-29'],
    ['DATE', 'YYYYMMDD', '19500000', null],
    ['DATE', '', '2024-02-29', '2024-02-29'],
    ['DATE', '', '2024-02-30', null],
    ['DATE', '', "' OR 1=1 --", null],
    ['TIME', 'HHMM', '0930', '09:30:00'],
    ['TIME', 'HHMM', '2400', null],
  ];
  for (const [dataType, format, text, expected] of CASES) {
    it(`${dataType} ${format} ${text} → ${expected}`, async () => {
      const value = temporalSql(dataType as 'DATE', format as '', 'cell');
      assert.ok(value !== null);
      const literal = `'${text.replaceAll("'", "''")}'`;
      const [row] = await engine.rows(`SELECT CAST(${value.sql} AS VARCHAR) AS v FROM (SELECT ${literal} AS cell)`);
      assert.equal(row?.['v'], expected);
    });
  }
});

describe('NHS number check in SQL', () => {
  let engine: Engine;
  before(async () => {
    engine = await openTestEngine('nhs');
  });
  after(() => engine.close());

  /** The rule as the brief words it, written again. */
  function valid(stem: string, check: string): boolean {
    const sum = [...stem].reduce((total, digit, index) => total + Number(digit) * (10 - index), 0);
    const expected = 11 - (sum % 11);
    return expected !== 10 && String(expected === 11 ? 0 : expected) === check;
  }

  it('agrees with the rule on 2,000 stems and every check digit', async () => {
    const stems = Array.from({ length: 2000 }, (_, index) =>
      String((index * 499_979_693) % 1_000_000_000).padStart(9, '0'),
    );
    const numbers = stems.flatMap((stem) => [...'0123456789'].map((check) => stem + check));
    const rows = await engine.rows(
      `SELECT v, nhs_number_valid(v) AS ok FROM (SELECT unnest([${numbers.map((number) => `'${number}'`).join(',')}]) AS v)`,
    );
    const wrong = rows.filter((row) => row['ok'] !== valid(String(row['v']).slice(0, 9), String(row['v']).slice(9)));
    assert.deepEqual(wrong, []);
    assert.ok(rows.some((row) => row['ok'] === true));
  });
});

describe('source keys kept by the contract', () => {
  const source = new Catalog('source', fields('ALT', 'ALERT', 'NO* SEQ* CODE'));
  const table = {
    rowSet: 'main',
    joins: '',
    filter: '',
    grain: '',
    dedupe: '',
    loadOrder: 1,
    status: 'APPROVED',
    notes: '',
    line: 2,
  } as const;
  const row = (
    targetField: string,
    mappingClass: 'direct' | 'derived',
    sourceField: string,
    rule: string,
  ): ContractField => ({
    targetTable: 'T',
    targetField,
    dataType: '',
    mandatory: false,
    mappingClass,
    sourceTable: 'ALT',
    sourceField,
    rule,
    crosswalk: '',
    defaultValue: '',
    confidence: 1,
    status: 'APPROVED',
    owner: '',
    notes: '',
    rowSet: '',
    line: 2,
  });
  const kept = (rows: readonly ContractField[], rowSets = 1) =>
    sourceKeys(
      {
        fields: rows,
        tables: Array.from({ length: rowSets }, () => ({ ...table, targetTable: 'T', drivingTable: 'ALT' })),
      },
      source,
    ).get('T');
  const CASES: readonly (readonly [string, readonly ContractField[], unknown])[] = [
    [
      'part by part',
      [row('A', 'direct', 'NO', ''), row('B', 'derived', '', 'trim("SEQ")')],
      { sourceTable: 'ALT', fields: ['A', 'B'], separator: '' },
    ],
    ['joined', [row('ID', 'derived', '', "NO || '-' || SEQ")], { sourceTable: 'ALT', fields: ['ID'], separator: '-' }],
    ['joined the wrong way round', [row('ID', 'derived', '', "SEQ || '-' || NO")], undefined],
    ['joined without anything between', [row('ID', 'derived', '', 'NO || SEQ')], undefined],
    ['only in part', [row('A', 'direct', 'NO', '')], undefined],
    ['through a rule', [row('ID', 'derived', '', "upper(NO) || '-' || SEQ")], undefined],
  ];
  for (const [what, rows, expected] of CASES) {
    it(`are found ${what}: ${expected !== undefined}`, () => assert.deepEqual(kept(rows), expected));
  }
  it('are not trusted when two row sets feed the table', () => {
    assert.equal(kept([row('ID', 'derived', '', "NO || '-' || SEQ")], 2), undefined);
  });
});
