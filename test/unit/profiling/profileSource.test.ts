import assert from 'node:assert/strict';
import { parse } from 'csv-parse/sync';
import { writeCatalogText } from '../../../src/core/catalog/catalogFile.ts';
import { runStage } from '../../../src/core/lifecycle/runStage.ts';
import type { StageDefinition } from '../../../src/core/lifecycle/stage.ts';
import { profileSource } from '../../../src/core/profiling/profileSource.ts';
import { smallCatalog } from '../../support/catalog.ts';
import { type TestProject, withProject } from '../../support/project.ts';

type Line = Record<string, string>;
const stageOf = (stage: unknown): StageDefinition => stage as StageDefinition;

/** Profiles `data/` of a project with these source fields. */
async function profiled<T>(
  fields: string,
  files: Readonly<Record<string, string>>,
  look: (found: {
    lines: Map<string, Line>;
    text: readonly string[];
    status: string;
    project: TestProject;
  }) => Promise<T> | T,
  threads = 2,
): Promise<T> {
  const specs = { 'schemas/source_schema_catalog.csv': writeCatalogText(smallCatalog('source', fields)) };
  const data = Object.fromEntries(Object.entries(files).map(([name, text]) => [`data/${name}`, text]));
  return withProject({ ...specs, ...data }, async (project) => {
    const outcome = await runStage(project.context({ threads }), stageOf(profileSource), { source_dir: 'data' });
    const csv = (await project.readIfThere('reports/source_profile.csv')) ?? 'table_name,field_name\n';
    const lines = new Map(
      (parse(csv, { columns: true }) as Line[]).map((line) => [`${line['table_name']}.${line['field_name']}`, line]),
    );
    return look({
      lines,
      text: outcome.result?.text ?? [outcome.error?.message ?? ''],
      status: outcome.status,
      project,
    });
  });
}

const column = (values: readonly string[]): string =>
  `V\n${values.map((value) => (value === '' ? '""' : `"${value}"`)).join('\n')}\n`;

describe('profile-source', () => {
  const formats: readonly [
    what: string,
    type: string,
    description: string,
    values: readonly string[],
    format: string,
  ][] = [
    ['$HOROLOG days of a date', 'INTEGER', 'Date of birth', ['58074', '60123', '47117'], 'HOROLOG'],
    ['five digits of nothing in particular', 'INTEGER', 'Count', ['58074', '60123', '47117'], 'INTEGER'],
    ['$HOROLOG stamps', 'VARCHAR', 'Admitted', ['66743,43200', '66744,1'], 'HOROLOG_STAMP'],
    ['seconds since midnight', 'INTEGER', 'Time seen in seconds', ['43200', '1', '86399'], 'HOROLOG_SECONDS'],
    ['days without separators', 'VARCHAR', '', ['20240105', '19990228'], 'YYYYMMDD'],
    ['eight digits that are no days', 'VARCHAR', '', ['20241305', '99999999'], 'INTEGER'],
    ['minutes without separators', 'VARCHAR', '', ['202401052359', '202401050000'], 'YYYYMMDDHHMM'],
    ['British days', 'VARCHAR', '', ['05/01/2024', '31/12/1999'], 'DD/MM/YYYY'],
    ['ISO days', 'VARCHAR', '', ['2024-01-05'], 'ISO_DATE'],
    ['ISO times', 'VARCHAR', '', ['2024-01-05T10:00:00Z', '2024-01-05 10:00'], 'ISO_DATETIME'],
    ['NHS numbers with right check digits', 'VARCHAR', '', ['9990000018', '9990000026'], 'NHS_NUMBER'],
    ['ten digits with wrong check digits', 'VARCHAR', '', ['9990000011', '9990000012'], 'INTEGER'],
    ['postcodes', 'VARCHAR', '', ['SW1A 1AA', 'AL38QE'], 'POSTCODE'],
    ['ICD-10', 'VARCHAR', 'ICD-10 diagnosis', ['I21.9', 'E119', 'Z038'], 'ICD10'],
    ['OPCS-4', 'VARCHAR', 'OPCS-4 procedure', ['W37.1', 'K401'], 'OPCS4'],
    ['flags', 'VARCHAR', '', ['Y', 'N', 'y'], 'FLAG'],
    ['one in twenty-five that does not fit', 'VARCHAR', '', [...Array(24).fill('20240105'), 'unknown!'], 'YYYYMMDD'],
    ['free text', 'VARCHAR', '', ['some text', 'other text'], ''],
    ['nothing at all', 'VARCHAR', '', ['', ''], ''],
  ];
  for (const [what, type, description, values, format] of formats) {
    it(`detects ${format === '' ? 'no format' : format} in ${what}`, async () => {
      await profiled(`T\n V ${type} | ${description}`, { 'T.csv': column(values) }, ({ lines }) => {
        assert.equal(lines.get('T.V')?.['detected_format'], format);
      });
    });
  }

  it('shows no value that fewer than five rows hold, not as least, greatest or frequent one', async () => {
    const values = [...Array(5).fill('M'), ...Array(6).fill('F'), ...Array(4).fill('ZZRARE'), 'AARARE', ''];
    await profiled('T\n V VARCHAR', { 'T.csv': column(values) }, async ({ lines, project }) => {
      const line = lines.get('T.V') ?? {};
      assert.deepEqual(JSON.parse(line['top_values'] ?? ''), [
        ['F', 6],
        ['M', 5],
      ]);
      assert.deepEqual([line['min_value'], line['max_value'], line['distinct_count']], ['F', 'M', '4']);
      assert.deepEqual([line['rows'], line['nulls'], line['null_percent']], ['17', '1', '5.9']);
      for (const file of ['reports/source_profile.csv', 'reports/source_profile.json'])
        assert.doesNotMatch(await project.read(file), /RARE/);
    });
  });

  it('checks declared and inferred links against the data', async () => {
    const fields =
      'PAT\n PAT_NO VARCHAR key\n REF\n REF_NO VARCHAR key\n PAT_NO VARCHAR\n SEEN_PAT VARCHAR ->PAT.PAT_NO';
    const data = { 'PAT.csv': 'PAT_NO\n1\n2\n3\n', 'REF.csv': 'REF_NO,PAT_NO,SEEN_PAT\nA,1,9\nB,2,8\nC,3,1\n' };
    await profiled(fields, data, async ({ project }) => {
      const links = parse(await project.read('reports/source_relationships.csv'), { columns: true }) as Line[];
      const told = links.map((link) => [link['from_field'], link['to_field'], link['origin'], link['containment']]);
      assert.deepEqual(told, [
        ['PAT_NO', 'PAT_NO', 'inferred', '1'],
        ['SEEN_PAT', 'PAT_NO', 'declared', '0.333'],
      ]);
    });
  });

  it('leaves out an inferred link that the data do not bear out', async () => {
    const fields = 'PAT\n PAT_NO VARCHAR key\n REF\n PAT_NO VARCHAR';
    await profiled(fields, { 'PAT.csv': 'PAT_NO\n1\n', 'REF.csv': 'PAT_NO\n7\n8\n' }, async ({ project }) => {
      assert.equal((await project.read('reports/source_relationships.csv')).trim().split('\n').length, 1);
    });
  });

  const bad: readonly [what: string, files: Record<string, string>, says: RegExp][] = [
    ['a missing file', {}, /data\/T\.csv.*not found/],
    ['an empty file', { 'T.csv': '' }, /data\/T\.csv.*empty/],
    ['a header without the column', { 'T.csv': 'W\n1\n' }, /data\/T\.csv:?1?.*lacks V/],
  ];
  for (const [what, files, says] of bad) {
    it(`says so about ${what} and profiles the other tables`, async () => {
      const fields = 'T\n V VARCHAR\n U\n V VARCHAR';
      await profiled(fields, { ...files, 'U.csv': 'V\nx\n' }, ({ lines, status, text }) => {
        assert.equal(status, 'failed');
        assert.match(text.join('\n'), says);
        assert.equal(lines.get('U.V')?.['rows'], '1');
        assert.equal(lines.has('T.V'), false);
      });
    });
  }

  it('counts rows that cannot be read and profiles the rest', async () => {
    const fields = 'T\n V VARCHAR\n W VARCHAR';
    await profiled(fields, { 'T.csv': 'V,W\na,b\nc,d,e,f\ng,h\n' }, ({ lines, text, status }) => {
      assert.equal(status, 'passed');
      assert.match(text.join('\n'), /1 rows cannot be read/);
      assert.equal(lines.get('T.V')?.['rows'], '2');
    });
  });

  it('gives the same bytes on 1 and 2 threads, on 200,000 rows', async () => {
    const rows = Array.from({ length: 200_000 }, (_, index) => `${index % 977},${(index * 7919) % 1_000_003}`).join(
      '\n',
    );
    const run = (threads: number): Promise<string> =>
      profiled(
        'T\n V VARCHAR\n W VARCHAR',
        { 'T.csv': `V,W\n${rows}\n` },
        ({ project }) => project.read('reports/source_profile.csv'),
        threads,
      );
    assert.equal(await run(1), await run(2));
  });
});
