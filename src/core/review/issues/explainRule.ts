import { domainOf } from '../../concepts/domain.ts';
import type { RejectReason } from '../../migration/evidenceTables.ts';
import { groupOf, ownerRoleOf, RULE_GROUPS } from '../../quality/rule.ts';
import { QUALITY_RULES, RULES_NOT_JUDGED } from '../../quality/rules/index.ts';

const REASONS: Readonly<Record<RejectReason, string>> = {
  UNKNOWN_CODE:
    'The crosswalk has no line in force for the source code. Add the code to the crosswalk, or have it corrected in the source.',
  BAD_FORMAT:
    'The value cannot be read as the type of the target field. Correct it in the source, or give the contract row a rule that reads it.',
  TOO_LONG:
    'The value is longer than the target field. Nothing is cut off; shorten it in the source, or map it another way.',
  MANDATORY_MISSING: 'The target field is mandatory and the row has no value for it, so the row is held.',
  PARENT_MISSING: 'The row refers to a row that was not loaded. Look at the rejects of the parent table first.',
  DUPLICATE_KEY: 'Another row with the same key was loaded before. The migration merges nothing by itself.',
  AMBIGUOUS_JOIN:
    'A join of the contract finds several rows for this one. It is held, because multiplying rows would be wrong.',
  UNREADABLE_ROW: 'The line of the source file is not well-formed CSV, so no value of it is trusted.',
};

/** What a rule, a reject reason or a check of the migration means, as a Markdown text to read. */
export function explainRule(id: string): string {
  const rule = QUALITY_RULES.find((known) => known.id === id);
  if (rule === undefined) return `# ${id}\n\n${reasonText(id)}\n`;
  const group = groupOf(rule.id);
  const queries = rule.parts.map(
    (part) =>
      `\n## Query over ${part.family}${part.field === '' ? '' : `.${part.field}`}\n\nNeeds: ${part.needs.join(', ') || 'nothing'}.${part.fallback === true ? ' Used only when no earlier query could be.' : ''}\n\n\`\`\`sql\n${part.sql.trim()}\n\`\`\`\n`,
  );
  const columns =
    rule.columns === undefined ? '' : `\nJudges each value of every ${rule.columns.side} column that it applies to.\n`;
  return `# ${rule.id}: ${rule.title}

${rule.why[0]?.toUpperCase() ?? ''}${rule.why.slice(1)}.

- Severity: ${rule.severity}
- Group: ${RULE_GROUPS[group]}
- Domain: ${domainOf(rule.family)}
- Answered for by: ${ownerRoleOf(rule)}

A row fails when the query gives it as failed; a rule that finds no row to look at is not applicable, never passed.
${columns}${queries.join('')}`;
}

function reasonText(id: string): string {
  if (Object.hasOwn(REASONS, id)) return REASONS[id as RejectReason];
  if (Object.hasOwn(RULES_NOT_JUDGED, id)) return `This version does not judge the rule: it ${RULES_NOT_JUDGED[id]}.`;
  return 'A check of the migration itself; its message says what was found.';
}
