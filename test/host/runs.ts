import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { api, canType, eventually, file, inPage } from './support.ts';

/** How the last run of the lifecycle was asked for. */
async function asked(): Promise<Record<string, unknown>> {
  const text = await readFile(file('reports/product_lifecycle_run.json').fsPath, 'utf8');
  return (JSON.parse(text) as { options: Record<string, unknown> }).options;
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
    await eventually('the end of the run', async () =>
      (await asked().catch(() => null))?.['from'] === 'generate-mock-data' ? true : undefined,
    );
    const { rows, seed, release_profile } = await asked();
    assert.deepEqual({ rows, seed, release_profile }, told);
  });
});
