import assert from 'node:assert/strict';
import { z } from 'zod';
import { parseOptions } from '../../src/core/lifecycle/runStage.ts';

const stage = {
  id: 'demo',
  options: z.object({
    step: z.enum(['a', 'b', 'c']),
    rows: z.int().min(1).max(5).optional(),
    name: z.string().min(1).optional(),
    code: z.string().min(3).max(4).optional(),
    tags: z.array(z.string()).min(2).optional(),
    key: z.string().regex(/^x/).optional(),
    day: z.string().regex(/^\d/, 'must be a day').optional(),
  }),
};

describe('what is wrong with an option', () => {
  const cases: readonly (readonly [Record<string, unknown>, string])[] = [
    [{}, '--step: is needed: one of a, b, c'],
    [{ step: 'd' }, '--step: must be one of a, b, c'],
    [{ step: 3 }, '--step: must be one of a, b, c'],
    [{ step: 'a', rows: 1.5 }, '--rows: must be a whole number'],
    [{ step: 'a', rows: 'x' }, '--rows: must be a number'],
    [{ step: 'a', rows: 0 }, '--rows: must be at least 1'],
    [{ step: 'a', rows: 6 }, '--rows: must be at most 5'],
    [{ step: 'a', name: '' }, '--name: must not be empty'],
    [{ step: 'a', name: 7 }, '--name: must be a text'],
    [{ step: 'a', code: 'x' }, '--code: must have at least 3 characters'],
    [{ step: 'a', code: 'xxxxx' }, '--code: may have at most 4 characters'],
    [{ step: 'a', tags: ['x'] }, '--tags: must have at least 2 entries'],
    [{ step: 'a', key: 'y' }, '--key: is not of the form it must have'],
    [{ step: 'a', day: 'y' }, '--day: must be a day'],
    [{ step: 'a', other_one: 'y' }, '--other-one: is not known here'],
  ];
  for (const [given, told] of cases)
    it(`says "${told}"`, () => assert.throws(() => parseOptions(stage, given), { message: `demo: option ${told}.` }));
});
