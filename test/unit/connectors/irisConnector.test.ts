import assert from 'node:assert/strict';
import fc from 'fast-check';
import { irisConnector } from '../../../src/core/connectors/iris/irisConnector.ts';
import { IrisOptions } from '../../../src/core/connectors/iris/irisOptions.ts';
import {
  decodeList,
  decodeMultiValue,
  encodeList,
  encodeMultiValue,
} from '../../../src/core/connectors/iris/listCodec.ts';
import { type TestProject, withProject } from '../../support/project.ts';
import { catalogText } from '../../support/smallProject.ts';

const CATALOG = catalogText(`
  PAT.NO VARCHAR(10) M PK
  PAT.FSN1 VARCHAR(40)
  PAT.FSN2 VARCHAR(40)
  PAT.FSN3 VARCHAR(40)
  PAT.DOB DATE as=HOROLOG
  PAT.TOB TIME as=HOROLOG_SECONDS
`);
const ROWS = Array.from(
  { length: 25 },
  (_, at) => `P${at},${at % 3 === 0 ? '' : 'Ýates'},,"x,${at}",${58074 + at},${at * 60}`,
);
const DATA = `NO,FSN1,FSN2,FSN3,DOB,TOB\n${ROWS.join('\n')}\n`;
const FILES = { 'schemas/source_schema_catalog.csv': CATALOG, 'mock_data/source/PAT.csv': DATA };

async function readPat(project: TestProject, options: Record<string, unknown>) {
  const connection = {
    name: 'old',
    options: IrisOptions.parse({ page_size: 4, ...options }),
    context: project.context(),
  };
  const report = await irisConnector.read?.(connection, { table: 'PAT' }, `${project.root}/out.csv`);
  assert.ok(report !== undefined);
  return { report, text: await project.read('out.csv') };
}

describe('$LIST and MultiValue', () => {
  const element = fc.option(fc.string({ unit: 'grapheme', maxLength: 300 }), { nil: null });

  it('give back every list', () => {
    fc.assert(
      fc.property(fc.array(element, { maxLength: 5 }), (list) => assert.deepEqual(decodeList(encodeList(list)), list)),
    );
  });

  it('give back marked values, ý among them', () => {
    const value = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).map((text) => `ý${text}`);
    fc.assert(
      fc.property(fc.array(fc.option(value, { nil: null }), { minLength: 1, maxLength: 5 }), (list) =>
        assert.deepEqual(decodeMultiValue(encodeMultiValue(list)), list),
      ),
    );
  });

  it('know the bytes that the manual shows', () => {
    assert.deepEqual(encodeList(['A', null, '']), Buffer.from([3, 1, 65, 1, 2, 1]));
    assert.deepEqual(decodeList(Buffer.from([3, 4, 5, 3, 5, 0xfe, 2, 4])), ['5', '-2', '0']);
  });

  it('never decode what is cut or no list', () => {
    for (const bytes of [
      [5, 1, 65],
      [0, 9],
      [3, 9, 1],
      [4, 2, 65, 0, 7],
      [0, 0, 0],
    ])
      assert.equal(typeof decodeList(Buffer.from(bytes)) === 'object', true);
    assert.equal(decodeList(Buffer.from([5, 1, 65])), null);
    assert.equal(decodeList(Buffer.from([3, 9, 1])), null);
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => void decodeList(Buffer.from(bytes))));
  });
});

describe('cache_iris_emulator', () => {
  for (const collections of ['columns', 'list', 'multi_value'])
    it(`reads page by page the very rows of the mock data (${collections})`, () =>
      withProject(FILES, async (project) => {
        const { text, report } = await readPat(project, { collections });
        assert.equal(text, DATA);
        assert.equal(report.rows, 25);
      }));

  it('keeps the order of the columns, also when others stand between those of a collection', () =>
    withProject({ 'mock_data/source/PAT.csv': 'NO,FSN1,FSN1_DT,FSN2,FSN2_DT\nP1,a,1,b,2\n' }, async (project) => {
      const { text } = await readPat(project, {});
      assert.equal(text, 'NO,FSN1,FSN1_DT,FSN2,FSN2_DT\nP1,a,1,b,2\n');
    }));

  it('shows dates and times as ISO text in odbc mode', () =>
    withProject(FILES, async (project) => {
      const { text } = await readPat(project, { select_mode: 'odbc' });
      assert.equal(text.split('\n')[2], 'P1,Ýates,,"x,1",2000-01-02,00:01:00');
    }));

  it('projects classes to SQL with %Library types and cites INFORMATION_SCHEMA and the emulator', () =>
    withProject(FILES, async (project) => {
      const context = project.context();
      const found = await irisConnector.discover?.({ name: 'old', options: IrisOptions.parse({}), context });
      assert.deepEqual(
        found?.fields.map(({ field, declaredType, format }) => [field, declaredType, format]),
        [
          ['NO', '%Library.String', ''],
          ['FSN1', '%Library.List element 1', ''],
          ['FSN2', '%Library.List element 2', ''],
          ['FSN3', '%Library.List element 3', ''],
          ['DOB', '%Library.Date', 'HOROLOG'],
          ['TOB', '%Library.Time', 'HOROLOG_SECONDS'],
        ],
      );
      assert.equal(
        found?.fields[1]?.specLocation,
        'connector old (emulator), INFORMATION_SCHEMA.COLUMNS SQLUser.PAT.FSN element 1',
      );
      const test = await irisConnector.test({ name: 'old', options: IrisOptions.parse({}), context });
      assert.match(test.message, /emulator serves 1 classes .* no Caché or IRIS is behind it/);
    }));

  const faults: [string, RegExp][] = [
    ['drop', /PAT: the connection was dropped .* after 10 rows, the last ID 10/],
    ['lock', /PAT: a row is locked \(\[SQLCODE: <-114>\].* after 10 rows, the last ID 10/],
    ['slow', /PAT: the query took longer than 5 ms \(\[SQLCODE: <-450>\].* after 10 rows, the last ID 10/],
  ];
  for (const [fault, message] of faults) {
    const options = { fault, fault_after_rows: 10, query_timeout_ms: 5 };
    it(`${fault}: says how far it came, and leaves nothing`, () =>
      withProject(FILES, async (project) => {
        await assert.rejects(readPat(project, options), message);
        assert.equal(await project.readIfThere('out.csv'), null);
        assert.equal(await project.readIfThere('out.csv.pages-0'), null);
      }));
    it(`${fault}: goes on behind the last ID when it may, with the same rows`, () =>
      withProject(FILES, async (project) => {
        const { text, report } = await readPat(project, { ...options, fault_times: 2, retries: 2 });
        assert.equal(text, DATA);
        assert.deepEqual(
          report.problems.map(({ code }) => code),
          ['connector-resumed', 'connector-resumed'],
        );
        await assert.rejects(readPat(project, { ...options, fault_times: 3, retries: 2 }), message);
      }));
  }

  it('fails only in the table that is named', () =>
    withProject(FILES, async (project) => {
      const { report } = await readPat(project, { fault: 'drop', fault_after_rows: 0, fault_table: 'OTHER' });
      assert.deepEqual(report.problems, []);
    }));

  it('stops while it waits, when asked to', () =>
    withProject(FILES, async (project) => {
      const abort = new AbortController();
      const options = IrisOptions.parse({ fault: 'slow', fault_after_rows: 0, query_timeout_ms: 60_000 });
      const context = project.context({ signal: abort.signal });
      const reading = irisConnector.read?.(
        { name: 'old', options, context },
        { table: 'PAT' },
        `${project.root}/out.csv`,
      );
      setTimeout(() => abort.abort(), 50);
      await assert.rejects(async () => reading, { name: 'Cancelled' });
    }));

  it('refuses options that make no sense', () => {
    for (const options of [
      { schema: 'a b' },
      { schema: 'x";--' },
      { page_size: 0 },
      { page_size: 1.5 },
      { fault: 'fire' },
      { fault_after_rows: -1 },
      { retries: 101 },
      { query_timeout_ms: 0 },
      { select_mode: 'display' },
      { collections: '' },
      { path: '' },
    ])
      assert.equal(IrisOptions.safeParse(options).success, false, JSON.stringify(options));
  });
});
