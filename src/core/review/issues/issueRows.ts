import type { Row } from '../../engine/engine.ts';
import { readDisposition } from '../../governance/triage.ts';
import { ISSUE_ORIGINS, ISSUE_STATUSES, type IssueGroup, type IssueGrouping, type IssueRow } from './issueQuery.ts';

/** A line as the engine gives it. */
export function readIssueRow(row: Row): IssueRow {
  const text = (name: string): string => String(row[name] ?? '');
  return {
    ordinal: Number(row['ordinal']),
    origin: ISSUE_ORIGINS.find((known) => known === row['origin']) ?? 'quality',
    key: text('issue_key'),
    severity: text('severity'),
    category: text('category'),
    ruleId: text('rule_id'),
    domain: text('domain'),
    table: text('table_name'),
    field: text('field_name'),
    rowKey: text('row_key'),
    message: text('message'),
    ownerRole: text('owner_role'),
    status: ISSUE_STATUSES.find((known) => known === row['status']) ?? 'open',
    disposition: readDisposition(text('disposition')) ?? '',
    assignee: text('assigned_to'),
    dueDate: text('due_date'),
    overdue: row['due'] === 'overdue',
    comment: text('comment'),
    cause: text('group_key'),
  };
}

/** Groups with their counts, most lines first, then by name. */
export function groupsSql(
  by: IssueGrouping,
  buckets: string,
  condition: string,
  offset: number,
  limit: number,
): string {
  const key = by === 'cause' ? 'cause' : by;
  const texts = ['rule_id', 'table_name', 'field_name', 'pattern', 'origin', 'severity', 'group_key'];
  const shown = by === 'cause' ? texts.map((name) => `any_value(${name}) AS ${name}`) : [`any_value(${by}) AS label`];
  const order = by === 'due_date' ? "(label = ''), label" : 'total DESC, key';
  return `SELECT *, count(*) OVER ()::INTEGER AS of FROM (SELECT ${key} AS key, ${shown.join(', ')}, sum(n)::DOUBLE AS total,
      coalesce(sum(n) FILTER (severity = 'ERROR'), 0)::DOUBLE AS errors, coalesce(sum(n) FILTER (severity = 'WARN'), 0)::DOUBLE AS warnings,
      coalesce(sum(n) FILTER (status <> 'decided'), 0)::DOUBLE AS undecided, coalesce(sum(n) FILTER (due = 'overdue'), 0)::DOUBLE AS overdue,
      count(*) AS buckets
    FROM ${buckets} WHERE ${condition} GROUP BY ${by === 'cause' ? 'cause' : by})
    ORDER BY ${order} LIMIT ${Math.max(1, limit)} OFFSET ${Math.max(0, offset)}`;
}

/** One group as the engine gives it. */
export function readGroup(by: IssueGrouping, row: Row): IssueGroup {
  const text = (name: string): string => String(row[name] ?? '');
  const counts = {
    rows: Number(row['total']),
    errors: Number(row['errors']),
    warnings: Number(row['warnings']),
    undecided: Number(row['undecided']),
    overdue: Number(row['overdue']),
  };
  if (by !== 'cause') return { ...counts, only: { [by]: [text('label')] }, label: text('label'), message: '' };
  const [rule, table, field] = [text('rule_id'), text('table_name'), text('field_name')];
  const place = `${table}${field === '' ? '' : `.${field}`}`;
  return {
    ...counts,
    only: { group_key: [text('group_key')] },
    label: place === '' ? rule : `${rule} ${place}`,
    message: text('pattern'),
  };
}
