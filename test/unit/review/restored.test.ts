import assert from 'node:assert/strict';
import { runCommand } from '../../../src/core/lifecycle/runCommand.ts';
import { ARTEFACTS } from '../../../src/core/project/layout.ts';
import { readDashboard } from '../../../src/core/review/dashboard.ts';
import { Dashboard } from '../../../src/core/review/dashboardModel.ts';
import { dashboardTool } from '../../../src/core/review/dashboardTool.ts';
import { Lifecycle } from '../../../src/core/review/lifecycleModel.ts';
import { readLifecycle } from '../../../src/core/review/lifecycleView.ts';
import { readProjectState } from '../../../src/core/review/projectState.ts';
import { statusLine } from '../../../src/extension/statusLine.ts';
import type { TestProject } from '../../support/project.ts';
import { withSample } from '../../support/sampleProject.ts';

const SEX = 'schemas/crosswalks/sex.csv';
const stagesOf = async (sample: TestProject): Promise<string[]> => {
  const lifecycle = await readLifecycle(sample.context().project);
  assert.deepEqual(Lifecycle.parse(lifecycle), lifecycle, 'the page reads what the core writes');
  return lifecycle.stages.map(
    ({ status, stale, restored }) => `${status}${stale ? ' stale' : ''}${restored === null ? '' : ' restored'}`,
  );
};
const each = (first: string, ...last: readonly string[]): string[] => [
  ...Array.from({ length: 7 - last.length }, () => first),
  ...last,
];
const dashboardOf = async (sample: TestProject): Promise<Dashboard> => {
  const dashboard = await readDashboard(sample.context().project, new Date());
  return Dashboard.parse(dashboard);
};

describe('after a restore', () => {
  it('the panels tell the state of the files as they are now, and of the restore', async () => {
    await withSample(async (sample) => {
      const run = (command: string, options: Record<string, unknown>) => runCommand(sample.context(), command, options);
      await run('run-product-lifecycle', { rows: 20, seed: 42, release_profile: 'development' });
      assert.deepEqual(await stagesOf(sample), each('passed'));
      const good = await run('snapshot create', { reason: 'known good' });
      const id = String(good.summary['snapshot_id']);

      await sample.write(SEX, `${(await sample.read(SEX)).split('\n')[0]}\n`);
      await run('run-product-lifecycle', { rows: 20, seed: 42, release_profile: 'development' });
      assert.deepEqual(await stagesOf(sample), each('passed', 'failed', 'failed'));
      assert.equal((await dashboardOf(sample)).changes.restored, null);

      assert.equal((await run('snapshot restore', { snapshot: id })).status, 'passed');
      assert.equal(JSON.parse(await sample.read(ARTEFACTS.gateReport)).status, 'PASS');
      assert.deepEqual(await stagesOf(sample), each('passed restored'));
      const [stage] = (await readLifecycle(sample.context().project)).stages;
      assert.deepEqual(
        [stage?.restored?.snapshot, stage?.restored?.reason, stage?.restored?.from],
        [id, 'known good', null],
      );
      const state = await readProjectState(sample.context().project);
      assert.equal(statusLine(state, null, null).text, '$(pass) development: PASS');
      const { changes, gates, blockers } = await dashboardOf(sample);
      assert.deepEqual([changes.restored?.snapshot, changes.restored?.reason], [id, 'known good']);
      assert.ok(changes.restored?.who !== '');
      const development = gates.find(({ profile }) => profile === 'development');
      assert.deepEqual([development?.standing, development?.current, blockers], ['PASS', true, []]);
      const told = await dashboardTool.run(sample.context(), { decide: 'no' });
      assert.match(told.text.join('\n'), /^Stale: no stage\.$/m);
      assert.match(told.text.join('\n'), new RegExp(`Restored at .* from ${id} \\(known good\\): the reports are`));

      // What is run afterwards is of that run again.
      await run('run-release-gates', { profile: 'development' });
      assert.deepEqual(await stagesOf(sample), each('passed restored', 'passed'));
      assert.equal((await dashboardOf(sample)).changes.restored, null);
    });
  });

  it('of some stages only these are restored, and an older verdict on newer data is stale', async () => {
    await withSample(async (sample) => {
      const run = (command: string, options: Record<string, unknown>) => runCommand(sample.context(), command, options);
      await run('run-product-lifecycle', { rows: 5, seed: 42, release_profile: 'development' });
      // Five patients are too few for the gates, which is as good here.
      await run('run-product-lifecycle', { rows: 6, seed: 42, release_profile: 'development' });
      await run('snapshot restore', { snapshot: 'latest', from: 'run-release-gates' });
      // Latest is the one that the run kept before it began.
      assert.deepEqual(await stagesOf(sample), each('passed', 'failed stale restored'));
      const { changes } = await dashboardOf(sample);
      assert.equal(changes.restored?.from, 'Run release gates');
      assert.deepEqual(changes.staleStages, ['Run release gates']);
      const told = (await dashboardTool.run(sample.context(), { decide: 'no' })).text.join('\n');
      assert.match(told, /^Since the run of \S+: no contract row changed\.$/m);
      assert.match(told, /^Stale, because what they read changed since they ran: Run release gates\.$/m);
      // The status bar says of the verdict what the dashboard says of it.
      const state = await readProjectState(sample.context().project);
      const stale = (await dashboardOf(sample)).blockers[0];
      assert.equal(stale?.id, 'stale');
      assert.deepEqual(statusLine(state, null, null), {
        text: '$(warning) development: FAIL, out of date',
        tooltip: `${stale?.message} Click for the report.`,
        label: 'PAS Migration, development FAIL, out of date',
      });
    });
  });

  it('a stage that could not run says so until its files change, also by hand', async () => {
    await withSample(async (sample) => {
      const run = (command: string, options: Record<string, unknown>) => runCommand(sample.context(), command, options);
      await run('run-product-lifecycle', { rows: 5, seed: 42, release_profile: 'development' });
      await run('snapshot create', {});
      const matrix = await sample.read(ARTEFACTS.mappingMatrix);
      await sample.write(ARTEFACTS.mappingMatrix, 'no,matrix\n');
      assert.equal((await run('build-mapping-contract', {})).status, 'error');
      const broken = (await readLifecycle(sample.context().project)).stages[3];
      assert.equal(broken?.status, 'error');
      assert.match(broken?.message ?? '', /semantic_mapping_matrix\.csv/);
      await sample.write(ARTEFACTS.mappingMatrix, matrix);
      await run('snapshot restore', { snapshot: 'latest' });
      assert.deepEqual(await stagesOf(sample), each('passed restored', 'failed restored'));

      // A colleague's report, as git brings it: this project's history knows nothing of the run.
      const report = JSON.parse(await sample.read(ARTEFACTS.gateReport));
      const later = new Date(Date.now() + 1000).toISOString();
      await sample.write(
        ARTEFACTS.gateReport,
        JSON.stringify({ ...report, run_id: 'elsewhere', run_at_utc: later, status: 'PASS' }),
      );
      assert.deepEqual(await stagesOf(sample), each('passed restored', 'passed'));
    });
  });
});
