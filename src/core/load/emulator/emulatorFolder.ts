import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ARTEFACTS, type Project } from '../../project/layout.ts';
import { UserError } from '../../shared/errors.ts';

/** The data of one emulator: a folder for each load, and a small file that names the one that counts. */
export class EmulatorFolder {
  readonly #path: string;

  /** @param connection name in `connectors.json`, which fits a file name */
  constructor(project: Project, connection: string) {
    this.#path = join(project.at(ARTEFACTS.emulators), connection);
  }

  /** What the emulator holds now; null before the first load, and after one by another major version of PostgreSQL. */
  async current(): Promise<{ readonly folder: string; readonly runId: string } | null> {
    const text = await readFile(join(this.#path, CURRENT), 'utf8').catch(() => '');
    const [, name, runId, version] = /^(data-[0-9a-f-]+) (\S+) (\d+)\n$/.exec(text) ?? [];
    if (name === undefined || runId === undefined || version !== POSTGRES_VERSION) return null;
    return { folder: join(this.#path, name), runId };
  }

  /**
   * An empty database for a load, nobody's until `adopt`. What broken loads left is removed. Making one takes seconds, so
   * one is kept in the project and copied.
   *
   * @param make fills a folder with an empty database
   */
  async fresh(make: (folder: string) => Promise<void>): Promise<string> {
    await this.removeOthers();
    const template = join(this.#path, '..', `.template-${POSTGRES_VERSION}`);
    if (!existsSync(template)) {
      const next = `${template}-${randomUUID()}`;
      try {
        await make(next);
        await rename(next, template).catch(async (error: NodeJS.ErrnoException) => {
          // Another process was faster; its template is as good.
          if (!existsSync(template)) throw error;
        });
      } finally {
        await rm(next, { recursive: true, force: true });
      }
    }
    const folder = join(this.#path, `data-${randomUUID()}`);
    await cp(template, folder, { recursive: true });
    return folder;
  }

  /** From one moment to the next, the emulator holds this folder's data. */
  async adopt(folder: string, runId: string): Promise<void> {
    const next = join(this.#path, `${CURRENT}.next`);
    const handle = await open(next, 'w');
    try {
      await handle.writeFile(`${folder.slice(this.#path.length + 1)} ${runId} ${POSTGRES_VERSION}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(next, join(this.#path, CURRENT));
    await this.removeOthers();
  }

  /** Removes every folder but the one that counts. */
  async removeOthers(): Promise<void> {
    const kept = (await this.current())?.folder;
    for (const name of await readdir(this.#path)) {
      const path = join(this.#path, name);
      if (name.startsWith('data-') && path !== kept) await rm(path, { recursive: true, force: true });
    }
  }

  /**
   * Runs work that opens the data: two processes in one data folder would destroy it.
   *
   * @throws UserError when another process has it open
   */
  async locked<T>(work: () => Promise<T>): Promise<T> {
    await mkdir(this.#path, { recursive: true });
    const lock = join(this.#path, 'lock');
    await this.#take(lock);
    try {
      return await work();
    } finally {
      await rm(lock, { force: true });
    }
  }

  async #take(lock: string): Promise<void> {
    for (let tried = 0; ; tried += 1) {
      try {
        const handle = await open(lock, 'wx');
        await handle.writeFile(String(process.pid)).finally(() => handle.close());
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const holder = await readFile(lock, 'utf8').catch(() => '');
      // A lock without a number is being written just now.
      if (holder !== '' && !isAlive(Number(holder))) await rm(lock, { force: true });
      else if (tried < TRIES) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      else
        throw new UserError(
          `The emulator is in use by process ${holder}; wait for it to end, then run it again (or remove ${lock}).`,
        );
    }
  }
}

const CURRENT = 'current';
/** Major version of the emulator's PostgreSQL; another one cannot read its data. */
const POSTGRES_VERSION = '18';
/** A preview or a test of the connection takes a second or two. */
const TRIES = 40;
const PAUSE_MS = 250;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
