import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders of a project are not nested deeper than people name things. */
const DEEPEST = 4;

/**
 * When a file, or the newest file within a folder, was last changed; a folder's own time does not tell of a file that
 * was edited in it.
 *
 * @returns milliseconds since 1970; null when it is not there
 */
export async function newestTime(path: string): Promise<number | null> {
  return (await timesOf(path)).reduce<number | null>((newest, [, time]) => Math.max(newest ?? 0, time), null);
}

/** The file, or the files within a folder, that were changed after a time. Absolute paths. */
export async function filesNewerThan(path: string, time: number): Promise<string[]> {
  return (await timesOf(path)).flatMap(([file, changed]) => (changed > time ? [file] : []));
}

/** Every file with the time of its last change; an empty folder stands for itself. */
async function timesOf(path: string, depth = 0): Promise<(readonly [path: string, time: number])[]> {
  const found = await stat(path).catch(() => null);
  if (found === null) return [];
  if (!found.isDirectory() || depth >= DEEPEST) return [[path, found.mtimeMs]];
  const names = (await readdir(path).catch(() => [])).filter((name) => !name.startsWith('.'));
  if (names.length === 0) return [[path, found.mtimeMs]];
  return (await Promise.all(names.map((name) => timesOf(join(path, name), depth + 1)))).flat();
}
