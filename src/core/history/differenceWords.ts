import { counted } from '../shared/counted.ts';
import type { RunDifference } from './runDifference.ts';

/** That two runs were judged for two profiles, as it follows the number of gates that differ; empty when they were not. */
export function otherProfiles({ profiles: [before, after] }: Pick<RunDifference, 'profiles'>): string {
  if (before === after) return '';
  return `the runs were judged for other profiles: ${before ?? 'none'}, then ${after ?? 'none'}`;
}

/** How many gates have another verdict, and why that may be, for the terminal. */
export function gatesLine(difference: Pick<RunDifference, 'profiles' | 'gates'>): string {
  const other = otherProfiles(difference);
  const { length } = difference.gates;
  return `gates: ${counted(length, 'verdict')} differ${length === 1 ? 's' : ''}${other === '' ? '' : `; ${other}`}`;
}
