import assert from 'node:assert/strict';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { diffContractTables, impactWords, rowName } from '../../../src/core/contract/contractDiff.ts';
import { runCommand } from '../../../src/core/lifecycle/runCommand.ts';
import { ARTEFACTS } from '../../../src/core/project/layout.ts';
import { type TestProject, withProject } from '../../support/project.ts';
import { CONTRACT, CONTRACT_HEADER, CONTRACT_TABLES, smallProject } from '../../support/smallProject.ts';

const run = (project: TestProject, command: string, options: Record<string, unknown> = {}) =>
  runCommand(project.context(), command, options);
const CHANGED = CONTRACT.replace('LOAD_PATIENT,BORN,,Y,direct,PAT,DOB', 'LOAD_PATIENT,BORN,,Y,out_of_scope,,').replace(
  'lookup,PAT,REL,,religion',
  'lookup,PAT,REL,,sex',
);

describe('contract diff', () => {
  it('compares by row key whatever the order of lines, and tells impact and words', () =>
    withProject(smallProject(), async (project) => {
      const [head = '', ...rows] = CHANGED.trimEnd().split('\n');
      await project.write('other/c.csv', `${[head, ...rows.reverse()].join('\n')}\n`);
      const { returnCode, summary, text } = await run(project, 'contract diff', {
        before: 'now',
        after: 'other/c.csv',
      });
      assert.equal(returnCode, 0);
      assert.deepEqual(
        (summary['changes'] as { targetField: string; impact: string; words: string }[]).map((row) => [
          row.targetField,
          row.impact,
          row.words,
        ]),
        [
          ['BORN', 'breaking', 'class direct → out_of_scope, source table PAT → none, source DOB → none'],
          ['RELIGION', 'breaking', 'crosswalk religion → sex'],
        ],
      );
      assert.match(text.join('\n'), /2 rows differ: 2 breaking[\s\S]*other\/c\.csv has no table rows/);
    }));

  it('compares table rows by target table and row set', () => {
    const later = CONTRACT_TABLES.replace('RNO KEEP LAST BY RCV', 'RNO KEEP FIRST BY RCV')
      .replace(/^LOAD_NAME,former_2.*\n/m, '')
      .replace('PATIENT_ID,,1,APPROVED,', 'PATIENT_ID,,1,DRAFT,');
    const rows = diffContractTables(CONTRACT_TABLES, later);
    assert.deepEqual(
      rows.map((row) => [rowName(row), row.impact, impactWords(row)]),
      [
        ['LOAD_NAME (row set former_2)', 'breaking', 'row set removed'],
        ['LOAD_PATIENT (row set main)', 'review', 'status APPROVED → DRAFT'],
        ['LOAD_REFERRAL (row set main)', 'breaking', 'de-duplication RNO KEEP LAST BY RCV → RNO KEEP FIRST BY RCV'],
      ],
    );
    assert.deepEqual(diffContractTables(CONTRACT_TABLES, CONTRACT_TABLES), []);
  });

  it('compares with what was locked and with snapshots, and writes every cell to a CSV', () =>
    withProject(smallProject(), async (project) => {
      assert.equal((await run(project, 'contract lock', { name: 'rc 1', by: 'Ann' })).returnCode, 0);
      assert.equal((await run(project, 'snapshot create', { reason: 'test' })).returnCode, 0);
      await project.write(ARTEFACTS.contract, CHANGED);
      assert.equal(
        (await run(project, 'contract diff', { before: 'locked:rc 1' })).summary['before'],
        'locked as rc 1',
      );
      for (const before of ['locked', 'latest', 'locked:rc 1']) {
        const { text } = await run(project, 'contract diff', { before, out: 'out/diff.csv' });
        assert.match(text[0] ?? '', /2 rows differ/, before);
      }
      const lines = (await project.read('out/diff.csv')).trimEnd().split('\n');
      assert.equal(lines.length, 1 + 4);
      assert.equal(lines[1], 'LOAD_PATIENT,BORN,,changed,breaking,mapping_class,direct,out_of_scope');
      const kept = await run(project, 'contract diff', { before: 'locked', out: ARTEFACTS.contract });
      assert.match(kept.error ?? '', /is there already and holds something else/);
      assert.equal(await project.read(ARTEFACTS.contract), CHANGED);
    }));

  const bad: readonly [string, Record<string, string>, RegExp][] = [
    ['a missing file', { before: 'nowhere.csv' }, /nowhere\.csv: is no file, no snapshot/],
    ['an unknown snapshot', { before: '20200101T000000Z-00000000' }, /There is no snapshot 20200101T000000Z-00000000/],
    ['no snapshot at all', { before: 'latest' }, /There is no snapshot yet/],
    ['no lock', { before: 'locked' }, /There is no contract lock on record/],
    ['a file that is no contract', { before: 'mock_data/source/PAT.csv' }, /is no mapping contract/],
    ['an empty file', { before: 'empty.csv' }, /empty\.csv: is no mapping contract: The file is empty/],
    ['bytes that are no text', { before: 'bytes.csv' }, /bytes\.csv: is not UTF-8/],
    ['a folder', { before: 'schemas' }, /schemas: is no file/],
  ];
  for (const [what, options, sentence] of bad)
    it(`refuses ${what}`, () =>
      withProject({ ...smallProject(), 'empty.csv': '' }, async (project) => {
        await project.write('bytes.csv', Uint8Array.from([0xff, 0xfe, 0x00]));
        const { error, returnCode } = await run(project, 'contract diff', options);
        assert.match(error ?? '', sentence);
        assert.equal(returnCode, 2);
      }));

  it('tells of locked texts that were changed or lost in the store, and of rows it cannot read', () =>
    withProject(smallProject(), async (project) => {
      await run(project, 'contract lock', { name: 'rc', by: 'Ann' });
      await project.write('ragged.csv', `${CONTRACT_HEADER}\nA,B\n`);
      assert.match(
        (await run(project, 'contract diff', { before: 'now', after: 'ragged.csv' })).text.join('\n'),
        /1 rows of ragged\.csv have another number of cells/,
      );
      const { locks } = JSON.parse(await project.read(ARTEFACTS.contractLock)) as {
        locks: { contract_sha256: string }[];
      };
      const sha = locks[0]?.contract_sha256 ?? '';
      const kept = `${project.root}/${ARTEFACTS.snapshots}/contents/${sha.slice(0, 2)}/${sha.slice(2)}`;
      await chmod(kept, 0o644);
      await writeFile(kept, `${await readFile(kept, 'utf8')}X`);
      assert.match(
        (await run(project, 'contract diff', { before: 'locked' })).error ?? '',
        /was changed in the snapshot store/,
      );
    }));

  it('compares 50,000 rows', () =>
    withProject(smallProject(), async (project) => {
      const line = (index: number, status: string): string =>
        `T${index % 500},F${index},VARCHAR(10),N,direct,S,A${index},,,,1.00,${status},Ann,,`;
      const text = (status: string): string =>
        `${[CONTRACT_HEADER, ...Array.from({ length: 50_000 }, (_, index) => line(index, index % 2 === 0 ? status : 'DRAFT'))].join('\n')}\n`;
      await project.write('a.csv', text('DRAFT'));
      await project.write('b.csv', text('APPROVED'));
      const started = performance.now();
      const { summary } = await run(project, 'contract diff', { before: 'a.csv', after: 'b.csv' });
      console.log(`      50,000 rows compared in ${Math.round(performance.now() - started)} ms`);
      assert.equal((summary['changes'] as unknown[]).length, 25_000);
    }));
});

describe('contract status and verify', () => {
  it('a contract without rows is told, not verified', () =>
    withProject({ ...smallProject(), [ARTEFACTS.contract]: `${CONTRACT_HEADER}\n` }, async (project) => {
      for (const [command, options] of [
        ['contract verify', {}],
        ['contract lock', { name: 'rc' }],
      ] as const) {
        const { error, returnCode } = await run(project, command, options);
        assert.equal(returnCode, 2);
        assert.match(error ?? '', /mapping_contract\.csv: has no row[,;] /);
      }
    }));

  it('count classes, statuses, what is open, problems and the lock', () =>
    withProject(smallProject(), async (project) => {
      await project.write(
        ARTEFACTS.contract,
        CONTRACT.replace(
          'LOAD_PATIENT,SURNAME,,Y,direct,PAT,SNM,,,,1.00,APPROVED',
          'LOAD_PATIENT,SURNAME,,Y,unresolved,,,,,,1.00,DRAFT',
        ),
      );
      const { summary, returnCode } = await run(project, 'contract status');
      assert.equal(returnCode, 0);
      assert.deepEqual([summary['rows'], summary['unresolved_mandatory'], summary['approved_share']], [19, 1, 0.9474]);
      assert.equal((summary['lock'] as { state: string }).state, 'none');
      assert.deepEqual(summary['problems'], { error: 0, warning: 1, info: 0 });
      const tables = summary['tables'] as { table: string; rows: number; statuses: Record<string, number> }[];
      assert.deepEqual(
        tables.map(({ table, rows, statuses }) => [table, rows, statuses['DRAFT']]),
        [
          ['LOAD_PATIENT', 6, 1],
          ['LOAD_NAME', 5, 0],
          ['LOAD_REFERRAL', 4, 0],
          ['LOAD_APPOINTMENT', 4, 0],
        ],
      );
    }));

  it('verify holds only for the contract that was locked, and names each row that differs', () =>
    withProject(smallProject(), async (project) => {
      assert.equal((await run(project, 'contract verify')).returnCode, 1);
      await run(project, 'contract lock', { name: 'rc 1', by: 'Ann' });
      await run(project, 'contract lock', { name: 'rc 2', by: 'Bob' });
      const held = await run(project, 'contract verify');
      assert.deepEqual([held.returnCode, held.summary['holds']], [0, true]);
      assert.match(held.text[0] ?? '', /^Locked as rc 2 by Bob/);
      assert.equal((await run(project, 'contract status')).summary['approved_share'], 1);
      await project.write(ARTEFACTS.contractTables, CONTRACT_TABLES.replace('RNO KEEP LAST', 'RNO KEEP FIRST'));
      await project.write(ARTEFACTS.contract, CHANGED.replace('1.00,APPROVED', '1.00,DRAFT'));
      const { returnCode, text } = await run(project, 'contract verify');
      assert.equal(returnCode, 1);
      const told = text.join('\n');
      assert.match(told, /: changed since/);
      assert.match(told, /breaking {2}LOAD_PATIENT\.RELIGION: crosswalk religion → sex/);
      assert.match(told, /LOAD_REFERRAL \(row set main\): de-duplication/);
      assert.match(told, /3 of 25 rows are not approved:\n {2}LOAD_PATIENT\.PATIENT_ID: DRAFT/);
      await project.write(ARTEFACTS.contractTables, CONTRACT_TABLES);
      await project.write(ARTEFACTS.contract, CONTRACT.replace('LOAD_PATIENT,BORN', '"LOAD_PATIENT",BORN'));
      assert.match((await run(project, 'contract verify')).text.join('\n'), /No row differs: only the writing/);
    }));

  it('refuse a project without a contract, and a lock that is none', () =>
    withProject(smallProject(), async (project) => {
      await project.write(ARTEFACTS.contractLock, '{"locks": 3}');
      for (const command of ['contract status', 'contract verify'])
        assert.match((await run(project, command)).error ?? '', /contract_locks\.json: cannot be understood/, command);
      const refused = await run(project, 'contract lock', { name: 'rc', by: 'Ann' });
      assert.match(refused.error ?? '', /cannot be understood/);
      await withProject({}, async (empty) => {
        for (const command of ['contract status', 'contract verify', 'contract diff'])
          assert.match(
            (await run(empty, command, command === 'contract diff' ? { before: 'now' } : {})).error ?? '',
            /mapping_contract\.csv: not found/,
            command,
          );
      });
    }));
});
