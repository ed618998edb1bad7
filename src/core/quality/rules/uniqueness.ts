import { part, type Rule, rule } from '../rule.ts';
import { CANCELLED, examine, LIVE, LIVE_USES } from './fragments.ts';

function ordered(family: 'DX' | 'PX') {
  const view = family.toLowerCase();
  return part(
    `${family}.sequence`,
    [`${family}.episode_id`, `${family}.sequence`],
    `SELECT table_name, row_key, sequence IS NULL
       OR count(*) OVER (PARTITION BY episode_id, sequence) > 1
       OR count(*) FILTER (sequence = 1) OVER (PARTITION BY episode_id) <> 1 AS failed
     FROM ${view} WHERE episode_id IS NOT NULL`,
  );
}

/** UNQ: one thing, one row. */
export const UNIQUENESS_RULES: readonly Rule[] = [
  rule(
    'UNQ-01',
    'ERROR',
    'PMI.patient_id',
    'Local patient number (with its site prefix) is unique',
    'two people, one set of notes',
    ['PMI.patient_id'],
    examine(
      'pmi p',
      "count(*) OVER (PARTITION BY coalesce(p.site_prefix, ''), p.patient_id) > 1",
      'p.patient_id IS NOT NULL',
    ),
    { uses: ['PMI.site_prefix'] },
  ),
  rule(
    'UNQ-02',
    'ERROR',
    'PMI.nhs_number',
    'A verified NHS number occurs on one live patient only',
    'duplicate or overlay',
    ['PMI.nhs_number', 'PMI.nhs_number_status'],
    examine(
      'pmi p',
      'count(*) OVER (PARTITION BY p.nhs_number) > 1',
      `p.nhs_number IS NOT NULL AND p.nhs_number_status = '01' AND ${LIVE}`,
    ),
    { uses: LIVE_USES },
  ),
  rule(
    'UNQ-03',
    'WARN',
    'APPT.starts_at',
    'A patient has one appointment in a clinic at a time, cancelled ones aside',
    'double booking',
    ['APPT.patient_id', 'APPT.clinic_code', 'APPT.starts_at'],
    examine(
      'appt a',
      'count(*) OVER (PARTITION BY a.patient_id, a.clinic_code, a.starts_at) > 1',
      `a.patient_id IS NOT NULL AND a.clinic_code IS NOT NULL AND a.starts_at IS NOT NULL AND NOT coalesce(${CANCELLED}, FALSE)`,
    ),
    { uses: ['APPT.attendance'] },
  ),
  rule(
    'UNQ-04',
    'ERROR',
    'SPELL.discharged_at',
    'A patient has at most one open spell',
    'cannot be in two beds',
    ['SPELL.patient_id', 'SPELL.discharged_at'],
    examine(
      'spell s',
      'count(*) OVER (PARTITION BY s.patient_id) > 1',
      's.discharged_at IS NULL AND s.patient_id IS NOT NULL',
    ),
  ),
  rule(
    'UNQ-05',
    'ERROR',
    'EPI.sequence',
    'Episodes of a spell are numbered 1 to n, each once',
    'episode order',
    ['EPI.spell_id', 'EPI.sequence'],
    examine(
      'epi e',
      `e.sequence IS NULL OR count(*) OVER (PARTITION BY e.spell_id, e.sequence) > 1
       OR min(e.sequence) OVER (PARTITION BY e.spell_id) <> 1
       OR max(e.sequence) OVER (PARTITION BY e.spell_id) <> count(*) OVER (PARTITION BY e.spell_id)`,
      'e.spell_id IS NOT NULL',
    ),
  ),
  {
    id: 'UNQ-06',
    severity: 'ERROR',
    family: 'DX',
    title: 'Diagnoses and procedures of an episode are ordered, with exactly one first',
    why: 'primary ambiguous',
    parts: [ordered('DX'), ordered('PX')],
  },
  rule(
    'UNQ-07',
    'ERROR',
    'CLOCK.pathway_id',
    'A pathway has at most one open clock',
    'double-counted waiter',
    ['CLOCK.pathway_id', 'CLOCK.stopped_on'],
    examine(
      'clock c',
      'count(*) OVER (PARTITION BY c.pathway_id) > 1',
      'c.stopped_on IS NULL AND c.pathway_id IS NOT NULL',
    ),
  ),
  {
    id: 'UNQ-08',
    severity: 'ERROR',
    family: 'ALL',
    title: 'A source key gives one target row of its entity',
    why: 'records merge or fork',
    parts: ['PMI', 'REF', 'RTT', 'CLOCK', 'APPT', 'IWL', 'SPELL', 'EPI'].map((family) =>
      part(
        `${family}.`,
        [`${family}.source_key`],
        `SELECT table_name, row_key, count(*) OVER (PARTITION BY table_name, source_key) > 1 AS failed
         FROM ${family.toLowerCase()} WHERE source_key IS NOT NULL`,
      ),
    ),
  },
];
