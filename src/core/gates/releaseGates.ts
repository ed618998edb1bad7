import { faultyLineWords } from '../audit/crosswalkApprovals.ts';
import { ROLES } from '../governance/roleNames.ts';
import { SIGN_OFFS, STEPS, signOffStates, technicalDigest } from '../governance/signOffs.ts';
import { ARTEFACTS } from '../project/layout.ts';
import { CONTRACT_GATES } from './contractGates.ts';
import type { Evidence } from './evidence.ts';
import { fail, type Gate, type GateResult, named, notProven, pass, said } from './gate.ts';
import { MIGRATION_GATES } from './migrationGates.ts';
import { POLICY_GATES } from './policyGates.ts';
import type { ProfileName, Thresholds } from './profiles.ts';
import { QUALITY_GATES } from './qualityGates.ts';
import { digestsOf, repeatsOf } from './repeatability.ts';

/** Criteria that rest on people and on repeated runs (brief, section 5). */
const CUTOVER_GATES: readonly Gate[] = [
  {
    id: 'repeatability',
    title: 'Two runs on the same extract give the same target',
    ownerRole: 'etl_engineer',
    evidence: [ARTEFACTS.migrationReport],
    switchedBy: 'repeatability',
    judge: ({ migration, auditLog }) => {
      const expected = '2 runs alike';
      if (migration.value === null) return notProven(expected, migration.absent);
      const { run_id } = migration.value;
      const { same, different } = repeatsOf(auditLog, { run_id, ...digestsOf(migration.value) });
      if (different > 0)
        return fail(
          different,
          expected,
          `${different} earlier runs on the same inputs gave another target: find out why.`,
        );
      return same > 1
        ? pass(same, expected, `${same} runs on the same inputs gave the same target, byte for byte.`)
        : notProven(expected, 'There was one run on these inputs; run run-contract-migration once more.', same);
    },
  },
  {
    id: 'dress_rehearsal',
    title: 'A timed dress rehearsal in the cutover window, with rollback tried',
    ownerRole: 'migration_delivery_lead',
    evidence: [ARTEFACTS.rehearsals, ARTEFACTS.contract, ARTEFACTS.contractTables],
    switchedBy: 'dress_rehearsal',
    judge: ({ rehearsal }) => {
      if (rehearsal.value === null) return notProven('required', rehearsal.absent);
      const { minutes, window_minutes: window, recorded_by: by, rollback_tried: rollback } = rehearsal.value.rehearsal;
      const expected = `<= ${window} min`;
      if (!rehearsal.value.sameContract)
        return fail(minutes, expected, 'The contract changed since the dress rehearsal; rehearse it again.');
      if (!rollback)
        return fail(minutes, expected, 'No snapshot was restored after the rehearsed run: rollback was not tried.');
      return minutes <= window
        ? pass(minutes, expected, `${minutes} of ${window} minutes, rollback tried, recorded by ${by}.`)
        : fail(minutes, expected, `The run took ${minutes} minutes, the window has ${window}.`);
    },
  },
  {
    id: 'contract_lock',
    title: 'The contract is locked for cutover',
    ownerRole: 'data_mapping_analyst',
    evidence: [ARTEFACTS.contractLock, ARTEFACTS.contract, ARTEFACTS.contractTables, ARTEFACTS.crosswalks],
    switchedBy: 'contract_lock',
    judge: ({ lock, contract, auditFault = null, faultyLines: lines = [] }) => {
      if (lock.value === null) return notProven('required', lock.absent);
      if (auditFault !== null)
        return notProven(
          'a sound audit log',
          `${auditFault}. Approvals and locks rest on the audit log; audit verify lists its faults.`,
        );
      const { name, locked_by: by } = lock.value.lock;
      if (!lock.value.matches)
        return fail(
          'changed',
          'as locked',
          `${named(lock.value.changed)} changed since ${by} locked ${lock.value.changed.length === 1 ? 'it' : 'them'} as ${name}; review and lock the contract again.`,
        );
      const refused = lock.value.refused;
      if (refused !== null) return notProven('locked by somebody who may', refused, by);
      const open = contract.value?.fields.filter((row) => row.status !== 'APPROVED').length ?? 0;
      if (open === 0 && lines.length > 0)
        return fail(lines.length, 0, `${faultyLineWords(lines)}; review them and lock the contract again.`);
      return open === 0
        ? pass('locked', 'required', `Locked as ${name} by ${by}, every row approved.`)
        : fail(open, 0, `${said(open)} rows of the locked contract are not approved; approve them and lock it again.`);
    },
  },
  {
    id: SIGN_OFFS,
    title: 'Technical QA, data quality, clinical safety and board have signed',
    ownerRole: 'migration_delivery_lead',
    evidence: [ARTEFACTS.signOffs],
    switchedBy: 'sign_offs',
    judge: ({ signOffs, technical }) => {
      const expected = `${STEPS.length} signed`;
      if (signOffs.value === null) return notProven(expected, signOffs.absent);
      const states = signOffStates(signOffs.value, technical);
      const signed = states.filter((step) => step.state === 'signed').length;
      const void_ = states.filter((step) => step.state === 'void');
      if (void_.length > 0) return fail(signed, expected, void_.map((step) => step.why).join(' '));
      if (signed < STEPS.length)
        return notProven(expected, states.find((step) => step.state !== 'signed')?.why ?? '', signed);
      return pass(
        signed,
        expected,
        `Signed by ${states.map(({ title, person }) => `${person} (${title})`).join(', ')}.`,
      );
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
  const gates: GateResult[] = [];
  for (const gate of required) {
    // Signatures are bound to the verdicts of all others, which are known by now.
    const seen = gate.id === SIGN_OFFS ? { ...evidence, technical: technicalDigest(thresholds, gates) } : evidence;
    const { id, title, ownerRole } = gate;
    gates.push({
      id,
      title,
      owner_role: ROLES[ownerRole],
      ...gate.judge(seen, thresholds, profile),
      evidence: gate.evidence,
    });
  }
  const passed = gates.length > 0 && gates.every((gate) => gate.verdict === 'PASS');
  const notRequired = GATES.filter((gate) => !required.includes(gate)).map(({ id, title }) => ({ id, title }));
  return { status: passed ? 'PASS' : 'FAIL', gates, notRequired };
}

/** Files the gates rest on, for the stage's declaration. */
export const GATE_INPUTS: readonly string[] = [
  ...new Set([ARTEFACTS.gateProfiles, ...GATES.flatMap((gate) => gate.evidence)]),
].sort();
