import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { api, codeOf, eventually, file, problemsOf, root } from './support.ts';

const run = <T>(command: string, ...given: unknown[]): Thenable<T> =>
  vscode.commands.executeCommand<T>(`pasMigration.${command}`, ...given);

interface Answer {
  readonly status: string;
  readonly error: string | null;
  readonly text: readonly string[];
}

const FORM = { name: 'legacy', type: 'csv', options: { path: 'mock_data/source' }, secrets: {}, use: 'source' };

describe('connectors', () => {
  after(async () => {
    for (const path of ['connectors.json', 'epr', 'torn'])
      await vscode.workspace.fs.delete(file(path), { recursive: true }).then(undefined, () => undefined);
  });

  it('are configured and shown in Ops; a secret goes into no file', async () => {
    const answer = await run<Answer>('configureConnector', FORM);
    assert.equal(answer.error, null);
    const secret = 'host-test-S3cret';
    const kept = {
      name: 'later',
      type: 'jdbc',
      options: { url: 'jdbc:iris://h:1972/P' },
      secrets: { password: secret },
      use: null,
    };
    assert.equal((await run<Answer>('configureConnector', kept)).error, null);
    const refused = await run<Answer>('configureConnector', { ...kept, options: { password: secret }, secrets: {} });
    assert.match(refused.error ?? '', /password is a secret and is not written/);
    const state = await eventually('the connections', async () => {
      const now = await (await api()).readState();
      return now?.connectors.connections.length === 2 ? now : undefined;
    });
    assert.equal(state.connectors.source, 'legacy');
    const files = await vscode.workspace.findFiles(
      new vscode.RelativePattern(root(), '**/*.{json,jsonl,csv}'),
      null,
      500,
    );
    for (const found of [...files, file('.pas-migration/runs.jsonl'), file('governance/audit.jsonl')]) {
      const text = await readFile(found.fsPath, 'utf8').catch(() => '');
      assert.ok(!text.includes(secret), found.fsPath);
    }
  });

  it('a secret in connectors.json is a problem at its line while it is typed', async () => {
    const uri = file('connectors.json');
    const before = await readFile(uri.fsPath, 'utf8');
    const document = await vscode.workspace.openTextDocument(uri);
    const edit = new vscode.WorkspaceEdit();
    const at = document.positionAt(before.indexOf('"path"'));
    edit.insert(uri, at, '"password": "x", ');
    assert.ok(await vscode.workspace.applyEdit(edit));
    const found = await eventually('the problem', () =>
      problemsOf('connectors.json').find((problem) => codeOf(problem) === 'connectors-secret-in-file'),
    );
    assert.equal(found.range.start.line, at.line);
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    assert.equal(await readFile(uri.fsPath, 'utf8'), before);
  });

  it('are tested', async () => {
    const good = await run<{ ok: boolean; message: string }>('testConnector', 'legacy');
    assert.equal(good.ok, true);
    assert.match(good.message, /36 tables are in mock_data\/source/);
    const none = await run<{ ok: boolean; message: string }>('testConnector', 'later');
    assert.equal(none.ok, false);
    assert.match(none.message, /A driver for iris would be needed/);
  });

  it('discover a schema and write it as the catalog only when told to', async () => {
    const catalog = 'schemas/source_schema_catalog.csv';
    const summary = 'schemas/schema_catalog_summary.json';
    const [before, summed] = await Promise.all([catalog, summary].map((path) => readFile(file(path).fsPath, 'utf8')));
    await run('createSnapshot', 'before discovery');
    const answer = await run<Answer>('discoverConnector', 'legacy', true);
    assert.equal(answer.error, null);
    const written = await readFile(file(catalog).fsPath, 'utf8');
    assert.match(written, /connector legacy, mock_data\/source\/PATMAST\.csv, column 1/);
    const { source } = JSON.parse(await readFile(file(summary).fsPath, 'utf8'));
    assert.deepEqual([source.tables, source.files[0].path], [36, 'connectors.json']);
    await vscode.workspace.fs.writeFile(file(catalog), Buffer.from(before ?? ''));
    await vscode.workspace.fs.writeFile(file(summary), Buffer.from(summed ?? ''));
  });

  it('with a bad file say which, and offer the other tables; nothing is written that would lack one', async () => {
    await vscode.workspace.fs.writeFile(file('torn/PATMAST.csv'), Buffer.from('PAT_NO,SNM\n1,Ann\n'));
    await vscode.workspace.fs.writeFile(file('torn/WARD.csv.gz'), Buffer.from('no gzip'));
    const torn = { name: 'torn', type: 'csv', options: { path: 'torn' }, secrets: {}, use: null };
    assert.equal((await run<Answer>('configureConnector', torn)).error, null);
    const test = await run<{ ok: boolean; message: string }>('testConnector', 'torn');
    assert.equal(test.ok, false);
    assert.match(
      test.message,
      /1 of 2 tables in torn can be read\. torn\/WARD\.csv\.gz: The file is no sound gzip file/,
    );
    const catalog = 'schemas/source_schema_catalog.csv';
    const before = await readFile(file(catalog).fsPath, 'utf8');
    const answer = await run<Answer>('discoverConnector', 'torn', true);
    assert.deepEqual([answer.error, answer.status], [null, 'failed']);
    assert.match(answer.text[0] ?? '', /torn\/WARD\.csv\.gz/);
    assert.equal(await readFile(file(catalog).fsPath, 'utf8'), before);
    assert.equal(await run<boolean>('previewConnector', 'torn', 'PATMAST'), true);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });

  it('preview rows in a read-only document that is no file', async () => {
    assert.equal(await run<boolean>('previewConnector', 'legacy', 'PATMAST'), true);
    const { document } = await eventually('the preview', () =>
      vscode.window.activeTextEditor?.document.uri.scheme === 'pas-migration-preview'
        ? vscode.window.activeTextEditor
        : undefined,
    );
    assert.match(document.getText(), /rows of PATMAST by legacy.* not saved anywhere/);
    assert.match(document.getText(), /PAT_NO +NHS_NO/);
    assert.ok(document.lineCount <= 55);
    assert.equal(vscode.workspace.fs.isWritableFileSystem('pas-migration-preview'), undefined);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });

  it('load and reconcile', async () => {
    const form = { name: 'epr', type: 'csv', options: { path: 'epr' }, secrets: {}, use: 'target' };
    assert.equal((await run<Answer>('configureConnector', form)).error, null);
    assert.equal(
      (await (await api()).runStage('run-contract-migration', { impute_mode: 'pre_production' })).status,
      'passed',
    );
    assert.equal((await run<Answer>('loadTarget', 'epr')).status, 'passed');
    const answer = await run<Answer>('reconcileTarget', 'epr');
    assert.equal(answer.status, 'passed', `${answer.error} ${answer.text.join(' ')}`);
  });

  it('are shown in their panel', async () => {
    const shown = await run<number | null>('openConnectors');
    assert.ok(shown !== null, 'the panel showed nothing');
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });
});
