import type { Problem } from '../shared/problem.ts';
import { formatProblem } from '../shared/problem.ts';
import type { CheckedLink } from './containment.ts';
import type { ColumnFacts } from './profileColumn.ts';

/** Columns of `reports/source_profile.csv`. `top_values` is a JSON list of `[value, count]`. */
export const PROFILE_COLUMNS = [
  'table_name',
  'field_name',
  'rows',
  'nulls',
  'null_percent',
  'distinct_count',
  'min_value',
  'max_value',
  'min_length',
  'max_length',
  'top_values',
  'detected_format',
  'format_share',
  'notes',
] as const;

/** Columns of `reports/source_relationships.csv`. */
export const LINK_COLUMNS = [
  'from_table',
  'from_field',
  'to_table',
  'to_field',
  'origin',
  'score',
  'containment',
  'reason',
] as const;

type Cells = (string | number | null)[];

/** A line of the profile. */
export function profileLine(table: string, field: string, facts: ColumnFacts): Cells {
  return [
    table,
    field,
    facts.rows,
    facts.nulls,
    facts.rows === 0 ? 0 : Math.round((facts.nulls / facts.rows) * 1000) / 10,
    facts.distinct,
    facts.min,
    facts.max,
    facts.minLength,
    facts.maxLength,
    JSON.stringify(facts.top),
    facts.format,
    facts.format === '' ? null : facts.share,
    facts.notes.join('; '),
  ];
}

/** A line of the relationships. */
export function linkLine({ from, to, origin, score, containment, reason }: CheckedLink): Cells {
  const told = containment === null ? `${reason}; no data to compare` : reason;
  return [from.table, from.field, to.table, to.field, origin, Math.round(score * 100) / 100, containment, told];
}

/** A problem as the JSON report tells it: its place in fields and in the sentence. */
export function problemEntry(problem: Problem): Readonly<Record<string, unknown>> {
  const { code, severity, place } = problem;
  return { code, severity, file: place.file, line: place.line ?? null, message: formatProblem(problem) };
}
