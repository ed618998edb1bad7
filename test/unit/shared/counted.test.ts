import assert from 'node:assert/strict';
import { counted } from '../../../src/core/shared/counted.ts';

describe('a number with its noun', () => {
  it('has one of it, or several', () => {
    assert.deepEqual(
      [counted(1, 'row'), counted(0, 'row'), counted(1200, 'row'), counted(2, 'person', 'people')],
      ['1 row', '0 rows', '1,200 rows', '2 people'],
    );
  });
});
