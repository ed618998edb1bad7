import type { DataType, ValueFormat } from '../catalog/catalog.ts';

/** How a date or time is written, as a document's words say it. */
export interface DateFormat {
  /** Null when the words hold a pattern that the catalog has no name for: its values would be misread. */
  readonly format: ValueFormat | null;
  readonly dataType: DataType;
  /** Characters that a value takes: at least and at most. */
  readonly length: readonly [least: number, most: number];
}

/** Words longer than this are prose; a format stands near their beginning. Also bounds the work of the patterns below. */
const MOST_WORDS = 400;

/** Storage forms of Caché and IRIS: `$H` counts days from 1840-12-31 and seconds from midnight. Most specific first. */
const HOROLOG: readonly (readonly [RegExp, DateFormat])[] = [
  [
    /\$h(orolog)?[\s(]{0,3}(dates?|days?)?\s{0,3}(,|and|\+|&)\s{0,3}(seconds?|times?)\b|\$h(orolog)?\b[^$]{0,20}\bdate and time\b|horolog\s{0,3}stamp|\$h\s{0,3}stamp/i,
    { format: 'HOROLOG_STAMP', dataType: 'DATETIME', length: [7, 13] },
  ],
  [
    /\bseconds? (since|past|after|from) midnight\b|\$h(orolog)?\s{0,3}(times?|seconds?)\b/i,
    { format: 'HOROLOG_SECONDS', dataType: 'TIME', length: [5, 5] },
  ],
  [/\$h(orolog)?\b/i, { format: 'HOROLOG', dataType: 'DATE', length: [5, 7] }],
];

/** Patterns of letters, brought to lower case with `yyyy`, `mm`, `dd`, `hh`, `ss`. The empty format is ISO 8601. */
const PATTERNS: ReadonlyMap<string, DateFormat> = new Map<string, DateFormat>([
  ['yyyymmdd', { format: 'YYYYMMDD', dataType: 'DATE', length: [8, 8] }],
  ['yyyymmddhhmm', { format: 'YYYYMMDDHHMM', dataType: 'DATETIME', length: [12, 12] }],
  ['yyyymmddhhmmss', { format: 'YYYYMMDDHHMMSS', dataType: 'DATETIME', length: [14, 14] }],
  ['dd/mm/yyyy', { format: 'DD/MM/YYYY', dataType: 'DATE', length: [10, 10] }],
  ['ddmmyyyy', { format: 'DDMMYYYY', dataType: 'DATE', length: [8, 8] }],
  ['hhmm', { format: 'HHMM', dataType: 'TIME', length: [4, 4] }],
  ['yyyy-mm-dd', { format: '', dataType: 'DATE', length: [10, 10] }],
  ['hh:mm', { format: '', dataType: 'TIME', length: [5, 5] }],
  ['hh:mm:ss', { format: '', dataType: 'TIME', length: [8, 8] }],
  ...['yyyy-mm-ddthh:mm', 'yyyy-mm-dd hh:mm', 'yyyy-mm-ddthh:mm:ss', 'yyyy-mm-dd hh:mm:ss'].map(
    (pattern): [string, DateFormat] => [pattern, { format: '', dataType: 'DATETIME', length: [16, 19] }],
  ),
]);

/** Two to eight parts of a date pattern with what may stand between them; not a piece of a longer word. */
const LETTERS =
  /(?<![a-z])(?:(?:ccyy|yyyy|yy|mmm|mon|mm|dd|hh24|hh|mi|nn|ss)(?:[-/.:]|, ?| (?=ccyy|yy|mm|mon|dd|hh)|t(?=hh))?){2,8}(?![a-z])/gi;

/**
 * The date format that some words name, or null when they name none. Words that name two give the first, because the
 * documents say how a value is kept before how it is shown.
 */
export function findDateFormat(words: string): DateFormat | null {
  const text = words.slice(0, MOST_WORDS);
  for (const [pattern, format] of HOROLOG) if (pattern.test(text)) return format;
  const patterns = [...text.matchAll(LETTERS)].map((match) => plainPattern(match[0]));
  if (patterns.length === 0) return null;
  const known = patterns.map((pattern) => PATTERNS.get(pattern)).find((format) => format !== undefined);
  return known ?? unknownFormat(patterns[0] ?? '');
}

function plainPattern(letters: string): string {
  return letters
    .toLowerCase()
    .replaceAll('ccyy', 'yyyy')
    .replaceAll('hh24', 'hh')
    .replaceAll(/mi|nn/g, 'mm')
    .replace(/[^a-z]+$/, '');
}

function unknownFormat(pattern: string): DateFormat {
  const time = pattern.includes('hh');
  const date = /yy|dd/.test(pattern);
  return { format: null, dataType: date ? (time ? 'DATETIME' : 'DATE') : 'TIME', length: [0, Number.MAX_SAFE_INTEGER] };
}
