import * as z from 'zod/mini';
import { Place } from '../../core/review/place.ts';
import { Comparison, Runs } from '../../core/review/runsModel.ts';
import { definePanel, NOTHING } from './panelProtocol.ts';

/** Past runs, and two of them compared. */
export const RUNS = definePanel({
  name: 'runs',
  questions: {
    content: { ask: NOTHING, answer: Runs },
    compare: { ask: z.object({ before: z.string(), after: z.string() }), answer: Comparison },
    /** A file as a run left it. */
    openKept: { ask: z.object({ run: z.string(), path: z.string() }), answer: NOTHING },
    open: { ask: Place, answer: NOTHING },
  },
  notices: {
    changed: NOTHING,
    /** Shows a run, or the comparison of two. */
    show: z.object({ before: z.nullable(z.string()), after: z.nullable(z.string()) }),
  },
});
