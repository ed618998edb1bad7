import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFile, cp } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { lastSourceDir } from '../../../src/core/crosswalk/lastSourceDir.ts';
import { lastAsked } from '../../../src/core/history/lastAsked.ts';
import { optionWords } from '../../../src/core/history/optionWords.ts';
import { readRunHistory } from '../../../src/core/history/runHistory.ts';
import { runCommand } from '../../../src/core/lifecycle/runCommand.ts';
import { ARTEFACTS } from '../../../src/core/project/layout.ts';
import { readLifecycle } from '../../../src/core/review/lifecycleView.ts';
import { staleMessage } from '../../../src/core/review/verdictDoubt.ts';
import { type TestProject, withProject } from '../../support/project.ts';
import { withSample } from '../../support/sampleProject.ts';

/** Past runs, oldest first, as `runs.jsonl` holds them. */
async function past(project: TestProject, ...runs: readonly (readonly [string, object, object?])[]): Promise<void> {
  const lines = runs.map(([command, options, more], at) =>
    JSON.stringify({
      run_id: `run-${at}`,
      command,
      started_at_utc: '2026-01-01T00:00:00.000Z',
      duration_ms: 1,
      status: 'passed',
      return_code: 0,
      options,
      message: '',
      gates: null,
      rows: null,
      quality: null,
      ...more,
    }),
  );
  await project.write(ARTEFACTS.runHistory, `${lines.join('\n')}\n`);
}

describe('what the last runs were asked for', () => {
  it('is taken from the newest run that each option is of, with its defaults', async () => {
    await withProject({}, async (project) => {
      const asked = () => lastAsked(project.context().project);
      assert.deepEqual(await asked(), {});
      await past(
        project,
        ['run-product-lifecycle', { rows: 200, seed: 7, min_patients: 50, release_profile: 'pre_production' }],
        ['snapshot create', { reason: 'rows' }],
      );
      const first = { rows: 200, seed: 7, min_patients: 50, release_profile: 'pre_production' };
      assert.deepEqual(await asked(), { ...first, impute_mode: 'pre_production' });
      await past(
        project,
        ['run-product-lifecycle', { ...first, seed: 42 }],
        ['generate-mock-data', { rows: 300 }],
        ['run-contract-migration', { impute_mode: 'off' }],
        // It started later: its rows, which are the default's, made nothing.
        ['run-product-lifecycle', { rows: 20, from: 'run-enterprise-pipeline', min_patients: 9 }],
        ['run-release-gates', { profile: 'cutover_ready' }],
        ['generate-mock-data', { rows: 0 }],
      );
      assert.deepEqual(await asked(), {
        rows: 300,
        seed: 42,
        min_patients: 9,
        release_profile: 'cutover_ready',
        impute_mode: 'development',
      });
    });
  });

  it('is what was restored, where the last runs were before a restore', async () => {
    await withProject({}, async (project) => {
      const asked = () => lastAsked(project.context().project);
      const full = { rows: 20, seed: 42, min_patients: 1, release_profile: 'development' };
      const restored = {
        snapshot_id: 'x',
        snapshot_at_utc: '2025-12-31T00:00:00.000Z',
        reason: '',
        from: null,
        stages: [],
      };
      const restore = ['snapshot restore', { snapshot: 'x' }, { restored }] as const;
      await project.write(ARTEFACTS.mockManifest, '{"rows": 200, "seed": 7}');
      await project.write(ARTEFACTS.gateReport, '{"profile": "pre_production"}');
      await project.write(ARTEFACTS.qualityReport, '{"min_patients": "many"}');
      await past(project, ['run-product-lifecycle', full], restore);
      const back = { ...full, rows: 200, seed: 7, release_profile: 'pre_production', impute_mode: 'development' };
      assert.deepEqual(await asked(), back);
      await past(project, ['run-product-lifecycle', full], restore, [
        'run-release-gates',
        { profile: 'cutover_ready' },
      ]);
      assert.deepEqual(await asked(), { ...back, release_profile: 'cutover_ready' });
    });
  });

  it('is advised so that the data under judgement stay, where mock data are stale too', () => {
    const stage = (id: string, title: string, stale = true) => ({ id, title, stale });
    const [mock, run] = [stage('generate-mock-data', 'Generate mock data'), stage('run-contract-migration', 'Run')];
    assert.match(
      staleMessage([mock, run]) ?? '',
      /: Generate mock data, Run\. Run again from Run, which judges the same/,
    );
    assert.match(staleMessage([{ ...mock, stale: false }, run]) ?? '', /: Run\. Run again from Run\. Until/);
    assert.match(staleMessage([mock]) ?? '', /Run again from Generate mock data\./);
    assert.equal(staleMessage([{ ...mock, stale: false }]), null);
  });

  it('is said in words, as far as a run from a stage uses it', () => {
    const options = { rows: 1200, seed: 42, min_patients: 1, release_profile: 'pre_production' };
    assert.equal(optionWords(options), '1,200 rows, seed 42, at least 1 patient, pre_production');
    assert.equal(optionWords(options, 'run-contract-migration'), 'at least 1 patient, pre_production');
    assert.equal(optionWords(options, 'run-release-gates'), 'pre_production');
    assert.equal(optionWords({ rows: 1, seed: 3 }), '1 row, seed 3');
  });
});

describe('a run from a stage on', function () {
  this.timeout(120_000);

  it('takes what it is not given from the last run, says so, and records it; a full run takes the defaults', async () => {
    await withSample(async (project) => {
      const context = project.context();
      for (const command of ['extract-specs', 'analyze-semantic-mapping'] as const)
        assert.equal((await runCommand(context, command, {})).status, 'passed');
      await runCommand(context, 'generate-mock-data', { rows: 31, seed: 5 });
      await runCommand(context, 'run-release-gates', { profile: 'pre_production' });
      await runCommand(context, 'run-product-lifecycle', { from: 'generate-mock-data' });
      const manifest = async () =>
        JSON.parse(await project.read(ARTEFACTS.lifecycleRun)) as { options: Record<string, unknown> };
      const told = { rows: 31, seed: 5, min_patients: 1, release_profile: 'pre_production' };
      assert.deepEqual((await manifest()).options, { ...told, from: 'generate-mock-data' });
      const [run] = await readRunHistory(context.project);
      assert.deepEqual(run?.options, { ...told, from: 'generate-mock-data' });
      const notes = () => project.events.flatMap((event) => (event.type === 'note' ? [event.text] : []));
      assert.ok(
        notes().includes('From Generate mock data: 31 rows, seed 5, at least 1 patient, pre_production.'),
        notes().join('\n'),
      );
      // The terminal's defaults are none of its own.
      const args = ['dist/cli.js', 'run-product-lifecycle', '--from', 'run-release-gates', '--project', project.root];
      const terminal = spawnSync(process.execPath, args, { encoding: 'utf8' });
      assert.match(terminal.stdout, /From Run release gates: pre_production\./);
      assert.equal((await manifest()).options['release_profile'], 'pre_production');
      // What is given counts.
      await runCommand(context, 'run-product-lifecycle', { from: 'run-release-gates', release_profile: 'development' });
      assert.equal((await manifest()).options['release_profile'], 'development');
      await runCommand(context, 'run-product-lifecycle', {});
      assert.equal((await manifest()).options['rows'], 20);
      // The source stays the one that was migrated, and is said; it is no mock data by surprise.
      await cp(context.project.at(ARTEFACTS.mockSource), context.project.at('extracts/current'), { recursive: true });
      await runCommand(context, 'run-contract-migration', { source_dir: 'extracts/current' });
      await runCommand(context, 'run-product-lifecycle', { from: 'run-contract-migration' });
      assert.equal(await lastSourceDir(context.project), 'extracts/current');
      assert.ok(
        notes().includes('From Run contract migration: at least 1 patient, development, source extracts/current.'),
        notes().join('\n'),
      );
      const { stages } = await readLifecycle(context.project);
      const migration = stages.find(({ id }) => id === 'run-contract-migration');
      assert.ok(migration?.inputs.some(({ path }) => path === 'extracts/current'));
      assert.deepEqual(
        stages.flatMap(({ changed }) => changed),
        [],
      );
      await sleep(20);
      await appendFile(context.project.at('extracts/current/PATMAST.csv'), '\n');
      const { stages: later } = await readLifecycle(context.project);
      assert.deepEqual(later.find(({ id }) => id === 'run-contract-migration')?.changed, ['extracts/current']);
    });
  });
});
