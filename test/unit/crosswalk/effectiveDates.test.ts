import assert from 'node:assert/strict';
import { readIndexText } from '../../../src/core/crosswalk/crosswalkIndex.ts';
import { isIsoDay, readCrosswalkText, validOn } from '../../../src/core/crosswalk/crosswalkText.ts';
import { parseCsvText } from '../../../src/core/csv/csvText.ts';
import { runStage } from '../../../src/core/lifecycle/runStage.ts';
import type { StageDefinition } from '../../../src/core/lifecycle/stage.ts';
import { runContractMigration } from '../../../src/core/migration/runContractMigration.ts';
import { formatPlace } from '../../../src/core/shared/problem.ts';
import { withProject } from '../../support/project.ts';
import { smallProject } from '../../support/smallProject.ts';

const HEADER = 'source_code,target_code,description,safety_critical,valid_from,valid_to,status';
const INDEX = 'schemas/crosswalk_index.csv';

/** Lines as `code|target|from|to|status`. */
function crosswalk(...lines: string[]): string {
  const written = lines.map((line) => {
    const [code = '', target = '', from = '', to = '', status = 'APPROVED'] = line.split('|');
    return `${code},${target},,Y,${from},${to},${status}`;
  });
  return `${[HEADER, ...written].join('\n')}\n`;
}

function read(...lines: string[]): { problems: string[]; kept: string[] } {
  const { value, problems } = readCrosswalkText(crosswalk(...lines), 'x.csv');
  return {
    problems: problems.map(
      ({ code, place, severity }) => `${formatPlace(place)}-${place.endColumn} ${severity} ${code}`,
    ),
    kept: value.lines.map(({ sourceCode, targetCode }) => `${sourceCode}=${targetCode}`),
  };
}

describe('crosswalk dates', () => {
  const cases: readonly [what: string, lines: string[], problems: string[], kept: string[]][] = [
    ['one meaning after the other', ['A|1||2019-12-31', 'A|2|2020-01-01'], [], ['A=1', 'A=2']],
    ['a gap between them', ['A|1||2019-12-31', 'A|2|2021-01-01|2021-12-31'], [], ['A=1', 'A=2']],
    ['two at one day', ['A|1||2020-01-01', 'A|2|2020-01-01'], ['x.csv:3:8-18 error crosswalk-ambiguous-code'], ['A=1']],
    [
      'one without dates beside one with',
      ['A|1', 'A|2|2020-01-01'],
      ['x.csv:3:8-18 error crosswalk-ambiguous-code'],
      ['A=1'],
    ],
    [
      'the earlier time written later',
      ['A|2|2020-01-01', 'A|1||2020-06-01'],
      ['x.csv:3:8-9 error crosswalk-ambiguous-code'],
      ['A=2'],
    ],
    [
      'a code that differs in outer blanks only',
      ['A|1', ' A |2'],
      ['x.csv:3:1-4 error crosswalk-ambiguous-code'],
      ['A=1'],
    ],
    ['a line that waits beside one in force', ['A|1', 'A|2|||DRAFT', 'A|3|||IN_REVIEW', 'A|4|||RETIRED'], [], ['A=1']],
    ['no day of the calendar', ['A|1|2021-02-29'], ['x.csv:2:8-18 error crosswalk-bad-date'], []],
    ['another format', ['A|1||31/12/2020'], ['x.csv:2:9-19 error crosswalk-bad-date'], []],
    ['a bad date that is not in force', ['A|1|soon||DRAFT'], ['x.csv:2:8-12 warning crosswalk-bad-date'], []],
    ['an end before its start', ['A|1|2021-01-02|2021-01-01'], ['x.csv:2:19-29 error crosswalk-dates-reversed'], []],
    [
      'a slip of the pen in the status',
      ['A|1|||APROVED', 'B|2|||approved'],
      ['x.csv:2:10-17 error crosswalk-bad-status'],
      ['B=2'],
    ],
    ['one day alone', ['A|1|2021-01-01|2021-01-01'], [], ['A=1']],
  ];
  for (const [what, lines, problems, kept] of cases)
    it(`${what}: ${problems.length === 0 ? 'is well' : 'is told at its cell'}`, () => {
      assert.deepEqual(read(...lines), { problems, kept });
    });

  it('know the calendar, and that a day that is not known is no day of a dated line', () => {
    for (const good of ['2020-02-29', '0001-01-01', '9999-12-31']) assert.ok(isIsoDay(good), good);
    for (const bad of ['2021-02-29', '0000-01-01', '2021-1-1', '2021-13-01', '', '=1+1', '2021-01-01T00:00'])
      assert.ok(!isIsoDay(bad), bad);
    assert.ok(validOn({ validFrom: null, validTo: null }, null));
    assert.ok(!validOn({ validFrom: '2020-01-01', validTo: null }, null));
    assert.ok(validOn({ validFrom: '2020-01-01', validTo: '2020-01-01' }, '2020-01-01'));
  });

  it('a file full of mistakes is told by its first ones', () => {
    const { problems } = readCrosswalkText(crosswalk(...Array.from({ length: 20_000 }, () => 'A|1')), 'x.csv');
    assert.equal(problems.length, 201);
    assert.match(problems.at(-1)?.message ?? '', /^19799 more lines/);
  });

  it('the index names the day, of one table or of all that have the column', () => {
    const { value, problems } = readIndexText(
      'crosswalk,row_policy,event_date\nsex,hold, PAT.DOB ; AT\nbad,hold,a.b.c\nnone,hold,\n',
      INDEX,
    );
    assert.deepEqual(value.get('sex')?.eventDates, [
      { table: 'PAT', column: 'DOB' },
      { table: '', column: 'AT' },
    ]);
    assert.deepEqual(value.get('none')?.eventDates, []);
    assert.deepEqual(
      problems.map(({ code, place }) => [code, place.line]),
      [['crosswalk-bad-event-date', 3]],
    );
  });
});

/** P1 is born on 2000-01-01, P2 on 1970-01-01; both have a sex code. */
async function run(sex: string, eventDate: string, people: readonly string[] = ['58074,M', '47117,M']) {
  const rows = people.map((rest, at) => `P${at + 1},Name,,,${rest},C`);
  const files = {
    ...smallProject(),
    'schemas/crosswalks/sex.csv': sex,
    [INDEX]: `crosswalk,row_policy,safety_critical,event_date\nsex,hold,Y,${eventDate}\nreligion,load_null,N,\n`,
    'mock_data/source/PAT.csv': `NO,SNM,FSN1,FSN2,DOB,SEX,REL\n${rows.join('\n')}\n`,
    'mock_data/source/REF.csv': 'RNO,NO,RCV\n',
    'mock_data/source/APP.csv': 'ANO,RNO,NO,AT\n',
    'mock_data/source/MRG.csv': 'OLD,FINAL\n',
  };
  return withProject(files, async (project) => {
    const stage = runContractMigration as unknown as StageDefinition;
    const outcome = await runStage(project.context(), stage, {});
    const cells = async (path: string): Promise<Readonly<Record<string, string>>[]> =>
      parseCsvText((await project.readIfThere(path)) ?? 'none\n', path, []).value.records.map((record) => record.cells);
    return {
      error: outcome.error?.message ?? '',
      loaded: (await cells('mock_data/target_contract/LOAD_PATIENT.csv')).map(
        (row) => `${row['PATIENT_ID']}=${row['SEX']}`,
      ),
      rejects: (await cells('reports/contract_migration_rejects.csv')).map(
        (row) => `${row['row_key']} ${row['reason']}`,
      ),
      issues: (await cells('reports/contract_migration_issues.csv')).map((row) => row['rule_id']),
    };
  });
}

describe('the migration applies crosswalk dates', () => {
  const changing = crosswalk('M|1||1999-12-31', 'M|2|2000-01-01');

  it('each row gets the meaning of its own day', async () => {
    const found = await run(changing, 'PAT.DOB');
    assert.deepEqual([found.error, found.loaded, found.rejects], ['', ['P1=2', 'P2=1'], []]);
  });

  it('a column name alone stands for every driving table that has it', async () => {
    assert.deepEqual((await run(changing, 'DOB')).loaded, ['P1=2', 'P2=1']);
  });

  it('a line whose time has ended is an unknown code, and so is any dated line where the day is not known', async () => {
    const found = await run(crosswalk('M|1||1999-12-31', 'F|2'), 'PAT.DOB', ['58074,M', '47117,M', ',M', 'x,F']);
    assert.deepEqual(found.loaded, ['P2=1', 'P4=2']);
    assert.deepEqual(
      found.rejects.filter((reject) => reject.includes('CODE')),
      ['P1 UNKNOWN_CODE', 'P3 UNKNOWN_CODE'],
    );
  });

  it('a code with several meanings and no day to tell them apart is refused, nothing is picked', async () => {
    const found = await run(changing, '');
    assert.match(
      found.error,
      /mapping_contract\.csv:5: LOAD_PATIENT\.SEX: .*change their meaning with the date.*event_date/,
    );
    assert.deepEqual(found.loaded, []);
  });

  it('dates without an event date are told and not applied when each code has one line', async () => {
    const found = await run(crosswalk('M|1||1999-12-31'), '');
    assert.deepEqual([found.error, found.loaded], ['', ['P1=1', 'P2=1']]);
    assert.ok(found.issues.includes('contract-no-event-date'));
  });

  it('an event date that is no column of the driving table is refused', async () => {
    assert.match((await run(changing, 'PAT.NOPE')).error, /not there or holds no day/);
    assert.match((await run(changing, 'APP.AT')).error, /change their meaning with the date/);
  });
});
