import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Project-relative path → hash, of the files that stages write and that hold no time of day. */
export async function hashes(folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const part of ['schemas', 'reports', 'mock_data']) {
    for (const name of (await readdir(join(folder, part), { recursive: true })).sort()) {
      if (!name.endsWith('.csv')) continue;
      const path = `${part}/${name.replaceAll('\\', '/')}`;
      found.set(
        path,
        createHash('sha256')
          .update(await readFile(join(folder, path)))
          .digest('hex'),
      );
    }
  }
  return found;
}
