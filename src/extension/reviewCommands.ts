import * as vscode from 'vscode';
import { chooseProject } from './commands.ts';
import { reviewer } from './panels/contractEditor.ts';
import type { Projects } from './projects.ts';
import type { Runner } from './runner.ts';

/** Commands around the review of the contract: lock it for a release candidate, verify the audit log. */
export function registerReviewCommands(projects: Projects, runner: Runner): vscode.Disposable {
  const run = async (id: string, title: string, options: Record<string, unknown>): Promise<void> => {
    const root = await chooseProject(projects);
    if (root === null) return;
    const answer = await runner.run(root, id, title, options);
    if (answer.error !== null) void vscode.window.showErrorMessage(answer.error);
    else if (answer.status === 'passed') void vscode.window.showInformationMessage(answer.text.join(' '));
    else void vscode.window.showWarningMessage(answer.text.join(' '));
  };
  return vscode.Disposable.from(
    vscode.commands.registerCommand('pasMigration.lockContract', async (given?: unknown) => {
      const name =
        typeof given === 'string'
          ? given
          : await vscode.window.showInputBox({
              title: 'Lock Contract',
              prompt: `Name of the release candidate. The lock is ${reviewer()}’s; any later change of the contract voids it.`,
              placeHolder: 'release candidate 1',
              validateInput: (text) => (text.trim() === '' ? 'A lock needs a name.' : null),
            });
      if (name !== undefined) await run('contract lock', 'Lock Contract', { name });
    }),
    vscode.commands.registerCommand('pasMigration.verifyAudit', () => run('audit verify', 'Verify Audit Log', {})),
  );
}
