import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { PlanOutcome } from '../../src/extension/panels/planProtocol.ts';
import { eventually, file, root } from './support.ts';

const CONTRACT = 'reports/mapping_contract.csv';
const plan = (given?: { root: string; text: string }): Thenable<PlanOutcome | null> =>
  vscode.commands.executeCommand('pasMigration.planContract', given);

/** Changes the contract in the editor without saving it, does something, and takes the change back. */
async function withEdit(from: string | RegExp, to: string, work: () => Promise<void>): Promise<void> {
  const document = await vscode.workspace.openTextDocument(file(CONTRACT));
  const before = document.getText();
  const edit = new vscode.WorkspaceEdit();
  const whole = new vscode.Range(document.positionAt(0), document.positionAt(before.length));
  edit.replace(document.uri, whole, before.replace(from, to));
  assert.ok(await vscode.workspace.applyEdit(edit));
  try {
    assert.notEqual(document.getText(), before, 'the edit found its place');
    await work();
  } finally {
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await eventually('the contract as it was', () => (document.getText() === before ? true : undefined));
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  }
}

describe('the preview of a contract change', function () {
  this.timeout(120_000);

  it('tries the unsaved contract, shows what would change, and writes nothing', () =>
    withEdit(/^(LOAD_PATIENT,FORENAME,.*,PATMAST,)FNM1,/m, '$1FNM2,', async () => {
      const onDisk = await readFile(file(CONTRACT).fsPath, 'utf8');
      const started = Date.now();
      const outcome = await plan();
      console.log(`      preview of 20 patients: ${Date.now() - started} ms`);
      assert.equal(outcome?.refusal, null);
      assert.equal(outcome.what, `${CONTRACT}, not saved`);
      assert.equal(outcome.plan?.impact, 'breaking');
      const [table] = outcome.plan.tables;
      assert.deepEqual([table?.table, table?.columns.map(({ field }) => field)], ['LOAD_PATIENT', ['FORENAME']]);
      assert.ok(outcome.plan.patients > 0);
      assert.equal(await readFile(file(CONTRACT).fsPath, 'utf8'), onDisk);
      const left = await readdir(join(root(), '.pas-migration/tmp')).catch(() => []);
      assert.deepEqual(
        left.filter((name) => name.includes('plan-')),
        [],
      );
      const tab = await eventually('the panel', () => {
        const { activeTab } = vscode.window.tabGroups.activeTabGroup;
        return activeTab?.input instanceof vscode.TabInputWebview ? activeTab : undefined;
      });
      assert.equal(tab.label, 'Contract Preview');
    }));

  it('tells why a text cannot run, with the place to mend', async () => {
    const text = await readFile(file(CONTRACT).fsPath, 'utf8');
    const outcome = await plan({ root: root(), text: text.replace(',PATMAST,SNM,', ',PATMAST,NOWHERE,') });
    assert.equal(outcome?.plan, null);
    assert.match(outcome.refusal?.message ?? '', /mapping_contract\.csv:\d+.*NOWHERE/);
    assert.equal(outcome.refusal?.problems[0]?.file, CONTRACT);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
});

describe('the comparison of contracts', () => {
  it('shows the unsaved contract beside the saved one by row key, and exports it', () =>
    withEdit(/^(LOAD_PATIENT,FORENAME,.*,PATMAST,)FNM1,/m, '$1FNM2,', async () => {
      await vscode.commands.executeCommand('pasMigration.compareContract', 'now');
      const { input, label } = vscode.window.tabGroups.activeTabGroup.activeTab ?? {};
      assert.ok(input instanceof vscode.TabInputTextDiff, 'no diff is shown');
      assert.match(label ?? '', /contract, now ↔ the editor, by row key/);
      const [old, now] = await Promise.all(
        [input.original, input.modified].map(async (uri) => (await vscode.workspace.openTextDocument(uri)).getText()),
      );
      const differs = (now ?? '').split('\n').filter((line, index) => line !== (old ?? '').split('\n')[index]);
      assert.equal(differs.length, 1);
      assert.match(differs[0] ?? '', /^LOAD_PATIENT,FORENAME,.*,FNM2,/);
      const to = vscode.Uri.file(join(tmpdir(), `diff-${process.pid}.csv`));
      await vscode.commands.executeCommand('pasMigration.exportContractDiff', 'now', to);
      const csv = new TextDecoder().decode(await vscode.workspace.fs.readFile(to));
      await vscode.workspace.fs.delete(to);
      assert.deepEqual(csv.trimEnd().split('\n').slice(1), [
        'LOAD_PATIENT,FORENAME,,changed,breaking,source_field,FNM1,FNM2',
      ]);
    }));

  it('tells of a version that is not there', async () => {
    await vscode.commands.executeCommand('pasMigration.compareContract', 'locked:nothing');
    assert.ok(!(vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputTextDiff));
  });
});
