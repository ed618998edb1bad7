/** Conditions many rules share, over canonical columns. */

/** Row of `pmi` that is neither merged away nor known to be dead. */
export const LIVE = '(p.merged_into IS NULL AND p.deceased IS NOT TRUE AND p.date_of_death IS NULL)';
export const LIVE_USES = ['PMI.merged_into', 'PMI.deceased', 'PMI.date_of_death'];

/** Row of `pmi` of a person recorded as dead. */
export const DEAD = '(p.deceased IS TRUE OR p.date_of_death IS NOT NULL)';
export const DEAD_USES = ['PMI.deceased', 'PMI.date_of_death'];

/** Attended-or-did-not-attend codes (brief, section 2): cancelled by patient or provider. */
export const CANCELLED = "a.attendance IN ('2', '4')";
/** Seen, on time or late. */
export const ATTENDED = "a.attendance IN ('5', '6')";

/** A query that examines every row of `from` (with alias) within `scope`. */
export function examine(from: string, failed: string, scope = 'TRUE'): string {
  const alias = from.split(' ')[1] ?? from;
  return `SELECT ${alias}.table_name, ${alias}.row_key, (${failed}) AS failed FROM ${from} WHERE ${scope}`;
}

/** True when any of the expressions has no value. */
export function anyNull(...expressions: string[]): string {
  return expressions.map((expression) => `${expression} IS NULL`).join(' OR ');
}

/** A column that only counts when the catalog has it: TRUE when it does and the value is absent. */
export function nullIfHeld(need: string, expression: string): string {
  return `({has:${need}} AND ${expression} IS NULL)`;
}
