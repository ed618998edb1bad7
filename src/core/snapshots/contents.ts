import { createHash, randomUUID } from 'node:crypto';
import { constants, createReadStream, createWriteStream } from 'node:fs';
import { access, chmod, copyFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { hashFileIfThere } from '../project/hashFile.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { UserError } from '../shared/errors.ts';

/** A file whose time is younger than this when it is read may change again within the same tick of the disk's clock. */
const TICK_MS = 100;
const Known = z.record(z.string(), z.object({ stamp: z.string(), sha256: z.string() }));

/**
 * Contents of files under their SHA-256, each kept once. What a file's size, times and inode say it held at an earlier
 * snapshot is not read again.
 */
export class Contents {
  readonly #project: Project;
  readonly #folder: string;
  readonly #known: Map<string, { stamp: string; sha256: string }>;

  private constructor(project: Project, known: Map<string, { stamp: string; sha256: string }>) {
    this.#project = project;
    this.#folder = join(project.at(ARTEFACTS.snapshots), 'contents');
    this.#known = known;
  }

  /** Only the holder of the project's lock may write; others may read what is kept. */
  static async open(project: Project): Promise<Contents> {
    const text = await readFile(indexOf(project), 'utf8').catch(() => '{}');
    let known: z.infer<typeof Known> = {};
    try {
      known = Known.parse(JSON.parse(text));
    } catch {
      // The index saves time only; without it every file is read again.
    }
    return new Contents(project, new Map(Object.entries(known)));
  }

  /** Removes what a killed process had begun to keep. */
  async clear(): Promise<void> {
    for (const name of await readdir(this.#folder).catch(() => []))
      if (name.startsWith('.new-')) await rm(join(this.#folder, name), { force: true });
    const lists = this.#project.at(ARTEFACTS.snapshots);
    for (const name of await readdir(lists).catch(() => []))
      if (name.endsWith('.tmp')) await rm(join(lists, name), { force: true });
  }

  /** Where the content with this hash is kept. */
  pathOf(sha256: string): string {
    return join(this.#folder, sha256.slice(0, 2), sha256.slice(2));
  }

  /**
   * Keeps what a project file holds now.
   *
   * @returns its hash, its size in bytes and the time of its last change; null when the file is gone
   */
  async keep(path: string): Promise<{ sha256: string; bytes: number; modifiedMs: number } | null> {
    const file = this.#project.at(path);
    const before = await stampOf(file);
    if (before === null) return null;
    const known = this.#known.get(path);
    if (known?.stamp === before.stamp && (await isThere(this.pathOf(known.sha256))))
      return { sha256: known.sha256, bytes: before.bytes, modifiedMs: before.modifiedMs };
    const kept = await this.#store(file);
    const after = await stampOf(file);
    if (after?.stamp === before.stamp && Date.now() - before.changedMs > TICK_MS)
      this.#known.set(path, { stamp: before.stamp, sha256: kept.sha256 });
    return { ...kept, modifiedMs: before.modifiedMs };
  }

  /**
   * Reads a kept content and compares it with its name.
   *
   * @throws UserError when it is missing or was changed
   */
  async check(sha256: string, name: string): Promise<void> {
    const found = await hashFileIfThere(this.pathOf(sha256));
    if (found === null)
      throw new UserError(`${name}: its content is missing from the snapshot store; nothing was restored.`);
    if (found.sha256 !== sha256)
      throw new UserError(`${name}: its content in the snapshot store was changed; nothing was restored.`);
  }

  /** A kept text; null when it is not there. */
  async read(sha256: string): Promise<string | null> {
    return readFile(this.pathOf(sha256), 'utf8').catch(() => null);
  }

  /** Writes what was learnt about files, for the next snapshot. */
  async close(): Promise<void> {
    const index = indexOf(this.#project);
    await writeFile(`${index}.tmp`, JSON.stringify(Object.fromEntries(this.#known)));
    await rename(`${index}.tmp`, index);
  }

  /**
   * Writes a kept content to a file, checking it on the way.
   *
   * @throws UserError when it is missing or is not what its name says; the file is then not to be used
   */
  async copyTo(sha256: string, file: string, name: string): Promise<void> {
    const from = this.pathOf(sha256);
    try {
      const found = await copyHashed(from, file);
      if (found.sha256 === sha256) return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      throw new UserError(`${name}: its content is missing from the snapshot store; nothing was restored.`);
    }
    throw new UserError(`${name}: its content in the snapshot store was changed; nothing was restored.`);
  }

  async #store(file: string): Promise<{ sha256: string; bytes: number }> {
    const temporary = join(this.#folder, `.new-${randomUUID()}`);
    await mkdir(this.#folder, { recursive: true });
    try {
      const kept = await copyHashed(file, temporary);
      const final = this.pathOf(kept.sha256);
      if (!(await isThere(final))) {
        await mkdir(dirname(final), { recursive: true });
        // Nobody writes a kept content again.
        await chmod(temporary, 0o444);
        await rename(temporary, final);
      }
      return kept;
    } finally {
      await rm(temporary, { force: true });
    }
  }
}

/** Where the file system can share blocks the copy costs nothing, and then the copy is read for its hash. */
async function copyHashed(from: string, to: string): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  const count = (chunk: Buffer): void => {
    hash.update(chunk);
    bytes += chunk.length;
  };
  const shared = await copyFile(from, to, constants.COPYFILE_FICLONE_FORCE).then(
    () => true,
    () => false,
  );
  if (shared) {
    await chmod(to, 0o644);
    for await (const chunk of createReadStream(to, { highWaterMark: 1 << 20 })) count(chunk as Buffer);
  } else {
    const counted = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        count(chunk);
        done(null, chunk);
      },
    });
    await pipeline(createReadStream(from, { highWaterMark: 1 << 20 }), counted, createWriteStream(to));
  }
  return { sha256: hash.digest('hex'), bytes };
}

function indexOf(project: Project): string {
  return join(project.at(ARTEFACTS.snapshots), 'index.json');
}

interface Stamp {
  readonly stamp: string;
  readonly bytes: number;
  readonly changedMs: number;
  readonly modifiedMs: number;
}

async function stampOf(file: string): Promise<Stamp | null> {
  const found = await stat(file, { bigint: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (found === null) return null;
  return {
    stamp: `${found.size} ${found.mtimeNs} ${found.ctimeNs} ${found.ino}`,
    bytes: Number(found.size),
    changedMs: Number(found.ctimeMs),
    modifiedMs: Number(found.mtimeMs),
  };
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
