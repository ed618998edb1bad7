import assert from 'node:assert/strict';
import fc from 'fast-check';
import { HAZARD_COLUMNS, parseHazards } from '../../../src/core/governance/hazards.ts';
import { setTriage } from '../../../src/core/governance/setTriage.ts';
import { parseTriage, TRIAGE_COLUMNS } from '../../../src/core/governance/triage.ts';
import { runCommand } from '../../../src/core/lifecycle/runCommand.ts';
import { ARTEFACTS, Project } from '../../../src/core/project/layout.ts';
import { reviewRefusal } from '../../../src/core/review/reviewRules.ts';
import { holdsNhsNumber, isNhsNumber } from '../../../src/core/shared/nhsNumber.ts';
import { withProject } from '../../support/project.ts';

/** In the range that is never issued to a person. */
const NUMBER = '9990000018';
const SPELLINGS = [
  '9990000018',
  '999 000 0018',
  '999-000-0018',
  '999\u00a0000\u20130018',
  '99900 00018',
  'NHS9990000018.',
  '\uff19\uff19\uff19\uff10\uff10\uff10\uff10\uff10\uff11\uff18',
];

describe('NHS numbers in free text', () => {
  it('are found in every spelling, and beside other digits', () => {
    assert.ok(isNhsNumber(NUMBER) && isNhsNumber('4010232137'));
    for (const text of SPELLINGS) assert.ok(holdsNhsNumber(`Seen on ward 4 ${text} by Dr Lee`), text);
    assert.ok(holdsNhsNumber('on 2026-11-25 the patient 999 000 0018 was moved'));
  });

  it('are not seen in dates, times, phone numbers, row counts and keys', () => {
    const texts = [
      '2026-11-25 10:30',
      '25.11.2026 10:30',
      '2026-11-25T10:30:00Z',
      '20261125 1030',
      '1,234,567 rows',
      '020 7946 0958',
      '3f2a9c01d4e5b678',
      '9990000019',
      '1111111111',
      '12345678901234567890',
      '',
    ];
    for (const text of texts) assert.equal(holdsNhsNumber(text), false, text);
    for (let hour = 0; hour < 24; hour += 1)
      for (const form of ['2026-11-25 ', '25-11-2026 ', '20261125 ', '20261125']) {
        const text = `${form}${String(hour).padStart(2, '0')}`;
        assert.equal(holdsNhsNumber(text), false, text);
      }
  });

  it('one digit off is none (law)', () => {
    fc.assert(
      fc.property(fc.nat(9), fc.nat(9), (place, digit) => {
        const digits = [...NUMBER];
        if (digits[place] === String(digit)) return;
        digits[place] = String(digit);
        assert.equal(isNhsNumber(digits.join('')), false);
      }),
    );
  });

  const commands: readonly [string, Record<string, unknown>][] = [
    ['sign-off', { step: 'technical_qa', comment: `ok for 999 000 0018` }],
    ['triage set', { key: '3f2a9c01d4e5b678', comment: `patient ${NUMBER}` }],
    ['triage set', { key: '3f2a9c01d4e5b678', owner: NUMBER }],
    ['incident start', { reason: `wrong alert for 999-000-0018` }],
    ['incident step', { name: 'root_cause', text: `row of ${NUMBER}` }],
    ['snapshot create', { reason: NUMBER }],
    ['rehearsal record', { window_minutes: 60, comment: NUMBER }],
    ['contract lock', { name: NUMBER }],
    ['contract review', { status: 'REJECTED', rows: 'all', comment: NUMBER }],
    ['kpi set', { name: 'x', note: NUMBER }],
  ];
  for (const [command, options] of commands)
    it(`are refused by ${command} before anything is recorded (${Object.keys(options).at(-1)})`, () =>
      withProject({ 'requirement_spec/x.md': '' }, async (project) => {
        await assert.rejects(runCommand(project.context(), command, options), (error: Error) => {
          assert.match(error.message, /holds an NHS number\. Leave patients’ details out.*Nothing was recorded\./);
          assert.doesNotMatch(error.message, /999/);
          return true;
        });
        assert.equal(await project.readIfThere(ARTEFACTS.auditLog), null);
      }));

  it('are refused in the triage and review of the editor, and told in files that people edit, without an echo', () =>
    withProject({}, async (project) => {
      const subject = { kind: 'reject', key: 'k', about: '', rows: null } as const;
      const by = { who: 'Ann', at: new Date() };
      const triage = setTriage(new Project(project.root), [subject], { comment: NUMBER }, by);
      await assert.rejects(triage, /The comment holds an NHS number/);
      const review = { who: 'Ann', hasErrors: false, comment: NUMBER };
      const row = { mapping_class: 'direct', status: 'IN_REVIEW' };
      assert.match(reviewRefusal(row, { ...row, status: 'REJECTED' }, review) ?? '', /The comment holds an NHS number/);
      const line = TRIAGE_COLUMNS.map(
        (name) => ({ kind: 'reject', key: 'k', comment: `see ${NUMBER}` })[name as string] ?? '',
      );
      const read = parseTriage(`${TRIAGE_COLUMNS.join(',')}\n${line.join(',')}\n`);
      const matrix = { severities: [], likelihoods: [], ratings: [] } as never;
      const cells: Record<string, string> = {
        hazard_id: 'H1',
        title: 'Wrong sex',
        status: 'open',
        cause: `row of ${NUMBER}`,
      };
      const hazard = HAZARD_COLUMNS.map((name) => (name === 'title' ? `For ${NUMBER}` : (cells[name] ?? '')));
      const hazards = parseHazards(`${HAZARD_COLUMNS.join(',')}\n${hazard.join(',')}\n`, matrix);
      for (const { value, problems } of [read, hazards]) {
        assert.equal(value.length, 0);
        assert.equal(problems[0]?.place.line, 2);
        assert.match(problems[0]?.message ?? '', /holds an NHS number/);
        assert.doesNotMatch(JSON.stringify(problems), /999/);
      }
    }));
});
