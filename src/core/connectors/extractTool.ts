import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { loadCatalog } from '../catalog/loadCatalog.ts';
import { defineStage, progressOf, type StageContext, type StageResult } from '../lifecycle/stage.ts';
import { hashFile } from '../project/hashFile.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { type Publication, publishing } from '../project/publication.ts';
import { readOptionalText } from '../project/readText.ts';
import { throwIfCancelled, UserError } from '../shared/errors.ts';
import { formatProblem, hasErrors, type Problem } from '../shared/problem.ts';
import type { ReadReport } from './connector.ts';
import { EXTRACT_MANIFEST, type ExtractManifest } from './extractManifest.ts';
import { type Opened, withConnection } from './openConnection.ts';

const STAGE = 'connectors extract';

/** Brings the tables of a source into one folder, in the one form that `run-contract-migration --source-dir` reads. */
export const extractConnector = defineStage({
  id: STAGE,
  title: 'Extract source',
  owner: 'etl_engineer',
  summary: 'Read the source tables by a connector into a folder of plain CSV files for run-contract-migration.',
  example: 'pas-migration connectors extract legacy --out extracts/normalised',
  options: z.object({
    name: z.string().min(1).describe('connection of connectors.json, or a connector with its standard options'),
    out: z.string().min(1).default('extracts/current').describe('folder for one CSV per table'),
    tables: z
      .string()
      .min(1)
      .optional()
      .describe('names of tables, with commas between (default: those of the source catalog, else all)'),
  }),
  positional: ['name'],
  reads: [ARTEFACTS.connectors, ARTEFACTS.sourceCatalog],
  writes: ['extracts/current'],
  async run(context, { name, out, tables }): Promise<StageResult> {
    await requireFreeFolder(context.project, out);
    return withConnection(context, name, (opened) =>
      publishing(context.project, (publication) => extractAll(context, opened, publication, out, tables)),
    );
  },
});

async function extractAll(
  context: StageContext,
  opened: Opened,
  publication: Publication,
  out: string,
  tables: string | undefined,
): Promise<StageResult> {
  const { connector, connection, clean } = opened;
  if (connector.read === undefined)
    throw new UserError(`${connection.name}: ${connector.title} cannot be read. ${connector.limits}`);
  const names =
    tables
      ?.split(',')
      .map((table) => table.trim())
      .filter((table) => table !== '') ?? (await tableNames(context, opened));
  if (names.length === 0) throw new UserError(`${connection.name}: has no table to read.`);
  const progress = progressOf(context, STAGE);
  const reports: ReadReport[] = [];
  const files: ExtractManifest['files'] = [];
  for (const [index, table] of names.entries()) {
    throwIfCancelled(context.signal);
    progress(table, index, names.length);
    const file = join(out, `${safeName(table)}.csv`);
    const path = await publication.pathFor(file);
    const report = await connector.read(connection, { table }, path);
    reports.push(report);
    const { sha256 } = await hashFile(path);
    files.push({ path: context.project.name(file), rows: report.rows, unreadable: report.unreadable, sha256 });
    progress(table, index + 1, names.length, report.rows);
  }
  const manifest: ExtractManifest = {
    schema_version: 1,
    run_id: context.runId,
    run_at_utc: context.now().toISOString(),
    connection: connection.name,
    connector: connector.id,
    connector_stage: connector.stage,
    files,
  };
  await publication.writeJson(join(out, EXTRACT_MANIFEST), manifest);
  const problems = reports.flatMap((report) => report.problems);
  const sum = (pick: (report: ReadReport) => number): number =>
    reports.reduce((total, report) => total + pick(report), 0);
  return {
    status: 'passed',
    summary: {
      connection: connection.name,
      connector: connector.id,
      connector_stage: connector.stage,
      out: context.project.name(out),
      tables: reports.map(({ table, rows, unreadable }) => ({ table, rows, unreadable })),
      rows: sum((report) => report.rows),
      unreadable: sum((report) => report.unreadable),
      problems: problems.map((problem) => clean(formatProblem(problem))),
    },
    text: [
      `${reports.length} tables with ${sum((report) => report.rows)} rows are in ${context.project.name(out)}; ${sum((report) => report.unreadable)} rows could not be read.`,
      ...firstProblems(problems).map(clean),
      `Next: pas-migration run-contract-migration --source-dir ${context.project.name(out)}`,
    ],
    inputs: [],
    outputs: publication.outputs,
  };
}

/** Tables of the source catalog, which the contract reads; without one, all that the other side has. */
async function tableNames(context: StageContext, { connector, connection }: Opened): Promise<string[]> {
  if ((await readOptionalText(context.project, ARTEFACTS.sourceCatalog)) !== null)
    return [...(await loadCatalog(context.project, ARTEFACTS.sourceCatalog, 'source')).tables.keys()];
  const found = await connector.discover?.(connection);
  // A table that cannot be looked at would be missing from the extract, and nobody would notice.
  if (found !== undefined && hasErrors(found.problems)) throw UserError.from(found.problems);
  return [...new Set(found?.fields.map((field) => field.table) ?? [])];
}

/** A table's name becomes a file's name, so it may not lead elsewhere. */
function safeName(table: string): string {
  if (/^[^/\\\0:*?"<>|]{1,100}$/.test(table) && !/^\.+$/.test(table)) return table;
  throw new UserError(`${JSON.stringify(table.slice(0, 60))}: is no name for a file; extract such tables another way.`);
}

/** An extract may replace an earlier one, but nothing else. */
async function requireFreeFolder(project: Project, out: string): Promise<void> {
  const taken = [
    ARTEFACTS.targetContract,
    ARTEFACTS.mockSource,
    ARTEFACTS.mockTarget,
    'schemas',
    'reports',
    'governance',
    'requirement_spec',
    '.',
  ];
  if (taken.some((folder) => project.at(folder) === project.at(out)))
    throw new UserError(`${project.name(out)}: belongs to other stages; name another folder with --out DIR.`);
  if ((await readOptionalText(project, join(out, EXTRACT_MANIFEST))) !== null) return;
  const present = await readdir(project.at(out)).catch(() => []);
  if (present.some((file) => !file.startsWith('.')))
    throw new UserError(
      `${project.name(out)}: holds files that no extract wrote; empty it, or name another folder with --out DIR.`,
    );
}

function firstProblems(problems: readonly Problem[]): string[] {
  const shown = problems.slice(0, 10).map(formatProblem);
  return problems.length > shown.length ? [...shown, `… and ${problems.length - shown.length} more`] : shown;
}
