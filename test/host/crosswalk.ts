import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { canType, codeOf, eventually, file, inPage, problemsOf } from './support.ts';

const SEX = 'schemas/crosswalks/sex.csv';
const AUDIT = 'governance/audit.jsonl';

/** Audit entries of the file, oldest first. */
async function entries(): Promise<{ who: string; details: { row_count: number; rows: { source_code: string }[] } }[]> {
  const text = await readFile(file(AUDIT).fsPath, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line.includes('"crosswalk-changed"') && line.includes(SEX))
    .map((line) => JSON.parse(line));
}

describe('a crosswalk as a grid', () => {
  let original: string;
  before(async () => {
    original = await readFile(file(SEX).fsPath, 'utf8');
    // A line end and a quote that nobody may tidy up.
    const written = original.replace('Male', '"Male"').replaceAll('\n', '\r\n');
    await writeFile(file(SEX).fsPath, written);
    // Earlier tests looked at the file; the editor takes up what another program wrote after a moment.
    const document = await vscode.workspace.openTextDocument(file(SEX));
    await eventually('the editor to see the file', () => (document.getText() === written ? true : undefined));
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await writeFile(file(SEX).fsPath, original);
  });

  it('opens by command, follows edits of the text, undoes, and saves all other bytes with a line in the audit log', async () => {
    await vscode.commands.executeCommand('pasMigration.openCrosswalk', 'sex');
    const tab = await eventually('the grid', () => {
      const { input } = vscode.window.tabGroups.activeTabGroup.activeTab ?? {};
      return input instanceof vscode.TabInputCustom ? input : undefined;
    });
    assert.deepEqual([tab.viewType, tab.uri.path.endsWith(SEX)], ['pasMigration.crosswalk', true]);
    await eventually('the first version in the audit log', async () => (await entries())[0]);
    const document = await vscode.workspace.openTextDocument(file(SEX));
    const before = document.getText();
    const at = before.indexOf('M,1') + 2;
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(document.positionAt(at), document.positionAt(at + 1)), '9');
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.ok(document.isDirty);
    await vscode.commands.executeCommand('undo');
    await eventually('the text as it was', () => (document.getText() === before ? true : undefined));
    await vscode.commands.executeCommand('redo');
    await eventually('the edit again', () => (document.getText() === before.replace('M,1', 'M,9') ? true : undefined));
    assert.ok(await document.save());
    assert.equal(await readFile(file(SEX).fsPath, 'utf8'), before.replace('M,1', 'M,9'));
    const told = await eventually('the change in the audit log', async () => {
      const last = (await entries()).at(-1);
      return last?.details.row_count === 1 ? last : undefined;
    });
    assert.equal(told.details.rows[0]?.source_code, 'M');
  });

  it('checks the text that is not saved yet, at the cell', async () => {
    const document = await vscode.workspace.openTextDocument(file(SEX));
    const edit = new vscode.WorkspaceEdit();
    edit.insert(
      document.uri,
      document.positionAt(document.getText().length),
      'M,1,,Y,2021-02-30,,APPROVED\r\nF,1,,Y,,,APPROVED\r\n',
    );
    assert.ok(await vscode.workspace.applyEdit(edit));
    const found = await eventually('problems while typing', () => {
      const codes = problemsOf(SEX).map(codeOf);
      return codes.includes('crosswalk-bad-date') && codes.includes('crosswalk-ambiguous-code')
        ? problemsOf(SEX)
        : undefined;
    });
    const date = found.find((problem) => codeOf(problem) === 'crosswalk-bad-date');
    assert.equal(date === undefined ? '' : document.getText(date.range), '2021-02-30');
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await eventually('no problem left', () =>
      problemsOf(SEX).some((problem) => codeOf(problem) === 'crosswalk-bad-date') ? undefined : true,
    );
  });

  it('a line that is approved in the grid is on record; one that is set to APPROVED as text is told at its cell', async function () {
    if (!canType) this.skip();
    const settings = vscode.workspace.getConfiguration('pasMigration');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.commands.executeCommand('pasMigration.openCrosswalk', 'sex');
    const document = await vscode.workspace.openTextDocument(file(SEX));
    const set = async (status: string): Promise<void> => {
      const [found, lead = ''] = /(\nF,2,[^\r\n]*,)[A-Z_]+/.exec(document.getText()) ?? [];
      assert.ok(found !== undefined);
      const at = document.getText().indexOf(found) + lead.length;
      const range = new vscode.Range(document.positionAt(at), document.positionAt(at + found.length - lead.length));
      const edit = new vscode.WorkspaceEdit();
      edit.replace(document.uri, range, status);
      assert.ok(await vscode.workspace.applyEdit(edit));
      assert.ok(await document.save());
    };
    const told = (): vscode.Diagnostic | undefined =>
      problemsOf(SEX).find((problem) => codeOf(problem) === 'crosswalk-approved-without-review');
    try {
      await settings.update('reviewer', 'Amir Qureshi', vscode.ConfigurationTarget.Workspace);
      await set('IN_REVIEW');
      await inPage(
        { wait: 'Lines 1–' },
        { check: 'Select F' },
        { choose: 'New value', value: 'APPROVED' },
        { press: 'Preview change…' },
        { press: 'Change 1 line' },
        { wait: '1 line changed.' },
      );
      assert.match(document.getText(), /\nF,2,[^\r\n]*,APPROVED/);
      assert.ok(await document.save());
      const review = await eventually('the review in the audit log', async () =>
        (await readFile(file(AUDIT).fsPath, 'utf8')).split('\n').find((line) => line.includes('"crosswalk-reviewed"')),
      );
      const { who, details } = JSON.parse(review) as { who: string; details: Record<string, unknown> };
      assert.deepEqual(
        [who, details['crosswalk'], details['decision'], details['rows']],
        ['Amir Qureshi', 'sex', 'APPROVED', [{ source_code: 'F', valid_from: '' }]],
      );
      await set('DRAFT');
      await set('APPROVED');
      const problem = await eventually('the problem', told);
      assert.equal(document.getText(problem.range), 'APPROVED');
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        document.uri,
        problem.range,
      );
      const fix = actions.find(({ title }) => title === 'Set to DRAFT for a new review');
      assert.ok(fix?.edit !== undefined);
      assert.ok(await vscode.workspace.applyEdit(fix.edit));
      assert.match(document.getText(), /\nF,2,[^\r\n]*,DRAFT/);
      await eventually('no problem', () => (told() === undefined ? true : undefined));
    } finally {
      await settings.update('reviewer', undefined, vscode.ConfigurationTarget.Workspace);
      await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    }
  });

  it('opens from the Design view and from a text editor', async () => {
    for (const given of [{ crosswalk: 'religion' }, file('schemas/crosswalks/religion.csv')]) {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await vscode.commands.executeCommand('pasMigration.openCrosswalk', given);
      await eventually('the grid', () => {
        const { input } = vscode.window.tabGroups.activeTabGroup.activeTab ?? {};
        return input instanceof vscode.TabInputCustom && input.uri.path.endsWith('religion.csv') ? input : undefined;
      });
    }
  });
});
