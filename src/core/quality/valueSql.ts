import type { DataType, ValueFormat } from '../catalog/catalog.ts';

/**
 * Text of a file to a typed value, in SQL; NULL when the text is not exactly in the declared format. Written apart from
 * the migration's own conversion on purpose: a checker that shares the loader's code shares its mistakes.
 */

/** Day 0 of `$HOROLOG`; the largest day DuckDB and Caché both hold is 9999-12-31 (brief, section 3). */
const HOROLOG_DAY_0 = "DATE '1840-12-31'";
const HOROLOG_LAST_DAY = 2980013;

export type SqlType = 'DATE' | 'TIMESTAMP' | 'TIME';

const ISO: Readonly<Partial<Record<DataType, { type: SqlType; pattern: string }>>> = {
  DATE: { type: 'DATE', pattern: '\\d{4}-\\d{2}-\\d{2}' },
  DATETIME: { type: 'TIMESTAMP', pattern: '\\d{4}-\\d{2}-\\d{2}[T ]([01]\\d|2[0-3]):\\d{2}(:\\d{2})?' },
  TIME: { type: 'TIME', pattern: '([01]\\d|2[0-3]):\\d{2}(:\\d{2})?' },
};

const STRPTIME: Readonly<Partial<Record<ValueFormat, { type: SqlType; pattern: string; format: string }>>> = {
  YYYYMMDD: { type: 'DATE', pattern: '\\d{8}', format: '%Y%m%d' },
  YYYYMMDDHHMMSS: { type: 'TIMESTAMP', pattern: '\\d{14}', format: '%Y%m%d%H%M%S' },
  'DD/MM/YYYY': { type: 'DATE', pattern: '\\d{2}/\\d{2}/\\d{4}', format: '%d/%m/%Y' },
  DDMMYYYY: { type: 'DATE', pattern: '\\d{8}', format: '%d%m%Y' },
  HHMM: { type: 'TIME', pattern: '\\d{4}', format: '%H%M' },
};

/**
 * @param cell SQL of a text expression
 * @returns SQL of the value and its type, or null when the field is not a date or time
 */
export function temporalSql(
  dataType: DataType,
  format: ValueFormat,
  cell: string,
): { sql: string; type: SqlType } | null {
  const text = `trim(${cell})`;
  if (format === 'HOROLOG') return { sql: horologDate(text), type: 'DATE' };
  if (format === 'HOROLOG_SECONDS') return { sql: secondsTime(text), type: 'TIME' };
  if (format === 'HOROLOG_STAMP') {
    const [day, second] = [`split_part(${text}, ',', 1)`, `split_part(${text}, ',', 2)`];
    return { sql: `(${horologDate(day)} + ${secondsTime(second)})`, type: 'TIMESTAMP' };
  }
  if (format === 'YYYYMMDDHHMM') return { sql: minuteStamp(text), type: 'TIMESTAMP' };
  const written = STRPTIME[format];
  if (written !== undefined) {
    const parsed = `try_strptime(${text}, '${written.format}')`;
    return { sql: matching(text, written.pattern, `CAST(${parsed} AS ${written.type})`), type: written.type };
  }
  const iso = ISO[dataType];
  return iso === undefined
    ? null
    : { sql: matching(text, iso.pattern, `TRY_CAST(${text} AS ${iso.type})`), type: iso.type };
}

/** Y/N in the spellings files use; NULL for anything else. */
export function flagSql(cell: string): string {
  const text = `upper(trim(${cell}))`;
  return `CASE WHEN ${text} IN ('Y','YES','TRUE','T','1') THEN TRUE WHEN ${text} IN ('N','NO','FALSE','F','0') THEN FALSE END`;
}

function horologDate(text: string): string {
  const day = `TRY_CAST(${text} AS INTEGER)`;
  const inRange = `${day} BETWEEN 1 AND ${HOROLOG_LAST_DAY}`;
  return `CASE WHEN regexp_full_match(${text}, '\\d{1,7}') AND ${inRange} THEN ${HOROLOG_DAY_0} + ${day} END`;
}

function secondsTime(text: string): string {
  const seconds = `TRY_CAST(${text} AS INTEGER)`;
  const valid = `regexp_full_match(${text}, '\\d{1,5}') AND ${seconds} BETWEEN 0 AND 86399`;
  return `CASE WHEN ${valid} THEN CAST(TIMESTAMP '2000-01-01' + to_seconds(${seconds}) AS TIME) END`;
}

/** `YYYYMMDD2400` is midnight at the end of that day: 0000 of the next (brief, section 3). */
function minuteStamp(text: string): string {
  const next = `CAST(try_strptime(left(${text}, 8), '%Y%m%d') AS TIMESTAMP) + INTERVAL 1 DAY`;
  const parsed = `CASE WHEN right(${text}, 4) = '2400' THEN ${next} ELSE CAST(try_strptime(${text}, '%Y%m%d%H%M') AS TIMESTAMP) END`;
  return matching(text, '\\d{12}', parsed);
}

function matching(text: string, pattern: string, value: string): string {
  return `CASE WHEN regexp_full_match(${text}, '${pattern}') THEN ${value} END`;
}
