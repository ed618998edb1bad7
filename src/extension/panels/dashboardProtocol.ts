import * as z from 'zod/mini';
import { Dashboard } from '../../core/review/dashboardModel.ts';
import { Place } from '../../core/review/place.ts';
import { definePanel, NOTHING } from './panelProtocol.ts';

/** What one profile would decide now. */
const Decided = z.object({
  profile: z.string(),
  status: z.enum(['PASS', 'FAIL']),
  passed: z.int(),
  failed: z.array(z.string()),
  notProven: z.array(z.string()),
});
export type Decided = z.infer<typeof Decided>;

/** The dashboard: the whole model at once, it is small. */
export const DASHBOARD = definePanel({
  name: 'dashboard',
  questions: {
    content: { ask: NOTHING, answer: Dashboard },
    /** Decides for every profile, without writing a verdict. */
    decide: { ask: NOTHING, answer: z.array(Decided) },
    open: { ask: Place, answer: NOTHING },
    run: { ask: NOTHING, answer: NOTHING },
  },
  notices: { changed: NOTHING },
});
