import { z } from 'zod';
import { defineStage } from '../lifecycle/stage.ts';
import { ARTEFACTS } from '../project/layout.ts';
import { UserError } from '../shared/errors.ts';
import { type Actor, actor } from './acting.ts';
import { doneStep, incidentLines, nextLine, saveIncident } from './incidentRecord.ts';
import { doStep } from './incidentSteps.ts';
import {
  INCIDENT_STEPS,
  type Incident,
  type IncidentStep,
  nextSteps,
  openIncident,
  readIncidents,
  standing,
  stepObstacle,
} from './incidents.ts';
import type { Action } from './roleNames.ts';

/** Opens an incident. From now on nothing runs for cutover; runs for other profiles go on. */
export const startIncidentTool = defineStage({
  id: 'incident start',
  title: 'Start incident',
  owner: 'cutover_manager',
  summary:
    'Stop: open an incident. Cutover runs, locks, sign-offs and rehearsal records are refused until it is closed.',
  example: 'pas-migration incident start --reason "wrong ward on 14 appointments"',
  options: z.object({ reason: z.string().trim().min(1).max(500).describe('what was seen; no patient’s details') }),
  reads: [ARTEFACTS.incidents],
  writes: [ARTEFACTS.incidents],
  async run(context, { reason }) {
    const by = await actor(context, 'incident_work');
    const all = await readIncidents(context.project);
    const open = all.find(({ status }) => status === 'open');
    if (open !== undefined)
      throw new UserError(`${open.incident_id} is open already (${open.reason}); go on with that one.`);
    const now = context.now();
    const day = now.toISOString().slice(0, 10).replaceAll('-', '');
    const incident: Incident = {
      schema_version: 1,
      incident_id: `INC-${day}-${String(all.length + 1).padStart(3, '0')}`,
      reason,
      status: 'open',
      opened_by: by.name,
      opened_at_utc: now.toISOString(),
      // Whoever holds the project's lock knows that nothing else runs in it.
      steps: [doneStep('stop', by, now, now, now.toISOString(), { running: 'nothing' })],
      closed_by: '',
      closed_at_utc: '',
    };
    return saveIncident(context, incident, by, 'stop', [
      'No other command is running now; everything for cutover_ready is refused until the incident is closed.',
    ]);
  },
});

/** Does one step of the playbook. */
export const stepIncidentTool = defineStage({
  id: 'incident step',
  title: 'Incident step',
  owner: 'cutover_manager',
  summary:
    'Do a step of the open incident: freeze_evidence, restore or rerun, compare, root_cause, mitigation, then the two approvals.',
  example: 'pas-migration incident step freeze_evidence',
  positional: ['name'],
  options: z.object({
    name: z.enum(INCIDENT_STEPS).describe('the step'),
    snapshot: z
      .string()
      .optional()
      .describe('restore: the known-good snapshot by its id, or "latest": the newest from before the incident'),
    profile: z
      .enum(['development', 'pre_production', 'cutover_ready'])
      .optional()
      .describe('rerun: gate profile (default: of the last full run that passed)'),
    seed: z.int().min(0).optional().describe('rerun: seed (default: of the last full run that passed)'),
    rows: z.int().min(1).optional().describe('rerun: patients (default: of the last full run that passed)'),
    text: z.string().max(4000).default('').describe('root_cause, mitigation: what was found, what is done about it'),
  }),
  reads: [ARTEFACTS.incidents, ARTEFACTS.snapshots],
  writes: [ARTEFACTS.incidents],
  async run(context, options) {
    const incident = await openIncident(context.project);
    if (incident === null) throw new UserError('No incident is open; run incident start.');
    const step = options.name;
    const by = await actor(context, STEP_ACTIONS[step] ?? 'incident_work');
    const obstacle = stepObstacle(incident, step) ?? approverObstacle(incident, step, by);
    if (obstacle !== null) throw new UserError(obstacle);
    const started = context.now();
    const { details, text, restored } = await doStep(context, incident, options);
    const done = doneStep(step, by, started, context.now(), incident.opened_at_utc, details);
    const saved = await saveIncident(context, { ...incident, steps: [...incident.steps, done] }, by, step, text);
    return restored === undefined ? saved : { ...saved, restored };
  },
});

/** Closes the incident, once everything was done and approved. */
export const closeIncidentTool = defineStage({
  id: 'incident close',
  title: 'Close incident',
  owner: 'migration_delivery_lead',
  summary: 'Resume: close the open incident, after root cause and mitigation were approved.',
  example: 'pas-migration incident close --as "Dana Whitfield"',
  options: z.object({}),
  reads: [ARTEFACTS.incidents],
  writes: [ARTEFACTS.incidents],
  async run(context) {
    const incident = await openIncident(context.project);
    if (incident === null) throw new UserError('No incident is open.');
    const by = await actor(context, 'incident_close');
    const next = nextSteps(incident);
    if (next.length > 0)
      throw new UserError(
        `${incident.incident_id} cannot be closed: ${next.join(' or ')} is not done. Run incident step ${next[0]}.`,
      );
    const closed: Incident = {
      ...incident,
      status: 'closed',
      closed_by: by.name,
      closed_at_utc: context.now().toISOString(),
    };
    return saveIncident(context, closed, by, 'close', [
      `${incident.incident_id} is closed; runs for cutover may resume.`,
    ]);
  },
});

/** Shows the open incident with its steps and what comes next. */
export const showIncidentTool = defineStage({
  id: 'incident status',
  title: 'Incident status',
  owner: 'cutover_manager',
  summary: 'Show the open incident with its timed steps and what comes next.',
  example: 'pas-migration incident status',
  options: z.object({}),
  readOnly: true,
  reads: [ARTEFACTS.incidents],
  writes: [],
  async run(context) {
    const all = await readIncidents(context.project);
    const open = all.find(({ status }) => status === 'open') ?? null;
    const shown = open ?? all.at(-1);
    return {
      // That an incident is open is what was asked, not a failure of asking.
      status: 'passed',
      summary: { open: open?.incident_id ?? null, incidents: all, next: open === null ? [] : nextSteps(open) },
      text: [
        ...(shown === undefined ? [] : incidentLines(shown)),
        open === null ? 'No incident is open.' : nextLine(open),
      ],
      inputs: [],
      outputs: [],
    };
  },
});

const STEP_ACTIONS: Partial<Readonly<Record<IncidentStep, Action>>> = {
  restore: 'snapshot_restore',
  approve_root_cause: 'incident_approve_root_cause',
  approve_mitigation: 'incident_approve_mitigation',
};

/** Nobody approves what they wrote. */
function approverObstacle(incident: Incident, step: IncidentStep, by: Actor): string | null {
  const what = step === 'approve_root_cause' ? 'root_cause' : step === 'approve_mitigation' ? 'mitigation' : null;
  if (what === null) return null;
  const written = standing(incident).find((done) => done.step === what);
  return written?.by === by.name ? `${by.name} wrote the ${what.replace('_', ' ')}; somebody else approves it.` : null;
}
