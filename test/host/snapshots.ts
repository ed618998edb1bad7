import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { api, eventually, file } from './support.ts';

const CONTRACT = 'reports/mapping_contract.csv';

describe('snapshots', () => {
  it('are kept, shown, compared by row key and restored', async () => {
    const before = await readFile(file(CONTRACT).fsPath, 'utf8');
    await vscode.commands.executeCommand('pasMigration.createSnapshot', 'host test');
    const kept = await eventually('the snapshot', async () =>
      (await (await api()).readState())?.snapshots.find((snapshot) => snapshot.reason === 'host test'),
    );
    const [first = '', ...rest] = before.trimEnd().split('\n');
    const last = rest.pop() ?? '';
    // The last row comes first, and a note changes: by key only one line differs.
    const changed = `${[first, last, ...rest].join('\n')}\n`.replace(',APPROVED,', ',REJECTED,');
    await vscode.workspace.fs.writeFile(file(CONTRACT), Buffer.from(changed));
    await vscode.commands.executeCommand('pasMigration.compareSnapshot', kept.snapshot_id);
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
    const { input } = tab ?? {};
    assert.ok(input instanceof vscode.TabInputTextDiff, 'no diff is shown');
    const [old, now] = await Promise.all(
      [input.original, input.modified].map(async (uri) => (await vscode.workspace.openTextDocument(uri)).getText()),
    );
    const differs = (old ?? '').split('\n').filter((line, index) => line !== (now ?? '').split('\n')[index]);
    assert.equal(differs.length, 1);
    if (tab !== undefined) await vscode.window.tabGroups.close(tab);
    // Files get back the times they had; an editor that shows one follows all the same.
    const shown = await vscode.workspace.openTextDocument(file(CONTRACT));
    await vscode.window.showTextDocument(shown);
    assert.equal(shown.getText(), changed);
    await vscode.commands.executeCommand('pasMigration.restoreSnapshot', kept.snapshot_id, true);
    assert.equal(await readFile(file(CONTRACT).fsPath, 'utf8'), before);
    await eventually('the restored text', async () => (shown.getText() === before ? true : undefined));
    const edit = new vscode.WorkspaceEdit();
    edit.insert(shown.uri, shown.positionAt(before.length), '\n');
    await vscode.workspace.applyEdit(edit);
    assert.equal(await shown.save(), true, 'a file with an older time is saved');
    await vscode.workspace.fs.writeFile(file(CONTRACT), Buffer.from(before));
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await eventually('the snapshot before the restore', async () => {
      const state = await (await api()).readState();
      return state?.snapshots[0]?.reason.startsWith('before restoring ') === true ? true : undefined;
    });
  });

  it('one that is not there is told, and nothing changes', async () => {
    const before = await readFile(file(CONTRACT).fsPath, 'utf8');
    await vscode.commands.executeCommand('pasMigration.restoreSnapshot', '20200101T000000Z-00000000', true);
    assert.equal(await readFile(file(CONTRACT).fsPath, 'utf8'), before);
  });
});
