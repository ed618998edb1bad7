import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { api, canType, dialog, eventually, inPage } from './support.ts';

const HISTORY = '.pas-migration/runs.jsonl';
const close = () => vscode.commands.executeCommand('workbench.action.closeActiveEditor');

describe('a window with two projects', () => {
  before(function () {
    if (!canType) this.skip();
  });

  /** Opens a panel of the second project, and makes the first one the current one again. */
  async function openSecond(panel: string): Promise<readonly [first: string, second: string]> {
    const [first = '', second = ''] = (await api()).projects;
    assert.notEqual(second, '');
    assert.ok((await vscode.commands.executeCommand(`pasMigration.open${panel}`, null, second)) !== null);
    assert.ok((await vscode.commands.executeCommand('pasMigration.openUsers', null, first)) !== null);
    await close();
    return [first, second];
  }

  it('runs a stage of the Lifecycle panel, and keeps a snapshot, in the project of the panel without asking which', async () => {
    const [first, second] = await openSecond('Lifecycle');
    await inPage({ press: 'Run this stage', part: 'Extract specs' });
    await eventually('the run', () => (existsSync(join(second, HISTORY)) ? true : undefined));
    await inPage({ wait: 'extract-specs: passed after' }, { press: 'Create snapshot' });
    await dialog('Why is this state kept?', 'of the second');
    await inPage({ wait: 'of the second' });
    assert.equal(existsSync(join(first, HISTORY)), false, 'the first project was run');
    await close();
  });

  it('asks for the options at once where a panel runs the lifecycle or the rules', async () => {
    const [first] = await openSecond('Dashboard');
    for (const [panel, button, question] of [
      ['Dashboard', 'Run lifecycle', 'Patients in the mock cohort'],
      ['Quality', 'Run Data Quality Rules', 'Least number of patients'],
    ] as const) {
      await openSecond(panel);
      await inPage({ press: button });
      // Not a number: the question stays, and is left without an answer.
      await dialog(question, 'none');
      await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
      await close();
    }
    assert.equal(existsSync(join(first, HISTORY)), false, 'the first project was run');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('opens what stands behind a number in the project of the panel', async () => {
    const [, second] = await openSecond('Dashboard');
    await inPage({ press: 'Nothing is decided' }, { wait: 'Generate mock data' });
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab?.label;
    assert.equal(tab, `Lifecycle · ${second.split('/').at(-1)}`);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('asks which project for a command of the palette', async () => {
    const [, second = ''] = (await api()).projects;
    const shown = vscode.commands.executeCommand('pasMigration.openRuns');
    await dialog('Project to work on', second.split('/').at(-1) ?? '');
    assert.ok((await shown) !== null);
    assert.equal(vscode.window.tabGroups.activeTabGroup.activeTab?.label, `Runs · ${second.split('/').at(-1)}`);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
});
