/** One statement of an SQL script, without its terminator and without comments in front. */
export interface SqlStatement {
  readonly text: string;
  /** Line of its first word, from 1. */
  readonly line: number;
}

/** A name in square brackets; no product's names are longer. */
const BRACKETED = /\[[^[\]\n]{1,128}\]/y;

const OPENERS = /--|\/\*|#|'|"|`|\[|\$[A-Za-z_]*\$|;|\n/g;

/**
 * Cuts a script into statements at `;`, at a line `GO` (SQL Server) and at a line `/` (Oracle), but not inside quotes,
 * comments and dollar quotes. Linear in the length of the script; an unclosed quote ends with the script.
 */
export function splitStatements(script: string): SqlStatement[] {
  const statements: SqlStatement[] = [];
  let start = 0;
  let line = 1;
  let startLine = 1;
  const lineEnds = (from: number, to: number): void => {
    // A search beyond `to` would read the whole rest of a script of one line, again and again.
    line += script.slice(from, to).split('\n').length - 1;
  };
  const finish = (end: number): void => {
    const { text, skipped } = withoutLeadingComments(script.slice(start, end));
    if (text !== '') statements.push({ text, line: startLine + skipped });
  };
  const opener = new RegExp(OPENERS);
  for (let match = opener.exec(script); match !== null; match = opener.exec(script)) {
    const at = match.index;
    if (match[0] === '\n') {
      line += 1;
      const next = script.indexOf('\n', at + 1);
      const own = script.slice(at + 1, next < 0 ? script.length : Math.min(next, at + 20)).trim();
      if (own.toUpperCase() !== 'GO' && own !== '/') continue;
      finish(at);
      start = next < 0 ? script.length : next;
      opener.lastIndex = start;
      startLine = line;
    } else if (match[0] === ';') {
      finish(at);
      start = at + 1;
      startLine = line;
    } else {
      const end = endOf(script, match[0], at);
      if (end > at + 1) lineEnds(at, end);
      opener.lastIndex = end;
    }
  }
  finish(script.length);
  return statements;
}

/** Place after the quote or comment that opens at `at`. */
function endOf(script: string, opener: string, at: number): number {
  const after = (closer: string, from: number): number => {
    const found = script.indexOf(closer, from);
    return found < 0 ? script.length : found + closer.length;
  };
  switch (opener) {
    case '--':
      return Math.max(after('\n', at) - 1, at + 2);
    case '#':
      // A comment of MySQL at the beginning of a line; elsewhere part of a name.
      return /(^|\n)[ \t]*$/.test(script.slice(Math.max(0, at - 20), at))
        ? Math.max(after('\n', at) - 1, at + 1)
        : at + 1;
    case '/*':
      return after('*/', at + 2);
    case '[': {
      // A quoted name of SQL Server; `[]` and `[3]` are arrays of PostgreSQL.
      BRACKETED.lastIndex = at;
      return BRACKETED.test(script) ? BRACKETED.lastIndex : at + 1;
    }
    case "'":
      return endOfText(script, at);
    case '"':
    case '`':
      return after(opener, at + 1);
    default:
      return after(opener, at + opener.length);
  }
}

/** A doubled quote goes on by itself: it closes one text and opens the next. MySQL also escapes by a backslash. */
function endOfText(script: string, at: number): number {
  for (let end = script.indexOf("'", at + 1); end >= 0; end = script.indexOf("'", end + 1)) {
    let slashes = 0;
    while (script[end - 1 - slashes] === '\\') slashes += 1;
    // `\'` followed by what ends a text is a text ending in a backslash, as everywhere but in MySQL.
    if (slashes % 2 === 0 || /^'\s*[,;)]/.test(script.slice(end, end + 8))) return end + 1;
  }
  return script.length;
}

function withoutLeadingComments(raw: string): { text: string; skipped: number } {
  const [leading = ''] = /^(?:\s+|--[^\n]*|\/\*[\s\S]*?\*\/|#[^\n]*)*/.exec(raw) ?? [];
  return { text: raw.slice(leading.length).trimEnd(), skipped: leading.split('\n').length - 1 };
}
