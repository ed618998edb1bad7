import { part, type Rule, rule } from '../rule.ts';

const BALANCE = ['rows_written', 'rows_rejected', 'rows_excluded', 'rows_merged'];

/** REC: nothing vanishes, nothing is invented (brief, sections 4 and 6). */
export const RECONCILIATION_RULES: readonly Rule[] = [
  rule(
    'REC-01',
    'ERROR',
    'ALL.rows_unexplained',
    'Source rows are all loaded, rejected, excluded or merged',
    'nothing vanishes',
    ['@table_stats'],
    // A split makes more rows than it reads, so the sum is checked by the migration; here its verdict must be present and zero.
    `SELECT target_table AS table_name, coalesce(source_table, '') AS row_key, 'rows_unexplained' AS field_name,
       TRY_CAST(rows_unexplained AS BIGINT) IS DISTINCT FROM 0 OR TRY_CAST(rows_read AS BIGINT) IS NULL
       OR ${BALANCE.map((column) => `TRY_CAST(${column} AS BIGINT) IS NULL`).join(' OR ')} AS failed FROM table_stats`,
  ),
  {
    id: 'REC-02',
    severity: 'ERROR',
    family: 'ALL',
    title: 'Every loaded row comes from a row that is in the source',
    why: 'equal counts can hide swaps',
    parts: ['PMI', 'REF', 'RTT', 'CLOCK', 'APPT', 'IWL', 'SPELL', 'EPI', 'ALERT', 'MHA'].map((family) =>
      part(
        `${family}.`,
        [`${family}.source_key`, `src.${family}.source_key`],
        `SELECT t.table_name, t.row_key, NOT EXISTS (SELECT 1 FROM src_${family.toLowerCase()} s WHERE s.source_key = t.source_key) AS failed
         FROM ${family.toLowerCase()} t`,
      ),
    ),
  },
  {
    id: 'REC-03',
    severity: 'ERROR',
    family: 'ALL',
    title: 'Dates that decide care are the source’s, row by row',
    why: 'value-level corruption',
    parts: [
      ['PMI', 'date_of_birth'],
      ['PMI', 'date_of_death'],
      ['REF', 'received_on'],
      ['APPT', 'starts_at'],
      ['SPELL', 'admitted_at'],
      ['SPELL', 'discharged_at'],
      ['MHA', 'starts_at'],
      ['MHA', 'expires_at'],
    ].map(([family = '', concept = '']) =>
      part(
        `${family}.${concept}`,
        [`${family}.source_key`, `${family}.${concept}`, `src.${family}.source_key`, `src.${family}.${concept}`],
        // A source may hold a key twice and the contract keep one row: the target agrees when any row of its key does.
        `SELECT t.table_name, t.row_key, bool_and(t.${concept} IS DISTINCT FROM s.${concept}) AS failed
         FROM ${family.toLowerCase()} t JOIN src_${family.toLowerCase()} s ON s.source_key = t.source_key
         WHERE t.${concept} IS NOT NULL OR s.${concept} IS NOT NULL GROUP BY ALL`,
      ),
    ),
  },
  rule(
    'REC-05',
    'ERROR',
    'REJ.reason',
    'Every reject says where it comes from, why, and what became of its row',
    'unowned rejects',
    ['@rejects'],
    `SELECT coalesce(target_table, '') AS table_name, coalesce(row_key, source_row, '') AS row_key, 'reason' AS field_name,
       reason IS NULL OR source_table IS NULL OR (row_key IS NULL AND source_row IS NULL)
       OR (row_policy IS NULL AND crosswalk IS NOT NULL) AS failed FROM rejects`,
  ),
];
