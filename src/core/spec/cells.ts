/** Readings of single cells of a field list. Null means: the cell says something that is not understood. */

/** How people write that a cell has nothing to say. */
const NOTHING = /^(|-+|\u2013|\u2014|n\/?a|none|nil|not applicable|\.)$/i;

/** The cell, or empty when it only says that there is nothing. */
export function told(cell: string): string {
  return NOTHING.test(cell) ? '' : cell;
}

/** Y, N or null for one cell that answers a question. `M`/`R`: mandatory, required; `O`/`C`/`P`: optional, conditional, pilot. */
export function readYesNo(cell: string): boolean | null {
  const text = cell.toLowerCase();
  if (/^(y|yes|m|mandatory|required|req|r|true|t|1|x|\u2713|\u2714|not null|pk|always)$/.test(text)) return true;
  if (/^(n|no|o|optional|opt|c|conditional|p|pilot|false|f|0|null|nullable|\u2717|\u2718|sometimes|never)$/.test(text))
    return false;
  return NOTHING.test(text) ? false : null;
}

/** What a key column says: `PK`, `PK2`, `Primary`, `P`, `Yes`, `1`; `FK` and `UK` alone are no primary key. */
export function readKey(cell: string): boolean | null {
  const text = cell.toLowerCase();
  if (/\b(pk\d*|pri|primary)\b/.test(text)) return true;
  if (/\b(fk\d*|foreign|uk\d*|ak\d*|uni|unique|mul|alternate|index|indexed|idx)\b/.test(text))
    return /^unique key$/.test(text);
  if (/^(p|k|key|[1-9])$/.test(text)) return true;
  return readYesNo(cell);
}

/** A link to a field; `field` is empty when only the table is named. */
export interface Link {
  readonly table: string;
  readonly field: string;
}

/** Cells longer than this are prose. */
const MOST_LINK = 300;

/**
 * `TABLE.FIELD`, `TABLE(FIELD)`, `-> TABLE.FIELD`, `FK to schema.TABLE.FIELD`, `TABLE`. Null for anything else: two links
 * in one cell, or a sentence.
 */
export function readLink(cell: string): Link | null {
  if (cell.length > MOST_LINK) return null;
  const text = cell
    .trim()
    .replace(/^(fk|foreign key|references|refers to|links to|link to|see)\b[\s:]*/i, '')
    .replace(/^(to\b|[-=]*>|\u2192|\u21d2)\s*/i, '')
    .replaceAll(/[`"[\]]/g, '');
  const dotted =
    /^(?:[^\s.(),;]+\.)?([^\s.(),;]+)\s*\.\s*([^\s.(),;]+)$/.exec(text) ??
    // Documents for people write field names with blanks; a sentence has one after its full stop.
    /^([^\s.(),;]+)\.([^\s.(),;][^.(),;]{0,40})$/.exec(text);
  const bracketed = /^(?:[^\s.(),;]+\.)?([^\s.(),;]+)\s*\(\s*([^\s.(),;]+)\s*\)$/.exec(text);
  const match = dotted ?? bracketed;
  if (match !== null) return { table: match[1] ?? '', field: match[2] ?? '' };
  return /^[^\s.(),;]+$/.test(text) && readYesNo(text) === null ? { table: text, field: '' } : null;
}

/** What makes a table or field name unusable, or null. A table also names a file, on any system. */
export function badName(name: string, kind: 'table' | 'field'): string | null {
  if (name === '') return `${kind} name is missing`;
  if (name.length > 128) return `${kind} name is longer than 128 characters`;
  const control = [...name].some((character) => character < ' ' || character === '\u007f');
  if (control) return `${kind} name holds a character that cannot be printed`;
  if (kind === 'field') return null;
  if (/[\\/:*?"<>|]/.test(name) || /^\.|[. ]$/.test(name)) return 'table name holds a character that no file can have';
  return /^(con|prn|aux|nul|com\d|lpt\d)$/i.test(name) ? 'table name is one that no file can have' : null;
}
