import assert from 'node:assert/strict';
import { linkCandidates } from '../../../src/core/profile/linkCandidates.ts';
import { smallCatalog } from '../../support/catalog.ts';
import { type Line, profiled } from './profiled.ts';

const told = (links: readonly Line[]): string[] =>
  links.map(
    (link) =>
      `${link['from_table']}.${link['from_field']} > ${link['to_table']}.${link['to_field']} ${link['origin']} ${link['containment']}`,
  );

const PATIENTS = 'PAT\n PAT_NO VARCHAR key';

describe('links in the source data', () => {
  it('gives declared and inferred ones with the share of values that are keys', async () => {
    const fields = `${PATIENTS}\n REF\n REF_NO VARCHAR key\n PAT_NO VARCHAR\n SEEN_PAT VARCHAR ->PAT.PAT_NO`;
    const data = { 'PAT.csv': 'PAT_NO\n1\n2\n3\n', 'REF.csv': 'REF_NO,PAT_NO,SEEN_PAT\nA,1,9\nB,2,8\nC,3,1\n' };
    await profiled(fields, data, ({ links }) => {
      assert.deepEqual(told(links), ['REF.PAT_NO > PAT.PAT_NO inferred 1', 'REF.SEEN_PAT > PAT.PAT_NO declared 0.333']);
    });
  });

  it('infers them from names of any case that end in the name of a key', async () => {
    const fields = `${PATIENTS}\n REF\n old_pat_no VARCHAR`;
    await profiled(fields, { 'PAT.csv': 'PAT_NO\n1\n', 'REF.csv': 'old_pat_no\n1\n' }, ({ links }) => {
      assert.deepEqual(told(links), ['REF.old_pat_no > PAT.PAT_NO inferred 1']);
      assert.equal(links[0]?.['score'], '0.7');
    });
  });

  const shares: readonly [what: string, found: number, kept: number][] = [
    ['keeps an inferred link that nine values in ten bear out', 9, 1],
    ['leaves out one that only eight in ten do', 8, 0],
  ];
  for (const [what, found, kept] of shares) {
    it(what, async () => {
      const own = Array.from({ length: 10 }, (_, at) => (at < found ? `${at}` : `x${at}`));
      const keys = Array.from({ length: 20 }, (_, at) => `${at}`);
      const data = { 'PAT.csv': `PAT_NO\n${keys.join('\n')}\n`, 'REF.csv': `PAT_NO\n${own.join('\n')}\n` };
      await profiled(`${PATIENTS}\n REF\n PAT_NO VARCHAR`, data, ({ links }) => assert.equal(links.length, kept));
    });
  }

  it('says when there are no data to compare', async () => {
    await profiled(`${PATIENTS}\n REF\n PAT_NO VARCHAR`, { 'REF.csv': 'PAT_NO\n7\n' }, ({ links }) => {
      assert.deepEqual(told(links), ['REF.PAT_NO > PAT.PAT_NO inferred ']);
      assert.match(links[0]?.['reason'] ?? '', /no data to compare/);
    });
  });

  it('asks neither for other types, nor for bare key names, nor beside a declared link', () => {
    const fields = `${PATIENTS}\n A\n ID VARCHAR key\n B\n ID VARCHAR\n PAT_NO INTEGER\n C\n MY_PAT_NO VARCHAR ->A.ID`;
    const found = linkCandidates(smallCatalog('source', fields));
    assert.deepEqual(
      found.map(({ from, to, origin }) => [from.field, to.table, origin]),
      [['MY_PAT_NO', 'A', 'declared']],
    );
  });

  it('asks for some thousands of pairs at most', () => {
    const tables = Array.from({ length: 120 }, (_, at) => `T${at}\n ROWKEY_NO VARCHAR key`);
    assert.ok(linkCandidates(smallCatalog('source', tables.join('\n '))).length <= 4000);
  });
});
