import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';

/** SHA-256 of what a stream gives. */
export async function checksumOfCsv(stream: Readable): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of stream) hash.update(piece as Buffer);
  return hash.digest('hex');
}
