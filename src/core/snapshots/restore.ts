import { stat, utimes } from 'node:fs/promises';
import type { Restored } from '../history/restores.ts';
import type { Project } from '../project/layout.ts';
import { publishing } from '../project/publication.ts';
import { throwIfCancelled } from '../shared/errors.ts';
import { Contents } from './contents.ts';
import { inScope, type RestoreScope } from './restorePlan.ts';
import { readSnapshot, type Snapshot, type SnapshotFile, takeSnapshot } from './snapshot.ts';

export interface RestoreResult {
  readonly restored: Snapshot;
  /** The project as it was just before, so that a restore can be taken back. */
  readonly before: Snapshot;
  /** Project-relative paths that were written, and those that were removed because the snapshot has no such file. */
  readonly written: readonly string[];
  readonly removed: readonly string[];
  /** For the history. */
  readonly told: Restored;
}

/**
 * Puts the project back to a snapshot: all of it, or only what a stage and the later ones write. The present state is
 * kept first; the files change all together or not at all; a content that was tampered with stops it before any change.
 * Files get back the times they had, so that what was stale then is stale again, and nothing looks newer than it is.
 *
 * @throws UserError when the snapshot or one of its contents is missing or was changed
 */
export async function restoreSnapshot(
  project: Project,
  given: RestoreScope & { readonly snapshot: string; readonly now: Date; readonly signal: AbortSignal },
): Promise<RestoreResult> {
  const restored = await readSnapshot(project, given.snapshot);
  const contents = await Contents.open(project);
  for (const file of restored.files) {
    throwIfCancelled(given.signal);
    await contents.check(file.sha256, file.path);
  }
  const before = await takeSnapshot(project, {
    kind: 'before_restore',
    reason: `before restoring ${nameOf(restored)}`,
    now: given.now,
    signal: given.signal,
  });
  const wanted = inScope(given);
  const present = new Map(before.files.map((file) => [file.path, file.sha256]));
  const kept = new Set(restored.files.map((file) => file.path));
  const changed = restored.files.filter((file) => wanted(file.path) && present.get(file.path) !== file.sha256);
  const removed = before.files.map((file) => file.path).filter((path) => wanted(path) && !kept.has(path));
  await publishing(project, async (publication) => {
    for (const file of changed) {
      throwIfCancelled(given.signal);
      const temporary = await publication.pathFor(file.path);
      await contents.copyTo(file.sha256, temporary, file.path);
      await setTime(temporary, file);
    }
    for (const path of removed) publication.remove(path);
  });
  for (const file of restored.files) if (wanted(file.path)) await setTime(project.at(file.path), file);
  const told: Restored = {
    snapshot_id: restored.snapshot_id,
    snapshot_at_utc: restored.created_at_utc,
    reason: restored.reason,
    from: given.fromStage,
  };
  return { told, restored, before, written: changed.map((file) => file.path), removed };
}

/** As lists show it. What was itself kept before a restore goes by its id, so that names do not grow with each step back. */
function nameOf({ kind, reason, snapshot_id: id }: Snapshot): string {
  return kind === 'before_restore' || reason === '' ? id : `“${reason}” (${id})`;
}

/** Snapshots of earlier versions kept no times. A disk that refuses is no reason to stop: only the times are then of now. */
async function setTime(path: string, { modified_ms: time }: SnapshotFile): Promise<void> {
  if (time === undefined) return;
  const found = await stat(path).catch(() => null);
  if (found === null || Math.floor(found.mtimeMs) === time) return;
  await utimes(path, found.atime, new Date(time)).catch(() => undefined);
}
