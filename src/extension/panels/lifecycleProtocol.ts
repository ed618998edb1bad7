import * as z from 'zod/mini';
import { Busy, Lifecycle } from '../../core/review/lifecycleModel.ts';
import { Place } from '../../core/review/place.ts';
import { SnapshotChanges } from '../../core/snapshots/snapshotChanges.ts';
import { definePanel, NOTHING } from './panelProtocol.ts';

/** A line of the live log. Names and counts only. */
const LogLine = z.object({
  at: z.string(),
  level: z.enum(['stage', 'info', 'warning', 'error']),
  text: z.string(),
});
export type LogLine = z.infer<typeof LogLine>;

const Now = z.object({
  ...Busy.shape,
  /** True when this window runs it, and so can cancel it. */
  here: z.boolean(),
});
export type Now = z.infer<typeof Now>;

/** What changed since a snapshot, by the name people know it by. */
const Compared = z.extend(SnapshotChanges, { title: z.string() });
export type Compared = z.infer<typeof Compared>;

/** The lifecycle: stages with their files, what runs now, what can be gone back to. */
export const LIFECYCLE_PANEL = definePanel({
  name: 'lifecycle',
  questions: {
    content: { ask: NOTHING, answer: z.object({ lifecycle: Lifecycle, now: Now, log: z.array(LogLine) }) },
    open: { ask: Place, answer: NOTHING },
    /** Everything, or from a stage on to the gates. */
    run: { ask: z.object({ from: z.nullable(z.string()) }), answer: NOTHING },
    /** One stage alone. */
    runStage: { ask: z.object({ stage: z.string() }), answer: NOTHING },
    cancel: { ask: NOTHING, answer: NOTHING },
    snapshot: { ask: NOTHING, answer: NOTHING },
    /** All of a snapshot, or what a stage and the later ones write; asks the person first. */
    restore: { ask: z.object({ snapshot: z.string(), stage: z.nullable(z.string()) }), answer: NOTHING },
    /** What changed since a snapshot; null when that could not be told, which the editor has said then. */
    compare: { ask: z.object({ snapshot: z.string() }), answer: z.object({ changes: z.nullable(Compared) }) },
    /** The contract of a snapshot and the present one side by side. */
    compareContract: { ask: z.object({ snapshot: z.string() }), answer: NOTHING },
  },
  notices: { changed: NOTHING, now: Now, log: LogLine },
});
