/** Groups of digits with at most one blank, dash or dot between them. */
const GROUPS = /\d+(?:[\p{Zs}\p{Pd}.]\d+)*/gu;
const WEIGHTS = [10, 9, 8, 7, 6, 5, 4, 3, 2];

/** True for ten digits of which the last is the modulus 11 check of the others (NHS Data Model and Dictionary). */
export function isNhsNumber(digits: string): boolean {
  if (!/^\d{10}$/.test(digits) || /^(\d)\1+$/.test(digits)) return false;
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(digits[at]), 0);
  return (11 - (sum % 11)) % 11 === Number(digits[9]);
}

/**
 * True when a text that people write holds a valid NHS number, in one piece or in groups (`999 012 3456`, `999-012-3456`),
 * also in full-width digits. Dates and times are none.
 */
export function holdsNhsNumber(text: string): boolean {
  for (const [run] of text.normalize('NFKC').matchAll(GROUPS)) {
    const groups = run.split(/\D/u);
    for (let from = 0; from < groups.length; from += 1)
      for (let to = from + 1; to <= groups.length; to += 1) {
        const digits = groups.slice(from, to).join('');
        if (digits.length > 10) break;
        if (isNhsNumber(digits) && !isTime(groups.slice(from, to))) return true;
      }
  }
  return false;
}

/** A day with an hour in some of its spellings: `2026-11-25 10`, `25.11.2026 10`, `20261125 10`, `2026112510`. */
function isTime(groups: readonly string[]): boolean {
  const [a = '', b = '', c = '', d = ''] = groups;
  if (groups.length === 4)
    return a.length === 4 ? isDay(a, b, c) && isHour(d) : c.length === 4 && isDay(c, b, a) && isHour(d);
  const whole = groups.join('');
  const split = groups.length === 1 || (groups.length === 2 && a.length === 8);
  return split && isDay(whole.slice(0, 4), whole.slice(4, 6), whole.slice(6, 8)) && isHour(whole.slice(8));
}

function isDay(year: string, month: string, day: string): boolean {
  return Number(year) >= 1900 && Number(year) < 2100 && between(Number(month), 1, 12) && between(Number(day), 1, 31);
}

function isHour(text: string): boolean {
  return text.length === 2 && between(Number(text), 0, 24);
}

function between(value: number, least: number, most: number): boolean {
  return value >= least && value <= most;
}
