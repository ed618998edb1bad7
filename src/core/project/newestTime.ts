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
export async function newestTime(path: string, depth = 0): Promise<number | null> {
  const found = await stat(path).catch(() => null);
  if (found === null) return null;
  if (!found.isDirectory() || depth >= DEEPEST) return found.mtimeMs;
  const names = (await readdir(path).catch(() => [])).filter((name) => !name.startsWith('.'));
  const times = await Promise.all(names.map((name) => newestTime(join(path, name), depth + 1)));
  return times.reduce<number>((newest, time) => Math.max(newest, time ?? 0), names.length === 0 ? found.mtimeMs : 0);
}
