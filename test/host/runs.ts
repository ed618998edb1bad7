import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { type PastRun, readRunHistory } from '../../src/core/history/runHistory.ts';
import { Project } from '../../src/core/project/layout.ts';
import { readBusy } from '../../src/core/review/projectState.ts';
import type { RunAnswer } from '../../src/extension/protocol.ts';
import { hashes } from './hashes.ts';
import { api, canType, dialog, eventually, file, inPage, root } from './support.ts';

/** How the last run of the lifecycle was asked for. */
async function asked(): Promise<Record<string, unknown>> {
  const text = await readFile(file('reports/product_lifecycle_run.json').fsPath, 'utf8');
  return (JSON.parse(text) as { options: Record<string, unknown> }).options;
}

/** The history of runs that have ended, newest first, while none goes on. */
async function lastRuns(): Promise<readonly PastRun[]> {
  const project = new Project(root());
  return (await readBusy(project)).busy === null ? readRunHistory(project) : [];
}

describe('runs from a panel', () => {
  const told = { rows: 31, seed: 5, release_profile: 'pre_production' };

  before(async () => {
    const pas = await api();
    await pas.runStage('extract-specs', {});
    await pas.runStage('generate-mock-data', { rows: 31, seed: 5 });
    await pas.runStage('run-release-gates', { profile: 'pre_production' });
  });

  after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('from a stage on take the options of the last run, and say so in the log', async function () {
    if (!canType) this.skip();
    await vscode.commands.executeCommand('pasMigration.openLifecycle');
    await inPage(
      { press: 'Rerun from here', part: 'Generate mock data' },
      { wait: 'From Generate mock data: 31 rows, seed 5, at least ' },
    );
    await eventually('the end of the run', async () => {
      const [run] = await lastRuns();
      return run?.options['from'] === 'generate-mock-data' ? true : undefined;
    });
    const { rows, seed, release_profile } = await asked();
    assert.deepEqual({ rows, seed, release_profile }, told);
  });

  it('tell in the log why they were refused, by a stage or before the first one', async function () {
    if (!canType) this.skip();
    const pas = await api();
    await vscode.commands.executeCommand('pasMigration.openLifecycle');
    await vscode.commands.executeCommand('pasMigration.restoreSnapshot', '20200101T000000Z-00000000', true, root());
    await inPage({ wait: 's. There is no snapshot 20200101T000000Z-00000000;' });
    await pas.runStage('run-product-lifecycle', { rows: 0 });
    await inPage({ wait: 'run-product-lifecycle: option --rows' });
  });

  it('can be cancelled there: the run ends as cancelled, nothing is half written, and the next one runs', async function () {
    if (!canType) this.skip();
    const whole = async () => {
      const files = await hashes(root());
      files.delete('reports/product_lifecycle_run.json');
      return files;
    };
    await vscode.commands.executeCommand('pasMigration.openLifecycle');
    const before = await whole();
    await inPage({ press: 'Run lifecycle' });
    // The last run is offered first.
    assert.match((await dialog('Patients in the mock cohort', '200000')).text, /Run Product Lifecycle \(1\/4\)/);
    await dialog('Seed:', '7');
    await dialog('Least number of patients', '1');
    assert.match((await dialog('Gate profile to decide for', 'pre_production')).before, /pre_production\s*last used/);
    await inPage({ wait: 'Running run-product-lifecycle: generate-mock-data' });

    const second = await vscode.commands.executeCommand<RunAnswer>('pasMigration.runAll', null);
    assert.equal(second.error, 'A run is going on in this project; wait for it to end, or cancel it.');
    await inPage({ wait: 'run-product-lifecycle: A run is going on' });

    await inPage({ press: 'Cancel', part: 'Running now' }, { wait: 'generate-mock-data: cancelled after' });
    const last = await eventually('the end in the history', async () => {
      const [run] = await lastRuns();
      return run?.options['rows'] === 200_000 ? run : undefined;
    });
    assert.equal(last.status, 'cancelled');
    assert.deepEqual(await whole(), before);

    await inPage({ press: 'Run this stage', part: 'Extract specs' });
    await eventually('the next run', async () => {
      const [run] = await lastRuns();
      return run?.command === 'extract-specs' && run.status === 'passed' ? true : undefined;
    });
  });
});
