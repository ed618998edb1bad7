import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CONTRACT_COLUMNS } from '../../../src/core/contract/contractFile.ts';
import type { TextChange } from '../../../src/core/csv/csvSheet.ts';
import { csvText, parseCsvText } from '../../../src/core/csv/csvText.ts';
import { mergeContracts } from '../../../src/core/review/mergeContracts.ts';

type Row = Readonly<Record<string, string>>;

const row = (field: string, more: Row = {}): Row => ({
  target_table: 'T',
  target_field: field,
  mapping_class: 'direct',
  source_table: 'S',
  source_field: field,
  status: 'DRAFT',
  ...more,
});
const contract = (rows: readonly Row[], columns: readonly string[] = CONTRACT_COLUMNS): string =>
  csvText(
    columns,
    rows.map((cells) => columns.map((name) => cells[name] ?? '')),
  );
const apply = (text: string, edits: readonly TextChange[]): string =>
  edits.toReversed().reduce((now, { start, end, text: put }) => now.slice(0, start) + put + now.slice(end), text);
const rowsOf = (text: string): Row[] => parseCsvText(text, '', []).value.records.map(({ cells }) => cells);

describe('merging two versions of the contract', () => {
  const base = contract([row('A'), row('B', { status: 'IN_REVIEW' }), row('C')]);

  it('takes cells that one side changed, and touches nothing else of the file on disk', () => {
    const mine = base.replace('S,A,', 'S,X,');
    const theirs = `\ufeff${base.replace('T,C', '"T",C').replace(/,,\n$/, ',theirs,\n')}`.replaceAll('\n', '\r\n');
    const { edits, conflicts, fromMine, fromTheirs } = mergeContracts(base, mine, theirs);
    assert.deepEqual([conflicts.length, fromMine, fromTheirs], [0, 1, 1]);
    assert.equal(apply(theirs, edits), theirs.replace('S,A,', 'S,X,'));
  });

  it('asks about a cell that both changed; mine stands until theirs is chosen', () => {
    const mine = base.replace('S,A,', 'S,X,');
    const theirs = base.replace('S,A,', 'S,Y,');
    const { edits, conflicts } = mergeContracts(base, mine, theirs);
    const [conflict] = conflicts;
    assert.deepEqual(
      [conflict?.row, conflict?.column, conflict?.base, conflict?.mine, conflict?.theirs],
      ['T.A', 'source_field', 'A', 'X', 'Y'],
    );
    assert.match(apply(theirs, edits), /S,X,/);
    assert.deepEqual(mergeContracts(base, mine, theirs, { [conflict?.id ?? '']: 'theirs' }).edits, []);
  });

  it('keeps a row that one side removed and the other changed, until somebody decides', () => {
    const without = contract([row('A'), row('C')]);
    const changed = base.replace('S,B,', 'S,X,');
    for (const [mine, theirs] of [
      [without, changed],
      [changed, without],
    ] as const) {
      const merge = mergeContracts(base, mine, theirs);
      assert.equal(merge.conflicts[0]?.column, null);
      assert.match(apply(theirs, merge.edits), /T,B,.*S,X,/);
      const removing = mine === without ? 'mine' : 'theirs';
      const decided = mergeContracts(base, mine, theirs, { [merge.conflicts[0]?.id ?? '']: removing });
      assert.doesNotMatch(apply(theirs, decided.edits), /T,B,/);
    }
    assert.doesNotMatch(apply(base, mergeContracts(base, without, base).edits), /T,B,/);
    assert.deepEqual(mergeContracts(base, base, without).edits, []);
  });

  it('puts a new row behind the one it follows, also at an end without a line end', () => {
    const mine = contract([row('A'), row('A1'), row('B', { status: 'IN_REVIEW' }), row('C'), row('D'), row('E')]);
    for (const theirs of [base, base.trimEnd()]) {
      const merged = apply(theirs, mergeContracts(base, mine, theirs).edits);
      assert.deepEqual(
        rowsOf(merged).map((cells) => cells['target_field']),
        ['A', 'A1', 'B', 'C', 'D', 'E'],
      );
    }
  });

  it('an approval of one mapping is not one of another: the row is DRAFT again', () => {
    const mine = base.replace('IN_REVIEW', 'APPROVED');
    const theirs = base.replace('S,B,', 'S,X,');
    const { edits, backToDraft, conflicts } = mergeContracts(base, mine, theirs);
    assert.deepEqual([backToDraft, conflicts.length], [['T.B'], 0]);
    assert.match(apply(theirs, edits), /T,B,.*S,X,.*DRAFT/);
  });

  it('refuses what cannot be matched row by row, and says which text', () => {
    const twice = contract([row('A'), row('A')]);
    const cases: readonly [string, string, RegExp][] = [
      ['a,b\n"open', base, /text in the editor is not a well-formed CSV/],
      [base, '', /file on disk has no column target_table/],
      [base, twice, /file on disk has T\.A twice/],
      [contract([row('A')], [...CONTRACT_COLUMNS, 'mine']), base, /column mine is only in the editor/],
    ];
    for (const [mine, theirs, refusal] of cases) {
      const merge = mergeContracts(base, mine, theirs);
      assert.match(merge.refusal ?? '', refusal);
      assert.deepEqual(merge.edits, []);
    }
  });

  const value = fc.constantFrom('', 'x', 'y, z', '"q"', 'two\nlines', ' blank ');
  const columns = ['source_field', 'rule', 'owner', 'notes'] as const;
  const change = fc.record({ row: fc.nat(7), column: fc.constantFrom(...columns), value });
  const many = Array.from({ length: 8 }, (_, at) => row(`F${at}`));
  const edited = (changes: readonly { row: number; column: string; value: string }[]): string =>
    contract(
      many.map((cells, at) =>
        Object.assign(
          { ...cells },
          ...changes.filter((one) => one.row === at).map((one) => ({ [one.column]: one.value })),
        ),
      ),
    );

  it('disjoint edits of cells are both there, and nothing is asked (law)', () => {
    fc.assert(
      fc.property(fc.array(change), fc.array(change), (a, b) => {
        const apart = b.filter((one) => !a.some((other) => other.row === one.row && other.column === one.column));
        const [mine, theirs] = [edited(a), edited(apart)];
        const merge = mergeContracts(contract(many), mine, theirs);
        assert.deepEqual(merge.conflicts, []);
        assert.deepEqual(rowsOf(apply(theirs, merge.edits)), rowsOf(edited([...a, ...apart])));
      }),
      { numRuns: 200 },
    );
  });

  it('no row is lost, and a cell changed differently is always asked about (law)', () => {
    const kept = fc.subarray(many.map((cells) => cells['target_field'] ?? ''));
    const version = fc.record({ changes: fc.array(change), kept, added: fc.boolean() });
    const textOf = (
      given: { changes: { row: number; column: string; value: string }[]; kept: string[]; added: boolean },
      name: string,
    ): string =>
      contract([
        ...rowsOf(edited(given.changes)).filter((cells) => given.kept.includes(cells['target_field'] ?? '')),
        ...(given.added ? [row(name)] : []),
      ]);
    fc.assert(
      fc.property(version, version, (a, b) => {
        const [mine, theirs] = [textOf(a, 'MINE'), textOf(b, 'THEIRS')];
        const merge = mergeContracts(contract(many), mine, theirs);
        const merged = new Map(rowsOf(apply(theirs, merge.edits)).map((cells) => [cells['target_field'], cells]));
        for (const cells of many) {
          const name = cells['target_field'] ?? '';
          const [m, t] = [mine, theirs].map((text) => rowsOf(text).find((found) => found['target_field'] === name));
          if (m !== undefined && t !== undefined) {
            assert.ok(merged.has(name), name);
            for (const column of columns) {
              const was: string = cells[column] ?? '';
              const is: string = m[column] ?? '';
              const other: string = t[column] ?? '';
              const asked = merge.conflicts.some((one) => one.row === `T.${name}` && one.column === column);
              assert.equal(asked, is !== other && is !== was && other !== was, `${name}.${column}`);
              if (!asked) assert.equal(merged.get(name)?.[column], is === was ? other : is);
            }
          }
          const [only, changedBy] = m === undefined ? [t, b] : [m, a];
          if ((m === undefined) !== (t === undefined) && changedBy !== undefined)
            assert.equal(
              merged.has(name),
              columns.some((column) => only?.[column] !== (cells[column] ?? '')),
              name,
            );
        }
        assert.deepEqual([merged.has('MINE'), merged.has('THEIRS')], [a.added, b.added]);
      }),
      { numRuns: 300 },
    );
  });

  it('merges 50,000 rows in a moment', function () {
    this.timeout(20_000);
    const large = contract(Array.from({ length: 50_000 }, (_, at) => row(`F${at}`)));
    const mine = large.replaceAll(/(F\d*1),,/g, '$1,mine,');
    const theirs = large.replaceAll(/(F\d*2),,/g, '$1,theirs,');
    const began = performance.now();
    const merge = mergeContracts(large, mine, theirs);
    console.log(`      50,000 rows merged in ${Math.round(performance.now() - began)} ms`);
    assert.equal(merge.conflicts.length, 0);
    assert.ok(merge.fromMine >= 5000 && merge.fromTheirs >= 5000);
  });
});
