import { tableRates } from '../gates/migrationGates.ts';
import { errorRules } from '../gates/qualityGates.ts';
import type { TableStat } from '../migration/tableStats.ts';
import { CHAIN_RULES } from '../quality/rules/referential.ts';
import { counted } from '../shared/counted.ts';
import { type IssueGrouping, OPEN_SAFETY_REJECTS } from './issues/issueQuery.ts';
import type { Place } from './place.ts';
import type { GateReport, MigrationTotals, QualityReport } from './reports.ts';

/** A number that a gate judged, with the rows behind it. */
export interface GateRows {
  readonly label: string;
  readonly place: Place;
}

/** The reports that gates count in; null where one is missing or cannot be used. */
export interface CountedReports {
  readonly migration: MigrationTotals | null;
  readonly tables: readonly TableStat[] | null;
  readonly quality: QualityReport | null;
  /** Target tables of the patient chain. */
  readonly chain: string[];
}

type Gate = GateReport['gates'][number];

/** What a gate's numbers open: the issues, rejects, rules or contract rows that it counted. Empty where it counts none. */
export function gateRows(gate: Gate, reports: CountedReports): GateRows[] {
  return ROWS[gate.id]?.(gate, reports).filter((rows) => rows !== null) ?? [];
}

const ROWS: Readonly<Record<string, (gate: Gate, reports: CountedReports) => (GateRows | null)[]>> = {
  contract_resolved: () => [
    {
      label: 'Unresolved mandatory rows',
      place: { kind: 'contract', only: { mandatory: ['Y'], mapping_class: ['unresolved'] } },
    },
  ],
  contract_approved: () => [
    {
      label: 'Rows that are not approved',
      place: { kind: 'contract', only: { status: ['DRAFT', 'IN_REVIEW', 'REJECTED'] } },
    },
  ],
  // An issue of the migration sums up its rejects, which the explorer lists themselves: by cause they are as many as issues.
  migration_errors: ({ actual }) => [
    issues(actual, 'ERROR issue', { origin: ['migration', 'reject'], severity: ['ERROR'] }, 'cause'),
  ],
  safety_critical_rejects: ({ actual }) => [issues(actual, 'open safety-critical reject', OPEN_SAFETY_REJECTS)],
  crosswalk_reject_rate: (_, { migration }) => [
    issues(migration?.crosswalk_rejects ?? 0, 'unknown code', { origin: ['reject'], rule_id: ['UNKNOWN_CODE'] }),
  ],
  row_reject_rate: ({ expected }, { tables }) => {
    const rates = tableRates(tables ?? []).filter(({ rejected }) => rejected > 0);
    const [worst] = [...rates].sort((a, b) => b.rate - a.rate);
    const over = rates.filter(({ rate }) => rate > limitOf(expected)).map(({ table }) => table);
    return [
      worst === undefined
        ? null
        : {
            label: `${counted(worst.rejected, 'row')} of ${worst.table}`,
            place: { kind: 'rejects', table: worst.table },
          },
      over.length < 2
        ? null
        : issues(over.length, 'table', { origin: ['reject'], table_name: over }, 'table_name', ' over the limit'),
    ];
  },
  patient_chain: ({ actual }, { quality, chain }) => {
    const broken = (quality?.rules ?? []).filter(({ id, status }) => CHAIN_RULES.includes(id) && status === 'failed');
    const failing = broken.reduce((sum, rule) => sum + (rule.numerator ?? 0), 0);
    const rules = broken.map(({ id }) => id);
    // The gate counts these beside the rules.
    const orphans = typeof actual === 'number' ? actual - failing : 0;
    return [
      issues(failing, 'row', { origin: ['quality'], rule_id: rules }, null, ' of failing rules'),
      issues(
        orphans,
        'row',
        { origin: ['reject'], rule_id: ['PARENT_MISSING'], table_name: chain },
        null,
        ` without ${orphans === 1 ? 'its' : 'their'} parent`,
      ),
    ];
  },
  quality_errors_safety: (_, { quality }) => [ruleIssues(errorRules(quality?.rules ?? [], true), 0)],
  quality_errors_other: ({ expected }, { quality }) => [
    ruleIssues(errorRules(quality?.rules ?? [], false), limitOf(expected)),
  ],
  quality_rules_ran: (_, { quality }) => {
    const of = (status: 'error' | 'not_applicable'): number =>
      (quality?.rules ?? []).filter((rule) => rule.status === status).length;
    const status = of('error') > 0 ? 'error' : 'not_applicable';
    const words = status === 'error' ? ' that could not run' : ' without rows to judge';
    return [
      of(status) === 0
        ? null
        : {
            label: `${counted(of(status), 'rule')}${words}`,
            place: { kind: 'rules', statuses: [status], domain: null },
          },
    ];
  },
};

/** As the gate report says it, e.g. `<= 0.005`. */
function limitOf(expected: Gate['expected']): number {
  const limit = Number(String(expected).replace(/^<= /, ''));
  return Number.isFinite(limit) ? limit : 0;
}

function ruleIssues(rules: QualityReport['rules'], limit: number): GateRows | null {
  const over = rules.filter(
    ({ status, numerator, denominator }) => status === 'failed' && (numerator ?? 0) / (denominator || 1) > limit,
  );
  return issues(over.length, 'failing rule', { origin: ['quality'], rule_id: over.map(({ id }) => id) }, 'rule_id');
}

function issues(
  rows: Gate['actual'],
  one: string,
  only: Readonly<Record<string, string[]>>,
  grouping: IssueGrouping | null = null,
  words = '',
): GateRows | null {
  if (typeof rows !== 'number' || rows === 0) return null;
  const place = { kind: 'explorer' as const, only, ...(grouping === null ? {} : { grouping }) };
  return { label: `${counted(rows, one)}${words}`, place };
}
