import { part, type Rule, rule } from '../rule.ts';
import { ATTENDED, CANCELLED, DEAD, DEAD_USES, examine } from './fragments.ts';

const IS_DEAD = (alias: string) => `EXISTS (SELECT 1 FROM pmi p WHERE p.key = ${alias}.patient_id AND ${DEAD})`;

/** DEC: the dead are not written to, the living not closed down (brief, section 4). */
export const DECEASED_RULES: readonly Rule[] = [
  rule(
    'DEC-01',
    'ERROR',
    'PMI.date_of_death',
    'Death is not before birth nor after X',
    'impossible death',
    ['PMI.date_of_death', 'PMI.date_of_birth'],
    examine(
      'pmi p',
      'coalesce(p.date_of_death < p.date_of_birth, FALSE) OR p.date_of_death > CAST(extract_at() AS DATE)',
      'p.date_of_death IS NOT NULL',
    ),
    { extract: true },
  ),
  {
    id: 'DEC-02',
    severity: 'ERROR',
    family: 'PMI',
    title: 'A deceased patient has no future appointment and no open waiting list entry',
    why: 'letters to bereaved family',
    parts: [
      part(
        'APPT.starts_at',
        ['PMI.key', 'PMI.date_of_death', 'APPT.patient_id', 'APPT.starts_at'],
        examine('appt a', IS_DEAD('a'), `a.starts_at > extract_at() AND NOT coalesce(${CANCELLED}, FALSE)`),
        { uses: ['PMI.deceased', 'APPT.attendance'], extract: true },
      ),
      part(
        'IWL.removed_on',
        ['PMI.key', 'PMI.date_of_death', 'IWL.patient_id', 'IWL.removed_on'],
        examine('iwl w', IS_DEAD('w'), 'w.removed_on IS NULL'),
        { uses: ['PMI.deceased'] },
      ),
    ],
  },
  {
    id: 'DEC-03',
    severity: 'ERROR',
    family: 'PMI',
    title: 'A deceased patient has no open referral and no open clock',
    why: 'false waiters',
    parts: [
      part(
        'REF.closed_on',
        ['PMI.key', 'PMI.date_of_death', 'REF.patient_id', 'REF.closed_on'],
        examine('ref r', IS_DEAD('r'), 'r.closed_on IS NULL'),
        { uses: ['PMI.deceased'] },
      ),
      part(
        'CLOCK.stopped_on',
        ['PMI.key', 'PMI.date_of_death', 'CLOCK.patient_id', 'CLOCK.stopped_on'],
        examine('clock c', IS_DEAD('c'), 'c.stopped_on IS NULL'),
        { uses: ['PMI.deceased'] },
      ),
    ],
  },
  rule(
    'DEC-04',
    'ERROR',
    'SPELL.discharge_method',
    'A patient discharged as dead has that date of death',
    'died in hospital, shown alive',
    ['SPELL.patient_id', 'SPELL.discharge_method', 'SPELL.discharged_at', 'PMI.key', 'PMI.date_of_death'],
    examine(
      'spell s',
      `NOT EXISTS (SELECT 1 FROM pmi p WHERE p.key = s.patient_id AND p.date_of_death = CAST(s.discharged_at AS DATE))`,
      "s.discharge_method = '4'",
    ),
  ),
  rule(
    'DEC-05',
    'WARN',
    'PMI.date_of_death',
    'A deceased flag comes with a date of death',
    'unconfirmed death',
    ['PMI.deceased', 'PMI.date_of_death'],
    examine('pmi p', 'p.date_of_death IS NULL', 'p.deceased IS TRUE'),
  ),
  rule(
    'DEC-06',
    'ERROR',
    'PMI.death_status',
    'A removed death notification (U) is not loaded as deceased',
    'living person closed down',
    ['PMI.death_status'],
    examine('pmi p', DEAD, "p.death_status = 'U'"),
    { uses: DEAD_USES },
  ),
  {
    id: 'DEC-07',
    severity: 'WARN',
    family: 'ALL',
    title: 'No attended appointment and no admission after the date of death',
    why: 'wrong patient or date',
    parts: [
      part(
        'APPT.starts_at',
        ['PMI.key', 'PMI.date_of_death', 'APPT.patient_id', 'APPT.starts_at', 'APPT.attendance'],
        examine(
          'appt a',
          'EXISTS (SELECT 1 FROM pmi p WHERE p.key = a.patient_id AND p.date_of_death < CAST(a.starts_at AS DATE))',
          ATTENDED,
        ),
      ),
      part(
        'SPELL.admitted_at',
        ['PMI.key', 'PMI.date_of_death', 'SPELL.patient_id', 'SPELL.admitted_at'],
        examine(
          'spell s',
          'EXISTS (SELECT 1 FROM pmi p WHERE p.key = s.patient_id AND p.date_of_death < CAST(s.admitted_at AS DATE))',
        ),
      ),
    ],
  },
];
