import * as z from 'zod/mini';
import { Place } from './place.ts';

const StageFile = z.object({ path: z.string(), changedAt: z.nullable(z.number()), place: Place });

/** A restore as panels tell it. */
export const RestoreLine = z.object({
  at: z.string(),
  snapshot: z.string(),
  snapshotAt: z.string(),
  /** Why the snapshot was made; empty when nobody said. */
  reason: z.string(),
  /** Title of the stage from which it put back; null for the whole project. */
  from: z.nullable(z.string()),
});
export type RestoreLine = z.infer<typeof RestoreLine>;

/** A stage with its files, its age and how long it took so far. */
const Stage = z.object({
  id: z.string(),
  title: z.string(),
  summary: z.string(),
  ownerRole: z.string(),
  people: z.array(z.string()),
  /** How it stands by its files: passed, failed, error, cancelled, unreadable; empty when it never ran. */
  status: z.string(),
  message: z.string(),
  /** Milliseconds since 1970; null when an output is missing. */
  madeAt: z.nullable(z.number()),
  /** The restore that brought its files; null when a run wrote them. */
  restored: z.nullable(RestoreLine),
  stale: z.boolean(),
  /** Inputs that are not as it read them. */
  changed: z.array(z.string()),
  inputs: z.array(StageFile),
  outputs: z.array(StageFile),
  /** Oldest first. */
  durations: z.array(z.object({ at: z.string(), ms: z.number(), status: z.string() })),
});

const Progress = z.object({
  stage: z.string(),
  item: z.string(),
  done: z.number(),
  total: z.number(),
  rows: z.nullable(z.number()),
});

/** What is going on in the project, whoever started it. */
export const Busy = z.object({ command: z.nullable(z.string()), progress: z.nullable(Progress) });
export type Busy = z.infer<typeof Busy>;

const SnapshotLine = z.object({
  id: z.string(),
  at: z.string(),
  kind: z.string(),
  reason: z.string(),
  files: z.number(),
  bytes: z.number(),
  verdict: z.nullable(z.string()),
  rejects: z.nullable(z.number()),
});

/** Everything the lifecycle panel shows. */
export const Lifecycle = z.object({
  stages: z.array(Stage),
  snapshots: z.array(SnapshotLine),
  busy: Busy,
});
export type Lifecycle = z.infer<typeof Lifecycle>;
export type LifecycleStage = z.infer<typeof Stage>;
export type LifecycleSnapshot = z.infer<typeof SnapshotLine>;
