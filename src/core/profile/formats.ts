import type { CatalogField } from '../catalog/catalog.ts';

/** A way in which values can be written, with the SQL that tells whether the text `v` is written so. */
export interface DetectedFormat {
  readonly name: string;
  /** True, false or NULL for any text; NULL counts as no. Costly parts stand in a CASE, which asks them of few values. */
  readonly sql: string;
  /** Characters that such a value has, and whether it is digits only: a column of other shapes need not be asked. */
  readonly lengths: readonly [least: number, most: number];
  readonly digits: 'only' | 'never' | 'maybe';
  /** The column's format only in fields whose name, type or description speaks of it: bare numbers fit too many formats. */
  readonly hint?: RegExp;
  /** Said in the notes when the data fit but the field does not speak of it. */
  readonly couldBe?: string;
  /** What values of the format are ordered by, where the order of the text is another. */
  readonly order?: string;
}

const matches = (pattern: string): string => `regexp_full_match(v, '${pattern}')`;

/** Years in which a person alive or an event of theirs can lie. */
const YEAR = '(18[5-9]\\d|19\\d\\d|20\\d\\d|2100)';
const MONTH = '(0[1-9]|1[0-2])';
const DAY = '(0[1-9]|[12]\\d|3[01])';
const HOUR_MINUTE = '([01]\\d|2[0-3])[0-5]\\d';

/** Digits that look like a date, and, only of those, whether the month has that day. Parsing every value takes 20 times as long. */
function date(pattern: string, iso: string): string {
  return `CASE WHEN ${matches(pattern)} THEN TRY_CAST(${iso} AS DATE) IS NOT NULL END`;
}

const part = (from: number, length: number): string => `substr(v, ${from}, ${length})`;
const isoOf = (year: number, month: number, day: number): string =>
  `${part(year, 4)} || '-' || ${part(month, 2)} || '-' || ${part(day, 2)}`;

/** `$HOROLOG` counts days from 1840-12-31: these are 1850-01-01 and 2100-12-31. */
const HOROLOG_RANGE = 'BETWEEN 3288 AND 94963';
const SECONDS_RANGE = 'BETWEEN 0 AND 86399';
const NUMBER = 'TRY_CAST(v AS HUGEINT)';
const STAMP_DAY = "TRY_CAST(split_part(v, ',', 1) AS INTEGER)";
const STAMP_SECOND = "TRY_CAST(split_part(v, ',', 2) AS INTEGER)";

/** NHS number: ten digits, the last one the modulus 11 check of the others (NHS Data Model and Dictionary). */
const NHS_NUMBER = (() => {
  const sum = Array.from({ length: 9 }, (_, at) => `(ascii(${part(at + 1, 1)}) - 48) * ${10 - at}`).join(' + ');
  // Ten zeros satisfy the check, but are a filler.
  return `CASE WHEN ${matches('\\d{10}')} AND v <> '0000000000' THEN (11 - (${sum}) % 11) % 11 = ascii(${part(10, 1)}) - 48 END`;
})();

const DATE_WORDS = /date|dob|dod|\bdt\b|_dt|_h$|\bday\b|_day|\$h|horolog/i;
const TIME_WORDS = /time|_tm|_s$|second|clock/i;

/**
 * Formats, the most specific first: the first one that nearly all values fit is the column's. The order is: what proves
 * itself (a check digit, a calendar, punctuation), then shapes that several formats share (five digits, four digits, an
 * ICD-10 or OPCS-4 code), which count only where the field's words speak of them, then what fits almost anything.
 * No eight digits are a day of these years both as YYYYMMDD and as DDMMYYYY.
 */
export const FORMATS: readonly DetectedFormat[] = [
  { name: 'NHS_NUMBER', lengths: [10, 10], digits: 'only', sql: NHS_NUMBER },
  {
    name: 'HOROLOG_STAMP',
    lengths: [7, 11],
    digits: 'never',
    sql: `CASE WHEN ${matches('\\d{5},\\d{1,5}')} THEN ${STAMP_DAY} ${HOROLOG_RANGE} AND ${STAMP_SECOND} ${SECONDS_RANGE} END`,
    order: `${STAMP_DAY}::BIGINT * 100000 + ${STAMP_SECOND}`,
  },
  {
    name: 'YYYYMMDDHHMMSS',
    lengths: [14, 14],
    digits: 'only',
    sql: date(`${YEAR}${MONTH}${DAY}${HOUR_MINUTE}[0-5]\\d`, isoOf(1, 5, 7)),
  },
  {
    name: 'YYYYMMDDHHMM',
    lengths: [12, 12],
    digits: 'only',
    sql: date(`${YEAR}${MONTH}${DAY}${HOUR_MINUTE}`, isoOf(1, 5, 7)),
  },
  { name: 'YYYYMMDD', lengths: [8, 8], digits: 'only', sql: date(`${YEAR}${MONTH}${DAY}`, isoOf(1, 5, 7)) },
  {
    name: 'DDMMYYYY',
    lengths: [8, 8],
    digits: 'only',
    sql: date(`${DAY}${MONTH}${YEAR}`, isoOf(5, 3, 1)),
    order: isoOf(5, 3, 1),
  },
  {
    name: 'DD/MM/YYYY',
    lengths: [10, 10],
    digits: 'never',
    sql: date(`${DAY}/${MONTH}/${YEAR}`, isoOf(7, 4, 1)),
    order: isoOf(7, 4, 1),
  },
  { name: 'ISO_DATE', lengths: [10, 10], digits: 'never', sql: date(`${YEAR}-${MONTH}-${DAY}`, 'v') },
  {
    name: 'ISO_DATETIME',
    lengths: [16, 35],
    digits: 'never',
    sql: date(
      `${YEAR}-${MONTH}-${DAY}[T ]([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d(\\.\\d+)?)?(Z|[+-]\\d{2}:?\\d{2})?`,
      part(1, 10),
    ),
  },
  { name: 'HH:MM', lengths: [5, 8], digits: 'never', sql: matches('([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d)?') },
  { name: 'EMAIL', lengths: [6, 254], digits: 'never', sql: matches('[^@\\s]+@[^@\\s]+\\.[A-Za-z]{2,}') },
  {
    name: 'POSTCODE',
    lengths: [5, 8],
    digits: 'never',
    sql: matches('(?i)([A-Z]{1,2}\\d[A-Z\\d]? ?\\d[A-Z]{2}|GIR ?0AA)'),
  },
  {
    name: 'OPCS4',
    lengths: [4, 5],
    digits: 'never',
    sql: matches('[A-HJ-Z]\\d{2}\\.?\\d'),
    hint: /opcs|proc|operation/i,
    couldBe: 'could be OPCS-4 codes',
  },
  {
    name: 'ICD10',
    lengths: [3, 7],
    digits: 'never',
    sql: matches('[A-Z]\\d{2}(\\.?[\\dX]{1,2})?[ADX]?'),
    hint: /icd|diag|\bdx|_dx|cause|morbid/i,
    couldBe: 'could be ICD-10 codes',
  },
  {
    name: 'HOROLOG',
    lengths: [5, 5],
    digits: 'only',
    sql: `CASE WHEN ${matches('\\d{5}')} THEN TRY_CAST(v AS INTEGER) ${HOROLOG_RANGE} END`,
    hint: DATE_WORDS,
    couldBe: 'could be $HOROLOG days',
    order: NUMBER,
  },
  {
    name: 'HHMM',
    lengths: [4, 4],
    digits: 'only',
    sql: matches(HOUR_MINUTE),
    hint: TIME_WORDS,
    couldBe: 'could be HHMM times',
  },
  {
    // Every small number fits, so without a hint it is not even said that a column could be seconds.
    name: 'HOROLOG_SECONDS',
    lengths: [1, 5],
    digits: 'only',
    sql: `CASE WHEN ${matches('\\d{1,5}')} THEN TRY_CAST(v AS INTEGER) ${SECONDS_RANGE} END`,
    hint: TIME_WORDS,
    order: NUMBER,
  },
  { name: 'PHONE', lengths: [9, 17], digits: 'maybe', sql: matches('(\\+44|0)[\\d ()-]{8,14}') },
  { name: 'FLAG', lengths: [1, 1], digits: 'never', sql: "v IN ('Y', 'N', 'y', 'n')" },
  { name: 'INTEGER', lengths: [1, 19], digits: 'maybe', sql: matches('[+-]?\\d{1,18}'), order: NUMBER },
  {
    name: 'DECIMAL',
    lengths: [2, 40],
    digits: 'never',
    sql: matches('[+-]?\\d*\\.\\d+'),
    order: 'TRY_CAST(v AS DOUBLE)',
  },
];

/** Filled cells of a column that have a length (capped at 255) and are digits only, or not. */
export interface ValueShape {
  readonly length: number;
  readonly digits: boolean;
  readonly cells: number;
}

/** Formats that at least `least` cells could fit by their shapes: an exact bound, so that no format is missed. */
export function formatsFor(shapes: readonly ValueShape[], least: number): readonly DetectedFormat[] {
  return FORMATS.filter(({ lengths: [shortest, longest], digits }) => {
    let cells = 0;
    for (const shape of shapes) {
      const fits = shape.digits ? digits !== 'never' : digits !== 'only';
      if (fits && shape.length >= shortest && shape.length <= longest) cells += shape.cells;
    }
    return cells > 0 && cells >= least;
  });
}

/** What the catalog's types add to the words of a field. */
const TYPE_WORDS: Partial<Record<CatalogField['dataType'], string>> = {
  DATE: 'date',
  TIME: 'time',
  DATETIME: 'date time',
};

/**
 * Which of the formats that the data fit is the field's: the one the catalog declares, or else the most specific one
 * whose hint, if it has one, the field's name, description or type gives.
 */
export function likeliest<F extends { readonly format: DetectedFormat }>(
  fitting: readonly F[],
  field: CatalogField,
): F | undefined {
  const words = `${field.field} ${field.description} ${TYPE_WORDS[field.dataType] ?? ''}`;
  return (
    fitting.find(({ format }) => format.name === field.format) ??
    fitting.find(({ format }) => format.hint === undefined || format.hint.test(words))
  );
}
