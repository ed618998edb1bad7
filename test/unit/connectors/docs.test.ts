import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { connectorDocs } from '../../support/connectorDocs.ts';

const PAGE = 'docs/connectors.md';
const MARK = '<!-- made from the registry: UPDATE_DOCS=1 npx mocha test/unit/connectors/docs.test.ts -->';

describe('docs/connectors.md', () => {
  it('lists every connector, option and line of the policy as they are', async () => {
    const text = await readFile(PAGE, 'utf8');
    const [before = ''] = text.split(MARK);
    const wanted = `${before}${MARK}\n\n${connectorDocs()}\n`;
    if (process.env['UPDATE_DOCS'] !== undefined) await writeFile(PAGE, wanted);
    else assert.equal(text, wanted);
  });
});
