import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FileScan, scanFile } from '../../../src/core/project/scanFile.ts';

async function scan(bytes: string | Buffer): Promise<FileScan> {
  const directory = await mkdtemp(join(tmpdir(), 'scan-'));
  try {
    await writeFile(join(directory, 'file.csv'), bytes);
    return await scanFile(join(directory, 'file.csv'), new AbortController().signal);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const CASES: readonly [what: string, bytes: string | Buffer, expected: Partial<FileScan>][] = [
  ['nothing', '', { records: 0, bytes: 0, lineEnds: 'none', utf8: true }],
  ['a header only', 'A,B\n', { records: 0, lineEnds: 'lf' }],
  ['a last line without end', 'A,B\n1,2', { records: 1 }],
  ['CRLF', 'A,B\r\n1,2\r\n', { records: 1, lineEnds: 'crlf' }],
  ['both line ends', 'A,B\r\n1,2\n', { records: 1, lineEnds: 'mixed' }],
  ['CR alone', 'A,B\r1,2\r3,4', { lineEnds: 'cr' }],
  ['a line end inside quotes', 'A,B\n"1\n1",2\n', { records: 1, openQuote: false }],
  ['a doubled quote', 'A\n"say ""hi""\n"\n', { records: 1, openQuote: false }],
  ['an open quote', 'A\n"1\n2\n', { openQuote: true }],
  ['blank lines', 'A\n\n1\n\n', { records: 1 }],
  ['a NUL', 'A\n\0\n', { holdsNul: true }],
  ['Windows-1252', Buffer.from('A\nSi\xe2n\n', 'latin1'), { utf8: false }],
  ['a character cut at the end', Buffer.from([65, 10, 0xe2, 0x82]), { utf8: false }],
];

describe('the second reader of a CSV', () => {
  for (const [what, bytes, expected] of CASES) {
    it(`sees ${what}`, async () => {
      const found = await scan(bytes);
      assert.deepEqual(
        Object.fromEntries(Object.keys(expected).map((key) => [key, found[key as keyof FileScan]])),
        expected,
      );
    });
  }

  it('counts the same whatever way a large file is cut into pieces', async () => {
    const rows = Array.from({ length: 60_000 }, (_, index) => `${index},"é,€\n${'x'.repeat(index % 40)}",ü`);
    const found = await scan(`N,TEXT,C\n${rows.join('\n')}\n`);
    assert.equal(found.records, 60_000);
    assert.equal(found.utf8, true);
    assert.equal(found.openQuote, false);
  });
});
