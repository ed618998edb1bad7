import { ARTEFACTS } from '../project/layout.ts';
import { CONTRACT_GATES } from './contractGates.ts';
import type { Evidence } from './evidence.ts';
import { fail, type Gate, type GateResult, notProven, pass } from './gate.ts';
import { MIGRATION_GATES } from './migrationGates.ts';
import { POLICY_GATES } from './policyGates.ts';
import type { ProfileName, ThresholdName, Thresholds } from './profiles.ts';
import { QUALITY_GATES } from './qualityGates.ts';

/** A criterion whose evidence this version does not make: asked for, it can only be not proven. */
function withoutEvidence(id: ThresholdName, title: string, ownerRole: string, message: string): Gate {
  return { id, title, ownerRole, evidence: [], switchedBy: id, judge: () => notProven('required', message) };
}

/** Criteria that rest on people and on repeated runs (brief, section 5). */
const CUTOVER_GATES: readonly Gate[] = [
  withoutEvidence(
    'repeatability',
    'Two runs on the same extract give the same target',
    'Technical QA',
    'There is no record of a second run on this extract to compare with.',
  ),
  withoutEvidence(
    'dress_rehearsal',
    'A timed dress rehearsal in the cutover window, with rollback tried',
    'Delivery Lead',
    'There is no record of a dress rehearsal.',
  ),
  withoutEvidence(
    'sign_offs',
    'Technical QA, data quality, clinical safety and board have signed',
    'Delivery Lead',
    'There are no sign-offs on record.',
  ),
  {
    id: 'contract_lock',
    title: 'The contract is locked for cutover',
    ownerRole: 'Mapping Lead',
    evidence: [ARTEFACTS.contractLock, ARTEFACTS.contract, ARTEFACTS.contractTables],
    switchedBy: 'contract_lock',
    judge: ({ lock, contract }) => {
      if (lock.value === null) return notProven('required', lock.absent);
      const { name, locked_by: by } = lock.value.lock;
      if (!lock.value.matches)
        return fail(
          'changed',
          'as locked',
          `The contract changed since ${by} locked it as ${name}; review and lock it again.`,
        );
      const open = contract.value?.fields.filter((row) => row.status !== 'APPROVED').length ?? 0;
      return open === 0
        ? pass('locked', 'required', `Locked as ${name} by ${by}, every row approved.`)
        : fail(open, 0, `${open} rows of the locked contract are not approved; approve them and lock it again.`);
    },
  },
];

/** Every gate, in the order a board reads them. */
export const GATES: readonly Gate[] = [
  ...CONTRACT_GATES,
  ...MIGRATION_GATES,
  ...QUALITY_GATES,
  ...POLICY_GATES,
  ...CUTOVER_GATES,
];

export interface GateDecision {
  readonly status: 'PASS' | 'FAIL';
  readonly gates: readonly GateResult[];
  /** Gates the profile switches off, never silently. */
  readonly notRequired: readonly { readonly id: string; readonly title: string }[];
}

/** Judges every gate the profile asks for. PASS only when all pass; without a gate there is no pass. */
export function decide(evidence: Evidence, thresholds: Thresholds, profile: ProfileName): GateDecision {
  const required = GATES.filter((gate) => gate.switchedBy === undefined || thresholds[gate.switchedBy] !== 'off');
  const gates = required.map((gate) => ({
    id: gate.id,
    title: gate.title,
    owner_role: gate.ownerRole,
    ...gate.judge(evidence, thresholds, profile),
    evidence: gate.evidence,
  }));
  const passed = gates.length > 0 && gates.every((gate) => gate.verdict === 'PASS');
  const notRequired = GATES.filter((gate) => !required.includes(gate)).map(({ id, title }) => ({ id, title }));
  return { status: passed ? 'PASS' : 'FAIL', gates, notRequired };
}

/** Files the gates rest on, for the stage's declaration. */
export const GATE_INPUTS: readonly string[] = [
  ...new Set([ARTEFACTS.gateProfiles, ...GATES.flatMap((gate) => gate.evidence)]),
].sort();
