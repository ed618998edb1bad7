import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { EventSink, StageEvent } from '../lifecycle/events.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';

/** What a run is doing now, for the windows that did not start it. */
const Progress = z.object({
  stage: z.string(),
  item: z.string(),
  done: z.number(),
  total: z.number(),
  rows: z.number().nullable(),
});
export type Progress = z.infer<typeof Progress>;

/** Often enough to look alive, seldom enough to cost nothing. */
const EVERY_MS = 500;

/**
 * Passes events on and keeps the newest progress in a small file, which other windows and the terminal's user watch.
 *
 * @returns the event sink, and an end that removes the file
 */
export function withProgressFile(
  project: Project,
  now: () => Date,
  emit: EventSink,
): { readonly emit: EventSink; readonly end: () => void } {
  const path = project.at(ARTEFACTS.progress);
  let last = 0;
  const write = (event: StageEvent): void => {
    if (event.type !== 'progress' && event.type !== 'stage-started') return;
    const time = now().getTime();
    if (event.type === 'progress' && time - last < EVERY_MS) return;
    last = time;
    const progress: Progress =
      event.type === 'progress'
        ? { stage: event.stage, item: event.item, done: event.done, total: event.total, rows: event.rows ?? null }
        : { stage: event.stage, item: '', done: 0, total: 0, rows: null };
    try {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(`${path}.tmp`, JSON.stringify(progress));
      renameSync(`${path}.tmp`, path);
    } catch {
      // Nobody sees the progress then; the run itself says when the disk is full.
    }
  };
  return {
    emit: (event) => {
      write(event);
      emit(event);
    },
    end: () => rmSync(path, { force: true }),
  };
}

/** The progress of the run that holds the project; null when none is told. */
export async function readProgress(project: Project): Promise<Progress | null> {
  const text = await readOptionalText(project, ARTEFACTS.progress).catch(() => null);
  try {
    return text === null ? null : Progress.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
