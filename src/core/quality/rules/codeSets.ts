import { quoteLiteral } from '../../engine/sqlText.ts';
import { part, type Rule } from '../rule.ts';

/** A retired code on an event after its retirement. */
function retired(at: string, alias: string, view: string, code: string, event: string, codeSet: string) {
  const [family = ''] = at.split('.');
  return part(
    at,
    [at, `${family}.${event}`, '@codes'],
    `SELECT ${alias}.table_name, ${alias}.row_key, CAST(${alias}.${event} AS DATE) > k.valid_to AS failed
     FROM ${view} ${alias} JOIN (SELECT code, max(TRY_CAST(valid_to AS DATE)) AS valid_to FROM codes
       WHERE code_set = '${codeSet}' GROUP BY code) k ON k.code = ${alias}.${code}
     WHERE k.valid_to IS NOT NULL AND ${alias}.${event} IS NOT NULL`,
  );
}

/** A service on an event before the service existed. Looks only at codes whose introduction date is known. */
function tooEarly(at: string, alias: string, view: string, event: string) {
  const [family = ''] = at.split('.');
  return part(
    at,
    [at, `${family}.${event}`, '@codes'],
    `SELECT ${alias}.table_name, ${alias}.row_key, CAST(${alias}.${event} AS DATE) < k.valid_from AS failed
     FROM ${view} ${alias} JOIN (SELECT code, min(TRY_CAST(valid_from AS DATE)) AS valid_from FROM codes
       WHERE code_set = 'treatment_function' GROUP BY code) k ON k.code = ${alias}.treatment_function
     WHERE k.valid_from IS NOT NULL AND ${alias}.${event} IS NOT NULL`,
  );
}

/** COD: codes mean what the target takes them to mean. */
export const CODE_SET_RULES: readonly Rule[] = [
  {
    id: 'COD-01',
    severity: 'ERROR',
    family: 'ALL',
    title: 'Each loaded code stands in its target code set',
    why: 'load refused or shown blank',
    parts: [],
    columns: {
      side: 'target',
      needs: ['@codes'],
      failsWhen: (column) =>
        column.codeSet !== '' && column.codeSets.has(column.codeSet)
          ? `${column.cell} NOT IN (SELECT code FROM codes WHERE code_set = ${quoteLiteral(column.codeSet)} AND code IS NOT NULL)`
          : null,
    },
  },
  {
    id: 'COD-02',
    severity: 'ERROR',
    family: 'XW',
    title: 'Each source code has exactly one crosswalk line in force at a time, and it is approved',
    why: 'unmapped or ambiguous meaning',
    parts: [
      part(
        'XW.source_code',
        ['@xw'],
        `SELECT 'crosswalk ' || x.crosswalk AS table_name, coalesce(x.source_code, '') AS row_key, 'source_code' AS field_name,
           x.source_code IS NULL OR upper(coalesce(x.status, '')) <> 'APPROVED' OR EXISTS (
             SELECT 1 FROM xw y WHERE y.crosswalk = x.crosswalk AND y.source_code = x.source_code AND y.line <> x.line
               AND coalesce(TRY_CAST(y.valid_from AS DATE), DATE '0001-01-01') <= coalesce(TRY_CAST(x.valid_to AS DATE), DATE '9999-12-31')
               AND coalesce(TRY_CAST(y.valid_to AS DATE), DATE '9999-12-31') >= coalesce(TRY_CAST(x.valid_from AS DATE), DATE '0001-01-01')
               AND upper(coalesce(y.status, '')) NOT IN ('RETIRED', 'REJECTED')) AS failed
         FROM xw x WHERE upper(coalesce(x.status, '')) NOT IN ('RETIRED', 'REJECTED')`,
      ),
    ],
  },
  {
    id: 'COD-03',
    severity: 'ERROR',
    family: 'XW',
    title: 'Each crosswalk names source system, site, country and code-set version',
    why: 'Welsh 35 = CTO, English 35 = guardianship',
    parts: [
      part(
        'XW.country',
        ['@xw', '@xw_index'],
        `SELECT DISTINCT 'crosswalk ' || x.crosswalk AS table_name, x.crosswalk AS row_key, 'country' AS field_name,
           NOT EXISTS (SELECT 1 FROM xw_index i WHERE i.crosswalk = x.crosswalk AND i.source_system IS NOT NULL
             AND i.site IS NOT NULL AND i.country IS NOT NULL AND i.code_set_version IS NOT NULL) AS failed
         FROM xw x`,
      ),
    ],
  },
  {
    id: 'COD-05',
    severity: 'WARN',
    family: 'ALL',
    title: 'A retired code appears only on events before its retirement',
    why: 'rejected national submissions',
    parts: [
      retired('SPELL.admission_method', 's', 'spell', 'admission_method', 'admitted_at', 'admission_method'),
      retired('SPELL.discharge_method', 's', 'spell', 'discharge_method', 'discharged_at', 'discharge_method'),
      retired('EPI.main_specialty', 'e', 'epi', 'main_specialty', 'starts_at', 'main_specialty'),
    ],
  },
  {
    id: 'COD-06',
    severity: 'WARN',
    family: 'EPI',
    title: 'A treatment function is not used before it was introduced',
    why: 'back-dated subspecialty',
    parts: [
      tooEarly('EPI.treatment_function', 'e', 'epi', 'starts_at'),
      tooEarly('APPT.treatment_function', 'a', 'appt', 'starts_at'),
    ],
  },
  {
    id: 'COD-07',
    severity: 'ERROR',
    family: 'XW',
    title: 'A safety-critical crosswalk that merges several meanings has a named approver and approved lines',
    why: 'meaning lost without a decision',
    parts: [
      part(
        'XW.status',
        ['@xw', '@xw_index'],
        `SELECT 'crosswalk ' || x.crosswalk AS table_name, coalesce(x.source_code, '') AS row_key, 'status' AS field_name,
           upper(coalesce(x.status, '')) <> 'APPROVED'
           OR NOT EXISTS (SELECT 1 FROM xw_index i WHERE i.crosswalk = x.crosswalk AND i.approved_by IS NOT NULL) AS failed
         FROM xw x JOIN (SELECT crosswalk, target_code FROM xw WHERE upper(coalesce(safety_critical, '')) = 'Y'
           AND upper(coalesce(status, '')) NOT IN ('RETIRED', 'REJECTED')
           GROUP BY crosswalk, target_code HAVING count(DISTINCT source_code) > 1) m
           ON m.crosswalk = x.crosswalk AND m.target_code IS NOT DISTINCT FROM x.target_code
         WHERE upper(coalesce(x.status, '')) NOT IN ('RETIRED', 'REJECTED')`,
      ),
    ],
  },
];
