import assert from 'node:assert/strict';
import { CONTRACT_COLUMNS } from '../../../src/core/contract/contractFile.ts';
import { parseCsvText } from '../../../src/core/csv/csvText.ts';
import { runCommand } from '../../../src/core/lifecycle/runCommand.ts';
import { Project } from '../../../src/core/project/layout.ts';
import type { RowSample } from '../../../src/core/review/rowFacts.ts';
import { rowSample } from '../../../src/core/review/rowSample.ts';
import { withEngine } from '../../support/engine.ts';
import { type TestProject, withProject } from '../../support/project.ts';
import { CONTRACT, smallProject } from '../../support/smallProject.ts';

/** A row of the small project's contract with some cells otherwise, as an editor may have it. */
function row(table: string, field: string, set: Record<string, string> = {}): Record<string, string> {
  const { records } = parseCsvText(CONTRACT, '', CONTRACT_COLUMNS).value;
  const found = records.find(({ cells }) => cells['target_table'] === table && cells['target_field'] === field);
  assert.ok(found !== undefined);
  return { ...found.cells, ...set };
}

const sample = (project: TestProject, cells: Record<string, string>, most?: number): Promise<RowSample> =>
  withEngine((engine) => rowSample(new Project(project.root), cells, engine, most));

describe('the sample of a contract row', () => {
  it('shows source values with what a lookup makes of them, through joins and filter', () =>
    withProject(smallProject(), async (project) => {
      await project.write(
        'mock_data/source/PAT.csv',
        'NO,SNM,FSN1,FSN2,DOB,SEX,REL\nP1,A,,,58074,M,C\nP2,B,,,47117,F,\nP3,C,,,58074,M,N\nP4,D,,,1,M,Z\nP5,E,,,2,9,Z\n',
      );
      assert.deepEqual(await sample(project, row('LOAD_PATIENT', 'SEX', { default_value: '' })), {
        columns: ['PAT.SEX'],
        pairs: [
          { source: ['M'], target: '1', reason: null, rows: 2 },
          { source: ['F'], target: '2', reason: null, rows: 1 },
        ],
        failing: [{ source: ['9'], target: null, reason: 'UNKNOWN_CODE', rows: 1 }],
        rows: 4,
        failed: 1,
        notes: [],
      });
      const religion = await sample(project, row('LOAD_PATIENT', 'RELIGION'));
      assert.deepEqual(religion.pairs, [
        { source: ['C'], target: 'CHR', reason: null, rows: 1 },
        { source: [''], target: null, reason: null, rows: 1 },
      ]);
      assert.deepEqual(religion.failing, [{ source: ['Z'], target: null, reason: 'UNKNOWN_CODE', rows: 2 }]);
    }));

  it('tries a row as the editor has it: another rule, format, or a value that is too long', () =>
    withProject(smallProject(), async (project) => {
      const rule = { mapping_class: 'derived', source_field: '', rule: "upper(SNM) || '-' || coalesce(SEX, '?')" };
      const derived = await sample(project, row('LOAD_PATIENT', 'SURNAME', rule));
      assert.deepEqual(derived.columns, ['PAT.SNM', 'PAT.SEX']);
      assert.deepEqual(
        derived.pairs.map(({ source, target }) => [...source, target]),
        [
          ['Née', 'F', 'NÉE-F'],
          ["O'Brien", 'M', "O'BRIEN-M"],
        ],
      );
      const long = await sample(
        project,
        row('LOAD_PATIENT', 'SURNAME', { ...rule, rule: "concat(SNM, ' of Somewhere')" }),
      );
      assert.deepEqual([long.failed, long.failing[0]?.reason], [2, 'TOO_LONG']);
      const at = await sample(project, row('LOAD_APPOINTMENT', 'STARTS'));
      assert.deepEqual(
        at.pairs.map(({ target }) => target),
        ['2025-03-01T10:30:00', '2025-03-02T00:00:00', '2025-03-02T09:00:00'],
      );
      const bad = await sample(project, row('LOAD_PATIENT', 'BORN', { source_field: 'SNM' }));
      assert.equal(bad.failing.length > 0 && bad.failing.every(({ reason }) => reason === 'BAD_FORMAT'), true);
    }));

  it('equals what the run writes, and takes only the first rows when there are more', () =>
    withProject(smallProject(), async (project) => {
      await runCommand(project.context(), 'run-contract-migration', {});
      const referral = await sample(project, row('LOAD_REFERRAL', 'RECEIVED'));
      const written = parseCsvText(await project.read('mock_data/target_contract/LOAD_REFERRAL.csv'), '', []).value;
      assert.deepEqual(
        referral.pairs.map(({ target }) => target).sort(),
        written.records.map(({ cells }) => cells['RECEIVED']).sort(),
      );
      const part = await sample(project, row('LOAD_APPOINTMENT', 'ID'), 2);
      assert.equal(part.rows, 2);
      assert.deepEqual(part.notes, ['These are the first 2 rows of APP, a part of them.']);
    }));

  it('says what a surrogate, a reference, a row set and a constant are', () =>
    withProject(smallProject(), async (project) => {
      const key = await sample(project, row('LOAD_REFERRAL', 'KEY'));
      assert.deepEqual(key.pairs.map(({ target }) => target).sort(), ['R1', 'R2']);
      assert.match(key.notes.join(' '), /makes a number of each of these business keys/);
      const foreign = await sample(project, row('LOAD_APPOINTMENT', 'REFERRAL_KEY'));
      assert.match(foreign.notes.join(' '), /business keys\. Whether the row it refers to is loaded is not looked at/);
      const name = await sample(project, row('LOAD_NAME', 'PATIENT_ID'));
      assert.match(name.notes.join(' '), /This is row set former_1; the row counts for former_2 too/);
      const constant = await sample(project, row('LOAD_PATIENT', 'LOADED_BY'));
      assert.deepEqual(constant.pairs, [{ source: [], target: 'PAS', reason: null, rows: 2 }]);
    }));

  const without: readonly [string, Record<string, string>, RegExp][] = [
    ['a class without a value', { mapping_class: 'out_of_scope', notes: 'no' }, /class out_of_scope gives no value/],
    ['a rule that is none', { mapping_class: 'derived', rule: 'upper(' }, /LOAD_PATIENT\.SURNAME: /],
    ['a column that is not there', { source_field: 'NOWHERE' }, /PAT\.NOWHERE is not in the source catalog/],
    ['a class that is none', { mapping_class: 'magic' }, /mapping_class must be one of/],
    ['an unknown table', { target_table: 'NOWHERE' }, /NOWHERE/],
  ];
  for (const [what, set, sentence] of without)
    it(`says why there is none: ${what}`, () =>
      withProject(smallProject(), async (project) => {
        const { notes, pairs } = await sample(project, row('LOAD_PATIENT', 'SURNAME', set));
        assert.match(notes.join(' '), sentence);
        assert.deepEqual(pairs, []);
      }));

  it('says why there is none: no source file, and a cancelled engine', () =>
    withProject({ ...smallProject(), 'mock_data/source/PAT.csv': '' }, async (project) => {
      assert.match((await sample(project, row('LOAD_PATIENT', 'SURNAME'))).notes.join(' '), /PAT\.csv.*is empty/);
      const abort = new AbortController();
      abort.abort();
      const engine = await project.context({ signal: abort.signal }).openEngine();
      const stopped = await rowSample(new Project(project.root), row('LOAD_APPOINTMENT', 'ID'), engine);
      assert.match(stopped.notes.join(' '), /took too long/);
      await engine.close();
    }));
});
