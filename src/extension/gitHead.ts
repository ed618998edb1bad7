import { join } from 'node:path';
import * as vscode from 'vscode';

/** The part of the built-in Git extension's interface that is used here. */
interface GitExtension {
  getAPI(version: 1): GitApi;
}
interface GitApi {
  getRepository(uri: vscode.Uri): { show(ref: string, path: string): Promise<string> } | null;
}

/**
 * Files of a project as the last commit has them; null when the first is in no repository or not committed, or Git is not
 * there.
 */
export async function headOfGit(root: string, paths: readonly string[]): Promise<(string | null)[] | null> {
  const extension = vscode.extensions.getExtension<GitExtension>('vscode.git');
  if (extension === undefined) return null;
  try {
    const api = (await extension.activate()).getAPI(1);
    const repository = api.getRepository(vscode.Uri.file(root));
    if (repository === null) return null;
    const texts = await Promise.all(paths.map((path) => repository.show('HEAD', join(root, path)).catch(() => null)));
    return texts[0] === null ? null : texts;
  } catch {
    // Git is switched off, or has no program to run.
    return null;
  }
}
