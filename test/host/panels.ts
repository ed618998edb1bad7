import assert from 'node:assert/strict';
import * as vscode from 'vscode';

const PANELS = ['Dashboard', 'Lifecycle', 'Runs', 'Users', 'Erd'];

describe('panels of a project', () => {
  after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  for (const name of PANELS)
    it(`${name} shows its content, and is opened once`, async () => {
      const open = () => vscode.commands.executeCommand<number | null>(`pasMigration.open${name}`);
      const first = await open();
      assert.ok(first !== null, `${name} showed nothing`);
      await open();
      const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
      const own = tabs.filter(
        ({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith(name.toLowerCase()),
      );
      assert.equal(own.length, 1);
      await vscode.window.tabGroups.close(own);
      // A second time nothing of the browser's is cold.
      const again = await open();
      process.stdout.write(
        `      ${name}: first content after ${Math.round(first)} ms, again after ${Math.round(again ?? 0)} ms\n`,
      );
    });
});
