import type { StageContext, StageResult } from '../lifecycle/stage.ts';
import { publishing } from '../project/publication.ts';
import type { Actor } from './acting.ts';
import { type DoneStep, type Incident, type IncidentStep, incidentPath, nextSteps, standing } from './incidents.ts';

/** A step as it goes on record: by whom, and how long it took. */
export function doneStep(
  step: IncidentStep,
  by: Actor,
  started: Date,
  ended: Date,
  openedAt: string,
  details: Record<string, unknown>,
): DoneStep {
  return {
    step,
    by: by.name,
    role: by.role,
    account: by.account,
    started_at_utc: started.toISOString(),
    duration_ms: ended.getTime() - started.getTime(),
    since_start_ms: ended.getTime() - Date.parse(openedAt),
    details,
  };
}

/** Writes an incident after a step, and makes the result of the command that did it. */
export async function saveIncident(
  context: StageContext,
  incident: Incident,
  by: Actor,
  step: string,
  text: readonly string[],
): Promise<StageResult> {
  const path = incidentPath(incident.incident_id);
  await publishing(context.project, (publication) => publication.writeJson(path, incident));
  const last = incident.steps.at(-1);
  return {
    status: 'passed',
    summary: {
      incident_id: incident.incident_id,
      status: incident.status,
      step,
      next: incident.status === 'open' ? nextSteps(incident) : [],
    },
    text: [...text, ...(incident.status === 'open' ? [nextLine(incident)] : [])],
    inputs: [],
    outputs: [path],
    audit: {
      event: 'incident',
      who: by.name,
      details: {
        incident_id: incident.incident_id,
        step,
        role: by.role,
        ...(step === 'close' ? {} : { duration_ms: last?.duration_ms ?? 0, since_start_ms: last?.since_start_ms ?? 0 }),
      },
    },
  };
}

/** What comes next, as a sentence. */
export function nextLine(incident: Incident): string {
  const next = nextSteps(incident);
  return next.length === 0
    ? `${incident.incident_id}: everything is done and approved. Next: incident close.`
    : `${incident.incident_id}: next is incident step ${next.join(' or incident step ')}.`;
}

/** An incident with its timed steps, for people. */
export function incidentLines(incident: Incident): string[] {
  const valid = standing(incident);
  return [
    `${incident.incident_id}  ${incident.status}  ${incident.reason}  opened by ${incident.opened_by} at ${incident.opened_at_utc}`,
    ...incident.steps.map((done) => {
      const void_ = valid.includes(done) ? '' : ' (no longer stands)';
      return `  ${done.step.padEnd(18)}  ${(done.duration_ms / 1000).toFixed(1)} s  +${Math.round(done.since_start_ms / 1000)} s  ${done.by}${void_}`;
    }),
  ];
}
