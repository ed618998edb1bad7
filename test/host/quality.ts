import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { api, eventually } from './support.ts';

describe('Quality panel', () => {
  before(api);

  const open = (given?: object): Thenable<number | null> =>
    vscode.commands.executeCommand('pasMigration.openQuality', given);
  const shown = (): boolean =>
    vscode.window.tabGroups.all.some((group) => group.tabs.some((tab) => tab.label === 'Quality'));

  it('shows its first content, and the same panel again at the issues of a rule', async () => {
    const first = await open();
    assert.ok(first !== null, 'the page never said that it shows something');
    await eventually('its tab', () => (shown() ? true : undefined));
    const again = await open({ rule: 'CMP-01' });
    assert.equal(again, first);
    assert.equal(await open({ rules: { statuses: ['failed'], domain: null } }), first);
    assert.equal(await open({ rule: ['CMP-01', 'CMP-02'], grouping: 'rule_id' }), first);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const warm = await open();
    assert.ok(warm !== null);
    console.log(`      Quality is ready after ${Math.round(first)} ms, ${Math.round(warm)} ms when it was open before`);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('takes what is no filter for none', async () => {
    for (const given of ['text', 5, { rule: 7 }, { rules: 'all' }, { nonsense: 'x' }, null])
      assert.ok((await vscode.commands.executeCommand('pasMigration.openQuality', given)) !== null);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    assert.ok(!shown());
  });
});
