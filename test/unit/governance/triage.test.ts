import assert from 'node:assert/strict';
import { readAudit, verifyAudit } from '../../../src/core/audit/auditLog.ts';
import { LETTING_STAND } from '../../../src/core/governance/dispositions.ts';
import { setTriage, type TriageChange } from '../../../src/core/governance/setTriage.ts';
import { parseTriage, readTriage } from '../../../src/core/governance/triage.ts';
import {
  ISSUE_GROUP_KEY_SQL,
  issueGroupKey,
  REJECT_GROUP_KEY_SQL,
  REJECT_KEY_SQL,
  rejectGroupKey,
  rejectKey,
} from '../../../src/core/governance/triageKeys.ts';
import { undoTriage, withoutUndone } from '../../../src/core/governance/triageUndo.ts';
import { Project } from '../../../src/core/project/layout.ts';
import { withEngine } from '../../support/engine.ts';
import { withProject } from '../../support/project.ts';

const by = { who: 'R. Dale', at: new Date('2026-03-01T09:00:00Z') };
const subject = { kind: 'issue', key: 'a1', about: 'VAL-03 PAT.NHS_NO', rows: 12 } as const;

type Subject = Parameters<typeof setTriage>[1][number];

describe('triage', () => {
  it('records decisions, keeps what a change does not name, and tells the audit log', async () => {
    await withProject({}, async ({ root, read }) => {
      const project = new Project(root);
      assert.deepEqual(await readTriage(project), { value: [], problems: [] });
      await setTriage(project, [subject], { owner: 'data quality', dueDate: '2026-04-01' }, by);
      await setTriage(
        project,
        [subject, { kind: 'reject', key: 'b2', about: 'UNKNOWN_CODE', rows: null }],
        { disposition: 'fix_source', comment: '=cmd, "quoted"\nsecond line' },
        by,
      );
      const { value, problems } = await readTriage(project);
      assert.deepEqual(problems, []);
      assert.deepEqual(
        value.map((line) => [line.kind, line.key, line.disposition, line.owner, line.dueDate, line.decidedRows]),
        [
          ['issue', 'a1', 'fix_source', 'data quality', '2026-04-01', 12],
          ['reject', 'b2', 'fix_source', '', '', null],
        ],
      );
      assert.equal(value[0]?.comment, '=cmd, "quoted"\nsecond line');
      const audit = await readAudit(project);
      assert.deepEqual(
        audit.map(({ event, details }) => [event, details['lines'], details['rows']]),
        [
          ['triage', 1, 12],
          ['triage', 2, 13],
        ],
      );
      // A comment may quote a patient, and the audit log may not.
      assert.ok(!(await read('governance/audit.jsonl')).includes('quoted'));
      assert.deepEqual((await verifyAudit(project)).faults, []);
    });
  });

  it('tells the audit log what each line says when only owner or day change', async () => {
    await withProject({}, async ({ root }) => {
      const project = new Project(root);
      const [a, b, c] = ['a', 'b', 'c'].map((key) => ({ ...subject, key })) as [Subject, Subject, Subject];
      await setTriage(project, [a], { disposition: 'exclude', comment: 'left' }, by);
      await setTriage(project, [b], { disposition: 'fix_source' }, by);
      const { sequences } = await setTriage(project, [a, b, c], { dueDate: '2026-05-01' }, by);
      assert.deepEqual(sequences, [3, 4, 5]);
      assert.deepEqual(
        (await readAudit(project))
          .slice(2)
          .map(({ details }) => [details['disposition'], details['keys'], details['rows']]),
        [
          ['exclude', ['a'], 12],
          ['fix_source', ['b'], 12],
          [undefined, ['c'], 12],
        ],
      );
    });
  });

  it('keeps columns of other tools and tells wrong lines with their place', async () => {
    const head = 'kind,key,disposition,owner,due_date,comment,decided_by,decided_at_utc,hazard\n';
    await withProject(
      { 'governance/triage.csv': `${head}reject,b2,raise_hazard,,,,x,,HAZ-1\n` },
      async ({ root, read }) => {
        const project = new Project(root);
        await setTriage(project, [subject], { owner: 'me' }, by);
        assert.match(await read('governance/triage.csv'), /,hazard\n.*,HAZ-1\n$/s);
      },
    );
    const told = (line: string): string[] => parseTriage(`${head}${line}\n`).problems.map(({ message }) => message);
    assert.match(told('patient,a,,,,,,,')[0] ?? '', /^kind must be/);
    assert.match(told('issue,,,,,,,,')[0] ?? '', /^key must name/);
    assert.match(told('issue,a,whatever,,,,,,')[0] ?? '', /^disposition must be/);
    assert.match(told('issue,a,,,2026-02-30,,,,')[0] ?? '', /^due_date must be a day/);
    assert.match(told('issue,a')[0] ?? '', /cells/);
  });

  it('refuses an empty change, a day that is none, and a file whose lines would be lost', async () => {
    await withProject({ 'governance/triage.csv': 'kind,key\nissue,a\n' }, async ({ root, read }) => {
      const project = new Project(root);
      await assert.rejects(setTriage(project, [subject], {}, by), /Give a disposition/);
      await assert.rejects(setTriage(project, [], { owner: 'x' }, by), /Nothing is chosen/);
      await assert.rejects(setTriage(project, [subject], { dueDate: 'soon' }, by), /CCYY-MM-DD/);
      await assert.rejects(setTriage(project, [subject], { owner: 'x' }, by), /triage\.csv:1: .*Mend the line first/);
      assert.equal(await read('governance/triage.csv'), 'kind,key\nissue,a\n');
    });
  });

  it('asks why what is wrong may stay, of every such decision', async () => {
    await withProject({}, async ({ root, readIfThere }) => {
      const project = new Project(root);
      const set = (change: TriageChange) => setTriage(project, [subject], change, by);
      for (const disposition of LETTING_STAND)
        for (const comment of [undefined, '', ' \n'])
          await assert.rejects(
            set({ disposition, comment }),
            /^UserError: Say why this may stay as it is: “.*” needs a comment/,
          );
      assert.equal(await readIfThere('governance/triage.csv'), null);
      await set({ disposition: 'fix_source', comment: 'ask the ward' });
      // What was said of another decision is no reason for this one.
      await assert.rejects(set({ disposition: 'exclude' }), /“Exclude” needs a comment/);
      await set({ disposition: 'exclude', comment: 'left before 1990' });
      await set({ disposition: 'exclude', owner: 'me' });
      await set({ dueDate: '2026-05-01' });
      await assert.rejects(set({ comment: '' }), /needs a comment/);
      const [line] = (await readTriage(project)).value;
      assert.deepEqual([line?.comment, line?.owner, line?.dueDate], ['left before 1990', 'me', '2026-05-01']);
    });
  });

  it('a decision that is taken back leaves owner and day, and who took it back stands in the audit log', async () => {
    await withProject({}, async ({ root }) => {
      const project = new Project(root);
      const set = (change: TriageChange, who = 'R. Dale') =>
        setTriage(project, [subject], change, { who, at: new Date('2026-03-02T09:00:00Z') });
      await set({ disposition: 'exclude', comment: 'left before 1990', owner: 'me', dueDate: '2026-05-01' });
      await set({ disposition: '' }, 'J. Bell');
      const line = async () => (await readTriage(project)).value[0];
      const { disposition, comment, decidedBy, decidedAtUtc, decidedRows, owner, dueDate } = (await line()) ?? {};
      assert.deepEqual([disposition, comment, decidedBy, decidedAtUtc, decidedRows], ['', '', '', '', null]);
      assert.deepEqual([owner, dueDate], ['me', '2026-05-01']);
      const [taken, back] = await readAudit(project);
      assert.deepEqual([taken?.who, taken?.details['disposition']], ['R. Dale', 'exclude']);
      assert.deepEqual([back?.who, back?.details['disposition'], back?.details['keys']], ['J. Bell', '', ['a1']]);
      // What is said while nothing is decided is no reason of a decision, and stays.
      await set({ comment: 'asked the ward' });
      await set({ dueDate: '2026-06-01' });
      assert.deepEqual([(await line())?.comment, (await line())?.decidedBy], ['asked the ward', '']);
    });
  });

  it('undoes a change to what stood before it, unless somebody decided since', async () => {
    await withProject({}, async ({ root, read }) => {
      const project = new Project(root);
      const at = new Date('2026-03-02T09:00:00Z');
      const other = { kind: 'issue', key: 'c3', about: 'VAL-03', rows: null } as const;
      await setTriage(project, [subject], { disposition: 'fix_source', owner: 'me' }, by);
      const before = await read('governance/triage.csv');
      const change: TriageChange = { disposition: 'exclude', owner: ' them ', comment: 'left, "before"\r\n1990 ' };
      const excluded = await setTriage(project, [subject, other], change, { who: 'J. Bell', at });
      await undoTriage(project, excluded, { who: 'R. Dale', at });
      assert.equal(await read('governance/triage.csv'), before);
      const log = await readAudit(project);
      assert.deepEqual(
        [log[2]?.who, log[2]?.event, log[2]?.details],
        ['R. Dale', 'triage', { undone: [2], lines: 2, keys: ['a1', 'c3'] }],
      );
      assert.deepEqual(
        withoutUndone(log).map(({ sequence }) => sequence),
        [1, 3],
      );
      assert.deepEqual((await verifyAudit(project)).faults, []);

      const again = await setTriage(project, [subject, other], change, { who: 'J. Bell', at });
      await setTriage(project, [other], { dueDate: '2026-06-01' }, by);
      const now = await read('governance/triage.csv');
      await assert.rejects(undoTriage(project, again, by), /changed meanwhile, so they are not undone/);
      assert.equal(await read('governance/triage.csv'), now);
    });
  });

  it('has the same keys in SQL as in code, and a reject group that is the issue which sums it up', async () => {
    const cause = {
      reason: 'UNKNOWN_CODE',
      targetTable: 'T',
      targetField: "F'|é",
      sourceTable: 'S',
      sourceField: '',
    };
    await withEngine(async (engine) => {
      const [row] = await engine.rows(
        `SELECT ${REJECT_GROUP_KEY_SQL} AS rejects, ${REJECT_KEY_SQL} AS reject, ${ISSUE_GROUP_KEY_SQL} AS issues
         FROM (SELECT 'UNKNOWN_CODE' AS reason, 'T' AS target_table, 'F''|é' AS target_field, 'S' AS source_table,
           CAST(NULL AS VARCHAR) AS source_field, '17' AS row_key, 'VAL-03' AS rule_id, 'T' AS table_name, 'F' AS field_name, 'm #' AS pattern)`,
      );
      assert.deepEqual(row, {
        rejects: rejectGroupKey(cause),
        reject: rejectKey(cause, '17'),
        issues: issueGroupKey('VAL-03', 'T', 'F', 'm #'),
      });
    });
  });
});
