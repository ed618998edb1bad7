import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { readAudit } from '../../../src/core/audit/auditLog.ts';
import { NHS_MATRIX } from '../../../src/core/governance/hazardMatrix.ts';
import { HAZARD_COLUMNS, parseHazards } from '../../../src/core/governance/hazards.ts';
import { countSafetyRejects, decisionDoubt, readTriageContext } from '../../../src/core/governance/safetyRejects.ts';
import { setTriage } from '../../../src/core/governance/setTriage.ts';
import { undoTriage } from '../../../src/core/governance/triageUndo.ts';
import { type CommandOutcome, runCommand } from '../../../src/core/lifecycle/runCommand.ts';
import { ARTEFACTS, Project } from '../../../src/core/project/layout.ts';
import { importCsv } from '../../../src/core/quality/loadCsv.ts';
import { withEngine } from '../../support/engine.ts';
import { type TestProject, withProject } from '../../support/project.ts';
import { smallProject } from '../../support/smallProject.ts';

const CLINICAL = 'Dr Celia Marchetti';

interface Listed {
  readonly open_rows: number;
  readonly groups: readonly {
    readonly key: string;
    readonly rows: number;
    readonly codes: string[];
    readonly open: string;
  }[];
}

/** A migration with three unknown codes of sex and one of them not looking like a code. */
async function withRejects(work: (project: TestProject) => Promise<void>, patients?: string): Promise<void> {
  const files = smallProject();
  files['mock_data/source/PAT.csv'] =
    patients ?? 'NO,SNM,FSN1,FSN2,DOB,SEX,REL\nP1,A,,,58074,9,C\nP2,B,,,47117,9,\nP4,C,,,58074,Mrs Jane Sample,N\n';
  files['mock_data/source/MRG.csv'] = 'OLD,FINAL\n';
  files['mock_data/source/REF.csv'] = 'RNO,NO,RCV\n';
  files['mock_data/source/APP.csv'] = 'ANO,RNO,NO,AT\n';
  files[ARTEFACTS.roles] = await readFile(ARTEFACTS.roles, 'utf8');
  await withProject(files, async (project) => {
    await runCommand(project.context(), 'run-contract-migration', {});
    await work(project);
  });
}

const set = (project: TestProject, as: string, options: Record<string, unknown>): Promise<CommandOutcome> =>
  runCommand(project.context({ as }), 'triage set', options);
const list = async (project: TestProject, show = 'open'): Promise<Listed> => {
  const { summary, error } = await runCommand(project.context(), 'triage list', { show });
  assert.equal(error, null);
  return summary as unknown as Listed;
};
/** Open, accepted, excluded, under a hazard: as the gate counts them. */
const counted = (project: TestProject): Promise<readonly number[]> =>
  withEngine(async (engine) => {
    const place = new Project(project.root);
    const columns = [
      'target_table',
      'target_field',
      'source_table',
      'source_field',
      'row_key',
      'safety_critical',
      'reason',
    ];
    const name = ARTEFACTS.migrationRejects;
    await importCsv(engine, { path: place.at(name), name, schema: 'main', table: 'rejects', columns, next: '' });
    const judged = await readTriageContext(place, await readAudit(place));
    const { open, accepted, excluded, hazards } = await countSafetyRejects(engine, 'rejects', judged);
    return [open, accepted, excluded, hazards];
  });

describe('triage of safety-critical rejects', () => {
  it('shows no values of a column that holds names or dates in place of codes', () => {
    const names = Array.from({ length: 12 }, (_, at) => `P${at},A,,,58074,${at === 0 ? '19600312' : `NAME${at}`},C`);
    return withRejects(
      async (project) => {
        const { groups } = await list(project);
        assert.deepEqual(
          groups.map(({ rows, codes }) => [rows, codes]),
          [[12, []]],
        );
      },
      `NO,SNM,FSN1,FSN2,DOB,SEX,REL\n${names.join('\n')}\n`,
    );
  });

  it('lists them by cause with their codes, and never another value', () =>
    withRejects(async (project) => {
      const { groups, open_rows: rows } = await list(project);
      assert.deepEqual([groups.length, rows], [1, 3]);
      assert.deepEqual(groups[0]?.codes, ['9']);
      const { text } = await runCommand(project.context(), 'triage list', {});
      assert.match(text.join('\n'), /3 rows {2}UNKNOWN_CODE LOAD_PATIENT\.SEX from PAT\.SEX through sex {2}codes 9\n/);
      assert.doesNotMatch(text.join('\n'), /Jane/);
    }));

  it('settles by a decision of the right role that the audit log knows, and opens again when it does not', () =>
    withRejects(async (project) => {
      const key = (await list(project)).groups[0]?.key ?? '';
      assert.deepEqual(await counted(project), [3, 0, 0, 0]);
      const accept = { key, disposition: 'accept_with_sign_off', comment: 'Sex is asked again at booking.' };
      const refused = await set(project, 'Quentin Osei', accept);
      assert.match(
        refused.error ?? '',
        /Quentin Osei is Data Quality Lead: only Clinical Safety\/Assurance Reviewer may accept/,
      );
      assert.equal(
        (await set(project, 'Quentin Osei', { key, disposition: 'fix_crosswalk', due_date: '2999-12-01' })).status,
        'passed',
      );
      assert.deepEqual(await counted(project), [3, 0, 0, 0]);
      assert.match((await list(project)).groups[0]?.open ?? '', /stays open until it is fixed/);
      const silent = await set(project, CLINICAL, { key, disposition: 'accept_with_sign_off' });
      assert.match(
        silent.error ?? '',
        /Say why this may stay as it is: “Accept, with clinical sign-off” needs a comment/,
      );
      assert.equal((await set(project, CLINICAL, accept)).status, 'passed');
      assert.deepEqual(await counted(project), [0, 3, 0, 0]);
      assert.deepEqual((await list(project)).groups, []);
      assert.equal((await list(project, 'all')).groups.length, 1);
      assert.match(
        (await set(project, 'Eleri Vaughan', { key, owner: 'me' })).error ?? '',
        /may accept a safety-critical/,
      );
      const text = await project.read(ARTEFACTS.triage);
      await project.write(ARTEFACTS.triage, text.replace('accept_with_sign_off', 'exclude'));
      assert.deepEqual(await counted(project), [3, 0, 0, 0]);
      for (const [from, to] of [
        ['2999-12-01', '2999-12-02'],
        ['accept_with_sign_off,,', 'accept_with_sign_off,Somebody,'],
        [/,3$/m, ',30'],
        [/,3$/m, ','],
        ['Sex is asked again at booking.', ''],
      ] as const) {
        const edited = text.replace(from, to);
        assert.notEqual(edited, text);
        await project.write(ARTEFACTS.triage, edited);
        assert.deepEqual(await counted(project), [3, 0, 0, 0], String(from));
      }
      await project.write(ARTEFACTS.triage, text);
      assert.deepEqual(await counted(project), [0, 3, 0, 0]);
      await project.write(ARTEFACTS.triage, text.replace(/^reject,/m, 'nonsense,'));
      assert.deepEqual(await counted(project), [3, 0, 0, 0]);
      await project.write(ARTEFACTS.triage, text);
      await project.write(
        ARTEFACTS.roles,
        (await project.read(ARTEFACTS.roles)).replace('Clinical Safety/Assurance Reviewer', 'ETL Engineer'),
      );
      assert.deepEqual(await counted(project), [3, 0, 0, 0]);
      assert.ok(!(await project.read(ARTEFACTS.auditLog)).includes('asked again'));
    }));

  it('is taken back in the terminal too, and looks decided no more', () =>
    withRejects(async (project) => {
      const key = (await list(project)).groups[0]?.key ?? '';
      const comment = 'Sex is asked again at booking.';
      await set(project, CLINICAL, { key, disposition: 'accept_with_sign_off', comment, due_date: '2999-12-01' });
      const accepted = await project.read(ARTEFACTS.triage);
      const back = await set(project, 'Quentin Osei', { key, disposition: 'none' });
      assert.match(back.text.join('\n'), /^3 rejects \(.*\): no decision any more, by Quentin Osei\.$/);
      assert.deepEqual(await counted(project), [3, 0, 0, 0]);
      assert.equal((await list(project)).groups[0]?.open, 'is not decided');
      const text = await project.read(ARTEFACTS.triage);
      assert.match(text, /,,,2999-12-01,,,,UNKNOWN_CODE .*,\r?\n$/);
      assert.ok(!text.includes(comment) && !text.includes(CLINICAL));
      assert.match((await set(project, CLINICAL, { key, owner: CLINICAL })).text.join('\n'), /: assigned, by/);
      // The log says that it was taken back, whoever puts the line into the file again.
      await project.write(ARTEFACTS.triage, accepted);
      assert.deepEqual(await counted(project), [3, 0, 0, 0]);
    }));

  it('an undone decision leaves the one before it in force, and counts no more when its line is put back by hand', () =>
    withRejects(async (project) => {
      const place = new Project(project.root);
      const key = (await list(project)).groups[0]?.key ?? '';
      const accept = { disposition: 'accept_with_sign_off', comment: 'Sex is asked again at booking.' } as const;
      await set(project, CLINICAL, { key, ...accept });
      assert.deepEqual(await counted(project), [0, 3, 0, 0]);
      const subject = { kind: 'reject', key, about: 'UNKNOWN_CODE', rows: 3 } as const;
      const by = { who: CLINICAL, at: new Date() };
      const excluded = await setTriage(place, [subject], { disposition: 'exclude', comment: 'x', owner: CLINICAL }, by);
      const text = await project.read(ARTEFACTS.triage);
      assert.deepEqual(await counted(project), [0, 0, 3, 0]);
      await undoTriage(place, excluded, { who: CLINICAL, at: new Date() });
      assert.deepEqual(await counted(project), [0, 3, 0, 0]);
      const restored = await project.read(ARTEFACTS.triage);
      await project.write(ARTEFACTS.triage, text);
      assert.deepEqual(await counted(project), [3, 0, 0, 0]);
      // Owner and day of what was undone do not stick to later decisions.
      await project.write(ARTEFACTS.triage, restored);
      await setTriage(place, [subject, { ...subject, key: 'k1' }], accept, { who: CLINICAL, at: new Date() });
      assert.deepEqual(await counted(project), [0, 3, 0, 0]);
    }));

  it('of many lines decided at once the audit log names each, so that one that was added by hand does not count', () =>
    withRejects(async ({ root, read, write }) => {
      const project = new Project(root);
      const keys = Array.from({ length: 45 }, (_, at) => `k${String(at).padStart(3, '0')}`);
      const subjects = keys.map((key) => ({ kind: 'reject', key, about: 'UNKNOWN_CODE', rows: null }) as const);
      const accept = { disposition: 'accept_with_sign_off', comment: 'asked again' } as const;
      await setTriage(project, subjects, accept, { who: CLINICAL, at: new Date('2026-03-01T09:00:00Z') });
      await setTriage(project, subjects.slice(30), { owner: CLINICAL, ...accept }, { who: CLINICAL, at: new Date() });
      const text = await read(ARTEFACTS.triage);
      const line = text.split('\n').find((one) => one.includes('k001')) ?? '';
      await write(ARTEFACTS.triage, `${text}${line.replace('k001', 'k999')}\n`);
      const judged = await readTriageContext(project, await readAudit(project));
      const doubts = judged.lines.flatMap((one) => {
        const doubt = decisionDoubt(one, null, judged);
        return doubt === null ? [] : [`${one.key} ${doubt}`];
      });
      assert.equal(judged.lines.length, 46);
      assert.deepEqual(doubts, ['k999 is not in the audit log as it stands; set it again with triage set']);
      const log = await readAudit(project);
      assert.deepEqual(log.filter(({ event }) => event === 'triage')[0]?.details['keys'], keys);
    }));

  it('a new reject of a settled cause needs a new look', () =>
    withRejects(async (project) => {
      const key = (await list(project)).groups[0]?.key ?? '';
      await set(project, CLINICAL, { key, disposition: 'exclude', comment: 'Test patients.' });
      assert.deepEqual(await counted(project), [0, 0, 3, 0]);
      await project.write(
        'mock_data/source/PAT.csv',
        `${await project.read('mock_data/source/PAT.csv')}P5,D,,,58074,8,C\n`,
      );
      await runCommand(project.context(), 'run-contract-migration', {});
      assert.deepEqual(await counted(project), [4, 0, 0, 0]);
      assert.match((await list(project)).groups[0]?.open ?? '', /was decided about 3 rows, and there are 4 now/);
    }));

  it('a hazard settles once it stands in the log, scored, tolerable and reviewed', () =>
    withRejects(async (project) => {
      const key = (await list(project)).groups[0]?.key ?? '';
      const told = await set(project, CLINICAL, { key, disposition: 'raise_hazard' });
      assert.match(told.text.join(' '), /Name [0-9a-f]{16} in reject_keys of a hazard/);
      assert.deepEqual(await counted(project), [3, 0, 0, 0]);
      const log = (await readFile(ARTEFACTS.hazardLog, 'utf8')).split('\n').slice(0, 2).join('\n');
      const linked = log.replace(',,Row by row', `,${key},Row by row`);
      assert.notEqual(linked, log);
      await project.write(ARTEFACTS.hazardLog, `${linked}\n`);
      assert.deepEqual(await counted(project), [0, 0, 0, 3]);
      await project.write(ARTEFACTS.hazardLog, `${linked.replace('Major,Very low,2', ',,')}\n`);
      assert.deepEqual(await counted(project), [3, 0, 0, 0]);
    }));

  it('refuses a key that is none, a day that is none, and nothing to change', () =>
    withRejects(async (project) => {
      const key = (await list(project)).groups[0]?.key ?? '';
      const tried = async (options: Record<string, unknown>) => (await set(project, CLINICAL, options)).error ?? '';
      assert.match(await tried({ key: 'x', owner: 'me' }), /key as triage list shows/);
      assert.match(await tried({ key: '0'.repeat(16), owner: 'me' }), /is no reject of the last migration/);
      assert.match(await tried({ key }), /Give a --disposition/);
      assert.match(await tried({ key, due_date: '2026-02-30' }), /CCYY-MM-DD/);
      assert.match(await tried({ key, disposition: 'whatever' }), /disposition/);
      assert.match(await tried({ key, due_date: '2020-01-31' }), /The due date 2020-01-31 is past; today is/);
      const unknown = { key, disposition: 'accept_with_sign_off', comment: 'Asked again.', owner: 'Alerts team' };
      assert.match(await tried(unknown), /^Alerts team cannot own a safety-critical reject: governance\/roles\.json/);
      assert.equal(await project.readIfThere(ARTEFACTS.triage), null);
      for (const owner of ['eleri vaughan', 'ETL Engineer']) assert.equal(await tried({ ...unknown, owner }), '');
      assert.deepEqual(await counted(project), [0, 3, 0, 0]);
    }));
});

describe('the hazard log', () => {
  const line = (more: Record<string, string>): string => {
    const cells: Record<string, string> = { hazard_id: 'H1', title: 'T', status: 'open', ...more };
    return HAZARD_COLUMNS.map((name) => cells[name] ?? '').join(',');
  };
  const faults = (...lines: string[]): string[] =>
    parseHazards(`${HAZARD_COLUMNS.join(',')}\n${lines.join('\n')}\n`, NHS_MATRIX).problems.map(
      ({ place, message }) => `${place.line}: ${message}`,
    );

  it('rates by the matrix of the brief, which is also the sample’s', async () => {
    const sample = JSON.parse(await readFile(ARTEFACTS.hazardMatrix, 'utf8')) as typeof NHS_MATRIX;
    assert.deepEqual({ ...sample, source: '' }, { ...NHS_MATRIX, source: '' });
    const expected = ['1 1 2 2 3', '1 2 2 3 4', '2 2 3 3 4', '2 3 3 4 5', '3 4 4 5 5'];
    assert.deepEqual(
      NHS_MATRIX.ratings.map((row) => row.join(' ')),
      expected,
    );
    for (const [row, likelihood] of NHS_MATRIX.likelihoods.entries())
      for (const [column, severity] of NHS_MATRIX.severities.entries()) {
        const text = line({ initial_severity: severity.toLowerCase(), initial_likelihood: likelihood.toUpperCase() });
        const { value } = parseHazards(`${HAZARD_COLUMNS.join(',')}\n${text}\n`, NHS_MATRIX);
        assert.equal(value[0]?.initialRating, Number(expected[row]?.split(' ')[column]));
      }
  });

  it('tells wrong lines with their place', () => {
    assert.deepEqual(faults(line({})), []);
    assert.match(faults(line({ hazard_id: '' }))[0] ?? '', /^2: hazard_id must be/);
    assert.match(faults(line({}), line({}))[0] ?? '', /^3: H1 stands for two hazards/);
    assert.match(faults(line({ title: '' }))[0] ?? '', /no title/);
    assert.match(faults(line({ status: 'done' }))[0] ?? '', /status must be one of/);
    assert.match(faults(line({ initial_severity: 'Bad' }))[0] ?? '', /initial_severity Bad is none of Minor/);
    assert.match(faults(line({ initial_severity: 'Minor' }))[0] ?? '', /needs both severity and likelihood/);
    assert.match(faults(line({ residual_rating: '2' }))[0] ?? '', /residual_rating is 2, the matrix gives none/);
    assert.match(faults(line({ accepted_on: '1 May' }))[0] ?? '', /CCYY-MM-DD/);
    assert.match(parseHazards('hazard_id\n', NHS_MATRIX).problems[0]?.message ?? '', /lacks title/);
    assert.match(parseHazards('', NHS_MATRIX).problems[0]?.message ?? '', /empty/);
  });
});
