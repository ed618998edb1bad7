import * as z from 'zod/mini';
import { RestoreLine } from './lifecycleModel.ts';
import { Place } from './place.ts';
import { Difference } from './runsModel.ts';

/** Everything the dashboard shows, as plain data: the panel, the terminal and its `--json` show the same. */

const Count = z.number();
const Counted = z.object({ name: z.string(), rows: Count });

const Side = z.object({
  tables: Count,
  fields: Count,
  /** 0 to 1: how surely the fields were read, on average. */
  confidence: Count,
  place: Place,
});

/** UNKNOWN: the gate report is there and cannot be used, so no verdict is told. */
const Standing = z.enum(['PASS', 'FAIL', 'NOT_DECIDED', 'UNKNOWN']);

/** A report, or the roles file, that is there and cannot be used; the part that rests on it is null or unknown and says so. */
const Unreadable = z.object({
  part: z.enum(['schema', 'mapping', 'etl', 'tables', 'quality', 'gates', 'roles']),
  message: z.string(),
  place: Place,
});

const GateStanding = z.object({
  profile: z.string(),
  standing: Standing,
  /** When it was decided; null when it never was. */
  decidedAt: z.nullable(z.string()),
  /** False when what it was decided on changed since, or another profile was decided later. */
  current: z.boolean(),
  passed: Count,
  failed: z.array(z.string()),
  notProven: z.array(z.string()),
  place: z.nullable(Place),
});

const Blocker = z.object({
  /** The gate's id, or `stale`, `undecided` and `unreadable` when the gates must run first. */
  id: z.string(),
  title: z.string(),
  verdict: z.enum(['FAIL', 'NOT_PROVEN']),
  message: z.string(),
  ownerRole: z.string(),
  people: z.array(z.string()),
  /** What its message is about: its lines in the gate report, or what to run. */
  place: Place,
  /** The rows behind its numbers. */
  rows: z.array(z.object({ label: z.string(), place: Place })),
});

const RunPoint = z.object({
  id: z.string(),
  at: z.string(),
  rejected: z.nullable(Count),
  errors: z.nullable(Count),
  warnings: z.nullable(Count),
});

/** Crosswalks with how many of their lines were changed, added or removed. */
const CrosswalkChanges = z.array(z.object({ name: z.string(), lines: Count, place: Place }));

export const Dashboard = z.object({
  schema: z.nullable(z.object({ readAt: z.string(), source: Side, target: Side })),
  mapping: z.nullable(
    z.object({
      rows: Count,
      mandatory: Count,
      mandatoryUnresolved: Count,
      byClass: z.array(Counted),
      byStatus: z.array(Counted),
      /** Rows that are not approved, by who has them; '' for nobody. Most first. */
      openByOwner: z.array(Counted),
      /** Oldest first; the last one is now. */
      burnUp: z.array(z.object({ at: z.string(), total: Count, approved: Count, inReview: Count })),
    }),
  ),
  etl: z.nullable(
    z.object({
      at: z.string(),
      passed: z.boolean(),
      tables: Count,
      /** Rows of the source tables, each once; null where an older report does not tell. */
      sourceRows: z.nullable(Count),
      /** Row sets that load a target table; 0 where the table statistics are not there. */
      rowSets: Count,
      /** Rows read by the row sets, and left by none: a source row that two row sets read counts twice. */
      read: Count,
      loaded: Count,
      rejected: Count,
      excluded: Count,
      merged: Count,
      unexplained: Count,
      unknownCodes: Count,
      safetyCritical: Count,
      /** Target tables with rejects, most first. */
      worst: z.array(z.object({ table: z.string(), read: Count, rejected: Count })),
    }),
  ),
  quality: z.nullable(
    z.object({
      at: z.string(),
      passed: z.boolean(),
      patients: Count,
      rules: Count,
      rulesRan: Count,
      rulesFailed: Count,
      errors: Count,
      warnings: Count,
      domains: z.array(
        z.object({ domain: z.string(), rulesRan: Count, rulesFailed: Count, errors: Count, warnings: Count }),
      ),
    }),
  ),
  unreadable: z.array(Unreadable),
  gates: z.array(GateStanding),
  blockers: z.array(Blocker),
  changes: z.object({
    /** The newest run that left reports; null when there is none. */
    run: z.nullable(z.object({ id: z.string(), at: z.string(), command: z.string(), status: z.string() })),
    /** Contract rows that were changed after that run began, and by whom. */
    contractRows: Count,
    people: z.array(z.string()),
    /** Crosswalks that were changed after that run. */
    crosswalks: CrosswalkChanges,
    /** The newest restore after that run: the reports are then those of an earlier run. */
    restored: z.nullable(z.object({ ...RestoreLine.shape, who: z.string() })),
    /** Titles of stages whose inputs are newer than their outputs. */
    staleStages: z.array(z.string()),
    /** The last run before it that made anew what it left, when both can be compared. */
    previous: z.nullable(
      z.object({
        id: z.string(),
        at: z.string(),
        ...Difference.shape,
        /** Crosswalks that were changed between the two. */
        crosswalks: CrosswalkChanges,
        place: Place,
      }),
    ),
  }),
  /** Runs that left reports, oldest first. */
  trend: z.array(RunPoint),
});
export type Dashboard = z.infer<typeof Dashboard>;
export type DashboardUnreadable = z.infer<typeof Unreadable>;
export type DashboardGates = z.infer<typeof GateStanding>;
export type DashboardBlocker = z.infer<typeof Blocker>;
