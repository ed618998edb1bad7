import { createHash } from 'node:crypto';
import { domainOf } from '../concepts/domain.ts';
import { csvText } from '../csv/csvText.ts';
import { ISSUE_COLUMNS } from '../project/evidenceColumns.ts';
import { compareText } from '../shared/order.ts';
import { groupOf, ownerRoleOf, RULE_GROUPS, type Rule } from './rule.ts';
import type { RuleOutcome } from './runRules.ts';

/** The same for the same finding in every run, so that triage survives: from rule, table, field and row key only. */
export function issueKey(ruleId: string, table: string, field: string, rowKey: string): string {
  return createHash('sha256').update([ruleId, table, field, rowKey].join('\u0000'), 'utf8').digest('hex').slice(0, 16);
}

/** The issues file: one line a failing row, by rule, table, field and row key. The message holds no value of the row. */
export function issuesText(
  rules: readonly Rule[],
  outcomes: readonly RuleOutcome[],
  familyOf: (table: string) => string,
): string {
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const lines = outcomes.flatMap(({ issues }) =>
    issues.flatMap((issue) => {
      const rule = byId.get(issue.ruleId);
      if (rule === undefined) return [];
      const domain = domainOf(familyOf(issue.table) || rule.family);
      return [
        [
          issueKey(issue.ruleId, issue.table, issue.field, issue.rowKey),
          rule.severity,
          RULE_GROUPS[groupOf(rule.id)],
          rule.id,
          domain,
          issue.table,
          issue.field,
          issue.rowKey,
          `Not so: ${rule.title}. Risk: ${rule.why}.`,
          ownerRoleOf(rule),
        ],
      ];
    }),
  );
  lines.sort((a, b) => compareText(sortKey(a), sortKey(b)));
  return csvText(ISSUE_COLUMNS, lines);
}

function sortKey(line: readonly string[]): string {
  return [line[3], line[5], line[6], line[7]].join('\u0000');
}
