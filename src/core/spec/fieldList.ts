import type { CatalogField } from '../catalog/catalog.ts';
import type { Problem } from '../shared/problem.ts';
import { readFieldType } from './fieldType.ts';
import type { Grid, GridRow } from './grid.ts';
import { chooseMeanings, type HeaderChoice, type Meaning } from './headers.ts';

/** A field as a document lists it: the catalog's columns but for what only the whole catalog can tell. */
export type SpecField = Omit<CatalogField, 'ordinal' | 'family' | 'concept'> & { readonly tableTitle: string };

/** What was made of one grid. `headers` is empty when it is no field list (a cover page, an index). */
export interface FieldList {
  readonly grid: string;
  readonly headers: readonly HeaderChoice[];
  readonly fields: readonly SpecField[];
}

/** A header row is looked for this far down: title rows and notes stand above it. */
const HEADER_SEARCH = 25;

/**
 * Reads a grid as a field list: finds the header row, chooses a meaning for each column, and reads the rows below.
 * A grid without a column for field names and one for types is no field list.
 */
export function readFieldList(grid: Grid, file: string, problems: Problem[]): FieldList {
  const header = findHeader(grid);
  if (header === null) return { grid: grid.name, headers: [], fields: [] };
  const column = new Map<Meaning, number>();
  for (const [index, choice] of header.choices.entries()) if (choice.meaning !== '') column.set(choice.meaning, index);
  const title = header.titles.join(' ').trim() || grid.title;
  const reader = new RowReader(grid, file, column, header.choices, title, problems);
  return {
    grid: grid.name,
    headers: header.choices,
    fields: grid.rows.slice(header.at + 1).flatMap((row) => reader.read(row)),
  };
}

function findHeader(grid: Grid): { at: number; choices: HeaderChoice[]; titles: string[] } | null {
  let best: { at: number; choices: HeaderChoice[]; titles: string[] } | null = null;
  let bestScore = 0;
  for (const [at, row] of grid.rows.slice(0, HEADER_SEARCH).entries()) {
    const choices = chooseMeanings(row.cells);
    const meanings = new Set(choices.map((choice) => choice.meaning));
    if (!meanings.has('field') || !(meanings.has('type') || meanings.has('length'))) continue;
    const score = choices.reduce((sum, choice) => sum + choice.confidence, 0);
    if (score > bestScore) {
      bestScore = score;
      best = {
        at,
        choices,
        titles: grid.rows.slice(0, at).map((above) => above.cells.filter((cell) => cell !== '').join(' ')),
      };
    }
  }
  return best;
}

class RowReader {
  readonly #grid: Grid;
  readonly #file: string;
  readonly #column: ReadonlyMap<Meaning, number>;
  readonly #headerConfidence: number;
  readonly #title: string;
  readonly #problems: Problem[];
  #lastTable = '';

  constructor(
    grid: Grid,
    file: string,
    column: ReadonlyMap<Meaning, number>,
    choices: readonly HeaderChoice[],
    title: string,
    problems: Problem[],
  ) {
    this.#grid = grid;
    this.#file = file;
    this.#column = column;
    this.#title = title;
    this.#problems = problems;
    const essential = choices.filter((choice) => choice.meaning === 'field' || choice.meaning === 'type');
    this.#headerConfidence = essential.reduce((least, choice) => Math.min(least, choice.confidence), 1);
  }

  read(row: GridRow): SpecField[] {
    const cell = (meaning: Meaning): string => row.cells[this.#column.get(meaning) ?? -1] ?? '';
    const field = cell('field');
    const table = this.#tableOf(cell('table'));
    if (field === '') return [];
    // A header repeated in the middle of a list, as printed dictionaries have on every page.
    if (chooseMeanings(row.cells).filter((choice) => choice.confidence >= 0.9).length >= 4) return [];
    const bad = badName(table) ?? badName(field);
    if (bad !== null) {
      this.#problem('spec-bad-name', `A ${bad}; correct it in the document.`, row.line);
      return [];
    }
    const type = readFieldType(cell('type'), cell('length'), `${cell('format')} ${cell('description')}`);
    if (type.confidence < 0.6) {
      this.#problem(
        'spec-unknown-type',
        `${table}.${field} has no type that is understood; it is read as text.`,
        row.line,
      );
    }
    return [
      {
        table,
        field,
        dataType: type.dataType,
        length: type.length,
        precision: type.precision ?? numberOf(cell('precision')),
        scale: type.scale ?? numberOf(cell('scale')),
        mandatory: isMandatory(cell('mandatory'), cell('nullable'), this.#column),
        primaryKey: /\b(pk|primary|yes|y|true|1|x|unique)\b/i.test(cell('key')) && !/^fk$/i.test(cell('key')),
        foreignKey: readLink(cell('foreign_key')),
        codeSet: cell('code_set'),
        description: cell('description'),
        specFile: this.#file,
        specLocation: this.#grid.cite(row.line),
        parseConfidence: Math.round(this.#headerConfidence * type.confidence * 100) / 100,
        declaredType: [cell('type'), cell('length') === '' ? '' : `(${cell('length')})`].join(''),
        format: type.format,
        tableTitle: cell('table_title') || this.#title,
      },
    ];
  }

  /** A list with a table column may name the table once and leave the rows below blank. */
  #tableOf(cell: string): string {
    if (!this.#column.has('table')) return this.#grid.name.trim();
    if (cell !== '') this.#lastTable = cell;
    return this.#lastTable;
  }

  #problem(code: string, message: string, line: number): void {
    this.#problems.push({
      code,
      severity: 'warning',
      message,
      place: { file: this.#file, sheet: this.#grid.name, line },
    });
  }
}

/** What makes a name unusable, or null. */
function badName(name: string): string | null {
  if (name === '') return 'table name is missing';
  if (name.length > 128) return 'name is longer than 128 characters';
  const control = [...name].some((character) => character < ' ' || character === '\u007f');
  return control || /[/\\]/.test(name) ? 'name holds a character that no file or table can have' : null;
}

function isMandatory(mandatory: string, nullable: string, column: ReadonlyMap<Meaning, number>): boolean {
  if (column.has('mandatory') && mandatory !== '')
    return /^(y|yes|m|mandatory|required|r|true|1|not null|x|pk)$/i.test(mandatory.trim());
  if (column.has('nullable') && nullable !== '') return /^(n|no|not null|false|0)$/i.test(nullable.trim());
  return false;
}

/** `TABLE.FIELD`, `TABLE(FIELD)`, `-> TABLE.FIELD`; null for anything else. */
export function readLink(text: string): { table: string; field: string } | null {
  const match = /([A-Za-z_%$#][\w%$#]*)\s*(?:\.|\(\s*)\s*([A-Za-z_%$#][\w%$#]*)\s*\)?\s*$/.exec(text.trim());
  return match === null ? null : { table: match[1] ?? '', field: match[2] ?? '' };
}

function numberOf(text: string): number | null {
  return /^\d+$/.test(text) ? Number(text) : null;
}
