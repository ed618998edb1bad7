import assert from 'node:assert/strict';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { readProgress } from '../../../src/core/history/progressFile.ts';
import { readRunHistory } from '../../../src/core/history/runHistory.ts';
import type { StageEvent } from '../../../src/core/lifecycle/events.ts';
import { runCommand } from '../../../src/core/lifecycle/runCommand.ts';
import { ARTEFACTS } from '../../../src/core/project/layout.ts';
import { Checking } from '../../../src/core/review/checking.ts';
import { evidencePlaces } from '../../../src/core/review/evidencePlaces.ts';
import { projectProblems } from '../../../src/core/review/projectProblems.ts';
import { Runs } from '../../../src/core/review/runsModel.ts';
import { readRuns } from '../../../src/core/review/runsView.ts';
import { sourceCodes } from '../../../src/core/review/sourceCodes.ts';
import { withSample } from '../../support/sampleProject.ts';

describe('runs of a project', () => {
  it('are told in the history, shown while they go, and their rejects stand at the contract', async () => {
    await withSample(async (project) => {
      const context = project.context();
      const seen: (string | null)[] = [];
      const watching = {
        ...context,
        emit: (event: StageEvent): void => {
          if (event.type === 'progress')
            void readProgress(context.project).then((progress) => seen.push(progress?.stage ?? null));
        },
      };
      assert.equal((await runCommand(watching, 'extract-specs', {})).status, 'passed');
      assert.equal((await runCommand(watching, 'generate-mock-data', { rows: 20, seed: 42 })).status, 'passed');
      assert.ok(seen.includes('generate-mock-data'));
      assert.equal(await readProgress(context.project), null, 'nothing runs any more');

      // A crosswalk that loses its codes: the run rejects, and every reject has its place and its evidence.
      const sex = project.context().project.at('schemas/crosswalks/sex.csv');
      const text = await readFile(sex, 'utf8');
      await writeFile(sex, `${text.split('\n')[0]}\n`);
      const failed = await runCommand(context, 'run-contract-migration', {});
      assert.notEqual(failed.status, 'cancelled');
      const engine = await context.openEngine();
      try {
        const problems = await projectProblems(context.project, new Map(), new Checking(engine));
        const reject = problems.find(
          (problem) => problem.code === 'contract-rejects' && problem.message.includes('UNKNOWN_CODE'),
        );
        assert.ok(reject !== undefined);
        assert.match(reject.message, /^\d+ rejects? in the last run: UNKNOWN_CODE \d+/);
        const contract = (await readFile(context.project.at(ARTEFACTS.contract), 'utf8')).split('\n');
        const line = contract[(reject.place.line ?? 0) - 1] ?? '';
        assert.match(line, /,sex,|SEX/i);
        const [table = '', field = ''] = line.split(',');
        const [place] = await evidencePlaces(context.project, { table, field });
        const rejects = (await readFile(context.project.at(ARTEFACTS.migrationRejects), 'utf8')).split('\n');
        assert.ok(rejects[(place?.line ?? 0) - 1]?.startsWith(`${table},${field},`));
        assert.equal((await evidencePlaces(context.project, { crosswalk: 'sex' })).length, 1);
        assert.deepEqual(await evidencePlaces(context.project, { table: 'NO', field: 'SUCH' }), []);
        const codes = await sourceCodes(context.project, 'PATMAST', 'SEX_CD', engine);
        assert.ok(codes.length > 0 && codes.length < 10, codes.join());
        assert.deepEqual(await sourceCodes(context.project, '../PATMAST', 'SEX', engine), []);
        assert.deepEqual(await sourceCodes(context.project, 'PATMAST', 'NO_SUCH', engine), []);
      } finally {
        await engine.close();
      }

      assert.equal((await runCommand(context, 'run-release-gates', { profile: 'development' })).returnCode, 1);
      assert.equal((await runCommand(context, 'generate-mock-data', { rows: 0 })).status, 'error');
      await appendFile(context.project.at(ARTEFACTS.runHistory), 'half a li');
      const runs = await readRunHistory(context.project);
      assert.deepEqual(
        runs.map((run) => [run.command, run.return_code]),
        [
          ['generate-mock-data', 2],
          ['run-release-gates', 1],
          ['run-contract-migration', failed.returnCode],
          ['generate-mock-data', 0],
          ['extract-specs', 0],
        ],
      );
      assert.match(runs[0]?.message ?? '', /--rows/);
      assert.equal(runs[1]?.gates?.profile, 'development');
      assert.ok((runs[2]?.rows?.rejected ?? 0) > 0);
      const gate = runs[1]?.gates?.failed[0] ?? runs[1]?.gates?.not_proven[0] ?? '';
      const [first] = await evidencePlaces(context.project, { gate });
      assert.equal(first?.file, ARTEFACTS.gateReport);
      assert.ok((first?.line ?? 0) > 1);
    });
  });

  it('says which lines of the history cannot be read, and a torn one takes no later run with it', async () => {
    await withSample(async (sample) => {
      const context = sample.context();
      const { project } = context;
      const run = () => runCommand(sample.context(), 'extract-specs', {});
      await run();
      assert.equal((await readRuns(project)).unread, null);
      await appendFile(project.at(ARTEFACTS.runHistory), '{"run_id": "half a li');
      await run();
      const found = Runs.parse(await readRuns(project));
      assert.equal(found.runs.length, 2);
      const message =
        '1 line of .pas-migration/runs.jsonl could not be read (line 2); the runs of the other lines are listed.';
      assert.deepEqual(found.unread, { message, place: { kind: 'file', path: ARTEFACTS.runHistory, line: 2 } });
      const { text } = await runCommand(context, 'runs list', {});
      assert.deepEqual([text.length, text.at(-1)], [3, message]);
      await appendFile(project.at(ARTEFACTS.runHistory), '[]\n'.repeat(6));
      assert.match(
        (await readRuns(project)).unread?.message ?? '',
        /^7 lines of .* \(lines 2, 4, 5, 6, 7 and 2 more\)/,
      );
      await sample.write(ARTEFACTS.runHistory, new Uint8Array([0xff, 0xfe, 10]));
      assert.match((await readRuns(project)).unread?.message ?? '', /runs\.jsonl: is not UTF-8 text/);
    });
  });

  it('a command that is not known is refused before anything is written', async () => {
    await withSample(async (project) => {
      await assert.rejects(runCommand(project.context(), 'make-tea', {}), /no stage make-tea/);
      assert.deepEqual(await readRunHistory(project.context().project), []);
    });
  });
});
