import { type Rule, rule } from '../rule.ts';
import { examine } from './fragments.ts';

const OPEN = 'w.removed_on IS NULL';

/** WL: nobody falls off the inpatient waiting list (brief, section 4). */
export const WAITING_LIST_RULES: readonly Rule[] = [
  rule(
    'WL-01',
    'ERROR',
    'IWL.removal_reason',
    'Removal reason is present if and only if the removal date is',
    'open/closed ambiguity',
    ['IWL.removed_on', 'IWL.removal_reason'],
    examine('iwl w', '(w.removal_reason IS NULL) <> (w.removed_on IS NULL)'),
  ),
  rule(
    'WL-02',
    'WARN',
    'IWL.removed_on',
    'An entry removed as admitted has a spell of the same patient on that day, give or take one',
    'removed but not treated',
    ['IWL.removed_on', 'IWL.removal_reason', 'IWL.patient_id', 'SPELL.patient_id', 'SPELL.admitted_at'],
    examine(
      'iwl w',
      `NOT EXISTS (SELECT 1 FROM spell s WHERE s.patient_id = w.patient_id
         AND CAST(s.admitted_at AS DATE) BETWEEN w.removed_on - 1 AND w.removed_on + 1)`,
      "w.removal_reason IN ('1', '2') AND w.removed_on IS NOT NULL",
    ),
  ),
  rule(
    'WL-03',
    'ERROR',
    'IWL.tci_on',
    'An open entry whose date to come in has passed has an admission or a cancelled offer',
    'missed admission',
    ['IWL.key', 'IWL.tci_on', 'IWL.removed_on', 'SPELL.entry_id'],
    examine(
      'iwl w',
      `NOT EXISTS (SELECT 1 FROM spell s WHERE s.entry_id = w.key)
       AND NOT EXISTS (SELECT 1 FROM offer o WHERE o.entry_id = w.key AND o.outcome IS NOT NULL)`,
      `${OPEN} AND w.tci_on < CAST(extract_at() AS DATE)`,
    ),
    { uses: ['OFFER.entry_id', 'OFFER.outcome'], extract: true },
  ),
  rule(
    'WL-04',
    'ERROR',
    'IWL.planned_by',
    'An open planned entry (type 13) has a planned-by date that has not passed',
    'surveillance lapses (cancer)',
    ['IWL.elective_type', 'IWL.planned_by', 'IWL.removed_on'],
    examine(
      'iwl w',
      'w.planned_by IS NULL OR w.planned_by < CAST(extract_at() AS DATE)',
      `${OPEN} AND w.elective_type = '13'`,
    ),
    { extract: true },
  ),
  rule(
    'WL-05',
    'ERROR',
    'IWL.decided_on',
    'The decision-to-admit date is the source’s',
    'wait reset to zero',
    ['IWL.source_key', 'IWL.decided_on', 'src.IWL.source_key', 'src.IWL.decided_on'],
    `SELECT w.table_name, w.row_key, bool_and(w.decided_on IS DISTINCT FROM s.decided_on) AS failed
     FROM iwl w JOIN src_iwl s ON s.source_key = w.source_key GROUP BY ALL`,
  ),
  rule(
    'WL-06',
    'WARN',
    'IWL.procedure_code',
    'An open entry has an intended procedure, as code or text',
    'cannot plan theatre',
    ['IWL.procedure_code', 'IWL.removed_on'],
    examine('iwl w', 'w.procedure_code IS NULL AND w.procedure_text IS NULL', OPEN),
    { uses: ['IWL.procedure_text'] },
  ),
  rule(
    'WL-07',
    'WARN',
    'IWL.',
    'No two open entries share patient, treatment function and procedure',
    'double count, double list',
    ['IWL.patient_id', 'IWL.treatment_function', 'IWL.procedure_code', 'IWL.removed_on'],
    examine(
      'iwl w',
      'count(*) OVER (PARTITION BY w.patient_id, w.treatment_function, w.procedure_code) > 1',
      `${OPEN} AND w.patient_id IS NOT NULL AND w.procedure_code IS NOT NULL`,
    ),
  ),
];
