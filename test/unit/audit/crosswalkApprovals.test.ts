import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readAudit } from '../../../src/core/audit/auditLog.ts';
import { faultyLines } from '../../../src/core/audit/crosswalkApprovals.ts';
import { recordCrosswalks } from '../../../src/core/audit/crosswalkAudit.ts';
import { readContractLock } from '../../../src/core/contract/contractLock.ts';
import { CONTRACT_GATES } from '../../../src/core/gates/contractGates.ts';
import { readEvidence } from '../../../src/core/gates/evidence.ts';
import { runCommand } from '../../../src/core/lifecycle/runCommand.ts';
import { ARTEFACTS, Project } from '../../../src/core/project/layout.ts';
import { Checking } from '../../../src/core/review/checking.ts';
import { projectProblems } from '../../../src/core/review/projectProblems.ts';
import { type TestProject, withProject } from '../../support/project.ts';
import { smallProject } from '../../support/smallProject.ts';

const FILE = 'schemas/crosswalks/sex.csv';
const HEAD = 'source_code,target_code,description,safety_critical,valid_from,valid_to,status';
const sex = (m = 'M,1,Male,N,,,APPROVED', f = 'F,2,Female,N,,,APPROVED', more = ''): string =>
  `${HEAD}\n${m}\n${f}\n${more}`;
const ROLES = JSON.stringify({
  schema_version: 1,
  people: [
    { name: 'Ann', roles: ['ETL Engineer'] },
    { name: 'Bob', roles: ['Data Mapping Analyst'] },
  ],
});

describe('approvals of crosswalk lines', () => {
  const files = { ...smallProject(), [FILE]: sex(), [ARTEFACTS.roles]: ROLES };
  const record = (project: TestProject) =>
    recordCrosswalks(new Project(project.root), { who: 'not known; found by a run', at: new Date() });
  const faults = async (project: TestProject): Promise<[number, boolean][]> =>
    (await faultyLines(new Project(project.root))).map(({ line, changed }) => [line, changed]);
  const write = async (project: TestProject, text: string): Promise<void> => {
    await project.write(FILE, text);
    const before = await faults(project);
    await record(project);
    assert.deepEqual(await faults(project), before, 'the same before and after it is recorded');
  };

  it('what was APPROVED when the log began counts until it changes; later lines need a reviewer', () =>
    withProject(files, async (project) => {
      assert.deepEqual(await faults(project), [], 'nothing is known yet');
      await record(project);
      assert.deepEqual(await faults(project), []);
      await write(project, sex('M,9,Male,N,,,APPROVED'));
      assert.deepEqual(await faults(project), [[2, true]]);
      await write(project, sex('M,1,Man,N,,,APPROVED'));
      assert.deepEqual(await faults(project), [], 'what was approved is back; a description is for readers');
      await write(project, sex('M,9,Male,N,,,DRAFT'));
      assert.deepEqual(await faults(project), []);
      await write(project, sex('M,9,Male,N,,,APPROVED'));
      assert.deepEqual(await faults(project), [[2, false]]);
      await write(project, sex(undefined, undefined, 'X,9,Other,N,,,approved\n'));
      assert.deepEqual(await faults(project), [
        [2, false],
        [4, false],
      ]);
      await project.write('schemas/crosswalks/later.csv', `${HEAD}\nA,1,,N,,,APPROVED\n`);
      assert.equal((await faults(project)).length, 3, 'a file that came after the log began');
      await project.write('schemas/crosswalks/later.csv', `${HEAD}\nA,1,,N,,,\n`);
      assert.equal((await faults(project)).length, 2, 'a line without a status is not reviewed');
    }));

  it('a restored version brings its approvals back, one that was reverted by hand does not', () =>
    withProject(files, async (project) => {
      const run = (command: string, options: Record<string, unknown>) =>
        runCommand(project.context({ as: 'Bob' }), command, options);
      assert.equal((await run('crosswalk review', { name: 'sex', status: 'DRAFT', codes: 'M' })).returnCode, 0);
      assert.equal((await run('crosswalk review', { name: 'sex', status: 'IN_REVIEW', codes: 'M' })).returnCode, 0);
      assert.equal((await run('crosswalk review', { name: 'sex', status: 'APPROVED', codes: 'M' })).returnCode, 0);
      await run('snapshot create', { reason: 'approved' });
      const approved = await project.read(FILE);
      await write(project, sex('M,1,Male,N,,,DRAFT'));
      await write(project, approved);
      assert.deepEqual(await faults(project), [[2, false]], 'by hand');
      await write(project, sex('M,1,Male,N,,,DRAFT'));
      // Only whoever may restore: the file has no such role, so it is put aside.
      await rm(join(project.root, ARTEFACTS.roles));
      const restored = await run('snapshot restore', { snapshot: 'latest' });
      assert.equal(restored.error, null);
      assert.equal(await project.read(FILE), approved);
      // The version was last left without an approval: what stood then stands again.
      assert.deepEqual(await faults(project), [[2, false]]);
      await run('crosswalk review', { name: 'sex', status: 'DRAFT', codes: 'M' });
      await run('crosswalk review', { name: 'sex', status: 'IN_REVIEW', codes: 'M' });
      await run('crosswalk review', { name: 'sex', status: 'APPROVED', codes: 'M' });
      assert.deepEqual(await faults(project), []);
      await run('snapshot create', { reason: 'approved again' });
      await run('crosswalk review', { name: 'sex', status: 'DRAFT', codes: 'M' });
      assert.equal((await run('snapshot restore', { snapshot: 'latest' })).error, null);
      assert.deepEqual([await project.read(FILE), await faults(project)], [approved, []]);
    }));

  it('crosswalk review approves by the rules of the grid, and a line from another day on is a line of its own', () =>
    withProject(files, async (project) => {
      const run = (status: string, codes: string, as: string) =>
        runCommand(project.context({ as }), 'crosswalk review', { name: 'sex', status, codes });
      assert.equal((await run('DRAFT', 'M', 'Ann')).returnCode, 0);
      await project.write(FILE, sex('M,9,Male,N,,,DRAFT', undefined, 'M,8,Male,N,2030-01-01,,DRAFT\n'));
      assert.match((await run('APPROVED', 'M', 'Bob')).text.join(), /A line that is DRAFT can become/);
      assert.equal((await run('IN_REVIEW', 'M', 'Ann')).returnCode, 0);
      assert.match((await run('APPROVED', 'M', 'Ann')).text.join(), /Ann is ETL Engineer: only .* may/);
      assert.match((await run('APPROVED', 'Q', 'Bob')).error ?? '', /no line has one of the codes/);
      const nowhere = await runCommand(project.context(), 'crosswalk review', {
        name: '../x',
        status: 'DRAFT',
        codes: 'all',
      });
      assert.equal(nowhere.returnCode, 2);
      assert.equal(
        (await run('APPROVED', 'all', 'Bob')).text[0],
        '2 lines of sex set to APPROVED by Bob, 1 were so already.',
      );
      assert.deepEqual(await faults(project), []);
      const reviewed = (await readAudit(new Project(project.root))).filter(
        ({ event }) => event === 'crosswalk-reviewed',
      );
      assert.deepEqual(reviewed.map(({ who }) => who).at(-1), 'Bob');
      await write(project, (await project.read(FILE)).replace('M,8', 'M,7'));
      assert.deepEqual(await faults(project), [[4, true]]);
    }));

  it('lock, gates, status and the Problems panel do not count it; a lock covers the crosswalks', () =>
    withProject(files, async (project) => {
      const run = (command: string, options: Record<string, unknown> = {}) =>
        runCommand(project.context({ as: 'Bob' }), command, options);
      assert.match((await run('contract lock', { name: 'rc 1' })).text[0] ?? '', /rows and \d+ crosswalks are locked/);
      const state = () => readContractLock(new Project(project.root));
      assert.equal((await state())?.matches, true);
      await project.write(FILE, sex('M,1,Man,N,,,APPROVED'));
      assert.deepEqual((await state())?.changed, [FILE]);
      const verify = await run('contract verify');
      assert.equal(verify.returnCode, 1);
      assert.match(verify.text.join('\n'), /changed {3}schemas\/crosswalks\/sex\.csv/);
      await project.write(FILE, sex('M,9,Male,N,,,APPROVED'));
      const refused = await run('contract lock', { name: 'rc 2' });
      assert.match(
        refused.error ?? '',
        /1 crosswalk line that says APPROVED and is not \(1 changed since the approval; .*sex\.csv:2 first\)/,
      );
      assert.equal((await run('contract status')).summary['crosswalk_lines_not_approved'], 1);
      const context = project.context();
      const engine = await context.openEngine();
      try {
        const evidence = await readEvidence(context.project, engine);
        const gate = CONTRACT_GATES.find(({ id }) => id === 'contract_approved');
        const finding = gate?.judge(evidence, { contract_approved_min: 1 } as never, 'pre_production');
        assert.equal(finding?.verdict, 'FAIL');
        assert.match(finding?.message ?? '', /1 crosswalk line that says APPROVED and is not/);
        const told = async (open = new Map<string, string>()): Promise<string[]> =>
          (await projectProblems(context.project, open, new Checking(engine)))
            .filter(({ place }) => place.file === FILE)
            .map(({ code, place }) => `${code} ${place.line}`);
        assert.deepEqual(await told(), ['crosswalk-changed-since-approval 2']);
        assert.deepEqual(await told(new Map([[FILE, sex('M,9,Male,N,,,DRAFT')]])), []);
        const approving = new Map([[FILE, sex(undefined, undefined, 'X,1,,N,,,APPROVED\n')]]);
        assert.deepEqual(await told(approving), [], 'it goes on record with the save');
        await project.write(FILE, sex(undefined, undefined, 'X,1,,N,,,APPROVED\n'));
        assert.deepEqual(await told(), ['crosswalk-approved-without-review 4']);
      } finally {
        await engine.close();
      }
    }));
});
