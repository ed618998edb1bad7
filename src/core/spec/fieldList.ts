import type { Problem } from '../shared/problem.ts';
import { type Block, findBlocks } from './blocks.ts';
import { readKey, readLink, readYesNo, told } from './cells.ts';
import type { Grid, GridRow } from './grid.ts';
import type { HeaderChoice, Meaning } from './headers.ts';
import { type SpecField, specField } from './specField.ts';

/** What was made of one grid. `headers` is empty when it is no field list (a cover page, an index). */
export interface FieldList {
  readonly grid: string;
  readonly headers: readonly HeaderChoice[];
  readonly fields: readonly SpecField[];
}

/**
 * Reads a grid as field lists: finds the header rows, chooses a meaning for each column, and reads the rows below.
 * A grid without a column for field names and one for types is no field list.
 *
 * @param decided meanings that people gave to header texts of this document
 */
export function readFieldList(
  grid: Grid,
  file: string,
  decided: ReadonlyMap<string, Meaning | ''>,
  problems: Problem[],
): FieldList {
  const blocks = findBlocks(grid, decided);
  const [first] = blocks;
  if (first !== undefined) problems.push(...unsureHeaders(first, grid, file));
  return {
    grid: grid.name,
    headers: blocks[0]?.choices ?? [],
    fields: blocks.flatMap((block) => {
      const reader = new RowReader(grid, file, block, problems);
      return block.rows.flatMap((row) => reader.read(row) ?? []);
    }),
  };
}

/** Below this a header's meaning is a guess that a person should look at. */
const SURE_HEADER = 0.7;

function unsureHeaders(block: Block, grid: Grid, file: string): Problem[] {
  const unsure = block.choices.filter(
    ({ meaning, confidence }) =>
      (meaning === 'field' || meaning === 'type' || meaning === 'table') && confidence < SURE_HEADER,
  );
  return unsure.map(({ header, meaning }) => ({
    code: 'spec-unsure-header',
    severity: 'warning',
    message: `The column "${header.slice(0, 60)}" is taken for the ${meaning}; when that is wrong, say so under "headers" in requirement_spec/overrides.json.`,
    place: { file, ...(grid.citedAs.includes('!') ? { sheet: grid.name } : {}), line: block.headerLine },
  }));
}

class RowReader {
  readonly #grid: Grid;
  readonly #file: string;
  readonly #block: Block;
  readonly #problems: Problem[];
  readonly #confidence: number;
  /** The list marks fields M, R or O: then R (required where known) is not mandatory. */
  readonly #requiredWhereKnown: boolean;
  #lastTable = '';

  constructor(grid: Grid, file: string, block: Block, problems: Problem[]) {
    this.#grid = grid;
    this.#file = file;
    this.#block = block;
    this.#problems = problems;
    const essential = block.choices.filter((choice) => choice.meaning === 'field' || choice.meaning === 'type');
    const marks = block.rows.map((row) => row.cells[block.column.get('mandatory') ?? -1]?.toUpperCase() ?? '');
    this.#requiredWhereKnown = marks.includes('M') && marks.includes('R');
    this.#confidence = essential.reduce((least, choice) => Math.min(least, choice.confidence), 1);
  }

  read(row: GridRow): SpecField | null {
    const cell = (meaning: Meaning): string => row.cells[this.#block.column.get(meaning) ?? -1] ?? '';
    const field = told(cell('field'));
    const table = this.#tableOf(told(cell('table')));
    if (field === '' || this.#isRemark(row)) return null;
    const place = this.#grid.citedAs.includes('!')
      ? { file: this.#file, sheet: this.#grid.name }
      : { file: this.#file };
    const link = told(cell('foreign_key'));
    const foreignKey =
      this.#linkOf(cell('fk_table'), cell('fk_field')) ?? (link === '' ? linkInKey(cell('key')) : readLink(link));
    return specField(
      {
        table,
        field,
        type: {
          type: told(cell('type')),
          length: told(cell('length')),
          precision: told(cell('precision')),
          scale: told(cell('scale')),
          format: cell('format'),
        },
        mandatory: this.#isMandatory(cell('mandatory'), cell('nullable')),
        primaryKey: readKey(told(cell('key'))) === true || /\bIDKEY\b/.test(cell('description')),
        foreignKey,
        codeSet: told(cell('code_set')),
        description: cell('description'),
        tableTitle: told(cell('table_title')) || this.#block.title,
        location: `${this.#grid.citedAs}${row.line}`,
        confidence: this.#confidence,
      },
      place,
      row.line,
      this.#problems,
    );
  }

  /** A list with a table column may name the table once and leave the rows below blank. */
  #tableOf(cell: string): string {
    if (!this.#block.column.has('table')) return this.#block.table || this.#grid.name.trim();
    if (cell !== '') this.#lastTable = cell;
    return this.#lastTable;
  }

  #isMandatory(mandatory: string, nullable: string): boolean {
    if (this.#requiredWhereKnown && mandatory.toUpperCase() === 'R') return false;
    return readMandatory(mandatory, nullable);
  }

  #linkOf(table: string, field: string): { table: string; field: string } | null {
    return told(table) === '' ? null : { table: told(table), field: told(field) };
  }

  /** A row that only says something ("End of table", "Added in release 4"): one filled cell in a list of many columns. */
  #isRemark(row: GridRow): boolean {
    const filled = row.cells.filter((cell) => cell !== '');
    return filled.length === 1 && this.#block.choices.length > 2 && /\s/.test(filled[0] ?? '');
  }
}

/** `FK LAR_PERSON.ID` in a key column. */
function linkInKey(cell: string): { table: string; field: string } | null {
  const link = /^(?:pk\d*[\s,/&+]*)?(?:fk|foreign(?: key)?)\b[\s:]*(\S.*)$/i.exec(cell)?.[1];
  return link === undefined ? null : readLink(link);
}

function readMandatory(mandatory: string, nullable: string): boolean {
  if (mandatory !== '') return readYesNo(mandatory) === true;
  return nullable !== '' && readYesNo(nullable) === false;
}
