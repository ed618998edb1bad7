import { quoteIdentifier } from '../engine/sqlText.ts';

/** Words that the rule parser takes for something else than a column name. */
const RESERVED = new Set(
  (
    'all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create default ' +
    'deferrable desc describe distinct do else end except false fetch for foreign from group having in initially ' +
    'intersect into lambda lateral leading limit not null offset on only or order pivot placing primary qualify ' +
    'references returning select show some summarize symmetric table then to trailing true union unique unpivot using ' +
    'variadic when where window with'
  ).split(' '),
);

/** A column or table name as it stands in a rule: bare when that is plain and not a word of SQL, else in double quotes. */
export function sqlName(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !RESERVED.has(name.toLowerCase()) ? name : quoteIdentifier(name);
}
