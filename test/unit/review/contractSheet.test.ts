import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { CONTRACT_COLUMNS } from '../../../src/core/contract/contractFile.ts';
import { csvText } from '../../../src/core/csv/csvText.ts';
import { type CellValues, ContractSheet, EVERY_ROW, type SheetPlan } from '../../../src/core/review/contractSheet.ts';

/** A contract from short rows: table, field, class, status, and more cells by column. */
function contract(rows: readonly Readonly<Record<string, string>>[], end = '\n'): string {
  const lines = rows.map((row) => CONTRACT_COLUMNS.map((column) => row[column] ?? ''));
  return csvText(CONTRACT_COLUMNS, lines).replaceAll('\n', end);
}

const row = (field: string, more: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  target_table: 'LOAD_PATIENT',
  target_field: field,
  mapping_class: 'direct',
  source_table: 'PATMAST',
  source_field: field,
  status: 'DRAFT',
  owner: 'Ann',
  ...more,
});

function apply(text: string, plan: SheetPlan): string {
  let at = 0;
  const parts = plan.edits.flatMap(({ start, end, text: put }) => {
    const kept = text.slice(at, start);
    at = end;
    return [kept, put];
  });
  return [...parts, text.slice(at)].join('');
}

function set(text: string, values: CellValues, indexes: readonly number[] = [0], who = 'Bob'): [string, SheetPlan] {
  const plan = new ContractSheet(text, 1).plan({ indexes }, values, who);
  return [apply(text, plan), plan];
}

describe('the contract sheet', () => {
  const text = contract([
    row('NHS_NUMBER', { confidence: '0.9' }),
    row('SEX', { mapping_class: 'lookup', crosswalk: 'sex', status: 'IN_REVIEW', confidence: '0.5' }),
    row('WARD', { target_table: 'LOAD_WARD', mapping_class: 'unresolved', source_field: '', status: 'IN_REVIEW' }),
  ]);

  it('finds, sorts and pages', () => {
    const sheet = new ContractSheet(text, 1);
    assert.deepEqual(sheet.find({ ...EVERY_ROW, only: { target_table: ['LOAD_PATIENT'] } }), [0, 1]);
    assert.deepEqual(sheet.find({ ...EVERY_ROW, text: 'sex' }), [1]);
    assert.deepEqual(sheet.find({ ...EVERY_ROW, belowConfidence: 0.8 }), [1]);
    assert.deepEqual(sheet.find({ ...EVERY_ROW, sort: { column: 'target_field', descending: true } }), [2, 1, 0]);
    const page = sheet.page(EVERY_ROW, 1, 1);
    assert.deepEqual([page.total, page.found, page.rows[0]?.index, page.rows[0]?.line], [3, 3, 1, 3]);
    assert.deepEqual(page.facets?.['status'], [
      ['DRAFT', 1],
      ['IN_REVIEW', 2],
    ]);
    assert.equal(sheet.indexOf('LOAD_WARD', 'WARD', ''), 2);
    assert.equal(sheet.indexOf('NO', 'SUCH', ''), -1);
    sheet.mark(new Map([[4, [{ severity: 'error', code: 'x', message: 'y' }]]]));
    assert.deepEqual(sheet.find({ ...EVERY_ROW, withProblem: true }), [2]);
  });

  it('follows the review: from draft over review to a decision, and back to draft when the mapping changes', () => {
    const cases: readonly [Record<string, string>, CellValues, RegExp | null][] = [
      [row('A'), { status: 'IN_REVIEW' }, null],
      [row('A'), { status: 'APPROVED' }, /DRAFT can become IN_REVIEW, not APPROVED/],
      [row('A', { status: 'IN_REVIEW' }), { status: 'APPROVED' }, null],
      [row('A', { status: 'IN_REVIEW' }), { status: 'REJECTED' }, null],
      [row('A', { status: 'APPROVED' }), { status: 'REJECTED' }, /APPROVED can become DRAFT/],
      [
        row('A', { status: 'IN_REVIEW', owner: 'bob ' }),
        { status: 'APPROVED' },
        /Nobody approves a row that is their own/,
      ],
      [row('A', { status: 'IN_REVIEW', mapping_class: 'unresolved' }), { status: 'APPROVED' }, /nobody has mapped/],
      [row('A'), { mapping_class: 'out_of_scope' }, /needs the reason/],
      [row('A'), { mapping_class: 'out_of_scope', notes: 'not used since 2019' }, null],
      [row('A'), { mapping_class: 'magic' }, /There is no class magic/],
      [row('A'), { status: 'DONE' }, /There is no status DONE/],
    ];
    for (const [given, values, refusal] of cases) {
      const [, plan] = set(contract([given]), values);
      if (refusal === null) assert.deepEqual([plan.changed, plan.refused], [1, []], JSON.stringify(values));
      else assert.match(plan.refused[0]?.reason ?? '', refusal);
    }
    const [changed, plan] = set(contract([row('A', { status: 'APPROVED' })]), { rule: 'upper(X)' });
    assert.equal(plan.backToDraft, 1);
    assert.match(changed, /upper\(X\).*,DRAFT,/);
    const [noted] = set(contract([row('A', { status: 'APPROVED' })]), { notes: 'seen' });
    assert.match(noted, /,APPROVED,/);
  });

  it('a row with an error is not approved', () => {
    const sheet = new ContractSheet(contract([row('A', { status: 'IN_REVIEW' })]), 1);
    sheet.mark(new Map([[2, [{ severity: 'error', code: 'x', message: 'y' }]]]));
    const plan = sheet.plan({ indexes: [0] }, { status: 'APPROVED' }, 'Bob');
    assert.match(plan.refused[0]?.reason ?? '', /error in the Problems panel/);
  });

  it('touches only the cells that change: quotes, line ends, added columns and short rows stay', () => {
    const head = `${CONTRACT_COLUMNS.join(',')},"my ""own"""`;
    const quoted = '"LOAD_PATIENT","SEX",,"Y",direct,,,"a, b",,,,DRAFT,,"two\r\nlines",,kept';
    const short = 'LOAD_PATIENT,AGE,,,direct';
    const given = `\ufeff${head}\r\n${quoted}\r\n${short}\r\n`;
    const [after] = set(given, { owner: 'A, B' }, [0]);
    assert.equal(after, given.replace('DRAFT,,', 'DRAFT,"A, B",'));
    const [still] = set(given, { notes: 'seen' }, [0]);
    assert.equal(still, given.replace('"two\r\nlines"', '"seen"'), 'a cell that was quoted stays quoted');
    const [filled, plan] = set(given, { status: 'DRAFT' }, [1]);
    assert.equal(plan.changed, 1);
    assert.equal(filled, given.replace(`${short}\r\n`, `${short},,,,,,,DRAFT\r\n`));
  });

  it('bulk edits 10,000 of 50,000 rows as one edit, and says which are refused', () => {
    const many = contract(
      Array.from({ length: 50_000 }, (_, at) => row(`F${at}`, { status: at % 5 === 0 ? 'IN_REVIEW' : 'DRAFT' })),
    );
    const sheet = new ContractSheet(many, 1);
    const plan = sheet.plan(
      { query: { ...EVERY_ROW, only: { status: ['IN_REVIEW'] } } },
      { status: 'APPROVED' },
      'Bob',
    );
    assert.deepEqual([plan.changed, plan.refused.length], [10_000, 0]);
    const whole = new ContractSheet(many, 1);
    whole.change(plan.edits, 2);
    assert.equal(whole.find({ ...EVERY_ROW, only: { status: ['APPROVED'] } }).length, 10_000);
    const after = apply(many, plan).split('\n');
    assert.equal(many.split('\n').filter((line, at) => line !== after[at]).length, 10_000);
    const all = sheet.plan({ query: EVERY_ROW }, { status: 'APPROVED' }, 'Bob');
    assert.deepEqual([all.changed, all.refused[0]?.rows], [10_000, 40_000]);
  });

  it('a text that is no CSV, empty or hostile is told, not thrown', () => {
    for (const given of ['', '\n', 'a,b\n"open', 'x'.repeat(100_000), '\ufeff', 'a"b,c\n', ',,,\n,,,\n']) {
      const sheet = new ContractSheet(given, 1);
      const page = sheet.page(EVERY_ROW, 0, 10);
      const plan = sheet.plan({ indexes: [0, 99, -1] }, { status: 'APPROVED' }, 'x');
      assert.ok(page.total >= 0 && plan.changed === 0, given.slice(0, 20));
    }
    assert.match(new ContractSheet('a,b\n"open', 1).page(EVERY_ROW, 0, 1).fault?.why ?? '', /never closed/);
  });

  it('after any series of changes knows the same as if it read the text anew (law)', () => {
    const real = readFileSync('reports/mapping_contract.csv', 'utf8').split('\n').slice(0, 12).join('\n');
    const change = fc.record({
      at: fc.nat(),
      length: fc.nat(12),
      text: fc.constantFrom('', 'x', ',', '"', '\n', '"a\nb"', 'A,B\n', '\r\n', '""'),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
        let now = real;
        const sheet = new ContractSheet(now, 0);
        for (const [index, { at, length, text: put }] of changes.entries()) {
          const start = at % (now.length + 1);
          const end = Math.min(now.length, start + length);
          now = now.slice(0, start) + put + now.slice(end);
          sheet.change([{ start, end, text: put }], index + 1);
        }
        assert.deepEqual(
          { ...sheet.page(EVERY_ROW, 0, 1000), version: 0 },
          { ...new ContractSheet(now, 0).page(EVERY_ROW, 0, 1000) },
        );
      }),
      { numRuns: 300 },
    );
  });
});
