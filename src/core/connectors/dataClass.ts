import type { CatalogField } from '../catalog/catalog.ts';
import { quoteIdentifier, quoteLiteral } from '../engine/sqlText.ts';
import { DEFAULT_SETTINGS } from '../quality/settings.ts';
import type { DataClass } from './policy.ts';

/** NHS numbers that were counted; never the numbers themselves. */
export interface NhsNumberCounts {
  /** In the range 999, which is never issued to a person. */
  readonly inTestRange: number;
  /** Ten digits outside of it that are no known filler: taken for a person's, also when the check digit is wrong. */
  readonly outside: number;
}

export const NO_NUMBERS: NhsNumberCounts = { inTestRange: 0, outside: 0 };

export function addCounts(a: NhsNumberCounts, b: NhsNumberCounts): NhsNumberCounts {
  return { inTestRange: a.inTestRange + b.inTestRange, outside: a.outside + b.outside };
}

/** Fields in which NHS numbers stand: by what the catalog recognised, and by their name where it did not. */
export function nhsNumberFields(fields: readonly CatalogField[]): string[] {
  return fields.flatMap(({ field, concept }) => (concept === 'nhs_number' || /NHS/i.test(field) ? [field] : []));
}

/** Digits as some keyboards and exports write them. */
const FULL_WIDTH = '０１２３４５６７８９';

/** A date with a time of day: it may have ten digits too (`1/1/2024 10:15`), and a date is nobody's number. */
const DATE_TIME = '^\\d{1,4}[/.-]\\d{1,2}[/.-]\\d{1,4}[ T]\\d{1,2}:\\d';

/**
 * Query with one row `inside, outside`: the NHS numbers in the columns. All that is no digit is left out of a cell; a
 * date with a time is no number.
 */
export function countNhsNumbers(from: string, columns: readonly string[]): string {
  const fillers = DEFAULT_SETTINGS.placeholderNhsNumbers.map(quoteLiteral).join(', ');
  const counts = columns.map((column) => {
    const cell = `translate(CAST(${quoteIdentifier(column)} AS VARCHAR), '${FULL_WIDTH}', '0123456789')`;
    const number = `regexp_replace(${cell}, '[^0-9]', '', 'g')`;
    const ten = `(length(${number}) = 10 AND NOT regexp_matches(${cell}, '${DATE_TIME}'))`;
    const inside = `count(*) FILTER (WHERE ${ten} AND starts_with(${number}, '999'))`;
    const filler = `${number} = repeat(left(${number}, 1), 10) OR ${number} IN (${fillers})`;
    const outside = `count(*) FILTER (WHERE ${ten} AND NOT starts_with(${number}, '999') AND NOT (${filler}))`;
    return { inside, outside };
  });
  const sum = (parts: readonly string[]): string => (parts.length === 0 ? '0' : parts.join(' + '));
  return `SELECT (${sum(counts.map(({ inside }) => inside))})::DOUBLE AS inside, (${sum(counts.map(({ outside }) => outside))})::DOUBLE AS outside FROM ${from}`;
}

/** The row of `countNhsNumbers`. */
export function countsOf(row: Readonly<Record<string, unknown>> | undefined): NhsNumberCounts {
  return { inTestRange: Number(row?.['inside'] ?? 0), outside: Number(row?.['outside'] ?? 0) };
}

/** @param mockManifest the files are those that the mock generator lists */
export function dataClassOf(counts: NhsNumberCounts, mockManifest: boolean): DataClass {
  const invented = counts.inTestRange > 0 || mockManifest;
  if (counts.outside > 0) return invented ? 'mixed' : 'real';
  return invented ? 'mock' : 'none';
}

/** `12 of 20 NHS numbers lie outside the test range 999`. */
export function countsInWords({ inTestRange, outside }: NhsNumberCounts): string {
  return `${outside} of ${inTestRange + outside} NHS numbers lie outside the test range 999`;
}
