import { z } from 'zod';
import { STAGE_IDS } from '../lifecycle/stages.ts';

/** What a command put back, as the history keeps it. */
export const Restored = z.object({
  snapshot_id: z.string(),
  snapshot_at_utc: z.string(),
  /** Why the snapshot was made; empty when nobody said. */
  reason: z.string(),
  /** Stage from which it put back; null for the whole project. */
  from: z.string().nullable(),
});
export type Restored = z.infer<typeof Restored>;

/** A restore that was made, as views tell it. */
export interface PastRestore {
  /** Run id of the command that made it. */
  readonly run: string;
  readonly at: string;
  readonly snapshot: string;
  readonly snapshotAt: string;
  readonly reason: string;
  readonly from: string | null;
}

/** What of a past run tells of a restore. */
interface Told {
  readonly run_id: string;
  readonly started_at_utc: string;
  readonly restored: Restored | null;
}

/** The restores of a history, in its order. */
export function restoresOf(history: readonly Told[]): PastRestore[] {
  return history.flatMap(({ run_id: run, started_at_utc: at, restored }) =>
    restored === null
      ? []
      : [
          {
            run,
            at,
            snapshot: restored.snapshot_id,
            snapshotAt: restored.snapshot_at_utc,
            reason: restored.reason,
            from: restored.from,
          },
        ],
  );
}

/** Whether a restore put back what a stage writes. */
export function covers({ from }: PastRestore, stage: string): boolean {
  return from === null || STAGE_IDS.indexOf(stage) >= STAGE_IDS.indexOf(from);
}
