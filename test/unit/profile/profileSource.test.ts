import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { column, profiled } from './profiled.ts';

const times = (count: number, value: string): string[] => Array.from({ length: count }, () => value);

describe('profile-source', () => {
  it('shows no value that fewer than five rows hold, not as least, greatest or frequent one', async () => {
    const values = [...times(5, 'M'), ...times(6, 'F'), ...times(4, 'ZZRARE'), 'AARARE', ''];
    await profiled('T\n V VARCHAR', { 'T.csv': column(values) }, async ({ lines, project, text }) => {
      const line = lines.get('T.V') ?? {};
      assert.deepEqual(JSON.parse(line['top_values'] ?? ''), [
        ['F', 6],
        ['M', 5],
      ]);
      assert.deepEqual([line['min_value'], line['max_value'], line['distinct_count']], ['F', 'M', '4']);
      assert.deepEqual([line['rows'], line['nulls'], line['null_percent']], ['17', '1', '5.9']);
      assert.deepEqual([line['min_length'], line['max_length']], ['1', '6']);
      for (const file of ['source_profile.csv', 'source_profile.json', 'source_relationships.csv'])
        assert.doesNotMatch(await project.read(`reports/${file}`), /RARE/);
      assert.doesNotMatch(text + JSON.stringify(project.events), /RARE/);
    });
  });

  it('shows nothing of a column in which no value is frequent', async () => {
    await profiled('T\n V VARCHAR', { 'T.csv': column(['a', 'b', 'c']) }, ({ lines }) => {
      const line = lines.get('T.V') ?? {};
      assert.deepEqual([line['min_value'], line['max_value'], line['top_values']], ['', '', '[]']);
    });
  });

  it('shows ten values, by count and then by value', async () => {
    const values = [...times(7, 'z'), ...'lkjihgfedcba'.split('').flatMap((letter) => times(5, letter))];
    await profiled('T\n V VARCHAR', { 'T.csv': column(values) }, ({ lines }) => {
      const top = JSON.parse(lines.get('T.V')?.['top_values'] ?? '') as [string, number][];
      assert.equal(top.map(([value]) => value).join(''), 'zabcdefghi');
    });
  });

  const ordered: readonly [what: string, values: readonly string[], least: string, greatest: string][] = [
    ['numbers by size', ['9', '10', '100', '-5'], '-5', '100'],
    ['British days by calendar', ['31/01/1999', '01/12/2024', '15/06/2001'], '31/01/1999', '01/12/2024'],
    ['text by its characters', ['b', 'B', 'a'], 'B', 'b'],
  ];
  for (const [what, values, least, greatest] of ordered) {
    it(`compares ${what}`, async () => {
      const all = values.flatMap((value) => times(5, value));
      await profiled('T\n V VARCHAR', { 'T.csv': column(all) }, ({ lines }) => {
        assert.deepEqual([lines.get('T.V')?.['min_value'], lines.get('T.V')?.['max_value']], [least, greatest]);
      });
    });
  }

  it('keeps values with commas, quotes, line ends and equals signs whole', async () => {
    const odd = ['a,b', 'say ""x""', 'two\nlines', 'k=v', "it's"];
    await profiled('T\n V VARCHAR', { 'T.csv': column(odd.flatMap((value) => times(5, value))) }, ({ lines }) => {
      const top = JSON.parse(lines.get('T.V')?.['top_values'] ?? '') as [string, number][];
      assert.deepEqual(new Set(top.map(([value]) => value)), new Set(['a,b', 'say "x"', 'two\nlines', 'k=v', "it's"]));
    });
  });

  it('tells of keys that repeat', async () => {
    await profiled('T\n V VARCHAR key', { 'T.csv': column(['1', '1', '2']) }, ({ lines }) => {
      assert.match(lines.get('T.V')?.['notes'] ?? '', /values repeat/);
    });
  });

  const bad: readonly [what: string, files: Record<string, string>, says: RegExp][] = [
    ['a missing file', {}, /^data\/T\.csv: .*not found/m],
    ['an empty file', { 'T.csv': '' }, /^data\/T\.csv:1: .*empty/m],
    ['a header without the column', { 'T.csv': 'W\n1\n' }, /^data\/T\.csv:1: The header lacks V/m],
    ['a header with a column twice', { 'T.csv': 'V,V\n1,2\n' }, /^data\/T\.csv:1: .*column 2/m],
    ['a header with a nameless column', { 'T.csv': 'V,\n1,2\n' }, /^data\/T\.csv:1: .*column 2/m],
    ['mixed line ends', { 'T.csv': 'V\r\na\nb\r\n' }, /^data\/T\.csv:1: The file cannot be read as CSV/m],
    ['a quote that stays open', { 'T.csv': 'V\n"SECRET\nSECRET\n' }, /^data\/T\.csv:2: 1 of 1 rows cannot be read/m],
  ];
  for (const [what, files, says] of bad) {
    it(`says so about ${what}, with its place, and profiles the other tables`, async () => {
      const fields = 'T\n V VARCHAR\n U\n V VARCHAR';
      await profiled(fields, { ...files, 'U.csv': 'V\nx\n' }, ({ lines, returnCode, text, report }) => {
        assert.equal(returnCode, 1);
        assert.match(text, says);
        assert.doesNotMatch(text, /SECRET/);
        assert.equal(lines.get('U.V')?.['rows'], '1');
        const [problem] = report['problems'] as { severity: string; file: string }[];
        assert.deepEqual([problem?.severity, problem?.file], ['error', 'data/T.csv']);
      });
    });
  }

  it('does not show the first row of a file that has no header', async () => {
    await profiled('T\n V VARCHAR', { 'T.csv': 'SMITH,SMITH\nJONES,X\n' }, ({ text, report }) => {
      assert.doesNotMatch(text + JSON.stringify(report), /SMITH|JONES/);
    });
  });

  it('counts ragged rows, says where the first one is and profiles the rest', async () => {
    const rows = Array.from({ length: 40 }, (_, at) => (at === 20 ? 'a,b,c,d' : at === 30 ? 'a' : `v${at},w`));
    const fields = 'T\n V VARCHAR\n W VARCHAR';
    await profiled(fields, { 'T.csv': `V,W\n${rows.join('\n')}\n` }, ({ lines, text, status }) => {
      assert.equal(status, 'passed');
      assert.match(text, /^data\/T\.csv:22: 2 of 40 rows cannot be read/m);
      assert.equal(lines.get('T.V')?.['rows'], '38');
    });
  });

  it('fails when more than one row in twenty cannot be read', async () => {
    const fields = 'T\n V VARCHAR\n W VARCHAR';
    await profiled(fields, { 'T.csv': 'V,W\na,b\nc,d,e,f\ng,h\n' }, ({ lines, text, returnCode }) => {
      assert.equal(returnCode, 1);
      assert.match(text, /data\/T\.csv:3: 1 of 3 rows/);
      assert.equal(lines.get('T.V')?.['rows'], '2');
    });
  });

  it('matches columns by name and leaves out those the catalog does not know', async () => {
    const fields = 'T\n V VARCHAR\n W VARCHAR';
    await profiled(fields, { 'T.csv': 'X,W,V\r\n1,,b\r\n1,,b\r\n' }, ({ lines, text, status }) => {
      assert.equal(status, 'passed');
      assert.deepEqual([...lines.keys()], ['T.V', 'T.W']);
      assert.deepEqual([lines.get('T.V')?.['nulls'], lines.get('T.W')?.['nulls']], ['0', '2']);
      assert.match(text, /1 columns that the source catalog does not know \(column 1/);
    });
  });

  it('profiles a table with a header only', async () => {
    await profiled('T\n V VARCHAR', { 'T.csv': 'V\n' }, ({ lines, status }) => {
      assert.equal(status, 'passed');
      const line = lines.get('T.V') ?? {};
      assert.deepEqual([line['rows'], line['null_percent'], line['min_length'], line['notes']], ['0', '0', '', '']);
    });
  });

  it('reports tables, rows, columns and the hashes of the files', async () => {
    const text = 'V\na\nb\n';
    await profiled('T\n V VARCHAR', { 'T.csv': text }, ({ report }) => {
      assert.deepEqual([report['rows'], report['columns']], [2, 1]);
      assert.deepEqual(report['tables'], [{ table: 'T', path: 'data/T.csv', rows: 2, unreadable: 0 }]);
      const sha256 = createHash('sha256').update(text).digest('hex');
      assert.deepEqual(report['files'], [{ path: 'data/T.csv', sha256, bytes: text.length }]);
    });
  });

  it('stops when cancelled, and leaves earlier outputs as they are', async () => {
    const abort = new AbortController();
    const rows = Array.from({ length: 200_000 }, (_, at) => `${at}`).join('\n');
    setTimeout(() => abort.abort(), 60);
    await profiled(
      'T\n V VARCHAR\n U\n V VARCHAR',
      { 'T.csv': `V\n${rows}\n`, 'U.csv': `V\n${rows}\n` },
      async ({ returnCode, project }) => {
        assert.equal(returnCode, 130);
        assert.equal(await project.readIfThere('reports/source_profile.csv'), null);
      },
      { signal: abort.signal },
    );
  });

  it('gives the same bytes on 1 and 2 threads, on 200,000 rows', async () => {
    const rows = Array.from({ length: 200_000 }, (_, at) => `${at % 977},${(at * 7919) % 1_000_003},${at}`);
    const fields = 'T\n V VARCHAR\n W_NO VARCHAR\n T_NO VARCHAR key\n U\n T_NO VARCHAR';
    const files = { 'T.csv': `V,W_NO,T_NO\n${rows.join('\n')}\n`, 'U.csv': 'T_NO\n5\n6\n' };
    const run = (threads: number): Promise<string> =>
      profiled(
        fields,
        files,
        async ({ project, status }) => {
          assert.equal(status, 'passed');
          const csvs = ['source_profile.csv', 'source_relationships.csv'];
          return (await Promise.all(csvs.map((name) => project.read(`reports/${name}`)))).join();
        },
        { threads },
      );
    const one = await run(1);
    assert.equal(await run(2), one);
    assert.match(one, /T,V,200000,0,0,977,/);
    assert.match(one, /U,T_NO,T,T_NO,inferred,0\.9,1,/);
  });
});
