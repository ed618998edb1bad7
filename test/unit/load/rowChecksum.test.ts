import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { readCatalogText } from '../../../src/core/catalog/catalogFile.ts';
import { openContractFile, readFileFacts } from '../../../src/core/load/fileSide.ts';
import { ServerOptions } from '../../../src/core/load/postgres/serverOptions.ts';
import { ServerSession } from '../../../src/core/load/postgres/serverSession.ts';
import { targetChecksumSql } from '../../../src/core/load/rowChecksum.ts';
import { createTableSql, type TargetTable, targetSchema } from '../../../src/core/load/targetSchema.ts';
import { withEngine } from '../../support/engine.ts';
import { startPostgres, type TestServer } from '../../support/postgresServer.ts';
import { catalogText } from '../../support/smallProject.ts';

const FIELDS = `
  T.N INTEGER
  T.D DECIMAL
  T.DAY DATE
  T.AT DATETIME
  T.TIME TIME
  T.YES BOOLEAN
  T.NAME VARCHAR(40)
`;

const two = (number: number): string => String(number).padStart(2, '0');
const day = fc
  .tuple(fc.integer({ min: 1, max: 9999 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }))
  .map(([year, month, date]) => `${String(year).padStart(4, '0')}-${two(month)}-${two(date)}`);
const time = fc
  .tuple(fc.nat(23), fc.nat(59), fc.nat(59), fc.constantFrom('', '.5', '.25'))
  .map(([hour, minute, second, part]) => `${two(hour)}:${two(minute)}:${two(second)}${part}`);
const cells = fc.tuple(
  fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String), fc.constant('007')),
  fc.tuple(fc.integer({ min: -99999, max: 99999 }), fc.nat(9999)).map(([whole, part]) => `${whole}.${part}`),
  day,
  fc.tuple(day, time).map(([date, clock]) => `${date}T${clock}`),
  time,
  fc.constantFrom('true', 'false'),
  fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', 'é', '🩺', ' ', '\\', "'"), maxLength: 10 }),
);
const row = fc.tuple(cells, fc.array(fc.boolean(), { minLength: 7, maxLength: 7 })).map(([values, empty]) =>
  // A quoted cell is a text, also an empty one; an empty cell without quotes is null.
  values
    .map((value, at) => (empty[at] === true ? '' : at === 6 ? `"${value.replaceAll('"', '""')}"` : value))
    .join(','),
);

describe('The checksum of a table', () => {
  let server: TestServer;
  let session: ServerSession;
  let folder: string;
  const catalog = readCatalogText(catalogText(FIELDS), 'target.csv', 'target').value;
  const table = targetSchema([...catalog.tables.values()]).tables[0] as TargetTable;

  before(async () => {
    server = await startPostgres({ fsync: 'off' });
    session = await ServerSession.open(ServerOptions.parse(server.options));
    folder = await mkdtemp(join(tmpdir(), 'pas-checksum-'));
    await session.rows('CREATE SCHEMA sums');
    await session.rows(createTableSql('sums', table));
  });
  after(async () => {
    await session.end();
    await server.stop();
    await rm(folder, { recursive: true });
  });

  async function both(lines: readonly string[]): Promise<{ file: string; server: string; rows: number }> {
    const text = `N,D,DAY,AT,TIME,YES,NAME\n${lines.map((line) => `${line}\n`).join('')}`;
    const path = join(folder, 'T.csv');
    await writeFile(path, text);
    const catalogTable = catalog.table('T');
    assert.ok(catalogTable);
    const file = await openContractFile({ table: catalogTable, path, name: 'T.csv', rows: 0, sha256: '' }, table);
    const facts = await withEngine((engine) => readFileFacts(engine, file));
    await session.rows('TRUNCATE sums."T"');
    const copy = await session.copyIn('COPY sums."T" FROM STDIN WITH (FORMAT csv, HEADER true)');
    await copy.write(Buffer.from(text));
    await copy.end();
    const [found] = await session.rows(targetChecksumSql('sums."T"', table.fields));
    assert.equal(facts.misfits, 0);
    assert.equal(found?.['rows'], String(facts.rows));
    return { file: facts.checksum, server: found?.['checksum'] ?? '', rows: facts.rows };
  }

  it('is the same from the file and from the server, for any rows', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 30 }), async (lines) => {
        const sums = await both(lines);
        assert.equal(sums.server, sums.file);
      }),
      { numRuns: 40 },
    );
  });

  it('does not depend on the order of rows, and tells a null from an empty text and one cell from the next', async () => {
    const lines = ['1,,,,,,a', '2,,,,,,""', '3,,,,,,'];
    const { file } = await both(lines);
    assert.equal((await both([...lines].reverse())).file, file);
    const other = await both(['1,,,,,,a', '2,,,,,,', '3,,,,,,""']);
    assert.notEqual(other.file, file);
    assert.equal(other.file, other.server);
    assert.notEqual((await both([',1,,,,,a'])).file, (await both(['1,,,,,,a'])).file);
  });
});
