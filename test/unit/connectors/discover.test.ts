import assert from 'node:assert/strict';
import { parse } from 'csv-parse/sync';
import { runCommand } from '../../../src/core/lifecycle/runCommand.ts';
import { readSummary } from '../../../src/core/review/reports.ts';
import { type TestProject, withProject } from '../../support/project.ts';
import { withSample } from '../../support/sampleProject.ts';

const CONNECTORS = JSON.stringify({
  schema_version: 1,
  source: 'legacy',
  target: null,
  connections: { legacy: { type: 'csv', options: { path: 'in' } } },
});
const FILES = {
  'connectors.json': CONNECTORS,
  'in/PATMAST.csv': 'PAT_NO,SNM,DOB_H\n1,Ann,58074\n2,Bo,58075\n',
  'in/WARD.csv': 'WARD_CD,BEDS\nA1,12\n',
};

type Row = Record<string, string>;

async function discover(project: TestProject, options: Record<string, unknown> = {}) {
  const outcome = await runCommand(project.context(), 'connectors discover', { name: 'legacy', ...options });
  assert.equal(outcome.error, null);
  return outcome;
}

async function catalogOf(project: TestProject): Promise<Row[]> {
  return parse(await project.read('schemas/source_schema_catalog.csv'), { columns: true }) as Row[];
}

describe('connectors discover writes a catalog', () => {
  it('in which every field cites its connection and place, with relationships and a summary that agree', () =>
    withProject(FILES, async (project) => {
      const { text } = await discover(project, { write: 'new' });
      const written = [
        'schemas/source_schema_catalog.csv',
        'schemas/schema_relationships.csv',
        'schemas/schema_catalog_summary.json',
      ];
      const told = text.filter((line) => line.startsWith('Written: '));
      assert.deepEqual(told.sort(), written.map((path) => `Written: ${path}`).sort());
      const cited = (await catalogOf(project)).map((row) => [
        row['field_name'],
        row['spec_file'],
        row['spec_location'],
      ]);
      assert.deepEqual(cited, [
        ['PAT_NO', 'connectors.json', 'connector legacy, in/PATMAST.csv, column 1'],
        ['SNM', 'connectors.json', 'connector legacy, in/PATMAST.csv, column 2'],
        ['DOB_H', 'connectors.json', 'connector legacy, in/PATMAST.csv, column 3'],
        ['WARD_CD', 'connectors.json', 'connector legacy, in/WARD.csv, column 1'],
        ['BEDS', 'connectors.json', 'connector legacy, in/WARD.csv, column 2'],
      ]);
      const { source, target, status } = JSON.parse(await project.read('schemas/schema_catalog_summary.json'));
      assert.deepEqual([status, source.tables, source.fields, target.tables], ['passed', 2, 5, 0]);
      assert.deepEqual(
        source.files.map((file: Row) => [file['path'], file['format'], file['tables'], file['fields']]),
        [['connectors.json', 'connector', 2, 5]],
      );
      assert.deepEqual(
        source.citations.map((citation: Row) => [citation['field'], citation['file'], citation['location']]),
        cited,
      );
      assert.ok((await readSummary(project.context().project)) !== null, 'the views can read it');
    }));

  it('keeps what the summary says of the other side', () =>
    withSample(async (project) => {
      assert.equal((await runCommand(project.context(), 'extract-specs', {})).status, 'passed');
      const before = JSON.parse(await project.read('schemas/schema_catalog_summary.json'));
      for (const [path, text] of Object.entries(FILES)) await project.write(path, text);
      const { error } = await runCommand(project.context(), 'connectors discover', { name: 'legacy', write: 'new' });
      assert.match(error ?? '', /source_schema_catalog\.csv: is there already.*use --write replace/);
      await discover(project, { write: 'replace' });
      const after = JSON.parse(await project.read('schemas/schema_catalog_summary.json'));
      assert.deepEqual(after.target, before.target);
      assert.deepEqual([after.source.tables, before.source.tables], [2, 36]);
      assert.notEqual(after.run_id, before.run_id);
    }));

  it('makes a summary when the present one cannot be read', () =>
    withProject(
      { ...FILES, 'schemas/schema_catalog_summary.json': '{"target": {"tables": "many"}' },
      async (project) => {
        await discover(project, { write: 'new' });
        assert.equal((await readSummary(project.context().project))?.source.tables, 2);
      },
    ));

  it('follows what people decided in the overrides', () =>
    withProject(
      {
        ...FILES,
        'requirement_spec/overrides.json': JSON.stringify({
          types: { source: { 'PATMAST.DOB_H': '$HOROLOG date' } },
          families: { source: { WARD: 'WARD_REF' } },
        }),
      },
      async (project) => {
        await discover(project, { write: 'new' });
        const rows = await catalogOf(project);
        const born = rows.find((row) => row['field_name'] === 'DOB_H');
        assert.deepEqual([born?.['data_type'], born?.['format'], born?.['parse_confidence']], ['DATE', 'HOROLOG', '1']);
        assert.equal(rows.find((row) => row['table_name'] === 'WARD')?.['family'], 'WARD_REF');
      },
    ));

  it('writes nothing unless it is told to', () =>
    withProject(FILES, async (project) => {
      const { text } = await discover(project);
      assert.match(text.join('\n'), /Nothing was written; use --write new or --write replace/);
      assert.equal(await project.readIfThere('schemas/schema_catalog_summary.json'), null);
    }));
});
