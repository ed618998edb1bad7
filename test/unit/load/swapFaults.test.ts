import assert from 'node:assert/strict';
import { runCommand } from '../../../src/core/lifecycle/runCommand.ts';
import { type CutProxy, startCutProxy } from '../../support/cutProxy.ts';
import { runLoad } from '../../support/loading.ts';
import { eventsCsv, loadFiles, migrateAgain, patientsCsv } from '../../support/loadProject.ts';
import { startPostgres, type TestServer } from '../../support/postgresServer.ts';
import { type TestProject, withProject } from '../../support/project.ts';

const BEFORE = { PATIENT: { csv: patientsCsv(50), rows: 50 }, EVENT: { csv: eventsCsv(200, 50), rows: 200 } };
const AFTER = { PATIENT: { csv: patientsCsv(60), rows: 60 }, EVENT: { csv: eventsCsv(300, 60), rows: 300 } };
const NEW_ROWS = ['60', '300'];
const OLD_ROWS = ['50', '200'];

describe('Faults while the new rows take their place in a PostgreSQL server', function () {
  this.timeout(60_000);
  let server: TestServer;
  let proxy: CutProxy;
  let connections: Record<string, { type: string; options: object }>;

  before(async () => {
    server = await startPostgres({ fsync: 'off' });
    proxy = await startCutProxy(server.port);
    connections = { epr: { type: 'postgres', options: { ...server.options, port: proxy.port } } };
  });
  after(async () => {
    await proxy.close();
    await server.stop();
  });

  /** A project whose first migration is loaded, and whose second one is loaded while the hooks break something. */
  async function broken(work: (project: TestProject) => Promise<void>): Promise<void> {
    for (const schema of ['pas_target', 'pas_target_staging', 'pas_target_previous'])
      await server.sql(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
    proxy.hooks = {};
    await withProject(loadFiles(BEFORE, connections), async (project) => {
      assert.equal((await runLoad(project, 'epr')).status, 'passed');
      await migrateAgain(project, AFTER, connections);
      await work(project);
    });
  }

  async function rowsOf(schema: string): Promise<(string | undefined)[]> {
    const [rows] = await server.sql(
      `SELECT (SELECT count(*) FROM ${schema}."PATIENT")::text AS patients, (SELECT count(*) FROM ${schema}."EVENT")::text AS events`,
    );
    return [rows?.['patients'], rows?.['events']];
  }

  async function loadedAsBefore(project: TestProject): Promise<void> {
    const { status, report } = await runLoad(project, 'epr');
    assert.deepEqual([status, report.status, report.target_state], ['failed', 'failed', 'as_before']);
    assert.match(report.message, /A new connection finds the target as it was/);
    assert.deepEqual(await rowsOf('pas_target'), OLD_ROWS);
    const again = await runLoad(project, 'epr');
    assert.deepEqual([again.status, again.report.target_state], ['passed', 'complete']);
    assert.deepEqual(
      again.report.tables.map(({ rows_sent }) => rows_sent),
      [0, 0],
      'what had been sent was taken up',
    );
    assert.deepEqual([await rowsOf('pas_target'), await rowsOf('pas_target_previous')], [NEW_ROWS, OLD_ROWS]);
  }

  async function loadedComplete(project: TestProject): Promise<void> {
    const { status, report } = await runLoad(project, 'epr');
    assert.deepEqual([status, report.status, report.target_state], ['passed', 'passed', 'complete']);
    assert.match(report.message, /A new connection finds all new rows in the target/);
    assert.deepEqual([await rowsOf('pas_target'), await rowsOf('pas_target_previous')], [NEW_ROWS, OLD_ROWS]);
    assert.equal((await runLoad(project, 'epr')).status, 'passed');
  }

  it('the connection dies between two statements of the swap: as before', () =>
    broken(async (project) => {
      proxy.hooks.rename = (link) => link.cut();
      await loadedAsBefore(project);
    }));

  it('the connection dies before COMMIT reaches the server: as before', () =>
    broken(async (project) => {
      proxy.hooks.commit = (link) => link.cut();
      await loadedAsBefore(project);
    }));

  it('the network goes before COMMIT, and the server does not know yet: its session is ended, and it is as before', () =>
    broken(async (project) => {
      proxy.hooks.commit = (link) => link.cutClient();
      await loadedAsBefore(project);
    }));

  it('the answer to COMMIT is lost: complete', () =>
    broken(async (project) => {
      proxy.hooks.commit = async (link) => {
        const answered = link.loseAnswer();
        link.forward();
        await answered;
        link.cut();
      };
      await loadedComplete(project);
    }));

  it('the connection is lost while the server still commits: it is asked only once that is decided', () =>
    broken(async (project) => {
      const standby = async (names: string): Promise<void> => {
        await server.sql(`ALTER SYSTEM SET synchronous_standby_names = '${names}'`);
        await server.sql('SELECT pg_reload_conf()');
      };
      const waiting = (event: string): Promise<unknown> =>
        until(async () => {
          const rows = await server.sql(`SELECT 1 FROM pg_stat_activity WHERE wait_event = '${event}'`);
          return rows.length > 0;
        });
      proxy.hooks.commit = async (link) => {
        // A commit waits for a standby that does not exist: written, but not to be seen by others.
        await standby('nobody');
        await new Promise((resolve) => setTimeout(resolve, 300));
        link.forward();
        await waiting('SyncRep');
        link.cutClient();
      };
      try {
        const { report } = await runLoad(project, 'epr');
        assert.deepEqual([report.status, report.target_state], ['passed', 'complete']);
        assert.deepEqual(await rowsOf('pas_target'), NEW_ROWS);
      } finally {
        await standby('');
      }
    }));

  it('the server is killed between two statements of the swap and comes back: as before', () =>
    broken(async (project) => {
      proxy.hooks.rename = async () => {
        await server.kill();
        await server.start();
      };
      await loadedAsBefore(project);
    }));

  it('the server is killed right after COMMIT and comes back: complete', () =>
    broken(async (project) => {
      proxy.hooks.commit = async (link) => {
        const answered = link.loseAnswer();
        link.forward();
        await answered;
        await server.kill();
        await server.start();
      };
      await loadedComplete(project);
    }));

  /** The server stays away after the load gave up; then it comes back. */
  async function loadedUnknown(project: TestProject): Promise<{ message: string; asked: string }> {
    const { status, report } = await runLoad(project, 'epr');
    assert.deepEqual([status, report.status, report.target_state], ['failed', 'failed', 'unknown']);
    assert.match(
      report.message,
      /complete or as it was\. Once the server is well, "pas-migration connectors test epr"/,
    );
    const run = /this one is (\S+)\)/.exec(report.message)?.[1] ?? '';
    assert.equal(run, JSON.parse(await project.read('reports/load_report.json')).run_id);
    await server.start();
    const { text } = await runCommand(project.context(), 'connectors test', { name: 'epr' });
    return { message: run, asked: text.join('\n') };
  }

  it('the server is killed before COMMIT and stays away: unknown; it is found as before, and the next load goes on', () =>
    broken(async (project) => {
      proxy.hooks.commit = () => server.kill();
      const { message: run, asked } = await loadedUnknown(project);
      assert.match(asked, /holds 2 tables that run \S+ loaded at \d{4}-\d\d-\d\dT/);
      assert.ok(!asked.includes(run));
      assert.deepEqual(await rowsOf('pas_target'), OLD_ROWS);
      const again = await runLoad(project, 'epr');
      assert.deepEqual([again.status, again.report.target_state], ['passed', 'complete']);
      assert.ok(again.report.tables.every(({ rows_sent }) => rows_sent === 0));
      assert.deepEqual([await rowsOf('pas_target'), await rowsOf('pas_target_previous')], [NEW_ROWS, OLD_ROWS]);
    }));

  it('the server is killed after COMMIT and stays away: unknown; the next load finds the rows, and those from before are kept', () =>
    broken(async (project) => {
      proxy.hooks.commit = async (link) => {
        const answered = link.loseAnswer();
        link.forward();
        await answered;
        await server.kill();
      };
      const { message: run, asked } = await loadedUnknown(project);
      assert.ok(asked.includes(`holds 2 tables that run ${run} loaded at`));
      const again = await runLoad(project, 'epr');
      assert.deepEqual([again.status, again.report.target_state], ['passed', 'complete']);
      assert.ok(again.report.message.includes(`run ${run} swapped them in before it was cut off`));
      for (const table of again.report.tables) assert.equal(table.checksum_target, table.checksum_file);
      assert.deepEqual([await rowsOf('pas_target'), await rowsOf('pas_target_previous')], [NEW_ROWS, OLD_ROWS]);
      // It is confirmed now: loading the same files once more is a load like any other.
      const third = await runLoad(project, 'epr');
      assert.doesNotMatch(third.report.message, /are there already/);
      assert.deepEqual(await rowsOf('pas_target_previous'), NEW_ROWS);
    }));

  it('a server that hangs in the swap can be cancelled, and says which of its processes hangs', () =>
    broken(async (project) => {
      const abort = new AbortController();
      let frozen = 0;
      proxy.hooks.commit = (link) => {
        frozen = server.processes().find(({ title }) => title.endsWith(' idle in transaction'))?.pid ?? 0;
        process.kill(frozen, 'SIGSTOP');
        link.forward();
        abort.abort();
      };
      const { status, report } = await runLoad(project, 'epr', abort.signal);
      process.kill(frozen, 'SIGCONT');
      assert.deepEqual([status, report.status, report.target_state], ['cancelled', 'cancelled', 'unknown']);
      assert.ok(report.message.includes(`The server process ${frozen}, which swaps, does not end`), report.message);
      const running = `SELECT 1 FROM pg_stat_activity WHERE pid = ${frozen}`;
      await until(async () => (await server.sql(running)).length === 0);
      const again = await runLoad(project, 'epr');
      assert.deepEqual([again.status, again.report.target_state], ['passed', 'complete']);
      assert.deepEqual([await rowsOf('pas_target'), await rowsOf('pas_target_previous')], [NEW_ROWS, OLD_ROWS]);
    }));

  it('rows of a swap that nobody saw are not taken for the files when somebody changed them since', () =>
    broken(async (project) => {
      assert.equal((await runLoad(project, 'epr')).status, 'passed');
      await server.sql('UPDATE pas_target._pas_migration_load SET confirmed_at = NULL');
      await server.sql(`UPDATE pas_target."EVENT" SET "KIND" = 'other' WHERE "ID" = 7`);
      const { status, report } = await runLoad(project, 'epr');
      assert.equal(status, 'passed');
      assert.doesNotMatch(report.message, /are there already/);
      const changed = await server.sql(`SELECT 1 FROM pas_target."EVENT" WHERE "KIND" = 'other'`);
      assert.deepEqual(changed, []);
      await server.sql('UPDATE pas_target._pas_migration_load SET confirmed_at = NULL');
      await server.sql('DROP TABLE pas_target."EVENT"');
      assert.equal((await runLoad(project, 'epr')).status, 'passed');
      assert.deepEqual(await rowsOf('pas_target'), NEW_ROWS);
    }));
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tried = 0; !(await holds()); tried += 1) {
    if (tried === 200) throw new Error('It did not happen within some seconds.');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
