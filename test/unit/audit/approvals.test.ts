import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type ApprovedContract, readApprovals } from '../../../src/core/audit/approvals.ts';
import { readAudit } from '../../../src/core/audit/auditLog.ts';
import { recordContractChange, rowHistory } from '../../../src/core/audit/contractAudit.ts';
import { readContractText } from '../../../src/core/contract/contractFile.ts';
import { lockContract } from '../../../src/core/contract/contractLock.ts';
import { CONTRACT_GATES } from '../../../src/core/gates/contractGates.ts';
import { readEvidence } from '../../../src/core/gates/evidence.ts';
import { readContractCounts } from '../../../src/core/history/contractCounts.ts';
import { runCommand } from '../../../src/core/lifecycle/runCommand.ts';
import { ARTEFACTS, Project } from '../../../src/core/project/layout.ts';
import { Checking } from '../../../src/core/review/checking.ts';
import { projectProblems } from '../../../src/core/review/projectProblems.ts';
import { readProjectState } from '../../../src/core/review/projectState.ts';
import type { ContractReview } from '../../../src/core/review/rowFacts.ts';
import { type TestProject, withProject } from '../../support/project.ts';
import { smallProject } from '../../support/smallProject.ts';

const at = new Date('2026-11-24T09:00:00Z');
const HEAD =
  'target_table,target_field,data_type,mandatory,mapping_class,source_table,source_field,rule,crosswalk,default_value,confidence,status,owner,notes,row_set';
const contract = (a: string, b = 'S,B,,,,1,APPROVED'): string =>
  `${HEAD}\nT,A,VARCHAR,Y,direct,${a},Ann,,\nT,B,VARCHAR,N,direct,${b},Ann,,\n`;
const APPROVED = contract('S,A,,,,1,APPROVED');
const ROLES = JSON.stringify({
  schema_version: 1,
  people: [
    { name: 'Ann', roles: ['ETL Engineer'] },
    { name: 'Bob', roles: ['Data Mapping Analyst'] },
  ],
});
const TABLES = `target_table,row_set,driving_table,joins,filter,grain,dedupe,load_order,status,notes
T,main,S,,,A,,1,APPROVED,
`;

describe('approvals', () => {
  const files = { [ARTEFACTS.contract]: APPROVED, [ARTEFACTS.contractTables]: TABLES };
  const save = async (project: TestProject, text: string, reviews: readonly ContractReview[] = []): Promise<void> => {
    await project.write(ARTEFACTS.contract, text);
    await recordContractChange(new Project(project.root), { who: 'Ann', at, reviews });
  };
  const applied = async (project: TestProject): Promise<ApprovedContract> => {
    const text = await project.read(ARTEFACTS.contract);
    const { value } = readContractText(text, 'c', TABLES, 't');
    return (await readApprovals(new Project(project.root))).applyTo(value);
  };
  const changed = async (project: TestProject): Promise<string[]> =>
    (await applied(project)).changed.map((row) => row.targetField);
  const unreviewed = async (project: TestProject): Promise<string[]> =>
    (await applied(project)).unreviewed.map((row) => row.targetField);
  const review = (decision: ContractReview['decision'], comment = ''): ContractReview => ({
    at: at.toISOString(),
    who: 'Bob',
    decision,
    comment,
    rows: [{ table: 'T', field: 'A', rowSet: '' }],
  });

  it('a hand edit of an approved mapping is not approved, saved or not, until the row is reviewed again', () =>
    withProject(files, async (project) => {
      await save(project, APPROVED);
      assert.deepEqual(await changed(project), []);
      await project.write(ARTEFACTS.contract, contract('S,X,,,,1,APPROVED'));
      assert.deepEqual(await changed(project), ['A'], 'before it is recorded');
      await save(project, contract('S,X,,,,1,APPROVED'));
      assert.deepEqual(await changed(project), ['A'], 'and after it');
      await save(project, contract('S,Y,,,,1,APPROVED'));
      assert.deepEqual(await changed(project), ['A']);
      await save(project, contract('S,A,,,,1,APPROVED'));
      assert.deepEqual(await changed(project), [], 'what was approved is back');
      await save(project, contract('S,X,,,,1,APPROVED'));
      await save(project, contract('S,X,,,,1,DRAFT'));
      assert.deepEqual(await changed(project), []);
      await save(project, contract('S,X,,,,1,APPROVED'));
      assert.deepEqual(await unreviewed(project), ['A'], 'nobody is on record who approved it');
      await save(project, contract('S,X,,,,1,IN_REVIEW'));
      await save(project, contract('S,X,,,,1,APPROVED'), [review('APPROVED')]);
      assert.deepEqual([...(await changed(project)), ...(await unreviewed(project))], [], 'approved as it is now');
    }));

  it('what was APPROVED when the log began counts until it changes; a row that becomes so by hand does not', () =>
    withProject(files, async (project) => {
      const start = async (): Promise<number> => (await applied(project)).fromTheStart;
      await save(project, contract('S,A,,,,1,DRAFT'));
      assert.deepEqual([await unreviewed(project), await start()], [[], 1]);
      await project.write(ARTEFACTS.contract, APPROVED);
      assert.deepEqual(await unreviewed(project), ['A'], 'before it is recorded');
      await save(project, APPROVED);
      assert.deepEqual([await unreviewed(project), await start()], [['A'], 1]);
      await save(project, `${APPROVED}T,C,VARCHAR,N,direct,S,C,,,,1,APPROVED,Ann,,\n`);
      assert.deepEqual(await unreviewed(project), ['A', 'C'], 'a new row too');
      await save(project, contract('S,A,,,,1,IN_REVIEW'));
      await save(project, APPROVED, [review('APPROVED')]);
      assert.deepEqual([await unreviewed(project), await start()], [[], 1]);
    }));

  it('an approved row that was taken away and comes back as it was is approved; with another mapping it is not', () =>
    withProject(files, async (project) => {
      const [head, a, b] = APPROVED.split('\n');
      await save(project, contract('S,A,,,,1,IN_REVIEW'));
      await save(project, APPROVED, [review('APPROVED')]);
      await save(project, `${head}\n`);
      await project.write(ARTEFACTS.contract, APPROVED);
      assert.deepEqual(await unreviewed(project), [], 'before it is recorded');
      await save(project, APPROVED);
      assert.deepEqual([await unreviewed(project), (await applied(project)).fromTheStart], [[], 1]);
      await save(project, `${head}\n${b}\n`);
      await save(project, `${head}\n${a?.replace('S,A', 'S,X')}\n${b}\n`);
      assert.deepEqual(await unreviewed(project), ['A']);
      await save(project, `${head}\n${b}\n`);
      await save(project, APPROVED);
      assert.deepEqual(await unreviewed(project), ['A'], 'it was not approved when it was taken away');
    }));

  it('an approval whose change a run recorded first is still recorded', () =>
    withProject(files, async (project) => {
      await save(project, contract('S,A,,,,1,IN_REVIEW'));
      await project.write(ARTEFACTS.contract, APPROVED);
      await recordContractChange(new Project(project.root), { who: 'not known; found by a run', at });
      assert.deepEqual(await unreviewed(project), ['A']);
      await save(project, APPROVED, [review('APPROVED')]);
      assert.deepEqual(await unreviewed(project), []);
      await save(project, APPROVED, [review('APPROVED')]);
      const entries = (await readAudit(new Project(project.root))).filter(({ event }) => event === 'contract-reviewed');
      assert.equal(entries.length, 1, 'and once');
    }));

  it('a restored version brings its approvals back, one that was reverted by hand does not', () =>
    withProject(files, async (project) => {
      const restored = { who: 'Ann', at, restoredBy: 'snapshot restore' };
      await save(project, contract('S,A,,,,1,IN_REVIEW'));
      await save(project, APPROVED, [review('APPROVED')]);
      await save(project, contract('S,A,,,,1,DRAFT'));
      await save(project, APPROVED);
      assert.deepEqual(await unreviewed(project), ['A']);
      await save(project, contract('S,A,,,,1,DRAFT'));
      await project.write(ARTEFACTS.contract, APPROVED);
      await recordContractChange(new Project(project.root), restored);
      assert.deepEqual(await unreviewed(project), ['A'], 'the version was left without an approval');
      await save(project, contract('S,A,,,,1,IN_REVIEW'));
      await save(project, APPROVED, [review('APPROVED')]);
      await save(project, contract('S,A,,,,1,DRAFT'));
      await project.write(ARTEFACTS.contract, APPROVED);
      await recordContractChange(new Project(project.root), restored);
      assert.deepEqual(await unreviewed(project), []);
    }));

  it('a copy without the kept versions knows its approvals by the contract itself, and none of another contract', () =>
    withProject(files, async (project) => {
      await save(project, APPROVED);
      await rm(join(project.root, ARTEFACTS.snapshots), { recursive: true });
      assert.deepEqual([...(await changed(project)), ...(await unreviewed(project))], []);
      await project.write(ARTEFACTS.contract, contract('S,X,,,,1,APPROVED'));
      assert.deepEqual(await unreviewed(project), ['A', 'B']);
    }));

  it('contract review approves from a terminal by the rules of the grid, and tells what it leaves', () =>
    withProject({ ...smallProject(), [ARTEFACTS.roles]: ROLES }, async (project) => {
      const run = (status: string, rows: string, as: string, more: Record<string, unknown> = {}) =>
        runCommand(project.context({ as }), 'contract review', { status, rows, ...more });
      const before = await project.read(ARTEFACTS.contract);
      assert.equal((await run('DRAFT', 'LOAD_PATIENT', 'Ann')).returnCode, 0);
      assert.match((await run('APPROVED', 'LOAD_PATIENT.BORN', 'Bob')).text[1] ?? '', /A row that is DRAFT can become/);
      assert.equal((await run('IN_REVIEW', 'LOAD_PATIENT', 'Ann')).returnCode, 0);
      const etl = await run('APPROVED', 'LOAD_PATIENT.BORN', 'Ann');
      assert.equal(etl.returnCode, 1);
      assert.match(etl.text.join('\n'), /Ann is ETL Engineer: only .* may approve/);
      assert.match((await run('REJECTED', 'LOAD_PATIENT.BORN', 'Bob')).text[1] ?? '', /needs a comment/);
      assert.match((await run('APPROVED', 'LOAD_NOWHERE', 'Bob')).error ?? '', /no row is named LOAD_NOWHERE/);
      const approved = await run('APPROVED', 'LOAD_PATIENT', 'Bob', { comment: 'seen' });
      assert.deepEqual([approved.returnCode, approved.error], [0, null]);
      assert.equal(await project.read(ARTEFACTS.contract), before);
      const status = async () => (await runCommand(project.context(), 'contract status', {})).summary;
      const found = await status();
      assert.deepEqual([found['approved_without_review'], found['approved_share']], [0, 1]);
      await project.write(ARTEFACTS.contract, before.replace('APPROVED', 'DRAFT'));
      await status();
      await runCommand(project.context({ as: 'Bob' }), 'snapshot create', { reason: 'records the contract' });
      await project.write(ARTEFACTS.contract, before);
      const { summary, text } = await runCommand(project.context(), 'contract status', {});
      assert.deepEqual([summary['approved_without_review'], summary['approved_share']], [1, 0.9474]);
      assert.match(
        text.join('\n'),
        /1 row says APPROVED with no approval on record and counts as DRAFT; set it to DRAFT and review it again/,
      );
    }));

  it('owner, notes, quotes and order are no change of what was approved', () =>
    withProject(files, async (project) => {
      await save(project, APPROVED);
      const [head, a, b] = APPROVED.split('\n');
      await save(project, `${head},mine\n${b},1\n${a?.replace('S,A', '"S",A').replace('Ann,', 'Cid,seen')},2\n`);
      assert.deepEqual(await changed(project), []);
    }));

  it('a review in the grid between two saves approves the mapping that the contract then has; undone ones are not recorded', () =>
    withProject(files, async (project) => {
      await save(project, APPROVED);
      await save(project, contract('S,X,,,,1,APPROVED'), [review('REJECTED', 'no'), review('APPROVED', 'checked')]);
      assert.deepEqual(await changed(project), []);
      const entries = (await readAudit(new Project(project.root))).filter(({ event }) => event === 'contract-reviewed');
      assert.deepEqual(
        entries.map(({ who, details }) => [who, details['decision'], details['comment']]),
        [['Bob', 'APPROVED', 'checked']],
      );
      const history = await rowHistory(new Project(project.root), 'T', 'A', '');
      assert.deepEqual(
        history.map(({ who, kind, comment }) => [who, kind, comment]),
        [
          ['Bob', 'APPROVED', 'checked'],
          ['Ann', 'changed', ''],
        ],
      );
    }));

  it('a row that got a note while an approval of it was made and undone is told as noted, not as approved', () =>
    withProject(files, async (project) => {
      await save(project, APPROVED);
      await save(project, APPROVED.replace('Ann,', 'Ann,seen'), [review('APPROVED', 'undone')]);
      const entries = await readAudit(new Project(project.root));
      assert.equal(entries.at(-1)?.event, 'contract-changed');
      assert.equal(entries.filter(({ event }) => event === 'contract-reviewed').length, 0);
    }));

  it('gates, lock and the Problems panel do not take it for approved', () =>
    withProject(files, async (project) => {
      await save(project, APPROVED);
      await project.write(ARTEFACTS.contract, contract('S,X,,,,1,APPROVED'));
      const context = project.context();
      const engine = await context.openEngine();
      try {
        const evidence = await readEvidence(context.project, engine);
        const gate = CONTRACT_GATES.find(({ id }) => id === 'contract_approved');
        const finding = gate?.judge(evidence, { contract_approved_min: 1 } as never, 'pre_production');
        assert.equal(finding?.verdict, 'FAIL');
        assert.match(finding?.message ?? '', /2 of 3 .* without 1 changed since their approval \(T\.A\)/);
        const problems = await projectProblems(context.project, new Map(), new Checking(engine));
        const found = problems.find(({ code }) => code === 'contract-changed-since-approval');
        assert.deepEqual([found?.severity, found?.place.line], ['error', 2]);
        assert.match(found?.message ?? '', /source_field changed since it was approved/);
        const typed = new Map([[ARTEFACTS.contract, APPROVED]]);
        const none = await projectProblems(context.project, typed, new Checking(engine));
        assert.ok(none.every(({ code }) => code !== 'contract-changed-since-approval'));
        const counts = await readContractCounts(context.project);
        assert.deepEqual([counts?.by_status['APPROVED'], counts?.approved], [2, 1]);
        const { contract: rows = [] } = (await readProjectState(context.project)) ?? {};
        assert.deepEqual(
          rows.map(({ field, status }) => [field, status]),
          [
            ['A', 'DRAFT'],
            ['B', 'APPROVED'],
          ],
        );
        const byHand = `${APPROVED}T,C,VARCHAR,N,direct,S,C,,,,1,APPROVED,Ann,,\n`;
        const told = async (open: ReadonlyMap<string, string>) =>
          (await projectProblems(context.project, open, new Checking(engine))).filter(
            ({ code }) => code === 'contract-approved-without-review',
          );
        assert.deepEqual(
          await told(new Map([[ARTEFACTS.contract, byHand]])),
          [],
          'a decision goes on record when saved',
        );
        await project.write(ARTEFACTS.contract, byHand);
        const [unseen] = await told(new Map());
        assert.deepEqual([unseen?.severity, unseen?.place.line], ['error', 4]);
        assert.match(
          unseen?.message ?? '',
          /T\.C says APPROVED, but no approval of it is on record, so no gate counts it/,
        );
        await project.write(ARTEFACTS.contract, contract('S,X,,,,1,APPROVED'));
      } finally {
        await engine.close();
      }
      const refused = await runCommand(context, lockContract.id, { name: 'rc', by: 'Ann' });
      assert.match(refused.error ?? '', /1 of 2 rows are not APPROVED .*1 of them changed since their approval/);
    }));

  it('an audit log with lines that are no entries or of another shape is read as far as it goes', () =>
    withProject(files, async (project) => {
      await save(project, APPROVED);
      const log = await project.read(ARTEFACTS.auditLog);
      await project.write(ARTEFACTS.auditLog, `${log}nonsense\n{"event":"contract-changed","details":{"rows":7}}\n`);
      await project.write(ARTEFACTS.contract, contract('S,X,,,,1,APPROVED'));
      assert.deepEqual(await changed(project), ['A']);
    }));
});
