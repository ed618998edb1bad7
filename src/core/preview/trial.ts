import { copyFile, cp, mkdir, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { runReleaseGates } from '../gates/runReleaseGates.ts';
import type { EventSink } from '../lifecycle/events.ts';
import type { StageContext } from '../lifecycle/stage.ts';
import { runContractMigration } from '../migration/runContractMigration.ts';
import { ARTEFACTS, Project } from '../project/layout.ts';
import { runEnterprisePipeline } from '../quality/runEnterprisePipeline.ts';
import { throwIfCancelled } from '../shared/errors.ts';
import type { RunOptions } from './lastRun.ts';
import { readSide, type Side } from './side.ts';

/** What a trial puts in the place of project files: project-relative path → text. */
export type Pending = ReadonlyMap<string, string>;

const TRIED = [runContractMigration, runEnterprisePipeline, runReleaseGates];
/** What the tried stages write; a trial must never see or touch the project's own. */
const WRITTEN: ReadonlySet<string> = new Set(TRIED.flatMap((stage) => stage.writes));

/**
 * Runs migration, quality rules and gates in a scratch project of their own, which sees the project's inputs through links
 * and has the pending texts in their places. The project itself is only read.
 *
 * @param name tells trials of one plan apart: `before`, `after`
 * @throws UserError with the sentence of the stage that cannot run
 */
export async function runTrial(
  context: StageContext,
  name: string,
  pending: Pending,
  options: RunOptions,
): Promise<Side> {
  const own = new Project(context.project.scratch(`plan-${context.runId}-${name}`));
  await lay(context.project, own, pending, inputsOf(options));
  const inside: StageContext = { ...context, project: own, emit: toldAs(context.emit, name) };
  const { minPatients, extractAt, profile } = options;
  await runContractMigration.run(inside, migrationOptions(context, options));
  throwIfCancelled(context.signal);
  await runEnterprisePipeline.run(
    inside,
    runEnterprisePipeline.options.parse({
      min_patients: minPatients,
      ...(extractAt === null ? {} : { extract_at: extractAt }),
    }),
  );
  throwIfCancelled(context.signal);
  await runReleaseGates.run(inside, { profile });
  return readSide(own);
}

/**
 * Runs the migration alone in a scratch project, on the project's inputs as they are now; the caller removes it with
 * `removeTrials`.
 *
 * @returns the scratch project with what the migration wrote
 * @throws UserError with the sentence of the stage when it cannot run
 */
export async function migrateApart(context: StageContext, name: string, options: RunOptions): Promise<Project> {
  const own = new Project(context.project.scratch(`plan-${context.runId}-${name}`));
  await lay(context.project, own, new Map(), inputsOf(options));
  await runContractMigration.run(
    { ...context, project: own, emit: () => undefined },
    migrationOptions(context, options),
  );
  return own;
}

function migrationOptions(context: StageContext, options: RunOptions) {
  return runContractMigration.options.parse({
    // A source that is the project folder itself is no folder in it.
    source_dir: options.sourceDir === '.' ? context.project.root : options.sourceDir,
    crosswalk_dir: options.crosswalkDir,
    target_catalog_file: options.targetCatalogFile,
    impute_mode: options.imputeMode,
    ...(options.releaseProfile === null ? {} : { release_profile: options.releaseProfile }),
  });
}

/**
 * Decides the gates for pending texts beside the outputs of the present side, which a run of the texts would write again.
 *
 * @param reports the present side's reports with the pending files' hashes
 */
export async function judgeTrial(
  context: StageContext,
  name: string,
  pending: Pending,
  reports: ReadonlyMap<string, string>,
  options: RunOptions,
): Promise<Side> {
  const own = new Project(context.project.scratch(`plan-${context.runId}-${name}`));
  const outputs = [...runContractMigration.writes, ...runEnterprisePipeline.writes];
  await lay(context.project, own, new Map([...pending, ...reports]), [...inputsOf(options), ...outputs]);
  const inside: StageContext = { ...context, project: own, emit: toldAs(context.emit, name) };
  await runReleaseGates.run(inside, { profile: options.profile });
  return readSide(own);
}

/** Removes what the trials of a plan left; links are removed, never what they lead to. */
export async function removeTrials(context: StageContext, names: readonly string[]): Promise<void> {
  for (const name of names)
    await rm(context.project.scratch(`plan-${context.runId}-${name}`), { recursive: true, force: true });
}

/** Project-relative files and folders that the tried stages read and do not write themselves. */
function inputsOf(options: RunOptions): string[] {
  const inside = (path: string): boolean => path !== '.' && !path.startsWith('..') && !isAbsolute(path);
  // What lies beside a crosswalk folder or an extract counts too: an index, a manifest.
  const beside = [
    join(dirname(options.crosswalkDir), 'crosswalk_index.csv'),
    join(dirname(options.sourceDir), 'mock_data_manifest.json'),
  ].map((path) => path.replaceAll('\\', '/'));
  const chosen = [options.sourceDir, options.crosswalkDir, options.targetCatalogFile, ...beside].filter(inside);
  // Approvals rest on the audit log and the versions of the contract that are kept.
  const read = new Set([
    'schemas',
    'governance',
    ARTEFACTS.snapshots,
    ...TRIED.flatMap((stage) => stage.reads),
    ...chosen,
  ]);
  const wanted = [...read].filter((path) => !WRITTEN.has(path));
  // What lies in a folder that is laid anyway comes with it.
  return wanted.filter((path) => !wanted.some((other) => path.startsWith(`${other}/`)));
}

/** Lays out the scratch project: folders by a link, single files by a copy, pending texts in their places. */
async function lay(project: Project, own: Project, pending: Pending, inputs: readonly string[]): Promise<void> {
  const put = async (path: string): Promise<void> => {
    if (pending.has(path)) return;
    const found = await stat(project.at(path)).catch(() => null);
    if (found === null) return;
    await mkdir(dirname(own.at(path)), { recursive: true });
    if (!found.isDirectory()) await copyFile(project.at(path), own.at(path));
    else if ([...pending.keys()].some((name) => name.startsWith(`${path}/`)))
      for (const name of await readdir(project.at(path))) await put(`${path}/${name}`);
    else await linkFolder(project.at(path), own.at(path));
  };
  for (const path of inputs) await put(path);
  for (const [path, text] of pending) {
    await mkdir(dirname(own.at(path)), { recursive: true });
    await writeFile(own.at(path), text);
  }
}

/** A disk that knows no links gets a copy. */
async function linkFolder(from: string, to: string): Promise<void> {
  await symlink(from, to, 'junction').catch(() => cp(from, to, { recursive: true }));
}

/** Progress of a trial is told as the plan's own; the stages of the lifecycle do not run. */
function toldAs(emit: EventSink, name: string): EventSink {
  return (event) => {
    if (event.type === 'progress') emit({ ...event, stage: 'contract plan', item: `${name}: ${event.item}` });
  };
}
