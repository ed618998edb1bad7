/** Columns of `contract_migration_rejects.csv`, fixed for other tools. */
export const REJECT_COLUMNS = [
  'target_table',
  'target_field',
  'source_table',
  'source_field',
  'source_value',
  'source_row',
  'row_key',
  'crosswalk',
  'safety_critical',
  'row_policy',
  'reason',
] as const;

/** What may be read of a reject to count, list or explain it: all but `source_value`, which is a patient's and stays in its file. */
export const REJECT_COLUMNS_WITHOUT_VALUE = REJECT_COLUMNS.filter((name) => name !== 'source_value');

/** Columns of `contract_migration_issues.csv` and `enterprise_pipeline_issues.csv`, fixed for other tools. */
export const ISSUE_COLUMNS = [
  'issue_key',
  'severity',
  'category',
  'rule_id',
  'domain',
  'table_name',
  'field_name',
  'row_key',
  'message',
  'owner_role',
] as const;
