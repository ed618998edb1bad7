/** A table named by words above its list: a heading, a title row, or a sheet. */
export interface NamedTable {
  readonly name: string;
  /** What else the words say. */
  readonly title: string;
  /** True when the words say that this is a table's name: `Table: PATMAST`. */
  readonly explicit: boolean;
}

/** A name as databases write it: no blanks, and an underscore, a digit or capitals only. */
const IDENTIFIER = /^(?=.*[_\d]|[^a-z]*$)[\^%A-Za-z_][\w.$%#-]*$/;

/** Titles are short; anything longer is prose. */
const MOST_TITLE = 300;

/**
 * Finds the table's name in a title: `3.2 LOAD_SPELL (Spells)`, `Table: PATMAST - Patient master`, `PATMAST`. Words that
 * hold no such name are the name themselves.
 */
export function nameInTitle(words: string): NamedTable {
  const text = words.slice(0, MOST_TITLE).trim();
  const said = /^(?:load |database )?(?:table|entity|file|global|view)(?: name)?\s*[:=|\-\u2013\u2014]\s*(.+)$/i.exec(
    text,
  );
  // Section numbers of a printed document stand before the name.
  const body = (said?.[1] ?? text.replace(/^\d+(\.\d+)*[.)]?\s+/, '')).trim();
  const [, first = '', rest = ''] = /^(\S+?)(?:\s*[:(\u2013\u2014]\s*|\s+-\s*|\s+)(.*)$/.exec(body) ?? ['', body, ''];
  if (!IDENTIFIER.test(first)) return { name: body, title: '', explicit: false };
  return { name: first, title: rest.replace(/\)$/, '').trim(), explicit: said !== null };
}
