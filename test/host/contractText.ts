import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { codeOf, eventually, file, problemsOf } from './support.ts';

const CONTRACT = 'reports/mapping_contract.csv';

describe('the contract as text, with cells of several lines', () => {
  let document: vscode.TextDocument;
  let original: string;
  before(async () => {
    original = await readFile(file(CONTRACT).fsPath, 'utf8');
    document = await vscode.workspace.openTextDocument(file(CONTRACT));
    await vscode.window.showTextDocument(document);
  });
  after(async () => {
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await writeFile(file(CONTRACT).fsPath, original);
  });

  const change = async (from: string, to: string): Promise<void> => {
    const at = document.getText().indexOf(from);
    assert.ok(at > 0, from);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(document.positionAt(at), document.positionAt(at + from.length)), to);
    assert.ok(await vscode.workspace.applyEdit(edit));
  };
  const place = (text: string, behind = 1): vscode.Position =>
    document.positionAt(document.getText().indexOf(text) + behind);
  const ask = <T>(command: string, ...given: unknown[]): Thenable<T> =>
    vscode.commands.executeCommand<T>(command, document.uri, ...given);

  it('hover, completion, definition, lenses and folds look at the whole row', async () => {
    await change(
      'LOAD_PATIENT,TITLE,VARCHAR(8),N,lookup,PATMAST,TTL,,title,,1.00,APPROVED,',
      'LOAD_PATIENT,TITLE,VARCHAR(8),N,lookup,PATMAST,TTL,"upper(\n  TTL)",title,,1.00,DRAFT,',
    );
    const [hover] = await ask<vscode.Hover[]>('vscode.executeHoverProvider', place('\n  TTL)"', -3));
    const [told] = hover?.contents ?? [];
    assert.match(typeof told === 'object' ? told.value : '', /upper.*capitals/);
    const offered = await ask<vscode.CompletionList>('vscode.executeCompletionItemProvider', place('  TTL)"', 2));
    const labels = offered.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    assert.ok(labels.includes('SNM') || labels.includes('TTL'), labels.slice(0, 8).join());
    assert.ok(labels.includes('coalesce') && labels.includes('PATMRG'));
    const [definition] = await ask<vscode.Location[]>('vscode.executeDefinitionProvider', place(')",title,', 4));
    assert.match(definition?.uri.path ?? '', /crosswalks\/title\.csv$/);
    const lenses = await ask<vscode.CodeLens[]>('vscode.executeCodeLensProvider', 40);
    const lens = lenses.find(({ command }) => command?.title.startsWith('LOAD_PATIENT_IDENTIFIER:'));
    assert.equal(document.lineAt(lens?.range.start.line ?? 0).text.startsWith('LOAD_PATIENT_IDENTIFIER,'), true);
    const folds = await ask<vscode.FoldingRange[]>('vscode.executeFoldingRangeProvider');
    for (const { start } of folds) assert.match(document.lineAt(start).text, /^LOAD_/);
  });

  it('colours each cell and the words of a rule, each on its line', async () => {
    const legend = await ask<vscode.SemanticTokensLegend>('vscode.provideDocumentSemanticTokensLegend');
    const tokens = await ask<vscode.SemanticTokens>('vscode.provideDocumentSemanticTokens');
    assert.ok(legend.tokenTypes.includes('function'));
    let [line, character] = [0, 0];
    const found = new Map<string, string>();
    for (let at = 0; at < tokens.data.length; at += 5) {
      const [down = 0, right = 0, length = 0, type = 0] = tokens.data.slice(at, at + 4);
      line += down;
      character = down === 0 ? character + right : right;
      const text = document.getText(new vscode.Range(line, character, line, character + length));
      assert.equal(text.length, length, `line ${line}`);
      found.set(text, legend.tokenTypes[type] ?? '');
    }
    for (const [text, kind] of [
      ['target_table', 'keyword'],
      ['LOAD_PATIENT', 'namespace'],
      ['TITLE', 'property'],
      ['lookup', 'enumMember'],
      ['PATMAST', 'class'],
      ['upper', 'function'],
      ['TTL', 'variable'],
      ['title', 'interface'],
      ['APPROVED', 'macro'],
    ])
      assert.equal(found.get(text ?? ''), kind, text);
  });

  it('renames a column in rules too, where it can only be that one', async () => {
    const edit = await ask<vscode.WorkspaceEdit>(
      'vscode.executeDocumentRenameProvider',
      place('PATMAST,TTL,"upper', 9),
      'HONORIFIC',
    );
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.match(document.getText(), /PATMAST,HONORIFIC,"upper\(\r?\n {2}HONORIFIC\)",title/);
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('undo');
    assert.match(document.getText(), /PATMAST,TTL,"upper\(\r?\n {2}TTL\)",title/);
  });

  it('formats with an edit for each cell that is written otherwise, and no other', async () => {
    await change(
      'LOAD_SITE,SITE_CODE,VARCHAR(5),Y,direct,SITEMAST',
      '"LOAD_SITE",SITE_CODE, VARCHAR(5),Y,DIRECT,SITEMAST',
    );
    const edits = await ask<vscode.TextEdit[]>('vscode.executeFormatDocumentProvider', {
      tabSize: 2,
      insertSpaces: true,
    });
    assert.ok(
      edits.length > 0 && edits.every(({ range }) => range.start.line === 1),
      'only the row that is written otherwise',
    );
    const edit = new vscode.WorkspaceEdit();
    edit.set(document.uri, edits);
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.match(document.getText(), /\nLOAD_SITE,SITE_CODE,VARCHAR\(5\),Y,direct,SITEMAST/);
    assert.match(document.getText(), /"upper\(\r?\n {2}TTL\)"/);
  });

  it('an approved mapping that is changed by hand is told, and a quick fix takes it back to DRAFT', async () => {
    await change(
      'LOAD_SITE,SITE_NAME,VARCHAR(60),Y,direct,SITEMAST,SITE_NM,',
      'LOAD_SITE,SITE_NAME,VARCHAR(60),Y,direct,SITEMAST,SITE_CD,',
    );
    const problem = await eventually('the problem', () =>
      problemsOf(CONTRACT).find((found) => codeOf(found) === 'contract-changed-since-approval'),
    );
    assert.match(problem.message, /LOAD_SITE\.SITE_NAME says APPROVED, but source_field changed/);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      problem.range,
    );
    const fix = actions.find(({ title }) => title === 'Set to DRAFT for a new review');
    assert.ok(fix?.edit !== undefined);
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    assert.match(document.getText(), /SITE_NAME,VARCHAR\(60\),Y,direct,SITEMAST,SITE_CD,,,,1\.00,DRAFT,/);
    await eventually('no problem', () =>
      problemsOf(CONTRACT).some((found) => codeOf(found) === 'contract-changed-since-approval') ? undefined : true,
    );
  });
});
