import type { Grid, GridRow } from './grid.ts';
import { chooseMeanings, type HeaderChoice, isHeaderWord, type Meaning } from './headers.ts';
import { nameInTitle } from './tableName.ts';

/** One header row with the rows below it, up to the next header or its title. */
export interface Block {
  readonly headerLine: number;
  readonly choices: readonly HeaderChoice[];
  /** Column of each meaning. */
  readonly column: ReadonlyMap<Meaning, number>;
  /** Table that the words above name; empty when they name none. */
  readonly table: string;
  readonly title: string;
  readonly rows: readonly GridRow[];
}

/** A header row is looked for this far down: title rows and notes stand above it. */
const HEADER_SEARCH = 60;
/** Title rows stand this close above a later header. */
const TITLE_ROWS = 4;
/** A row with more cells than this is no title. */
const TITLE_CELLS = 3;

interface Header {
  readonly at: number;
  readonly choices: readonly HeaderChoice[];
  readonly column: ReadonlyMap<Meaning, number>;
}

/**
 * Cuts a grid into field lists. Most grids hold one; a printed dictionary may repeat its header on every page, and a
 * sheet may hold one list below another, each under its title.
 */
export function findBlocks(grid: Grid, decided: ReadonlyMap<string, Meaning | ''>): Block[] {
  const first = bestHeader(grid, decided);
  if (first === null) return [];
  const headers = [first];
  for (let at = first.at + 1; at < grid.rows.length; at += 1) {
    const row = grid.rows[at];
    if (row !== undefined && repeatsHeader(row)) {
      const header = headerOf(at, row, decided);
      if (header !== null) headers.push(header);
    }
  }
  const titles = headers.map((header, index) => titleAbove(grid.rows, header, headers[index - 1]));
  const several = titles.some((title, index) => index > 0 && title.length > 0);
  const blocks: Block[] = [];
  for (const [index, header] of headers.entries()) {
    const next = headers[index + 1];
    const end = next === undefined ? grid.rows.length : next.at - (titles[index + 1]?.length ?? 0);
    const own = titles[index] ?? [];
    const before = blocks.at(-1);
    // A header without a title of its own goes on with the table of the page before.
    const named = before !== undefined && own.length === 0 ? before : nameOf(grid, header, own, several);
    blocks.push({
      headerLine: grid.rows[header.at]?.line ?? 0,
      choices: header.choices,
      column: header.column,
      table: named.table,
      title: named.title,
      rows: grid.rows.slice(header.at + 1, end),
    });
  }
  return blocks;
}

/**
 * The table of a block and what its title says. The grid's own name (sheet, heading, file) holds unless the title says
 * `Table: NAME`, or the grid holds several titled lists, or the sheet's name is cut off at the 31 characters of a workbook.
 */
function nameOf(
  grid: Grid,
  header: Header,
  own: readonly GridRow[],
  several: boolean,
): { readonly table: string; readonly title: string } {
  const rows = several ? own : grid.rows.slice(0, header.at);
  const words = rows.map((row) => row.cells.filter((cell) => cell !== ''));
  const names = words.map((cells) => nameInTitle(cells.join(' | ')));
  const cut = grid.name.length === 31 ? names.findIndex(({ name }) => name.startsWith(grid.name)) : -1;
  const said = names.findIndex(({ explicit }) => explicit);
  const at = said >= 0 ? said : cut >= 0 ? cut : several && names.length > 0 ? 0 : -1;
  const texts = words.map((cells, index) => (index === at ? (names[index]?.title ?? '') : cells.join(' ')));
  const title = texts
    .filter((text) => text !== '')
    .join('. ')
    .replaceAll(' | ', ' ');
  return { table: names[at]?.name ?? '', title: title === '' ? grid.title : title };
}

function bestHeader(grid: Grid, decided: ReadonlyMap<string, Meaning | ''>): Header | null {
  let best: Header | null = null;
  let bestScore = 0;
  for (const [at, row] of grid.rows.slice(0, HEADER_SEARCH).entries()) {
    const header = headerOf(at, row, decided);
    const score = header === null ? 0 : header.choices.reduce((sum, choice) => sum + choice.confidence, 0);
    // Of two as good the first: the second is the first repeated.
    if (header !== null && score > bestScore) {
      bestScore = score;
      best = header;
    }
  }
  return best;
}

function headerOf(at: number, row: GridRow, decided: ReadonlyMap<string, Meaning | ''>): Header | null {
  const choices = chooseMeanings(row.cells, decided);
  const column = new Map<Meaning, number>();
  for (const [index, choice] of choices.entries()) if (choice.meaning !== '') column.set(choice.meaning, index);
  // NHS style lists have one column "Format" that holds the type.
  const format = column.get('format');
  const onlyFormat = format !== undefined && /^format\b/i.test(row.cells[format] ?? '');
  if (!column.has('field') || !(column.has('type') || column.has('length') || onlyFormat)) return null;
  if (!column.has('type') && onlyFormat) column.set('type', format);
  return { at, choices, column };
}

/** A row of header words only, told cheaply: long lists have few. */
function repeatsHeader(row: GridRow): boolean {
  if (!row.cells.some((cell) => isHeaderWord(cell, 'field'))) return false;
  const filled = row.cells.filter((cell) => cell !== '');
  return filled.length >= 3 && filled.filter((cell) => isHeaderWord(cell)).length >= 0.75 * filled.length;
}

/**
 * The title rows right above a header: short rows without a type, parted from the list before by a blank row or saying
 * `Table: NAME`. A page number, or a title that stood above the list before, is none.
 */
function titleAbove(rows: readonly GridRow[], header: Header, before: Header | undefined): GridRow[] {
  const least = before === undefined ? 0 : before.at + 1;
  const found: GridRow[] = [];
  let parted = before === undefined;
  for (let at = header.at - 1; at >= least && found.length < TITLE_ROWS; at -= 1) {
    const row = rows[at];
    const below = rows[at + 1];
    if (row === undefined || below === undefined) break;
    if (found.length > 0 && below.line - row.line > 1) {
      parted = true;
      break;
    }
    const filled = row.cells.filter((cell) => cell !== '').length;
    const typed = before !== undefined && (row.cells[before.column.get('type') ?? -1] ?? '') !== '' && filled > 1;
    if (filled > TITLE_CELLS || typed) break;
    found.unshift(row);
  }
  const isTitle = found.filter((row) => !/^page\b/i.test(row.cells.find((cell) => cell !== '') ?? ''));
  if (isTitle.length < found.length) return [];
  if (parted) return found;
  const said = found.findIndex((row) => nameInTitle(row.cells.filter((cell) => cell !== '').join(' | ')).explicit);
  return said < 0 ? [] : found.slice(said);
}
