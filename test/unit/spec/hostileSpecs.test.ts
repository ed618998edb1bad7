import assert from 'node:assert/strict';
import * as XLSX from '@e965/xlsx';
import { DocumentReader } from '../../../src/core/spec/documentReader.ts';
import type { SpecFile } from '../../../src/core/spec/specFile.ts';
import { zipOf } from '../../support/zip.ts';

const HEADER = ['Table', 'Field', 'Type', 'Length'];

function workbook(rows: unknown[][], type: 'xlsx' | 'biff8' = 'xlsx'): Buffer {
  const book = XLSX.utils.book_new();
  XLSX.utils.book_append_sheet(book, XLSX.utils.aoa_to_sheet(rows), 'Fields');
  return XLSX.write(book, { type: 'buffer', bookType: type }) as Buffer;
}

const good = workbook([HEADER, ['PAT', 'NO', 'VARCHAR', 10]]);
const zeros = Buffer.alloc(300 * 1024 * 1024);
const repeat = (text: string, times: number): Buffer => Buffer.from(text.repeat(times));

/** What each hostile document must answer: a code, what its message says, and how many fields are still read. */
const cases: readonly [what: string, name: string, bytes: () => Buffer, code: string, says: RegExp, fields: number][] =
  [
    ['a truncated workbook', 'd.xlsx', () => good.subarray(0, 900), 'spec-unreadable', /damaged/, 0],
    [
      'a workbook that is no workbook',
      'd.xlsx',
      () => Buffer.from('not a workbook'),
      'spec-no-field-list',
      /header row/,
      0,
    ],
    [
      'a zip bomb',
      'd.xlsx',
      () => zipOf([{ name: 'xl/worksheets/sheet1.xml', data: zeros }]),
      'spec-unreadable',
      /more than 120 MB/,
      0,
    ],
    [
      'a zip bomb that lies',
      'd.xlsx',
      () => zipOf([{ name: 'xl/a.xml', data: zeros, claimedSize: 1000 }]),
      'spec-unreadable',
      /damaged|more than/,
      0,
    ],
    [
      'a zip bomb in a Word document',
      'd.docx',
      () => zipOf([{ name: 'word/document.xml', data: zeros }]),
      'spec-unreadable',
      /more than 120 MB/,
      0,
    ],
    [
      'a truncated Word document',
      'd.docx',
      () => zipOf([{ name: 'word/document.xml', data: Buffer.from('<w:document>') }]).subarray(0, 40),
      'spec-unreadable',
      /damaged/,
      0,
    ],
    [
      'a Word document without a body',
      'd.docx',
      () => zipOf([{ name: 'hello.txt', data: Buffer.from('hello') }]),
      'spec-unreadable',
      /cannot be opened/,
      0,
    ],
    [
      'one line of 10 MB of SQL words',
      'd.sql',
      () => repeat('CREATE TABLE x (a int,, ', 430_000),
      'spec-sql-unread',
      /longer than|cannot be read/,
      0,
    ],
    [
      '10 MB of broken statements',
      'd.sql',
      () => repeat('CREATE TABLE x (a int,, b);', 390_000),
      'spec-sql-unread',
      /cannot be read/,
      0,
    ],
    [
      '10 MB of an unclosed quote',
      'd.sql',
      () => Buffer.concat([Buffer.from("CREATE TABLE t (a int, b varchar(3) DEFAULT '"), repeat('x', 10_000_000)]),
      'spec-sql-unread',
      /longer than/,
      0,
    ],
    ['10 MB of opening brackets', 'd.sql', () => repeat('[', 10_000_000), 'spec-sql-other', /define no table/, 0],
    [
      'SQL between statements that cannot be read',
      'd.sql',
      () => Buffer.from('CREATE TABLE a (x int);\nCREATE TABLE b (x int,, y);\nCREATE TABLE c (x int);'),
      'spec-sql-unread',
      /rest of the script/,
      2,
    ],
    [
      'Windows-1252',
      'd.csv',
      () => Buffer.from('Table,Field,Type,Description\nPAT,NO,CHAR(10),Num\xe9ro \xa3\n', 'latin1'),
      'spec-encoding',
      /Windows-1252/,
      1,
    ],
    [
      'bytes that are no text',
      'd.csv',
      () => Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7919) % 256)),
      'spec-unreadable',
      /not text/,
      0,
    ],
    [
      'a CSV of 16,384 columns',
      'd.csv',
      () =>
        Buffer.from(
          `${[...HEADER, ...Array.from({ length: 16_380 }, (_, index) => `X${index}`)].join(',')}\n${['PAT', 'NO', 'CHAR', '10', ...Array(16_380).fill('')].join(',')}\n`,
        ),
      '',
      /^$/,
      1,
    ],
    [
      'a workbook of 16,384 columns',
      'd.xlsx',
      () =>
        workbook([
          [...HEADER, ...Array.from({ length: 16_380 }, (_, index) => `X${index}`)],
          ['PAT', 'NO', 'CHAR', 10, ...Array(16_380).fill('x')],
        ]),
      '',
      /^$/,
      1,
    ],
    [
      'JSON cut off',
      'd.json',
      () => Buffer.from('{"tables": [\n{"name": "PAT", '),
      'spec-unreadable',
      /not valid JSON/,
      0,
    ],
    ['JSON of another shape', 'd.json', () => Buffer.from('[1, 2]'), 'spec-unreadable', /"tables"/, 0],
    [
      'JSON with a table that does not fit',
      'd.json',
      () => Buffer.from('{"tables": [{"name": 1}, {"name": "PAT", "fields": [{"name": "NO", "type": "int"}]}]}'),
      'spec-json-shape',
      /not read/,
      1,
    ],
    ['JSON of 200,000 brackets', 'd.json', () => repeat('[', 200_000), 'spec-unreadable', /not valid JSON/, 0],
    [
      'DBML with a fault',
      'd.dbml',
      () => Buffer.from('Table a {\n id int [pk\n}\n'),
      'spec-unreadable',
      /DBML cannot be read/,
      0,
    ],
    [
      'Markdown without an end',
      'd.md',
      () => repeat('| a | b |\n|---|---|\n', 100_000),
      'spec-no-field-list',
      /No field list/,
      0,
    ],
    [
      'a file of an unknown kind',
      'd.pdf',
      () => Buffer.from('%PDF-1.7'),
      'spec-unknown-format',
      /save the field list as/,
      0,
    ],
  ];

describe('hostile requirement specs', () => {
  // Other tests of the same process may have needed much before.
  let earlier = 0;
  before(() => {
    earlier = process.resourceUsage().maxRSS;
  });

  const reader = new DocumentReader(new AbortController().signal);
  after(() => reader.close());
  const read = (name: string, bytes: Buffer): Promise<SpecFile> =>
    reader.read({ bytes, file: `requirement_spec/source/${name}`, decided: new Map() });

  for (const [what, name, bytes, code, says, fields] of cases) {
    it(`${what} gives ${code === '' ? 'its fields' : code}`, async () => {
      const file = await read(name, bytes());
      assert.equal(
        file.lists.reduce((sum, list) => sum + list.fields.length, 0),
        fields,
        JSON.stringify(file.problems),
      );
      if (code === '') return;
      const problem = file.problems.find((found) => found.code === code);
      assert.ok(problem !== undefined, `no ${code} in ${JSON.stringify(file.problems).slice(0, 500)}`);
      assert.match(problem.message, says);
      assert.equal(problem.place.file, `requirement_spec/source/${name}`);
    });
  }

  for (const name of ['d.xlsx', 'd.csv', 'd.md', 'd.docx', 'd.sql', 'd.dbml', 'd.json']) {
    it(`an empty ${name} says so`, async () => {
      const file = await read(name, Buffer.alloc(0));
      assert.match(file.problems[0]?.message ?? '', /empty/);
    });
  }

  it('a formula cell gives its last result, and a formula without one no text', async () => {
    const sheet = XLSX.utils.aoa_to_sheet([HEADER, ['PAT', 'NO', 'VARCHAR', 10]]);
    sheet['D2'] = { t: 'n', f: '5+5', v: 10 };
    sheet['A3'] = { t: 'z', f: 'HYPERLINK("http://127.0.0.1/")' };
    const book = XLSX.utils.book_new();
    XLSX.utils.book_append_sheet(book, sheet, 'Fields');
    const file = await read('d.xlsx', XLSX.write(book, { type: 'buffer', bookType: 'xlsx' }) as Buffer);
    assert.deepEqual(
      file.lists[0]?.fields.map((field) => [field.field, field.length]),
      [['NO', 10]],
    );
  });

  it('need no more than 1 GB beyond what the process had before', () => {
    const limit = 1024 * 1024 + zeros.length / 1024;
    assert.ok(process.resourceUsage().maxRSS <= earlier + limit, `${process.resourceUsage().maxRSS} KB`);
  });
});
