import { isUtf8 } from 'node:buffer';
import { UserError } from '../../shared/errors.ts';
import type { CsvOptions } from './csvOptions.ts';
import { wholeCharacters } from './encoding.ts';
import { type RecordFacts, RecordNotes } from './recordFacts.ts';
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
  /** What was noted of all records of the quarter megabyte. */
  readonly facts: RecordFacts;
  /** Line of a record that goes on past the quarter megabyte, and is long; 0 when there is none. */
  readonly longLine: number;
  /** Why the rest of the file cannot be read; null when nothing is known against it. */
  readonly fault: UserError | null;
}

/** So many bytes without the end of a record are an open quote, or very likely one. */
const LONG_RECORD = 100_000;

/** Looks at the beginning of a file without reading the rest; nothing is written. */
export async function peek(file: DataFile, options: CsvOptions, limit: number): Promise<Peek> {
  const head = await headOf(file);
  const sniffed = await sniffHead(head.bytes, options);
  const bytes = await decoded(head.bytes, sniffed.encoding);
  const reader = new RecordReader(sniffed.dialect);
  const notes = new RecordNotes(reader);
  notes.lookForGarbage(bytes);
  const records: string[][] = [];
  let at = 0;
  while (at < bytes.length) {
    const record = reader.next(bytes, at, head.whole);
    if (record === null) break;
    notes.note(bytes, at, record);
    // One record more than asked for tells whether there are more.
    if (!record.blank && records.length < limit + 2) records.push(reader.cells(bytes, at, record.end));
    at = record.next;
  }
  const [first = [], ...rest] = records;
  const mistaken =
    options.encoding === 'utf-8' && !isUtf8(wholeCharacters(head.bytes))
      ? new UserError(
          `${file.name}: is not valid UTF-8, as the connection says it is; set encoding to windows-1252 or auto.`,
        )
      : null;
  return {
    ...sniffed,
    first,
    records: rest.slice(0, limit),
    more: rest.length > limit || !head.whole,
    facts: notes.facts,
    longLine: !head.whole && head.fault === null && bytes.length - at > LONG_RECORD ? notes.line : 0,
    fault: head.fault ?? mistaken,
  };
}
