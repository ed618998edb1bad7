import { type Rule, rule } from '../rule.ts';
import { SURVIVOR_USES, survivorOf } from '../survivors.ts';
import { CANCELLED } from './fragments.ts';

/** Both rows are of the same person: the target patient came from the source patient, or from the one that patient was merged into. */
const SAME_PATIENT = `EXISTS (SELECT 1 FROM pmi p JOIN src_pmi q ON q.source_key = p.source_key
  WHERE p.key = t.patient_id AND q.key = ${survivorOf('s.patient_id')})`;
const SAME_PATIENT_NEEDS = ['PMI.key', 'PMI.source_key', 'src.PMI.key', 'src.PMI.source_key'];

/** SAF: operational lists that must match the source row by row before anyone goes live (brief, sections 1, 4 and 6). */
export const SAFETY_RULES: readonly Rule[] = [
  rule(
    'SAF-01',
    'ERROR',
    'ALERT.patient_id',
    'Every active alert of the source is loaded, to the same patient',
    'direct harm',
    ['ALERT.source_key', 'ALERT.patient_id', 'src.ALERT.source_key', 'src.ALERT.patient_id', ...SAME_PATIENT_NEEDS],
    `SELECT s.table_name, s.row_key, NOT EXISTS (SELECT 1 FROM alert t WHERE t.source_key = s.source_key AND ${SAME_PATIENT}) AS failed
     FROM src_alert s WHERE s.active IS NOT FALSE AND (s.valid_to IS NULL OR s.valid_to >= CAST(extract_at() AS DATE))`,
    { uses: ['src.ALERT.active', 'src.ALERT.valid_to', ...SURVIVOR_USES], extract: true },
  ),
  rule(
    'SAF-02',
    'ERROR',
    'PMI.restricted',
    'A patient with restricted access keeps the restriction',
    'disclosure, physical danger',
    ['PMI.source_key', 'PMI.restricted', 'src.PMI.key', 'src.PMI.source_key', 'src.PMI.restricted'],
    `SELECT s.table_name, s.row_key, NOT EXISTS (SELECT 1 FROM pmi t JOIN src_pmi q ON q.source_key = t.source_key
       WHERE q.key = ${survivorOf('s.key')} AND t.restricted IS TRUE) AS failed
     FROM src_pmi s WHERE s.restricted IS TRUE`,
    { uses: SURVIVOR_USES },
  ),
  rule(
    'SAF-05',
    'ERROR',
    'REF.priority',
    'Open urgent suspected cancer referrals (priority 3) match the source one for one',
    'delayed cancer diagnosis',
    ['REF.source_key', 'REF.priority', 'REF.closed_on', 'src.REF.source_key', 'src.REF.priority', 'src.REF.closed_on'],
    `SELECT s.table_name, s.row_key, NOT EXISTS (SELECT 1 FROM ref t WHERE t.source_key = s.source_key
       AND t.priority = '3' AND t.closed_on IS NULL) AS failed
     FROM src_ref s WHERE s.priority = '3' AND s.closed_on IS NULL`,
  ),
  rule(
    'SAF-06',
    'ERROR',
    'SPELL.',
    'Current inpatients match the source by patient and admission',
    'cutover night safety',
    [
      'SPELL.source_key',
      'SPELL.patient_id',
      'SPELL.admitted_at',
      'SPELL.discharged_at',
      'src.SPELL.source_key',
      'src.SPELL.patient_id',
      'src.SPELL.admitted_at',
      'src.SPELL.discharged_at',
      ...SAME_PATIENT_NEEDS,
    ],
    `SELECT s.table_name, s.row_key, NOT EXISTS (SELECT 1 FROM spell t WHERE t.source_key = s.source_key
       AND t.admitted_at = s.admitted_at AND t.discharged_at IS NULL AND ${SAME_PATIENT}) AS failed
     FROM src_spell s WHERE s.discharged_at IS NULL`,
    { uses: SURVIVOR_USES },
  ),
  rule(
    'SAF-07',
    'ERROR',
    'APPT.starts_at',
    'Appointments of the first days after cutover match the source by patient, date and time',
    'missed clinics',
    [
      'APPT.source_key',
      'APPT.patient_id',
      'APPT.starts_at',
      'src.APPT.source_key',
      'src.APPT.patient_id',
      'src.APPT.starts_at',
      ...SAME_PATIENT_NEEDS,
    ],
    `SELECT s.table_name, s.row_key, NOT EXISTS (SELECT 1 FROM appt t WHERE t.source_key = s.source_key
       AND t.starts_at = s.starts_at AND ${SAME_PATIENT}) AS failed
     FROM src_appt s WHERE s.starts_at BETWEEN extract_at() AND extract_at() + to_days(first_clinic_days())
       AND NOT coalesce(${CANCELLED.replaceAll('a.', 's.')}, FALSE)`,
    { uses: ['src.APPT.attendance', ...SURVIVOR_USES], extract: true },
  ),
  rule(
    'SAF-08',
    'WARN',
    'PMI.interpreter_required',
    'A need for an interpreter is carried over',
    'accessible care',
    ['PMI.source_key', 'PMI.interpreter_required', 'src.PMI.key', 'src.PMI.source_key', 'src.PMI.interpreter_required'],
    `SELECT s.table_name, s.row_key, NOT EXISTS (SELECT 1 FROM pmi t JOIN src_pmi q ON q.source_key = t.source_key
       WHERE q.key = ${survivorOf('s.key')} AND t.interpreter_required IS TRUE) AS failed
     FROM src_pmi s WHERE s.interpreter_required IS TRUE`,
    { uses: SURVIVOR_USES },
  ),
];
