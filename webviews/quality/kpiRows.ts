import type { KpiValue } from '../../src/core/kpis/kpi.ts';
import { type IssueFilter, OPEN_SAFETY_REJECTS } from '../../src/core/review/issues/issueQuery.ts';
import type { RuleChoice } from '../../src/core/review/qualityModel.ts';

/** What shows the rows that a key figure counts. */
export interface KpiRowsActs {
  readonly issues: (only: IssueFilter['only']) => void;
  readonly rules: (choice: RuleChoice) => void;
}

const ISSUES: Readonly<Record<string, IssueFilter['only']>> = {
  reject_share: { origin: ['reject'] },
  crosswalk_rejects: { origin: ['reject'], rule_id: ['UNKNOWN_CODE'] },
  safety_critical_rejects: { origin: ['reject'], category: ['safety-critical reject'] },
  safety_critical_open: OPEN_SAFETY_REJECTS,
};

/** Opens the rows that a key figure counts; null where it counts none now, or they are no lines of this panel. */
export function openKpiRows({ source, numerator }: KpiValue, acts: KpiRowsActs): (() => void) | null {
  if (numerator === null || numerator === 0) return null;
  if (source === 'rules_passed_share')
    return () => acts.rules({ statuses: ['passed', 'failed', 'error'], domain: null });
  const only = ISSUES[source] ?? ofRules(source);
  return only === null ? null : () => acts.issues(only);
}

function ofRules(source: string): IssueFilter['only'] | null {
  const [kind, about = ''] = source.split(/:(.*)/s);
  if (kind === 'rule') return { origin: ['quality'], rule_id: [about] };
  if (kind === 'severity') return { origin: ['quality'], severity: [about] };
  return kind === 'domain' ? { origin: ['quality'], domain: [about], severity: ['ERROR'] } : null;
}
