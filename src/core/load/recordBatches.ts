import { createReadStream } from 'node:fs';

/** A piece of a CSV; `endsBatch` says that a record ends with it and enough has been read for one transaction. */
export interface Piece {
  readonly bytes: Buffer;
  readonly endsBatch: boolean;
}

const QUOTE = 34;
const LF = 10;

/**
 * Reads a CSV from a place where a record begins to its end, cut into batches of about `batchBytes` that end with a
 * record: a line end inside quotes ends none. Memory does not grow with the file.
 */
export async function* recordBatches(path: string, start: number, batchBytes: number): AsyncGenerator<Piece> {
  const cutter = new Cutter(batchBytes);
  for await (const chunk of createReadStream(path, { start, highWaterMark: 1 << 18 })) {
    yield* cutter.cut(chunk as Buffer);
  }
}

class Cutter {
  readonly #batchBytes: number;
  #filled = 0;
  #inQuote = false;

  constructor(batchBytes: number) {
    this.#batchBytes = batchBytes;
  }

  *cut(chunk: Buffer): Generator<Piece> {
    let from = 0;
    for (;;) {
      const end = this.#batchEnd(chunk, from);
      if (end < 0) break;
      yield { bytes: chunk.subarray(from, end), endsBatch: true };
      this.#filled = 0;
      from = end;
    }
    if (from < chunk.length) {
      this.#filled += chunk.length - from;
      yield { bytes: from === 0 ? chunk : chunk.subarray(from), endsBatch: false };
    }
  }

  /** Place after the first line end outside quotes at which the batch is full; -1 when there is none in this piece. */
  #batchEnd(chunk: Buffer, from: number): number {
    const full = from + Math.max(0, this.#batchBytes - this.#filled - 1);
    for (let at = from; at < chunk.length; ) {
      const quote = chunk.indexOf(QUOTE, at);
      if (!this.#inQuote) {
        const lineEnd = full < chunk.length ? chunk.indexOf(LF, Math.max(at, full)) : -1;
        if (lineEnd >= 0 && (quote < 0 || lineEnd < quote)) return lineEnd + 1;
      }
      if (quote < 0) break;
      this.#inQuote = !this.#inQuote;
      at = quote + 1;
    }
    return -1;
  }
}
