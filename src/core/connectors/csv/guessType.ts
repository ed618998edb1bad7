import type { CatalogField } from '../../catalog/catalog.ts';

type GuessedType = Pick<
  CatalogField,
  'dataType' | 'length' | 'precision' | 'scale' | 'format' | 'declaredType' | 'parseConfidence'
>;

const NONE = { length: null, precision: null, scale: null, format: '' } as const;

/**
 * A careful type for a column of texts: a number or date only when every value seen is one, never for codes with leading
 * zeros. The confidence is low, because the rows that were not seen may differ.
 */
export function guessType(values: readonly string[]): GuessedType {
  const filled = values.filter((value) => value !== '');
  const guess = { ...NONE, declaredType: 'text, sampled', parseConfidence: filled.length === 0 ? 0.2 : 0.5 };
  const all = (pattern: RegExp): boolean => filled.length > 0 && filled.every((value) => pattern.test(value));
  if (all(/^\d{4}-\d{2}-\d{2}$/)) return { ...guess, dataType: 'DATE' };
  if (all(/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}$/)) return { ...guess, dataType: 'DATETIME' };
  if (all(/^\d{2}:\d{2}:\d{2}$/)) return { ...guess, dataType: 'TIME' };
  if (all(/^\d{2}\/\d{2}\/\d{4}$/)) return { ...guess, dataType: 'DATE', format: 'DD/MM/YYYY' };
  if (all(/^-?(0|[1-9]\d{0,8})$/)) return { ...guess, dataType: 'INTEGER' };
  const longest = filled.reduce((most, value) => Math.max(most, value.length), 0);
  // Room for longer values among the rows that were not seen.
  return { ...guess, dataType: 'VARCHAR', length: Math.max(10, Math.ceil((longest * 2) / 10) * 10) };
}
