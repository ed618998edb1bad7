import { z } from 'zod';
import { hashFile } from '../project/hashFile.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { publishing } from '../project/publication.ts';
import { UserError } from '../shared/errors.ts';
import { takeSnapshot } from '../snapshots/snapshot.ts';
import { runStage, type StageOutcome } from './runStage.ts';
import type { StageContext, StageDefinition } from './stage.ts';
import { LAST_STAGE, STAGE_IDS, STAGES } from './stages.ts';

const Profile = z.enum(['development', 'pre_production', 'cutover_ready']);

export const LIFECYCLE = {
  id: 'run-product-lifecycle',
  title: 'Run product lifecycle',
  owner: 'migration_delivery_lead',
  summary: 'Run all seven stages in order, from requirement specs to a release decision with evidence.',
  example: 'pas-migration run-product-lifecycle --rows 20 --seed 42 --release-profile pre_production',
  options: z.object({
    rows: z.int().min(1).max(5_000_000).default(20).describe('patients in the mock cohort'),
    seed: z.int().min(0).default(42).describe('seed of the mock cohort'),
    min_patients: z.int().min(0).default(1).describe('least number of patients that must be loaded'),
    release_profile: Profile.default('development').describe('gate profile to decide for'),
    source_dir: z
      .string()
      .min(1)
      .optional()
      .describe('folder that the migration reads its source tables from (default: the mock data)'),
    from: z
      .enum(STAGE_IDS as [string, ...string[]])
      .optional()
      .describe('start at this stage, on the files of the earlier ones; what is not given is as in the last run'),
  }),
} as const;

export type LifecycleOptions = z.infer<typeof LIFECYCLE.options>;

type FileHash = { path: string; sha256: string };

interface StageEntry {
  readonly id: string;
  readonly status: 'passed' | 'failed' | 'error' | 'cancelled' | 'skipped';
  readonly return_code: number | null;
  readonly duration_ms: number;
  readonly message: string;
  readonly inputs: readonly FileHash[];
  readonly outputs: readonly FileHash[];
}

export interface LifecycleOutcome {
  readonly status: 'passed' | 'failed' | 'error' | 'cancelled';
  readonly returnCode: 0 | 1 | 2 | 130;
  readonly outcomes: readonly StageOutcome[];
  /** Project-relative files that a board can ask for. */
  readonly evidence: readonly string[];
}

/**
 * Runs the stages in order. A stage that fails a check does not stop the later ones, which measure what there is; bad
 * input does, but the gates still run, so that an earlier verdict cannot pass for this run's.
 */
export async function runProductLifecycle(context: StageContext, options: LifecycleOptions): Promise<LifecycleOutcome> {
  const startedAt = context.now();
  const before = await takeSnapshot(context.project, {
    kind: 'before_run',
    reason: `before ${LIFECYCLE.id}${options.from === undefined ? '' : ` from ${options.from}`}`,
    now: startedAt,
    signal: context.signal,
  });
  const from = options.from === undefined ? 0 : STAGE_IDS.indexOf(options.from);
  const entries: StageEntry[] = [];
  const outcomes: StageOutcome[] = [];
  const hashes = new Map<string, Promise<string | null>>();
  let stopped = false;
  for (const [index, stage] of STAGES.entries()) {
    const cancelled = outcomes.at(-1)?.status === 'cancelled';
    const skip = index < from || cancelled || (stopped && stage.id !== LAST_STAGE);
    if (skip) {
      entries.push({
        id: stage.id,
        status: 'skipped',
        return_code: null,
        duration_ms: 0,
        message: index < from ? `Started at ${options.from}.` : 'An earlier stage could not run.',
        inputs: [],
        outputs: [],
      });
      continue;
    }
    const outcome = await runStage(context, stage, optionsFor(stage, options));
    outcomes.push(outcome);
    if (outcome.status === 'error') stopped = true;
    entries.push(await entryOf(context.project, outcome, hashes));
  }
  const verdict = verdictOf(outcomes);
  const manifest = {
    schema_version: 1,
    run_id: context.runId,
    run_at_utc: startedAt.toISOString(),
    status: verdict.status,
    options: {
      rows: options.rows,
      seed: options.seed,
      min_patients: options.min_patients,
      release_profile: options.release_profile,
      ...(options.source_dir === undefined ? {} : { source_dir: options.source_dir }),
      from: options.from ?? null,
    },
    stages: entries,
    // The project as it was before this run.
    snapshot_id: before.snapshot_id,
  };
  await publishing(context.project, (publication) => publication.writeJson(ARTEFACTS.lifecycleRun, manifest));
  return { ...verdict, outcomes, evidence: evidenceOf(entries) };
}

/** The lifecycle's options as each stage knows them. */
function optionsFor(stage: StageDefinition, options: LifecycleOptions): Record<string, unknown> {
  const given: Readonly<Record<string, unknown>> = {
    rows: options.rows,
    seed: options.seed,
    min_patients: options.min_patients,
    profile: options.release_profile,
    impute_mode: options.release_profile,
    release_profile: options.release_profile,
    ...(options.source_dir === undefined ? {} : { source_dir: options.source_dir }),
  };
  const known = Object.keys(stage.options.shape);
  return Object.fromEntries(Object.entries(given).filter(([name]) => known.includes(name)));
}

async function entryOf(
  project: Project,
  outcome: StageOutcome,
  hashes: Map<string, Promise<string | null>>,
): Promise<StageEntry> {
  const inputs = outcome.result?.inputs ?? [];
  const outputs = outcome.result?.outputs ?? [];
  for (const path of outputs) hashes.delete(path);
  return {
    id: outcome.stage,
    status: outcome.status,
    return_code: outcome.returnCode,
    duration_ms: outcome.durationMs,
    message: outcome.error?.message ?? '',
    inputs: await hashAll(project, inputs, hashes),
    outputs: await hashAll(project, outputs, hashes),
  };
}

/** A file that several stages read is hashed once, until a stage writes it again. */
async function hashAll(
  project: Project,
  paths: readonly string[],
  hashes: Map<string, Promise<string | null>>,
): Promise<FileHash[]> {
  const hashed: FileHash[] = [];
  for (const path of paths) {
    const known =
      hashes.get(path) ??
      hashFile(project.at(path)).then(
        (found) => found.sha256,
        () => null,
      );
    hashes.set(path, known);
    const sha256 = await known;
    if (sha256 !== null) hashed.push({ path, sha256 });
  }
  return hashed;
}

function verdictOf(outcomes: readonly StageOutcome[]): Pick<LifecycleOutcome, 'status' | 'returnCode'> {
  if (outcomes.some((outcome) => outcome.status === 'cancelled')) return { status: 'cancelled', returnCode: 130 };
  if (outcomes.some((outcome) => outcome.status === 'error')) return { status: 'error', returnCode: 2 };
  if (outcomes.some((outcome) => outcome.status === 'failed')) return { status: 'failed', returnCode: 1 };
  if (outcomes.length === 0) throw new UserError('No stage was run.');
  return { status: 'passed', returnCode: 0 };
}

function evidenceOf(entries: readonly StageEntry[]): string[] {
  const reports = entries
    .flatMap((entry) => entry.outputs.map((output) => output.path))
    .filter((path) => path.startsWith('reports/'));
  return [...new Set([...reports, ARTEFACTS.lifecycleRun])].sort();
}
