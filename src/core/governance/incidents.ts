import { readdir } from 'node:fs/promises';
import { z } from 'zod';
import { readJsonText } from '../project/jsonText.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readRequiredText } from '../project/readText.ts';
import { UserError } from '../shared/errors.ts';
import { compareText } from '../shared/order.ts';

/** The steps of the playbook in their order. `restore` and `rerun` are two ways of one of them. */
export const INCIDENT_STEPS = [
  'stop',
  'freeze_evidence',
  'restore',
  'rerun',
  'compare',
  'root_cause',
  'mitigation',
  'approve_root_cause',
  'approve_mitigation',
] as const;
export type IncidentStep = (typeof INCIDENT_STEPS)[number];

/** What must be done, in order; one of each line. */
const PLAYBOOK: readonly (readonly IncidentStep[])[] = [
  ['stop'],
  ['freeze_evidence'],
  ['restore', 'rerun'],
  ['compare'],
  ['root_cause'],
  ['mitigation'],
  ['approve_root_cause'],
  ['approve_mitigation'],
];

const Done = z.strictObject({
  step: z.enum(INCIDENT_STEPS),
  by: z.string(),
  role: z.string(),
  account: z.string(),
  started_at_utc: z.string(),
  /** How long the step itself took, and how long after the start of the incident it ended. */
  duration_ms: z.number(),
  since_start_ms: z.number(),
  details: z.record(z.string(), z.unknown()),
});
export type DoneStep = z.infer<typeof Done>;

const Incident = z.strictObject({
  schema_version: z.literal(1),
  incident_id: z.string(),
  reason: z.string(),
  status: z.enum(['open', 'closed']),
  opened_by: z.string(),
  opened_at_utc: z.string(),
  steps: z.array(Done),
  closed_by: z.string(),
  closed_at_utc: z.string(),
});
export type Incident = z.infer<typeof Incident>;

/** Where an incident's state lies. */
export function incidentPath(id: string): string {
  return `${ARTEFACTS.incidents}/${id}.json`;
}

/**
 * Every incident, oldest first.
 *
 * @throws UserError when a file is broken: whether it is open is then not known
 */
export async function readIncidents(project: Project): Promise<readonly Incident[]> {
  const names = await readdir(project.at(ARTEFACTS.incidents)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const incidents: Incident[] = [];
  for (const name of names.filter((known) => /^[^.].*\.json$/.test(known)).sort(compareText)) {
    const path = `${ARTEFACTS.incidents}/${name}`;
    const { value, problems } = readJsonText(
      await readRequiredText(project, path, ''),
      path,
      Incident,
      'incident-invalid',
    );
    if (value === null) throw UserError.from(problems);
    incidents.push(value);
  }
  return incidents;
}

/** The incident that is open; null when none is. */
export async function openIncident(project: Project): Promise<Incident | null> {
  return (await readIncidents(project)).find(({ status }) => status === 'open') ?? null;
}

/** What the playbook asks for next; empty when it may be closed. */
export function nextSteps(incident: Incident): readonly IncidentStep[] {
  const done = new Set(standing(incident).map(({ step }) => step));
  return PLAYBOOK.find((choices) => !choices.some((step) => done.has(step))) ?? [];
}

/** The steps that stand: one that is done again makes what was approved about it open again. */
export function standing(incident: Incident): readonly DoneStep[] {
  const last = new Map<IncidentStep, number>();
  for (const [index, { step }] of incident.steps.entries()) last.set(step, index);
  const after = (approval: IncidentStep, what: IncidentStep): boolean =>
    (last.get(approval) ?? -1) > (last.get(what) ?? Number.POSITIVE_INFINITY);
  return incident.steps.filter(({ step }, index) => {
    if (last.get(step) !== index) return false;
    if (step === 'approve_root_cause') return after(step, 'root_cause');
    // A mitigation was approved for the cause that was known then.
    if (step === 'approve_mitigation') return after(step, 'mitigation') && after(step, 'root_cause');
    return true;
  });
}

/** Why a step cannot be done now; null when it can. Steps that were done may be done again. */
export function stepObstacle(incident: Incident, step: IncidentStep): string | null {
  const next = nextSteps(incident);
  if (next.length === 0 || next.includes(step)) return null;
  const at = PLAYBOOK.findIndex((choices) => choices.includes(step));
  const due = PLAYBOOK.findIndex((choices) => choices.join() === next.join());
  if (at < due) return null;
  return `${incident.incident_id}: ${step} comes after ${next.join(' or ')}; run incident step ${next[0]} first.`;
}

/** What is refused while an incident is open. */
const SIGNED_WORK = new Set(['sign-off', 'contract lock', 'rehearsal record']);

/**
 * Why a command may not run while an incident is open: cutover, and what cutover relies on, wait for its end.
 *
 * @returns null when it may run
 */
export async function incidentRefusal(
  project: Project,
  command: string,
  options: Readonly<Record<string, unknown>>,
): Promise<string | null> {
  const forCutover = Object.values(options).includes('cutover_ready') && !command.startsWith('incident ');
  if (!forCutover && !SIGNED_WORK.has(command)) return null;
  try {
    const incident = await openIncident(project);
    if (incident === null) return null;
    const next = nextSteps(incident);
    return `${incident.incident_id} is open since ${incident.opened_at_utc} (${incident.reason}): ${command} waits until it is closed. Next: incident ${next.length === 0 ? 'close' : `step ${next.join(' or ')}`}.`;
  } catch (error) {
    if (error instanceof UserError) return `Whether an incident is open is not known. ${error.message}`;
    throw error;
  }
}
