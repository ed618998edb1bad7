import { z } from 'zod';
import { appendAudit } from '../audit/auditLog.ts';
import { readJsonText } from '../project/jsonText.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { publishing } from '../project/publication.ts';
import { readOptionalText } from '../project/readText.ts';
import { UserError } from '../shared/errors.ts';
import type { Parsed, Problem } from '../shared/problem.ts';
import {
  FEWEST_KPI_RUNS,
  FIRST_KPIS,
  KPI_DIRECTIONS,
  KPI_REFRESHES,
  type Kpi,
  type KpiChange,
  MOST_KPI_RUNS,
  MOST_KPI_TITLE,
  thresholdFault,
  windowFault,
} from './kpi.ts';
import { kpiSource } from './kpiSource.ts';

const Change = z.strictObject({
  threshold: z.number(),
  direction: z.enum(KPI_DIRECTIONS),
  note: z.string().min(1),
  changed_by: z.string().min(1),
  changed_at_utc: z.string(),
});
export const KPI_NAME = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be small letters, digits and hyphens, at most 40');
export const KPI_WINDOW = z.int().min(FEWEST_KPI_RUNS).max(MOST_KPI_RUNS);
const Parts = z.strictObject({
  name: KPI_NAME,
  title: z.string().min(1).max(MOST_KPI_TITLE),
  source: z
    .string()
    .refine((name) => kpiSource(name) !== null, 'is nothing that can be measured; see kpi list --sources'),
  threshold: z.number(),
  direction: z.enum(KPI_DIRECTIONS).default('at_most'),
  window: KPI_WINDOW.default(10),
  refresh: z.enum(KPI_REFRESHES).default('on_change'),
  history: z.array(Change).default([]),
});
const Definition = Parts.superRefine(({ source, threshold }, context) => {
  const unit = kpiSource(source)?.unit;
  const fault = unit === undefined ? null : thresholdFault(unit, threshold);
  if (fault !== null) context.addIssue({ code: 'custom', path: ['threshold'], message: fault });
});
const KpiFile = z.strictObject({ schema_version: z.literal(1), kpis: z.array(Definition).max(200) });

/** The key figures of a project; the first ones while it has no file of its own. A file with problems gives none. */
export async function readKpis(project: Project): Promise<Parsed<readonly Kpi[]>> {
  const text = await readOptionalText(project, ARTEFACTS.qualityKpis);
  if (text === null) return { value: FIRST_KPIS, problems: [] };
  const { value, problems } = readJsonText(text, ARTEFACTS.qualityKpis, KpiFile, 'kpi-file');
  if (value === null) return { value: [], problems };
  const names = value.kpis.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return { value: value.kpis, problems };
  const problem: Problem = {
    code: 'kpi-file',
    severity: 'error',
    message: `Two key figures are named ${twice}; rename one.`,
    place: { file: ARTEFACTS.qualityKpis, line: 1 },
  };
  return { value: [], problems: [problem] };
}

/** What a person changes; a part that is undefined stays as it is. A new key figure needs source, title and threshold. */
export type KpiEdit = {
  readonly [K in 'title' | 'source' | 'threshold' | 'direction' | 'window' | 'refresh']?: Kpi[K] | undefined;
};

/**
 * Changes a key figure or adds one. Call it as the one writer of the project.
 *
 * @param note why; needed for a threshold, a direction or a source
 * @throws UserError when the file cannot be read, something is missing, or nothing would change
 */
export async function setKpi(
  project: Project,
  name: string,
  edit: KpiEdit,
  by: { readonly who: string; readonly at: Date; readonly note: string },
): Promise<Kpi> {
  const { value, problems } = await readKpis(project);
  if (problems.length > 0) throw UserError.from(problems);
  const before = value.find((known) => known.name === name);
  const after = edited(name, before, edit, by);
  const kpis = before === undefined ? [...value, after] : value.map((known) => (known === before ? after : known));
  await publishing(project, (publication) => publication.writeJson(ARTEFACTS.qualityKpis, { schema_version: 1, kpis }));
  await appendAudit(project, {
    at: by.at,
    who: by.who,
    event: 'kpi-changed',
    details: { kpi: name, before: before === undefined ? null : told(before), after: told(after), note: by.note },
  });
  return after;
}

function edited(
  name: string,
  before: Kpi | undefined,
  edit: KpiEdit,
  by: { readonly who: string; readonly at: Date; readonly note: string },
): Kpi {
  const given = Object.fromEntries(Object.entries(edit).filter(([, part]) => part !== undefined));
  if (before === undefined && (edit.source === undefined || edit.threshold === undefined))
    throw new UserError(
      `There is no key figure ${name}. To make one, give --source and --threshold; kpi list shows those there are.`,
    );
  const runs = edit.window === undefined ? null : windowFault(edit.window);
  if (runs !== null) throw new UserError(runs);
  const read = Definition.safeParse({ title: name, history: [], ...before, ...given, name });
  if (!read.success) {
    const issue = read.error.issues[0];
    // A sentence of its own names what it is about.
    throw new UserError(
      issue?.message.endsWith('.') === true
        ? issue.message
        : `${issue?.path.join('.')} ${issue?.message ?? 'is not valid'}.`,
    );
  }
  const after = read.data;
  if (before !== undefined && JSON.stringify(told(before)) === JSON.stringify(told(after)))
    throw new UserError(`Nothing of ${name} would change.`);
  const judgedAnew =
    before === undefined ||
    before.threshold !== after.threshold ||
    before.direction !== after.direction ||
    before.source !== after.source;
  if (!judgedAnew) return after;
  if (by.note.trim() === '') throw new UserError('Say why the threshold changes: give a note.');
  const change: KpiChange = {
    threshold: after.threshold,
    direction: after.direction,
    note: by.note.trim(),
    changed_by: by.who,
    changed_at_utc: by.at.toISOString(),
  };
  return { ...after, history: [...after.history, change] };
}

function told({ history: _, name: __, ...rest }: Kpi): Omit<Kpi, 'history' | 'name'> {
  const { title, source, threshold, direction, window, refresh } = rest;
  return { title, source, threshold, direction, window, refresh };
}
