import { ROLES } from '../governance/roleNames.ts';
/**
 * A data quality rule is data: what it is called, what it needs to see, and a query over the canonical views that lists
 * every row it examined with its verdict. Numerator and denominator come from the same query, so a rule can never
 * count a failure outside what it looked at.
 */

/** ERROR stops the gate, WARN goes to the data quality worklist, INFO is measured (brief, section 4). */
export type RuleSeverity = 'ERROR' | 'WARN' | 'INFO';

/** Prefix of a rule id. */
export const RULE_GROUPS = {
  CMP: 'completeness',
  VAL: 'validity',
  COD: 'code set',
  UNQ: 'uniqueness',
  RIN: 'referential integrity',
  TMP: 'temporal',
  CON: 'consistency',
  DUP: 'duplicates',
  WL: 'waiting list',
  RTT: 'referral to treatment',
  MH: 'mental health',
  DEC: 'deceased',
  REC: 'reconciliation',
  SAF: 'clinical safety',
} as const;
export type RuleGroup = keyof typeof RULE_GROUPS;

/**
 * What a query must be able to see: `PMI.nhs_number` is a column of the target view `pmi`, `src.PMI.nhs_number` of the
 * source view `src_pmi`, `@rejects` a table of evidence. `FAMILY.key` is what children refer to; `FAMILY.source_key` the
 * primary key of the source row a target row came from, where the contract carries it over unchanged.
 */
export type Need = string;

/** One query of a rule. Most rules have one; a rule over several families has one for each, judged apart. */
export interface RulePart {
  readonly family: string;
  /** Without these the part is not applicable. */
  readonly needs: readonly Need[];
  /** Used when present, NULL otherwise; what is absent is said in the result. `{has:PMI.sex}` in the SQL is TRUE or FALSE. */
  readonly uses?: readonly Need[];
  /** Needs the extract instant X, macro `extract_at()`. */
  readonly extract?: true;
  /** Runs only when no earlier part on the same family and field could: a weaker check of the same thing. */
  readonly fallback?: true;
  /** Concept at fault, named in the issue by the table's own field; empty for a whole row. */
  readonly field: string;
  /**
   * `SELECT table_name, row_key, <boolean> AS failed`: one row for each thing examined. A verdict of NULL counts as
   * failed. A fourth column `field_name` names the column at fault when it differs from row to row.
   */
  readonly sql: string;
}

/** Judges each value of every column it applies to: denominators are cells that hold a value. */
export interface ColumnCheck {
  readonly side: 'target' | 'source';
  /** Condition for the column to be examined, and the SQL that is TRUE for a bad cell; null when it does not apply. */
  readonly failsWhen: (column: ColumnUnderTest) => string | null;
  readonly needs?: readonly Need[];
}

export interface ColumnUnderTest {
  readonly table: string;
  readonly field: string;
  readonly family: string;
  readonly concept: string;
  readonly dataType: string;
  readonly format: string;
  readonly length: number | null;
  readonly codeSet: string;
  readonly foreignKey: { readonly table: string; readonly field: string } | null;
  /** The cell as text, never NULL when the check runs. */
  readonly cell: string;
  /** Code sets with a list. */
  readonly codeSets: ReadonlySet<string>;
  /** Target tables loaded, with the family of each. */
  readonly targetTables: ReadonlyMap<string, string>;
  readonly hasExtract: boolean;
}

export interface Rule {
  /** As in the brief, e.g. `CMP-01`. */
  readonly id: string;
  readonly severity: RuleSeverity;
  /** Main table family, `ALL`, `XW` or `REJ`. */
  readonly family: string;
  readonly title: string;
  /** The harm a failure does. */
  readonly why: string;
  readonly parts: readonly RulePart[];
  readonly columns?: ColumnCheck;
}

export type RuleStatus = 'passed' | 'failed' | 'not_applicable' | 'error';

export interface RuleResult {
  readonly id: string;
  readonly severity: RuleSeverity;
  readonly family: string;
  readonly group: RuleGroup;
  readonly domain: string;
  readonly title: string;
  readonly status: RuleStatus;
  /** Failing rows (or cells). */
  readonly numerator: number;
  /** Rows (or cells) examined; 0 is never a pass. */
  readonly denominator: number;
  /** Why it did not apply, failed to run, or what it could not look at; empty when there is nothing to say. */
  readonly reason: string;
  /** How many failing keys stand in the issues file: fewer than `numerator` when the cap was reached. */
  readonly issues_written: number;
}

export interface RuleIssue {
  readonly ruleId: string;
  readonly table: string;
  readonly field: string;
  readonly rowKey: string;
}

/** `CMP` of `CMP-01`. */
export function groupOf(ruleId: string): RuleGroup {
  return ruleId.slice(0, ruleId.indexOf('-')) as RuleGroup;
}

/** Name of the role that answers for a failing rule: clinical safety where the brief calls the link safety-critical. */
export function ownerRoleOf(rule: Pick<Rule, 'id' | 'family'>): string {
  if (groupOf(rule.id) === 'SAF' || ['MHA', 'ALERT', 'CTO'].includes(rule.family))
    return ROLES.clinical_safety_reviewer;
  return groupOf(rule.id) === 'REC' || rule.family === 'XW' ? ROLES.etl_engineer : ROLES.data_quality_lead;
}

interface Only {
  readonly uses?: readonly Need[];
  readonly extract?: true;
}

/** Short form of a rule with one query; `at` is `FAMILY.concept` of the field at fault, or `FAMILY.` for the row. */
export function rule(
  id: string,
  severity: RuleSeverity,
  at: string,
  title: string,
  why: string,
  needs: readonly Need[],
  sql: string,
  only: Only = {},
): Rule {
  const [family = '', field = ''] = at.split('.');
  return { id, severity, family, title, why, parts: [{ family, field, needs, sql, ...only }] };
}

/** One part of a rule over several families. */
export function part(at: string, needs: readonly Need[], sql: string, only: Only = {}): RulePart {
  const [family = '', field = ''] = at.split('.');
  return { family, field, needs, sql, ...only };
}
