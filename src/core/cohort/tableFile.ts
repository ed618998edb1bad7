import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';

/** Characters collected before a write. */
const CHUNK = 1 << 18;

/** One CSV being written: lines are collected and written in pieces, hashed on the way. */
export class TableFile {
  /** Project-relative path, for the manifest. */
  readonly path: string;
  rows = 0;
  readonly #handle: FileHandle;
  readonly #hash = createHash('sha256');
  #pending = '';

  private constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.#handle = handle;
  }

  /** @param path project-relative name @param temporary where to write now @param header first line without its end */
  static async create(path: string, temporary: string, header: string): Promise<TableFile> {
    const file = new TableFile(path, await open(temporary, 'w'));
    file.#pending = `${header}\n`;
    return file;
  }

  /** Adds one row, given without its line end. */
  add(line: string): void {
    this.rows += 1;
    this.#pending += line;
    this.#pending += '\n';
  }

  /** Writes what has been collected when there is enough of it. */
  async drain(): Promise<void> {
    if (this.#pending.length >= CHUNK) await this.#write();
  }

  /** Writes the rest and closes; gives the SHA-256 of the file. */
  async finish(): Promise<string> {
    await this.#write();
    await this.#handle.close();
    return this.#hash.digest('hex');
  }

  /** Closes without writing; for the way out after a failure. */
  async abandon(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
  }

  async #write(): Promise<void> {
    const bytes = Buffer.from(this.#pending, 'utf8');
    this.#pending = '';
    this.#hash.update(bytes);
    await this.#handle.write(bytes);
  }
}
