import type { CatalogField } from '../catalog/catalog.ts';

/** A way in which values can be written, with the SQL that tells whether the text `v` is written so. */
export interface DetectedFormat {
  readonly name: string;
  readonly sql: string;
  /** Characters that such a value has: a column of other lengths need not be asked. */
  readonly lengths: readonly [least: number, most: number];
  /** Looked for only in fields whose name, type or description speaks of it: bare numbers fit too many formats. */
  readonly hint?: RegExp;
}

/** Years in which a person alive or an event of theirs can lie. */
const YEARS = 'BETWEEN 1850 AND 2100';

function date(pattern: string, length: number): string {
  const parsed = `try_strptime(v, '${pattern}')`;
  return `(length(v) = ${length} AND year(${parsed}) ${YEARS})`;
}

/** NHS number: ten digits, the last one the modulus 11 check of the others (NHS Data Model and Dictionary). */
const NHS_NUMBER = (() => {
  const sum = Array.from(
    { length: 9 },
    (_, index) => `TRY_CAST(substr(v, ${index + 1}, 1) AS INTEGER) * ${10 - index}`,
  );
  const check = `(11 - (${sum.join(' + ')}) % 11) % 11`;
  return `(regexp_full_match(v, '\\d{10}') AND ${check} = TRY_CAST(substr(v, 10, 1) AS INTEGER))`;
})();

const DATE_WORDS = /date|dob|dod|\bdt\b|_dt|_h$|day|\$h|horolog/i;
const TIME_WORDS = /time|_tm|_s$|second|clock/i;

/**
 * Formats, the most specific first: the first one that nearly all values fit is the column's. A shape that several share
 * (five digits, four digits, an ICD-10 and an OPCS-4 code) counts only where the field's words speak of it.
 */
export const FORMATS: readonly DetectedFormat[] = [
  { name: 'NHS_NUMBER', lengths: [10, 10], sql: NHS_NUMBER },
  { name: 'HOROLOG_STAMP', lengths: [7, 11], sql: "regexp_full_match(v, '\\d{5},\\d{1,5}')" },
  { name: 'YYYYMMDDHHMMSS', lengths: [14, 14], sql: date('%Y%m%d%H%M%S', 14) },
  { name: 'YYYYMMDDHHMM', lengths: [12, 12], sql: date('%Y%m%d%H%M', 12) },
  { name: 'YYYYMMDD', lengths: [8, 8], sql: date('%Y%m%d', 8) },
  { name: 'DDMMYYYY', lengths: [8, 8], sql: date('%d%m%Y', 8) },
  { name: 'DD/MM/YYYY', lengths: [10, 10], sql: date('%d/%m/%Y', 10) },
  { name: 'ISO_DATE', lengths: [10, 10], sql: date('%Y-%m-%d', 10) },
  {
    name: 'ISO_DATETIME',
    lengths: [16, 35],
    sql: "regexp_full_match(v, '\\d{4}-\\d{2}-\\d{2}[T ]\\d{2}:\\d{2}(:\\d{2}(\\.\\d+)?)?(Z|[+-]\\d{2}:?\\d{2})?')",
  },
  { name: 'HH:MM', lengths: [5, 8], sql: "regexp_full_match(v, '([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d)?')" },
  { name: 'EMAIL', lengths: [6, 254], sql: "regexp_full_match(v, '[^@\\s]+@[^@\\s]+\\.[A-Za-z]{2,}')" },
  { name: 'POSTCODE', lengths: [5, 8], sql: "regexp_full_match(upper(v), '[A-Z]{1,2}\\d[A-Z\\d]? ?\\d[A-Z]{2}')" },
  {
    name: 'OPCS4',
    lengths: [4, 5],
    sql: "regexp_full_match(v, '[A-HJ-Z]\\d{2}\\.?\\d')",
    hint: /opcs|proc|operation/i,
  },
  {
    name: 'ICD10',
    lengths: [3, 7],
    sql: "regexp_full_match(v, '[A-Z]\\d{2}(\\.?[\\dX]{1,2})?[ADX]?')",
    hint: /icd|diag|dx|cause|morbid/i,
  },
  {
    name: 'HOROLOG',
    lengths: [5, 5],
    sql: "(regexp_full_match(v, '\\d{5}') AND TRY_CAST(v AS INTEGER) BETWEEN 3288 AND 94963)",
    hint: DATE_WORDS,
  },
  { name: 'HHMM', lengths: [4, 4], sql: "regexp_full_match(v, '([01]\\d|2[0-3])[0-5]\\d')", hint: TIME_WORDS },
  {
    name: 'HOROLOG_SECONDS',
    lengths: [1, 5],
    sql: "(regexp_full_match(v, '\\d{1,5}') AND TRY_CAST(v AS INTEGER) BETWEEN 0 AND 86399)",
    hint: TIME_WORDS,
  },
  { name: 'PHONE', lengths: [9, 17], sql: "regexp_full_match(v, '(\\+44|0)[\\d ()-]{8,14}')" },
  { name: 'FLAG', lengths: [1, 1], sql: "upper(v) IN ('Y', 'N')" },
  { name: 'INTEGER', lengths: [1, 19], sql: "regexp_full_match(v, '[+-]?\\d{1,18}')" },
  { name: 'DECIMAL', lengths: [3, 40], sql: "regexp_full_match(v, '[+-]?\\d+\\.\\d+')" },
];

/** Formats that are looked for in a field whose values have these lengths. A few odd values may be longer or shorter. */
export function formatsFor(field: CatalogField, shortest: number, longest: number): readonly DetectedFormat[] {
  const temporal = /^(DATE|TIME|DATETIME)$/.test(field.dataType) ? `date time ${field.format}` : '';
  const words = `${field.field} ${field.description} ${temporal}`;
  return FORMATS.filter(
    ({ hint, lengths: [least, most] }) =>
      (hint === undefined || hint.test(words)) && least <= longest && most >= shortest,
  );
}
