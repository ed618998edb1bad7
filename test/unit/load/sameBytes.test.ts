import assert from 'node:assert/strict';
import { parse } from 'csv-parse/sync';
import { loadCatalog } from '../../../src/core/catalog/loadCatalog.ts';
import { csvText } from '../../../src/core/csv/csvText.ts';
import { ARTEFACTS } from '../../../src/core/project/layout.ts';
import { readTables, runLoad } from '../../support/loading.ts';
import { startPostgres, type TestServer } from '../../support/postgresServer.ts';
import { openProject } from '../../support/project.ts';
import { type Clone, withRanSample } from '../../support/signedSample.ts';

/** Texts that are lost or changed where somebody quotes, trims or escapes once too often; the empty one is no null. */
const TEXTS = [
  '',
  'said "no"',
  '""',
  'two\nlines',
  'carriage\r\nreturn',
  'a, b',
  "O'Brien; --",
  '   led by spaces',
  'trailed by spaces  ',
  'a\ttab',
  '\\.',
  '\\N',
  'NULL',
  'Zoë 李 🩺',
  'é and e\u0301',
  '%s $1 {0}',
];
/** Cells of a DECIMAL(8,2) as the source writes them, and as the target must. */
const DECIMALS = { '12.5': '12.50', '-0.25': '-0.25', '0': '0.00', '999999.99': '999999.99', '007': '7.00', '': '' };

const PLACES = ['folder', 'emulator', 'server'] as const;

/** The sample has neither a decimal nor a boolean in its target, and no address that hurts: they are put there. */
async function hurtful(clone: Clone): Promise<void> {
  await editCsv(clone, 'schemas/target_schema_catalog.csv', (row) => {
    if (row['table_name'] !== 'LOAD_WARD') return;
    if (row['field_name'] === 'BED_COUNT') Object.assign(row, { data_type: 'DECIMAL', precision: '8', scale: '2' });
    if (row['field_name'] === 'ACTIVE_FLAG') Object.assign(row, { data_type: 'BOOLEAN', length: '', code_set: '' });
  });
  await editCsv(clone, 'reports/mapping_contract.csv', (row) => {
    const derived = (rule: string): void => {
      Object.assign(row, { mapping_class: 'derived', source_field: '', crosswalk: '', rule });
    };
    const field = `${row['target_table']}.${row['target_field']}`;
    if (field === 'LOAD_WARD.BED_COUNT') row['data_type'] = 'DECIMAL(8,2)';
    if (field === 'LOAD_WARD.ACTIVE_FLAG') derived("WARD_ACT = 'Y'");
    if (field === 'LOAD_WARD.ACTIVE_FLAG') row['data_type'] = 'BOOLEAN';
    if (field === 'LOAD_NEXT_OF_KIN.ADDRESS') derived("coalesce(NOK_ADR, '')");
  });
  await editCsv(clone, 'mock_data/source/PATNOK.csv', (row, at) => {
    row['NOK_ADR'] = TEXTS[at] ?? row['NOK_ADR'] ?? '';
  });
  const beds = Object.keys(DECIMALS);
  await editCsv(clone, 'mock_data/source/WARDMAST.csv', (row, at) => {
    row['BED_CNT'] = beds[at] ?? row['BED_CNT'] ?? '';
  });
}

type Row = Record<string, string>;

async function editCsv(clone: Clone, path: string, edit: (row: Row, at: number) => void): Promise<void> {
  const rows = parse(await clone.read(path), { columns: true }) as Row[];
  rows.forEach(edit);
  await clone.write(path, csvText(Object.keys(rows[0] ?? {}), rows.map(Object.values)));
}

describe('One contract run in three targets', () => {
  let server: TestServer;
  before(async () => {
    server = await startPostgres({ fsync: 'off' });
  });
  after(() => server.stop());

  it('CSV, PGlite and PostgreSQL give every table of the sample back, by key, with the same bytes', () =>
    withRanSample(async (clone) => {
      const project = openProject(clone.root);
      await hurtful(clone);
      const connections = {
        folder: { type: 'csv', options: { path: 'target' } },
        emulator: { type: 'postgres_emulator', options: {} },
        server: { type: 'postgres', options: server.options },
      };
      const choices = { schema_version: 1, source: null, target: null, connections };
      await project.write('connectors.json', JSON.stringify(choices));
      const migrated = await clone.run('run-contract-migration');
      assert.equal(migrated.status, 'passed', migrated.error ?? '');

      const catalog = await loadCatalog(project.context().project, ARTEFACTS.targetCatalog, 'target');
      const keyOf = (table: string): string[] =>
        (catalog.table(table)?.fields ?? []).filter((field) => field.primaryKey).map((field) => field.field);
      const keys = new Map([...catalog.tables.keys()].map((table) => [table, keyOf(table)]));
      assert.equal(keys.size, 35);
      assert.ok([...keys.values()].every((key) => key.length > 0));

      const read: Record<string, Map<string, string>> = {};
      for (const place of PLACES) {
        const { status, report } = await runLoad(project, place);
        assert.deepEqual([place, status, report.target_state, report.tables.length], [place, 'passed', 'complete', 35]);
        read[place] = await readTables(project, place, keys);
      }
      for (const table of keys.keys()) {
        const inFolder = read['folder']?.get(table) ?? '';
        assert.ok(inFolder.split('\n').length > 2, `${table} holds rows`);
        for (const place of PLACES) assert.equal(read[place]?.get(table), inFolder, `${table} in ${place}`);
      }

      // What is the same everywhere is also what was meant.
      const kin = read['server']?.get('LOAD_NEXT_OF_KIN') ?? '';
      const addresses = (parse(kin, { columns: true }) as Row[]).map((row) => row['ADDRESS']);
      for (const text of TEXTS) assert.ok(addresses.includes(text), JSON.stringify(text));
      assert.match(kin, /,"",/, 'an empty text beside nulls');
      const wards = parse(read['server']?.get('LOAD_WARD') ?? '', { columns: true }) as Row[];
      for (const bed of Object.values(DECIMALS))
        assert.ok(
          wards.some((row) => row['BED_COUNT'] === bed),
          bed,
        );
      assert.deepEqual(new Set(wards.map((row) => row['ACTIVE_FLAG'])), new Set(['true', 'false']));
      assert.match(read['server']?.get('LOAD_WARD_STAY') ?? '', /,2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d,/);
    })).timeout(120_000);
});
