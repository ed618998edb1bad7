import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { api, codeOf, eventually, file, problemsOf } from './support.ts';

const CONTRACT = 'reports/mapping_contract.csv';

/** Replaces the class of one contract row in the open editor and gives its line. */
async function edit(document: vscode.TextDocument, row: string, change: (line: string) => string): Promise<number> {
  const line = document
    .getText()
    .split('\n')
    .findIndex((text) => text.startsWith(`${row},`));
  assert.ok(line > 0, row);
  const replacing = new vscode.WorkspaceEdit();
  replacing.replace(document.uri, document.lineAt(line).range, change(document.lineAt(line).text));
  assert.ok(await vscode.workspace.applyEdit(replacing));
  return line;
}

async function revert(document: vscode.TextDocument): Promise<void> {
  await vscode.window.showTextDocument(document);
  await vscode.commands.executeCommand('workbench.action.files.revert');
  await noProblem();
}

/** Waits until the contract has no problem; tells the one that stays. */
async function noProblem(): Promise<void> {
  try {
    await eventually('a clean contract', () => (problemsOf(CONTRACT).length === 0 ? true : undefined), 30);
  } catch (error) {
    const open = vscode.workspace.textDocuments.filter((document) => document.uri.fsPath === file(CONTRACT).fsPath);
    console.log(
      `    still: ${problemsOf(CONTRACT)[0]?.message}; open and dirty: ${open.map((document) => document.isDirty)}`,
    );
    throw error;
  }
}

async function fixes(document: vscode.TextDocument, range: vscode.Range): Promise<vscode.CodeAction[]> {
  const found = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    document.uri,
    range,
  );
  return found.filter((action) => action.kind?.contains(vscode.CodeActionKind.QuickFix) === true);
}

describe('problems', () => {
  it('a reviewed contract has none', async () => {
    await api();
    await eventually('no problem', () => (problemsOf(CONTRACT).length === 0 ? true : undefined));
  });

  it('a rule with an unknown column shows at its cell while typing, and goes when mended', async () => {
    const document = await vscode.workspace.openTextDocument(file(CONTRACT));
    const line = await edit(document, 'LOAD_PATIENT,NHS_NUMBER', (text) =>
      text.replace('nhs_number(NHS_NO)', 'nhs_number(NHS_NUMMER)'),
    );
    const [problem] = await eventually('the problem', () =>
      problemsOf(CONTRACT).length > 0 ? problemsOf(CONTRACT) : undefined,
    );
    assert.ok(problem !== undefined);
    assert.match(problem.message, /NHS_NUMMER/);
    assert.equal(problem.range.start.line, line);
    assert.equal(document.getText(problem.range), 'nhs_number(NHS_NUMMER)');
    await revert(document);
  });

  it('§9.2 an unresolved mandatory row offers the candidates, and the first one resolves it', async () => {
    const document = await vscode.workspace.openTextDocument(file(CONTRACT));
    const line = await edit(document, 'LOAD_PATIENT,SURNAME', (text) =>
      text.replace(',direct,PATMAST,SNM,', ',unresolved,,,'),
    );
    const problem = await eventually('the problem', () =>
      problemsOf(CONTRACT).find((found) => codeOf(found) === 'contract-unresolved-mandatory'),
    );
    assert.equal(problem.severity, vscode.DiagnosticSeverity.Error);
    const actions = await fixes(document, problem.range);
    assert.match(actions[0]?.title ?? '', /^Map to PATMAST\.SNM/);
    assert.ok(actions.some((action) => action.title.startsWith('Mark out of scope')));
    const wanted = actions[0]?.edit;
    assert.ok(wanted !== undefined && (await vscode.workspace.applyEdit(wanted)));
    assert.match(document.lineAt(line).text, /,direct,PATMAST,SNM,/);
    await eventually('no problem', () =>
      problemsOf(CONTRACT).every((found) => codeOf(found) !== 'contract-unresolved-mandatory') ? true : undefined,
    );
    await revert(document);
  });

  it('a row ruled out keeps its reason in the notes', async () => {
    const document = await vscode.workspace.openTextDocument(file(CONTRACT));
    const line = document
      .getText()
      .split('\n')
      .findIndex((text) => text.startsWith('LOAD_PATIENT,TITLE,'));
    const was = document.lineAt(line).text;
    await vscode.commands.executeCommand(
      'pasMigration.markOutOfScope',
      document.uri,
      line,
      'Titles, old and new, are asked again',
    );
    assert.match(document.lineAt(line).text, /,out_of_scope,.*"Titles, old and new, are asked again"/);
    const cellsBefore = was.split(',');
    assert.ok(document.lineAt(line).text.startsWith(cellsBefore.slice(0, 4).join(',')), 'untouched cells changed');
    await revert(document);
  });

  it('a code that a crosswalk does not know shows at the crosswalk, and can be added as a draft', async () => {
    const pas = await api();
    const crosswalk = 'schemas/crosswalks/sex.csv';
    const name =
      (await readFile(file(crosswalk).fsPath, 'utf8').catch(() => '')) === '' ? await firstCrosswalk() : crosswalk;
    const before = await readFile(file(name).fsPath, 'utf8');
    const kept = before.split('\n');
    // Every code but the blank one goes: the data hold at least one of them.
    await writeFile(
      file(name).fsPath,
      `${[kept[0], ...kept.slice(1).filter((text) => text.startsWith(','))].join('\n')}\n`,
    );
    try {
      assert.notEqual((await pas.runStage('run-contract-migration', { impute_mode: 'off' })).status, 'error');
      const problem = await eventually('the gap', () =>
        problemsOf(name).find((found) => codeOf(found) === 'crosswalk-gap'),
      );
      assert.match(problem.message, /\d+ codes? of the last run (is|are) not in this crosswalk: \d+ rejects?/);
      const document = await vscode.workspace.openTextDocument(file(name));
      const actions = await fixes(document, problem.range);
      const open = actions.find((action) => action.title.startsWith('Open the first reject'))?.command;
      assert.ok(open !== undefined);
      await vscode.commands.executeCommand(open.command, ...(open.arguments ?? []));
      const rejects = await eventually('the reject', () => vscode.window.activeTextEditor?.document);
      assert.match(rejects.lineAt(vscode.window.activeTextEditor?.selection.start.line ?? 0).text, /,UNKNOWN_CODE/);
      assert.ok(problemsOf(CONTRACT).some((found) => codeOf(found) === 'contract-rejects'));
      const wanted = actions.find((action) => action.title.startsWith('Add '))?.edit;
      assert.ok(wanted !== undefined && (await vscode.workspace.applyEdit(wanted)));
      assert.match(document.getText(), /,DRAFT\n/);
      await vscode.window.showTextDocument(document);
      await vscode.commands.executeCommand('workbench.action.files.revert');
    } finally {
      await writeFile(file(name).fsPath, before);
      assert.equal((await pas.runStage('run-contract-migration', { impute_mode: 'off' })).status, 'passed');
      await eventually('no gap', () => (problemsOf(name).length === 0 ? true : undefined));
    }
  });

  it('a crosswalk that the contract names and nobody wrote is begun from the source data', async () => {
    const document = await vscode.workspace.openTextDocument(file(CONTRACT));
    await edit(document, 'LOAD_PATIENT,STATED_GENDER', (text) => text.replace(',sex,', ',new_sex,'));
    const problem = await eventually('the problem', () =>
      problemsOf(CONTRACT).find((found) => codeOf(found) === 'contract-unknown-crosswalk'),
    );
    const action = (await fixes(document, problem.range)).find((found) => found.title.startsWith('Create crosswalk'));
    assert.match(action?.title ?? '', /^Create crosswalk new_sex with \d+ source codes as DRAFT lines$/);
    const { command } = action ?? {};
    assert.ok(command !== undefined);
    await vscode.commands.executeCommand(command.command, ...(command.arguments ?? []));
    assert.ok(document.isDirty, 'the contract was saved without being asked');
    const made = file('schemas/crosswalks/new_sex.csv');
    assert.match(await readFile(made.fsPath, 'utf8'), /^source_code,target_code,.*\n(.*,DRAFT\n)+$/);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await rm(made.fsPath);
    await revert(document);
  });

  it('§9.1 a gate that fails shows at the profile, and clears when it passes again', async () => {
    const pas = await api();
    assert.equal((await pas.runStage('run-release-gates', { profile: 'cutover_ready' })).status, 'failed');
    const gates = () => problemsOf('schemas/release_gate_profiles.json');
    const problem = await eventually('the failed gate', () =>
      gates().find((found) => found.severity === vscode.DiagnosticSeverity.Error),
    );
    assert.match(problem.message, /^Gate \w+ of cutover_ready fails: /);
    const document = await vscode.workspace.openTextDocument(file('schemas/release_gate_profiles.json'));
    const evidence = (await fixes(document, problem.range)).filter((action) =>
      action.title.startsWith('Open evidence'),
    );
    assert.match(evidence[0]?.title ?? '', /release_gate_report\.json, line \d+$/);
    assert.equal((await pas.runStage('run-enterprise-pipeline', { min_patients: 20 })).status, 'passed');
    assert.equal((await pas.runStage('run-release-gates', { profile: 'pre_production' })).status, 'passed');
    await eventually('no gate problem', () => (gates().length === 0 ? true : undefined));
  });

  it('a contract that is no CSV any more is told, and nothing breaks', async () => {
    const before = await readFile(file(CONTRACT).fsPath);
    try {
      await writeFile(file(CONTRACT).fsPath, 'this is "no contract');
      await eventually('a problem', () => (problemsOf(CONTRACT).length > 0 ? true : undefined));
    } finally {
      await writeFile(file(CONTRACT).fsPath, before);
      await noProblem();
    }
  });
});

async function firstCrosswalk(): Promise<string> {
  const [found] = await vscode.workspace.findFiles('schemas/crosswalks/*sex*.csv', undefined, 1);
  assert.ok(found !== undefined);
  return vscode.workspace.asRelativePath(found, false);
}
