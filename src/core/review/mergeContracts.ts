import { APPROVED_COLUMNS } from '../contract/contract.ts';
import { csvLine } from '../csv/csvCell.ts';
import { CsvSheet, type TextChange } from '../csv/csvSheet.ts';

type Cells = Readonly<Record<string, string>>;
export type Side = 'mine' | 'theirs';

/** A cell, or a whole row, that both sides changed differently. */
export interface MergeConflict {
  /** Stable while the three texts stay the same. */
  readonly id: string;
  /** `TABLE.FIELD` of the row. */
  readonly row: string;
  /** Null when one side removed the row that the other changed. */
  readonly column: string | null;
  /** Null for a side that removed the row. */
  readonly base: string | null;
  readonly mine: string | null;
  readonly theirs: string | null;
}

export interface ContractMerge {
  /** Replacements in their text, by offset, that make it the merged one. */
  readonly edits: readonly TextChange[];
  /** What the two sides changed differently; each is resolved as `choices` say, mine without a word. */
  readonly conflicts: readonly MergeConflict[];
  /** Cells, and rows added or removed, that come from one side only. */
  readonly fromMine: number;
  readonly fromTheirs: number;
  /** Rows whose review was of a mapping that the merge changed; they are DRAFT again. */
  readonly backToDraft: readonly string[];
  /** Why the texts cannot be merged row by row; nothing is to be done then. */
  readonly refusal: string | null;
}

const KEY = ['target_table', 'target_field', 'row_set'];

/**
 * Merges two versions of the contract that were made from a third, by row key and column, not by line. Cells that one
 * side changed are taken from it; what both changed differently is a conflict; a row that one side removed and the other
 * changed is kept until somebody decides. No row is ever lost by the merge itself. The merged text is their text with
 * edits: order, quotes, line ends and added columns of the file on disk stay.
 *
 * @param base what both started from; @param mine the text in the editor; @param theirs the file on disk
 * @param choices conflict id → side; conflicts without one are resolved as mine
 */
export function mergeContracts(
  base: string,
  mine: string,
  theirs: string,
  choices: Readonly<Record<string, Side>> = {},
): ContractMerge {
  const sides = { base: new Version(base), mine: new Version(mine), theirs: new Version(theirs) };
  const refusal = refusalOf(sides);
  if (refusal !== null) return { edits: [], conflicts: [], fromMine: 0, fromTheirs: 0, backToDraft: [], refusal };
  return new Merge(sides.base, sides.mine, sides.theirs, choices).run();
}

function refusalOf(sides: Readonly<Record<'base' | Side, Version>>): string | null {
  const names = { base: 'The version you started from', mine: 'The text in the editor', theirs: 'The file on disk' };
  for (const side of ['mine', 'theirs', 'base'] as const) {
    const { fault, columns, twice } = sides[side];
    if (fault !== null) return `${names[side]} is not a well-formed CSV (${fault}); compare the two and mend it first.`;
    const missing = KEY.slice(0, 2).find((name) => !columns.includes(name));
    if (missing !== undefined) return `${names[side]} has no column ${missing}; compare the two and mend it first.`;
    if (twice !== null) return `${names[side]} has ${twice} twice; compare the two and keep one row first.`;
  }
  const added = sides.mine.columns.find((name) => !sides.theirs.columns.includes(name));
  return added === undefined || sides.base.columns.includes(added)
    ? null
    : `The column ${added} is only in the editor's text; compare the two and add it to the file first.`;
}

/** One of the three texts, by row key. */
class Version {
  readonly sheet: CsvSheet;
  readonly rows = new Map<string, { readonly index: number; readonly cells: Cells }>();
  readonly fault: string | null;
  readonly twice: string | null;

  constructor(text: string) {
    this.sheet = new CsvSheet(text, 0);
    this.fault = this.sheet.fault?.why ?? null;
    let twice: string | null = null;
    for (const index of this.sheet.records.keys()) {
      const cells = this.sheet.cells(index);
      const key = KEY.map((name) => cells[name] ?? '').join('\0');
      if (this.rows.has(key)) twice ??= nameOf(key);
      this.rows.set(key, { index, cells });
    }
    this.twice = twice;
  }

  get columns(): readonly string[] {
    return this.sheet.columns;
  }

  cells(key: string): Cells | null {
    return this.rows.get(key)?.cells ?? null;
  }
}

class Merge {
  readonly #base: Version;
  readonly #mine: Version;
  readonly #theirs: Version;
  readonly #choices: Readonly<Record<string, Side>>;
  readonly #conflicts: MergeConflict[] = [];
  readonly #edits: TextChange[] = [];
  readonly #backToDraft: string[] = [];
  #fromMine = 0;
  #fromTheirs = 0;

  constructor(base: Version, mine: Version, theirs: Version, choices: Readonly<Record<string, Side>>) {
    this.#base = base;
    this.#mine = mine;
    this.#theirs = theirs;
    this.#choices = choices;
  }

  run(): ContractMerge {
    for (const [key, { index }] of this.#theirs.rows) this.#existing(key, index);
    this.#insertMine();
    return {
      edits: this.#theirs.sheet.gathered([...this.#edits].sort((a, b) => a.start - b.start || a.end - b.end)),
      conflicts: this.#conflicts,
      fromMine: this.#fromMine,
      fromTheirs: this.#fromTheirs,
      backToDraft: this.#backToDraft,
      refusal: null,
    };
  }

  /** A row that is in the file on disk. */
  #existing(key: string, index: number): void {
    const base = this.#base.cells(key);
    const mine = this.#mine.cells(key);
    const theirs = this.#theirs.cells(key) ?? {};
    if (mine === null && base !== null) {
      const untouched = same(base, theirs, this.#theirs.columns);
      if (untouched) this.#fromMine += 1;
      // A row that they changed and I removed stays until I say that it goes.
      if (untouched || (this.#row(key, base, null, theirs) === 'mine' && this.#chosen(key))) this.#remove(index);
      return;
    }
    if (mine === null) {
      this.#fromTheirs += 1;
      return;
    }
    const merged = this.#cells(key, base ?? {}, mine, theirs);
    const wanted = this.#theirs.columns
      .filter((name) => (merged[name] ?? '') !== (theirs[name] ?? ''))
      .map((name): [string, string] => [name, merged[name] ?? '']);
    this.#edits.push(...this.#theirs.sheet.edits(index, wanted));
  }

  /** Merges the cells of a row that both sides have. */
  #cells(key: string, base: Cells, mine: Cells, theirs: Cells): Record<string, string> {
    const merged: Record<string, string> = { ...theirs };
    for (const column of this.#theirs.columns) {
      const [b, m, t] = [base[column] ?? '', mine[column] ?? '', theirs[column] ?? ''];
      // A column that they added is not in my text: that is no change of mine.
      if (m === t || !this.#mine.columns.includes(column)) continue;
      if (t === b) {
        merged[column] = m;
        this.#fromMine += 1;
      } else if (m === b) this.#fromTheirs += 1;
      else {
        const id = `${key}\0${column}`;
        this.#conflicts.push({ id, row: nameOf(key), column, base: b, mine: m, theirs: t });
        if (this.#choices[id] !== 'theirs') merged[column] = m;
      }
    }
    return this.#reviewed(key, merged, mine, theirs);
  }

  /** A review is of the mapping that its side showed; of another one it says nothing. */
  #reviewed(key: string, merged: Record<string, string>, mine: Cells, theirs: Cells): Record<string, string> {
    const status = merged['status'] ?? '';
    if (status === '' || status === 'DRAFT') return merged;
    const seen = [mine, theirs].some(
      (side) =>
        (side['status'] ?? '') === status &&
        APPROVED_COLUMNS.every((column) => (side[column] ?? '') === (merged[column] ?? '')),
    );
    if (seen) return merged;
    this.#backToDraft.push(nameOf(key));
    return { ...merged, status: 'DRAFT' };
  }

  /** Rows of mine that are not on disk, each behind the row that it follows in my text. */
  #insertMine(): void {
    let place = this.#headerEnd();
    for (const [key, { cells }] of this.#mine.rows) {
      const there = this.#theirs.rows.get(key);
      if (there !== undefined) {
        place = this.#theirs.sheet.records[there.index]?.end ?? place;
        continue;
      }
      const base = this.#base.cells(key);
      const untouched = base !== null && same(base, cells, this.#mine.columns);
      if (untouched) this.#fromTheirs += 1;
      else if (base === null) this.#fromMine += 1;
      if (untouched || (base !== null && this.#row(key, base, cells, null) === 'theirs')) continue;
      this.#edits.push({ start: place, end: place, text: this.#line(place, cells) });
    }
  }

  #row(key: string, base: Cells, mine: Cells | null, theirs: Cells | null): Side {
    this.#conflicts.push({
      id: key,
      row: nameOf(key),
      column: null,
      base: summary(base),
      mine: mine === null ? null : summary(mine),
      theirs: theirs === null ? null : summary(theirs),
    });
    return this.#choices[key] ?? 'mine';
  }

  #chosen(key: string): boolean {
    return this.#choices[key] !== undefined;
  }

  #remove(index: number): void {
    const record = this.#theirs.sheet.records[index];
    if (record !== undefined) this.#edits.push({ start: record.start, end: record.end, text: '' });
  }

  #headerEnd(): number {
    return this.#theirs.sheet.records[0]?.start ?? this.#theirs.sheet.text.length;
  }

  #line(place: number, cells: Cells): string {
    const { text } = this.#theirs.sheet;
    const end = text.includes('\r\n') ? '\r\n' : '\n';
    const line = csvLine(this.#theirs.columns.map((name) => cells[name] ?? ''));
    // A last line without an end gets one when something follows it.
    const open = place > 0 && !/[\r\n]/.test(text.charAt(place - 1));
    return open ? `${end}${line}` : `${line}${end}`;
  }
}

function same(a: Cells, b: Cells, columns: readonly string[]): boolean {
  return columns.every((name) => (a[name] ?? '') === (b[name] ?? ''));
}

function nameOf(key: string): string {
  const [table = '', field = '', rowSet = ''] = key.split('\0');
  return rowSet === '' ? `${table}.${field}` : `${table}.${field} (${rowSet})`;
}

/** A row in a few words, for a person who decides whether it goes. */
function summary(cells: Cells): string {
  return ['mapping_class', 'source_table', 'source_field', 'rule', 'status']
    .map((column) => cells[column] ?? '')
    .filter((value) => value !== '')
    .join(' · ');
}
