import { chmod } from 'node:fs/promises';
import { z } from 'zod';
import { readAudit, readHead } from '../audit/auditLog.ts';
import { LIFECYCLE, runProductLifecycle } from '../lifecycle/runProductLifecycle.ts';
import { defineStage, type StageContext, type StageResult } from '../lifecycle/stage.ts';
import { hashFileIfThere } from '../project/hashFile.ts';
import { ARTEFACTS } from '../project/layout.ts';
import { publishing } from '../project/publication.ts';
import { UserError } from '../shared/errors.ts';
import { compareSnapshots } from '../snapshots/compareSnapshots.ts';
import { restoreSnapshot } from '../snapshots/restore.ts';
import { describeNow, readSnapshot, takeSnapshot } from '../snapshots/snapshot.ts';
import { type Actor, actor } from './acting.ts';
import { goodSnapshot } from './goodSnapshot.ts';
import {
  type DoneStep,
  INCIDENT_STEPS,
  type Incident,
  type IncidentStep,
  incidentPath,
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
  owner: 'Cutover Manager',
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
    return save(context, incident, by, 'stop', [
      'No other command is running now; everything for cutover_ready is refused until the incident is closed.',
    ]);
  },
});

/** Does one step of the playbook. */
export const stepIncidentTool = defineStage({
  id: 'incident step',
  title: 'Incident step',
  owner: 'Cutover Manager',
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
    const { details, text } = await doStep(context, incident, options);
    const done = doneStep(step, by, started, context.now(), incident.opened_at_utc, details);
    return save(context, { ...incident, steps: [...incident.steps, done] }, by, step, text);
  },
});

/** Closes the incident, once everything was done and approved. */
export const closeIncidentTool = defineStage({
  id: 'incident close',
  title: 'Close incident',
  owner: 'Migration Delivery Lead',
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
    return save(context, closed, by, 'close', [`${incident.incident_id} is closed; runs for cutover may resume.`]);
  },
});

/** Shows the open incident with its steps and what comes next. */
export const showIncidentTool = defineStage({
  id: 'incident status',
  title: 'Incident status',
  owner: 'Cutover Manager',
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

interface StepOptions {
  readonly name: IncidentStep;
  readonly snapshot?: string | undefined;
  readonly profile?: 'development' | 'pre_production' | 'cutover_ready' | undefined;
  readonly seed?: number | undefined;
  readonly rows?: number | undefined;
  readonly text: string;
}
interface StepWork {
  readonly details: Record<string, unknown>;
  readonly text: string[];
}

async function doStep(context: StageContext, incident: Incident, options: StepOptions): Promise<StepWork> {
  switch (options.name) {
    case 'stop':
      return { details: { running: 'nothing' }, text: ['No other command is running now.'] };
    case 'freeze_evidence':
      return freeze(context, incident);
    case 'restore':
      return restore(context, incident, options.snapshot);
    case 'rerun':
      return rerun(context, options);
    case 'compare':
      return compare(context, incident);
    case 'root_cause':
    case 'mitigation': {
      const text = options.text.trim();
      if (text === '') throw new UserError(`Give the ${options.name.replace('_', ' ')} with --text.`);
      return {
        details: { text },
        text: [
          `The ${options.name.replace('_', ' ')} is on record; somebody else approves it.`,
          ...voidedBy(incident, options.name),
        ],
      };
    }
    case 'approve_root_cause':
    case 'approve_mitigation':
      return { details: {}, text: ['Approved.'] };
  }
}

/** Which approvals no longer stand because what they approved is written anew. */
function voidedBy(incident: Incident, step: 'root_cause' | 'mitigation'): string[] {
  const stood = new Set(standing(incident).map((done) => done.step));
  const both = step === 'root_cause' ? (['approve_root_cause', 'approve_mitigation'] as const) : null;
  const voided = (both ?? (['approve_mitigation'] as const)).filter((approval) => stood.has(approval));
  const words = voided.map((approval) => `the approval of the ${approval.slice('approve_'.length).replace('_', ' ')}`);
  if (words.length === 0) return [];
  return [`With it ${words.join(' and ')} no longer ${words.length === 1 ? 'stands' : 'stand'}: approve anew.`];
}

/** A snapshot that nobody writes again, and the hashes of the governance files beside it. */
async function freeze(context: StageContext, incident: Incident): Promise<StepWork> {
  const { project } = context;
  const snapshot = await takeSnapshot(project, {
    kind: 'incident',
    reason: `${incident.incident_id}: ${incident.reason}`,
    now: context.now(),
    signal: context.signal,
  });
  await chmod(project.at(`${ARTEFACTS.snapshots}/${snapshot.snapshot_id}.json`), 0o444);
  const governance: Record<string, string> = {};
  for (const path of [
    ARTEFACTS.roles,
    ARTEFACTS.signOffs,
    ARTEFACTS.triage,
    ARTEFACTS.hazardLog,
    ARTEFACTS.contractLock,
  ]) {
    const hash = await hashFileIfThere(project.at(path));
    if (hash !== null) governance[path] = hash.sha256;
  }
  const details = {
    snapshot_id: snapshot.snapshot_id,
    tree_sha256: snapshot.tree_sha256,
    files: snapshot.files.length,
    governance,
    audit_head: await readHead(project),
  };
  return { details, text: [`Frozen as ${snapshot.snapshot_id}: ${snapshot.files.length} files.`] };
}

async function restore(context: StageContext, incident: Incident, given: string | undefined): Promise<StepWork> {
  const id = await goodSnapshot(context.project, incident, given);
  const done = await restoreSnapshot(context.project, {
    snapshot: id,
    fromStage: null,
    now: context.now(),
    signal: context.signal,
  });
  const details = {
    snapshot_id: done.restored.snapshot_id,
    before_snapshot_id: done.before.snapshot_id,
    written: done.written.length,
    removed: done.removed.length,
  };
  return {
    details,
    text: [`Restored ${details.snapshot_id}: ${details.written} files written, ${details.removed} removed.`],
  };
}

/** Runs everything again as it ran when it was last good. */
async function rerun(context: StageContext, given: StepOptions): Promise<StepWork> {
  const good = (await readAudit(context.project)).findLast(
    ({ details }) => details['command'] === LIFECYCLE.id && details['status'] === 'passed',
  );
  const known = LIFECYCLE.options.partial().safeParse(good?.details['options'] ?? {});
  if (good === undefined && (given.profile === undefined || given.seed === undefined))
    throw new UserError('No full run has passed yet; give --profile and --seed.');
  const { from: _, ...before } = known.success ? known.data : {};
  const options = LIFECYCLE.options.parse({
    ...before,
    ...(given.profile === undefined ? {} : { release_profile: given.profile }),
    ...(given.seed === undefined ? {} : { seed: given.seed }),
    ...(given.rows === undefined ? {} : { rows: given.rows }),
  });
  const { status } = await runProductLifecycle(context, options);
  if (status === 'error' || status === 'cancelled')
    throw new UserError('The rerun could not be completed; see its stages, then run the step again.');
  return {
    details: { options, status },
    text: [`Rerun with seed ${options.seed} for ${options.release_profile}: ${status}.`],
  };
}

/** What differs between the frozen state and the present one. Counts and names only. */
async function compare(context: StageContext, incident: Incident): Promise<StepWork> {
  const { project } = context;
  const frozen = standing(incident).find(({ step }) => step === 'freeze_evidence')?.details['snapshot_id'];
  const before = await readSnapshot(project, String(frozen));
  const reason = `to compare with ${before.snapshot_id}`;
  const after = await describeNow(project, { kind: 'on_demand', reason, now: context.now(), signal: context.signal });
  const engine = await context.openEngine();
  const found = await compareSnapshots(project, before, after, engine).finally(() => engine.close());
  const differing = (counts: readonly { added: number; gone: number }[]): number =>
    counts.filter(({ added, gone }) => added > 0 || gone > 0).length;
  const details = {
    with: before.snapshot_id,
    files: found.files.length,
    contract_rows: found.contract.length,
    gates: found.gates.map(({ gate, before: was, after: is }) => `${gate}: ${was ?? 'none'} → ${is ?? 'none'}`),
    reject_causes: differing(found.rejects),
    issue_rules: differing(found.issues),
  };
  return {
    details,
    text: [
      `Against ${before.snapshot_id}: ${details.files} files, ${details.contract_rows} contract rows, ${details.reject_causes} causes of rejects and ${details.issue_rules} rules differ.`,
      ...details.gates.map((line) => `  ${line}`),
    ],
  };
}

function doneStep(
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

async function save(
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

function nextLine(incident: Incident): string {
  const next = nextSteps(incident);
  return next.length === 0
    ? `${incident.incident_id}: everything is done and approved. Next: incident close.`
    : `${incident.incident_id}: next is incident step ${next.join(' or incident step ')}.`;
}

function incidentLines(incident: Incident): string[] {
  const valid = standing(incident);
  return [
    `${incident.incident_id}  ${incident.status}  ${incident.reason}  opened by ${incident.opened_by} at ${incident.opened_at_utc}`,
    ...incident.steps.map((done) => {
      const void_ = valid.includes(done) ? '' : ' (no longer stands)';
      return `  ${done.step.padEnd(18)}  ${(done.duration_ms / 1000).toFixed(1)} s  +${Math.round(done.since_start_ms / 1000)} s  ${done.by}${void_}`;
    }),
  ];
}
