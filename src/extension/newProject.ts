import { cp, mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import SAMPLE from './sampleFiles.json';

/** Copies the sample project into an empty folder and opens it. Gives the folder, or null when the user stepped back. */
export async function newProject(extension: vscode.Uri, given?: string): Promise<string | null> {
  const folder = given ?? (await chooseFolder());
  if (folder === undefined) return null;
  try {
    await mkdir(folder, { recursive: true });
    const there = (await readdir(folder)).filter((name) => !name.startsWith('.'));
    if (there.length > 0) {
      void vscode.window.showErrorMessage(
        `${folder} is not empty. Choose an empty folder, so that nothing of yours is overwritten.`,
      );
      return null;
    }
    for (const path of SAMPLE) {
      const to = join(folder, path);
      await mkdir(dirname(to), { recursive: true });
      await cp(join(extension.fsPath, path), to, { recursive: true, errorOnExist: true, force: false });
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    void vscode.window.showErrorMessage(
      `The sample project could not be written to ${folder} (${code}). Check that you may write there.`,
    );
    return null;
  }
  const isOpen = vscode.workspace.workspaceFolders?.some((open) => open.uri.fsPath === folder) === true;
  if (!isOpen && given === undefined)
    await vscode.commands.executeCommand('vscode.openFolder', vscode.Uri.file(folder));
  return folder;
}

async function chooseFolder(): Promise<string | undefined> {
  const open = vscode.workspace.workspaceFolders?.[0];
  if (open !== undefined && (await isEmpty(open.uri.fsPath))) return open.uri.fsPath;
  const chosen = await vscode.window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    openLabel: 'Create the sample project here',
    title: 'Empty folder for the new migration project',
  });
  return chosen?.[0]?.fsPath;
}

async function isEmpty(folder: string): Promise<boolean> {
  return readdir(folder).then(
    (names) => names.every((name) => name.startsWith('.')),
    () => false,
  );
}
