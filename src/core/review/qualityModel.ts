import * as z from 'zod/mini';

/** The quality report with what surrounds it, as the Quality panel shows it. Counts only; pages import this file. */

export const RULE_STATUSES = ['passed', 'failed', 'not_applicable', 'error'] as const;

/** One rule as the report has it, with what earlier runs found. */
export const RuleLine = z.object({
  id: z.string(),
  title: z.string(),
  /** The harm a failure does. */
  why: z.string(),
  severity: z.string(),
  /** Words of its group, e.g. `completeness`. */
  group: z.string(),
  domain: z.string(),
  status: z.enum(RULE_STATUSES),
  numerator: z.number(),
  denominator: z.number(),
  reason: z.string(),
  /** Lines in the issues file; fewer than the numerator when its cap was reached. */
  issuesWritten: z.number(),
  /** Failing rows in the runs of the overview; null where the rule was not judged. */
  trend: z.array(z.nullable(z.number())),
});
/** Some of the rules: those that ended so, in a domain and a group or in all. */
export const RuleChoice = z.object({
  statuses: z.array(z.enum(RULE_STATUSES)),
  domain: z.nullable(z.string()),
  group: z.optional(z.string()),
});
export type RuleChoice = z.infer<typeof RuleChoice>;
export type RuleLine = z.infer<typeof RuleLine>;

export const QualityOverview = z.object({
  /** Null when there is no report. */
  report: z.nullable(z.object({ at: z.string(), status: z.string(), patients: z.number(), rules: z.array(RuleLine) })),
  /** Why the report may no longer be true, one sentence each. */
  stale: z.array(z.string()),
  /** Why the report that is there cannot be used, and what to do; null when it can, or there is none. */
  unreadable: z.nullable(z.string()),
  notJudged: z.array(z.object({ id: z.string(), reason: z.string() })),
  /** Oldest first. */
  runs: z.array(
    z.object({
      id: z.string(),
      at: z.string(),
      errors: z.number(),
      warnings: z.number(),
      failedRules: z.number(),
      rules: z.number(),
    }),
  ),
});
export type QualityOverview = z.infer<typeof QualityOverview>;
