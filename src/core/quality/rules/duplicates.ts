import { type Rule, rule } from '../rule.ts';
import { examine, LIVE, LIVE_USES } from './fragments.ts';

/** DUP: one person twice, or two people once. The rules list; nothing is ever merged. */
export const DUPLICATE_RULES: readonly Rule[] = [
  rule(
    'DUP-01',
    'WARN',
    'PMI.',
    'No two live patients share surname, forename and date of birth (and postcode, where an address says it)',
    'split notes, missed allergy',
    ['PMI.surname', 'PMI.forename', 'PMI.date_of_birth'],
    `SELECT table_name, row_key, count(*) OVER (PARTITION BY surname_key, forename_key, date_of_birth, postcode_key) > 1 AS failed FROM (
       SELECT p.table_name, p.row_key, p.date_of_birth, folded_name(p.surname) AS surname_key, folded_name(p.forename) AS forename_key,
         coalesce((SELECT min(normal_postcode(d.postcode)) FROM addr d WHERE d.patient_id = p.key AND d.valid_to IS NULL), '') AS postcode_key
       FROM pmi p WHERE ${LIVE} AND p.surname IS NOT NULL AND p.forename IS NOT NULL AND p.date_of_birth IS NOT NULL)`,
    { uses: [...LIVE_USES, 'PMI.key', 'ADDR.patient_id', 'ADDR.postcode', 'ADDR.valid_to'] },
  ),
  rule(
    'DUP-02',
    'ERROR',
    'PMI.nhs_number',
    'No NHS number stands on rows with different dates of birth or surnames',
    'overlay',
    ['PMI.nhs_number', 'PMI.date_of_birth', 'PMI.surname'],
    examine(
      'pmi p',
      `min(p.date_of_birth) OVER (PARTITION BY p.nhs_number) <> max(p.date_of_birth) OVER (PARTITION BY p.nhs_number)
       OR min(folded_name(p.surname)) OVER (PARTITION BY p.nhs_number) <> max(folded_name(p.surname)) OVER (PARTITION BY p.nhs_number)
       OR FALSE`,
      'p.nhs_number IS NOT NULL AND p.date_of_birth IS NOT NULL AND p.surname IS NOT NULL',
    ),
  ),
  rule(
    'DUP-03',
    'INFO',
    'PMI.',
    'Pairs alike in date of birth, start of surname and initial are listed as merge candidates',
    'merge candidates',
    ['PMI.surname', 'PMI.forename', 'PMI.date_of_birth'],
    // Four letters of the folded surname stand in for a phonetic key, which the engine does not have.
    examine(
      'pmi p',
      'count(*) OVER (PARTITION BY p.date_of_birth, left(folded_name(p.surname), 4), left(folded_name(p.forename), 1)) > 1',
      `${LIVE} AND p.surname IS NOT NULL AND p.forename IS NOT NULL AND p.date_of_birth IS NOT NULL`,
    ),
    { uses: LIVE_USES },
  ),
  rule(
    'DUP-05',
    'ERROR',
    'ALIAS.alias_value',
    'Every other number of a patient in the source is searchable in the target',
    'old labels find nobody',
    ['ALIAS.alias_value', 'src.ALIAS.alias_value'],
    examine(
      'src_alias s',
      'NOT EXISTS (SELECT 1 FROM alias t WHERE t.alias_value = s.alias_value)',
      's.alias_value IS NOT NULL',
    ),
  ),
];
