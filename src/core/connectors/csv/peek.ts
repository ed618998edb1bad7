import type { CsvOptions } from './csvOptions.ts';
import { RecordReader } from './recordReader.ts';
import { decoded, headOf, type Sniffed, sniffHead } from './sample.ts';
import type { DataFile } from './tableFiles.ts';

/** The first records of a file, as far as its first quarter megabyte holds them. */
export interface Peek extends Sniffed {
  /** First record: names of columns, or values when the file has no header. */
  readonly first: readonly string[];
  /** Those after it. */
  readonly records: readonly (readonly string[])[];
  /** The file goes on after them. */
  readonly more: boolean;
}

/** Looks at the beginning of a file without reading the rest; nothing is written. */
export async function peek(file: DataFile, options: CsvOptions, limit: number): Promise<Peek> {
  const head = await headOf(file);
  const sniffed = await sniffHead(head.bytes, options);
  const bytes = await decoded(head.bytes, sniffed.encoding);
  const reader = new RecordReader(sniffed.dialect);
  const records: string[][] = [];
  let at = 0;
  // One record more than asked for tells whether there are more.
  while (at < bytes.length && records.length < limit + 2) {
    const record = reader.next(bytes, at, head.whole);
    if (record === null) break;
    if (!record.blank) records.push(reader.cells(bytes, at, record.end));
    at = record.next;
  }
  const [first = [], ...rest] = records;
  return { ...sniffed, first, records: rest.slice(0, limit), more: rest.length > limit || !head.whole };
}
