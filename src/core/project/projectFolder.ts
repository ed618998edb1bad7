import { stat } from 'node:fs/promises';
import { UserError } from '../shared/errors.ts';
import type { Project } from './layout.ts';

/** The sentence for a project whose folder was renamed, moved, deleted or unmounted. */
export function folderGone(root: string): string {
  return `${root}: the project folder is not there; open it where it is now, or restore it.`;
}

/**
 * Makes sure that there is a folder to look into: without it every file is missing, and the project would pass for one
 * in which nothing was run yet.
 *
 * @throws UserError when there is none
 */
export async function requireProjectFolder(project: Project): Promise<void> {
  const found = await stat(project.root).catch(() => null);
  if (found?.isDirectory() !== true) throw new UserError(folderGone(project.root));
}
