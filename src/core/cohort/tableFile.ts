import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';

/** Bytes collected before a write. */
const CHUNK = 1 << 17;
/** UTF-8 needs at most three bytes for a UTF-16 code unit. */
const BYTES_PER_UNIT = 3;

/**
 * One CSV being written. Each row goes into a byte buffer at once: rows kept as text would be ropes of small strings that
 * the garbage collector has to carry. Full buffers are written, and hashed, by `drain`.
 */
export class TableFile {
  /** Project-relative path, for the manifest. */
  readonly path: string;
  rows = 0;
  readonly #handle: FileHandle;
  readonly #hash = createHash('sha256');
  #buffer = Buffer.allocUnsafe(CHUNK);
  #used = 0;
  #full: Buffer[] = [];
  #written: Promise<void> = Promise.resolve();

  private constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.#handle = handle;
  }

  /** @param path project-relative name @param temporary where to write now @param header first line without its end */
  static async create(path: string, temporary: string, header: string): Promise<TableFile> {
    const file = new TableFile(path, await open(temporary, 'w'));
    file.#line(header);
    return file;
  }

  /** Adds one row, given without its line end. */
  add(line: string): void {
    this.rows += 1;
    this.#line(line);
  }

  #line(line: string): void {
    const room = line.length * BYTES_PER_UNIT + 1;
    if (this.#used + room > this.#buffer.length) {
      this.#full.push(this.#buffer.subarray(0, this.#used));
      this.#buffer = Buffer.allocUnsafe(Math.max(CHUNK, room));
      this.#used = 0;
    }
    this.#used += this.#buffer.write(`${line}\n`, this.#used, 'utf8');
  }

  /** Starts writing what has filled up; waits only for what it started before, so that making rows and writing overlap. */
  async drain(): Promise<void> {
    if (this.#full.length === 0) return;
    const full = this.#full;
    this.#full = [];
    await this.#written;
    this.#written = this.#writeAll(full);
    // A failure is met at the next drain or at the end; until then it must not pass for unhandled.
    this.#written.catch(() => undefined);
  }

  async #writeAll(full: readonly Buffer[]): Promise<void> {
    for (const bytes of full) {
      this.#hash.update(bytes);
      await this.#handle.writeFile(bytes);
    }
  }

  /** Writes the rest and closes; gives the SHA-256 of the file. */
  async finish(): Promise<string> {
    this.#full.push(this.#buffer.subarray(0, this.#used));
    this.#used = 0;
    await this.drain();
    await this.#written;
    await this.#handle.close();
    return this.#hash.digest('hex');
  }

  /** Closes without writing; for the way out after a failure. */
  async abandon(): Promise<void> {
    await this.#written.catch(() => undefined);
    await this.#handle.close().catch(() => undefined);
  }
}
