import { dirname, relative } from 'node:path';
import * as vscode from 'vscode';
import { ARTEFACTS } from '../core/project/layout.ts';

/** What a project's views and most of its panels are made from. */
const WATCHED = '{connectors.json,requirement_spec/**,schemas/**,reports/**,governance/**,.pas-migration/**}';

/**
 * Watches the files of a project. Scratch files and kept contents of snapshots are not told.
 *
 * @param changed a file of the project changed
 * @param progressed the run that has the project started, went on or ended
 * @param watched the files, as a pattern below the project's folder
 */
export function watchProject(
  root: string,
  changed: () => void,
  progressed: () => void,
  watched = WATCHED,
): vscode.Disposable {
  const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(root, watched));
  const told = (uri: vscode.Uri): void => {
    // Scratch files, but not every file of a project that itself lies below a folder named tmp.
    const inside = relative(root, uri.fsPath);
    if (/\.tmp(-|$)|[\\/]tmp[\\/]|snapshots[\\/]contents/.test(inside)) return;
    // A run of another window tells how far it is twice a second: only that line is read again.
    if (uri.path.endsWith(ARTEFACTS.progress) || uri.path.endsWith(ARTEFACTS.lock)) progressed();
    else changed();
  };
  // The folder itself may be renamed, deleted or put back; of that a watcher within it hears nothing.
  const around = vscode.workspace.createFileSystemWatcher(
    new vscode.RelativePattern(vscode.Uri.file(dirname(root)), '*'),
    false,
    true,
    false,
  );
  const goneOrBack = (uri: vscode.Uri): void => {
    if (relative(root, uri.fsPath) === '') changed();
  };
  return vscode.Disposable.from(
    around,
    around.onDidCreate(goneOrBack),
    around.onDidDelete(goneOrBack),
    watcher,
    watcher.onDidChange(told),
    watcher.onDidCreate(told),
    watcher.onDidDelete(told),
  );
}
