/** What a person decided to do about an issue or a reject. */
export const DISPOSITIONS = {
  fix_source: 'Fix in the source',
  fix_mapping: 'Fix the mapping',
  fix_crosswalk: 'Fix the crosswalk',
  accept_with_sign_off: 'Accept, with clinical sign-off',
  exclude: 'Exclude',
  raise_hazard: 'Raise a hazard',
} as const;
export type Disposition = keyof typeof DISPOSITIONS;

/** The same, said of what was decided so; '' of a decision that was taken back. */
export const DECIDED: Readonly<Record<Disposition | '', string>> = {
  '': 'set back to no decision',
  fix_source: 'to be fixed in the source',
  fix_mapping: 'to be fixed in the mapping',
  fix_crosswalk: 'to be fixed in the crosswalk',
  accept_with_sign_off: 'accepted',
  exclude: 'excluded',
  raise_hazard: 'raised as a hazard',
};

/** Dispositions after which what is wrong stays as it is: nothing is to be fixed, so somebody must have said why. */
export const LETTING_STAND: readonly Disposition[] = ['accept_with_sign_off', 'exclude'];

/** Longest comment that is kept, in characters. */
export const MOST_COMMENT = 2000;

/**
 * Why a decision cannot be taken with this comment, as a sentence; null when it can. Pages ask it before they send, the core
 * before it records, and the gates before a decision counts.
 */
export function reasonMissing(disposition: Disposition | '', comment: string): string | null {
  const standing = LETTING_STAND.find((known) => known === disposition);
  if (standing === undefined || comment.trim() !== '') return null;
  return `Say why this may stay as it is: “${DISPOSITIONS[standing]}” needs a comment.`;
}
