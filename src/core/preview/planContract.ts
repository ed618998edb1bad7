import { createHash } from 'node:crypto';
import { loadCatalog } from '../catalog/loadCatalog.ts';
import { type ContractRowChange, diffContracts, diffContractTables, impactWords } from '../contract/contractDiff.ts';
import type { StageContext } from '../lifecycle/stage.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { clearScratch } from '../project/lock.ts';
import { readOptionalText, readRequiredText } from '../project/readText.ts';
import { UserError } from '../shared/errors.ts';
import { compareText } from '../shared/order.ts';
import type { Change, ContractPlan, PlanBasis, PlannedChange, RowFate, VerdictEffect } from './contractPlan.ts';
import { rejectEffects, rowEffects } from './effects.ts';
import { currentSide } from './freshSide.ts';
import { lastRunOptions, type RunOptions } from './lastRun.ts';
import { reportsWith, sameOutputs } from './sameOutputs.ts';
import type { Side } from './side.ts';
import { judgeTrial, type Pending, removeTrials, runTrial } from './trial.ts';

/** What a caller may choose otherwise than the project's last run did. */
export type Chosen = Partial<Pick<RunOptions, 'profile' | 'imputeMode' | 'sourceDir'>>;

/**
 * Tries pending texts in the places of project files (the contract, its table rows, crosswalks) on the project's data, by
 * the very stages that run them later, and says what would change beside the present. The project is only read.
 *
 * @throws UserError with the sentence of the run when the pending contract cannot run, or when the project changed meanwhile
 */
export async function planContract(
  context: StageContext,
  pending: Pending,
  chosen: Chosen = {},
): Promise<ContractPlan> {
  const { project } = context;
  const contract = await readRequiredText(project, ARTEFACTS.contract, 'Run build-mapping-contract first.');
  const tables = await readRequiredText(project, ARTEFACTS.contractTables, 'Run build-mapping-contract first.');
  const last = await lastRunOptions(project);
  // Another impute mode is for another purpose.
  const releaseProfile = chosen.imputeMode === undefined ? last.releaseProfile : null;
  const options = { ...last, releaseProfile, ...chosen };
  const present = new Map([
    [ARTEFACTS.contract as string, contract],
    [ARTEFACTS.contractTables as string, tables],
  ]);
  const later = new Map([...present, ...pending]);
  const changes = planned(present, later);
  await clearScratch(project);
  const stamp = await stampOf(project);
  try {
    const { before, basis } = await presentSide(context, present, options);
    const after = await pendingSide(context, changes, later, before, basis, options);
    const plan = await compared(context, changes, await crosswalksChanged(project, pending), before, after, basis);
    if ((await stampOf(project)) !== stamp)
      throw new UserError(`${project.root}: the project changed while the contract was tried; try it again.`);
    return plan;
  } finally {
    await removeTrials(context, ['before', 'after']);
  }
}

/** The pending contract's outcome: a run of it, or the gates alone where only how it was agreed differs. */
async function pendingSide(
  context: StageContext,
  changes: readonly PlannedChange[],
  later: Pending,
  before: Side | null,
  basis: PlanBasis,
  options: RunOptions,
): Promise<Side> {
  const texts = [ARTEFACTS.contract, ARTEFACTS.contractTables];
  const onlyContract = [...later.keys()].every((path) => texts.some((text) => text === path));
  if (before !== null && basis.before === 'current outputs' && onlyContract && sameOutputs(changes, later, options))
    return judgeTrial(context, 'after', later, await reportsWith(before, later), options);
  return runTrial(context, 'after', later, options);
}

/** The present contract's outcome: what the last run wrote if that still holds, else a run of it. */
async function presentSide(
  context: StageContext,
  present: Pending,
  options: RunOptions,
): Promise<{ before: Side | null; basis: PlanBasis }> {
  const { profile, imputeMode, sourceDir } = options;
  const current = await currentSide(context.project, options);
  if ('side' in current)
    return { before: current.side, basis: { before: 'current outputs', reason: '', profile, imputeMode, sourceDir } };
  try {
    const before = await runTrial(context, 'before', present, options);
    return { before, basis: { before: 'run', reason: current.stale, profile, imputeMode, sourceDir } };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // A contract that cannot run is what the pending one may mend.
    return { before: null, basis: { before: 'cannot run', reason: error.message, profile, imputeMode, sourceDir } };
  }
}

function planned(present: Pending, later: Pending): PlannedChange[] {
  const [fields, tables] = [ARTEFACTS.contract, ARTEFACTS.contractTables];
  const both = (path: string): [string, string] => [present.get(path) ?? '', later.get(path) ?? ''];
  return [...diffContracts(...both(fields)), ...diffContractTables(...both(tables))].map((row) => ({
    ...row,
    words: impactWords(row),
  }));
}

async function crosswalksChanged(project: Project, pending: Pending): Promise<string[]> {
  const changed: string[] = [];
  for (const [path, text] of pending) {
    if (path === ARTEFACTS.contract || path === ARTEFACTS.contractTables) continue;
    if ((await readOptionalText(project, path)) !== text) changed.push(path);
  }
  return changed.sort(compareText);
}

async function compared(
  context: StageContext,
  changes: readonly PlannedChange[],
  crosswalks: readonly string[],
  before: Side | null,
  after: Side,
  basis: PlanBasis,
): Promise<ContractPlan> {
  const catalog = await loadCatalog(context.project, ARTEFACTS.targetCatalog, 'target');
  const engine = await context.openEngine();
  try {
    const rows = await rowEffects(engine, before, after, catalog, context.signal);
    const rejects = await rejectEffects(engine, before?.project ?? null, after.project);
    return {
      changes,
      crosswalks,
      impact: impactOf(changes, crosswalks),
      tables: rows.tables,
      patients: rows.patients,
      rows: rowTotals(before, after),
      imputed: total(before, after, 'cells_imputed'),
      rejects: rejects.reasons,
      rejectFields: rejects.fields,
      rules: ruleEffects(before, after),
      gates: gateEffects(before, after),
      release: {
        profile: after.gates?.profile ?? basis.profile,
        before: before?.gates?.status ?? 'none',
        after: after.gates?.status ?? 'none',
      },
      basis,
    };
  } finally {
    await engine.close();
  }
}

/** The gravest of all rows; a crosswalk that differs gives other values for codes that were agreed. */
function impactOf(changes: readonly ContractRowChange[], crosswalks: readonly string[]): ContractPlan['impact'] {
  const there = (impact: ContractRowChange['impact']): boolean => changes.some((row) => row.impact === impact);
  if (crosswalks.length > 0 || there('breaking')) return 'breaking';
  return there('additive') ? 'additive' : there('review') ? 'review' : 'none';
}

type Total = `rows_${RowFate}` | 'cells_imputed';

function total(before: Side | null, after: Side, name: Total): Change {
  return { before: before?.migration?.[name] ?? 0, after: after.migration?.[name] ?? 0 };
}

function rowTotals(before: Side | null, after: Side): ContractPlan['rows'] {
  return {
    read: total(before, after, 'rows_read'),
    written: total(before, after, 'rows_written'),
    rejected: total(before, after, 'rows_rejected'),
    excluded: total(before, after, 'rows_excluded'),
    merged: total(before, after, 'rows_merged'),
  };
}

function ruleEffects(before: Side | null, after: Side): VerdictEffect[] {
  const told = (side: Side | null) =>
    (side?.quality?.rules ?? []).map(({ id, title, status, numerator, denominator }) => ({
      id,
      title,
      verdict: status,
      actual: `${numerator} of ${denominator}`,
    }));
  // How many rows a rule looked at changes with every row; what it found is the effect.
  const found = (text: string): string => text.split(' of ')[0] ?? text;
  return verdictEffects(told(before), told(after)).filter(
    (rule) => rule.before !== rule.after || found(rule.actualBefore) !== found(rule.actualAfter),
  );
}

function gateEffects(before: Side | null, after: Side): VerdictEffect[] {
  return verdictEffects(before?.gates?.gates ?? [], after.gates?.gates ?? []);
}

interface Verdict {
  readonly id: string;
  readonly title: string;
  readonly verdict: string;
  readonly actual: string | number | null;
}

/** What is judged otherwise, in the later side's order; those that turn first. */
function verdictEffects(before: readonly Verdict[], after: readonly Verdict[]): VerdictEffect[] {
  const [old, now] = [before, after].map((side) => new Map(side.map((verdict) => [verdict.id, verdict])));
  const ids = [...new Set([...after, ...before].map(({ id }) => id))];
  const effects = ids.map((id): VerdictEffect => {
    const [was, is] = [old?.get(id), now?.get(id)];
    return {
      id,
      title: (is ?? was)?.title ?? id,
      before: was?.verdict ?? 'none',
      after: is?.verdict ?? 'none',
      actualBefore: String(was?.actual ?? '-'),
      actualAfter: String(is?.actual ?? '-'),
    };
  });
  const turns = (effect: VerdictEffect): number => (effect.before === effect.after ? 1 : 0);
  return effects
    .filter((effect) => effect.before !== effect.after || effect.actualBefore !== effect.actualAfter)
    .sort((a, b) => turns(a) - turns(b));
}

/** Tells whether the contract or a report of the project was written meanwhile. */
async function stampOf(project: Project): Promise<string> {
  const hash = createHash('sha256');
  for (const path of [
    ARTEFACTS.contract,
    ARTEFACTS.contractTables,
    ARTEFACTS.migrationReport,
    ARTEFACTS.qualityReport,
    ARTEFACTS.gateReport,
  ])
    hash.update(`${path}\0${(await readOptionalText(project, path)) ?? ''}\0`);
  return hash.digest('hex');
}
