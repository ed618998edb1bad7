import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../shared/errors.ts';
import { ARTEFACTS, type Project } from './layout.ts';
import { finishPendingMoves } from './pendingMoves.ts';
import { folderGone } from './projectFolder.ts';

const Holder = z.object({ pid: z.number(), host: z.string(), command: z.string(), started_at_utc: z.string() });
type Holder = z.infer<typeof Holder>;

/**
 * Runs work as the one writer of a project. The lock file names its holder, so that a second run can say who is busy;
 * the lock of a process that no longer lives on this machine is taken over. Readers never take it.
 */
export async function withProjectLock<T>(
  project: Project,
  command: string,
  startedAt: Date,
  work: () => Promise<T>,
): Promise<T> {
  const path = project.at(ARTEFACTS.lock);
  const holder: Holder = { pid: process.pid, host: hostname(), command, started_at_utc: startedAt.toISOString() };
  await take(path, holder);
  try {
    await finishPendingMoves(project);
    await clearScratch(project);
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

/** Removes the scratch folders of processes that were killed; those of living ones are in use, so anybody may call it. */
export async function clearScratch(project: Project): Promise<void> {
  const folder = join(project.at(ARTEFACTS.stateDirectory), 'tmp');
  for (const name of await readdir(folder).catch(() => [])) {
    const pid = Number.parseInt(name, 10);
    if (Number.isInteger(pid) && !isAliveHere(pid)) await rm(join(folder, name), { recursive: true, force: true });
  }
}

async function take(path: string, holder: Holder): Promise<void> {
  await makeFolder(path);
  for (let attempt = 0; attempt < 3; attempt += 1) {
    if (await create(path, holder)) return;
    const other = await holderOf(path);
    if (other !== null && isAlive(other)) {
      throw new UserError(
        `${ARTEFACTS.lock}: ${other.command} is running in this project (process ${other.pid} on ${other.host} since ${other.started_at_utc}); wait for it to end, or stop it.`,
      );
    }
    await rm(path, { force: true });
  }
  throw new UserError(`${ARTEFACTS.lock}: another run keeps taking the project; try again.`);
}

/** Makes the state folder, but never the project folder: one that is gone was moved or unmounted, not asked for. */
async function makeFolder(path: string): Promise<void> {
  const folder = dirname(path);
  try {
    await mkdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    throw new UserError(
      code === 'ENOENT'
        ? folderGone(dirname(folder))
        : `${ARTEFACTS.stateDirectory}: cannot be created (${code}); check that you may write to the project folder.`,
    );
  }
}

async function create(path: string, holder: Holder): Promise<boolean> {
  try {
    const handle = await open(path, 'wx');
    try {
      await handle.writeFile(`${JSON.stringify(holder)}\n`);
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EEXIST') return false;
    throw new UserError(
      code === 'ENOSPC'
        ? `${ARTEFACTS.lock}: the disk is full (ENOSPC); free space, then run it again.`
        : `${ARTEFACTS.lock}: cannot be written (${code}); check that you may write to the project folder.`,
    );
  }
}

/** Who is running in a project now; null when nobody is, or the one who was is gone. */
export async function readHolder(project: Project): Promise<Holder | null> {
  const holder = await holderOf(project.at(ARTEFACTS.lock));
  return holder !== null && isAlive(holder) ? holder : null;
}

async function holderOf(path: string): Promise<Holder | null> {
  try {
    return Holder.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return null;
  }
}

/** A holder on another machine (a shared folder) cannot be asked, so it counts as alive. */
function isAlive(holder: Holder): boolean {
  if (holder.host !== hostname()) return true;
  return isAliveHere(holder.pid);
}

function isAliveHere(pid: number): boolean {
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
