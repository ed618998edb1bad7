import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { csvText } from '../../../src/core/csv/csvText.ts';
import { recordBatches } from '../../../src/core/load/recordBatches.ts';

describe('Batches of a CSV', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pas-batches-'));
  });
  after(() => rm(folder, { recursive: true }));

  async function batchesOf(text: string, start: number, size: number): Promise<string[]> {
    const path = join(folder, 'table.csv');
    await writeFile(path, text);
    const batches = [''];
    for await (const { bytes, endsBatch } of recordBatches(path, start, size)) {
      batches[batches.length - 1] += bytes.toString('latin1');
      if (endsBatch) batches.push('');
    }
    return batches.map((batch) => Buffer.from(batch, 'latin1').toString('utf8')).filter((batch) => batch !== '');
  }

  it('together are the file, and each ends with a whole record, whatever the cells hold', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', '\n', ',', 'é', '\r', ' '), maxLength: 12 });
    const rows = fc.array(fc.tuple(cell, cell), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 1, max: 80 }), async (table, size) => {
        const text = csvText(['A', 'B'], table);
        const batches = await batchesOf(text, 4, size);
        assert.equal(batches.join(''), text.slice(4));
        for (const batch of batches) {
          assert.ok(batch.endsWith('\n'));
          assert.equal((batch.match(/"/g)?.length ?? 0) % 2, 0);
        }
        // All but the last are as full as they should be.
        for (const batch of batches.slice(0, -1)) assert.ok(Buffer.byteLength(batch) >= size);
      }),
      { numRuns: 150 },
    );
  });

  it('keeps a file without a last line end whole', async () => {
    assert.deepEqual(await batchesOf('A\n1\n22\n333', 2, 3), ['1\n22\n', '333']);
  });
});
