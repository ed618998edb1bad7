import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { AuditEntry } from '../audit/auditLog.ts';
import type { HashOf } from '../gates/freshness.ts';
import type { GateResult } from '../gates/gate.ts';
import type { Found, MigrationEvidence } from '../gates/reports.ts';
import { readJsonText } from '../project/jsonText.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import { UserError } from '../shared/errors.ts';
import { compareText } from '../shared/order.ts';
import { formatProblem } from '../shared/problem.ts';
import { NOBODY } from './identity.ts';
import type { Action } from './roleNames.ts';
import { type Roles, readRoles, refusal, whoIs } from './roles.ts';

/** Id of the gate that asks for the signatures. */
export const SIGN_OFFS = 'sign_offs';

/** The four steps in their order: nobody signs before the one above has. */
export const STEPS = ['technical_qa', 'data_quality', 'clinical_safety', 'governance_board'] as const;
export type Step = (typeof STEPS)[number];

export const STEP_TITLES: Readonly<Record<Step, string>> = {
  technical_qa: 'technical QA',
  data_quality: 'data quality',
  clinical_safety: 'clinical safety',
  governance_board: 'governance board',
};

export const STEP_ACTIONS = {
  technical_qa: 'sign_technical_qa',
  data_quality: 'sign_data_quality',
  clinical_safety: 'sign_clinical_safety',
  governance_board: 'sign_governance_board',
} as const satisfies Readonly<Record<Step, Action>>;

const Hash = z.string().regex(/^[0-9a-f]{64}$/);
/** What a signature is bound to. Each is one hash; any later change of what it stands for voids the signature. */
const Bound = z.strictObject({
  contract_sha256: Hash,
  contract_tables_sha256: Hash,
  /** Over the extract's manifest and every file that the migration read or wrote, as they are now. */
  data_manifest_sha256: Hash,
  /** Over thresholds and verdicts of all gates but the sign-offs themselves. */
  gate_report_sha256: Hash,
  /** Over hazard log, hazard matrix and triage. */
  safety_case_sha256: Hash,
});
export type Bound = z.infer<typeof Bound>;

const WHAT: Readonly<Record<keyof Bound, string>> = {
  contract_sha256: 'the contract',
  contract_tables_sha256: 'the contract’s table rows',
  data_manifest_sha256: 'the data',
  gate_report_sha256: 'the verdicts of the gates',
  safety_case_sha256: 'hazard log or triage',
};

const SignOff = z.strictObject({
  step: z.enum(STEPS),
  person: z.string().min(1),
  role: z.string(),
  account: z.string(),
  signed_at_utc: z.string(),
  profile: z.string(),
  comment: z.string(),
  bound: Bound,
});
export type SignOff = z.infer<typeof SignOff>;
const SignOffFile = z.strictObject({ schema_version: z.literal(1), sign_offs: z.array(SignOff) });

/** Every signature ever given, oldest first; the newest of a step counts. */
export async function readSignOffs(project: Project): Promise<readonly SignOff[]> {
  const text = await readOptionalText(project, ARTEFACTS.signOffs);
  if (text === null) return [];
  const { value, problems } = readJsonText(text, ARTEFACTS.signOffs, SignOffFile, 'sign-offs-invalid');
  if (value === null) throw UserError.from(problems);
  return value.sign_offs;
}

/** The text of the file. */
export function signOffsJson(signOffs: readonly SignOff[]) {
  return { schema_version: 1, sign_offs: signOffs };
}

/** What the gate needs to judge the signatures, but the verdicts of the other gates. */
export interface SignOffEvidence {
  readonly signOffs: readonly SignOff[];
  readonly present: Omit<Bound, 'gate_report_sha256'>;
  readonly roles: Roles | null;
  readonly auditLog: readonly AuditEntry[];
}

export async function readSignOffEvidence(
  project: Project,
  migration: Pick<MigrationEvidence, 'inputs' | 'outputs'> | null,
  hashOf: HashOf,
  auditLog: readonly AuditEntry[],
): Promise<Found<SignOffEvidence>> {
  try {
    const signOffs = await readSignOffs(project);
    const roles = await readRoles(project);
    return { value: { signOffs, present: await presentState(migration, hashOf), roles, auditLog } };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const [problem] = error.problems;
    return { value: null, absent: problem === undefined ? error.message : formatProblem(problem) };
  }
}

/** Hashes of what a signature is bound to, as the files are now. */
export async function presentState(
  migration: Pick<MigrationEvidence, 'inputs' | 'outputs'> | null,
  hashOf: HashOf,
): Promise<Omit<Bound, 'gate_report_sha256'>> {
  const data = [...(migration?.inputs ?? []), ...(migration?.outputs ?? [])].map(({ path }) => path);
  const own = new Set<string>([ARTEFACTS.contract, ARTEFACTS.contractTables]);
  return {
    contract_sha256: (await hashOf(ARTEFACTS.contract)) ?? sha256(''),
    contract_tables_sha256: (await hashOf(ARTEFACTS.contractTables)) ?? sha256(''),
    data_manifest_sha256: await digest([ARTEFACTS.mockManifest, ...data.filter((path) => !own.has(path))], hashOf),
    safety_case_sha256: await digest([ARTEFACTS.hazardLog, ARTEFACTS.hazardMatrix, ARTEFACTS.triage], hashOf),
  };
}

async function digest(paths: readonly string[], hashOf: HashOf): Promise<string> {
  const lines: string[] = [];
  for (const path of [...new Set(paths)].sort(compareText)) lines.push(`${(await hashOf(path)) ?? 'absent'}  ${path}`);
  return sha256(lines.join('\n'));
}

/**
 * One hash over thresholds and verdicts of all gates but the sign-offs. Running the gates again on the same evidence
 * gives the same one, so that the signatures can be judged by the very report they are bound to.
 */
export function technicalDigest(
  thresholds: Readonly<Record<string, unknown>>,
  gates: readonly Pick<GateResult, 'id' | 'verdict' | 'actual' | 'expected'>[],
): string {
  const values = Object.entries(thresholds).sort(([a], [b]) => compareText(a, b));
  const verdicts = gates
    .filter(({ id }) => id !== SIGN_OFFS)
    .map(({ id, verdict, actual, expected }) => [id, verdict, actual, expected]);
  return sha256(JSON.stringify([values, verdicts]));
}

/** Where a step stands. */
export interface StepState {
  readonly step: Step;
  readonly title: string;
  readonly state: 'signed' | 'void' | 'open';
  readonly person: string;
  readonly signedAt: string;
  /** Why it is not signed, as a sentence that says what to do. */
  readonly why: string;
}

/** The state of each step, given what the signatures are bound to as it is now. */
export function signOffStates(evidence: SignOffEvidence, gateReport: string): StepState[] {
  const present: Bound = { ...evidence.present, gate_report_sha256: gateReport };
  const seen = new Map<string, Step>();
  return STEPS.map((step): StepState => {
    const title = STEP_TITLES[step];
    const signOff = evidence.signOffs.findLast((known) => known.step === step);
    if (signOff === undefined)
      return { step, title, state: 'open', person: '', signedAt: '', why: `Nobody has signed ${title}.` };
    const { person, signed_at_utc: signedAt } = signOff;
    const other = seen.get(fold(person));
    seen.set(fold(person), step);
    const fault =
      changedSince(signOff, present) ??
      (other === undefined ? null : `${person} also signed ${STEP_TITLES[other]}; nobody signs two steps`) ??
      (isInAudit(signOff, evidence.auditLog) ? null : 'it is not in the audit log as it stands') ??
      notAllowed(evidence.roles, signOff);
    return fault === null
      ? { step, title, state: 'signed', person, signedAt, why: '' }
      : {
          step,
          title,
          state: 'void',
          person,
          signedAt,
          why: `The sign-off of ${title} by ${person} is void: ${fault}.`,
        };
  });
}

function changedSince(signOff: SignOff, present: Bound): string | null {
  const changed = (Object.keys(WHAT) as (keyof Bound)[]).filter((key) => signOff.bound[key] !== present[key]);
  if (changed.length === 0) return null;
  const told = changed.map(
    (key) => `${WHAT[key]} (${key} was ${signOff.bound[key].slice(0, 8)}, is ${present[key].slice(0, 8)})`,
  );
  return `${told.join(', ')} changed since`;
}

/** What the audit log holds of a signature: a line that somebody changed or wrote by hand is another. */
export function signOffHash(signOff: SignOff): string {
  const { step, person, role, account, signed_at_utc, profile, comment, bound } = signOff;
  const hashes = (Object.keys(WHAT) as (keyof Bound)[]).map((key) => bound[key]);
  return sha256(JSON.stringify([step, person, role, account, signed_at_utc, profile, comment, hashes]));
}

function isInAudit(signOff: SignOff, auditLog: readonly AuditEntry[]): boolean {
  const hash = signOffHash(signOff);
  return auditLog.some(({ event, details }) => event === 'sign-off' && details['record_sha256'] === hash);
}

function notAllowed(roles: Roles | null, { person, step }: SignOff): string | null {
  const refused = refusal(roles, whoIs(roles, { ...NOBODY, editor: person }), STEP_ACTIONS[step]);
  return refused === null ? null : refused.replace(/\.$/, '');
}

function fold(name: string): string {
  return name.trim().toLowerCase();
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
