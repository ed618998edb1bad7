import { actor, personOf } from '../../governance/acting.ts';
import { DISPOSITIONS, type Disposition } from '../../governance/dispositions.ts';
import { readRoles } from '../../governance/roles.ts';
import { type RecordedTriage, setTriage, type TriageChange, type TriageSubject } from '../../governance/setTriage.ts';
import { readDisposition, triageAction } from '../../governance/triage.ts';
import { refuseChange } from '../../governance/triageChecks.ts';
import { undoTriage } from '../../governance/triageUndo.ts';
import type { StageContext } from '../../lifecycle/stage.ts';
import { withProjectLock } from '../../project/lock.ts';
import { UserError } from '../../shared/errors.ts';
import type { IssueFilter, TriagePlan } from './issueQuery.ts';
import type { IssueSource } from './issueSql.ts';
import { filterSql } from './issueSql.ts';
import type { IssueStore } from './issueStore.ts';

/** What a decision is about: some lines of the list, or all that a filter finds. */
export type IssueSelection = { readonly ordinals: readonly number[] } | { readonly filter: IssueFilter };

/** More single decisions than anybody has looked at; whole causes are not counted. */
export const MOST_LINES = 20_000;

const SAFETY = "category = 'safety-critical reject'";
const ABOUT = "concat_ws(' ', rule_id, table_name || CASE WHEN field_name = '' THEN '' ELSE '.' || field_name END)";
const KIND = "CASE WHEN origin = 'reject' THEN 'reject' ELSE 'issue' END";

/** Counts what a decision would touch, and says which ones this person may not take. */
export async function planDecision(
  context: Pick<StageContext, 'project' | 'identity' | 'signal'>,
  store: IssueStore,
  selection: IssueSelection,
): Promise<TriagePlan> {
  const plan = await planTriage(store, selection, context.signal);
  return plan.safetyCritical === 0 ? plan : { ...plan, refusals: await refusalsOf(context) };
}

async function refusalsOf(context: Pick<StageContext, 'project' | 'identity'>): Promise<TriagePlan['refusals']> {
  const refusals: TriagePlan['refusals'] = {};
  for (const disposition of Object.keys(DISPOSITIONS) as Disposition[]) {
    const action = triageAction(disposition);
    if (action === null) continue;
    await actor(context, action).catch((error: unknown) => {
      if (!(error instanceof UserError)) throw error;
      refusals[disposition] = error.message;
    });
  }
  return refusals;
}

/** Counts what a decision would touch. */
export function planTriage(store: IssueStore, selection: IssueSelection, signal: AbortSignal): Promise<TriagePlan> {
  const filter = filterOf(selection);
  return store.over(filter, signal, async (engine, source, version) => {
    await engine.run(chosenSql(selection, source, filter));
    const [row] = await engine.rows(
      `SELECT coalesce(sum(n), 0)::DOUBLE AS issues, count(DISTINCT group_key) FILTER (whole)::DOUBLE AS groups,
        coalesce(sum(n) FILTER (NOT whole), 0)::DOUBLE AS lines, coalesce(sum(n) FILTER (disposition <> ''), 0)::DOUBLE AS decided,
        coalesce(sum(n) FILTER (${SAFETY}), 0)::DOUBLE AS safety FROM chosen`,
    );
    const at = (name: string): number => Number(row?.[name] ?? 0);
    const lines = at('lines');
    const refused =
      at('issues') === 0
        ? 'No issue is chosen.'
        : lines > MOST_LINES
          ? `That would be ${lines.toLocaleString('en-GB')} single decisions, and at most ${MOST_LINES.toLocaleString('en-GB')} are taken at once. Choose whole causes with the filters, or a narrower text.`
          : null;
    return {
      version,
      issues: at('issues'),
      groups: at('groups'),
      lines,
      decided: at('decided'),
      safetyCritical: at('safety'),
      refusals: {},
      refused,
    };
  });
}

/**
 * Records a decision about all that is selected, as the one writer of the project, after asking whether the person may
 * decide about safety-critical rejects where there are some.
 *
 * @param version of the list that the person saw
 * @returns how many issues it is about, and what was recorded, for `undoDecision`
 * @throws UserError when the list is another by now, the project is busy, the person may not, or a reason is missing
 */
export async function decideIssues(
  context: Pick<StageContext, 'project' | 'identity' | 'now' | 'signal'>,
  store: IssueStore,
  selection: IssueSelection,
  change: TriageChange,
  version: number,
): Promise<Decided> {
  const plan = await planTriage(store, selection, context.signal);
  if (plan.refused !== null) throw new UserError(plan.refused);
  if (plan.version !== version)
    throw new UserError('The list changed meanwhile. Look at it again, then repeat the decision.');
  let who = (await personOf(context)).name;
  // Who changes owner or day of what was accepted decides about it anew.
  const dispositions =
    change.disposition === undefined
      ? await safetyDispositions(store, selection, context.signal)
      : plan.safetyCritical > 0
        ? [change.disposition]
        : [];
  for (const disposition of dispositions) {
    const action = triageAction(disposition);
    if (action !== null) who = (await actor(context, action)).name;
  }
  const subjects = await subjectsOf(store, selection, context.signal);
  const at = context.now();
  const safetyCritical = plan.safetyCritical > 0;
  refuseChange(change, { safetyCritical, roles: safetyCritical ? await readRoles(context.project) : null, now: at });
  const recorded = await withProjectLock(context.project, 'triage', at, () =>
    setTriage(context.project, subjects, change, { who, at }),
  );
  return { issues: plan.issues, recorded };
}

/** A decision that was recorded about issues. */
export interface Decided {
  readonly issues: number;
  readonly recorded: RecordedTriage;
}

/**
 * Takes back a decision as if it had not been made: what stood before it counts again.
 *
 * @throws UserError when the project is busy, or a line was decided about anew meanwhile
 */
export async function undoDecision(
  context: Pick<StageContext, 'project' | 'identity' | 'now'>,
  { recorded }: Decided,
): Promise<void> {
  const { name: who } = await personOf(context);
  const at = context.now();
  await withProjectLock(context.project, 'triage', at, () => undoTriage(context.project, recorded, { who, at }));
}

/** Dispositions that safety-critical rejects of a selection have now. */
function safetyDispositions(
  store: IssueStore,
  selection: IssueSelection,
  signal: AbortSignal,
): Promise<(Disposition | '')[]> {
  const filter = filterOf(selection);
  return store.over(filter, signal, async (engine, source) => {
    await engine.run(chosenSql(selection, source, filter));
    const rows = await engine.rows(`SELECT DISTINCT disposition AS d FROM chosen WHERE ${SAFETY} ORDER BY d`);
    return rows.flatMap((row) => readDisposition(String(row['d'])) ?? []);
  });
}

function subjectsOf(store: IssueStore, selection: IssueSelection, signal: AbortSignal): Promise<TriageSubject[]> {
  const filter = filterOf(selection);
  return store.over(filter, signal, async (engine, source) => {
    await engine.run(chosenSql(selection, source, filter));
    const groups = await engine.rows(
      `SELECT group_key AS key, any_value(${KIND}) AS kind, any_value(${ABOUT}) AS about, sum(n)::DOUBLE AS "rows" FROM chosen WHERE whole GROUP BY 1 ORDER BY 1`,
    );
    const ordinals = 'ordinals' in selection ? `AND l.ordinal IN (${wholeNumbers(selection.ordinals)})` : '';
    const single = await engine.rows(
      `SELECT DISTINCT i.issue_key AS key, ${KIND} AS kind, ${ABOUT} AS about, NULL AS "rows" FROM chosen c JOIN ${source.lines} l ON l.bucket = c.bucket
       JOIN issue i ON i.ordinal = l.ordinal WHERE NOT c.whole ${ordinals} ORDER BY key`,
    );
    return [...groups, ...single].map((row) => ({
      kind: row['kind'] === 'reject' ? ('reject' as const) : ('issue' as const),
      key: String(row['key']),
      about: String(row['about']),
      rows: row['rows'] === null ? null : Number(row['rows']),
    }));
  });
}

/**
 * Buckets with the lines chosen of each. `whole`: all lines of a cause that have no decision of their own are chosen, so
 * that one decision about the cause says it; lines picked by hand are always decided one by one.
 */
function chosenSql(selection: IssueSelection, source: IssueSource, filter: IssueFilter): string {
  const picked =
    'ordinals' in selection
      ? `SELECT b.* EXCLUDE (n), p.n FROM ${source.buckets} b JOIN (SELECT bucket, count(*)::BIGINT AS n FROM ${source.lines} l WHERE l.ordinal IN (${wholeNumbers(selection.ordinals)}) GROUP BY 1) p USING (bucket)`
      : `SELECT * FROM ${source.buckets} WHERE ${filterSql(filter)}`;
  const whole =
    'ordinals' in selection
      ? 'FALSE'
      : 'own IS NULL AND sum(CASE WHEN own IS NULL THEN n ELSE 0 END) OVER (PARTITION BY group_key) = group_rows';
  return `CREATE OR REPLACE TEMP TABLE chosen AS SELECT *, ${whole} AS whole FROM (${picked})`;
}

function filterOf(selection: IssueSelection): IssueFilter {
  return 'filter' in selection ? selection.filter : { only: {}, text: '' };
}

function wholeNumbers(given: readonly number[]): string {
  const whole = given.filter((ordinal) => Number.isSafeInteger(ordinal));
  return whole.length === 0 ? '0' : whole.join(', ');
}
