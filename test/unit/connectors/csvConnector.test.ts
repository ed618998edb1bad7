import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { ReadReport } from '../../../src/core/connectors/connector.ts';
import { csvConnector } from '../../../src/core/connectors/csv/csvConnector.ts';
import { CsvOptions } from '../../../src/core/connectors/csv/csvOptions.ts';
import { UserError } from '../../../src/core/shared/errors.ts';
import { type TestProject, withProject } from '../../support/project.ts';

interface Read {
  readonly text: string;
  readonly report: ReadReport;
}

function connect(project: TestProject, options: Record<string, unknown> = {}) {
  return { name: 'x', options: CsvOptions.parse({ path: 'in', ...options }), context: project.context() };
}

/** Reads the table T of the folder `in`. */
async function readT(project: TestProject, options: Record<string, unknown> = {}, request = {}): Promise<Read> {
  const path = `${project.root}/out.csv`;
  const report = await csvConnector.read?.(connect(project, options), { table: 'T', ...request }, path);
  assert.ok(report !== undefined);
  return { text: await project.read('out.csv'), report };
}

async function withFile<T>(
  bytes: string | Uint8Array,
  work: (project: TestProject) => Promise<T>,
  name = 'in/T.csv',
): Promise<T> {
  return withProject({}, async (project) => {
    await project.write(name, bytes);
    return work(project);
  });
}

const utf16be = (text: string): Buffer => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16();
const PLAIN = 'A,B\n1,Née\n2,€5\n';

describe('csv connector brings every way of writing into one form', () => {
  const cases: [string, string | Uint8Array, Record<string, unknown>, string][] = [
    ['as it is', PLAIN, {}, PLAIN],
    ['a UTF-8 mark', `\uFEFF${PLAIN}`, {}, PLAIN],
    ['UTF-16 LE', Buffer.from(`\uFEFF${PLAIN}`, 'utf16le'), {}, PLAIN],
    ['UTF-16 LE without a mark', Buffer.from(PLAIN, 'utf16le'), {}, PLAIN],
    ['UTF-16 BE', utf16be(PLAIN), {}, PLAIN],
    ['Windows-1252', Buffer.from('A,B\n1,N\xe9e\n2,\x805\n', 'latin1'), {}, PLAIN],
    ['CRLF', PLAIN.replaceAll('\n', '\r\n'), {}, PLAIN],
    ['CR alone', PLAIN.replaceAll('\n', '\r'), {}, PLAIN],
    ['mixed line ends', 'A,B\r\n1,Née\n2,€5\r\n', {}, PLAIN],
    ['no last line end', PLAIN.trimEnd(), {}, PLAIN],
    ['blank lines', 'A,B\n\n1,Née\n\r\n2,€5\n\n', {}, PLAIN],
    ['semicolons', PLAIN.replaceAll(',', ';'), {}, PLAIN],
    ['tabs', PLAIN.replaceAll(',', '\t'), {}, PLAIN],
    ['pipes', PLAIN.replaceAll(',', '|'), {}, PLAIN],
    ['carets', PLAIN.replaceAll(',', '^'), {}, PLAIN],
    ['a delimiter that is said', PLAIN.replaceAll(',', '!'), { delimiter: '!' }, PLAIN],
    ['a tab that is said', PLAIN.replaceAll(',', '\t'), { delimiter: 'tab' }, PLAIN],
    ['single quotes', "A,B\n'1','x,y'\n", { quote: 'single' }, 'A,B\n1,"x,y"\n'],
    ['no quotes', 'A|B\n"1|x"\n', { quote: 'none', delimiter: '|' }, 'A,B\n"""1","x"""\n'],
    ['backslashes', 'A,B\n"x\\"y",2\n', { escape: 'backslash' }, 'A,B\n"x""y",2\n'],
    ['a quote inside an unquoted cell', 'A,B\n5" pipe,2\n', {}, 'A,B\n"5"" pipe",2\n'],
    ['a line end inside a cell', 'A,B\n"x\ny",2\n', {}, 'A,B\n"x\ny",2\n'],
    ['empty text and null kept apart', 'A,B\n"",\n', {}, 'A,B\n"",\n'],
    ['a text for null', 'A,B\nNULL,x\n\\N,NULL\n', { null_text: 'NULL' }, 'A,B\n,x\n\\N,\n'],
    ['no header', '1,Née\n2,€5\n', { header: false }, 'column_1,column_2\n1,Née\n2,€5\n'],
    ['one column', 'A\n1\n2\n', {}, 'A\n1\n2\n'],
    ['header only', 'A,B\n', {}, 'A,B\n'],
  ];
  for (const [what, bytes, options, expected] of cases)
    it(what, () =>
      withFile(bytes, async (project) => {
        const { text, report } = await readT(project, options);
        assert.equal(text, expected);
        assert.equal(report.unreadable, 0);
      }),
    );

  it('takes columns and order as asked', () =>
    withFile('A,B,C\n2,x,\n1,"y,z",3\n', async (project) => {
      const { text } = await readT(project, {}, { columns: ['B', 'A'], orderBy: ['A'] });
      assert.equal(text, 'B,A\n"y,z",1\nx,2\n');
      await assert.rejects(readT(project, {}, { columns: ['B', 'Z'] }), /has no column Z/);
    }));

  it('unpacks gzip and joins the parts of a folder', () =>
    withProject({}, async (project) => {
      await project.write('in/T/part-2.csv', 'A,B\n2,€5\n');
      await project.write('in/T/part-1.csv.gz', gzipSync('A,B\n1,Née\n'));
      const { text, report } = await readT(project);
      assert.equal(text, PLAIN);
      assert.equal(report.rows, 2);
      await project.write('in/T/part-3.csv', 'B,A\n1,2\n');
      await assert.rejects(readT(project), /part-3.csv: has other columns than the first part of T/);
    }));

  it('tells Windows-1252 that shows late, and reads the file again', () => {
    const late = Buffer.concat([
      Buffer.from(`A,B\n${'1,plain\n'.repeat(80_000)}`),
      Buffer.from('2,N\xe9e\n', 'latin1'),
    ]);
    return withFile(late, async (project) => {
      const { text, report } = await readT(project);
      assert.ok(text.endsWith('2,Née\n'));
      assert.deepEqual(
        report.problems.map(({ code }) => code),
        ['connector-encoding'],
      );
      await assert.rejects(readT(project, { encoding: 'utf-8' }), /is not valid UTF-8/);
    });
  });

  it('warns of characters that were lost before', () =>
    withFile('A,B\n1,NÃ©e\n2,N\uFFFDe\n', async (project) => {
      const { report } = await readT(project);
      assert.deepEqual(
        report.problems.map(({ code }) => code),
        ['connector-garbled', 'connector-garbled'],
      );
    }));
});

describe('csv connector refuses what would be misread', () => {
  const refusals: [string, string | Uint8Array, Record<string, unknown>, RegExp][] = [
    ['an empty file', '', {}, /T.csv: is empty \(0 bytes\)/],
    ['only blank lines', '\n\n', {}, /holds no record/],
    ['a column twice', 'A,B,A\n1,2,3\n', {}, /T.csv:1: The header names column 3 like an earlier one/],
    ['a column without a name', 'A,,C\n1,2,3\n', {}, /T.csv:1: The header has no name for column 2/],
    ['too few cells', 'A,B,C\n1,2,3\n1,2\n', {}, /T.csv:3: The row has 2 cells, the header has 3/],
    ['too many cells', 'A,B\n1,2\n"x\ny",2\n1,2,\n', {}, /T.csv:5: The row has 3 cells, the header has 2/],
    ['text after a quote', 'A,B\n"a"b,2\n', {}, /T.csv:2: The quotes of the row do not balance/],
    ['an open quote', 'A,B\n1,2\n"a,2\n3,4\n', {}, /T.csv:3: The quotes of the row do not balance/],
    ['a NUL', 'A,B\n1,2\n3,x\0y\n', {}, /T.csv:3: A row holds a NUL character/],
    ['a NUL in quotes', 'A,B\n1,2\n3,"x\0y"\n', {}, /T.csv:3: A row holds a NUL character/],
    ['a wrong delimiter', 'A,B\n1,2;3;4\n', { delimiter: ';' }, /T.csv:2: The row has 3 cells, the header has 1/],
  ];
  for (const [what, bytes, options, message] of refusals)
    it(what, () =>
      withFile(bytes, async (project) => {
        await assert.rejects(
          readT(project, options),
          (error) => error instanceof UserError && message.test(error.message),
        );
        assert.equal(await project.readIfThere('out.csv'), null);
        assert.equal(await project.readIfThere('out.csv.part'), null);
      }),
    );

  it('leaves ragged rows out and counts them when told to', () =>
    withFile('A,B\n1,2\n3\n"a"b,2\n4,5,6\n7,8\n', async (project) => {
      const { text, report } = await readT(project, { ragged_rows: 'leave_out' });
      assert.equal(text, 'A,B\n1,2\n7,8\n');
      assert.equal(report.unreadable, 3);
      assert.deepEqual(
        report.problems.map(({ place, severity }) => [place.line, severity]),
        [
          [3, 'warning'],
          [5, 'warning'],
          [4, 'warning'],
        ],
      );
    }));

  it('a gzip file that is cut short, or is none', () =>
    withFile(
      gzipSync(PLAIN.repeat(1000)).subarray(0, 60),
      async (project) => {
        await assert.rejects(readT(project), /T.csv.gz: is cut short/);
        await project.write('in/T.csv.gz', 'A,B\n1,2\n');
        await assert.rejects(readT(project), /T.csv.gz: is no sound gzip file/);
      },
      'in/T.csv.gz',
    ));

  it('a record that never ends', () =>
    withFile(`A,B\n1,"${'x'.repeat(17_000_000)}`, (project) =>
      assert.rejects(readT(project), /T.csv:2: A record here is longer than 16 MB/),
    ));

  it('folders with nothing, with a table twice, or that are not there', () =>
    withProject({ 'none/readme.md': 'x', 'in/T.csv': PLAIN, 'in/t.txt': PLAIN }, async (project) => {
      await assert.rejects(readT(project), /holds (T|t) twice/);
      await assert.rejects(readT(project, { path: 'none' }), /holds no .csv/);
      await assert.rejects(readT(project, { path: 'gone' }), /gone: does not exist/);
      assert.equal((await csvConnector.test(connect(project, { path: 'gone' }))).ok, false);
    }));

  it('a table that is not there is told with those that are', () =>
    withProject(
      Object.fromEntries(['A', 'B', 'C', 'D', 'E', 'F'].map((t) => [`in/${t}.csv`, PLAIN])),
      async (project) => {
        await assert.rejects(
          csvConnector.preview?.(connect(project, { path: 'in' }), 'NOPE', 1) ?? Promise.resolve(),
          /in: holds no file for the table NOPE; the tables there are A, B, C, D, E and 1 more\. Name one of them, or/,
        );
      },
    ));

  it('options that make no sense', () => {
    const bad: Record<string, unknown>[] = [
      { delimiter: '"' },
      { delimiter: 'ab' },
      { delimiter: '\n' },
      { delimiter: 'a' },
      { delimiter: '' },
      { delimiter: '§' },
      { path: '' },
      { path: 'a\0b' },
      { encoding: 'ebcdic' },
      { header: 'maybe' },
      { null_text: 'x\ny' },
      { null_text: 'x'.repeat(21) },
      { quote: '"' },
      { ragged_rows: 'ignore' },
    ];
    for (const options of bad) assert.equal(CsvOptions.safeParse(options).success, false, JSON.stringify(options));
  });
});

describe('csv connector, whatever the cells hold', () => {
  const cell = fc.string({
    unit: fc.constantFrom('a', 'é', '€', '😀', '"', "'", ',', ';', '|', '\n', ' ', '\\'),
    maxLength: 6,
  });
  const dialects: [string, Record<string, unknown>, (cells: readonly string[]) => string][] = [
    ['comma', {}, (cells) => cells.map((text) => `"${text.replaceAll('"', '""')}"`).join(',')],
    ['pipe', { delimiter: '|' }, (cells) => cells.map((text) => `"${text.replaceAll('"', '""')}"`).join('|')],
    [
      'backslash',
      { escape: 'backslash', delimiter: ';' },
      (cells) => cells.map((text) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`).join(';'),
    ],
  ];
  for (const [name, options, line] of dialects)
    it(`gives back what was written (${name})`, () =>
      withProject({}, async (project) => {
        await fc.assert(
          fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 }), async (rows) => {
            const text = [line(['A', 'B']), ...rows.map(line)].join('\n');
            await project.write('in/T.csv', text);
            await readT(project, options, { columns: ['A', 'B'] });
            const { parse } = await import('csv-parse/sync');
            const back = parse(await project.read('out.csv'), { from: 2 }) as string[][];
            assert.deepEqual(back, rows);
          }),
          { numRuns: 25 },
        );
      }));
});

describe('csv connector looks and loads', () => {
  it('discovers with citations and careful types', () =>
    withFile('NO,CODE,DAY,N\n1,007,2025-01-02,5\n2,010,2025-02-03,\n', async (project) => {
      const found = await csvConnector.discover?.(connect(project));
      assert.deepEqual(
        found?.fields.map(({ field, dataType, specFile, specLocation }) => [field, dataType, specFile, specLocation]),
        [
          ['NO', 'INTEGER', 'connectors.json', 'connector x, in/T.csv, column 1'],
          ['CODE', 'VARCHAR', 'connectors.json', 'connector x, in/T.csv, column 2'],
          ['DAY', 'DATE', 'connectors.json', 'connector x, in/T.csv, column 3'],
          ['N', 'INTEGER', 'connectors.json', 'connector x, in/T.csv, column 4'],
        ],
      );
    }));

  it('previews no more rows than asked, from any encoding', () =>
    withFile(Buffer.from(`\uFEFF${PLAIN}`, 'utf16le'), async (project) => {
      const shown = await csvConnector.preview?.(connect(project), 'T', 1);
      assert.deepEqual(shown, { table: 'T', columns: ['A', 'B'], rows: [['1', 'Née']], more: true, problems: [] });
    }));
});

describe('csv connector at size', () => {
  it('brings 1,000,000 packed rows into form: as they are, and with pipes in Windows-1252', async () => {
    const row = (at: number, delimiter: string): string =>
      [String(at).padStart(7, '0'), '9990000018', "O'N\xe9il", 'Anne', '58074', 'F', 'LS1 4AP', `note ${at}`].join(
        delimiter,
      );
    for (const [name, delimiter, encoding] of [
      ['plain', ',', 'utf8'],
      ['pipes', '|', 'latin1'],
    ] as const)
      await withProject({}, async (project) => {
        const pieces = [Buffer.from(`${['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'].join(delimiter)}\n`)];
        for (let at = 0; at < 1_000_000; at += 10_000) {
          const lines = Array.from({ length: 10_000 }, (_, index) => row(at + index, delimiter));
          pieces.push(Buffer.from(`${lines.join('\n')}\n`, encoding));
        }
        await project.write('in/T.csv.gz', gzipSync(Buffer.concat(pieces), { level: 1 }));
        const started = performance.now();
        const path = `${project.root}/out.csv`;
        const report = await csvConnector.read?.(connect(project), { table: 'T' }, path);
        console.log(`      ${name}: ${Math.round(performance.now() - started)} ms`);
        assert.equal(report?.rows, 1_000_000);
      });
  });
});
