import type { PastRestore } from '../history/restores.ts';
import { STAGES } from '../lifecycle/stages.ts';
import type { RestoreLine } from './lifecycleModel.ts';

/** A restore with the title of its stage, for panels. */
export function restoreLine({ at, snapshot, snapshotAt, reason, from }: PastRestore): RestoreLine {
  return { at, snapshot, snapshotAt, reason, from: STAGES.find(({ id }) => id === from)?.title ?? from };
}
