import { STAGES } from '../lifecycle/stages.ts';
import type { Project } from '../project/layout.ts';
import { publishing } from '../project/publication.ts';
import { throwIfCancelled } from '../shared/errors.ts';
import { Contents } from './contents.ts';
import { readSnapshot, type Snapshot, takeSnapshot } from './snapshot.ts';

export interface RestoreResult {
  readonly restored: Snapshot;
  /** The project as it was just before, so that a restore can be taken back. */
  readonly before: Snapshot;
  /** Project-relative paths that were written, and those that were removed because the snapshot has no such file. */
  readonly written: readonly string[];
  readonly removed: readonly string[];
}

/**
 * Puts the project back to a snapshot: all of it, or only what a stage and the later ones write. The present state is
 * kept first; the files change all together or not at all; a content that was tampered with stops it before any change.
 *
 * @throws UserError when the snapshot or one of its contents is missing or was changed
 */
export async function restoreSnapshot(
  project: Project,
  given: {
    readonly snapshot: string;
    /** A stage's id; null for everything. */
    readonly fromStage: string | null;
    readonly now: Date;
    readonly signal: AbortSignal;
  },
): Promise<RestoreResult> {
  const restored = await readSnapshot(project, given.snapshot);
  const contents = await Contents.open(project);
  for (const file of restored.files) {
    throwIfCancelled(given.signal);
    await contents.check(file.sha256, file.path);
  }
  const before = await takeSnapshot(project, {
    kind: 'before_restore',
    reason: `before restoring ${restored.snapshot_id}`,
    now: given.now,
    signal: given.signal,
  });
  const wanted = scopeOf(given.fromStage);
  const present = new Map(before.files.map((file) => [file.path, file.sha256]));
  const kept = new Set(restored.files.map((file) => file.path));
  const changed = restored.files.filter((file) => wanted(file.path) && present.get(file.path) !== file.sha256);
  const removed = before.files.map((file) => file.path).filter((path) => wanted(path) && !kept.has(path));
  await publishing(project, async (publication) => {
    for (const file of changed) {
      throwIfCancelled(given.signal);
      await contents.copyTo(file.sha256, await publication.pathFor(file.path), file.path);
    }
    for (const path of removed) publication.remove(path);
  });
  return { restored, before, written: changed.map((file) => file.path), removed };
}

/** Which paths are put back: a stage's outputs and those of the stages after it; people's own files stay. */
function scopeOf(stage: string | null): (path: string) => boolean {
  if (stage === null) return () => true;
  const from = STAGES.findIndex((known) => known.id === stage);
  const outputs = STAGES.slice(Math.max(0, from)).flatMap((known) => known.writes);
  return (path) => outputs.some((output) => path === output || path.startsWith(`${output}/`));
}
