import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { api, eventually, file, root } from './support.ts';

/** Takes a file or folder away for a while. */
async function without(path: string, work: () => Promise<void>): Promise<void> {
  const away = `${root()}-away`;
  const at = path === '' ? root() : file(path).fsPath;
  await rename(at, away);
  try {
    await work();
  } finally {
    await rename(away, at);
  }
}

describe('trouble', () => {
  it('a folder of the project that is missing is named, and the views still answer', async () => {
    const pas = await api();
    await without('requirement_spec', async () => {
      assert.match((await pas.runStage('extract-specs', {})).error ?? '', /requirement_spec\/source/);
    });
    await without('schemas/crosswalks', async () => {
      assert.match((await pas.runStage('run-contract-migration', {})).error ?? '', /schemas\/crosswalks/);
      assert.ok((await pas.readState()) !== null);
    });
    assert.equal((await pas.runStage('run-contract-migration', { impute_mode: 'off' })).status, 'passed');
  });

  it('a project folder that is gone is not made anew, and is no project in which nothing was run', async () => {
    const pas = await api();
    await without('', async () => {
      assert.match((await pas.runStage('extract-specs', {})).error ?? '', /project folder is not there/);
      assert.equal(existsSync(root()), false);
      // The watcher of the folder tells; a project in which nothing was run yet would have a state.
      await eventually('that the views know it', async () => ((await pas.readState()) === null ? true : undefined));
      const shown = await vscode.commands.executeCommand<number | null>('pasMigration.openDashboard');
      assert.ok(shown !== null, 'the dashboard says nothing');
    });
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await eventually('the state again', async () => ((await pas.readState())?.contract.length ? true : undefined));
    assert.equal((await pas.runStage('extract-specs', {})).status, 'passed');
  });

  it('a folder that cannot be written is told in a sentence, and nothing is left', async () => {
    const pas = await api();
    const state = file('.pas-migration').fsPath;
    const kept = `${state}-kept`;
    await rename(state, kept);
    try {
      // In the way of the folder: also the administrator, whom no permission stops, cannot write there.
      await writeFile(state, 'not a folder');
      assert.match((await pas.runStage('extract-specs', {})).error ?? '', /check that you may write/);
      await rm(state);
      if (process.getuid?.() !== 0) {
        await chmod(root(), 0o555);
        assert.match((await pas.runStage('extract-specs', {})).error ?? '', /check that you may write/);
        assert.equal(existsSync(state), false);
      }
    } finally {
      await chmod(root(), 0o755);
      await rm(state, { force: true, recursive: true });
      await rename(kept, state);
    }
    assert.equal((await pas.runStage('extract-specs', {})).status, 'passed');
  });

  it('a new project is not begun where nothing can be written, nor over files of yours', async () => {
    await api();
    const made = (folder: string) => vscode.commands.executeCommand<string | null>('pasMigration.newProject', folder);
    if (process.platform === 'linux') assert.equal(await made('/sys/pas-project'), null);
    assert.equal(await made(root()), null);
    const folder = join(root(), '..', 'neues Projekt ü');
    assert.equal(await made(folder), folder);
    assert.ok(existsSync(join(folder, 'reports/mapping_contract.csv')));
  });
});
