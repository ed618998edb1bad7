import { constants } from 'node:fs';
import { access, copyFile, mkdir, open, rm, stat, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../shared/errors.ts';
import type { Project } from './layout.ts';
import { endMoves, finishMoves, type Move, writeMoves } from './pendingMoves.ts';

let publications = 0;

/**
 * The outputs of one stage, published together or not at all. Each file is written in a scratch folder of the project,
 * flushed, and moved to its place in `commit`; until then the last complete outputs stand untouched. A process that is
 * killed between two moves left a list of them, which the next command finishes (see `pendingMoves`).
 */
export class Publication {
  readonly #project: Project;
  readonly #folder: string;
  /** Final absolute path → where it is written. */
  readonly #pending = new Map<string, string>();
  readonly #removals = new Set<string>();

  constructor(project: Project) {
    this.#project = project;
    publications += 1;
    this.#folder = project.scratch(`publication-${publications}`);
  }

  /** Where to write the file for `path` now (for an engine that writes files itself). Makes the folder. */
  async pathFor(path: string): Promise<string> {
    const final = this.#project.at(path);
    const known = this.#pending.get(final);
    if (known !== undefined) return known;
    const temporary = join(this.#folder, `${this.#pending.size}-${basename(final)}`);
    try {
      await mkdir(dirname(final), { recursive: true });
      await mkdir(this.#folder, { recursive: true });
    } catch (error) {
      throw cannotWrite(this.#project.name(path), error);
    }
    this.#pending.set(final, temporary);
    return temporary;
  }

  async writeText(path: string, text: string): Promise<void> {
    const temporary = await this.pathFor(path);
    try {
      const handle = await open(temporary, 'w');
      try {
        await handle.writeFile(text, 'utf8');
      } finally {
        await handle.close();
      }
    } catch (error) {
      throw cannotWrite(this.#project.name(path), error);
    }
  }

  async writeJson(path: string, value: unknown): Promise<void> {
    await this.writeText(path, `${JSON.stringify(value, null, 2)}\n`);
  }

  /** Marks a file of an earlier run, which this run no longer makes, to be removed at commit. */
  remove(path: string): void {
    this.#removals.add(this.#project.at(path));
  }

  /** Project-relative names of what will be published, sorted. */
  get outputs(): string[] {
    return [...this.#pending.keys()].map((path) => this.#project.name(path)).sort();
  }

  async commit(): Promise<void> {
    const moves: Move[] = [];
    for (const [final, temporary] of this.#pending) {
      try {
        await flush(temporary);
        await mayReplace(final);
        moves.push({ from: await onTheDiskOf(final, temporary), to: final });
      } catch (error) {
        throw cannotWrite(this.#project.name(final), error);
      }
    }
    for (const path of this.#removals) if (!this.#pending.has(path)) moves.push({ from: null, to: path });
    if (moves.length > 0) {
      await writeMoves(this.#project, moves);
      await finishMoves(moves);
      await endMoves(this.#project);
    }
    this.#pending.clear();
    this.#removals.clear();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Drops everything not committed; safe to call after `commit`. */
  async discard(): Promise<void> {
    this.#pending.clear();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Runs a stage's work with a publication that is committed on success and discarded on any failure. */
export async function publishing<T>(project: Project, work: (publication: Publication) => Promise<T>): Promise<T> {
  const publication = new Publication(project);
  try {
    const result = await work(publication);
    await publication.commit();
    return result;
  } finally {
    await publication.discard();
  }
}

/** A rename cannot cross disks; where a folder of the project lies on another one, the file is copied beside its place first. */
async function onTheDiskOf(final: string, temporary: string): Promise<string> {
  const [here, there] = await Promise.all([stat(temporary), stat(dirname(final))]);
  if (here.dev === there.dev) return temporary;
  const sibling = join(dirname(final), `.${basename(final)}.tmp-${process.pid}`);
  await copyFile(temporary, sibling, constants.COPYFILE_FICLONE);
  await utimes(sibling, here.atime, here.mtime);
  await flush(sibling);
  return sibling;
}

/** Asks before the first move what would stop one: a folder in the file's place, or a folder that may not be written. */
async function mayReplace(final: string): Promise<void> {
  const found = await stat(final).catch(() => null);
  if (found?.isDirectory() === true) throw Object.assign(new Error('a folder is in its place'), { code: 'EISDIR' });
  await access(dirname(final), constants.W_OK);
}

async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function cannotWrite(name: string, error: unknown): UserError {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  return new UserError(
    `${name}: cannot be written (${code}); check the folder's permissions and free space, then run the stage again.`,
  );
}
