import { Transform, type TransformCallback } from 'node:stream';
import type { Dialect } from './dialect.ts';
import { type RecordFacts, RecordNotes } from './recordFacts.ts';
import { RecordReader } from './recordReader.ts';

/** A record longer than this is an open quote that swallowed the file. */
const LONGEST = 16 * 1024 * 1024;

/**
 * Passes whole records through, with `\n` ends, without blank lines and without records that do not fit, and takes note
 * of what it saw. It works on bytes in large pieces: a million rows take seconds.
 */
export class RecordFilter extends Transform {
  readonly facts: RecordFacts;
  readonly #notes: RecordNotes;
  readonly #reader: RecordReader;
  readonly #dialect: Dialect;
  #rest: Buffer = Buffer.alloc(0);

  /** @param dropFirst take the first record note of, but do not pass it on: the header of a second part */
  constructor(dialect: Dialect, dropFirst: boolean) {
    super({ readableHighWaterMark: 1 << 22, writableHighWaterMark: 1 << 22 });
    this.#dialect = dialect;
    this.#reader = new RecordReader(dialect);
    this.#notes = new RecordNotes(this.#reader, dropFirst);
    this.facts = this.#notes.facts;
  }

  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    this.#notes.lookForGarbage(chunk);
    if (this.facts.endlessLine > 0) {
      done();
      return;
    }
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    done(null, this.#pass(bytes, false));
  }

  override _flush(done: TransformCallback): void {
    done(null, this.facts.endlessLine > 0 ? undefined : this.#pass(this.#rest, true));
  }

  #pass(bytes: Buffer, last: boolean): Buffer {
    const out = Buffer.allocUnsafe(bytes.length + 1);
    let written = 0;
    // What lies between is copied in one go until something must be left out.
    let from = 0;
    const copyTo = (end: number): void => {
      if (end > from) written += bytes.copy(out, written, from, end);
    };
    let at = 0;
    while (at < bytes.length) {
      const record = this.#reader.next(bytes, at, last);
      if (record === null) break;
      const keep = this.#notes.note(bytes, at, record);
      if (!keep) copyTo(at);
      else if (record.next !== record.end + 1 || bytes[record.end] !== 10) {
        copyTo(record.end);
        out[written] = 10;
        written += 1;
      } else {
        at = record.next;
        continue;
      }
      at = record.next;
      from = at;
    }
    copyTo(at);
    this.#rest = Buffer.from(bytes.subarray(at));
    if (this.#rest.length > LONGEST) this.facts.endlessLine = this.#notes.line;
    return out.subarray(0, written);
  }

  get dialect(): Dialect {
    return this.#dialect;
  }
}
