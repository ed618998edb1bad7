import { FAMILIES } from '../../concepts/vocabulary.ts';
import { quoteIdentifier } from '../../engine/sqlText.ts';
import { part, type Rule, type RulePart, rule } from '../rule.ts';
import { examine } from './fragments.ts';

const REFERENCE_FAMILIES = new Set(['STAFF', 'GP', 'PRACTICE', 'SITE', 'WARD_REF', 'CLINIC', 'SPECIALTY']);

/** Every reference to a patient. A row without its own patient is an orphan too; other references may be empty. */
function patientReferences(): RulePart[] {
  return [...FAMILIES.values()].flatMap((family) =>
    family.concepts
      .filter((concept) => concept.kind.type === 'ref' && concept.kind.family === 'PMI' && family.id !== 'PMI')
      .map((concept) =>
        part(
          `${family.id}.${concept.name}`,
          [`${family.id}.${concept.name}`, 'PMI.key'],
          `SELECT c.table_name, c.row_key, NOT EXISTS (SELECT 1 FROM pmi p WHERE p.key = c.${concept.name}) AS failed
           FROM ${quoteIdentifier(family.id.toLowerCase())} c
           WHERE ${concept.name === 'patient_id' ? 'TRUE' : `c.${concept.name} IS NOT NULL`}`,
        ),
      ),
  );
}

/** The parent exists and belongs to the same patient. */
function sameParent(child: string, reference: string, parent: string, required: boolean): RulePart {
  return part(
    `${child}.${reference}`,
    [`${child}.${reference}`, `${child}.patient_id`, `${parent}.key`, `${parent}.patient_id`],
    `SELECT c.table_name, c.row_key, NOT EXISTS (SELECT 1 FROM ${parent.toLowerCase()} p
       WHERE p.key = c.${reference} AND p.patient_id = c.patient_id) AS failed
     FROM ${child.toLowerCase()} c WHERE ${required ? 'TRUE' : `c.${reference} IS NOT NULL`}`,
  );
}

/** The parent exists; for children that do not repeat the patient. */
function parentExists(child: string, reference: string, parent: string): RulePart {
  return fallback(
    `${child}.${reference}`,
    [`${child}.${reference}`, `${parent}.key`],
    `SELECT c.table_name, c.row_key, NOT EXISTS (SELECT 1 FROM ${parent.toLowerCase()} p WHERE p.key = c.${reference}) AS failed
     FROM ${child.toLowerCase()} c`,
  );
}

/** Judged only when the stricter part before it, on the same field, cannot be. */
function fallback(...args: Parameters<typeof part>): RulePart {
  return { ...part(...args), fallback: true };
}

function link(
  id: string,
  severity: Rule['severity'],
  family: string,
  title: string,
  why: string,
  parts: readonly RulePart[],
): Rule {
  return { id, severity, family, title, why, parts };
}

/** RIN: every row hangs where it belongs, on the same patient all the way (brief, sections 1 and 4). */
export const REFERENTIAL_RULES: readonly Rule[] = [
  link(
    'RIN-01',
    'ERROR',
    'ALL',
    'Every row of a patient resolves to a loaded patient',
    'orphan activity',
    patientReferences(),
  ),
  link(
    'RIN-02',
    'ERROR',
    'APPT',
    'An appointment’s referral exists and is the same patient’s',
    'seen under another’s referral',
    [sameParent('APPT', 'referral_id', 'REF', false)],
  ),
  link('RIN-03', 'ERROR', 'RTT', 'A pathway has a referral of the same patient', 'clock without cause', [
    sameParent('RTT', 'referral_id', 'REF', true),
    parentExists('CLOCK', 'pathway_id', 'RTT'),
  ]),
  link('RIN-04', 'ERROR', 'IWL', 'A waiting list entry’s referral exists and is the same patient’s', 'untimed waiter', [
    sameParent('IWL', 'referral_id', 'REF', true),
  ]),
  rule(
    'RIN-05',
    'WARN',
    'SPELL.entry_id',
    'An elective admission has a waiting list entry of the same patient, closed by it',
    'entry stays open after treatment',
    ['SPELL.admission_method', 'SPELL.patient_id', 'SPELL.entry_id', 'IWL.key', 'IWL.patient_id', 'IWL.removed_on'],
    examine(
      'spell s',
      `NOT EXISTS (SELECT 1 FROM iwl w WHERE w.key = s.entry_id AND w.patient_id = s.patient_id AND w.removed_on IS NOT NULL)`,
      "s.admission_method IN ('11', '12', '13')",
    ),
  ),
  link('RIN-06', 'ERROR', 'EPI', 'An episode’s spell exists and is the same patient’s', 'care under wrong person', [
    sameParent('EPI', 'spell_id', 'SPELL', true),
    parentExists('EPI', 'spell_id', 'SPELL'),
  ]),
  link(
    'RIN-07',
    'ERROR',
    'WARD',
    'A ward stay’s spell exists, is the same patient’s, and its ward is known',
    'bed board wrong',
    [
      sameParent('WARD', 'spell_id', 'SPELL', true),
      parentExists('WARD', 'spell_id', 'SPELL'),
      parentExists('WARD', 'ward', 'WARD_REF'),
    ],
  ),
  link(
    'RIN-08',
    'ERROR',
    'DX',
    'A diagnosis or procedure hangs on an episode of the same patient',
    'wrong diagnosis on wrong person',
    [
      sameParent('DX', 'episode_id', 'EPI', true),
      sameParent('PX', 'episode_id', 'EPI', true),
      parentExists('DX', 'episode_id', 'EPI'),
      parentExists('PX', 'episode_id', 'EPI'),
    ],
  ),
  rule(
    'RIN-09',
    'WARN',
    'ED.disposal',
    'An emergency attendance that ended in admission has a spell of the same patient within 24 hours',
    'broken emergency chain',
    ['ED.disposal', 'ED.patient_id', 'ED.departed_at', 'SPELL.patient_id', 'SPELL.admitted_at'],
    examine(
      'ed e',
      `NOT EXISTS (SELECT 1 FROM spell s WHERE s.patient_id = e.patient_id
         AND s.admitted_at BETWEEN e.departed_at - INTERVAL 24 HOUR AND e.departed_at + INTERVAL 24 HOUR)`,
      "e.disposal = '01'",
    ),
  ),
  rule(
    'RIN-10',
    'ERROR',
    'MHA.spell_id',
    'An inpatient detention resolves to a spell of the same patient covering its start',
    'authority to detain unproven',
    [
      'MHA.spell_id',
      'MHA.patient_id',
      'MHA.starts_at',
      'SPELL.key',
      'SPELL.patient_id',
      'SPELL.admitted_at',
      'SPELL.discharged_at',
    ],
    // Compared by day: an admission and the section that caused it are often recorded minutes apart in either order.
    examine(
      'mha m',
      `NOT EXISTS (SELECT 1 FROM spell s WHERE s.key = m.spell_id AND s.patient_id = m.patient_id
         AND CAST(s.admitted_at AS DATE) <= CAST(m.starts_at AS DATE)
         AND (s.discharged_at IS NULL OR CAST(s.discharged_at AS DATE) >= CAST(m.starts_at AS DATE)))`,
      'm.spell_id IS NOT NULL',
    ),
  ),
  {
    id: 'RIN-11',
    severity: 'ERROR',
    family: 'ALL',
    title: 'Staff, site, ward, clinic and service keys resolve to loaded reference rows',
    why: 'row fails in target',
    parts: [],
    columns: {
      side: 'target',
      failsWhen: (column) => {
        const { foreignKey } = column;
        if (foreignKey === null || !REFERENCE_FAMILIES.has(column.targetTables.get(foreignKey.table) ?? ''))
          return null;
        const parent = `target.${quoteIdentifier(foreignKey.table)}`;
        const key = quoteIdentifier(foreignKey.field);
        return `${column.cell} NOT IN (SELECT trim(${key}) FROM ${parent} WHERE ${key} IS NOT NULL)`;
      },
    },
  },
  rule(
    'RIN-12',
    'WARN',
    'BIRTH.mother_spell_id',
    'A birth spell links to a mother with a spell covering the birth',
    'mother-baby separation',
    [
      'SPELL.key',
      'SPELL.admission_method',
      'SPELL.admitted_at',
      'SPELL.discharged_at',
      'BIRTH.baby_spell_id',
      'BIRTH.mother_spell_id',
    ],
    examine(
      'spell s',
      `NOT EXISTS (SELECT 1 FROM birth b JOIN spell m ON m.key = b.mother_spell_id WHERE b.baby_spell_id = s.key
         AND CAST(m.admitted_at AS DATE) <= CAST(s.admitted_at AS DATE)
         AND (m.discharged_at IS NULL OR CAST(m.discharged_at AS DATE) >= CAST(s.admitted_at AS DATE)))`,
      "s.admission_method = '82'",
    ),
  ),
  link('RIN-13', 'ERROR', 'PMI', 'Merge links end at a surviving patient, without a circle', 'lost patient', [
    part(
      'PMI.merged_into',
      ['PMI.key', 'PMI.merged_into'],
      // 20 steps: longer chains do not occur, and a circle must not run for ever.
      `WITH RECURSIVE chain(start_key, at_key, depth) AS (
         SELECT key, merged_into, 1 FROM pmi WHERE merged_into IS NOT NULL
         UNION ALL SELECT c.start_key, p.merged_into, c.depth + 1 FROM chain c JOIN pmi p ON p.key = c.at_key
           WHERE p.merged_into IS NOT NULL AND c.depth < 20)
       SELECT p.table_name, p.row_key, NOT EXISTS (SELECT 1 FROM chain c JOIN pmi s ON s.key = c.at_key
         WHERE c.start_key = p.key AND s.merged_into IS NULL) AS failed FROM pmi p WHERE p.merged_into IS NOT NULL`,
    ),
    // Merges kept in a table of their own: who is left must be loaded, and must not be merged away in another row.
    part(
      'MERGE.surviving_patient_id',
      ['MERGE.surviving_patient_id', 'PMI.key'],
      `SELECT m.table_name, m.row_key, NOT EXISTS (SELECT 1 FROM pmi p WHERE p.key = m.surviving_patient_id)
         OR EXISTS (SELECT 1 FROM merge o WHERE coalesce(o.old_patient_id, o.merge_id) = m.surviving_patient_id) AS failed
       FROM merge m`,
      { uses: ['MERGE.old_patient_id', 'MERGE.merge_id'] },
    ),
  ]),
  link(
    'RIN-14',
    'ERROR',
    'ALL',
    'Along the whole chain the patient stays the same',
    'the single strongest safety check',
    [
      ...[
        ['CLOCK', 'pathway_id', 'RTT'],
        ['CLOCK', 'referral_id', 'REF'],
        ['REF', 'pathway_id', 'RTT'],
        ['APPT', 'pathway_id', 'RTT'],
        ['APPT', 'referral_id', 'REF'],
        ['IWL', 'pathway_id', 'RTT'],
        ['IWL', 'referral_id', 'REF'],
        ['OFFER', 'entry_id', 'IWL'],
        ['SPELL', 'entry_id', 'IWL'],
        ['SPELL', 'referral_id', 'REF'],
        ['EPI', 'spell_id', 'SPELL'],
        ['WARD', 'spell_id', 'SPELL'],
        ['DX', 'episode_id', 'EPI'],
        ['PX', 'episode_id', 'EPI'],
        ['MHA', 'spell_id', 'SPELL'],
        ['LEAVE', 'section_id', 'MHA'],
      ].map(([child = '', reference = '', parent = '']) =>
        part(
          `${child}.patient_id`,
          [`${child}.${reference}`, `${child}.patient_id`, `${parent}.key`, `${parent}.patient_id`],
          `SELECT c.table_name, c.row_key, bool_or(p.patient_id IS DISTINCT FROM c.patient_id) AS failed
         FROM ${child.toLowerCase()} c JOIN ${parent.toLowerCase()} p ON p.key = c.${reference} GROUP BY ALL`,
        ),
      ),
    ],
  ),
];

/** For the patient-chain gate: rules that prove each row hangs on its own patient. Reference data (RIN-11) break no chain. */
export const CHAIN_RULES = REFERENTIAL_RULES.filter(({ id, severity }) => severity === 'ERROR' && id !== 'RIN-11').map(
  ({ id }) => id,
);
