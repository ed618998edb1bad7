import { ARTEFACTS } from '../core/project/layout.ts';
import { shortList } from '../core/shared/shortList.ts';
import type { RestorePlan } from '../core/snapshots/restorePlan.ts';
import type { SnapshotHead } from '../core/snapshots/snapshot.ts';

const TIME = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** The buttons of the question. */
export const RESTORE = 'Restore';
export const RESTORE_ALL = 'Restore With Key Figures';

/** A question with what it means, as a modal dialog shows them. */
export interface Question {
  readonly message: string;
  readonly detail: string;
  readonly buttons: readonly string[];
}

/** A snapshot as the lists name it: why it was made, and when. */
export function snapshotTitle({ reason, snapshot_id: id, created_at_utc: at }: SnapshotHead): string {
  return `${reason === '' ? id : `“${reason}”`}, made ${TIME.format(new Date(at))}`;
}

/**
 * Asks before a restore, with the files of people's work that it would remove or change.
 *
 * @param stage the title of the stage from which it puts back; null for the whole project
 */
export function restoreQuestion(plan: RestorePlan, stage: string | null): Question {
  const { snapshot, removed, overwritten, broughtBack, keyFiguresDiffer } = plan;
  const what = stage === null ? 'the whole project' : `what ${stage} and the later stages write`;
  const lists: readonly (readonly [what: string, paths: readonly string[]])[] = [
    ['Removed, because they were made after the snapshot', removed],
    ['Changed back, and what was written in them since is lost', overwritten],
    ['Brought back', broughtBack],
  ];
  const told = lists.filter(([, paths]) => paths.length > 0).map(([name, paths]) => `${name}: ${shortList(paths)}.`);
  const keyFigures = keyFiguresDiffer
    ? `The key figures (${ARTEFACTS.qualityKpis}) were changed since and stay as they are, with the notes of their thresholds. “${RESTORE_ALL}” puts them back too.`
    : 'The key figures stay as they are.';
  return {
    message: `Put ${what} back to the snapshot ${snapshotTitle(snapshot)}?`,
    detail: [
      ...(told.length === 0 ? ['No file that people write is removed or changed.'] : told),
      'Catalogs, data and reports that the stages wrote are put back with their state of then.',
      `Decisions and signatures in governance stay as they are.${stage === null ? ` ${keyFigures}` : ''}`,
      `The present state is kept as a snapshot first, so that this can be taken back. Snapshot ${snapshot.snapshot_id}.`,
    ].join('\n\n'),
    buttons: keyFiguresDiffer ? [RESTORE, RESTORE_ALL] : [RESTORE],
  };
}
