import { chmod } from 'node:fs/promises';
import { readAudit, readHead } from '../audit/auditLog.ts';
import type { Restored } from '../history/restores.ts';
import { LIFECYCLE, runProductLifecycle } from '../lifecycle/runProductLifecycle.ts';
import type { StageContext } from '../lifecycle/stage.ts';
import { hashFileIfThere } from '../project/hashFile.ts';
import { ARTEFACTS } from '../project/layout.ts';
import { UserError } from '../shared/errors.ts';
import { compareSnapshots } from '../snapshots/compareSnapshots.ts';
import { restoreSnapshot } from '../snapshots/restore.ts';
import { describeNow, readSnapshot, takeSnapshot } from '../snapshots/snapshot.ts';
import { goodSnapshot } from './goodSnapshot.ts';
import { type Incident, type IncidentStep, standing } from './incidents.ts';

/** What `incident step` is given. */
export interface StepOptions {
  readonly name: IncidentStep;
  readonly snapshot?: string | undefined;
  readonly profile?: 'development' | 'pre_production' | 'cutover_ready' | undefined;
  readonly seed?: number | undefined;
  readonly rows?: number | undefined;
  readonly text: string;
}

/** What a step did: for the record of the incident, and for people. */
export interface StepWork {
  readonly details: Record<string, unknown>;
  readonly text: string[];
  readonly restored?: Restored;
}

/**
 * Does the work of one step of the playbook; who may and whether it is its turn was asked before.
 *
 * @throws UserError when something it needs is missing, or it could not be completed
 */
export async function doStep(context: StageContext, incident: Incident, options: StepOptions): Promise<StepWork> {
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
    keyFigures: false,
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
    restored: done.told,
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
