import { type Rule, rule } from '../rule.ts';
import { ATTENDED, CANCELLED, examine } from './fragments.ts';

/** CON: facts that must agree with each other. */
export const CONSISTENCY_RULES: readonly Rule[] = [
  rule(
    'CON-01',
    'ERROR',
    'SPELL.classification',
    'A day case is elective, intended without a night, and discharged on the day of admission',
    'day-case definition',
    [
      'SPELL.classification',
      'SPELL.admission_method',
      'SPELL.intended_management',
      'SPELL.admitted_at',
      'SPELL.discharged_at',
    ],
    examine(
      'spell s',
      `coalesce(s.admission_method NOT IN ('11', '12', '13'), TRUE) OR coalesce(s.intended_management <> '2', TRUE)
       OR coalesce(CAST(s.discharged_at AS DATE) <> CAST(s.admitted_at AS DATE), CAST(s.admitted_at AS DATE) < CAST(extract_at() AS DATE))`,
      "s.classification = '2'",
    ),
    { extract: true },
  ),
  rule(
    'CON-02',
    'WARN',
    'SPELL.intended_management',
    'Regular day and night attenders have the matching intended management',
    'regular attender',
    ['SPELL.classification', 'SPELL.intended_management'],
    examine(
      'spell s',
      "s.intended_management IS DISTINCT FROM CASE s.classification WHEN '3' THEN '4' ELSE '5' END",
      "s.classification IN ('3', '4')",
    ),
  ),
  rule(
    'CON-03',
    'ERROR',
    'SPELL.discharge_destination',
    'Discharge method 4 or 5 if and only if destination 79',
    'deaths miscoded',
    ['SPELL.discharge_method', 'SPELL.discharge_destination'],
    examine(
      'spell s',
      "(coalesce(s.discharge_method, '') IN ('4', '5')) <> (coalesce(s.discharge_destination, '') = '79')",
      's.discharge_method IS NOT NULL OR s.discharge_destination IS NOT NULL',
    ),
  ),
  rule(
    'CON-04',
    'ERROR',
    'SPELL.discharge_method',
    'An open spell has no discharge method (or 8) and no destination (or 98)',
    'half-discharged',
    ['SPELL.discharged_at', 'SPELL.discharge_method', 'SPELL.discharge_destination'],
    examine(
      'spell s',
      "coalesce(s.discharge_method, '8') <> '8' OR coalesce(s.discharge_destination, '98') <> '98'",
      's.discharged_at IS NULL',
    ),
  ),
  rule(
    'CON-05',
    'WARN',
    'SPELL.admission_source',
    'A birth here has source 79 and is admitted on the day of birth',
    'birth record',
    [
      'SPELL.admission_method',
      'SPELL.admission_source',
      'SPELL.admitted_at',
      'SPELL.patient_id',
      'PMI.key',
      'PMI.date_of_birth',
    ],
    examine(
      'spell s',
      `s.admission_source IS DISTINCT FROM '79' OR NOT EXISTS (
         SELECT 1 FROM pmi p WHERE p.key = s.patient_id AND p.date_of_birth = CAST(s.admitted_at AS DATE))`,
      "s.admission_method = '82'",
    ),
  ),
  rule(
    'CON-06',
    'WARN',
    'SPELL.admission_method',
    'A maternity admission of a patient with stated gender 1 is listed for review, never changed',
    'error or a trans patient',
    ['SPELL.admission_method', 'SPELL.patient_id', 'PMI.key', 'PMI.sex'],
    examine(
      'spell s',
      "EXISTS (SELECT 1 FROM pmi p WHERE p.key = s.patient_id AND p.sex = '1')",
      "s.admission_method IN ('31', '32')",
    ),
  ),
  rule(
    'CON-07',
    'ERROR',
    'APPT.attendance',
    'Attendance 0 if and only if the appointment is still to come and not cancelled',
    'future/past mix-up',
    ['APPT.starts_at', 'APPT.attendance'],
    // A past appointment with 0 is the un-outcomed backlog of CMP-10; what fails here is a future one shown as over.
    examine('appt a', "a.attendance NOT IN ('0', '2', '4')", 'a.starts_at > extract_at() AND a.attendance IS NOT NULL'),
    { extract: true },
  ),
  rule(
    'CON-08',
    'WARN',
    'APPT.outcome',
    'An attended appointment has an outcome',
    'no next step decided',
    ['APPT.attendance', 'APPT.outcome'],
    examine('appt a', 'a.outcome IS NULL', ATTENDED),
  ),
  rule(
    'CON-09',
    'WARN',
    'APPT.first_attendance',
    'A referral has at most one attended first attendance',
    'new:follow-up ratio',
    ['APPT.referral_id', 'APPT.attendance', 'APPT.first_attendance'],
    examine(
      'appt a',
      'count(*) OVER (PARTITION BY a.referral_id) > 1',
      `${ATTENDED} AND a.first_attendance IN ('1', '3') AND a.referral_id IS NOT NULL`,
    ),
  ),
  rule(
    'CON-10',
    'ERROR',
    'SPELL.',
    'An open spell has exactly one open episode and one open ward stay',
    'patient not on a ward list',
    ['SPELL.key', 'SPELL.discharged_at', 'EPI.spell_id', 'EPI.ends_at', 'WARD.spell_id', 'WARD.ends_at'],
    `SELECT s.table_name, s.row_key, coalesce(e.n, 0) <> 1 OR coalesce(w.n, 0) <> 1 AS failed FROM spell s
     LEFT JOIN (SELECT spell_id, count(*) AS n FROM epi WHERE ends_at IS NULL GROUP BY spell_id) e ON e.spell_id = s.key
     LEFT JOIN (SELECT spell_id, count(*) AS n FROM ward WHERE ends_at IS NULL GROUP BY spell_id) w ON w.spell_id = s.key
     WHERE s.discharged_at IS NULL`,
  ),
  rule(
    'CON-11',
    'ERROR',
    'WARD.bed',
    'A bed holds at most one open ward stay',
    'wrong patient in bed',
    ['WARD.ward', 'WARD.bed', 'WARD.ends_at'],
    examine(
      'ward w',
      "count(*) OVER (PARTITION BY coalesce(w.site, ''), w.ward, coalesce(w.bay, ''), w.bed) > 1",
      'w.ends_at IS NULL AND w.ward IS NOT NULL AND w.bed IS NOT NULL',
    ),
    { uses: ['WARD.site', 'WARD.bay'] },
  ),
  rule(
    'CON-12',
    'ERROR',
    'REF.closed_on',
    'A closed referral has no future appointment and no open waiting list entry',
    'booked under a closed referral',
    ['REF.key', 'REF.closed_on', 'APPT.referral_id', 'APPT.starts_at', 'IWL.referral_id', 'IWL.removed_on'],
    examine(
      'ref r',
      `EXISTS (SELECT 1 FROM appt a WHERE a.referral_id = r.key AND a.starts_at > extract_at() AND NOT coalesce(${CANCELLED}, FALSE))
       OR EXISTS (SELECT 1 FROM iwl w WHERE w.referral_id = r.key AND w.removed_on IS NULL)`,
      'r.closed_on IS NOT NULL',
    ),
    { uses: ['APPT.attendance'], extract: true },
  ),
  rule(
    'CON-13',
    'WARN',
    'REF.closed_on',
    'A referral whose last attended appointment ended in discharge, with nothing booked, is closed',
    'open referral inflation',
    ['REF.key', 'REF.closed_on', 'APPT.referral_id', 'APPT.starts_at', 'APPT.attendance', 'APPT.outcome'],
    `SELECT r.table_name, r.row_key, r.closed_on IS NULL AS failed FROM ref r JOIN (
       SELECT a.referral_id, max_by(a.outcome, a.starts_at) FILTER (${ATTENDED}) AS last_outcome,
         max(a.starts_at) FILTER (${ATTENDED}) AS last_seen,
         max(a.starts_at) FILTER (NOT coalesce(${CANCELLED}, FALSE)) AS last_booked
       FROM appt a GROUP BY a.referral_id) l ON l.referral_id = r.key
     WHERE l.last_outcome = '1' AND l.last_booked <= l.last_seen`,
  ),
];
