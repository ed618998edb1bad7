import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CsvEdit } from '../../../src/core/csv/csvEdit.ts';
import { parseCsvText } from '../../../src/core/csv/csvText.ts';

function editOf(text: string) {
  const table = parseCsvText(text, 'file.csv', []).value;
  return { edit: new CsvEdit(text, table), records: table.records };
}

describe('edits of a CSV', () => {
  const TEXT = '\ufeffa,"b",c\r\n\r\n1,"2",3\r\n"4",5,"6"\r\n7,8,"9"';

  it('leave a text without edits as it is', () => {
    assert.equal(editOf(TEXT).edit.text, TEXT);
  });

  it('leave every other byte as it is', () => {
    const { edit, records } = editOf(TEXT);
    const [first, second] = records;
    assert.ok(first !== undefined && second !== undefined);
    edit.replace(second, { ...second.cells, b: 'x,y' });
    edit.insertAfter(first, { a: 'new' });
    edit.insertAfter(first, { a: 'newer' });
    edit.insertAfter(null, { c: 'last' });
    assert.equal(edit.text, '\ufeffa,"b",c\r\n\r\n1,"2",3\r\nnew,,\r\nnewer,,\r\n4,"x,y",6\r\n7,8,"9"\r\n,,last\r\n');
  });

  it('remove records, also all of them', () => {
    const { edit, records } = editOf(TEXT);
    for (const record of records) edit.remove(record);
    edit.insertAfter(records[0] ?? null, { a: 'only' });
    assert.equal(edit.text, '\ufeffa,"b",c\r\n\r\nonly,,\r\n');
  });

  it('add a column to every record', () => {
    const { edit, records } = editOf(TEXT);
    edit.addColumn('b');
    edit.addColumn('d,');
    assert.ok(records[0] !== undefined);
    edit.replace(records[0], { ...records[0].cells, 'd,': 'z' });
    assert.equal(edit.text, '\ufeffa,"b",c,"d,"\r\n\r\n1,2,3,z\r\n"4",5,"6",\r\n7,8,"9",');
  });

  it('put records into a file that has only a header, with or without a line end', () => {
    for (const text of ['a,b\n', 'a,b']) {
      const { edit } = editOf(text);
      edit.insertAfter(null, { b: '1' });
      assert.equal(edit.text, 'a,b\n,1\n');
    }
  });

  it('give a text that reads as asked', () => {
    const cell = fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'a', ' ') });
    const rows = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(rows, fc.array(fc.nat(20)), cell, fc.constantFrom('\n', '\r\n'), (all, choices, value, end) => {
        const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
        const text = ['a,b', ...all.map((cells) => cells.map(quoted).join(','))].join(end);
        const { edit, records } = editOf(text);
        const expected: [string, string][] = [];
        for (const [index, record] of records.entries()) {
          const choice = (choices[index] ?? 0) % 4;
          const cells: [string, string] = [record.cells['a'] ?? '', record.cells['b'] ?? ''];
          if (choice === 1) edit.remove(record);
          else expected.push(choice === 2 ? [value, cells[1]] : cells);
          if (choice === 2) edit.replace(record, { a: value, b: cells[1] });
          if (choice === 3) {
            edit.insertAfter(record, { a: value, b: '' });
            expected.push([value, '']);
          }
        }
        const { value: after, problems } = parseCsvText(edit.text, 'file.csv', ['a', 'b']);
        assert.deepEqual(problems, []);
        assert.deepEqual(
          after.records.map((record) => [record.cells['a'], record.cells['b']]),
          expected,
        );
      }),
    );
  });
});
