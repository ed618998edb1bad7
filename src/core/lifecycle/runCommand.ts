import { appendAudit } from '../audit/auditLog.ts';
import { recordContractChange } from '../audit/contractAudit.ts';
import { recordCrosswalks } from '../audit/crosswalkAudit.ts';
import { recordThresholdChange } from '../audit/thresholdAudit.ts';
import { migrationDigests } from '../gates/repeatability.ts';
import { personOf } from '../governance/acting.ts';
import { refusePatientNumbers } from '../governance/freeText.ts';
import { incidentRefusal } from '../governance/incidents.ts';
import { lastAsked } from '../history/lastAsked.ts';
import { optionWords } from '../history/optionWords.ts';
import { withProgressFile } from '../history/progressFile.ts';
import type { Restored } from '../history/restores.ts';
import { recordRun } from '../history/runHistory.ts';
import { ARTEFACTS } from '../project/layout.ts';
import { withProjectLock } from '../project/lock.ts';
import { UserError } from '../shared/errors.ts';
import { asUserError } from '../shared/systemError.ts';
import { LIFECYCLE, type LifecycleOptions, runProductLifecycle } from './runProductLifecycle.ts';
import { parseOptions, runStage } from './runStage.ts';
import type { AuditedEvent, StageContext, StageDefinition } from './stage.ts';
import { STAGES } from './stages.ts';
import { TOOLS } from './tools.ts';

/** How a command ended, for a terminal and an editor alike. */
export interface CommandOutcome {
  readonly status: 'passed' | 'failed' | 'error' | 'cancelled';
  /** 0 passed, 1 a gate or check failed, 2 bad input, 130 cancelled. */
  readonly returnCode: number;
  /** For machines: what `--json` prints. */
  readonly summary: Readonly<Record<string, unknown>>;
  /** For people. */
  readonly text: readonly string[];
  readonly error: string | null;
  /** The stages that ran, in order. */
  readonly stages: readonly { readonly id: string; readonly status: string; readonly durationMs: number }[];
  readonly audit?: AuditedEvent | undefined;
  readonly restored?: Restored | undefined;
}

const CANCELLED = 'Cancelled; the last complete outputs are unchanged.';

/**
 * Runs a stage, a tool or the whole lifecycle as the one writer of the project, shows its progress to other windows and
 * adds it to the project's history. This is the only way that a command runs, from the terminal and from the editor.
 *
 * @throws UserError when the project is taken, the command is not known or an option holds a patient's number: then
 *   nothing was run
 */
export async function runCommand(
  context: StageContext,
  command: string,
  options: Readonly<Record<string, unknown>>,
): Promise<CommandOutcome> {
  const work = workOf(command, options);
  // Before anything else: a refused command is recorded with its options.
  refusePatientNumbers(options);
  if (TOOLS.some((tool) => tool.id === command && tool.readOnly === true)) return work(context);
  const startedAt = context.now();
  return withProjectLock(context.project, command, startedAt, async () =>
    run(context, command, await settled(context.project, command, options), startedAt),
  ).catch((error: unknown) => {
    // The disk may be full or refuse outside of a stage too.
    throw asUserError(error) ?? error;
  });
}

/**
 * The options with which a command runs, and is recorded. A lifecycle run that starts at a later stage goes on with the last
 * run: what it is not given, it takes from there.
 */
async function settled(
  project: StageContext['project'],
  command: string,
  given: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, unknown>>> {
  const known = [LIFECYCLE, ...STAGES, ...TOOLS].find(({ id }) => id === command);
  if (known === undefined) return given;
  if (command !== LIFECYCLE.id || given['from'] === undefined)
    return known.options.strict().safeParse(given).data ?? given;
  const { impute_mode: _, ...last } = await lastAsked(project);
  return parseOptions(LIFECYCLE, { ...last, ...given });
}

async function run(
  context: StageContext,
  command: string,
  options: Readonly<Record<string, unknown>>,
  startedAt: Date,
): Promise<CommandOutcome> {
  const work = workOf(command, options);
  await recordEdits(context, command, startedAt);
  const progress = withProgressFile(context.project, context.now, context.emit);
  try {
    const waits = await incidentRefusal(context.project, command, options);
    const outcome = waits === null ? await work({ ...context, emit: progress.emit }) : refusedOutcome(waits);
    await recordOwnChange(context, command);
    const told = TOOLS.find((tool) => tool.id === command)?.recorded?.(options) ?? options;
    await recordInAudit(context, command, told, outcome, startedAt).catch((error: NodeJS.ErrnoException) => {
      const text = `The run is not in the audit log (${error.code ?? error.message}).`;
      context.emit({ type: 'note', stage: command, level: 'warning', text });
    });
    await recordRun(context.project, {
      run_id: context.runId,
      command,
      started_at_utc: startedAt.toISOString(),
      duration_ms: context.now().getTime() - startedAt.getTime(),
      status: outcome.status,
      return_code: outcome.returnCode,
      options: { ...told },
      message: outcome.error ?? '',
      stages: outcome.stages.map(({ id, status, durationMs }) => ({ id, status, duration_ms: durationMs })),
      restored: outcome.restored ?? null,
    }).catch((error: NodeJS.ErrnoException) => {
      const text = `The run is not in the history (${error.code ?? error.message}).`;
      context.emit({ type: 'note', stage: command, level: 'warning', text });
    });
    return outcome;
  } finally {
    progress.end();
  }
}

/** A command that was not begun. */
function refusedOutcome(error: string): CommandOutcome {
  return { status: 'error', returnCode: 2, summary: {}, text: [], error, stages: [] };
}

/** What people changed by hand since the last command goes on record before the next one uses it. */
async function recordEdits(context: StageContext, command: string, at: Date): Promise<void> {
  const warn = (text: string): void => context.emit({ type: 'note', stage: command, level: 'warning', text });
  const given = { who: 'not known; found by a run', at };
  const untold = (what: string) => (error: NodeJS.ErrnoException) => {
    warn(`A change of the ${what} is not in the audit log (${error.code ?? error.message}).`);
    return [];
  };
  await recordContractChange(context.project, given).catch(untold('contract'));
  await recordCrosswalks(context.project, given).catch(untold('crosswalks'));
  for (const change of await recordThresholdChange(context.project, given).catch(untold('thresholds')))
    if (change.fault !== '')
      warn(`${ARTEFACTS.gateProfiles}: ${change.profile}.${change.threshold} was changed. ${change.fault}`);
}

/** Commands that may write contract or crosswalks, with whether they put earlier ones back. */
const CONTRACT_WRITERS: ReadonlyMap<string, 'restored' | 'written'> = new Map([
  [LIFECYCLE.id, 'written'],
  ['build-mapping-contract', 'written'],
  ['snapshot restore', 'restored'],
  ['incident step', 'restored'],
]);

/**
 * What a command made of them goes on record with it: only then is a row that says APPROVED later one that
 * somebody set, and the approvals of a version that was restored come back with it.
 */
async function recordOwnChange(context: StageContext, command: string): Promise<void> {
  const how = CONTRACT_WRITERS.get(command);
  if (how === undefined) return;
  const { name: who } = await personOf(context);
  const given = { who, at: context.now(), ...(how === 'restored' ? { restoredBy: command } : {}) };
  const { project } = context;
  const record = recordContractChange(project, given)
    .then(() => recordCrosswalks(project, given))
    // Thresholds that a restore put back were changed by whoever restored, not by somebody whom the next run finds.
    .then(() => (how === 'restored' ? recordThresholdChange(project, { who, at: given.at }) : []));
  await record.catch((error: NodeJS.ErrnoException) => {
    const text = `A change of the contract is not in the audit log (${error.code ?? error.message}).`;
    context.emit({ type: 'note', stage: command, level: 'warning', text });
  });
}

/** What people write about a decision may quote a patient, and a secret is nobody's to read: neither goes on record. */
const UNTOLD = /comment|note|text|password|token|secret/;

/** One line in the audit log for every command that may write, also for one that was refused or broke off. */
async function recordInAudit(
  context: StageContext,
  command: string,
  options: Readonly<Record<string, unknown>>,
  outcome: CommandOutcome,
  startedAt: Date,
): Promise<void> {
  const person = await personOf(context);
  await appendAudit(context.project, {
    at: context.now(),
    who: outcome.audit?.who ?? person.name,
    event: outcome.audit?.event ?? 'run',
    details: {
      command,
      run_id: context.runId,
      status: outcome.status,
      started_at_utc: startedAt.toISOString(),
      duration_ms: context.now().getTime() - startedAt.getTime(),
      account: person.account,
      options: Object.fromEntries(Object.entries(options).filter(([name]) => !UNTOLD.test(name))),
      ...(outcome.error === null ? {} : { error: outcome.error }),
      ...outcome.audit?.details,
      ...(await migrationDigests(context)),
    },
  });
}

type Work = (context: StageContext) => Promise<CommandOutcome>;

function workOf(command: string, options: Readonly<Record<string, unknown>>): Work {
  if (command === LIFECYCLE.id) {
    const parsed = parseOptions(LIFECYCLE, options) as LifecycleOptions;
    return (context) => lifecycle(context, parsed);
  }
  const stage = [...STAGES, ...TOOLS].find((known) => known.id === command);
  if (stage === undefined) throw new UserError(`There is no stage ${command}.`);
  return (context) => oneStage(context, stage, options);
}

async function oneStage(
  context: StageContext,
  stage: StageDefinition,
  options: Readonly<Record<string, unknown>>,
): Promise<CommandOutcome> {
  const { status, returnCode, result, error, durationMs } = await runStage(context, stage, options);
  return {
    status,
    returnCode,
    summary: result?.summary ?? {},
    text: result?.text ?? [],
    error: error?.message ?? (status === 'cancelled' ? CANCELLED : null),
    stages: [{ id: stage.id, status, durationMs }],
    audit: result?.audit,
    restored: result?.restored,
  };
}

async function lifecycle(context: StageContext, options: LifecycleOptions): Promise<CommandOutcome> {
  const first = STAGES.find(({ id }) => id === options.from)?.title ?? 'the beginning';
  const text = `From ${first}: ${optionWords(options, options.from)}.`;
  context.emit({ type: 'note', stage: LIFECYCLE.id, level: 'info', text });
  const { status, returnCode, outcomes, evidence } = await runProductLifecycle(context, options);
  const errors = outcomes.flatMap((stage) => (stage.error === null ? [] : [stage.error.message]));
  if (status === 'cancelled') errors.push(CANCELLED);
  return {
    status,
    returnCode,
    summary: {
      stages: outcomes.map((stage) => ({ id: stage.stage, status: stage.status, return_code: stage.returnCode })),
      evidence,
    },
    text: ['', ...(outcomes.at(-1)?.result?.text ?? []), '', 'Evidence:', ...evidence.map((path) => `  ${path}`)],
    error: errors[0] ?? null,
    stages: outcomes.map(({ stage, status: ended, durationMs }) => ({ id: stage, status: ended, durationMs })),
  };
}
