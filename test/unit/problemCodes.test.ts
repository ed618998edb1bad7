import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DOUBTS } from '../../src/core/spec/fieldType.ts';

describe('problem codes', () => {
  it('are all explained in docs/problems.md', async () => {
    const page = await readFile('docs/problems.md', 'utf8');
    const codes = new Set(Object.keys(DOUBTS).map((doubt) => `spec-${doubt}`));
    for (const name of await readdir('src/core', { recursive: true })) {
      if (!name.endsWith('.ts')) continue;
      const text = await readFile(join('src/core', name), 'utf8');
      for (const [, code = ''] of text.matchAll(/code: '([a-z]+-[a-z-]+)'/g)) codes.add(code);
    }
    assert.ok(codes.size > 30, `${codes.size} codes found`);
    const missing = [...codes].filter((code) => !page.includes(`<a id="${code}"></a>`));
    assert.deepEqual(missing, []);
  });
});
