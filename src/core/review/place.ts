import * as z from 'zod/mini';
import { ISSUE_GROUPINGS } from './issues/issueQuery.ts';
import { RuleChoice } from './qualityModel.ts';

/** What a number of a panel opens: the rows behind it. Pages send it back as they got it. */
export const Place = z.discriminatedUnion('kind', [
  /** A file of the project, at a line when one is named. */
  z.object({ kind: z.literal('file'), path: z.string(), line: z.optional(z.int()) }),
  /** The contract grid with only these values in these columns. */
  z.object({ kind: z.literal('contract'), only: z.record(z.string(), z.array(z.string())) }),
  /** A gate's lines in the gate report. */
  z.object({ kind: z.literal('gate'), id: z.string() }),
  /** Quality issues of a domain, a severity or a rule; null: of all. */
  z.object({
    kind: z.literal('issues'),
    domain: z.nullable(z.string()),
    severity: z.nullable(z.string()),
    rule: z.nullable(z.string()),
  }),
  /** The issue explorer with only these values of these facets, by lines or summed up. */
  z.object({
    kind: z.literal('explorer'),
    only: z.record(z.string(), z.array(z.string())),
    grouping: z.optional(z.enum(ISSUE_GROUPINGS)),
  }),
  /** The quality rules that ended so, in a domain or in all. */
  z.object({ kind: z.literal('rules'), ...RuleChoice.shape }),
  /** Rejected cells of a target table; null: of all. */
  z.object({ kind: z.literal('rejects'), table: z.nullable(z.string()) }),
  /** The runs panel, comparing two runs when they are named. */
  z.object({ kind: z.literal('runs'), before: z.nullable(z.string()), after: z.nullable(z.string()) }),
  z.object({ kind: z.literal('lifecycle') }),
  z.object({ kind: z.literal('users') }),
]);
export type Place = z.infer<typeof Place>;

/** A file of the project. */
export function filePlace(path: string, line?: number): Place {
  return line === undefined ? { kind: 'file', path } : { kind: 'file', path, line };
}
