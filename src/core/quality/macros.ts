import { quoteLiteral } from '../engine/sqlText.ts';
import type { QualitySettings } from './settings.ts';

/** Postcode shape of the brief, section 3, after normalising; pseudo postcodes have their own pattern. */
const POSTCODE =
  '(GIR 0AA|(?:[A-PR-UWYZ]\\d{1,2}|[A-PR-UWYZ]\\d[A-HJKMNP-Y]|[A-PR-UWYZ][A-HK-Y]\\d{1,2}|[A-PR-UWYZ][A-HK-Y]\\d[A-HJKMNP-Y]) \\d[ABD-HJLNP-UW-Z]{2})';
const PSEUDO_POSTCODE = 'ZZ99 \\d[0-9A-Z]{2}';
const ICD10 = '[A-Z]\\d{2}(?:\\.?[0-9X](?:[0-9X-])?)?[DA]?';
const OPCS4 = '[A-HJ-Z]\\d{2}\\.?\\d';
/** Replacement character, C1 controls, and the usual pairs of UTF-8 read as Windows-1252. */
const GARBLED = '[\\x{FFFD}\\x{80}-\\x{9F}]|[\\x{C2}\\x{C3}][\\x{80}-\\x{BF}]|\\x{E2}\\x{20AC}';
/**
 * Left-over delimiters and controls. Character 252-254 of the MultiValue marks are ü, ý and þ in a name, so only the
 * marks that no name holds are looked for; tab and line ends may stand in free text.
 */
const RESIDUE = '[\\^|\\x{00}-\\x{08}\\x{0B}\\x{0C}\\x{0E}-\\x{1F}\\x{7F}]';

/** SQL macros every rule may use. `extractAt` is an ISO instant in local time of the extract, or null when unknown. */
export function macroStatements(settings: QualitySettings, extractAt: string | null): string[] {
  const extract = extractAt === null ? 'CAST(NULL AS TIMESTAMP)' : `CAST(${quoteLiteral(extractAt)} AS TIMESTAMP)`;
  return [
    `CREATE MACRO extract_at() AS ${extract}`,
    `CREATE MACRO nhs_number_valid(v) AS ${nhsNumberValid('v')}`,
    `CREATE MACRO nhs_number_filler(v) AS (regexp_full_match(v, '(${repeatedDigits()})') OR list_contains(${list(settings.placeholderNhsNumbers)}, v))`,
    `CREATE MACRO nhs_number_synthetic(v) AS regexp_full_match(v, '999\\d{7}')`,
    `CREATE MACRO normal_postcode(v) AS regexp_replace(regexp_replace(upper(v), '[^A-Z0-9]', '', 'g'), '^(.*)(...)$', '\\1 \\2')`,
    `CREATE MACRO postcode_pseudo(v) AS regexp_full_match(normal_postcode(v), '${PSEUDO_POSTCODE}')`,
    `CREATE MACRO postcode_valid(v) AS (regexp_full_match(normal_postcode(v), '${POSTCODE}') OR postcode_pseudo(v))`,
    `CREATE MACRO icd10_valid(v) AS regexp_full_match(upper(trim(v)), '${ICD10}')`,
    `CREATE MACRO opcs4_valid(v) AS regexp_full_match(upper(trim(v)), '${OPCS4}')`,
    `CREATE MACRO garbled(v) AS regexp_matches(v, '${GARBLED}')`,
    `CREATE MACRO has_residue(v) AS regexp_matches(v, '${RESIDUE}')`,
    `CREATE MACRO folded_name(v) AS regexp_replace(upper(strip_accents(v)), '[^A-Z0-9]', '', 'g')`,
    ...settingMacros(settings),
  ];
}

function settingMacros(settings: QualitySettings): string[] {
  const lists: Record<string, readonly string[]> = {
    is_placeholder_surname: settings.placeholderSurnames,
    is_exact_precision: settings.exactPrecisions,
    is_detention: settings.detentionCodes,
    is_restricted_section: settings.restrictedCodes,
    is_hourly_section: settings.hourlyCodes,
    is_mental_health_function: settings.mentalHealthFunctions,
  };
  const numbers: Record<string, number> = {
    coding_grace_days: settings.codingGraceDays,
    long_stay_days: settings.longStayDays,
    maximum_age: settings.maximumAge,
    appointment_horizon_days: settings.appointmentHorizonDays,
    ward_gap_minutes: settings.wardGapMinutes,
    long_wait_days: settings.longWaitDays,
    first_clinic_days: settings.firstClinicDays,
    statutory_date_days: settings.statutoryDateDays,
  };
  const hours = Object.entries(settings.maximumSectionHours)
    .map(([code, limit]) => `WHEN ${quoteLiteral(code)} THEN ${limit}`)
    .join(' ');
  const sentinels = settings.sentinelDates.map((date) => `CAST(${quoteLiteral(date)} AS DATE)`).join(', ');
  return [
    ...Object.entries(lists).map(
      ([name, values]) => `CREATE MACRO ${name}(v) AS coalesce(list_contains(${list(values)}, upper(trim(v))), FALSE)`,
    ),
    ...Object.entries(numbers).map(([name, value]) => `CREATE MACRO ${name}() AS ${value}`),
    `CREATE MACRO section_hours(v) AS CASE v ${hours} END`,
    `CREATE MACRO is_sentinel_date(v) AS coalesce(v IN (${sentinels}), FALSE)`,
  ];
}

/** Ten digits and modulus 11: weights 10 to 2, check = 11 - remainder, 11 counts as 0, 10 is never valid (brief, section 3). */
function nhsNumberValid(v: string): string {
  const sum = [1, 2, 3, 4, 5, 6, 7, 8, 9]
    .map((place) => `${11 - place} * TRY_CAST(substr(${v}, ${place}, 1) AS INTEGER)`)
    .join(' + ');
  const check = `TRY_CAST(substr(${v}, 10, 1) AS INTEGER)`;
  return `(regexp_full_match(${v}, '\\d{10}') AND coalesce((11 - (${sum}) % 11) % 11 = ${check}, FALSE))`;
}

function repeatedDigits(): string {
  return [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((digit) => `${digit}{10}`).join('|');
}

function list(values: readonly string[]): string {
  return `[${values.map(quoteLiteral).join(', ')}]`;
}
