import * as z from 'zod/mini';
import { Place } from './place.ts';

const Count = z.number();

/** A past run as the runs panel lists it. */
const RunLine = z.object({
  id: z.string(),
  /** Its command, and the stage it went from when that was not the first. */
  name: z.string(),
  at: z.string(),
  durationMs: Count,
  status: z.string(),
  returnCode: Count,
  message: z.string(),
  options: z.string(),
  gates: z.nullable(
    z.object({ profile: z.string(), status: z.string(), failed: z.array(z.string()), notProven: z.array(z.string()) }),
  ),
  rows: z.nullable(z.object({ read: Count, loaded: Count, rejected: Count, excluded: Count })),
  quality: z.nullable(z.object({ rules: Count, failed: Count, errors: Count, warnings: Count })),
  /** Files the run left, as they were then; empty when it kept none, and then it cannot be compared. */
  kept: z.array(z.string()),
});
export type RunLine = z.infer<typeof RunLine>;

/** The history, newest first. */
export const Runs = z.object({
  /** Of stages, lifecycle and loads; `more` are older than those listed. */
  runs: z.array(RunLine),
  more: Count,
  /** Of other commands, as setting a key figure or keeping a snapshot; `moreOthers` are older. */
  others: z.array(RunLine),
  moreOthers: Count,
  /** The last run, and the one to compare it with. */
  last: z.nullable(z.tuple([z.string(), z.string()])),
  /** What of the file of runs could not be read, and where; null when all could. */
  unread: z.nullable(z.object({ message: z.string(), place: Place })),
});
export type Runs = z.infer<typeof Runs>;

const CountChange = z.object({ name: z.string(), before: Count, after: Count, added: Count, gone: Count });
const Cause = z.object({
  rule: z.string(),
  table: z.string(),
  field: z.string(),
  severityBefore: z.nullable(z.string()),
  severityAfter: z.nullable(z.string()),
  before: Count,
  after: Count,
  added: Count,
  fixed: Count,
  back: Count,
  worse: z.boolean(),
});
const RowChange = z.object({
  targetTable: z.string(),
  targetField: z.string(),
  rowSet: z.string(),
  kind: z.string(),
  impact: z.string(),
  changes: z.array(z.object({ column: z.string(), before: z.string(), after: z.string() })),
});

const BothRuns = z.tuple([z.nullable(Count), z.nullable(Count)]);

/** What differs between two runs by the history; the dashboard tells it of the last two. */
export const Difference = z.object({
  profiles: z.tuple([z.nullable(z.string()), z.nullable(z.string())]),
  gates: z.array(
    z.object({ profile: z.string(), gate: z.string(), before: z.nullable(z.string()), after: z.nullable(z.string()) }),
  ),
  read: BothRuns,
  rejected: BothRuns,
  errors: BothRuns,
  warnings: BothRuns,
  otherInput: z.boolean(),
});
export type Difference = z.infer<typeof Difference>;

/** Two runs compared, as the panel shows it: of very many differences the first, with their number. */
export const Comparison = z.object({
  ...Difference.shape,
  contract: z.array(RowChange),
  contractTotal: Count,
  impacts: z.object({ breaking: Count, additive: Count, review: Count }),
  rejects: z.array(CountChange),
  issues: z.array(Cause),
  issuesTotal: Count,
  totals: z.object({ added: Count, fixed: Count, back: Count, worse: Count }),
  pastRuns: Count,
});
export type Comparison = z.infer<typeof Comparison>;
export type CauseChange = z.infer<typeof Cause>;
export type ContractChange = z.infer<typeof RowChange>;
