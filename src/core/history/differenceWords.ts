import { counted, said, share } from '../shared/counted.ts';
import type { BothRuns, RunDifference } from './runDifference.ts';

/** That two runs were judged for two profiles, as it follows the number of gates that differ; empty when they were not. */
export function otherProfiles({ profiles: [before, after] }: Pick<RunDifference, 'profiles'>): string {
  if (before === after) return '';
  return `the runs were judged for different profiles: ${before ?? 'none'}, then ${after ?? 'none'}`;
}

/** How many gates have another verdict, and why that may be, for the terminal. */
export function gatesLine(difference: Pick<RunDifference, 'profiles' | 'gates'>): string {
  const other = otherProfiles(difference);
  const { length } = difference.gates;
  return `gates: ${counted(length, 'verdict')} differ${length === 1 ? 's' : ''}${other === '' ? '' : `; ${other}`}`;
}

/**
 * What must be known before two runs are compared by counts: that they did not read the same. Empty when they did.
 *
 * @param later what the sentence calls the later of them, and the earlier
 */
export function inputNote(
  { otherInput, read: [before, after], ...counts }: Omit<RunDifference, 'profiles' | 'gates'>,
  [later, earlier]: readonly [string, string] = ['The second run', 'the first'],
): string {
  if (!otherInput) return '';
  if (before === null || after === null || before === after)
    return `${later} read different source data from ${earlier}: an issue that is gone may only be of a row that is no longer there.`;
  const ways = [counts.rejected, counts.errors, counts.warnings].map(([was, is]) =>
    was === null || is === null ? 0 : Math.sign(is - was),
  );
  const way = Math.sign(after - before);
  // More rows explain more issues; they do not explain fewer.
  if (ways.includes(-way) && !ways.includes(way))
    return `${later} read other rows (${said(after)}, ${earlier} ${said(before)}), so the numbers do not compare.`;
  const word = way < 0 ? 'fewer' : 'more';
  return `${later} read ${counted(after, 'row')}, ${earlier} ${said(before)}: ${word} issues may only mean ${word} rows.`;
}

/** A count of two runs in words, with its rate where the rows read are known. */
export interface MeasureLine {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly change: number | null;
}

/** Rows read, rejected and failing, each with its share of the rows read: that can be compared also when the input is another. */
export function measureLines(difference: Omit<RunDifference, 'profiles' | 'gates'>): MeasureLine[] {
  const { read, rejected, errors, warnings } = difference;
  const line = (name: string, both: BothRuns, words: (count: number, read: number) => string): MeasureLine => {
    const [before, after] = both.map((count, run) => {
      const rows = read[run];
      return count === null ? '–' : rows == null ? said(count) : words(count, rows);
    }) as [string, string];
    return { name, before, after, change: both[0] === null || both[1] === null ? null : both[1] - both[0] };
  };
  return [
    line('Rows read', read, said),
    line('Rejected rows', rejected, share),
    line('Failing rows, ERROR rules', errors, perThousand),
    line('Failing rows, WARN rules', warnings, perThousand),
  ];
}

/** A row can fail several rules, so this is no share. */
function perThousand(count: number, read: number): string {
  if (read === 0) return said(count);
  const rate = (count / read) * 1000;
  return `${said(count)} (${rate > 0 && rate < 0.1 ? '<0.1' : said(Math.round(rate * 10) / 10)} per 1,000 rows read)`;
}
