import * as z from 'zod/mini';
import { definePanel, NOTHING } from './panelProtocol.ts';

/** What the page of a contract preview and the extension say to each other. */

/** Lists are only read. */
const list = <T extends z.ZodMiniType>(item: T) => z.readonly(z.array(item));
const Change = z.object({ before: z.number(), after: z.number() });
const Impact = z.enum(['breaking', 'additive', 'review', 'none']);
const Verdict = z.object({
  id: z.string(),
  title: z.string(),
  before: z.string(),
  after: z.string(),
  actualBefore: z.string(),
  actualAfter: z.string(),
});

/** A `ContractPlan` of the core. */
const Plan = z.object({
  changes: list(
    z.object({
      targetTable: z.string(),
      targetField: z.string(),
      rowSet: z.string(),
      kind: z.enum(['added', 'removed', 'changed']),
      impact: Impact,
      words: z.string(),
      changes: list(z.object({ column: z.string(), before: z.string(), after: z.string() })),
    }),
  ),
  crosswalks: list(z.string()),
  impact: Impact,
  tables: list(
    z.object({
      table: z.string(),
      rows: Change,
      rowsGone: z.number(),
      rowsNew: z.number(),
      rowsChanged: z.number(),
      columns: list(z.object({ field: z.string(), rows: z.number() })),
      patients: z.nullable(z.number()),
    }),
  ),
  patients: z.number(),
  rows: z.object({ read: Change, written: Change, rejected: Change, excluded: Change, merged: Change }),
  imputed: Change,
  rejects: list(z.extend(Change, { reason: z.string(), added: z.number(), gone: z.number() })),
  rejectFields: list(
    z.object({ table: z.string(), field: z.string(), reason: z.string(), added: z.number(), gone: z.number() }),
  ),
  rules: list(Verdict),
  gates: list(Verdict),
  release: z.object({ profile: z.string(), before: z.string(), after: z.string() }),
  basis: z.object({
    before: z.enum(['current outputs', 'run', 'cannot run']),
    reason: z.string(),
    profile: z.string(),
    imputeMode: z.string(),
    sourceDir: z.string(),
  }),
});
export type PlanShown = z.infer<typeof Plan>;

/** How a preview ended. */
const Outcome = z.object({
  /** What was tried, e.g. `reports/mapping_contract.csv, not saved`. */
  what: z.string(),
  at: z.string(),
  /** Null when it cannot run: then `refusal` says why. */
  plan: z.nullable(Plan),
  refusal: z.nullable(
    z.object({
      message: z.string(),
      problems: list(z.object({ message: z.string(), file: z.string(), line: z.number() })),
    }),
  ),
});
export type PlanOutcome = z.infer<typeof Outcome>;

export const PLAN_PANEL = definePanel({
  name: 'plan',
  questions: {
    /** The last preview of the project; null when there was none since the window opened. */
    last: { ask: NOTHING, answer: z.object({ outcome: z.nullable(Outcome) }) },
    /** Tries the contract as the editor has it now. */
    again: { ask: NOTHING, answer: NOTHING },
    /** Shows a contract row; an empty field stands for a row of the tables file. */
    openRow: {
      ask: z.object({ table: z.string(), field: z.string(), rowSet: z.string() }),
      answer: NOTHING,
    },
    openPlace: { ask: z.object({ file: z.string(), line: z.number() }), answer: NOTHING },
  },
  notices: { planned: z.object({ outcome: Outcome }) },
});
