import type { Rule } from '../rule.ts';
import { CODE_SET_RULES } from './codeSets.ts';
import { COMPLETENESS_RULES } from './completeness.ts';
import { CONSISTENCY_RULES } from './consistency.ts';
import { DECEASED_RULES } from './deceased.ts';
import { DUPLICATE_RULES } from './duplicates.ts';
import { MENTAL_HEALTH_RULES } from './mentalHealth.ts';
import { RECONCILIATION_RULES } from './reconciliation.ts';
import { REFERENTIAL_RULES } from './referential.ts';
import { RTT_RULES } from './referralToTreatment.ts';
import { SAFETY_RULES } from './safety.ts';
import { TEMPORAL_RULES } from './temporal.ts';
import { UNIQUENESS_RULES } from './uniqueness.ts';
import { VALIDITY_RULES } from './validity.ts';
import { WAITING_LIST_RULES } from './waitingList.ts';

/** Every quality rule, in the order of the brief. */
export const QUALITY_RULES: readonly Rule[] = [
  ...COMPLETENESS_RULES,
  ...VALIDITY_RULES,
  ...CODE_SET_RULES,
  ...UNIQUENESS_RULES,
  ...REFERENTIAL_RULES,
  ...TEMPORAL_RULES,
  ...CONSISTENCY_RULES,
  ...DUPLICATE_RULES,
  ...WAITING_LIST_RULES,
  ...RTT_RULES,
  ...MENTAL_HEALTH_RULES,
  ...DECEASED_RULES,
  ...RECONCILIATION_RULES,
  ...SAFETY_RULES,
];

/** Rules of the brief that this version does not judge, and why: said in every report rather than left out in silence. */
export const RULES_NOT_JUDGED: Readonly<Record<string, string>> = {
  'VAL-10': 'needs a dated Organisation Data Service snapshot, which the project does not hold',
  'VAL-17': 'needs the crosswalked source text of each cell beside the loaded one',
  'COD-04': 'needs the source share of default codes by column',
  'RIN-15': 'shown by RIN-01 to RIN-08 on the loaded rows: a loaded child of a rejected parent is an orphan there',
  'DUP-04': 'the migration never merges patients; there is no merge to protect twins from',
  'REC-04': 'needs the crosswalked source distribution of each coded column',
  'REC-06': 'needs a second run on the same extract',
  'REC-07': 'needs a sample checked by people',
  'REC-08': 'needs the null rate of each source column',
  'SAF-03': 'the migration never merges or unmerges patients',
  'SAF-04': 'protected re-issued identities are not marked in the source',
  'SAF-09': 'judged by VAL-03: a rehearsal holds synthetic numbers only',
};
