import { createHash } from 'node:crypto';
import { compareText } from '../shared/order.ts';

/** The source files among what a migration read: not catalogs, contract or crosswalks. */
export function dataFiles<T extends { readonly path: string }>(inputs: readonly T[]): T[] {
  return inputs.filter(({ path }) => path.endsWith('.csv') && !/^(schemas|reports|requirement_spec)\//.test(path));
}

/** One hash over the source files of a migration, to tell whether two read the same data; null where none is told. */
export function sourceDigest(inputs: readonly { readonly path: string; readonly sha256: string }[]): string | null {
  const lines = dataFiles(inputs).map(({ path, sha256 }) => `${path.slice(path.lastIndexOf('/') + 1)} ${sha256}`);
  if (lines.length === 0) return null;
  return createHash('sha256').update(lines.sort(compareText).join('\n'), 'utf8').digest('hex');
}
