import assert from 'node:assert/strict';
import { withConnection } from '../../../src/core/connectors/openConnection.ts';
import { connectorOf } from '../../../src/core/connectors/registry.ts';
import { UserError } from '../../../src/core/shared/errors.ts';
import { type TestProject, withProject } from '../../support/project.ts';

const configured = (type: string, options: Record<string, unknown>): string =>
  JSON.stringify({ schema_version: 1, connections: { x: { type, options } } });

const tried = (project: TestProject) =>
  withConnection(project.context(), 'x', ({ connector, connection }) => connector.test(connection));

describe('experimental connectors', () => {
  it('odbc lists data sources and drivers of the ini files, and says that it cannot connect', () =>
    withProject(
      {
        'connectors.json': configured('odbc', { ini_dir: 'etc', dsn: 'GONE' }),
        'etc/odbc.ini': '[ODBC Data Sources]\nPASLIVE=iris\n\n[PASLIVE]\nDriver=iris\nPassword=hidden\n',
        'etc/odbcinst.ini': '[InterSystems]\nDriver=/x.so\n',
      },
      async (project) => {
        const report = await tried(project);
        assert.equal(report.ok, false);
        assert.match(
          report.message,
          /data sources: PASLIVE; drivers: InterSystems\. There is no data source GONE\. A placeholder/,
        );
        assert.doesNotMatch(report.message, /hidden/);
      },
    ));

  it('odbc without ini files has none', () =>
    withProject({ 'connectors.json': configured('odbc', { ini_dir: 'nowhere' }) }, async (project) => {
      assert.match((await tried(project)).message, /data sources: none; drivers: none/);
    }));

  it('jdbc says which driver is needed', () =>
    withProject({ 'connectors.json': configured('jdbc', { url: 'jdbc:IRIS://host:1972/PAS' }) }, async (project) => {
      assert.match((await tried(project)).message, /A driver for IRIS would be needed\. A placeholder/);
    }));

  for (const id of ['odbc', 'jdbc'])
    it(`${id} has no reading to pretend with`, () => {
      const connector = connectorOf(id);
      assert.deepEqual(
        [connector?.read, connector?.preview, connector?.discover, connector?.load],
        Array(4).fill(undefined),
      );
      assert.equal(Object.values(connector?.capabilities ?? {}).includes(true), false);
    });

  it('json_dummy reads tables, with text and null kept apart', () =>
    withProject(
      {
        'connectors.json': configured('json_dummy', { path: 't.json' }),
        't.json': '{"PAT":[{"NO":"1","SNM":"O, Neil"},{"NO":2,"SNM":"","LIVE":true},{"NO":3,"SNM":null}]}',
      },
      (project) =>
        withConnection(project.context(), 'x', async ({ connector, connection }) => {
          await connector.read?.(connection, { table: 'PAT' }, `${project.root}/out.csv`);
          assert.equal(await project.read('out.csv'), 'NO,SNM,LIVE\n1,"O, Neil",\n2,"",true\n3,,\n');
          const found = await connector.discover?.(connection);
          assert.deepEqual(
            found?.fields.map(({ field, dataType }) => [field, dataType]),
            [
              ['NO', 'INTEGER'],
              ['SNM', 'VARCHAR'],
              ['LIVE', 'VARCHAR'],
            ],
          );
          assert.equal((await connector.preview?.(connection, 'PAT', 1))?.more, true);
        }),
    ));

  const bad: [string, string, RegExp][] = [
    ['no JSON', '{"PAT": [{"NO": "SECRETNAME"', /t.json: is not valid JSON/],
    ['a list', '[]', /must hold a list of rows/],
    ['a table that is no list', '{"PAT": 5}', /look at PAT/],
    ['a nested value', '{"PAT":[{"NO":{"a":1}}]}', /PAT.NO: a value is a list or an object/],
    ['a NUL', '{"PAT":[{"NO":"a\\u0000"}]}', /PAT.NO: a value holds a NUL/],
    ['no such table', '{"VIS":[]}', /has no table PAT/],
    ['an empty table', '{"PAT":[]}', /has no row/],
  ];
  for (const [what, text, message] of bad)
    it(`json_dummy refuses ${what} without quoting it`, () =>
      withProject({ 'connectors.json': configured('json_dummy', { path: 't.json' }), 't.json': text }, (project) =>
        withConnection(project.context(), 'x', async ({ connector, connection }) => {
          const read = connector.read?.(connection, { table: 'PAT' }, `${project.root}/out.csv`);
          await assert.rejects(
            async () => read,
            (error) =>
              error instanceof UserError && message.test(error.message) && !error.message.includes('SECRETNAME'),
          );
        }),
      ));
});
