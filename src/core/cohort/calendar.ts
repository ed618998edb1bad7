/**
 * The cohort's calendar. A *day* is a whole number, days since 1840-12-31 as `$HOROLOG` counts them (1841-01-01 is
 * day 1); an *instant* is seconds of local wall time since the start of day 0. No zone, as in the source systems.
 */

/** `$HOROLOG` day of 1970-01-01 (brief, section 3). */
const UNIX_DAY_0 = 47117;
export const DAY_SECONDS = 86400;

/** Day of a civil date; the day may run over the month's end. */
export function dayOf(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day) / (DAY_SECONDS * 1000) + UNIX_DAY_0;
}

/** The instant the mock extract was taken, X in the quality rules: 2026-01-31 23:59:00. One for every run and seed. */
export const EXTRACT_DAY = dayOf(2026, 1, 31);
export const EXTRACT_AT = EXTRACT_DAY * DAY_SECONDS + 23 * 3600 + 59 * 60;
export const EXTRACT_AT_ISO = '2026-01-31T23:59:00';

export interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export function civil(day: number): CivilDate {
  const date = new Date((day - UNIX_DAY_0) * DAY_SECONDS * 1000);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** 0 is Sunday. */
export function weekday(day: number): number {
  // 1970-01-01 was a Thursday.
  return (((day - UNIX_DAY_0 + 4) % 7) + 7) % 7;
}

/** The day itself, or the Monday after a weekend. */
export function workingDay(day: number): number {
  const of = weekday(day);
  return of === 0 ? day + 1 : of === 6 ? day + 2 : day;
}

/** Same day `months` later; the month's last day when it is shorter. */
export function addMonths(day: number, months: number): number {
  const { year, month, day: dayOfMonth } = civil(day);
  const lastOfMonth = civil(dayOf(year, month + months + 1, 0)).day;
  return dayOf(year, month + months, Math.min(dayOfMonth, lastOfMonth));
}

/**
 * Last Sunday of March or October, when the hour from 01:00 does not exist or comes twice (brief, section 3). The cohort
 * keeps its events out of that hour on both, so that no time is impossible or ambiguous (VAL-19).
 */
export function isClockChange(day: number): boolean {
  const date = civil(day);
  return weekday(day) === 0 && (date.month === 3 || date.month === 10) && date.day >= 25;
}

export function instantOf(day: number, hour: number, minute = 0): number {
  return day * DAY_SECONDS + hour * 3600 + minute * 60;
}

/** Day of an instant. */
export function dayAt(instant: number): number {
  return Math.floor(instant / DAY_SECONDS);
}

/** Seconds since midnight of an instant. */
export function timeAt(instant: number): number {
  return instant - dayAt(instant) * DAY_SECONDS;
}

const TWO = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, '0'));

/** `07`. */
export function twoDigits(number: number): string {
  return TWO[number] ?? String(number);
}

/** `['2026', '01', '31']`, remembered: a cohort has few distinct days and millions of dates. */
const partsOfDay = new Map<number, readonly [string, string, string]>();
export function dateParts(day: number): readonly [string, string, string] {
  const known = partsOfDay.get(day);
  if (known !== undefined) return known;
  const date = civil(day);
  const parts = [String(date.year).padStart(4, '0'), twoDigits(date.month), twoDigits(date.day)] as const;
  partsOfDay.set(day, parts);
  return parts;
}

/** `2026-01-31`. */
export function isoDate(day: number): string {
  const [year, month, dayOfMonth] = dateParts(day);
  return `${year}-${month}-${dayOfMonth}`;
}
