import * as z from 'zod/mini';
import { type CrosswalkFacts, LINE_COLUMNS, type LinePage } from '../../core/crosswalk/crosswalkShapes.ts';
import type { SheetPlan } from '../../core/review/rowSheet.ts';
import { definePanel, NOTHING } from './panelProtocol.ts';

/** What the crosswalk grid's page and the extension say to each other. `version` is the text's that the person saw. */

const Count = z.int().check(z.nonnegative());
const Text = z.string().check(z.maxLength(10_000));
const LineQueryShape = z.object({
  only: z.record(Text, z.array(Text)),
  text: z.string().check(z.maxLength(500)),
  withProblem: z.boolean(),
  sort: z.nullable(z.object({ column: Text, descending: z.boolean() })),
  used: z.nullable(z.boolean()),
});
const Selection = z.union([z.object({ indexes: z.array(Count) }), z.object({ query: LineQueryShape })]);
const Values = z.partial(
  z.object(
    Object.fromEntries(LINE_COLUMNS.map((column) => [column, Text])) as Record<
      (typeof LINE_COLUMNS)[number],
      typeof Text
    >,
  ),
);
const Edit = z.object({ version: Count, selection: Selection, set: Values });
const Edited = z.object({ message: z.string(), refused: z.array(z.string()) });

/** Made by the extension's own core; the page takes it as it is. */
function made<T>(): z.ZodMiniType<T> {
  return z.custom<T>((value) => typeof value === 'object' && value !== null);
}

export type LinesAnswer = LinePage & { readonly canEdit: boolean };
/** What an edit would do, without its replacements, which stay with the extension. */
export type PlanAnswer = Omit<SheetPlan, 'edits'>;

export const CROSSWALK_PANEL = definePanel({
  name: 'crosswalk',
  questions: {
    lines: {
      ask: z.object({ query: LineQueryShape, offset: Count, limit: Count.check(z.maximum(1000)) }),
      answer: made<LinesAnswer>(),
    },
    facts: { ask: NOTHING, answer: made<CrosswalkFacts>() },
    plan: { ask: Edit, answer: made<PlanAnswer>() },
    edit: { ask: Edit, answer: Edited },
    map: {
      ask: z.object({
        version: Count,
        lines: z.array(z.object({ sourceCode: Text, targetCode: Text })).check(z.maxLength(1000)),
      }),
      answer: Edited,
    },
    openText: { ask: z.object({ line: Count }), answer: NOTHING },
    openContract: { ask: z.object({ table: Text, field: Text, rowSet: Text }), answer: NOTHING },
  },
  notices: {
    /** The text or its problems changed: what is shown must be asked for again. */
    changed: z.object({ version: Count }),
    /** The project's data or contract changed: coverage must be asked for again. */
    data: NOTHING,
  },
});
