import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { type CodesMet, coverageOf, LineRows, turningDays } from '../../../src/core/crosswalk/coverage.ts';
import { crosswalkGaps, percent } from '../../../src/core/crosswalk/crosswalkGaps.ts';
import { type CrosswalkLine, validOn } from '../../../src/core/crosswalk/crosswalkText.ts';
import { parseCsvText } from '../../../src/core/csv/csvText.ts';
import { runStage } from '../../../src/core/lifecycle/runStage.ts';
import type { StageDefinition } from '../../../src/core/lifecycle/stage.ts';
import { runContractMigration } from '../../../src/core/migration/runContractMigration.ts';
import { type TestProject, withProject } from '../../support/project.ts';
import { smallProject } from '../../support/smallProject.ts';

const HEADER = 'source_code,target_code,description,safety_critical,valid_from,valid_to,status';
const gaps = async (project: TestProject, options: Record<string, unknown> = {}) => {
  const outcome = await runStage(project.context(), crosswalkGaps as unknown as StageDefinition, options);
  return { ...outcome, text: outcome.result?.text.join('\n') ?? '', summary: outcome.result?.summary ?? {} };
};

function people(rows: readonly (readonly [born: string, sex: string, religion: string])[]): Record<string, string> {
  const lines = rows.map(([born, sex, religion], at) => `P${at},Name,,,${born},${sex},${religion}`);
  return {
    ...smallProject(),
    'mock_data/source/PAT.csv': `NO,SNM,FSN1,FSN2,DOB,SEX,REL\n${lines.join('\n')}\n`,
    'mock_data/source/MRG.csv': 'OLD,FINAL\nP0,P1\n',
    'mock_data/source/REF.csv': 'RNO,NO,RCV\n',
    'mock_data/source/APP.csv': 'ANO,RNO,NO,AT\n',
  };
}

describe('crosswalk gaps', () => {
  it('tells totals and codes, the safety-critical crosswalk first, and fails for its rows', async () => {
    const files = people([
      ['1', 'M', 'C'],
      ['1', 'M', 'ZZ'],
      ['1', 'Q', 'ZZ'],
      ['1', 'Q', ''],
      ['1', '=1+1', 'C'],
    ]);
    await withProject(
      { ...files, 'schemas/crosswalks/idle.csv': `${HEADER}\nA,1,,N,,,APPROVED\n` },
      async (project) => {
        const found = await gaps(project, { out: 'gaps.csv' });
        assert.equal(found.status, 'failed', found.error?.message);
        // P0 is merged into P1 by the filter, as in a run.
        assert.match(
          found.text,
          /^sex \(safety-critical\): 1 of 3 codes, 25\.0 % of 4 rows mapped; .* held; 1 line is used by no row\.\n {2}"Q" {2}2 rows\n {2}"=1\+1" {2}1 row\nreligion: 1 of 2 codes, 33\.3 % of 3 rows/,
        );
        assert.match(found.text, /No contract row uses: idle\./);
        assert.equal(
          await readFile(`${project.root}/gaps.csv`, 'utf8'),
          'crosswalk,safety_critical,source_code,rows,reason,target_fields\nsex,Y,Q,2,no_line,LOAD_PATIENT.SEX\nsex,Y,=1+1,1,no_line,LOAD_PATIENT.SEX\nreligion,N,ZZ,2,no_line,LOAD_PATIENT.RELIGION\n',
        );
        assert.deepEqual((await gaps(project, { name: 'religion' })).status, 'passed');
        assert.match(
          (await gaps(project, { name: 'nope' })).error?.message ?? '',
          /nope\.csv: there is no such crosswalk/,
        );
        assert.match(
          (await gaps(project, { out: 'schemas/crosswalks/sex.csv' })).error?.message ?? '',
          /holds something else/,
        );
        assert.match(
          (await gaps(project, { out: 'no/folder/x.csv' })).error?.message ?? '',
          /cannot be written \(ENOENT\)/,
        );
        assert.match(
          (await gaps(project, { source_dir: 'elsewhere' })).error?.message ?? '',
          /elsewhere: holds no source table/,
        );
        await project.write('reports/mapping_contract.csv', 'x\n');
        assert.match((await gaps(project)).error?.message ?? '', /mapping_contract\.csv/);
      },
    );
  });

  it('tells what it could not look at, and shows hostile codes harmlessly', async () => {
    const files = people([
      ['1', 'M', 'C'],
      ['1', '\u001b[31mred\u202e', 'C'],
      ['1', `"${'x'.repeat(300)}"`, 'C'],
      ['1', '"a\nb"', 'C'],
    ]);
    await withProject({ ...files, 'mock_data/source/REF.csv': 'RNO\n' }, async (project) => {
      const { text } = await gaps(project);
      assert.ok(!['\u001b', '\u202e', 'x'.repeat(41)].some((bad) => text.includes(bad)));
      assert.match(text, /"\ufffd\[31mred\ufffd"/);
      await project.write('mock_data/source/MRG.csv', 'OTHER\n1\n');
      const lost = await gaps(project);
      assert.match(lost.text, /LOAD_PATIENT\.SEX: MRG\.csv cannot be read\./);
    });
  });

  it('does not tell the values of a column that holds no codes, and says why', async () => {
    const born = (at: number): string => `${1960 + at}-0${1 + (at % 9)}-1${at % 10}`;
    const number = (at: number): string => `999${String(1_000_000 + at * 7919)}`;
    const rows = Array.from({ length: 12 }, (_, at) => [number(at), born(at), `SURNAME${at}`]);
    const files = {
      ...people([]),
      'mock_data/source/PAT.csv': `NO,SNM,FSN1,FSN2,DOB,SEX,REL\n${rows
        .map(
          ([nhs, dob, name], at) =>
            `P${at},${name},,,1,${at < 11 ? nhs : 'M'},${at < 6 ? dob : 'A patient who lives beside the church'}`,
        )
        .join('\n')}\n`,
    };
    await withProject(files, async (project) => {
      const found = await gaps(project, { out: 'gaps.csv' });
      const told = found.text + JSON.stringify(found.summary) + (await project.read('gaps.csv'));
      for (const [nhs = '', dob = ''] of rows) assert.ok(!told.includes(nhs) && !told.includes(dob), nhs);
      assert.ok(!told.includes('church'));
      assert.match(
        found.text,
        /The column PAT\.SEX, which LOAD_PATIENT\.SEX looks up, holds numbers of ten digits, as NHS numbers are: its values are not shown\./,
      );
      assert.match(
        found.text,
        /PAT\.REL, .* holds texts of more than 20 characters and dates: its values are not shown/,
      );
      assert.match(found.text, /sex \(safety-critical\): 1 of 11 codes/);
      assert.match(await project.read('gaps.csv'), /sex,Y,,1,no_code_not_shown,LOAD_PATIENT\.SEX/);
      const names = rows.map(([, , name], at) => `P${at},X,,,1,${name},C`).join('\n');
      await project.write('mock_data/source/PAT.csv', `NO,SNM,FSN1,FSN2,DOB,SEX,REL\n${names}\n`);
      const surnames = await gaps(project);
      assert.ok(!(surnames.text + JSON.stringify(surnames.summary)).includes('SURNAME'));
      assert.match(surnames.text, /PAT\.SEX, .* holds 11 different values in 11 rows, as names and identifiers do/);
    });
  });

  it('leaves out single values that are no codes, and keeps the codes beside them', async () => {
    const codes = ['M', 'Q', 'Q', 'Z', 'V', 'W', 'Y', '999 000 0018', '12/03/1960', 'jo@example.org'];
    await withProject(people(codes.map((code) => ['1', code, 'C'])), async (project) => {
      const { text } = await gaps(project);
      assert.match(text, /"Z" {2}1 row/);
      assert.match(text, /3 values that look like no code \(3 rows; .*\) are not shown/);
      assert.ok(!['999', '1960', 'example'].some((value) => text.includes(value)), text);
    });
  });

  it('tells target codes that their list does not have, and dates that no event date applies', async () => {
    const files = {
      ...people([
        ['1', 'M', 'C'],
        ['1', 'M', 'C'],
      ]),
      'schemas/code_sets/sexes.csv': 'code,description\n1,Male\n2,Female\n',
      'schemas/crosswalks/sex.csv': `${HEADER}\nM,1,,Y,,2020-01-01,APPROVED\nF,7,,Y,,,APPROVED\nD,8,,Y,,,DRAFT\n`,
      'schemas/crosswalk_index.csv':
        'crosswalk,row_policy,safety_critical,code_set\nsex,hold,Y,sexes\nreligion,load_null,N,\n',
    };
    await withProject(files, async (project) => {
      const { text, status } = await gaps(project, { name: 'sex' });
      assert.equal(status, 'failed', 'a wrong target of a safety-critical crosswalk');
      assert.match(
        text,
        /1 line gives a target code that schemas\/code_sets\/sexes\.csv does not have \(line 3 of schemas\/crosswalks\/sex\.csv\)/,
      );
      assert.match(
        text,
        /Lines have dates \(1 ended before today\), but schemas\/crosswalk_index\.csv names no event_date/,
      );
      await project.write('schemas/crosswalks/sex.csv', `${HEADER}\nM,1,,Y,,,APPROVED\n`);
      assert.equal((await gaps(project, { name: 'sex' })).status, 'passed');
    });
  });

  it('counts what a run rejects, code by code, also by date (law)', async () => {
    const code = fc.constantFrom('M', 'F', 'Q', ' M ', '', 'm');
    const person = fc.tuple(fc.constantFrom('47117', '58074', '60000', '', 'x'), code, fc.constantFrom('C', 'N', 'ZZ'));
    const date = fc.constantFrom('', '1970-01-01', '1999-12-31', '2004-06-01');
    await fc.assert(
      fc.asyncProperty(
        fc.array(person, { minLength: 2, maxLength: 40 }),
        date,
        date,
        fc.boolean(),
        async (rows, from, to, dated) => {
          fc.pre(from === '' || to === '' || from <= to);
          const files = {
            ...people(rows),
            'schemas/crosswalks/sex.csv': `${HEADER}\nM,1,,Y,${from},${to},APPROVED\nF,2,,Y,,,APPROVED\nQ,3,,Y,,,DRAFT\n`,
            'schemas/crosswalk_index.csv': `crosswalk,row_policy,safety_critical,event_date\nsex,hold,Y,${dated ? 'PAT.DOB' : ''}\nreligion,load_null,N,\n`,
          };
          await withProject(files, async (project) => {
            const run = await runStage(project.context(), runContractMigration as unknown as StageDefinition, {});
            assert.equal(run.error, null);
            const path = 'reports/contract_migration_rejects.csv';
            const rejected = new Map<string, number>();
            for (const { cells } of parseCsvText(await project.read(path), path, []).value.records) {
              const key = `${cells['crosswalk']} ${cells['source_value']}`;
              if (cells['reason'] === 'UNKNOWN_CODE') rejected.set(key, (rejected.get(key) ?? 0) + 1);
            }
            await gaps(project, { out: 'gaps.csv' });
            const told = parseCsvText(await project.read('gaps.csv'), 'gaps.csv', []).value.records.map(
              ({ cells }) => [`${cells['crosswalk']} ${cells['source_code']}`, Number(cells['rows'])] as const,
            );
            assert.deepEqual(new Map([...told].sort()), new Map([...rejected].sort()));
          });
        },
      ),
      { numRuns: 8, seed: 5 },
    );
  }).timeout(60_000);
});

describe('crosswalk coverage', () => {
  const use = {
    targetTable: 'T',
    targetField: 'F',
    rowSet: 'main',
    line: 2,
    sourceTable: 'S',
    sourceField: 'C',
    dated: true,
  };
  const line = (sourceCode: string, validFrom: string | null = null, validTo: string | null = null): CrosswalkLine => ({
    sourceCode,
    targetCode: '1',
    validFrom,
    validTo,
    line: 2,
  });

  it('a code is mapped when all its rows are; unused lines are counted', () => {
    const met: CodesMet = {
      uses: [use],
      met: [
        { use: 0, code: 'A', day: '2020-01-01', rows: 3 },
        { use: 0, code: 'A', day: '0001-01-01', rows: 2 },
        { use: 0, code: 'B', day: null, rows: 5 },
      ],
      notSeen: [],
    };
    const lines = [line('A', '2020-01-01'), line(' B '), line('C')];
    const found = coverageOf(lines, met);
    assert.deepEqual(
      [found.codes, found.mappedCodes, found.rows, found.mappedRows, found.unusedLines],
      [2, 1, 10, 8, 1],
    );
    assert.deepEqual(found.unmapped, [{ code: 'A', rows: 2, otherTime: true, uses: [0] }]);
    const rows = new LineRows(met);
    assert.deepEqual(
      lines.map((known) => rows.of(known)),
      [3, 5, 0],
    );
    assert.deepEqual([percent(9999, 10_000), percent(1, 1), percent(0, 0)], ['99.9 %', '100 %', '–']);
  });

  it('the last turning day before a day stands for it (law)', () => {
    const day = fc
      .integer({ min: 0, max: 400 })
      .map((offset) => new Date(Date.UTC(2020, 0, 1 + offset)).toISOString().slice(0, 10));
    const limit = fc.option(day);
    fc.assert(
      fc.property(fc.array(fc.tuple(limit, limit), { maxLength: 6 }), day, (times, asked) => {
        const lines = times.map(([from, to]) => line('A', from, to));
        const stands = turningDays(lines).findLast((turn) => turn <= asked) ?? '0001-01-01';
        for (const known of lines)
          if (known.validFrom === null || known.validTo === null || known.validFrom <= known.validTo)
            assert.equal(validOn(known, stands), validOn(known, asked));
      }),
    );
  });
});
