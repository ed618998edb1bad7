import type { Action } from './roleNames.ts';

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

/** What a role is asked for when a safety-critical reject is decided so. */
export const DISPOSITION_ACTIONS: Readonly<Record<Disposition, Action>> = {
  fix_source: 'triage_fix',
  fix_mapping: 'triage_fix',
  fix_crosswalk: 'triage_fix',
  accept_with_sign_off: 'triage_accept',
  exclude: 'triage_exclude',
  raise_hazard: 'triage_hazard',
};
