import { ARTEFACTS } from '../project/layout.ts';
import type { Problem } from '../shared/problem.ts';
import type { Hazard } from './hazards.ts';

/** What hazards may be linked to in a project. */
export interface LinkTargets {
  readonly ruleIds: ReadonlySet<string>;
  readonly gateIds: ReadonlySet<string>;
  /** `TABLE.FIELD` and `TABLE.FIELD@row set`; null when there is no contract yet. */
  readonly contractRows: ReadonlySet<string> | null;
}

/** Links that lead nowhere, at the line of their hazard. */
export function linkProblems(hazards: readonly Hazard[], targets: LinkTargets): Problem[] {
  return hazards.flatMap((hazard) => {
    const told = (column: string, name: string, what: string): Problem => ({
      code: 'hazard-link',
      severity: 'error',
      message: `${hazard.id}: ${column} names ${name}, which is no ${what}; correct the link.`,
      place: { file: ARTEFACTS.hazardLog, line: hazard.line },
    });
    const rows = targets.contractRows;
    return [
      ...hazard.ruleIds.filter((id) => !targets.ruleIds.has(id)).map((id) => told('rule_ids', id, 'quality rule')),
      ...hazard.gateIds.filter((id) => !targets.gateIds.has(id)).map((id) => told('gate_ids', id, 'release gate')),
      ...hazard.contractRows
        .filter((id) => rows !== null && !rows.has(id))
        .map((id) => told('contract_rows', id, 'row of the contract')),
      ...hazard.rejectKeys
        .filter((key) => !/^[0-9a-f]{16}$/.test(key))
        .map((key) => told('reject_keys', key, 'key of a reject as triage list shows it')),
    ];
  });
}
