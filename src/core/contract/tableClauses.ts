/** The small languages of a contract table row: joins and dedupe. Their expressions are parsed like rules. */

export interface JoinClause {
  readonly table: string;
  readonly alias: string;
  /** The text after ON. */
  readonly condition: string;
}

export interface DedupeClause {
  readonly keys: readonly string[];
  readonly keep: 'FIRST' | 'LAST';
  readonly by: string;
}

const JOIN = /^([^\s;]+)(?:\s+as\s+([^\s;]+))?\s+on\s+(.+)$/is;
const DEDUPE = /^(.+?)\s+keep\s+(first|last)\s+by\s+(.+)$/is;

/** `TABLE [AS alias] ON condition; …`. Gives null when a part does not have that form. */
export function parseJoins(text: string): JoinClause[] | null {
  const clauses: JoinClause[] = [];
  for (const part of splitOutsideQuotes(text, ';')) {
    if (part.trim() === '') continue;
    const match = JOIN.exec(part.trim());
    if (match === null) return null;
    const [, table = '', alias = table, condition = ''] = match;
    clauses.push({ table, alias, condition });
  }
  return clauses;
}

/** `COLUMN[, COLUMN] KEEP FIRST|LAST BY expression`. Gives null when it does not have that form. */
export function parseDedupe(text: string): DedupeClause | null {
  const match = DEDUPE.exec(text.trim());
  if (match === null) return null;
  const [, keys = '', keep = '', by = ''] = match;
  return {
    keys: splitOutsideQuotes(keys, ',').map((key) => key.trim()),
    keep: keep.toUpperCase() === 'LAST' ? 'LAST' : 'FIRST',
    by,
  };
}

/** Splits at a separator that is not inside single or double quotes nor in parentheses. */
export function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts: string[] = [];
  let quote = '';
  let depth = 0;
  let part = '';
  for (const character of text) {
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === "'" || character === '"') quote = character;
    else if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    else if (character === separator && depth <= 0) {
      parts.push(part);
      part = '';
      continue;
    }
    part += character;
  }
  parts.push(part);
  return parts;
}
