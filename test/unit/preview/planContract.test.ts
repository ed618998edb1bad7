import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { runCommand } from '../../../src/core/lifecycle/runCommand.ts';
import { lastRunOptions } from '../../../src/core/preview/lastRun.ts';
import { planContract } from '../../../src/core/preview/planContract.ts';
import { hashFile } from '../../../src/core/project/hashFile.ts';
import { ARTEFACTS } from '../../../src/core/project/layout.ts';
import { Cancelled } from '../../../src/core/shared/errors.ts';
import { type TestProject, withProject } from '../../support/project.ts';
import { CONTRACT, CONTRACT_HEADER, CONTRACT_TABLES, smallProject } from '../../support/smallProject.ts';

const CLI = resolve('dist/cli.js');
const PENDING = CONTRACT.replace('lookup,PAT,SEX,,sex', 'lookup,PAT,REL,,sex');
const pending = (text: string, tables?: string): Map<string, string> =>
  new Map([
    [ARTEFACTS.contract as string, text],
    ...(tables === undefined ? [] : [[ARTEFACTS.contractTables as string, tables] as const]),
  ]);

/** The small project with gate profiles and all three stages run. */
async function withRun(work: (project: TestProject) => Promise<void>): Promise<void> {
  const profiles = await readFile(ARTEFACTS.gateProfiles, 'utf8');
  await withProject({ ...smallProject(), [ARTEFACTS.gateProfiles]: profiles }, async (project) => {
    await runThree(project);
    await work(project);
  });
}

async function runThree(project: TestProject, migration: Record<string, unknown> = {}): Promise<void> {
  for (const [command, options] of [
    ['run-contract-migration', { impute_mode: 'development', ...migration }],
    ['run-enterprise-pipeline', {}],
    ['run-release-gates', {}],
  ] as const)
    assert.equal((await runCommand(project.context(), command, options)).error, null);
}

/** Gate → verdict and measure. */
function gatesOf(report: string): [string, string][] {
  const { gates } = JSON.parse(report) as { gates: { id: string; verdict: string; actual: string | number | null }[] };
  return gates.map(({ id, verdict, actual }) => [id, `${verdict} ${actual ?? '-'}`]);
}

/** Every file of the project but the scratch folder, with its hash. */
async function contentsOf(project: TestProject): Promise<string[]> {
  const names = await readdir(project.root, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(files.sort().map(async (path) => `${path} ${(await hashFile(path)).sha256}`));
}

describe('contract plan', () => {
  it('tells rows, patients, rejects and gates, on what the last run wrote, and writes nothing', () =>
    withRun(async (project) => {
      const before = await contentsOf(project);
      await project.write('pending/c.csv', PENDING);
      const { summary, text, returnCode } = await runCommand(project.context(), 'contract plan', {
        contract_file: 'pending/c.csv',
      });
      assert.equal(returnCode, 0);
      assert.equal(summary['impact'], 'breaking');
      assert.deepEqual(summary['basis'], {
        before: 'current outputs',
        reason: '',
        profile: 'development',
        imputeMode: 'development',
        sourceDir: 'mock_data/source',
      });
      assert.match(text.join('\n'), /LOAD_PATIENT\.SEX: source SEX → REL/);
      assert.match(text.join('\n'), /Rejects UNKNOWN_CODE: 0 → 1 \(1 new, 0 gone\)/);
      assert.match(text.join('\n'), /Nothing was written\./);
      assert.deepEqual(
        (await contentsOf(project)).filter((line) => !line.includes('pending')),
        before,
      );
    }));

  it('runs the present contract too when files changed since, and says which', () =>
    withRun(async (project) => {
      await project.write('mock_data/source/REF.csv', 'RNO,NO,RCV\nR1,P1,20250102\n');
      const { basis } = await planContract(project.context(), pending(PENDING));
      assert.deepEqual([basis.before, basis.reason], ['run', 'mock_data/source/REF.csv has changed']);
      await runThree(project);
      const [head] = (await project.read('schemas/crosswalks/sex.csv')).split('\n');
      await project.write('schemas/crosswalks/more.csv', `${head}\n`);
      const again = await planContract(project.context(), pending(PENDING));
      assert.deepEqual(again.basis.reason, 'schemas/crosswalks/more.csv is new');
      const other = await planContract(project.context(), pending(PENDING), { imputeMode: 'off' });
      assert.match(other.basis.reason, /another profile or impute mode/);
    }));

  it('takes the options of the last run: another source folder, inside and outside the project', () =>
    withRun((project) =>
      withProject({}, async (outside) => {
        for (const folder of ['extracts/night', outside.root]) {
          for (const table of ['PAT', 'MRG', 'REF', 'APP', 'USR']) {
            const text = await project.read(`mock_data/source/${table}.csv`);
            await (folder === outside.root ? outside : project).write(
              folder === outside.root ? `${table}.csv` : `${folder}/${table}.csv`,
              text.replaceAll("O'Brien", 'Other'),
            );
          }
          await runThree(project, { source_dir: folder, impute_mode: 'off' });
          const options = await lastRunOptions(project.context().project);
          assert.deepEqual([options.sourceDir, options.imputeMode], [folder, 'off']);
          const plan = await planContract(project.context(), pending(PENDING));
          assert.equal(plan.basis.before, 'current outputs');
          assert.deepEqual(plan.tables.map(({ table }) => table).includes('LOAD_PATIENT'), true);
        }
      }),
    ));

  it('tells a change of review only, of table rows and of crosswalks', () =>
    withRun(async (project) => {
      const reviewed = await planContract(project.context(), pending(CONTRACT.replace('APPROVED', 'IN_REVIEW')));
      assert.deepEqual([reviewed.impact, reviewed.tables], ['review', []]);
      assert.deepEqual((await planContract(project.context(), pending(CONTRACT))).impact, 'none');
      const rows = CONTRACT_TABLES.replace('RNO KEEP LAST BY RCV', 'RNO KEEP FIRST BY RCV');
      const { tables, impact } = await planContract(project.context(), pending(CONTRACT, rows));
      assert.equal(impact, 'breaking');
      assert.deepEqual(
        tables.map(({ table, rowsGone, rowsNew, rowsChanged, columns, patients }) => [
          table,
          rowsGone,
          rowsNew,
          rowsChanged,
          columns,
          patients,
        ]),
        [['LOAD_REFERRAL', 1, 1, 1, [{ field: 'RECEIVED', rows: 1 }], 1]],
      );
      const codes = (await project.read('schemas/crosswalks/sex.csv')).replace(/^F,.*\n/m, '');
      const crosswalk = await planContract(project.context(), new Map([['schemas/crosswalks/sex.csv', codes]]));
      assert.deepEqual([crosswalk.crosswalks, crosswalk.impact], [['schemas/crosswalks/sex.csv'], 'breaking']);
      assert.deepEqual(
        crosswalk.rejects.find(({ reason }) => reason === 'UNKNOWN_CODE'),
        { reason: 'UNKNOWN_CODE', before: 0, after: 1, added: 1, gone: 0 },
      );
      assert.ok(crosswalk.patients > 0);
    }));

  it('decides only the gates where a change is of review, to the same verdicts as a run', () =>
    withRun(async (project) => {
      const text = CONTRACT.replace(/APPROVED/g, 'IN_REVIEW');
      project.events.length = 0;
      const plan = await planContract(project.context(), pending(text));
      assert.deepEqual(
        project.events.filter((event) => event.type === 'progress'),
        [],
      );
      await project.write(ARTEFACTS.contract, text);
      const before = new Map(gatesOf(await project.read(ARTEFACTS.gateReport)));
      await runThree(project);
      const after = gatesOf(await project.read(ARTEFACTS.gateReport));
      assert.deepEqual(
        plan.gates.map(({ id, before: was, after: is, actualAfter }) => [id, was, is, actualAfter]),
        after
          .filter(([id, told]) => before.get(id) !== told)
          .map(([id, told]) => [id, before.get(id)?.split(' ')[0], ...told.split(' ')]),
      );
      assert.ok(plan.gates.some(({ id }) => id === 'contract_approved'));
    }));

  it('tells what a contract that mends one that cannot run would give', () =>
    withRun(async (project) => {
      await project.write(ARTEFACTS.contract, CONTRACT.replace('PAT,SNM', 'PAT,NOWHERE'));
      const plan = await planContract(project.context(), pending(CONTRACT));
      assert.equal(plan.basis.before, 'cannot run');
      assert.match(plan.basis.reason, /mapping_contract\.csv:3: .*NOWHERE/);
      assert.equal(plan.tables.length, 4);
    }));

  const refused: readonly [string, string | null, RegExp][] = [
    ['a missing file', null, /pending\.csv: not found\. Name the changed contract\./],
    ['an empty file', '', /pending\.csv: is no mapping contract/],
    ['a file that is no contract', 'NO,SNM\n1,2\n', /pending\.csv: is no mapping contract/],
    [
      'a contract without rows',
      `${CONTRACT_HEADER}\n`,
      /^pending\.csv, tried as the contract: reports\/mapping_contract_tables\.csv:2: .*no contract row/,
    ],
    [
      'a contract of another project',
      `${CONTRACT_HEADER}\nELSEWHERE,ID,,Y,direct,X,ID,,,,1,APPROVED,,,\n`,
      /^pending\.csv:2: .*ELSEWHERE/,
    ],
    ['a rule that is none', CONTRACT.replace('"coalesce(MRG.FINAL, PAT.NO)"', '"coalesce("'), /^pending\.csv:8: /],
  ];
  for (const [what, text, sentence] of refused)
    it(`refuses ${what}, with the sentence of the run`, () =>
      withRun(async (project) => {
        if (text !== null) await project.write('pending.csv', text);
        const { error, returnCode } = await runCommand(project.context(), 'contract plan', {
          contract_file: 'pending.csv',
        });
        assert.match(error ?? '', sentence);
        assert.equal(returnCode, 2);
        assert.deepEqual(await readdir(join(project.root, '.pas-migration/tmp')), []);
        assert.doesNotMatch(error ?? '', /reports\/mapping_contract\.csv/, 'the file that was given');
        if (text === null || /is no mapping contract/.test(error ?? '')) return;
        await project.write(ARTEFACTS.contract, text);
        const run = await runCommand(project.context(), 'run-contract-migration', {});
        const same = run.error?.replaceAll(ARTEFACTS.contract, 'pending.csv') ?? 'no error';
        assert.ok(error?.endsWith(same), same);
      }));

  it('leaves nothing when it is cancelled', () =>
    withRun(async (project) => {
      const abort = new AbortController();
      const context = project.context({ signal: abort.signal });
      const before = await contentsOf(project);
      const plan = planContract(
        { ...context, emit: (event) => (event.type === 'progress' ? abort.abort() : undefined) },
        pending(PENDING),
      );
      await assert.rejects(plan, Cancelled);
      assert.deepEqual(await contentsOf(project), before);
      assert.deepEqual(await readdir(join(project.root, '.pas-migration/tmp')), []);
    }));

  it('leaves nothing that counts when it is killed: the next command clears the scratch folder', () =>
    withRun(async (project) => {
      await project.write('pending.csv', PENDING);
      const before = await contentsOf(project);
      const scratch = join(project.root, '.pas-migration/tmp');
      const child = spawn(process.execPath, [CLI, 'contract', 'plan', 'pending.csv', '--project', project.root]);
      const ended = new Promise((done) => child.on('exit', done));
      const begun = async (): Promise<boolean> =>
        (await readdir(scratch).catch(() => [])).some((name) => name.includes('-plan-'));
      while (!(await begun()) && child.exitCode === null) await new Promise((done) => setTimeout(done, 5));
      child.kill('SIGKILL');
      await ended;
      assert.ok(await begun(), 'the plan ended before it was killed');
      assert.deepEqual(
        (await contentsOf(project)).filter((line) => !line.startsWith(scratch)),
        before,
      );
      await planContract(project.context(), pending(PENDING));
      assert.deepEqual(await readdir(scratch), []);
    })).timeout(30_000);
});
