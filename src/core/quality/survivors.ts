import type { CanonicalViews } from './canonicalViews.ts';
import type { Need } from './rule.ts';

/** What tells which source patients were merged away, and into whom. */
export const SURVIVOR_USES: readonly Need[] = [
  'src.MERGE.old_patient_id',
  // The number that was merged away is often the key of the merge table and is then recognised as such.
  'src.MERGE.merge_id',
  'src.MERGE.surviving_patient_id',
  'src.PMI.key',
  'src.PMI.merged_into',
];

/** Longest chain of merges followed; a circle stops here and resolves nobody. */
const STEPS = 20;

/**
 * Table `patient_survivors(old_key, final_key)`: each merged source patient number and the number that is left in the end.
 * Children of a merged patient are loaded under the survivor, so comparisons by patient go through it (brief, section 1).
 */
export function survivorStatement(views: CanonicalViews): string {
  const has = (family: string, ...concepts: string[]) => views.tablesWith('source', family, concepts).length > 0;
  const hasOld = has('MERGE', 'old_patient_id', 'surviving_patient_id');
  const edges = [
    ...(hasOld ? ['SELECT old_patient_id AS a, surviving_patient_id AS b FROM src_merge'] : []),
    ...(!hasOld && has('MERGE', 'merge_id', 'surviving_patient_id') && has('PMI', 'key')
      ? [
          'SELECT merge_id AS a, surviving_patient_id AS b FROM src_merge WHERE merge_id IN (SELECT key FROM src_pmi WHERE key IS NOT NULL)',
        ]
      : []),
    ...(has('PMI', 'key', 'merged_into') ? ['SELECT key AS a, merged_into AS b FROM src_pmi'] : []),
  ];
  if (edges.length === 0) return 'CREATE TABLE patient_survivors (old_key VARCHAR, final_key VARCHAR)';
  return `CREATE TABLE patient_survivors AS WITH RECURSIVE
    edge AS (SELECT a, max(b) AS b FROM (${edges.join(' UNION ALL ')}) WHERE a IS NOT NULL AND b IS NOT NULL AND a <> b GROUP BY a),
    chain AS (SELECT a AS old_key, b AS at_key, 1 AS depth FROM edge
      UNION ALL SELECT c.old_key, e.b, c.depth + 1 FROM chain c JOIN edge e ON e.a = c.at_key WHERE c.depth < ${STEPS})
    SELECT c.old_key, c.at_key AS final_key FROM chain c ANTI JOIN edge e ON e.a = c.at_key`;
}

/** SQL of the patient number that `key` stands for after merges. */
export function survivorOf(key: string): string {
  return `coalesce((SELECT max(v.final_key) FROM patient_survivors v WHERE v.old_key = ${key}), ${key})`;
}
