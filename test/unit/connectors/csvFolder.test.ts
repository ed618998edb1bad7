import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { runCommand } from '../../../src/core/lifecycle/runCommand.ts';
import { type TestProject, withProject } from '../../support/project.ts';

const GOOD = 'NO,NAME\n1,Ann\n2,Bo\n';

/** A folder with two good tables, and one that is bad in some way. */
function withFolder(
  files: Readonly<Record<string, string | Uint8Array>>,
  work: (project: TestProject) => Promise<void>,
  options: object = {},
): Promise<void> {
  const connections = { legacy: { type: 'csv', options: { path: 'in', ...options } } };
  const choices = JSON.stringify({ schema_version: 1, source: 'legacy', target: null, connections });
  return withProject({ 'connectors.json': choices }, async (project) => {
    for (const [path, bytes] of Object.entries({ 'PAT.csv': GOOD, 'WARD.csv': GOOD, ...files }))
      await project.write(`in/${path}`, bytes);
    await work(project);
  });
}

interface Tested {
  readonly ok: boolean;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly problems: readonly string[];
}

async function tested(
  project: TestProject,
): Promise<Tested & { readonly text: readonly string[]; readonly status: string }> {
  const { summary, error, text, status } = await runCommand(project.context(), 'connectors test', { name: 'legacy' });
  assert.equal(error, null);
  return { ...(summary as unknown as Tested), text, status };
}

async function discovered(project: TestProject, write = 'no') {
  const outcome = await runCommand(project.context(), 'connectors discover', { name: 'legacy', write });
  return { ...outcome, names: (outcome.summary as { table_names?: string[] } | null)?.table_names ?? [] };
}

describe('one bad file in a folder of CSV hides no other table', () => {
  const cut = gzipSync(GOOD.repeat(1000)).subarray(0, 60);
  const bad: [string, Record<string, string | Uint8Array>, RegExp][] = [
    ['a packed file that is cut short', { 'BAD.csv.gz': cut }, /in\/BAD\.csv\.gz: The file is cut short.*get it again/],
    ['a packed file that is none', { 'BAD.csv.gz': GOOD }, /in\/BAD\.csv\.gz: The file is no sound gzip file; get it/],
    [
      'an empty file',
      { 'BAD.csv': '' },
      /in\/BAD\.csv: The file is empty \(0 bytes\).*extract it again, or take it away/,
    ],
    ['blank lines only', { 'BAD.csv': '\n\n' }, /in\/BAD\.csv: The file holds no record/],
    [
      'a column twice',
      { 'BAD.csv': 'A,B,A\n1,2,3\n' },
      /in\/BAD\.csv:1: The header names column 3 like an earlier one; rename/,
    ],
    [
      'a file that is no Parquet',
      { 'BAD.parquet': GOOD },
      /in\/BAD\.parquet: The file is no Parquet file that can be read; get/,
    ],
    [
      'a table that is there twice',
      { 'BAD.csv': GOOD, 'BAD.txt': GOOD },
      /in\/BAD\.csv: The folder holds BAD twice, as BAD\.csv and BAD\.txt; keep one/,
    ],
    [
      'parts of two kinds',
      { 'BAD/1.csv': GOOD, 'BAD/2.parquet': 'x' },
      /in\/BAD: The folder mixes Parquet and text files; keep one/,
    ],
    [
      'parts with other columns',
      { 'BAD/1.csv': GOOD, 'BAD/2.csv': 'A,B\n1,2\n' },
      /in\/BAD\/2\.csv: The file has other columns than the first part of BAD; give/,
    ],
  ];
  for (const [what, files, problem] of bad)
    it(what, () =>
      withFolder(files, async (project) => {
        const { ok, message, details, problems, text, status } = await tested(project);
        assert.deepEqual([ok, status, details['tables'], details['problems']], [false, 'failed', 2, 1]);
        assert.match(message, /^2 of 3 tables in in can be read\. /);
        assert.match(message, problem);
        assert.match(problems.join('\n'), problem);
        assert.match(text.join('\n'), problem);

        const looked = await discovered(project);
        assert.deepEqual([looked.error, looked.status, looked.names], [null, 'failed', ['PAT', 'WARD']]);
        assert.match(looked.text[0] ?? '', problem);
        assert.match(looked.text.join('\n'), /Tables: PAT, WARD\n/);

        // What would lack a table is neither written nor extracted; the good ones can be, by name.
        assert.match(
          (await discovered(project, 'new')).error ?? '',
          /catalog\.csv: was not written, because it would lack/,
        );
        assert.equal(await project.readIfThere('schemas/source_schema_catalog.csv'), null);
        const all = await runCommand(project.context(), 'connectors extract', { name: 'legacy' });
        assert.match(all.error ?? '', problem);
        const some = await runCommand(project.context(), 'connectors extract', { name: 'legacy', tables: 'PAT' });
        assert.equal(some.error, null);
        const shown = await runCommand(project.context(), 'connectors preview', { name: 'legacy', table: 'WARD' });
        assert.equal(shown.error, null);
      }),
    );

  it('a folder without a fault passes', () =>
    withFolder({}, async (project) => {
      const { ok, message, problems, details } = await tested(project);
      assert.deepEqual([ok, message, problems], [true, '2 tables are in in.', []]);
      assert.deepEqual(details, { tables: 2, files: 2, parquet: 0, problems: 0, encoding: 'utf-8', delimiter: ',' });
      const { status, names } = await discovered(project, 'new');
      assert.deepEqual([status, names], ['passed', ['PAT', 'WARD']]);
    }));
});

describe('rows that do not fit are told with their lines before anything is extracted', () => {
  const ragged = { 'PAT.csv': 'NO,NAME\n1,Ann\n2\n"3\n3",Bo\n4,Cy,x\n5,"D"e\n' };
  const lines = [
    /in\/PAT\.csv:3: The row has 1 cell, the header has 2/,
    /in\/PAT\.csv:6: The row has 3/,
    /in\/PAT\.csv:7: The quotes/,
  ];

  it('by test and preview, as errors when the table would be refused', () =>
    withFolder(ragged, async (project) => {
      const { ok, message, details, problems } = await tested(project);
      assert.deepEqual([ok, details['tables'], problems.length], [false, 1, 3]);
      assert.match(
        message,
        /1 of 2 tables in in can be read\. in\/PAT\.csv:3: .*mend the file, or set ragged_rows to leave_out/,
      );
      const shown = await runCommand(project.context(), 'connectors preview', { name: 'legacy', table: 'PAT' });
      for (const line of lines) {
        assert.match(problems.join('\n'), line);
        assert.match(shown.text.join('\n'), line);
      }
      assert.doesNotMatch([message, ...problems].join(), /Ann|Bo|Cy/);
      // Its columns are known all the same.
      assert.deepEqual((await discovered(project)).names, ['PAT', 'WARD']);
    }));

  it('as warnings when they are left out', () =>
    withFolder(
      ragged,
      async (project) => {
        const { ok, message, problems } = await tested(project);
        assert.deepEqual([ok, message], [true, '2 tables are in in. 3 warnings tell of rows or characters.']);
        for (const line of lines) assert.match(problems.join('\n'), line);
      },
      { ragged_rows: 'leave_out' },
    ));

  it('only near the beginning of a file: a test stays fast, and the extract tells the rest', () =>
    withFolder({ 'PAT.csv': `${GOOD.repeat(1)}${'1,Ann\n'.repeat(100_000)}2\n` }, async (project) => {
      assert.equal((await tested(project)).ok, true);
      const extracted = await runCommand(project.context(), 'connectors extract', { name: 'legacy' });
      assert.match(extracted.error ?? '', /in\/PAT\.csv:100004: The row has 1 cell/);
    }));

  it('a quote that is never closed, in a file of any length', () =>
    withFolder({ 'PAT.csv': `NO,NAME\n1,"Ann\n${'2,Bo\n'.repeat(100_000)}` }, async (project) => {
      const { problems } = await tested(project);
      assert.match(problems.join('\n'), /in\/PAT\.csv:2: A record begins here that does not end within 100 kB/);
    }));
});
