import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { BY_ROWS, EVERY_LINE, type LineValues } from '../../../src/core/crosswalk/crosswalkShapes.ts';
import { CrosswalkSheet, type PlanReview } from '../../../src/core/crosswalk/crosswalkSheet.ts';
import type { SheetPlan } from '../../../src/core/review/rowSheet.ts';

const HEADER = 'source_code,target_code,description,safety_critical,valid_from,valid_to,status';
const ANN: PlanReview = { who: 'Ann', owner: '', mayNotDecide: null, author: () => '' };
const use = {
  targetTable: 'T',
  targetField: 'F',
  rowSet: 'main',
  line: 2,
  sourceTable: 'S',
  sourceField: 'C',
  dated: true,
};

function apply(text: string, { edits }: Pick<SheetPlan, 'edits'>): string {
  let at = 0;
  const parts = edits.flatMap(({ start, end, text: put }) => {
    const kept = text.slice(at, start);
    at = end;
    return [kept, put];
  });
  return [...parts, text.slice(at)].join('');
}

describe('the crosswalk sheet', () => {
  const text = `${HEADER}\nM,1,Male,Y,,,APPROVED\nF,2,Female,Y,,,APPROVED\nQ,9,,Y,,,DRAFT\n`;

  it('follows the review: codes and dates go back to draft, nobody approves their own', () => {
    const cases: readonly [line: string, set: LineValues, outcome: RegExp | string, given?: Partial<PlanReview>][] = [
      ['M,1,,Y,,,APPROVED', { target_code: '9' }, 'M,9,,Y,,,DRAFT'],
      ['M,1,,Y,,,APPROVED', { valid_to: '2020-01-01' }, 'M,1,,Y,,2020-01-01,DRAFT'],
      ['M,1,,Y,,,APPROVED', { source_code: 'MM' }, 'MM,1,,Y,,,DRAFT'],
      ['M,1,,Y,,,APPROVED', { safety_critical: 'N' }, 'M,1,,N,,,DRAFT'],
      ['M,1,,Y,,,APPROVED', { description: 'Male' }, 'M,1,Male,Y,,,APPROVED'],
      ['M,1,,Y,,,', { target_code: '9' }, 'M,9,,Y,,,DRAFT'],
      ['M,1,,Y,,,', { description: 'x' }, 'M,1,x,Y,,,'],
      ['M,1,,Y,,,DRAFT', { status: 'IN_REVIEW' }, 'M,1,,Y,,,IN_REVIEW'],
      ['M,1,,Y,,,DRAFT', { status: 'APPROVED' }, /DRAFT can become IN_REVIEW or RETIRED, not APPROVED/],
      ['M,1,,Y,,,IN_REVIEW', { status: 'APPROVED' }, 'M,1,,Y,,,APPROVED'],
      ['M,1,,Y,,,IN_REVIEW', { status: 'APPROVED' }, /that they wrote/, { author: () => ' ann' }],
      ['M,1,,Y,,,IN_REVIEW', { status: 'APPROVED' }, /their own/, { owner: 'ANN' }],
      ['M,1,,Y,,,IN_REVIEW', { status: 'APPROVED' }, /only a lead may/, { mayNotDecide: 'only a lead may' }],
      ['M,1,,Y,,,IN_REVIEW', { status: 'APPROVED', target_code: '7' }, /in one step/],
      ['M,1,,Y,,,APPROVED', { status: 'RETIRED' }, 'M,1,,Y,,,RETIRED'],
      ['M,1,,Y,,,APPROVED', { status: 'REJECTED' }, /APPROVED can become DRAFT or RETIRED/],
      ['M,1,,Y,,,DRAFT', { status: 'DONE' }, /There is no status DONE/],
      ['M,1,,Y,,,DRAFT', { valid_from: '1/2/2020' }, /YYYY-MM-DD/],
      ['M,1,,Y,2020-01-02,,DRAFT', { valid_to: '2020-01-01' }, /end before it begins/],
      ['M,1,,Y,,,DRAFT', { safety_critical: 'maybe' }, /Y or N/],
    ];
    for (const [line, set, outcome, given] of cases) {
      const before = `${HEADER}\n${line}\n`;
      const plan = new CrosswalkSheet(before, 1).plan({ indexes: [0] }, set, { ...ANN, ...given });
      if (typeof outcome === 'string')
        assert.equal(apply(before, plan), `${HEADER}\n${outcome}\n`, JSON.stringify(set));
      else assert.match(plan.refused[0]?.reason ?? 'not refused', outcome);
    }
    const marked = new CrosswalkSheet(`${HEADER}\nM,1,,Y,,,IN_REVIEW\n`, 1);
    marked.mark(new Map([[2, [{ severity: 'error', code: 'x', message: 'y' }]]]));
    assert.match(marked.plan({ indexes: [0] }, { status: 'APPROVED' }, ANN).refused[0]?.reason ?? '', /Problems panel/);
  });

  it('a file without the review columns is edited as far as it goes', () => {
    const bare = 'source_code,target_code\r\nM,1\r\n';
    const sheet = new CrosswalkSheet(bare, 1);
    assert.equal(apply(bare, sheet.plan({ indexes: [0] }, { target_code: '2' }, ANN)), bare.replace('M,1', 'M,2'));
    assert.match(
      sheet.plan({ indexes: [0] }, { description: 'x' }, ANN).refused[0]?.reason ?? '',
      /no column description/,
    );
    assert.match(sheet.planLines([{ sourceCode: 'F', targetCode: '2' }]).refused[0]?.reason ?? '', /no column status/);
  });

  it('maps open codes in place as DRAFT lines, with the file’s line ends, quotes and own columns', () => {
    const cases: readonly [before: string, code: string, after: string][] = [
      [`${HEADER}\nM,1,,,,,\n`, 'F', 'F,2,,,,,DRAFT\n'],
      [`${HEADER}\r\nM,1,,,,,`, 'F', '\r\nF,2,,,,,DRAFT\r\n'],
      [`\ufeffmine,status,target_code,source_code\n`, 'a,"b"\n', ',DRAFT,2,"a,""b""\n"\n'],
      [HEADER, '=1+1', '\n=1+1,2,,,,,DRAFT\n'],
    ];
    for (const [before, sourceCode, added] of cases) {
      const plan = new CrosswalkSheet(before, 1).planLines([{ sourceCode, targetCode: ' 2 ' }]);
      assert.equal(apply(before, plan), before + added);
    }
    const sheet = new CrosswalkSheet(text, 1);
    const plan = sheet.planLines([
      { sourceCode: 'X', targetCode: '3' },
      { sourceCode: 'Q', targetCode: '3' },
      { sourceCode: 'Y', targetCode: ' ' },
    ]);
    assert.equal(plan.changed, 1);
    assert.match(
      plan.refused.map(({ reason }) => reason).join(),
      /Line 4 has this code already and is DRAFT.*Give the target code/,
    );
  });

  it('knows the rows that lines concern, what is open and what waits; sorts and filters by it', () => {
    const sheet = new CrosswalkSheet(text, 1);
    assert.equal(sheet.coverage(10), null);
    assert.deepEqual(sheet.linePage(EVERY_LINE, 0, 9).dataRows, [null, null, null]);
    const met = (code: string, rows: number) => ({ use: 0, code, day: null, rows });
    sheet.take({ uses: [use], met: [met('M', 5), met('Q', 7), met('Z', 2)], notSeen: [] });
    assert.deepEqual(sheet.linePage(EVERY_LINE, 0, 9).dataRows, [5, 0, 7]);
    assert.deepEqual(sheet.find({ ...EVERY_LINE, sort: { column: BY_ROWS, descending: true } }), [2, 0, 1]);
    assert.deepEqual(sheet.find({ ...EVERY_LINE, used: false }), [1]);
    const found = sheet.coverage(10);
    assert.deepEqual(
      [found?.codes, found?.mappedCodes, found?.rows, found?.mappedRows, found?.unusedLines],
      [3, 1, 14, 5, 1],
    );
    assert.deepEqual(
      found?.open.map(({ code, waiting }) => [code, waiting?.line ?? null, waiting?.target ?? null]),
      [
        ['Q', 4, '9'],
        ['Z', null, null],
      ],
    );
    const at = text.indexOf('DRAFT');
    sheet.change([{ start: at, end: at + 5, text: 'APPROVED' }], 2);
    assert.equal(sheet.coverage(10)?.mappedRows, 12);
  });

  it('a text that is no crosswalk, empty or hostile is told, not thrown', () => {
    for (const given of [
      '',
      '\n',
      HEADER,
      'a,b\n"open',
      'x'.repeat(100_000),
      '\ufeff',
      ',,,\n,,,\n',
      '<img src=x onerror=alert(1)>,=cmd|x\n1,2\n',
    ]) {
      const sheet = new CrosswalkSheet(given, 1);
      sheet.take({ uses: [use], met: [{ use: 0, code: 'A', day: null, rows: 1 }], notSeen: [] });
      sheet.linePage(EVERY_LINE, 0, 10);
      assert.equal(sheet.coverage(5)?.openCodes, 1);
      assert.equal(sheet.plan({ indexes: [0, 99, -1] }, { status: 'APPROVED' }, ANN).changed, 0);
      if (given !== HEADER)
        assert.equal(sheet.planLines([{ sourceCode: 'A', targetCode: '1' }]).changed, 0, given.slice(0, 20));
    }
  });

  it('200,000 lines: reads, pages, covers, edits all in one go', () => {
    const many = `${HEADER}\n${Array.from({ length: 200_000 }, (_, at) => `C${at},${at % 9},,N,,,IN_REVIEW\n`).join('')}`;
    const started = performance.now();
    const sheet = new CrosswalkSheet(many, 1);
    sheet.take({ uses: [use], met: [{ use: 0, code: 'C199999', day: null, rows: 1 }], notSeen: [] });
    sheet.linePage(EVERY_LINE, 199_900, 100);
    const read = performance.now();
    assert.equal(sheet.find({ ...EVERY_LINE, used: true }).length, 1);
    const plan = sheet.plan({ query: EVERY_LINE }, { status: 'APPROVED' }, ANN);
    assert.equal(plan.changed, 200_000);
    const after = apply(many, plan);
    assert.equal(after, many.replaceAll('IN_REVIEW', 'APPROVED'));
    console.log(
      `      200,000 lines: read and paged in ${Math.round(read - started)} ms, all approved in ${Math.round(performance.now() - read)} ms`,
    );
  }).timeout(30_000);

  it('any series of edits equals a fresh reading, and only the cells asked for differ (law)', () => {
    const real = readFileSync('schemas/crosswalks/admission_method.csv', 'utf8');
    const value = fc.constantFrom('', 'x', 'a,b', '"', 'two\nlines', ' pad', '=1', '<b>');
    const step = fc.record({
      row: fc.nat(20),
      column: fc.constantFrom('target_code', 'description', 'source_code'),
      value,
      add: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), fc.constantFrom('\n', '\r\n'), (steps, end) => {
        let given = real.replaceAll('\n', end);
        const sheet = new CrosswalkSheet(given, 0);
        for (const [at, { row, column, value: put, add }] of steps.entries()) {
          const old = new CrosswalkSheet(given, 0);
          const plan = add
            ? sheet.planLines([{ sourceCode: `new${at}${put}`, targetCode: '1' }])
            : sheet.plan({ indexes: [row] }, { [column]: put }, ANN);
          sheet.change(plan.edits, at + 1);
          given = apply(given, plan);
          assert.equal(sheet.text, given);
          const fresh = new CrosswalkSheet(given, at + 1);
          assert.deepEqual(sheet.page(EVERY_LINE, 0, 99), fresh.page(EVERY_LINE, 0, 99));
          const total = old.page(EVERY_LINE, 0, 1).total;
          for (let index = 0; index < total; index += 1)
            for (const [name, before] of Object.entries(old.cells(index)))
              if (add || index !== row || ![column, 'status'].includes(name))
                assert.equal(fresh.cells(index)[name], before);
        }
      }),
      { numRuns: 150 },
    );
  });
});
