import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withConnection } from '../../../src/core/connectors/openConnection.ts';
import { readBack, runLoad } from '../../support/loading.ts';
import { eventsCsv, migrateAgain, patientsCsv } from '../../support/loadProject.ts';
import { openProject, type TestProject } from '../../support/project.ts';

const CONNECTIONS = { epr: { type: 'postgres_emulator', options: {} } };
const BEFORE = { PATIENT: { csv: patientsCsv(50), rows: 50 }, EVENT: { csv: eventsCsv(200, 50), rows: 200 } };
const AFTER = { PATIENT: { csv: patientsCsv(900), rows: 900 }, EVENT: { csv: eventsCsv(3000, 900), rows: 3000 } };

/** One project whose emulator is loaded and then attacked in one way after the other, because opening it costs a second. */
describe('Loading the PostgreSQL emulator', function () {
  this.timeout(120_000);
  let project: TestProject;
  let held: string;

  before(async () => {
    project = openProject(await mkdtemp(join(tmpdir(), 'pas emulator é-')));
    await migrateAgain(project, BEFORE, CONNECTIONS);
    assert.equal((await runLoad(project, 'epr')).error, null);
    held = await readBack(project, 'epr', 'EVENT', ['ID']);
    await migrateAgain(project, AFTER, CONNECTIONS);
  });
  after(() => rm(project.root, { recursive: true }));

  async function holdsWhatItHeld(): Promise<void> {
    assert.equal(await readBack(project, 'epr', 'EVENT', ['ID']), held);
  }

  it('names every row that breaks a constraint, and holds what it held', async () => {
    const wrong = {
      500: '500,P1,,,none',
      600: '600,P77777,,K1,nobody',
      701: '5,P1,,K1,twice',
      702: '702,P1,,K1,next',
    };
    await migrateAgain(project, { ...AFTER, EVENT: { csv: eventsCsv(3000, 900, wrong), rows: 3000 } }, CONNECTIONS);
    const { report } = await runLoad(project, 'epr');
    assert.deepEqual([report.status, report.target_state], ['failed', 'as_before']);
    const issues = (await project.read('reports/load_issues.csv')).trim().split('\n').slice(1);
    assert.deepEqual(
      issues.map((line) => line.split(',').slice(1, 6).join(' ')),
      [
        'EVENT PATIENT_ID 600 600 fk_EVENT_PATIENT_ID',
        'EVENT KIND 500 500 not_null',
        'EVENT ID 5 5 pk_EVENT',
        'EVENT ID 5 701 pk_EVENT',
      ],
    );
    await migrateAgain(project, AFTER, CONNECTIONS);
    await holdsWhatItHeld();
  });

  it('a cancel ends it at once, and it holds what it held', async () => {
    const abort = new AbortController();
    const { status, report } = await runLoad(project, 'epr', abort.signal, (event) => {
      if (event.type === 'progress' && event.item === 'EVENT') setImmediate(() => abort.abort());
    });
    assert.deepEqual([status, report.status, report.target_state], ['cancelled', 'cancelled', 'as_before']);
    await holdsWhatItHeld();
  });

  it('a process that is killed in the middle leaves it as it was', async () => {
    const child = spawn(process.execPath, ['dist/cli.js', 'load', 'epr', '--project', project.root], {
      stdio: 'ignore',
    });
    const data = join(project.root, '.pas-migration/emulators/epr');
    while (readdirSync(data).filter((name) => name.startsWith('data-')).length < 2) {
      assert.equal(child.exitCode, null);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    child.kill('SIGKILL');
    await once(child, 'exit');
    assert.ok(existsSync(join(data, 'lock')), 'the killed process held the emulator');
    await holdsWhatItHeld();
  });

  it('the next load completes, and one folder of data is kept', async () => {
    const { status, report } = await runLoad(project, 'epr');
    assert.deepEqual([status, report.target_state], ['passed', 'complete']);
    for (const table of report.tables) assert.equal(table.checksum_target, table.checksum_file);
    const folders = readdirSync(join(project.root, '.pas-migration/emulators/epr'));
    assert.equal(folders.filter((name) => name.startsWith('data-')).length, 1);
  });

  it('tells its tables, types and keys, and shows a few rows', async () => {
    await withConnection(project.context(), 'epr', async ({ connector, connection }) => {
      const { fields = [] } = (await connector.discover?.(connection)) ?? {};
      const told = fields.map(({ table, field, dataType, primaryKey, mandatory, foreignKey }) =>
        [table, field, dataType, primaryKey && 'PK', mandatory && 'M', foreignKey?.table].filter(Boolean).join(' '),
      );
      assert.deepEqual(told.slice(0, 4), [
        'EVENT ID INTEGER PK M',
        'EVENT PATIENT_ID VARCHAR M PATIENT',
        'EVENT PARENT_ID INTEGER EVENT',
        'EVENT KIND VARCHAR M',
      ]);
      const preview = await connector.preview?.(connection, 'PATIENT', 3);
      assert.deepEqual([preview?.rows.length, preview?.more, preview?.columns[0]], [3, true, 'ID']);
      assert.match((await connector.test(connection)).message, /PostgreSQL 18\.\d+ in process holds 2 loaded tables/);
    });
  });
});
