import type { ColumnUnderTest } from '../rule.ts';
import { type Rule, rule } from '../rule.ts';
import { temporalSql } from '../valueSql.ts';
import { examine } from './fragments.ts';

/** Cells the migration turned away are dealt with: nothing of them reached the target. */
function notRejected(column: ColumnUnderTest): string {
  const table = column.table.replaceAll("'", "''");
  const field = column.field.replaceAll("'", "''");
  return `CAST("__row" AS VARCHAR) NOT IN (SELECT coalesce(source_row, '') FROM rejects WHERE source_table = '${table}' AND source_field IN ('${field}', ''))`;
}

function hasText(column: ColumnUnderTest): boolean {
  return column.dataType === 'VARCHAR';
}

function unreadableDate(column: ColumnUnderTest): string | null {
  const value = temporalSql(column.dataType as 'DATE', column.format as '', column.cell);
  return value === null ? null : `${value.sql} IS NULL`;
}

/** VAL: values that can be what they claim to be (brief, sections 3 and 4). */
export const VALIDITY_RULES: readonly Rule[] = [
  rule(
    'VAL-01',
    'ERROR',
    'PMI.nhs_number',
    'NHS number has ten digits and a valid check digit',
    'wrong-patient linkage to Spine',
    ['PMI.nhs_number'],
    examine('pmi p', 'NOT nhs_number_valid(p.nhs_number)', 'p.nhs_number IS NOT NULL'),
  ),
  rule(
    'VAL-02',
    'ERROR',
    'PMI.nhs_number',
    'NHS number is not a repeated digit and not a known filler',
    'pass the checksum but are fillers',
    ['PMI.nhs_number'],
    examine('pmi p', 'nhs_number_filler(p.nhs_number)', 'p.nhs_number IS NOT NULL'),
  ),
  rule(
    'VAL-03',
    'ERROR',
    'PMI.nhs_number',
    'In a rehearsal every NHS number lies in the synthetic range 999',
    'proves no real identifiers',
    ['PMI.nhs_number'],
    examine('pmi p', 'NOT nhs_number_synthetic(p.nhs_number)', 'p.nhs_number IS NOT NULL'),
  ),
  rule(
    'VAL-04',
    'WARN',
    'ADDR.postcode',
    'Postcode has the shape of a postcode or a pseudo postcode',
    'commissioner and distance rules',
    ['ADDR.postcode'],
    examine('addr d', 'NOT postcode_valid(d.postcode)', 'd.postcode IS NOT NULL'),
  ),
  rule(
    'VAL-05',
    'ERROR',
    'DX.icd10_code',
    'ICD-10 code has the shape of one (no edition list is supplied to look it up in)',
    'grouping, registries',
    ['DX.icd10_code'],
    examine('dx d', 'd.icd10_code IS NULL OR NOT icd10_valid(d.icd10_code)'),
  ),
  rule(
    'VAL-06',
    'ERROR',
    'PX.opcs4_code',
    'OPCS-4 code has the shape of one (no version list is supplied to look it up in)',
    'theatre history',
    ['PX.opcs4_code'],
    examine('px x', 'x.opcs4_code IS NULL OR NOT opcs4_valid(x.opcs4_code)'),
  ),
  rule(
    'VAL-07',
    'ERROR',
    'DX.icd10_code',
    'The primary diagnosis is neither an asterisk code nor an external cause V01-Y98',
    'invalid primary fails grouping',
    ['DX.icd10_code', 'DX.sequence'],
    examine(
      'dx d',
      "regexp_matches(upper(d.icd10_code), '^[VWX]|^Y([0-8]|9[0-8])|A$')",
      'd.sequence = 1 AND d.icd10_code IS NOT NULL',
    ),
  ),
  rule(
    'VAL-08',
    'ERROR',
    'PX.opcs4_code',
    'The primary procedure is not a method or site code (Y, Z)',
    'meaningless primary procedure',
    ['PX.opcs4_code', 'PX.sequence'],
    examine('px x', "upper(x.opcs4_code) SIMILAR TO '[YZ].*'", 'x.sequence = 1 AND x.opcs4_code IS NOT NULL'),
  ),
  rule(
    'VAL-09',
    'WARN',
    'STAFF.national_code',
    'A consultant code is C and seven digits, CD and digits, or a national default',
    'clinician attribution',
    ['STAFF.national_code'],
    // The defaults C9999998 … X9999998 of the Organisation Data Service have the same shape.
    examine(
      'staff s',
      "NOT regexp_full_match(upper(trim(s.national_code)), '[CNMHX]\\d{7}|CD\\d+')",
      's.national_code IS NOT NULL',
    ),
  ),
  {
    id: 'VAL-11',
    severity: 'ERROR',
    family: 'ALL',
    title: 'Each loaded date and time is written exactly as the target declares',
    why: 'silent day/month swap',
    parts: [],
    columns: { side: 'target', failsWhen: unreadableDate },
  },
  {
    id: 'VAL-12',
    severity: 'ERROR',
    family: 'ALL',
    title: 'Each $HOROLOG day of the source is from 1 to X plus ten years, or its cell was rejected',
    why: 'time in a date field',
    parts: [],
    columns: {
      side: 'source',
      needs: ['@rejects'],
      failsWhen: (column) => {
        if (!column.hasExtract || !['HOROLOG', 'HOROLOG_STAMP'].includes(column.format)) return null;
        const day = `TRY_CAST(split_part(trim(${column.cell}), ',', 1) AS INTEGER)`;
        const last = "date_diff('day', DATE '1840-12-31', CAST(extract_at() AS DATE)) + 3653";
        return `coalesce(${day} NOT BETWEEN 1 AND ${last}, TRUE) AND ${notRejected(column)}`;
      },
    },
  },
  {
    id: 'VAL-13',
    severity: 'ERROR',
    family: 'ALL',
    title: 'Each seconds value of the source is from 0 to 86399, or its cell was rejected',
    why: 'wrong appointment time',
    parts: [],
    columns: {
      side: 'source',
      needs: ['@rejects'],
      failsWhen: (column) => {
        const cell = `trim(${column.cell})`;
        const text =
          column.format === 'HOROLOG_SECONDS'
            ? cell
            : column.format === 'HOROLOG_STAMP'
              ? `split_part(${cell}, ',', 2)`
              : null;
        if (text === null) return null;
        return `coalesce(TRY_CAST(${text} AS INTEGER) NOT BETWEEN 0 AND 86399, TRUE) AND ${notRejected(column)}`;
      },
    },
  },
  rule(
    'VAL-14',
    'ERROR',
    'PMI.date_of_birth',
    'A filler date of birth is not marked as known to the day',
    'invented ages',
    ['PMI.date_of_birth', 'PMI.dob_precision'],
    examine(
      'pmi p',
      'is_sentinel_date(p.date_of_birth) AND (p.dob_precision IS NULL OR is_exact_precision(p.dob_precision))',
      'p.date_of_birth IS NOT NULL',
    ),
  ),
  {
    id: 'VAL-15',
    severity: 'ERROR',
    family: 'ALL',
    title: 'No loaded text holds a replacement character, a C1 control or a wrongly decoded pair',
    why: 'misspelt names break matching',
    parts: [],
    columns: { side: 'target', failsWhen: (column) => (hasText(column) ? `garbled(${column.cell})` : null) },
  },
  {
    id: 'VAL-16',
    severity: 'ERROR',
    family: 'ALL',
    title: 'No loaded text is longer than its target field',
    why: 'lost surnames, lost alerts',
    parts: [],
    columns: {
      side: 'target',
      failsWhen: (column) =>
        hasText(column) && column.length !== null ? `length(${column.cell}) > ${column.length}` : null,
    },
  },
  {
    id: 'VAL-18',
    severity: 'ERROR',
    family: 'ALL',
    title: 'No left-over delimiter or control character stands in a loaded value',
    why: 'piece-splitting fault shifts columns',
    parts: [],
    columns: { side: 'target', failsWhen: (column) => `has_residue(${column.cell})` },
  },
  {
    id: 'VAL-19',
    severity: 'WARN',
    family: 'ALL',
    title: 'No local time falls in the hour that does not exist when clocks go forward in March',
    why: 'hours-based rules wrong',
    parts: [],
    columns: {
      side: 'target',
      failsWhen: (column) => {
        if (column.dataType !== 'DATETIME') return null;
        const day = `TRY_CAST(left(trim(${column.cell}), 10) AS DATE)`;
        // Last Sunday of March, 01:00 to 01:59, since 1981; earlier years changed on other days. The text is looked at
        // first: parsing every time of every table costs ten times as much.
        const lastSunday = `year(${day}) >= 1981 AND day(${day}) >= 25 AND isodow(${day}) = 7`;
        return `CASE WHEN trim(${column.cell}) LIKE '____-03-___01:%' THEN coalesce(${lastSunday}, FALSE) ELSE FALSE END`;
      },
    },
  },
  rule(
    'VAL-20',
    'INFO',
    'CONTACT.contact_value',
    'A phone number has 9 to 15 digits, an e-mail address has the shape of one',
    'reminders fail',
    ['CONTACT.contact_value'],
    examine(
      'contact c',
      `CASE WHEN c.contact_value LIKE '%@%' THEN NOT regexp_full_match(c.contact_value, '[^@\\s]+@[^@\\s]+\\.[^@\\s]+')
            ELSE length(regexp_replace(c.contact_value, '[^0-9]', '', 'g')) NOT BETWEEN 9 AND 15 END`,
      'c.contact_value IS NOT NULL',
    ),
  ),
];
