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
