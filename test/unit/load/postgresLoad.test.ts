import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { frozenLoad, readBack, runLoad } from '../../support/loading.ts';
import { eventsCsv, loadFiles, migrateAgain, patientsCsv } from '../../support/loadProject.ts';
import { NOBODY, startPostgres, type TestServer } from '../../support/postgresServer.ts';
import { type TestProject, withProject } from '../../support/project.ts';

const PATIENTS = 2000;
const EVENTS = 100_000;
const BEFORE = { PATIENT: { csv: patientsCsv(50), rows: 50 }, EVENT: { csv: eventsCsv(200, 50), rows: 200 } };
const AFTER = {
  PATIENT: { csv: patientsCsv(PATIENTS), rows: PATIENTS },
  EVENT: { csv: eventsCsv(EVENTS, PATIENTS), rows: EVENTS },
};

describe('Loading a real PostgreSQL server', () => {
  let server: TestServer;
  let connections: Record<string, { type: string; options: object }>;

  before(async () => {
    server = await startPostgres({ fsync: 'off' });
    connections = connectionsTo(server);
  });
  after(() => server.stop());
  beforeEach(async () => {
    for (const schema of ['pas_target', 'pas_target_staging', 'pas_target_previous'])
      await server.sql(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
  });

  /** A project whose small migration is loaded, and whose large one waits to be. */
  function loaded(work: (project: TestProject) => Promise<void>): Promise<void> {
    return withProject(loadFiles(BEFORE, connections), async (project) => {
      assert.equal((await runLoad(project, 'epr')).status, 'passed');
      await migrateAgain(project, AFTER, connections);
      await work(project);
    });
  }

  async function holds(project: TestProject, tables: typeof BEFORE): Promise<void> {
    for (const [table, { csv }] of Object.entries(tables))
      assert.equal(sortedByKey(await readBack(project, 'epr', table, ['ID'])), sortedByKey(csv), table);
  }

  it('lands every cell as it is in the file, with keys and links, and keeps what was there', () =>
    loaded(async (project) => {
      const { status, report } = await runLoad(project, 'epr');
      assert.deepEqual([status, report.status, report.target_state], ['passed', 'passed', 'complete']);
      for (const table of report.tables) {
        assert.equal(table.rows_in_target, table.rows_in_file);
        assert.equal(table.checksum_target, table.checksum_file);
        assert.match(table.checksum_file ?? '', /^sha256:/);
      }
      await holds(project, AFTER);
      const [previous] = await server.sql('SELECT count(*)::text AS rows FROM pas_target_previous."EVENT"');
      assert.equal(previous?.['rows'], '200');
      const constraints = await server.sql(
        `SELECT conname AS name FROM pg_constraint WHERE connamespace = 'pas_target'::regnamespace AND contype IN ('p', 'f') AND convalidated ORDER BY 1`,
      );
      assert.deepEqual(
        constraints.map(({ name }) => name),
        ['fk_EVENT_PARENT_ID', 'fk_EVENT_PATIENT_ID', 'pk_EVENT', 'pk_PATIENT'],
      );
      await assert.rejects(server.sql(`INSERT INTO pas_target."EVENT" ("ID") VALUES (0)`), /null value/);
    }));

  it('a value that the file writes in another way than the server prints it is compared as a value', () =>
    loaded(async (project) => {
      const csv = eventsCsv(200, 50, { 7: '007,P7,,K1,"quoted for nothing"' });
      await migrateAgain(project, { ...BEFORE, EVENT: { csv, rows: 200 } }, connections);
      const { status, report } = await runLoad(project, 'epr');
      assert.equal(status, 'passed');
      const events = report.tables.find(({ table }) => table === 'EVENT');
      assert.match(events?.checksum_file ?? '', /^\d+$/);
      assert.equal(events?.checksum_target, events?.checksum_file);
    }));

  it('a connection that dies in the middle of COPY leaves the target as it was; the next run goes on from there', () =>
    loaded(async (project) => {
      const copy = await frozenLoad(project, server, 'EVENT', 18);
      await server.sql(`SELECT pg_terminate_backend(${copy.pid})`);
      copy.thaw();
      const { status, report } = await copy.loading;
      assert.deepEqual([status, report.status, report.target_state], ['failed', 'failed', 'as_before']);
      assert.match(report.message, /57P01|ECONNRESET/);
      await holds(project, BEFORE);
      const again = await runLoad(project, 'epr');
      assert.deepEqual([again.status, again.report.target_state], ['passed', 'complete']);
      const events = again.report.tables.find(({ table }) => table === 'EVENT');
      assert.ok((events?.batches_resumed ?? 0) >= 1);
      assert.ok((events?.rows_sent ?? EVENTS) < EVENTS);
      await holds(project, AFTER);
    }));

  it('what an earlier attempt left and somebody changed is not trusted, but sent again', () =>
    loaded(async (project) => {
      const copy = await frozenLoad(project, server, 'EVENT', 18);
      await server.sql(`SELECT pg_terminate_backend(${copy.pid})`);
      copy.thaw();
      assert.equal((await copy.loading).report.target_state, 'as_before');
      await server.sql(`UPDATE pas_target_staging."EVENT" SET "KIND" = 'other' WHERE "ID" = 7`);
      const again = await runLoad(project, 'epr');
      assert.deepEqual([again.status, again.report.target_state], ['passed', 'complete']);
      await holds(project, AFTER);
    }));

  it('a cancel in the middle of COPY ends the work on the server and leaves the target as it was', () =>
    loaded(async (project) => {
      const abort = new AbortController();
      const copy = await frozenLoad(project, server, 'EVENT', 18, abort.signal);
      abort.abort();
      copy.thaw();
      const { status, report } = await copy.loading;
      assert.deepEqual([status, report.status, report.target_state], ['cancelled', 'cancelled', 'as_before']);
      await holds(project, BEFORE);
      const busy = await server.sql(`SELECT pid FROM pg_stat_activity WHERE application_name = 'pas-migration load'`);
      assert.deepEqual(busy, []);
      assert.equal((await runLoad(project, 'epr')).status, 'passed');
      await holds(project, AFTER);
    }));

  it('names every row that breaks a constraint, with its key and its row in the file, and loads none', () =>
    loaded(async (project) => {
      const wrong = {
        89999: '89999,P1,89998,,no kind',
        90000: '90000,P999999,,K1,nobody',
        90001: '90001,P1,7777777,K1,no parent',
        90002: '5,P1,,K1,twice',
      };
      const csv = eventsCsv(EVENTS, PATIENTS, wrong);
      await migrateAgain(project, { ...AFTER, EVENT: { csv, rows: EVENTS } }, connections);
      const { status, report, text } = await runLoad(project, 'epr');
      assert.deepEqual([status, report.status, report.target_state], ['failed', 'failed', 'as_before']);
      assert.equal(report.issues, 6);
      const issues = (await project.read('reports/load_issues.csv')).trim().split('\n').slice(1);
      const places = issues.map((line) => line.split(',').slice(1, 6).join(' '));
      assert.deepEqual(places, [
        'EVENT PARENT_ID 90001 90001 fk_EVENT_PARENT_ID',
        // The row after it had the number that row 90002 no longer has.
        'EVENT PARENT_ID 90003 90003 fk_EVENT_PARENT_ID',
        'EVENT PATIENT_ID 90000 90000 fk_EVENT_PATIENT_ID',
        'EVENT KIND 89999 89999 not_null',
        'EVENT ID 5 5 pk_EVENT',
        'EVENT ID 5 90002 pk_EVENT',
      ]);
      assert.doesNotMatch([report.message, ...text].join(' '), /P999999|7777777/);
      await holds(project, BEFORE);
      await migrateAgain(project, AFTER, connections);
      assert.equal((await runLoad(project, 'epr')).status, 'passed');
    }));

  it('names cells that do not fit their type or length', () =>
    loaded(async (project) => {
      const csv = eventsCsv(300, 50, { 250: '250,P1,,K1234567890,long', 251: '251,P1,xyz,K1,no number' });
      await migrateAgain(project, { ...BEFORE, EVENT: { csv, rows: 300 } }, connections);
      const { report } = await runLoad(project, 'epr');
      assert.deepEqual([report.status, report.target_state, report.issues], ['failed', 'as_before', 2]);
      const issues = await project.read('reports/load_issues.csv');
      assert.match(issues, /EVENT,KIND,250,250,length 8/);
      assert.match(issues, /EVENT,PARENT_ID,251,251,type INTEGER/);
      await holds(project, BEFORE);
    }));

  it('waits for nobody for ever: a lock on the rows from before stops the swap, and nothing is changed', () =>
    loaded(async (project) => {
      assert.equal((await runLoad(project, 'epr')).status, 'passed');
      await migrateAgain(project, BEFORE, connections);
      const reader = lockTable(server, 'pas_target_previous."EVENT"');
      await reader.held;
      const { report } = await runLoad(project, 'epr');
      assert.deepEqual([report.status, report.target_state], ['failed', 'as_before']);
      assert.match(report.message, /55P03/);
      await holds(project, AFTER);
      await reader.release();
      const again = await runLoad(project, 'epr');
      assert.deepEqual([again.status, again.report.tables.every(({ rows_sent }) => rows_sent === 0)], ['passed', true]);
      await holds(project, BEFORE);
    }));

  it('who could read the old tables can read the new ones', () =>
    loaded(async (project) => {
      await server.sql(`DROP ROLE IF EXISTS "ward reader"; CREATE ROLE "ward reader"`);
      await server.sql(
        `GRANT USAGE ON SCHEMA pas_target TO "ward reader"; GRANT SELECT ON pas_target."EVENT" TO "ward reader"`,
      );
      assert.equal((await runLoad(project, 'epr')).status, 'passed');
      const [may] = await server.sql(
        `SELECT has_table_privilege('ward reader', 'pas_target."EVENT"', 'SELECT')::text AS event, has_table_privilege('ward reader', 'pas_target."PATIENT"', 'SELECT')::text AS patient, has_schema_privilege('ward reader', 'pas_target', 'USAGE')::text AS schema`,
      );
      assert.deepEqual(may, { event: 'true', patient: 'false', schema: 'true' });
    }));

  it('refuses a second load at the same time, a schema of others, and a server that is not there', () =>
    loaded(async (project) => {
      const copy = await frozenLoad(project, server, 'EVENT', 18);
      await withProject(loadFiles(BEFORE, connections), async (other) => {
        assert.match((await runLoad(other, 'epr')).error ?? '', /Another load into the schema pas_target is running/);
        assert.match((await runLoad(other, 'nobody')).error ?? '', /no server listens there.*ECONNREFUSED/);
        await server.sql('CREATE SCHEMA epr_own; CREATE TABLE epr_own.ward (id int)');
        assert.match((await runLoad(other, 'own')).error ?? '', /epr_own holds tables that no load made/);
        await server.sql('DROP SCHEMA epr_own CASCADE');
      });
      copy.thaw();
      assert.equal((await copy.loading).status, 'passed');
    }));

  it('a server that is killed and comes back holds what it held; the next run completes', async function () {
    this.timeout(120_000);
    const mortal = await startPostgres({ fsync: 'off' });
    const own = connectionsTo(mortal);
    try {
      await withProject(loadFiles(BEFORE, own), async (project) => {
        assert.equal((await runLoad(project, 'epr')).status, 'passed');
        await migrateAgain(project, AFTER, own);
        const copy = await frozenLoad(project, mortal, 'EVENT', 18);
        await mortal.kill();
        await mortal.start();
        const { report } = await copy.loading;
        assert.deepEqual([report.status, report.target_state], ['failed', 'as_before']);
        await holds(project, BEFORE);
        const again = await runLoad(project, 'epr');
        assert.deepEqual([again.status, again.report.target_state], ['passed', 'complete']);
        await holds(project, AFTER);
      });
    } finally {
      await mortal.stop();
    }
  });

  it('a full disk leaves the target as it was, and the load succeeds once there is space', async function () {
    const disk = mkdtempSync(join(tmpdir(), 'pas-disk-'));
    const mounted = mount('-t', 'tmpfs', '-o', `size=8m,uid=${NOBODY},gid=${NOBODY}`, 'tmpfs', disk);
    if (!mounted) {
      process.stdout.write('      skipped: no small disk can be mounted here (it needs root on Linux)\n');
      rmSync(disk, { recursive: true });
      this.skip();
    }
    try {
      await server.sql(`CREATE TABLESPACE small LOCATION '${disk}'`);
      await server.sql(`ALTER ROLE postgres SET default_tablespace = small`);
      await loaded(async (project) => {
        const { report } = await runLoad(project, 'epr');
        assert.deepEqual([report.status, report.target_state], ['failed', 'as_before']);
        assert.match(report.message, /disk is full.*53100/);
        await holds(project, BEFORE);
        assert.ok(mount('-o', 'remount,size=80m', disk));
        assert.equal((await runLoad(project, 'epr')).report.target_state, 'complete');
        await holds(project, AFTER);
      });
    } finally {
      await server.sql('ALTER ROLE postgres RESET default_tablespace');
      await server.sql('DROP SCHEMA pas_target CASCADE; DROP SCHEMA IF EXISTS pas_target_previous CASCADE');
      await server.sql('DROP TABLESPACE small').catch(() => undefined);
      execFileSync('umount', ['-l', disk]);
      rmSync(disk, { recursive: true });
    }
  });
});

function mount(...options: string[]): boolean {
  try {
    execFileSync('mount', options, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function connectionsTo(server: TestServer): Record<string, { type: string; options: object }> {
  const options = { ...server.options, batch_mb: 3, lock_timeout_s: 1 };
  return {
    epr: { type: 'postgres', options },
    nobody: { type: 'postgres', options: { ...options, port: 1 } },
    own: { type: 'postgres', options: { ...options, schema: 'epr_own' } },
  };
}

/** Lines by their first cell as bytes; records with line ends inside are kept whole. */
function sortedByKey(csv: string): string {
  const [header, ...records] = csv.split(/\n(?=(?:P?\d+,))/);
  const key = (record: string): string => record.slice(0, record.indexOf(','));
  return [header, ...records.map((record) => record.trimEnd()).sort((a, b) => (key(a) < key(b) ? -1 : 1))].join('\n');
}

function lockTable(server: TestServer, table: string): { held: Promise<void>; release(): Promise<void> } {
  let done: Promise<unknown> = Promise.resolve();
  const held = (async () => {
    done = server
      .sql(`BEGIN; LOCK TABLE ${table} IN ACCESS SHARE MODE; SELECT pg_sleep(60); COMMIT`)
      .catch(() => undefined);
    for (;;) {
      const rows = await server.sql(
        `SELECT pid FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND wait_event = 'PgSleep'`,
      );
      if (rows.length > 0) return;
    }
  })();
  return {
    held,
    async release() {
      await server.sql(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()`,
      );
      await done;
    },
  };
}
