import * as z from 'zod/mini';
import { Place } from '../../core/review/place.ts';
import { Users } from '../../core/review/usersModel.ts';
import { definePanel, NOTHING } from './panelProtocol.ts';

/** People and roles of the project. */
export const USERS = definePanel({
  name: 'users',
  questions: {
    content: { ask: NOTHING, answer: Users },
    open: { ask: Place, answer: NOTHING },
    /** Makes a roles file to fill in. */
    create: { ask: NOTHING, answer: z.object({}) },
  },
  notices: { changed: NOTHING },
});
