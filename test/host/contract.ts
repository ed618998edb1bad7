import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { eventually, file } from './support.ts';

const CONTRACT = 'reports/mapping_contract.csv';

describe('the contract as text', () => {
  let document: vscode.TextDocument;
  before(async () => {
    document = await vscode.workspace.openTextDocument(file(CONTRACT));
    // A test before this one wrote the file; the editor sees that a little later.
    const written = await readFile(file(CONTRACT).fsPath, 'utf8');
    await eventually('the contract as it is on disk', () => (document.getText() === written ? true : undefined));
    await vscode.window.showTextDocument(document);
  });
  after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  /** A place in the row of a target field, at the start of one of its cells. */
  const at = (row: string, cell: string): vscode.Position => {
    const line = document
      .getText()
      .split('\n')
      .findIndex((text) => text.startsWith(`${row},`));
    assert.ok(line > 0, row);
    return new vscode.Position(line, document.lineAt(line).text.indexOf(cell) + 1);
  };

  it('completes crosswalks, source columns and classes', async () => {
    const offered = async (position: vscode.Position): Promise<string[]> => {
      const list = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        document.uri,
        position,
      );
      return list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    };
    assert.ok((await offered(at('LOAD_PATIENT,STATED_GENDER', ',sex,'))).includes('sex'));
    const fields = await offered(at('LOAD_SITE,SITE_CODE', ',SITE_CD,'));
    assert.ok(fields.includes('SITE_NM') && !fields.includes('SEX_CD'), fields.slice(0, 5).join());
    assert.ok((await offered(at('LOAD_SITE,SITE_CODE', ',direct,'))).includes('out_of_scope'));
  });

  it('tells on hover what a column is, and goes to crosswalk and catalog', async () => {
    const ask = <T>(command: string, position: vscode.Position): Thenable<T[]> =>
      vscode.commands.executeCommand<T[]>(command, document.uri, position);
    const [hover] = await ask<vscode.Hover>('vscode.executeHoverProvider', at('LOAD_SITE,SITE_CODE', ',SITE_CD,'));
    const [text] = hover?.contents ?? [];
    assert.match(typeof text === 'object' ? text.value : '', /SITEMAST.*SITE.*CD/s);
    const goto = async (row: string, cell: string): Promise<vscode.Location | undefined> =>
      (await ask<vscode.Location>('vscode.executeDefinitionProvider', at(row, cell)))[0];
    assert.match((await goto('LOAD_PATIENT,STATED_GENDER', ',sex,'))?.uri.path ?? '', /crosswalks\/sex\.csv$/);
    const source = await goto('LOAD_SITE,SITE_CODE', ',SITE_CD,');
    assert.match(source?.uri.path ?? '', /source_schema_catalog\.csv$/);
    assert.ok((source?.range.start.line ?? 0) > 0);
  });

  it('renames a source column in every row that takes it, and nothing else', async () => {
    const before = document.getText();
    const position = at('LOAD_SITE,SITE_CODE', ',SITE_CD,');
    const edit = await vscode.commands.executeCommand<vscode.WorkspaceEdit>(
      'vscode.executeDocumentRenameProvider',
      document.uri,
      position,
      'SITE_KEY',
    );
    assert.ok(await vscode.workspace.applyEdit(edit));
    const changed = document
      .getText()
      .split('\n')
      .filter((line, index) => line !== before.split('\n')[index]);
    assert.ok(changed.length > 0 && changed.every((line) => /,SITEMAST,SITE_KEY,/.test(line)), changed.join('\n'));
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), before);
    assert.equal(document.isDirty, false);
  });

  it('has a lens and a fold for each target table', async () => {
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
      5,
    );
    assert.match(lenses[0]?.command?.title ?? '', /^LOAD_SITE: \d+\/\d+ approved/);
    const folds = await vscode.commands.executeCommand<vscode.FoldingRange[]>(
      'vscode.executeFoldingRangeProvider',
      document.uri,
    );
    assert.ok(folds.length > 10);
  });

  it('an edit is neither lost nor overwrites what another program wrote meanwhile', async () => {
    const before = await readFile(file(CONTRACT).fsPath, 'utf8');
    const theirs = before.replace(',APPROVED,', ',IN_REVIEW,');
    try {
      const edit = new vscode.WorkspaceEdit();
      edit.insert(document.uri, document.lineAt(3).range.end, ',mine');
      assert.ok(await vscode.workspace.applyEdit(edit));
      // Another time than the one the editor knows.
      await new Promise((resolve) => setTimeout(resolve, 1100));
      await writeFile(file(CONTRACT).fsPath, theirs);
      await new Promise((resolve) => setTimeout(resolve, 500));
      assert.equal(await document.save(), false, 'a conflict was saved over');
      assert.equal(await readFile(file(CONTRACT).fsPath, 'utf8'), theirs);
      assert.match(document.getText(), /,mine/);
      assert.equal(document.isDirty, true);
    } finally {
      await vscode.window.showTextDocument(document);
      await vscode.commands.executeCommand('workbench.action.files.revert');
      await writeFile(file(CONTRACT).fsPath, before);
      await eventually('the file as it was', () => (document.getText() === before ? true : undefined));
    }
  });
});

describe('the contract grid', () => {
  it('opens, feeds on the document, and closes with it', async () => {
    await vscode.commands.executeCommand('pasMigration.openContract');
    const tab = await eventually('the grid', () => {
      const active = vscode.window.tabGroups.activeTabGroup.activeTab;
      return active?.input instanceof vscode.TabInputCustom ? active : undefined;
    });
    assert.equal((tab.input as vscode.TabInputCustom).viewType, 'pasMigration.contract');
    await vscode.window.tabGroups.close(tab);
  });
});
