import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MAPPING_CLASSES, REVIEW_STATUSES } from '../../../src/core/contract/contract.ts';
import {
  CONTRACT_COLUMNS,
  readContractText,
  writeContractFieldsText,
  writeContractTablesText,
} from '../../../src/core/contract/contractFile.ts';
import { formatProblem } from '../../../src/core/shared/problem.ts';
import { CONTRACT, CONTRACT_HEADER, CONTRACT_TABLES, TABLES_HEADER } from '../../support/smallProject.ts';

const read = (fields: string, tables = `${TABLES_HEADER}\n`) =>
  readContractText(fields, 'contract.csv', tables, 'tables.csv');
const GOOD = 'LOAD_X,F,DATE,N,direct,S,C,,,,0.5,DRAFT,Someone,';

const words = fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', ' ', 'é', "'", ';', 'A', '1', '\ufeff') });
const name = words.filter((text) => text.trim() !== '');
const fieldRow = fc.record({
  targetTable: name,
  targetField: name,
  dataType: words,
  mandatory: fc.boolean(),
  mappingClass: fc.constantFrom(...MAPPING_CLASSES),
  sourceTable: words,
  sourceField: words,
  rule: words,
  crosswalk: words,
  defaultValue: words,
  confidence: fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100),
  status: fc.constantFrom(...REVIEW_STATUSES),
  owner: words,
  notes: words,
  rowSet: fc.constant(''),
  line: fc.constant(0),
});
const tableRow = fc.record({
  targetTable: name,
  rowSet: words,
  drivingTable: words,
  joins: words,
  filter: words,
  grain: words,
  dedupe: words,
  loadOrder: fc.nat(999_999),
  status: fc.constantFrom(...REVIEW_STATUSES),
  notes: words,
  line: fc.constant(0),
});

describe('the contract files', () => {
  it('give back what was written, whatever the cells hold', () => {
    const fields = fc.uniqueArray(fieldRow, { selector: (row) => `${row.targetTable}.${row.targetField}` });
    const tables = fc.uniqueArray(tableRow, { selector: (row) => `${row.targetTable}\0${row.rowSet}` });
    fc.assert(
      fc.property(fields, tables, (fieldRows, tableRows) => {
        const { value, problems } = read(writeContractFieldsText(fieldRows), writeContractTablesText(tableRows));
        assert.deepEqual(problems, []);
        assert.deepEqual(
          value.fields.map((row) => ({ ...row, line: 0 })),
          fieldRows.map((row) => ({ ...row })),
        );
        assert.deepEqual(
          value.tables.map((row) => ({ ...row, line: 0 })),
          tableRows.map((row) => ({ ...row })),
        );
      }),
    );
  });

  it('never throw, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), words, (fields, tables) => {
        read(fields, tables);
        read(`${CONTRACT_HEADER}\n${fields}`, `${TABLES_HEADER}\n${tables}`);
      }),
    );
  });

  it('are read with a byte order mark, CRLF, columns in another order and columns of your own', () => {
    const header = `reviewer,${CONTRACT_COLUMNS.slice(0, 14).toReversed().join(',')},ticket`;
    const cells = GOOD.split(',').toReversed().join(',');
    const { value, problems } = read(`\ufeff${header}\r\nAnn,${cells},MIG-1\r\n`);
    assert.deepEqual(problems, []);
    assert.equal(value.fields[0]?.targetField, 'F');
    assert.equal(value.fields[0]?.rowSet, '');
  });

  const cells: readonly [what: string, line: string, problem: RegExp][] = [
    ['an unknown class', GOOD.replace('direct', 'Direct'), /contract\.csv:2:17: mapping_class must be one of direct/],
    ['an unknown status', GOOD.replace('DRAFT', 'OK'), /contract\.csv:2:35: status must be one of DRAFT, IN_REVIEW/],
    ['an empty status', GOOD.replace('DRAFT', ''), /contract\.csv:2:35: status must be/],
    ['a confidence over 1', GOOD.replace('0.5', '1.5'), /contract\.csv:2:31: confidence must be a number from 0 to 1/],
    ['a confidence in per cent', GOOD.replace('0.5', '50%'), /contract\.csv:2:31: confidence/],
    ['a confidence in another notation', GOOD.replace('0.5', '0x1'), /contract\.csv:2:31: confidence/],
    ['a confidence that is no number', GOOD.replace('0.5', 'NaN'), /contract\.csv:2:31: confidence/],
    ['mandatory neither Y nor N', GOOD.replace(',N,', ',no,'), /contract\.csv:2:15: mandatory must be one of Y, N/],
    ['no target table', GOOD.replace('LOAD_X', ''), /contract\.csv:2:1: target_table must name a field/],
    ['no target field', GOOD.replace(',F,', ', ,'), /contract\.csv:2:8: target_field must name a field/],
    ['a NUL character', GOOD.replace('Someone', 'a\0b'), /contract\.csv:2:41: owner holds a NUL character/],
    ['a bad cell behind a tall one', GOOD.replace(',,,,0.5', ',"a\nb",,,2'), /contract\.csv:3:6: confidence must/],
    ['the same field twice', `${GOOD}\n${GOOD}`, /contract\.csv:3: LOAD_X\.F already stands at line 2/],
  ];
  for (const [what, line, problem] of cells) {
    it(`report ${what} at its place`, () => {
      const { value, problems } = read(`${CONTRACT_HEADER.replace(',row_set', '')}\n${line}\n`);
      assert.match(problems.map(formatProblem).join('\n'), problem);
      assert.equal(problems.length, 1);
      assert.equal(value.fields.length, what === 'the same field twice' ? 2 : 0);
    });
  }

  const tables: readonly [what: string, line: string, problem: RegExp][] = [
    ['a load order that is no whole number', 'LOAD_X,main,S,,,F,,1.5,DRAFT,', /tables\.csv:2:20: load_order must be/],
    ['a load order in another notation', 'LOAD_X,main,S,,,F,,1e3,DRAFT,', /tables\.csv:2:20: load_order/],
    ['an unknown status', 'LOAD_X,main,S,,,F,,1,DONE,', /tables\.csv:2:22: status/],
    [
      'a line without target that rules nothing out',
      ',main,S,,,F,,1,DRAFT,',
      /tables\.csv:2:1: target_table may be empty/,
    ],
    ['a row set twice', 'X,a,S,,,F,,1,DRAFT,\nX,a,T,,,F,,1,DRAFT,', /tables\.csv:3: X for row set a already stands/],
  ];
  for (const [what, line, problem] of tables) {
    it(`report ${what} at its place`, () => {
      const { problems } = read(`${CONTRACT_HEADER}\n`, `${TABLES_HEADER}\n${line}\n`);
      assert.match(problems.map(formatProblem).join('\n'), problem);
      assert.equal(problems.length, 1);
    });
  }

  it('report a field row for a row set that no table row makes', () => {
    const { problems } = read(CONTRACT.replaceAll('former_2', 'former_9'), CONTRACT_TABLES);
    assert.match(problems.map(formatProblem).join('\n'), /LOAD_NAME has no row set former_9 in tables\.csv/);
  });

  it('report empty files', () => {
    const { value, problems } = read('', '');
    assert.deepEqual(value, { fields: [], tables: [] });
    assert.equal(problems.length, 2);
  });

  it('hold 50,000 rows, and as many faults', () => {
    const rows = Array.from({ length: 50_000 }, (_, index) => `${GOOD.replace(',F,', `,F${index},`)},`);
    const good = read(`${CONTRACT_HEADER}\n${rows.join('\n')}\n`);
    assert.deepEqual(good.problems, []);
    assert.equal(good.value.fields.length, 50_000);
    const bad = read(`${CONTRACT_HEADER}\n${rows.join('\n').replaceAll('DRAFT', 'YES')}\n`);
    assert.equal(bad.problems.length, 50_000);
    assert.equal(bad.problems.at(-1)?.place.line, 50_001);
  });
});
