import assert from 'node:assert/strict';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { cellPlace } from '../../../src/core/csv/csvScan.ts';
import { csvText, parseCsvText } from '../../../src/core/csv/csvText.ts';
import { formatProblem } from '../../../src/core/shared/problem.ts';

/** Cells with everything a cell may hold: quotes, commas, line ends of all kinds, NUL, blanks, letters of any script. */
const cell = fc.oneof(
  fc.string({ unit: fc.constantFrom('"', ',', '\r', '\n', ' ', '\0', 'é', 'a', '1', '\u{1f600}', '\ufeff', ';--') }),
  fc.string({ unit: 'grapheme' }),
);
const columnNames = fc.uniqueArray(
  cell.map((name) => name.trim()).filter((name) => name !== ''),
  { minLength: 1, maxLength: 6 },
);
const table = columnNames.chain((columns) =>
  fc.record({
    columns: fc.constant(columns),
    rows: fc.array(fc.array(cell, { minLength: columns.length, maxLength: columns.length }), { maxLength: 8 }),
  }),
);

describe('CSV text', () => {
  it('reads back what it wrote, whatever the cells hold', () => {
    fc.assert(
      fc.property(table, ({ columns, rows }) => {
        const { value, problems } = parseCsvText(csvText(columns, rows), 'file.csv', columns);
        assert.deepEqual(problems, []);
        assert.deepEqual(value.columns, columns);
        assert.deepEqual(
          value.records.map((record) => columns.map((name) => record.cells[name])),
          rows,
        );
      }),
    );
  });

  it('is understood the same by another reader', () => {
    fc.assert(
      fc.property(table, ({ columns, rows }) => {
        const theirs = parse(csvText(columns, rows), { record_delimiter: '\n' });
        assert.deepEqual(theirs, [columns, ...rows]);
      }),
    );
  });

  it('finds each record and each cell where it stands', () => {
    fc.assert(
      fc.property(table, fc.constantFrom('\n', '\r\n'), ({ columns, rows }, lineEnd) => {
        const lines = [columns, ...rows].map((cells) => cells.map((text) => `"${text.replaceAll('"', '""')}"`));
        const text = lines.map((cells) => cells.join(',') + lineEnd).join('');
        const physical = text.split(/\r\n|\r|\n/);
        const { records } = parseCsvText(text, 'file.csv', []).value;
        for (const [row, record] of records.entries()) {
          assert.equal(text.slice(record.start, record.end), (lines[row + 1] ?? []).join(',') + lineEnd);
          for (const [index, written] of (lines[row + 1] ?? []).entries()) {
            const place = cellPlace(text, record, index);
            const shown = (physical[place.line - 1] ?? '').slice(place.column - 1, place.endColumn - 1);
            assert.equal(shown, written.split(/[\r\n]/, 1)[0]);
          }
        }
      }),
    );
  });

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(cell, fc.string({ unit: 'binary' })), (text) => {
        parseCsvText(text, 'file.csv', ['a']);
      }),
    );
  });

  const files: readonly [what: string, text: string, rows: string[][]][] = [
    [
      'LF',
      'a,b\n1,2\n3,4\n',
      [
        ['1', '2'],
        ['3', '4'],
      ],
    ],
    [
      'CRLF',
      'a,b\r\n1,2\r\n3,4\r\n',
      [
        ['1', '2'],
        ['3', '4'],
      ],
    ],
    [
      'LF and CRLF mixed',
      'a,b\n1,2\r\n3,4\n',
      [
        ['1', '2'],
        ['3', '4'],
      ],
    ],
    [
      'CR of old Macs',
      'a,b\r1,2\r3,4',
      [
        ['1', '2'],
        ['3', '4'],
      ],
    ],
    ['a byte order mark', '\ufeffa,b\n1,2\n', [['1', '2']]],
    ['no last line end', 'a,b\n1,2', [['1', '2']]],
    ['blank lines', 'a,b\n\n\r\n1,2\n\n', [['1', '2']]],
    ['line ends in quotes', 'a,b\n"1\r\n2","3\n4"\n', [['1\r\n2', '3\n4']]],
    ['quotes in quotes', 'a,b\n"""1""",""\n', [['"1"', '']]],
    ['blanks around cells', 'a , b\n 1, 2 \n', [[' 1', ' 2 ']]],
    ['header only', 'a,b\n', []],
  ];
  for (const [what, text, rows] of files) {
    it(`reads a file with ${what}`, () => {
      const { value, problems } = parseCsvText(text, 'file.csv', ['a', 'b']);
      assert.deepEqual(problems, []);
      assert.deepEqual(
        value.records.map((record) => [record.cells['a'], record.cells['b']]),
        rows,
      );
    });
  }

  const faults: readonly [what: string, text: string, problem: RegExp][] = [
    ['nothing', '', /file\.csv:1: The file is empty; it needs the header a,b/],
    ['only blank lines', '\n\r\n\n', /file\.csv:1: The file is empty/],
    ['a column missing', 'a,c\n1,2\n', /file\.csv:1: The header lacks b\./],
    ['a column twice', 'a,b,a,a\n1,2,3,4\n', /file\.csv:1: The header names a twice\./],
    ['a row too long', 'a,b\n\n1,2,3\n', /file\.csv:3: The row has 3 cells, the header has 2/],
    ['a row too short, after a tall one', 'a,b\r\n"1\r\n\r\n",2\r\n3\r\n', /file\.csv:5: The row has 1 cells/],
    ['a quote never closed', 'a,b\n1,"2\n3,4\n', /file\.csv:2:3: .*a quote that is never closed/],
    ['text after a quote', 'a,b\n"1"x,2\n', /file\.csv:2:4: .*text after a closing quote/],
    ['a quote inside a plain cell', 'a,b\n1,2 "x"\n', /file\.csv:2:5: .*a quote inside a cell/],
    ['a header with an open quote', '"a,b\n1,2\n', /file\.csv:1:1: .*a quote that is never closed/],
  ];
  for (const [what, text, problem] of faults) {
    it(`reports ${what} with its place, and no value`, () => {
      const { value, problems } = parseCsvText(text, 'file.csv', ['a', 'b']);
      assert.match(problems.map(formatProblem).join('\n'), problem);
      assert.equal(problems.length, 1);
      assert.ok(value.records.every((record) => Object.keys(record.cells).length === 2));
    });
  }

  it('keeps columns with names of the language itself', () => {
    const columns = ['__proto__', 'constructor', 'toString'];
    const { value } = parseCsvText(csvText(columns, [['1', '2', '3']]), 'file.csv', columns);
    assert.deepEqual(
      columns.map((name) => value.records[0]?.cells[name]),
      ['1', '2', '3'],
    );
  });

  it('reads 16,384 columns and 50,000 rows', () => {
    const columns = Array.from({ length: 16_384 }, (_, index) => `c${index}`);
    const wide = parseCsvText(csvText(columns, [columns]), 'file.csv', columns);
    assert.equal(wide.value.records[0]?.cells['c16383'], 'c16383');
    const rows = Array.from({ length: 50_000 }, (_, index) => [String(index), 'x,"y"']);
    const tall = parseCsvText(csvText(['a', 'b'], rows), 'file.csv', ['a', 'b']);
    assert.equal(tall.value.records.at(-1)?.cells['a'], '49999');
  });
});
