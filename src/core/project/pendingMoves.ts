import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, isAbsolute } from 'node:path';
import { z } from 'zod';
import { ARTEFACTS, type Project } from './layout.ts';

/** A file that goes to its place; `from: null` removes what is there. Absolute paths. */
export interface Move {
  readonly from: string | null;
  readonly to: string;
}

const List = z.array(z.object({ from: z.string().nullable(), to: z.string() }));

/**
 * Notes the moves that a publication is about to make. From the moment this file is whole the publication counts as
 * done: whoever dies after it, the next command makes the moves that are left.
 */
export async function writeMoves(project: Project, moves: readonly Move[]): Promise<void> {
  const path = project.at(ARTEFACTS.pendingMoves);
  const inside = (place: string): string => project.name(place);
  const text = JSON.stringify(
    moves.map(({ from, to }) => ({ from: from === null ? null : inside(from), to: inside(to) })),
  );
  await mkdir(dirname(path), { recursive: true });
  const handle = await open(`${path}.tmp`, 'w');
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${path}.tmp`, path);
}

/** Makes the moves. One whose file is gone was made before. */
export async function finishMoves(moves: readonly Move[]): Promise<void> {
  for (const { from, to } of moves) {
    if (from === null) await rm(to, { force: true });
    else await rename(from, to).catch(ignoreMissing);
  }
}

/** The moves are made. */
export async function endMoves(project: Project): Promise<void> {
  await rm(project.at(ARTEFACTS.pendingMoves), { force: true });
}

/**
 * Makes the moves that a killed process left. Only the holder of the project's lock may call it. The list is a file of
 * the project like any other, so a line that leads out of the project is passed over.
 *
 * @returns how many moves were in the list; 0 when there was none
 */
export async function finishPendingMoves(project: Project): Promise<number> {
  const path = project.at(ARTEFACTS.pendingMoves);
  await rm(`${path}.tmp`, { force: true });
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
  const list = List.safeParse(parseOrNull(text));
  const inside = (path: string): boolean => !isAbsolute(project.name(path));
  const moves = (list.success ? list.data : [])
    .filter(({ from, to }) => inside(to) && (from === null || inside(from)))
    .map(({ from, to }) => ({ from: from === null ? null : project.at(from), to: project.at(to) }));
  await finishMoves(moves);
  await endMoves(project);
  return moves.length;
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
