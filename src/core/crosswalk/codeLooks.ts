import type { CodesMet } from './coverage.ts';

/** Codes are short; what is longer is a name, an address or a text. */
const LONGEST_CODE = 20;
/** Of fewer values nothing can be said by their number. */
const FEW_VALUES = 10;
const DATES: readonly RegExp[] = [
  /^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}/,
  /^\d{1,2}[-/. ]([a-z]{3}|\d{1,2})[-/. ]\d{2,4}/i,
  /^(18|19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(\d{4,6})?$/,
  // Days and seconds as MUMPS counts them.
  /^\d{5},\d{1,5}$/,
];

/** True for so many different values in so few rows that they are names or identifiers. */
export function areNames(different: number, rows: number): boolean {
  return different >= FEW_VALUES && different * 2 > rows;
}

/** What a value is instead of a code; null when it may be one. */
export function noCode(value: string): string | null {
  const text = value.trim();
  if (text.length > LONGEST_CODE) return `texts of more than ${LONGEST_CODE} characters`;
  if (DATES.some((form) => form.test(text))) return 'dates';
  if (/^\d{10}$/.test(text.normalize('NFKC').replace(/[\p{Zs}\p{Pd}]/gu, '')))
    return 'numbers of ten digits, as NHS numbers are';
  if (/\S@\S+\.\S/.test(text)) return 'e-mail addresses';
  return null;
}

/**
 * Columns of the data that do not look like codes, by the index of their use: a look-up that names one by mistake must
 * not have patients' values told.
 *
 * @returns why, as words that follow "The column"
 */
export function columnsWithoutCodes({ uses, met }: CodesMet): ReadonlyMap<number, string> {
  const byUse = new Map<number, Map<string, number>>();
  for (const { use, code, rows } of met) {
    const codes = byUse.get(use) ?? new Map<string, number>();
    byUse.set(use, codes.set(code, (codes.get(code) ?? 0) + rows));
  }
  const found = new Map<number, string>();
  for (const use of uses.keys()) {
    const why = whyNoCodes(byUse.get(use) ?? new Map());
    if (why !== null) found.set(use, why);
  }
  return found;
}

/** The same as sentences. */
export function columnsWithoutCodesText(met: CodesMet, columns: ReadonlyMap<number, string>): string[] {
  return [...columns].flatMap(([index, why]) => {
    const use = met.uses[index];
    if (use === undefined) return [];
    const place = `${use.sourceTable}.${use.sourceField}, which ${use.targetTable}.${use.targetField} looks up,`;
    return [`The column ${place} ${why}: its values are not shown. Is it the right column?`];
  });
}

function whyNoCodes(codes: ReadonlyMap<string, number>): string | null {
  const filled = [...codes].filter(([code]) => code.trim() !== '');
  const looks = filled.flatMap(([code]) => noCode(code) ?? []);
  const [first] = looks;
  if (first !== undefined && looks.length * 2 >= filled.length) return `holds ${[...new Set(looks)].join(' and ')}`;
  const rows = filled.reduce((sum, [, own]) => sum + own, 0);
  return areNames(filled.length, rows)
    ? `holds ${filled.length} different values in ${rows} rows, as names and identifiers do`
    : null;
}
