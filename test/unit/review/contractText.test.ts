import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ruleScopes } from '../../../src/core/contract/ruleScopes.ts';
import { ruleWords } from '../../../src/core/contract/ruleWords.ts';
import { CsvScanner } from '../../../src/core/csv/csvScan.ts';
import type { TextChange } from '../../../src/core/csv/csvSheet.ts';
import { parseCsvText } from '../../../src/core/csv/csvText.ts';
import { contractTokens } from '../../../src/core/review/contractTokens.ts';
import { formatContract } from '../../../src/core/review/formatContract.ts';
import { renameColumn } from '../../../src/core/review/renameColumn.ts';

const HEAD =
  'target_table,target_field,data_type,mandatory,mapping_class,source_table,source_field,rule,crosswalk,default_value,confidence,status,owner,notes,row_set';
const apply = (text: string, edits: readonly TextChange[]): string =>
  edits.toReversed().reduce((now, { start, end, text: put }) => now.slice(0, start) + put + now.slice(end), text);

describe('words of a rule', () => {
  it('are functions, columns with their qualifier, keywords, texts and numbers', () => {
    const kinds = ruleWords(`CASE WHEN p.SEX = 'M, "x"' THEN upper("odd ""name") ELSE 1.5 END -- p.NOT`).map(
      ({ kind, name, qualifier }) => `${kind}:${qualifier === null ? '' : `${qualifier}.`}${name}`,
    );
    assert.deepEqual(
      kinds.filter((word) => !word.startsWith('operator')),
      [
        'keyword:CASE',
        'keyword:WHEN',
        'qualifier:p',
        'column:p.SEX',
        `text:'M, "x"'`,
        'keyword:THEN',
        'function:upper',
        'column:odd "name',
        'keyword:ELSE',
        'number:1.5',
        'keyword:END',
      ],
    );
  });

  it('are found in any text, in order and apart (law)', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...`ab."'(),1 -/*\n\\é`) }), (rule) => {
        let last = 0;
        for (const { start, end } of ruleWords(rule)) {
          assert.ok(start >= last && end > start && end <= rule.length);
          last = end;
        }
      }),
    );
  });
});

describe('renaming a source column', () => {
  const scopes = ruleScopes(
    `target_table,row_set,driving_table,joins,filter,grain,dedupe,load_order,status,notes
T,main,PAT,MRG AS m ON m.OLD = PAT.NO,,,,1,APPROVED,
U,one,PAT,,,,,1,APPROVED,
U,two,MRG,,,,,1,APPROVED,
`,
    't',
  );
  const line = (table: string, field: string, rule: string, rowSet = ''): string =>
    `${table},${field},V,N,derived,PAT,,"${rule.replaceAll('"', '""')}",,,,DRAFT,,,${rowSet}`;

  it('reaches rules where the column can only be that one, and tells the others', () => {
    const text = [
      HEAD,
      'T,A,V,N,direct,PAT,NO,,,,,DRAFT,,,',
      'T,B,V,N,direct,MRG,NO,,,,,DRAFT,,,',
      line('T', 'C', "upper(NO) || m.NO || PAT.no || 'NO'"),
      line('U', 'D', 'NO'),
      line('U', 'E', 'NO', 'one'),
      line('U', 'F', 'NO', 'two'),
      line('V', 'G', 'NO'),
      line('T', 'H', 'NO\n|| "NO"'),
    ].join('\r\n');
    const { edits, fields, rules, left } = renameColumn(text, { table: 'PAT', from: 'NO', to: 'NUM BER' }, scopes);
    const after = apply(text, edits);
    assert.deepEqual([fields, rules], [1, 3]);
    const ruleOf = (field: string): string =>
      parseCsvText(after, '', []).value.records.find(({ cells }) => cells['target_field'] === field)?.cells['rule'] ??
      '';
    assert.equal(ruleOf('C'), `upper("NUM BER") || m.NO || PAT."NUM BER" || 'NO'`);
    assert.deepEqual([ruleOf('D'), ruleOf('E'), ruleOf('F'), ruleOf('G')], ['NO', '"NUM BER"', 'NO', 'NO']);
    assert.equal(ruleOf('H'), '"NUM BER"\n|| "NUM BER"');
    assert.deepEqual(
      left.map(({ row }) => row),
      ['U.D', 'V.G'],
    );
    assert.match(after, /T,A,V,N,direct,PAT,NUM BER,/);
    assert.match(after, /T,B,V,N,direct,MRG,NO,/);
  });
});

describe('formatting a contract', () => {
  it('makes the fewest replacements and changes nothing that a cell says', () => {
    const text = `${HEAD}\r\n"T","A", VARCHAR ,Y,Direct,S,A,"trim(A, 'x')",,  ,0.9,approved,"Ann","two\nlines",\r\n"T",B,,,derived,,,"say ""hi""",,,,draft ,, ,\n`;
    const edits = formatContract(text);
    assert.equal(
      apply(text, edits),
      `${HEAD}\r\nT,A,VARCHAR,Y,direct,S,A,"trim(A, 'x')",,"  ",0.9,APPROVED,Ann,"two\nlines",\r\nT,B,,,derived,,,"say ""hi""",,,,DRAFT,,,\r\n`,
    );
    assert.deepEqual(formatContract(apply(text, edits)), []);
    assert.ok(edits.every(({ end, start }) => end - start < 12));
    const second = formatContract(text, { first: 4, last: 4 });
    assert.equal(apply(text, second).slice(0, text.indexOf('"T",B')), text.slice(0, text.indexOf('"T",B')));
    assert.ok(second.length > 0);
    assert.deepEqual(formatContract('a,b\n"open'), []);
    assert.deepEqual(formatContract(''), []);
  });

  it('what is read is the same before and after, and a second time finds nothing (law)', () => {
    const cell = fc.constantFrom('', 'x', '"x"', '" x "', '"a,b"', '"a\nb"', '"q""q"', '""');
    const record = fc.array(cell, { minLength: 15, maxLength: 15 }).map((cells) => cells.join(','));
    fc.assert(
      fc.property(fc.array(record, { maxLength: 5 }), fc.constantFrom('\n', '\r\n'), (records, end) => {
        const text = `\ufeff${[HEAD, ...records].join(end)}${end}`;
        const after = apply(text, formatContract(text));
        const read = (given: string) => parseCsvText(given, '', []).value.records.map(({ cells }) => cells);
        assert.deepEqual(read(after), read(text));
        assert.deepEqual(formatContract(after), []);
      }),
    );
  });
});

describe('colours of a contract', () => {
  it('name each cell, and the words of a rule where they stand, also over several lines', () => {
    const text = `${HEAD}\nT,A,V,N,derived,S,,"upper(""odd"",\n 'x')",cw,d,1,DRAFT,,"n\n2",\n`;
    const scanner = new CsvScanner(text);
    const columns = scanner.next()?.cells ?? [];
    const record = scanner.next();
    assert.ok(record !== null);
    const tokens = contractTokens(text, record, columns).map(
      ({ start, end, kind }) => `${kind} ${text.slice(start, end)}`,
    );
    assert.deepEqual(
      tokens.filter((token) => !token.startsWith('operator')),
      [
        'namespace T',
        'property A',
        'type V',
        'keyword N',
        'enumMember derived',
        'class S',
        'function upper',
        'variable ""odd""',
        "string 'x'",
        'interface cw',
        'string d',
        'number 1',
        'macro DRAFT',
        'comment "n\n2"',
      ],
    );
  });
});
