import { z } from 'zod';
import { readAudit } from '../audit/auditLog.ts';
import { hashesOf } from '../gates/freshness.ts';
import { GateReportFile, MigrationReport } from '../gates/reports.ts';
import { defineStage } from '../lifecycle/stage.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { publishing } from '../project/publication.ts';
import { readRequiredText } from '../project/readText.ts';
import { UserError } from '../shared/errors.ts';
import { formatProblem } from '../shared/problem.ts';
import { actor } from './acting.ts';
import { reviewHazards } from './hazardStatus.ts';
import {
  readSignOffEvidence,
  SIGN_OFFS,
  type SignOff,
  type SignOffEvidence,
  STEP_ACTIONS,
  STEP_TITLES,
  STEPS,
  type Step,
  type StepState,
  signOffHash,
  signOffStates,
  signOffsJson,
  technicalDigest,
} from './signOffs.ts';

/** Signs one step for the release candidate that is there now. */
export const signOffTool = defineStage({
  id: 'sign-off',
  title: 'Sign off',
  owner: 'migration_delivery_lead',
  summary:
    'Sign a step for the release candidate as it is: technical QA, data quality, clinical safety, governance board, in that order.',
  example: 'pas-migration sign-off technical_qa --as "Eleri Vaughan"',
  positional: ['step'],
  options: z.object({
    step: z.enum(STEPS).describe('what is signed'),
    comment: z.string().max(2000).default('').describe('for those who read it; no patient’s details'),
  }),
  reads: [ARTEFACTS.gateReport, ARTEFACTS.contract, ARTEFACTS.contractTables, ARTEFACTS.roles],
  writes: [ARTEFACTS.signOffs],
  async run(context, { step, comment }) {
    const { project } = context;
    const by = await actor(context, STEP_ACTIONS[step]);
    const candidate = await readCandidate(project);
    const obstacle =
      candidate.obstacle ??
      orderObstacle(candidate.states, step, by.name) ??
      (step === 'clinical_safety' ? await safetyObstacle(project) : null);
    if (obstacle !== null) throw new UserError(obstacle);
    const bound = { ...candidate.evidence.present, gate_report_sha256: candidate.technical };
    const signOff: SignOff = {
      step,
      person: by.name,
      role: by.role,
      account: by.account,
      signed_at_utc: context.now().toISOString(),
      profile: candidate.profile,
      comment,
      bound: {
        contract_sha256: bound.contract_sha256,
        contract_tables_sha256: bound.contract_tables_sha256,
        data_manifest_sha256: bound.data_manifest_sha256,
        gate_report_sha256: bound.gate_report_sha256,
        safety_case_sha256: bound.safety_case_sha256,
      },
    };
    const all = [...candidate.evidence.signOffs, signOff];
    await publishing(project, (publication) => publication.writeJson(ARTEFACTS.signOffs, signOffsJson(all)));
    const left = STEPS.slice(STEPS.indexOf(step) + 1).map((later) => STEP_TITLES[later]);
    const next = left.length === 0 ? 'All four steps are signed; run the gates again.' : `Next: ${left.join(', ')}.`;
    return {
      status: 'passed',
      summary: { ...signOff },
      text: [`${by.name} signed ${STEP_TITLES[step]} as ${by.role}. ${next}`],
      inputs: [ARTEFACTS.gateReport],
      outputs: [ARTEFACTS.signOffs],
      audit: {
        event: 'sign-off',
        who: by.name,
        details: {
          step,
          role: by.role,
          profile: signOff.profile,
          bound: signOff.bound,
          record_sha256: signOffHash(signOff),
        },
      },
    };
  },
});

/** What there is to sign. */
export interface Candidate {
  readonly profile: string;
  /** Why nothing can be signed now, whoever asks; null when it can. */
  readonly obstacle: string | null;
  /** True when a file is not as it was when the gates ran: their verdict is of an earlier state. */
  readonly stale: boolean;
  readonly evidence: SignOffEvidence;
  readonly technical: string;
  readonly states: readonly StepState[];
}

/**
 * Reads the release candidate: gate report, and every file it speaks of as it is now.
 *
 * @throws UserError when there is no gate report, or a governance file is broken
 */
export async function readCandidate(project: Project): Promise<Candidate> {
  const report = await readReport(project, ARTEFACTS.gateReport, GateReportFile, 'run-release-gates');
  const migration = await readReport(project, ARTEFACTS.migrationReport, MigrationReport, 'run-contract-migration');
  const hashOf = hashesOf(project);
  const found = await readSignOffEvidence(project, migration, hashOf, await readAudit(project));
  if (found.value === null) throw new UserError(found.absent);
  const values = Object.fromEntries(Object.entries(report.thresholds).map(([name, { value }]) => [name, value]));
  const technical = technicalDigest(values, report.gates);
  const own = new Set<string>([ARTEFACTS.signOffs, ARTEFACTS.auditLog]);
  const stale: string[] = [];
  for (const { path, sha256 } of [...report.inputs, ...migration.inputs, ...migration.outputs])
    if (!own.has(path) && (await hashOf(path)) !== sha256) stale.push(path);
  const failing = report.gates.filter(({ id, verdict }) => id !== SIGN_OFFS && verdict !== 'PASS').map(({ id }) => id);
  const obstacle =
    stale.length > 0
      ? `${stale[0]} is not as it was when the gates ran${stale.length > 1 ? `, nor are ${stale.length - 1} other files` : ''}; run the stages and the gates again, then sign.`
      : failing.length > 0
        ? `${failing.length} gates of profile ${report.profile} do not pass (${failing.slice(0, 5).join(', ')}${failing.length > 5 ? ' …' : ''}); only a candidate whose gates pass can be signed.`
        : null;
  const states = signOffStates(found.value, technical);
  return { profile: report.profile, obstacle, stale: stale.length > 0, evidence: found.value, technical, states };
}

/** Why this person may not sign this step now: the order, or a signature they gave already. */
export function orderObstacle(states: readonly StepState[], step: Step, person: string): string | null {
  const at = STEPS.indexOf(step);
  const missing = states.slice(0, at).find(({ state }) => state !== 'signed');
  if (missing !== undefined)
    return `${STEP_TITLES[step]} is signed after ${missing.title}. ${missing.why} Sign that first.`;
  const same = (name: string): boolean => name.toLowerCase() === person.toLowerCase();
  const other = states.find((known) => known.step !== step && known.state === 'signed' && same(known.person));
  if (other !== undefined) return `${person} signed ${other.title}; nobody signs two steps. Ask somebody else to sign.`;
  const own = states[at];
  if (own?.state === 'signed') return `${own.person} signed ${own.title} for this very candidate already.`;
  return null;
}

/** Why clinical safety cannot be signed: the hazard log must be there, whole, and leave nothing open. */
async function safetyObstacle(project: Project): Promise<string | null> {
  const review = await reviewHazards(project);
  if (!review.there) return `There is no ${ARTEFACTS.hazardLog}; clinical safety is signed with one.`;
  const error = review.problems.find(({ severity }) => severity === 'error');
  if (error !== undefined) return formatProblem(error);
  return review.hazards.find(({ obstacle }) => obstacle !== null)?.obstacle ?? null;
}

async function readReport<T>(project: Project, path: string, shape: z.ZodType<T>, command: string): Promise<T> {
  const text = await readRequiredText(project, path, `Run ${command} first.`);
  try {
    return shape.parse(JSON.parse(text));
  } catch {
    throw new UserError(`${path}: cannot be understood; run ${command} again.`);
  }
}
