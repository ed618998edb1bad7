import { part, type Rule, rule } from '../rule.ts';
import { ATTENDED, CANCELLED, examine } from './fragments.ts';

/** Events no earlier than the patient's birth. */
function notBeforeBirth(family: string, event: string) {
  const view = family.toLowerCase();
  return part(
    `${family}.${event}`,
    [`${family}.patient_id`, `${family}.${event}`, 'PMI.key', 'PMI.date_of_birth'],
    `SELECT c.table_name, c.row_key, bool_or(CAST(c.${event} AS DATE) < p.date_of_birth) AS failed
     FROM ${view} c JOIN pmi p ON p.key = c.patient_id
     WHERE c.${event} IS NOT NULL AND p.date_of_birth IS NOT NULL GROUP BY ALL`,
  );
}

function notAfterExtract(family: string, event: string, scope = 'TRUE', uses: readonly string[] = []) {
  const alias = family === 'APPT' ? 'a' : 'c';
  return part(
    `${family}.${event}`,
    [`${family}.${event}`, ...uses],
    examine(
      `${family.toLowerCase()} ${alias}`,
      `CAST(${alias}.${event} AS TIMESTAMP) > extract_at()`,
      `${alias}.${event} IS NOT NULL AND ${scope}`,
    ),
    { extract: true },
  );
}

/** TMP: things happen in the order they can. */
export const TEMPORAL_RULES: readonly Rule[] = [
  {
    id: 'TMP-01',
    severity: 'ERROR',
    family: 'PMI',
    title: 'Date of birth is not after X nor any event of the patient, and age is believable',
    why: 'wrong person or century',
    parts: [
      part(
        'PMI.date_of_birth',
        ['PMI.date_of_birth'],
        examine(
          'pmi p',
          `p.date_of_birth > CAST(extract_at() AS DATE) OR (date_diff('year', p.date_of_birth, CAST(extract_at() AS DATE)) > maximum_age()
            AND p.date_of_death IS NULL AND NOT is_sentinel_date(p.date_of_birth))`,
          'p.date_of_birth IS NOT NULL',
        ),
        { uses: ['PMI.date_of_death'], extract: true },
      ),
      notBeforeBirth('REF', 'received_on'),
      notBeforeBirth('APPT', 'starts_at'),
      notBeforeBirth('IWL', 'decided_on'),
      notBeforeBirth('SPELL', 'admitted_at'),
      notBeforeBirth('ED', 'arrived_at'),
    ],
  },
  {
    id: 'TMP-02',
    severity: 'WARN',
    family: 'REF',
    title: 'Decision to refer is not after receipt, receipt not after X',
    why: 'clock start wrong',
    parts: [
      part(
        'REF.decided_on',
        ['REF.decided_on', 'REF.received_on'],
        examine(
          'ref r',
          'r.decided_on > r.received_on OR CAST(r.received_on AS TIMESTAMP) > extract_at()',
          'r.decided_on IS NOT NULL AND r.received_on IS NOT NULL',
        ),
        { extract: true },
      ),
    ],
  },
  rule(
    'TMP-03',
    'ERROR',
    'SPELL.discharged_at',
    'Admission is not after discharge',
    'negative stay',
    ['SPELL.admitted_at', 'SPELL.discharged_at'],
    examine('spell s', 's.admitted_at > s.discharged_at', 's.admitted_at IS NOT NULL AND s.discharged_at IS NOT NULL'),
  ),
  rule(
    'TMP-04',
    'ERROR',
    'SPELL.',
    'Episodes fill the spell: the first starts at admission, each starts where the last ended, the last ends at discharge',
    'care gap, tariff',
    ['SPELL.key', 'SPELL.admitted_at', 'SPELL.discharged_at', 'EPI.spell_id', 'EPI.starts_at', 'EPI.ends_at'],
    `SELECT s.table_name, s.row_key,
       e.first_start IS DISTINCT FROM s.admitted_at OR e.last_end IS DISTINCT FROM s.discharged_at OR e.gaps > 0 AS failed
     FROM spell s JOIN (
       SELECT spell_id, min(starts_at) AS first_start,
         nullif(max(coalesce(ends_at, TIMESTAMP '9999-12-31')), TIMESTAMP '9999-12-31') AS last_end,
         count(*) FILTER (previous_end IS DISTINCT FROM starts_at AND place > 1) AS gaps
       FROM (SELECT spell_id, starts_at, ends_at, lag(ends_at) OVER w AS previous_end, row_number() OVER w AS place
             FROM epi WHERE spell_id IS NOT NULL WINDOW w AS (PARTITION BY spell_id ORDER BY starts_at, ends_at NULLS LAST, row_key))
       GROUP BY spell_id) e ON e.spell_id = s.key`,
  ),
  rule(
    'TMP-05',
    'WARN',
    'WARD.starts_at',
    'Ward stays lie within the spell, do not overlap, and leave no longer gap than allowed',
    'occupancy',
    ['WARD.spell_id', 'WARD.starts_at', 'WARD.ends_at', 'SPELL.key', 'SPELL.admitted_at', 'SPELL.discharged_at'],
    `SELECT w.table_name, w.row_key,
       w.starts_at IS NULL OR coalesce(w.starts_at < s.admitted_at, FALSE)
       OR coalesce(coalesce(w.ends_at, TIMESTAMP '9999-12-31') > s.discharged_at, FALSE)
       OR (w.place > 1 AND (w.previous_end IS NULL OR w.starts_at < w.previous_end
         OR w.starts_at > w.previous_end + to_minutes(ward_gap_minutes()))) AS failed
     FROM (SELECT *, lag(ends_at) OVER v AS previous_end, row_number() OVER v AS place FROM ward
           WHERE spell_id IS NOT NULL WINDOW v AS (PARTITION BY spell_id ORDER BY starts_at, ends_at NULLS LAST, row_key)) w
     JOIN (SELECT DISTINCT ON (key) key, admitted_at, discharged_at FROM spell ORDER BY key, row_key) s ON s.key = w.spell_id`,
  ),
  {
    id: 'TMP-06',
    severity: 'ERROR',
    family: 'ALL',
    title: 'Nothing that has happened is dated after X',
    why: 'planned shown as done',
    parts: [
      notAfterExtract('APPT', 'starts_at', ATTENDED, ['APPT.attendance']),
      notAfterExtract('SPELL', 'admitted_at'),
      notAfterExtract('SPELL', 'discharged_at'),
      notAfterExtract('PX', 'performed_on'),
      notAfterExtract('ED', 'arrived_at'),
      notAfterExtract('REF', 'received_on'),
    ],
  },
  rule(
    'TMP-07',
    'WARN',
    'APPT.starts_at',
    'A future appointment lies within the booking horizon',
    'year typo',
    ['APPT.starts_at'],
    examine(
      'appt a',
      'a.starts_at > extract_at() + to_days(appointment_horizon_days())',
      `a.starts_at > extract_at() AND NOT coalesce(${CANCELLED}, FALSE)`,
    ),
    { uses: ['APPT.attendance'], extract: true },
  ),
  rule(
    'TMP-08',
    'WARN',
    'PX.performed_on',
    'A procedure lies within its episode, give or take a day',
    'wrong episode',
    ['PX.episode_id', 'PX.performed_on', 'EPI.key', 'EPI.starts_at', 'EPI.ends_at'],
    `SELECT x.table_name, x.row_key, bool_or(x.performed_on < CAST(e.starts_at AS DATE) - 1
       OR x.performed_on > CAST(coalesce(e.ends_at, TIMESTAMP '9999-12-30') AS DATE) + 1) AS failed
     FROM px x JOIN epi e ON e.key = x.episode_id WHERE x.performed_on IS NOT NULL AND e.starts_at IS NOT NULL GROUP BY ALL`,
  ),
  rule(
    'TMP-09',
    'WARN',
    'IWL.decided_on',
    'The decision to admit is not after the date to come in nor the admission',
    'wait miscounted',
    ['IWL.key', 'IWL.decided_on'],
    `SELECT w.table_name, w.row_key, coalesce(w.decided_on > w.tci_on, FALSE) OR EXISTS (
       SELECT 1 FROM spell s WHERE s.entry_id = w.key AND CAST(s.admitted_at AS DATE) < w.decided_on) AS failed
     FROM iwl w WHERE w.decided_on IS NOT NULL`,
    { uses: ['IWL.tci_on', 'SPELL.entry_id', 'SPELL.admitted_at'] },
  ),
  rule(
    'TMP-10',
    'WARN',
    'SPELL.admitted_at',
    'An open spell is not older than the long-stay limit, mental health aside (no long-stay list is supplied)',
    'undischarged ghost inpatient',
    ['SPELL.admitted_at', 'SPELL.discharged_at'],
    examine(
      'spell s',
      's.admitted_at < extract_at() - to_days(long_stay_days()) AND NOT is_mental_health_function(s.treatment_function)',
      's.discharged_at IS NULL AND s.admitted_at IS NOT NULL',
    ),
    { uses: ['SPELL.treatment_function'], extract: true },
  ),
  rule(
    'TMP-11',
    'WARN',
    'ED.departed_at',
    'Arrival, assessment, treatment and departure follow each other',
    '4-hour standard',
    ['ED.arrived_at', 'ED.departed_at'],
    examine(
      'ed e',
      `coalesce(e.arrived_at > e.assessed_at, FALSE) OR coalesce(e.arrived_at > e.seen_at, FALSE)
       OR coalesce(e.assessed_at > e.seen_at, FALSE) OR coalesce(e.seen_at > e.departed_at, FALSE)
       OR coalesce(e.assessed_at > e.departed_at, FALSE) OR coalesce(e.arrived_at > e.departed_at, FALSE)`,
      'e.arrived_at IS NOT NULL',
    ),
    { uses: ['ED.assessed_at', 'ED.seen_at'] },
  ),
  rule(
    'TMP-12',
    'ERROR',
    'SPELL.admitted_at',
    'Spells of one patient do not overlap',
    'two beds at once',
    ['SPELL.patient_id', 'SPELL.admitted_at', 'SPELL.discharged_at'],
    // The latest end so far, not only the previous one: a long spell may contain several short ones.
    `SELECT table_name, row_key, coalesce(admitted_at < latest_end, FALSE) AS failed FROM (
       SELECT *, max(coalesce(discharged_at, TIMESTAMP '9999-12-31')) OVER (PARTITION BY patient_id
         ORDER BY admitted_at, discharged_at NULLS LAST, row_key ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS latest_end
       FROM spell WHERE patient_id IS NOT NULL AND admitted_at IS NOT NULL)`,
  ),
  rule(
    'TMP-13',
    'ERROR',
    'MHA.starts_at',
    'A section starts after birth and not after X, and does not end before it starts',
    'invalid detention',
    ['MHA.patient_id', 'MHA.starts_at', 'MHA.ends_at'],
    `SELECT m.table_name, m.row_key, m.starts_at > extract_at()
       OR coalesce(CAST(m.ends_at AS DATE) < CAST(m.starts_at AS DATE), FALSE)
       OR EXISTS (SELECT 1 FROM pmi p WHERE p.key = m.patient_id AND p.date_of_birth > CAST(m.starts_at AS DATE)) AS failed
     FROM mha m WHERE m.starts_at IS NOT NULL`,
    { uses: ['PMI.key', 'PMI.date_of_birth'], extract: true },
  ),
];
