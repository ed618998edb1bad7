import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { STAGES } from '../../src/core/lifecycle/stages.ts';
import { LIFECYCLE_COMMAND, STAGE_COMMANDS } from '../../src/extension/stageTable.ts';
import { api, EXTENSION, root } from './support.ts';

describe('the extension starts', () => {
  it('quickly, and without the database', async () => {
    const started = performance.now();
    await api();
    const milliseconds = performance.now() - started;
    console.log(`    activation, with the editor's own work: ${milliseconds.toFixed(0)} ms (aim: below 50)`);
    const loaded = Object.keys(require.cache).filter((path) => path.includes('duckdb'));
    assert.deepEqual(loaded, []);
  });

  it('finds the project in a folder with blanks and letters beyond ASCII', async () => {
    assert.deepEqual((await api()).projects, [root()]);
  });

  it('offers a command for every stage of the core, with its options', async () => {
    assert.deepEqual(
      STAGE_COMMANDS.map(({ id }) => id),
      STAGES.map(({ id }) => id),
    );
    for (const { id, asks } of STAGE_COMMANDS) {
      const options = Object.keys(STAGES.find((stage) => stage.id === id)?.options.shape ?? {});
      for (const name of asks) assert.ok(options.includes(name), `${id} has no option ${name}`);
    }
    const commands = await vscode.commands.getCommands(true);
    for (const { command } of [...STAGE_COMMANDS, LIFECYCLE_COMMAND]) assert.ok(commands.includes(command), command);
  });

  it('registers every command that its manifest names', async () => {
    const manifest = vscode.extensions.getExtension(EXTENSION)?.packageJSON as {
      contributes: { commands: { command: string }[] };
    };
    const commands = await vscode.commands.getCommands(true);
    for (const { command } of manifest.contributes.commands) assert.ok(commands.includes(command), command);
  });
});
