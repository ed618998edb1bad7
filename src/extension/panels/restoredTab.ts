import * as vscode from 'vscode';

/** VS Code's commands that move to a group of editors, by its column. */
const FOCUS_GROUP = ['First', 'Second', 'Third', 'Fourth', 'Fifth', 'Sixth', 'Seventh', 'Eighth'];

/**
 * Looks at the tab of a panel that came back with the window but was not looked at yet. VS Code gives such a panel to its
 * extension only then; until that happens its tab is all there is of it.
 *
 * @param type of the panel
 * @param titles that its tab may have
 * @returns false when there is no such tab
 */
export async function lookAtTab(type: string, titles: readonly string[]): Promise<boolean> {
  for (const group of vscode.window.tabGroups.all) {
    const index = group.tabs.findIndex(
      ({ input, label }) =>
        input instanceof vscode.TabInputWebview && input.viewType.endsWith(`-${type}`) && titles.includes(label),
    );
    if (index < 0) continue;
    const focus = FOCUS_GROUP[group.viewColumn - 1];
    if (!group.isActive && focus !== undefined)
      await vscode.commands.executeCommand(`workbench.action.focus${focus}EditorGroup`);
    await vscode.commands.executeCommand('workbench.action.openEditorAtIndex', index);
    return true;
  }
  return false;
}
