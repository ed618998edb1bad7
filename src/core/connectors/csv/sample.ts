import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { UserError } from '../../shared/errors.ts';
import type { CsvOptions } from './csvOptions.ts';
import { type Dialect, dialectOf } from './dialect.ts';
import { type Encoding, sniffEncoding, toUtf8 } from './encoding.ts';
import type { DataFile } from './tableFiles.ts';

const SAMPLE_BYTES = 1 << 18;

/** The bytes of a file, unpacked when it is packed. */
export function openBytes(file: DataFile): Readable {
  const bytes = createReadStream(file.path, { highWaterMark: 1 << 20 });
  if (!file.gzip) return bytes;
  const unpacked = createGunzip({ chunkSize: 1 << 20 });
  bytes.on('error', (error) => unpacked.destroy(error));
  return bytes.pipe(unpacked);
}

/** What the beginning of a file says of how it is written. */
export interface Sniffed {
  readonly encoding: Encoding;
  readonly dialect: Dialect;
  /** Nothing at all is in the file. */
  readonly empty: boolean;
}

/** Reads the first part of a file and says how it is written; the options overrule what it finds. */
export async function sniff(file: DataFile, options: CsvOptions): Promise<Sniffed> {
  return sniffHead((await headOf(file)).bytes, options);
}

/** The same for bytes at hand. */
export async function sniffHead(head: Buffer, options: CsvOptions): Promise<Sniffed> {
  const encoding = options.encoding === 'auto' ? sniffEncoding(head) : options.encoding;
  return { encoding, dialect: dialectOf(await decoded(head, encoding), options), empty: head.length === 0 };
}

/** Bytes of an encoding as UTF-8. */
export async function decoded(bytes: Buffer, encoding: Encoding): Promise<Buffer> {
  const decoder = toUtf8(encoding);
  const pieces: Buffer[] = [];
  decoder.on('data', (piece: Buffer) => pieces.push(piece));
  await pipeline([bytes], decoder);
  return Buffer.concat(pieces);
}

/** The beginning of a file. */
export interface Head {
  readonly bytes: Buffer;
  /** That is all of it. */
  readonly whole: boolean;
  /** What broke after these bytes: a packed file that is cut short still shows its beginning. */
  readonly fault: UserError | null;
}

/** @throws UserError when not even the beginning can be read */
export async function headOf(file: DataFile): Promise<Head> {
  const pieces: Buffer[] = [];
  let length = 0;
  let fault: UserError | null = null;
  const bytes = openBytes(file);
  try {
    for await (const piece of bytes) {
      pieces.push(piece as Buffer);
      length += (piece as Buffer).length;
      if (length > SAMPLE_BYTES) break;
    }
  } catch (error) {
    const told = readingFault(file, error);
    if (pieces.length === 0 || !(told instanceof UserError)) throw told;
    fault = told;
  } finally {
    bytes.destroy();
  }
  const whole = length <= SAMPLE_BYTES && fault === null;
  return { bytes: Buffer.concat(pieces).subarray(0, SAMPLE_BYTES), whole, fault };
}

/** What went wrong while the bytes were read, as a sentence. */
export function readingFault(file: DataFile, error: unknown): unknown {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  if (code === 'Z_BUF_ERROR')
    return new UserError(`${file.name}: is cut short (the packed data end too early); get it again.`);
  if (code?.startsWith('Z_') === true)
    return new UserError(`${file.name}: is no sound gzip file; get it again, or correct its name.`);
  if (code === 'ENOENT') return new UserError(`${file.name}: is missing; put the extract there.`);
  return error;
}
