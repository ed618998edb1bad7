import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../shared/errors.ts';
import type { Project } from './layout.ts';

/**
 * The outputs of one stage, published together or not at all. Each file is written to a sibling on the same disk,
 * flushed, and renamed in `commit`; until then the last complete outputs stand untouched.
 */
export class Publication {
  readonly #project: Project;
  /** Final absolute path → temporary sibling. */
  readonly #pending = new Map<string, string>();
  readonly #removals = new Set<string>();

  constructor(project: Project) {
    this.#project = project;
  }

  /** Where to write the file for `path` now (for an engine that writes files itself). Makes the folder. */
  async pathFor(path: string): Promise<string> {
    const final = this.#project.at(path);
    const temporary = join(dirname(final), `.${basename(final)}.tmp-${process.pid}`);
    try {
      await mkdir(dirname(final), { recursive: true });
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
    for (const [final, temporary] of this.#pending) {
      try {
        await flush(temporary);
      } catch (error) {
        throw cannotWrite(this.#project.name(final), error);
      }
    }
    for (const [final, temporary] of this.#pending) await rename(temporary, final);
    for (const path of this.#removals) if (!this.#pending.has(path)) await rm(path, { force: true });
    this.#pending.clear();
    this.#removals.clear();
  }

  /** Drops everything not committed; safe to call after `commit`. */
  async discard(): Promise<void> {
    for (const temporary of this.#pending.values()) await rm(temporary, { force: true });
    this.#pending.clear();
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
