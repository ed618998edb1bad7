import { readFile } from 'node:fs/promises';
import { UserError } from '../shared/errors.ts';
import type { Project } from './layout.ts';

/** A text file of the project, or null when it does not exist. Anything else that is wrong is a `UserError`. */
export async function readOptionalText(project: Project, path: string): Promise<string | null> {
  try {
    return decodeUtf8(await readFile(project.at(path)), project.name(path));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return null;
    if (code === undefined) throw error;
    throw new UserError(`${project.name(path)}: cannot be read (${code}); check that it is a file you may read.`);
  }
}

/** A text file that an earlier stage or a person must have made; `next` tells how to get it. */
export async function readRequiredText(project: Project, path: string, next: string): Promise<string> {
  const text = await readOptionalText(project, path);
  if (text === null) throw new UserError(`${project.name(path)}: not found. ${next}`);
  return text;
}

function decodeUtf8(bytes: Buffer, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new UserError(`${name}: is not UTF-8 text; save it as UTF-8 and run the stage again.`);
  }
}
