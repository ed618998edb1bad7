import assert from 'node:assert/strict';
import { parseCsvText } from '../../../src/core/csv/csvText.ts';
import { runStage } from '../../../src/core/lifecycle/runStage.ts';
import type { StageDefinition } from '../../../src/core/lifecycle/stage.ts';
import { isRejectSummarySql } from '../../../src/core/migration/rejectSummary.ts';
import { runContractMigration } from '../../../src/core/migration/runContractMigration.ts';
import { type TestProject, withProject } from '../../support/project.ts';
import { contractText, smallProject } from '../../support/smallProject.ts';

const STAGE = runContractMigration as unknown as StageDefinition;
const REJECTS = 'reports/contract_migration_rejects.csv';

async function migrate(project: TestProject, options: Record<string, unknown> = {}, threads = 2) {
  return runStage(project.context({ threads }), STAGE, options);
}

async function records(project: TestProject, path: string): Promise<Readonly<Record<string, string>>[]> {
  return parseCsvText(await project.read(path), path, []).value.records.map((record) => record.cells);
}

/** Runs the small project with some files changed, and gives what a check needs. */
async function migrated(changes: Readonly<Record<string, string>>, options: Record<string, unknown> = {}) {
  return withProject({ ...smallProject(), ...changes }, async (project) => {
    const outcome = await migrate(project, options);
    const report = outcome.result?.summary ?? {};
    return {
      outcome,
      report: report as Readonly<Record<string, number | string>>,
      rejects: outcome.result === null ? [] : await records(project, REJECTS),
      patients: outcome.result === null ? '' : await project.read('mock_data/target_contract/LOAD_PATIENT.csv'),
      issues: outcome.result === null ? [] : await records(project, 'reports/contract_migration_issues.csv'),
    };
  });
}

describe('run-contract-migration', () => {
  it('loads a clean extract: formats, joins, row sets, merges, surrogates', async () => {
    await withProject(smallProject(), async (project) => {
      const outcome = await migrate(project);
      assert.equal(outcome.status, 'passed', outcome.error?.message);
      const read = (table: string): Promise<string> => project.read(`mock_data/target_contract/${table}.csv`);
      assert.equal(
        await read('LOAD_PATIENT'),
        "PATIENT_ID,SURNAME,BORN,SEX,RELIGION,LOADED_BY\nP1,O'Brien,2000-01-01,1,CHR,PAS\nP2,Née,1970-01-01,2,,PAS\n",
      );
      assert.equal(await read('LOAD_NAME'), 'PATIENT_ID,SEQ,SURNAME\nP1,1,Smith\nP1,2,Jones\n');
      assert.equal(
        await read('LOAD_REFERRAL'),
        'KEY,LEGACY_NO,PATIENT_ID,RECEIVED\n1,R1,P1,2025-01-02\n2,R2,P1,2025-01-04\n',
      );
      assert.equal(
        await read('LOAD_APPOINTMENT'),
        'ID,REFERRAL_KEY,PATIENT_ID,STARTS\nA1,1,P1,2025-03-01T10:30:00\nA2,2,P1,2025-03-02T00:00:00\nA3,,P2,2025-03-02T09:00:00\n',
      );
    });
  });
});

describe('run-contract-migration accounts for every row', () => {
  it('balances read = loaded + rejected + excluded + merged per row set', async () => {
    await withProject(smallProject(), async (project) => {
      await migrate(project);
      const stats = await records(project, 'reports/contract_migration_table_stats.csv');
      const line = (row: Readonly<Record<string, string>>): string =>
        [
          row['target_table'],
          row['row_set'],
          row['rows_read'],
          row['rows_written'],
          row['rows_rejected'],
          row['rows_excluded'],
          row['rows_merged'],
          row['rows_unexplained'],
        ].join(' ');
      assert.deepEqual(stats.map(line), [
        'LOAD_PATIENT main 3 2 0 1 0 0',
        // The merged-away patient's former name lands on the survivor, whose first former name it would duplicate.
        'LOAD_NAME former_1 3 1 1 1 0 0',
        'LOAD_NAME former_2 3 1 0 2 0 0',
        'LOAD_REFERRAL main 3 2 0 0 1 0',
        'LOAD_APPOINTMENT main 3 3 0 0 0 0',
        '  1 0 0 1 0 0',
        '  1 0 0 1 0 0',
      ]);
      const [reject] = await records(project, REJECTS);
      assert.equal(reject?.['reason'], 'DUPLICATE_KEY');
      assert.equal(reject?.['row_key'], 'P3');
    });
  });

  it('makes one reject of one unknown code, names the row, and holds or loads as the crosswalk says', async () => {
    const clean = smallProject()['mock_data/source/PAT.csv'] ?? '';
    const held = await migrated({ 'mock_data/source/PAT.csv': `${clean}P9,New,,,58074,?,C\n` });
    assert.deepEqual(
      held.rejects
        .filter((row) => row['reason'] === 'UNKNOWN_CODE')
        .map((row) => [
          row['target_field'],
          row['source_value'],
          row['row_key'],
          row['source_row'],
          row['crosswalk'],
          row['safety_critical'],
          row['row_policy'],
        ]),
      [['SEX', '?', 'P9', '4', 'sex', 'Y', 'hold']],
    );
    assert.ok(!held.patients.includes('P9'));
    assert.equal(held.report['rows_unexplained'], 0);
    const loaded = await migrated({ 'mock_data/source/PAT.csv': `${clean}P9,New,,,58074,F,??\n` });
    assert.equal(loaded.rejects.filter((row) => row['reason'] === 'UNKNOWN_CODE').length, 1);
    assert.match(loaded.patients, /^P9,New,2000-01-01,2,,PAS$/m);
  });

  it('marks the lines of the issues file that only sum up rejects, so that nobody counts a reject twice', async () => {
    const clean = smallProject()['mock_data/source/PAT.csv'] ?? '';
    const spoilt = { ...smallProject(), 'mock_data/source/PAT.csv': `${clean}P9,,,,58074,?,C\n` };
    await withProject(spoilt, async (project) => {
      await migrate(project);
      const engine = await project.context().openEngine();
      try {
        const file = (path: string) => `read_csv('${project.root}/reports/${path}', all_varchar=true, header=true)`;
        const rejects = file('contract_migration_rejects.csv');
        const left = async (condition: string): Promise<number> => {
          const issues = file('contract_migration_issues.csv');
          const [row] = await engine.rows(`SELECT count(*)::DOUBLE AS n FROM ${issues} WHERE NOT ${condition}`);
          return Number(row?.['n']);
        };
        const issues = await records(project, 'reports/contract_migration_issues.csv');
        const summaries = issues.filter((issue) => issue['message']?.includes('see contract_migration_rejects.csv'));
        assert.ok(summaries.length >= 2);
        const others = issues.length - summaries.length;
        assert.equal(await left(isRejectSummarySql(rejects)), others);
        assert.equal(await left(isRejectSummarySql(null)), others);
        const few = `(SELECT * FROM ${rejects} WHERE reason <> 'UNKNOWN_CODE')`;
        assert.equal(await left(isRejectSummarySql(few)), others + 1);
      } finally {
        await engine.close();
      }
    });
  });

  /** A spoilt cell or row, and the reason its reject must have. */
  const spoilt: readonly [what: string, file: string, row: string, reason: string, policy: string][] = [
    ['a date that is no day number', 'PAT', 'P9,New,,,12.5,M,C', 'BAD_FORMAT', 'load_null'],
    ['a date in exponent form', 'PAT', 'P9,New,,,1e4,M,C', 'BAD_FORMAT', 'load_null'],
    ['day zero', 'PAT', 'P9,New,,,0,M,C', 'BAD_FORMAT', 'load_null'],
    ['a surname longer than the target', 'PAT', 'P9,Featherstonehaugh,,,58074,M,C', 'TOO_LONG', 'hold'],
    ['no surname', 'PAT', 'P9,,,,58074,M,C', 'MANDATORY_MISSING', 'hold'],
    ['no sex', 'PAT', 'P9,New,,,58074,,C', 'MANDATORY_MISSING', 'hold'],
    ['a number already used', 'PAT', 'P1,Twice,,,58074,M,C', 'DUPLICATE_KEY', 'hold'],
    ['an unknown patient', 'APP', 'A9,R1,P404,202503011030', 'PARENT_MISSING', 'hold'],
    ['an unknown optional referral', 'APP', 'A9,R404,P1,202503011030', 'PARENT_MISSING', 'load_null'],
    ['an impossible time', 'APP', 'A9,R1,P1,202503012575', 'BAD_FORMAT', 'hold'],
    ['31 February', 'APP', 'A9,R1,P1,202502311030', 'BAD_FORMAT', 'hold'],
    ['a ragged row', 'APP', 'A9,R1,P1', 'UNREADABLE_ROW', 'hold'],
    ['a row with a cell too many', 'APP', 'A9,R1,P1,202503011030,extra', 'UNREADABLE_ROW', 'hold'],
  ];
  for (const [what, file, row, reason, policy] of spoilt) {
    it(`rejects ${what} as ${reason} and still balances`, async () => {
      const path = `mock_data/source/${file}.csv`;
      const result = await migrated({ [path]: `${smallProject()[path]}${row}\n` });
      assert.deepEqual(
        result.rejects
          .slice(0)
          .filter((reject) => reject['row_key'] !== 'P3')
          .map((reject) => [reject['reason'], reject['row_policy']])
          .slice(0, 1),
        [[reason, policy]],
      );
      assert.equal(result.report['rows_unexplained'], 0);
      assert.equal(result.outcome.status, 'passed', result.issues.map((issue) => issue['message']).join('\n'));
    });
  }

  it('holds rows whose join finds several rows, instead of multiplying them', async () => {
    const result = await migrated({ 'mock_data/source/MRG.csv': 'OLD,FINAL\nP3,P1\nP3,P2\n' });
    assert.deepEqual(
      new Set(result.rejects.filter((row) => row['reason'] === 'AMBIGUOUS_JOIN').map((row) => row['row_key'])),
      new Set(['P3', 'R2', 'A2']),
    );
    assert.equal(result.report['rows_unexplained'], 0);
  });

  it('fails when a source table with rows is read by nobody', async () => {
    const tables = (smallProject()['reports/mapping_contract_tables.csv'] ?? '')
      .split('\n')
      .filter((line) => !line.includes('USR'))
      .join('\n');
    const result = await migrated({ 'reports/mapping_contract_tables.csv': tables });
    assert.equal(result.outcome.returnCode, 1);
    assert.equal(result.report['rows_unexplained'], 1);
    assert.ok(
      result.issues.some(
        (issue) => issue['severity'] === 'ERROR' && /USR.*read by no contract row/.test(issue['message'] ?? ''),
      ),
    );
  });
});

describe('run-contract-migration and imputation', () => {
  const missing = {
    'mock_data/source/PAT.csv': `${smallProject()['mock_data/source/PAT.csv']}P9,New,,,58074,,C\nP8,Odd,,,58074,?,C\n`,
  };
  for (const [mode, imputed] of [
    ['off', 0],
    ['development', 1],
    ['pre_production', 1],
    ['cutover_ready', 0],
  ] as const) {
    it(`${mode} imputes ${imputed} missing mandatory value and never an unknown code`, async () => {
      const result = await migrated(missing, { impute_mode: mode });
      assert.equal(result.report['cells_imputed'], imputed);
      assert.equal(result.patients.includes('P9,New,2000-01-01,X'), imputed === 1);
      assert.ok(!result.patients.includes('P8'));
      assert.deepEqual(
        result.issues.filter((issue) => issue['category'] === 'imputed').map((issue) => issue['row_key']),
        imputed === 1 ? ['P9'] : [],
      );
    });
  }
});

describe('run-contract-migration refuses bad input in one sentence and keeps the last outputs', () => {
  const broken: readonly [what: string, changes: Record<string, string>, words: RegExp][] = [
    [
      'an empty source file',
      { 'mock_data/source/APP.csv': '' },
      /mock_data\/source\/APP\.csv:1: .*empty \(0 bytes\).*extract it again/,
    ],
    [
      'a renamed column',
      { 'mock_data/source/REF.csv': 'RNO,NUMBER,RCV\nR1,P1,20250102\n' },
      /REF\.csv:1: The header lacks NO.*NUMBER/,
    ],
    ['a repeated column', { 'mock_data/source/REF.csv': 'RNO,NO,NO,RCV\n' }, /names NO twice/],
    [
      'a file cut inside a quote',
      { 'mock_data/source/PAT.csv': 'NO,SNM,FSN1,FSN2,DOB,SEX,REL\nP1,"Sm' },
      /PAT\.csv: ends inside a quoted value/,
    ],
    [
      'a comma too many, with nothing after it',
      { 'mock_data/source/PAT.csv': 'NO,SNM,FSN1,FSN2,DOB,SEX,REL\nP1,Smith,Jr,,,58074,M,\n' },
      /PAT\.csv: record 1 has more cells than the header/,
    ],
    ['a NUL character', { 'mock_data/source/MRG.csv': 'OLD,FINAL\nP3,P\u00001\n' }, /MRG\.csv: holds NUL/],
    [
      'a missing crosswalk',
      {
        'reports/mapping_contract.csv': (smallProject()['reports/mapping_contract.csv'] ?? '').replace(
          ',sex,X',
          ',gender,X',
        ),
      },
      /mapping_contract\.csv:5: .*crosswalk gender does not exist/,
    ],
    [
      'a rule with an unknown column',
      { 'reports/mapping_contract.csv': contractText('LOAD_PATIENT.SURNAME|derived||upper(NAME)') },
      /NAME is not in PAT/,
    ],
    [
      'a broken contract',
      { 'reports/mapping_contract.csv': 'a,b\n' },
      /mapping_contract\.csv:1: The header lacks target_table/,
    ],
    [
      'a code twice in a crosswalk',
      { 'schemas/crosswalks/sex.csv': 'source_code,target_code\nM,1\nM,2\n' },
      /sex\.csv:3:1: .*already stands at line 2/,
    ],
  ];
  for (const [what, changes, words] of broken) {
    it(what, async () => {
      await withProject(smallProject(), async (project) => {
        await migrate(project);
        const before = await project.read('mock_data/target_contract/LOAD_PATIENT.csv');
        for (const [path, text] of Object.entries(changes)) await project.write(path, text);
        const outcome = await migrate(project);
        assert.equal(outcome.returnCode, 2, JSON.stringify(outcome.result?.summary));
        assert.match(outcome.error?.message ?? '', words);
        assert.doesNotMatch(outcome.error?.message ?? '', /O'Brien|Sm"|\n/);
        assert.equal(await project.read('mock_data/target_contract/LOAD_PATIENT.csv'), before);
      });
    });
  }

  it('text that is not UTF-8', async () => {
    await withProject(smallProject(), async (project) => {
      await project.write('mock_data/source/MRG.csv', Buffer.from('OLD,FINAL\nP3,P\xe9\n', 'latin1'));
      const outcome = await migrate(project);
      assert.match(outcome.error?.message ?? '', /MRG\.csv: is not valid UTF-8/);
    });
  });

  it('stops when asked to, and leaves nothing half-written', async () => {
    await withProject(smallProject(), async (project) => {
      const abort = new AbortController();
      abort.abort();
      const outcome = await runStage(project.context({ signal: abort.signal }), STAGE, {});
      assert.equal(outcome.returnCode, 130);
      assert.equal(await project.readIfThere('mock_data/target_contract/LOAD_PATIENT.csv'), null);
    });
  });
});

describe('run-contract-migration reads what is unusual but whole', () => {
  const header = 'REL,SEX,DOB,FSN2,FSN1,SNM,NO';
  const same: readonly [what: string, text: string][] = [
    ['another column order', `${header}\nC,M,58074,Jones,Smith,O'Brien,P1\n,F,47117,,,Née,P2\nN,M,58074,,Ex,Old,P3\n`],
    [
      'CRLF, a BOM and no last line end',
      `\ufeffNO,SNM,FSN1,FSN2,DOB,SEX,REL\r\nP1,O'Brien,Smith,Jones,58074,M,C\r\nP2,Née,,,47117,F,\r\nP3,Old,Ex,,58074,M,N`,
    ],
    [
      'mixed line ends',
      `NO,SNM,FSN1,FSN2,DOB,SEX,REL\r\nP1,O'Brien,Smith,Jones,58074,M,C\nP2,Née,,,47117,F,\r\nP3,Old,Ex,,58074,M,N\n`,
    ],
    [
      'everything quoted',
      `"NO","SNM","FSN1","FSN2","DOB","SEX","REL"\n"P1","O'Brien","Smith","Jones","58074","M","C"\n"P2","Née","","","47117","F",""\n"P3","Old","Ex","","58074","M","N"\n`,
    ],
  ];
  for (const [what, text] of same) {
    it(what, async () => {
      const plain = await migrated({});
      const odd = await migrated({ 'mock_data/source/PAT.csv': text });
      assert.equal(odd.outcome.status, 'passed', odd.outcome.error?.message);
      assert.equal(odd.patients, plain.patients);
    });
  }

  it('gives the same bytes on 1 and on 2 threads', async () => {
    const bytes = async (threads: number): Promise<string[]> =>
      withProject(smallProject(), async (project) => {
        await migrate(project, {}, threads);
        const names = ['PATIENT', 'NAME', 'REFERRAL', 'APPOINTMENT'].map(
          (name) => `mock_data/target_contract/LOAD_${name}.csv`,
        );
        return Promise.all(
          [
            ...names,
            REJECTS,
            'reports/contract_migration_issues.csv',
            'reports/contract_migration_table_stats.csv',
          ].map((name) => project.read(name)),
        );
      });
    assert.deepEqual(await bytes(1), await bytes(2));
  });
});
