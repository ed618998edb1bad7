import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

export interface FileHash {
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  /** Size of what was hashed. */
  readonly bytes: number;
}

/** SHA-256 of a file, streamed: memory does not grow with its size. Rejects with the system's error when it cannot be read. */
export async function hashFile(path: string): Promise<FileHash> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path)) {
    hash.update(chunk as Buffer);
    bytes += (chunk as Buffer).length;
  }
  return { sha256: hash.digest('hex'), bytes };
}

/** The same, or null when the file does not exist (or a folder stands in its place). */
export async function hashFileIfThere(path: string): Promise<FileHash | null> {
  try {
    return await hashFile(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR') return null;
    throw error;
  }
}
