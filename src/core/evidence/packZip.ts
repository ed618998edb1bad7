import { PassThrough, Readable } from 'node:stream';
import yazl from 'yazl';

/** A file of a pack, opened when its turn comes. */
export interface PackEntry {
  readonly path: string;
  readonly open: () => Promise<Readable>;
}

/**
 * The pack as a zip: the same entries give the same bytes on every machine. Files are stored, because compressors differ
 * from version to version; all have one time, read in the machine's own zone, as zips have it.
 */
export function packZip(entries: readonly PackEntry[]): Readable {
  const zip = new yazl.ZipFile();
  const options = { mtime: new Date(2000, 0, 1), mode: 0o100644, compress: false, forceDosTimestamp: true };
  for (const { path, open } of entries)
    zip.addReadStreamLazy(path, options, (give) => {
      open().then(
        (stream) => give(null, stream),
        (error: unknown) => give(error, Readable.from([])),
      );
    });
  const output = new PassThrough();
  zip.outputStream.pipe(output);
  zip.on('error', (error) => output.destroy(error instanceof Error ? error : new Error(String(error))));
  zip.end();
  return output;
}
