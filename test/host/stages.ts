import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import { STAGE_COMMANDS } from '../../src/extension/stageTable.ts';
import { hashes } from './hashes.ts';
import { api, EXTENSION, eventually, root } from './support.ts';

const OPTIONS: Readonly<Record<string, Record<string, unknown>>> = {
  'generate-mock-data': { rows: 20, seed: 42 },
  'run-contract-migration': { impute_mode: 'off' },
  'run-enterprise-pipeline': { min_patients: 20 },
  'run-release-gates': { profile: 'pre_production' },
};

describe('stages run by command', () => {
  it('§12.1 with the same seed and cohort write the same bytes as the terminal', async () => {
    await api();
    const folder = await mkdtemp(join(tmpdir(), 'pas-cli-'));
    try {
      await cp(root(), folder, { recursive: true });
      for (const part of ['mock_data', '.pas-migration'])
        await rm(join(folder, part), { recursive: true, force: true });
      const cli = join(vscode.extensions.getExtension(EXTENSION)?.extensionPath ?? '', 'dist/cli.js');
      for (const { id } of STAGE_COMMANDS) {
        const options = Object.entries(OPTIONS[id] ?? {}).flatMap(([name, value]) => [
          `--${name.replaceAll('_', '-')}`,
          String(value),
        ]);
        await promisify(execFile)(process.execPath, [cli, id, '--project', folder, ...options], {
          env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
        });
      }
      const [editor, terminal] = [await hashes(root()), await hashes(folder)];
      assert.ok(editor.size > 100, `${editor.size} files`);
      assert.deepEqual(editor, terminal);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('a run can be cancelled, leaves its last outputs whole, and the project free', async () => {
    const pas = await api();
    const before = await hashes(root());
    const abort = new AbortController();
    const started = new Promise<void>((resolve) => {
      const subscription = pas.onEvent(({ event }) => {
        if (event.type !== 'progress') return;
        subscription.dispose();
        resolve();
      });
    });
    const running = pas.runStage('generate-mock-data', { rows: 200_000, seed: 7 }, abort.signal);
    await started;
    const second = await pas.runStage('extract-specs', {});
    assert.match(second.error ?? '', /run is going on in this project/);
    abort.abort();
    assert.equal((await running).status, 'cancelled');
    assert.deepEqual(await hashes(root()), before);
    assert.equal((await pas.runStage('extract-specs', {})).status, 'passed');
  });

  it('a run of the terminal is seen, and a second one refused with its name', async () => {
    const pas = await api();
    const before = await hashes(root());
    const cli = join(vscode.extensions.getExtension(EXTENSION)?.extensionPath ?? '', 'dist/cli.js');
    const terminal = execFile(process.execPath, [cli, 'generate-mock-data', '--project', root(), '--rows', '200000'], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    });
    const ended = new Promise<number | null>((resolve) => terminal.once('exit', resolve));
    try {
      await eventually('the other run', async () => {
        await vscode.commands.executeCommand('pasMigration.refresh');
        return (await pas.readState())?.busy === 'generate-mock-data' ? true : undefined;
      });
      // Without asking: the files of the other run are watched.
      await eventually('its progress', async () => (await pas.readState())?.progress?.stage);
      assert.match(
        (await pas.runStage('extract-specs', {})).error ?? '',
        /generate-mock-data is running in this project/,
      );
    } finally {
      terminal.kill('SIGINT');
    }
    assert.equal(await ended, 130);
    assert.deepEqual(await hashes(root()), before);
  });

  it('refuse a wrong option and an unknown stage in one sentence', async () => {
    const pas = await api();
    assert.match((await pas.runStage('generate-mock-data', { rows: 0 })).error ?? '', /--rows/);
    assert.match((await pas.runStage('make-tea', {})).error ?? '', /no stage make-tea/);
  });

  it('run as tasks with their exit code', async () => {
    const tasks = await vscode.tasks.fetchTasks({ type: 'pasMigration' });
    assert.equal(tasks.length, STAGE_COMMANDS.length + 1);
    const task = tasks.find((found) => found.definition['command'] === 'extract-specs');
    assert.ok(task !== undefined);
    const ended = new Promise<number | undefined>((resolve) => {
      const subscription = vscode.tasks.onDidEndTaskProcess((event) => {
        subscription.dispose();
        resolve(event.exitCode);
      });
    });
    await vscode.tasks.executeTask(task);
    assert.equal(await ended, 0);
  });
});
