import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { api, eventually, file } from './support.ts';

const CONTRACT = 'reports/mapping_contract.csv';
const MERGE = 'pasMigration.mergeContract';

describe('a contract that changes on disk while its grid has unsaved edits', () => {
  let document: vscode.TextDocument;
  let original: string;
  const disk = (): Promise<string> => readFile(file(CONTRACT).fsPath, 'utf8');
  const type = async (from: string, to: string): Promise<void> => {
    const at = document.getText().indexOf(from);
    assert.ok(at > 0, from);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(document.positionAt(at), document.positionAt(at + from.length)), to);
    assert.ok(await vscode.workspace.applyEdit(edit));
  };
  /** Another program writes the file, at another time than the one the editor knows. */
  const elsewhere = async (text: string): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await writeFile(file(CONTRACT).fsPath, text);
    await new Promise((resolve) => setTimeout(resolve, 700));
  };
  beforeEach(async () => {
    original = await disk();
    await vscode.commands.executeCommand('pasMigration.openContract');
    document = await eventually('the document', () =>
      vscode.workspace.textDocuments.find(({ uri }) => uri.fsPath === file(CONTRACT).fsPath),
    );
    await eventually('the grid', () =>
      vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputCustom ? true : undefined,
    );
    // Its page is there when the grid answers.
    await new Promise((resolve) => setTimeout(resolve, 1500));
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await writeFile(file(CONTRACT).fsPath, original);
    await eventually('the file as it was', () => (document.getText() === original ? true : undefined));
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  const [mineFrom, mineTo] = ['SITEMAST,SITE_NM,,,,1.00,APPROVED', 'SITEMAST,SITE_NM,,,,1.00,DRAFT'];
  const [theirFrom, theirTo] = ['LOAD_SITE,TRUST_CODE,VARCHAR(5),N,', 'LOAD_SITE,TRUST_CODE,VARCHAR(5),Y,'];

  it('merges both: saved, each side’s change is there and nothing else differs', async () => {
    await type(mineFrom, mineTo);
    await elsewhere(original.replace(theirFrom, `${theirTo}`).replace(/\n$/, '\n'));
    await vscode.commands.executeCommand(MERGE, 'merge', {});
    assert.equal(document.getText(), original.replace(mineFrom, mineTo).replace(theirFrom, theirTo));
    assert.equal(document.isDirty, true);
    assert.equal(await document.save(), true);
    assert.equal(await disk(), original.replace(mineFrom, mineTo).replace(theirFrom, theirTo));
  });

  it('a rebuild of the contract by the terminal’s command is merged too', async () => {
    await type(mineFrom, mineTo);
    // The rebuild adds rows for target fields that the contract lacks.
    const lines = original.split('\n');
    const gone = lines.findIndex((line) => line.startsWith('LOAD_ALERT,'));
    assert.ok(gone > 0);
    await elsewhere(lines.toSpliced(gone, 1).join('\n'));
    assert.equal((await (await api()).runStage('build-mapping-contract', {})).status, 'passed');
    const rebuilt = await disk();
    assert.notEqual(rebuilt, original);
    await new Promise((resolve) => setTimeout(resolve, 700));
    assert.equal(await document.save(), false, 'a conflict was saved over');
    await vscode.commands.executeCommand(MERGE, 'merge', {});
    assert.ok(document.getText().includes(mineTo));
    assert.equal(await document.save(), true);
    assert.equal(await disk(), rebuilt.replace(mineFrom, mineTo));
  });

  it('the same cell changed by both takes the side that is chosen; undo brings mine back', async () => {
    await type('SITEMAST,SITE_NM,,,,1.00', 'SITEMAST,SITE_CD,,,,1.00');
    await elsewhere(original.replace('SITEMAST,SITE_NM,,,,1.00', 'SITEMAST,SITE_NAT,,,,1.00'));
    const id = ['LOAD_SITE', 'SITE_NAME', '', 'source_field'].join('\0');
    await vscode.commands.executeCommand(MERGE, 'merge', { [id]: 'theirs' });
    assert.match(document.getText(), /SITEMAST,SITE_NAT,,,,1\.00/);
  });

  it('mine or theirs can stand as a whole, and mine is then saved over what was seen on disk', async () => {
    await type(mineFrom, mineTo);
    const mine = document.getText();
    const theirs = original.replace(theirFrom, theirTo).replace('LOAD_SITE,SITE_CODE,', '"LOAD_SITE",SITE_CODE,');
    await elsewhere(theirs);
    await vscode.commands.executeCommand(MERGE, 'mine');
    assert.equal(document.getText(), mine);
    assert.equal(await document.save(), true);
    assert.equal(await disk(), mine);
    await type(theirFrom, theirTo);
    await elsewhere(original);
    await vscode.commands.executeCommand(MERGE, 'theirs');
    assert.equal(document.getText(), original);
    assert.equal(document.isDirty, false);
  });

  it('a change of the same length on disk is not saved over silently', async () => {
    await type(mineFrom, mineTo);
    const theirs = original.replace(theirFrom, theirTo);
    assert.equal(theirs.length, original.length);
    await elsewhere(theirs);
    const saved = await document.save();
    const after = await disk();
    console.log(`    saving over a change of the same length: ${saved ? 'saved' : 'refused'}`);
    assert.ok(after.includes(theirTo), 'what another program wrote is lost');
    assert.ok(document.getText().includes(mineTo), 'the edit is lost');
  });
});
