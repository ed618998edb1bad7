import yauzl from 'yauzl';
import type { Problem } from '../shared/problem.ts';

/** No data dictionary unpacks to more; a prepared archive may unpack to terabytes. */
const MOST_UNPACKED = 120 * 1024 * 1024;
/** A workbook has one part a sheet and some twenty more. */
const MOST_PARTS = 5_000;

/**
 * Looks into a zipped document before anything unpacks it: gives a problem when it is no whole archive, or unpacks to more
 * than a document can. Sizes are counted while unpacking, because an archive may lie about them.
 */
export async function checkZip(bytes: Buffer, file: string): Promise<Problem | null> {
  try {
    await countUnpacked(bytes);
    return null;
  } catch (error) {
    const message =
      error instanceof TooLarge
        ? `The document unpacks to more than ${MOST_UNPACKED / 1024 / 1024} MB; it is no field list. Save only the sheets with the field lists.`
        : 'The document is damaged, cut off, or protected by a password; save it again.';
    return { code: 'spec-unreadable', severity: 'error', message, place: { file } };
  }
}

class TooLarge extends Error {}

/** The part of the library used here; its published types are older than its promises. */
interface Archive {
  readonly entryCount: number;
  eachEntry(): AsyncIterable<{ readonly uncompressedSize: number }>;
  openReadStreamPromise(entry: unknown): Promise<AsyncIterable<Buffer>>;
}
const { fromBufferPromise } = yauzl as unknown as {
  fromBufferPromise(bytes: Buffer, options: { lazyEntries: boolean }): Promise<Archive>;
};

async function countUnpacked(bytes: Buffer): Promise<void> {
  const archive = await fromBufferPromise(bytes, { lazyEntries: true });
  if (archive.entryCount > MOST_PARTS) throw new TooLarge();
  let left = MOST_UNPACKED;
  for await (const entry of archive.eachEntry()) {
    if (entry.uncompressedSize > left) throw new TooLarge();
    for await (const chunk of await archive.openReadStreamPromise(entry)) {
      left -= chunk.length;
      if (left < 0) throw new TooLarge();
    }
  }
}
