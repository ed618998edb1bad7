import assert from 'node:assert/strict';
import { parseCsvText } from '../../../src/core/csv/csvText.ts';
import { runCommand } from '../../../src/core/lifecycle/runCommand.ts';
import { peopleProject } from '../../support/peopleProject.ts';
import { type TestProject, withProject } from '../../support/project.ts';

const CONNECTORS = JSON.stringify({
  schema_version: 1,
  target: 'epr',
  connections: { epr: { type: 'csv', options: { path: 'epr' } } },
});

/** A project whose rows were migrated and loaded into the folder `epr`. */
async function loaded(work: (project: TestProject) => Promise<void>): Promise<void> {
  await withProject({ ...peopleProject(), 'connectors.json': CONNECTORS }, async (project) => {
    const run = (command: string, options = {}) => runCommand(project.context(), command, options);
    assert.equal((await run('run-contract-migration', { release_profile: 'pre_production' })).status, 'passed');
    const load = await run('load', { connector: 'epr' });
    assert.equal(load.status, 'passed', String(load.error));
    await work(project);
  });
}

const reconciled = (project: TestProject, options = {}) => runCommand(project.context(), 'reconcile', options);

async function differences(project: TestProject): Promise<string[]> {
  const path = 'reports/reconciliation_differences.csv';
  const { records } = parseCsvText(await project.read(path), path, ['kind']).value;
  return records.map(({ cells }) =>
    [cells['kind'], cells['table_name'], cells['field_name'], cells['measure'], cells['row_key']]
      .filter((text) => text !== '')
      .join(' '),
  );
}

const PATIENTS = 'epr/LOAD_PATIENT.csv';

describe('reconcile', () => {
  it('finds nothing after a whole load, and says what it compared', () =>
    loaded(async (project) => {
      const outcome = await reconciled(project);
      assert.equal(outcome.status, 'passed', `${outcome.error} ${outcome.text.join()}`);
      assert.match(outcome.text.join(), /2 tables, 4 rows, \d+ figures compared with epr: no difference/);
      assert.deepEqual(await differences(project), []);
      const report = JSON.parse(await project.read('reports/reconciliation_report.json'));
      const patients = report.tables.find(({ table }: { table: string }) => table === 'LOAD_PATIENT');
      const born = patients.control_totals.find(
        ({ field, measure }: { field: string; measure: string }) => field === 'BORN' && measure === 'sum_of_ordinals',
      );
      assert.deepEqual([born.source, born.target], [String(58074 + 58075), String(58074 + 58075)]);
      assert.deepEqual([patients.rows_read, patients.rows_expected, patients.rows_in_target], [2, 2, 2]);
    }));

  const planted: [string, (text: string) => string, string[]][] = [
    [
      'a missing row',
      (text) => text.replace(/P2.*\n/, ''),
      ['TOTAL LOAD_PATIENT rows', 'TOTAL LOAD_PATIENT distinct_keys', 'KEY_MISSING LOAD_PATIENT P2'],
    ],
    [
      'a row that nobody sent',
      (text) => `${text}P9,,Who,2000-01-01\n`,
      ['TOTAL LOAD_PATIENT rows', 'KEY_UNEXPECTED LOAD_PATIENT P9'],
    ],
    [
      'a changed name',
      (text) => text.replace('Name1', 'Nome1'),
      ['TOTAL LOAD_PATIENT SURNAME hash_total', 'VALUE LOAD_PATIENT SURNAME P1'],
    ],
    [
      'a changed day',
      (text) => text.replace('2000-01-01', '2000-01-11'),
      ['TOTAL LOAD_PATIENT BORN sum_of_ordinals', 'VALUE LOAD_PATIENT BORN P1'],
    ],
    [
      'two values that changed places, which no total shows',
      (text) => text.replace('Name1', 'x').replace('Name2', 'Name1').replace('x', 'Name2'),
      ['VALUE LOAD_PATIENT SURNAME P1', 'VALUE LOAD_PATIENT SURNAME P2'],
    ],
    [
      'an emptied cell',
      (text) => text.replace('9990000018', ''),
      ['TOTAL LOAD_PATIENT NHS_NUMBER filled', 'VALUE LOAD_PATIENT NHS_NUMBER P1'],
    ],
  ];
  for (const [what, spoil, expected] of planted)
    it(`finds ${what}`, () =>
      loaded(async (project) => {
        await project.write(PATIENTS, spoil(await project.read(PATIENTS)));
        const outcome = await reconciled(project);
        assert.equal(outcome.returnCode, 1);
        const found = await differences(project);
        for (const line of expected) assert.ok(found.includes(line), `${line} is not in ${found.join('; ')}`);
        assert.doesNotMatch(outcome.text.join(), /Name|P1|P2|P9/);
      }));

  it('looks at the source as it is now: a patient who came after the load is missing in the target', () =>
    loaded(async (project) => {
      const path = 'mock_data/source/PAT.csv';
      await project.write(path, `${await project.read(path)}P3,9990000034,Late,58000\n`);
      assert.equal((await reconciled(project)).returnCode, 1);
      assert.ok((await differences(project)).includes('KEY_MISSING LOAD_PATIENT P3'));
    }));

  it('tells of a table that the target lacks, and compares the others', () =>
    loaded(async (project) => {
      const { rm } = await import('node:fs/promises');
      await rm(`${project.root}/epr/LOAD_VISIT.csv`);
      assert.equal((await reconciled(project)).returnCode, 1);
      assert.deepEqual(await differences(project), ['TABLE_UNREAD LOAD_VISIT']);
    }));

  it('leaves no scratch behind, and the migrated files and reports as they were', () =>
    loaded(async (project) => {
      const before = await project.read('reports/contract_migration_report.json');
      await reconciled(project);
      assert.equal(await project.read('reports/contract_migration_report.json'), before);
      const { readdir } = await import('node:fs/promises');
      assert.deepEqual(await readdir(`${project.root}/.pas-migration/tmp`).catch(() => []), []);
    }));

  it('compares nothing with a target that does not answer, and leaves no old report as if it were new', () =>
    loaded(async (project) => {
      assert.equal((await reconciled(project)).status, 'passed');
      const nobody = { type: 'postgres', options: { host: '127.0.0.1', port: 1, user: 'u', database: 'd' } };
      await project.write(
        'connectors.json',
        JSON.stringify({ schema_version: 1, target: 'down', connections: { down: nobody } }),
      );
      const outcome = await reconciled(project);
      assert.equal(outcome.returnCode, 2);
      assert.match(
        outcome.error ?? '',
        /could not be read, and nothing was compared: .*ECONNREFUSED.* Check the server/,
      );
      const report = JSON.parse(await project.read('reports/reconciliation_report.json'));
      assert.deepEqual([report.status, report.connection, report.tables], ['error', 'down', []]);
    }));

  it('a load that is refused says that the target was not touched, in a report of its own', () =>
    loaded(async (project) => {
      const nobody = { type: 'postgres', options: { host: '127.0.0.1', port: 1, user: 'u', database: 'd' } };
      const before = await project.read('reports/load_report.json');
      assert.equal((await runCommand(project.context(), 'load', { connector: 'typo' })).returnCode, 2);
      assert.equal(await project.read('reports/load_report.json'), before);
      await project.write('connectors.json', JSON.stringify({ schema_version: 1, connections: { down: nobody } }));
      const outcome = await runCommand(project.context(), 'load', { connector: 'down' });
      assert.equal(outcome.returnCode, 2);
      assert.match(outcome.error ?? '', /no server listens there.* The target was not touched\.$/);
      const report = JSON.parse(await project.read('reports/load_report.json'));
      assert.deepEqual([report.status, report.connection, report.target_state], ['failed', 'down', 'as_before']);
      assert.equal(report.message, outcome.error);
    }));

  it('a migration warns when it does not read the source that was configured', () =>
    withProject(peopleProject(), async (project) => {
      const notes: string[] = [];
      const run = async (source: string) => {
        const connections = {
          iris: { type: 'cache_iris_emulator', options: {} },
          files: { type: 'csv', options: { path: 'mock_data/source' } },
        };
        await project.write('connectors.json', JSON.stringify({ schema_version: 1, source, connections }));
        notes.length = 0;
        const context = project.context();
        await runCommand(
          { ...context, emit: (event) => void (event.type === 'note' && notes.push(event.text)) },
          'run-contract-migration',
          {},
        );
        return notes.join();
      };
      assert.match(await run('iris'), /names iris as source; this run reads mock_data\/source\. To read iris, run/);
      assert.doesNotMatch(await run('files'), /as source/);
    }));

  it('says what to do without a target, or with one that cannot be read', () =>
    withProject(peopleProject(), async (project) => {
      assert.match((await reconciled(project)).error ?? '', /There is no target yet; name one with --connector/);
      assert.match((await reconciled(project, { connector: 'odbc' })).error ?? '', /ODBC cannot be read back/);
      assert.match((await reconciled(project, { connector: 'gone' })).error ?? '', /There is no connection gone/);
    }));
});
