import { z } from 'zod';
import { defineStage, type StageContext, type StageResult } from '../lifecycle/stage.ts';
import { ARTEFACTS } from '../project/layout.ts';
import { UserError } from '../shared/errors.ts';
import { formatProblem } from '../shared/problem.ts';
import { textTable } from '../shared/textTable.ts';
import type { Preview, TestReport } from './connector.ts';
import { withConnection } from './openConnection.ts';

/** Rows that a preview shows at most. */
export const MOST_PREVIEWED = 50;

const NAME = z.string().min(1).describe('connection of connectors.json, or a connector with its standard options');

/** Asks the other side whether it answers. */
export const testConnector = defineStage({
  id: 'connectors test',
  title: 'Test connection',
  owner: 'etl_engineer',
  summary: 'Say whether a connection answers, and what is there.',
  example: 'pas-migration connectors test legacy',
  options: z.object({ name: NAME }),
  positional: ['name'],
  readOnly: true,
  reads: [ARTEFACTS.connectors],
  writes: [],
  async run(context, { name }): Promise<StageResult> {
    const report = await testConnection(context, name);
    const problems = (report.problems ?? []).map(formatProblem);
    const details = Object.entries(report.details).map(([key, value]) => `  ${key}: ${String(value)}`);
    return {
      status: report.ok ? 'passed' : 'failed',
      summary: { connection: name, ok: report.ok, message: report.message, details: report.details, problems },
      text: [report.message, ...details, ...firstLines(problems)],
      inputs: [],
      outputs: [],
    };
  },
});

/** The same for the editor. */
export function testConnection(context: StageContext, name: string): Promise<TestReport> {
  return withConnection(context, name, async ({ connector, connection, clean }) => {
    const report = await connector.test(connection);
    const problems = report.problems?.map((problem) => ({ ...problem, message: clean(problem.message) }));
    return { ...report, message: clean(report.message), ...(problems === undefined ? {} : { problems }) };
  });
}

/** Problems that a terminal shows one by one. */
const MOST_LINES = 20;

function firstLines(lines: readonly string[]): string[] {
  const more = lines.length - MOST_LINES;
  return more > 0 ? [...lines.slice(0, MOST_LINES), `… and ${more} more (--json tells all)`] : [...lines];
}

/** Shows a few rows. They go to the screen and nowhere else. */
export const previewConnector = defineStage({
  id: 'connectors preview',
  title: 'Preview table',
  owner: 'etl_engineer',
  summary: 'Show the first rows of a table; the values go to your screen only, and into no file or log.',
  example: 'pas-migration connectors preview legacy PATMAST --limit 5',
  options: z.object({
    name: NAME,
    table: z.string().min(1).describe('table to look into'),
    limit: z.int().min(1).max(MOST_PREVIEWED).default(10).describe(`rows to show, at most ${MOST_PREVIEWED}`),
  }),
  positional: ['name', 'table'],
  readOnly: true,
  reads: [ARTEFACTS.connectors],
  writes: [],
  async run(context, { name, table, limit }): Promise<StageResult> {
    const { columns, rows, more, problems } = await previewTable(context, name, table, limit);
    return {
      status: 'passed',
      summary: { connection: name, table, columns, rows, more, problems: problems.map(formatProblem) },
      text: [...textTable(columns, rows, WIDEST), ...(more ? ['… and more rows'] : []), ...problems.map(formatProblem)],
      inputs: [],
      outputs: [],
    };
  },
});

/** The same for the editor. @param limit cut down to `MOST_PREVIEWED` */
export function previewTable(context: StageContext, name: string, table: string, limit: number): Promise<Preview> {
  return withConnection(context, name, async ({ connector, connection }) => {
    if (connector.preview === undefined)
      throw new UserError(`${name}: ${connector.title} cannot show rows. ${connector.limits}`);
    return connector.preview(connection, table, Math.min(limit, MOST_PREVIEWED));
  });
}

/** Widest cell of a terminal's table. */
const WIDEST = 30;
