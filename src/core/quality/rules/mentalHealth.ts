import { type Rule, rule } from '../rule.ts';
import { examine } from './fragments.ts';

/** MH: authority to detain is neither lost, nor stretched, nor doubled (brief, section 4). */
export const MENTAL_HEALTH_RULES: readonly Rule[] = [
  rule(
    'MH-01',
    'ERROR',
    'MHA.expires_at',
    'No detention is open past its expiry at X',
    'unlawful detention',
    ['MHA.section', 'MHA.expires_at', 'MHA.ends_at'],
    examine(
      'mha m',
      'm.expires_at < extract_at()',
      'is_detention(m.section) AND m.ends_at IS NULL AND m.expires_at IS NOT NULL',
    ),
    { extract: true },
  ),
  rule(
    'MH-02',
    'ERROR',
    'MHA.starts_at',
    'Detention periods of one patient do not overlap',
    'contradictory authority',
    ['MHA.patient_id', 'MHA.section', 'MHA.starts_at', 'MHA.ends_at'],
    `SELECT table_name, row_key, coalesce(starts_at < latest_end, FALSE) AS failed FROM (
       SELECT *, max(coalesce(ends_at, expires_at, TIMESTAMP '9999-12-31')) OVER (PARTITION BY patient_id
         ORDER BY starts_at, ends_at NULLS LAST, row_key ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS latest_end
       FROM mha WHERE is_detention(section) AND patient_id IS NOT NULL AND starts_at IS NOT NULL)`,
    { uses: ['MHA.expires_at'] },
  ),
  rule(
    'MH-03',
    'WARN',
    'MHA.expires_at',
    'A section does not run longer than its configured maximum',
    'mis-keyed dates',
    ['MHA.section', 'MHA.starts_at', 'MHA.expires_at'],
    // One day of grace: an expiry given as a day was read as the end of that day.
    examine(
      'mha m',
      'm.expires_at > m.starts_at + to_hours(section_hours(m.section) + 24)',
      'section_hours(m.section) IS NOT NULL AND m.starts_at IS NOT NULL AND m.expires_at IS NOT NULL',
    ),
  ),
  rule(
    'MH-04',
    'ERROR',
    'MHA.restricted',
    'Restricted patients (09, 15, 17, 37) keep the restriction flag',
    'needs Ministry of Justice consent',
    ['MHA.section', 'MHA.restricted'],
    examine('mha m', 'm.restricted IS NOT TRUE', 'is_restricted_section(m.section)'),
  ),
  rule(
    'MH-05',
    'WARN',
    'MHA.patient_id',
    'A detained patient has an open spell, or recorded leave',
    'location of detained person',
    ['MHA.patient_id', 'MHA.section', 'MHA.ends_at', 'SPELL.patient_id', 'SPELL.discharged_at'],
    examine(
      'mha m',
      `NOT EXISTS (SELECT 1 FROM spell s WHERE s.patient_id = m.patient_id AND s.discharged_at IS NULL)
       AND NOT EXISTS (SELECT 1 FROM "leave" l WHERE l.patient_id = m.patient_id AND l.ends_at IS NULL)`,
      'is_detention(m.section) AND m.ends_at IS NULL',
    ),
    { uses: ['LEAVE.patient_id', 'LEAVE.ends_at'] },
  ),
  rule(
    'MH-06',
    'ERROR',
    'EPI.legal_status',
    'The legal status of an episode is that of the section covering its start',
    'national MH return',
    [
      'EPI.legal_status',
      'EPI.patient_id',
      'EPI.starts_at',
      'MHA.patient_id',
      'MHA.section',
      'MHA.starts_at',
      'MHA.ends_at',
    ],
    // By day: section and episode are often recorded minutes apart. 01 is informal: no section covers it.
    examine(
      'epi e',
      `NOT EXISTS (SELECT 1 FROM mha m WHERE m.patient_id = e.patient_id AND m.section = e.legal_status
         AND CAST(m.starts_at AS DATE) <= CAST(e.starts_at AS DATE)
         AND (m.ends_at IS NULL OR CAST(m.ends_at AS DATE) >= CAST(e.starts_at AS DATE)))`,
      'is_detention(e.legal_status) AND e.starts_at IS NOT NULL',
    ),
  ),
  rule(
    'MH-07',
    'ERROR',
    'CTO.section_id',
    'A community treatment order stands on its underlying section',
    'recall powers',
    ['CTO.section_id', 'MHA.key'],
    examine('cto c', 'NOT EXISTS (SELECT 1 FROM mha m WHERE m.key = c.section_id)'),
  ),
  rule(
    'MH-08',
    'ERROR',
    'MHA.starts_at',
    'Sections with limits in hours carry hours and minutes (00:00 counts as not recorded)',
    '6/24/72 hour limits',
    ['MHA.section', 'MHA.starts_at'],
    examine(
      'mha m',
      "m.starts_at IS NULL OR CAST(m.starts_at AS TIME) = TIME '00:00:00'",
      'is_hourly_section(m.section)',
    ),
  ),
  rule(
    'MH-09',
    'ERROR',
    'MHA.renewal_due_on',
    'Renewal dates in the coming weeks match the source one for one',
    'missed statutory dates',
    ['MHA.source_key', 'MHA.renewal_due_on', 'src.MHA.source_key', 'src.MHA.renewal_due_on'],
    `SELECT s.table_name, s.row_key, NOT EXISTS (SELECT 1 FROM mha m WHERE m.source_key = s.source_key
       AND m.renewal_due_on = s.renewal_due_on
       AND (NOT {has:MHA.tribunal_due_on} OR m.tribunal_due_on IS NOT DISTINCT FROM s.tribunal_due_on)) AS failed
     FROM src_mha s WHERE s.renewal_due_on BETWEEN CAST(extract_at() AS DATE)
       AND CAST(extract_at() AS DATE) + CAST(statutory_date_days() AS INTEGER)`,
    { uses: ['MHA.tribunal_due_on', 'src.MHA.tribunal_due_on'], extract: true },
  ),
];
