// npm run bench:load [-- --patients N --rounds N]: the load into PostgreSQL against psql \copy of the same files, alternating.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { parseArgs } from 'node:util';
import { generateMockData } from '../../src/core/cohort/generateMockData.ts';
import { readLoadRequest } from '../../src/core/connectors/loadInputs.ts';
import { runCommand } from '../../src/core/lifecycle/runCommand.ts';
import { addConstraintSql, createTableSql, tableName, targetSchema } from '../../src/core/load/targetSchema.ts';
import { runContractMigration } from '../../src/core/migration/runContractMigration.ts';
import { ARTEFACTS } from '../../src/core/project/layout.ts';
import { extractSpecs } from '../../src/core/spec/extractSpecs.ts';
import { realContext } from '../../src/host/realContext.ts';
import { runLoad } from '../support/loading.ts';
import { eventsCsv, loadFiles, patientsCsv } from '../support/loadProject.ts';
import { startPostgres } from '../support/postgresServer.ts';
import { withProject } from '../support/project.ts';

const { values } = parseArgs({
  options: {
    // 30,000 patients are a million rows in 35 tables.
    patients: { type: 'string', default: '30000' },
    rounds: { type: 'string', default: '5' },
    emulator: { type: 'boolean', default: false },
  },
});
const psql = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'psql'))
  .find(existsSync);
const root = await mkdtemp(join(tmpdir(), 'pas-bench-'));
const context = realContext({ project: root, signal: new AbortController().signal, emit: () => undefined });
// What the server does by itself some time later must not fall into the next measurement.
const server = await startPostgres({ max_wal_size: '8GB', shared_buffers: '1GB', autovacuum: 'off' });

async function run(command: string, options: Record<string, unknown>): Promise<void> {
  const { status, error, text } = await runCommand(context, command, options);
  if (status !== 'passed') throw new Error(`${command}: ${error ?? text.join(' ')}`);
}

async function timed(label: string, work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  const seconds = (performance.now() - started) / 1000;
  process.stdout.write(`${label.padEnd(44)} ${seconds.toFixed(2).padStart(7)} s\n`);
  return seconds;
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

/** psql with a script on its input; a fault ends it. */
function script(statements: readonly string[]): void {
  const { host, port, user, database } = server.options;
  execFileSync(
    psql ?? '',
    ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-h', host, '-p', String(port), '-U', user, '-d', database],
    {
      input: `${statements.join(';\n').replaceAll(/(\\copy [^\n]*);\n/g, '$1\n')}\n`,
      stdio: ['pipe', 'ignore', 'inherit'],
    },
  );
}

try {
  if (psql === undefined) throw new Error('psql is not on the PATH; install the PostgreSQL client to compare with it.');
  await mkdir(join(root, 'reports'));
  for (const path of ['requirement_spec', 'schemas', ARTEFACTS.contract, ARTEFACTS.contractTables])
    await cp(path, join(root, path), { recursive: true });
  await run(extractSpecs.id, {});
  await run(generateMockData.id, { rows: Number(values.patients), seed: 42 });
  await run(runContractMigration.id, {});
  const connections = {
    epr: { type: 'postgres', options: server.options },
    lite: { type: 'postgres_emulator', options: {} },
  };
  const choices = { schema_version: 1, source: null, target: null, connections };
  await writeFile(join(root, ARTEFACTS.connectors), JSON.stringify(choices));
  const request = await readLoadRequest(context.project);
  const { tables } = targetSchema(request.tables.map(({ table }) => table));
  const rows = request.tables.reduce((sum, table) => sum + table.rows, 0);
  const copies = request.tables.map(
    ({ table, path }) => `\\copy ${tableName('plain', table.name)} from '${path}' with (format csv, header true)`,
  );
  const create = tables.map((table) => createTableSql('plain', table));
  const adding = (links: boolean): string[] =>
    tables.flatMap((table) => {
      const own = table.constraints.filter((one) => (one.kind === 'foreign_key') === links);
      return own.length === 0 ? [] : [addConstraintSql('plain', table.name, own)];
    });
  const fresh = [
    'SET client_min_messages = warning',
    'DROP SCHEMA IF EXISTS plain CASCADE',
    'CREATE SCHEMA plain',
    ...create,
    'CHECKPOINT',
  ];
  process.stdout.write(`${rows} rows in ${tables.length} tables; ${values.rounds} rounds\n`);
  const times = { load: [] as number[], same: [] as number[], into: [] as number[], bare: [] as number[] };
  for (let round = 0; round < Number(values.rounds); round += 1) {
    script(['SET client_min_messages = warning', 'DROP SCHEMA IF EXISTS plain CASCADE', 'CHECKPOINT']);
    times.load.push(await timed('load (verified, keys and links, swapped)', () => run('load', { connector: 'epr' })));
    script(fresh);
    times.bare.push(await timed('psql \\copy into tables without constraints', async () => script(copies)));
    script([...fresh, ...adding(false), ...adding(true)]);
    times.into.push(await timed('psql \\copy into tables with their keys and links', async () => script(copies)));
    script(fresh);
    times.same.push(
      await timed('psql \\copy, then the same keys and links', async () =>
        script([...copies, ...adding(false), ...adding(true)]),
      ),
    );
  }
  const load = median(times.load);
  process.stdout.write(
    `\nratio load / psql with the same tables in the end: ${(load / median(times.same)).toFixed(2)} (aim: 1.5 or less)\n`,
  );
  process.stdout.write(
    `ratio load / psql into tables that have their keys and links: ${(load / median(times.into)).toFixed(2)}\n`,
  );
  process.stdout.write(
    `ratio load / bare psql \\copy, no keys, no links, nothing verified: ${(load / median(times.bare)).toFixed(2)}\n`,
  );
  if (values.emulator) await timed('load into the emulator', () => run('load', { connector: 'lite' }));
  await violation();
} finally {
  await server.stop();
  await rm(root, { recursive: true, force: true });
}

/** One wrong row of a million: how long until it is named, and is the target left alone? */
async function violation(): Promise<void> {
  const connections = { epr: { type: 'postgres', options: server.options } };
  const wrong = { 900000: '900000,nobody,,K1,a link that leads nowhere' };
  const tables = {
    PATIENT: { csv: patientsCsv(2000), rows: 2000 },
    EVENT: { csv: eventsCsv(1_000_000, 2000, wrong), rows: 1_000_000 },
  };
  await withProject(loadFiles(tables, connections), async (project) => {
    await timed('a broken link in row 900,000 of 1,000,000', async () => {
      const { report } = await runLoad(project, 'epr');
      const [, line = ''] = (await project.read(ARTEFACTS.loadIssues)).split('\n');
      if (report.target_state !== 'as_before' || report.issues !== 1 || !line.includes(',900000,fk_EVENT_PATIENT_ID'))
        throw new Error(`${report.target_state}: ${report.message} ${line}`);
    });
  });
}
