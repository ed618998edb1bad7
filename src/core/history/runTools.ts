import { z } from 'zod';
import { defineStage } from '../lifecycle/stage.ts';
import { ARTEFACTS } from '../project/layout.ts';
import { said } from '../shared/counted.ts';
import { compareRuns, findRun, isComparable, type RunComparison } from './compareRuns.ts';
import { gatesLine, inputNote, measureLines } from './differenceWords.ts';
import { type PastRun, readHistory, readRunHistory } from './runHistory.ts';
import { isDataRun } from './runKinds.ts';
import { runName } from './runName.ts';

const RUN = z.string().min(1);

/** Lists what was run. */
export const listRunsTool = defineStage({
  id: 'runs list',
  title: 'List runs',
  owner: 'migration_delivery_lead',
  summary: 'List past runs, newest first, with return code, gate verdict and rejects.',
  example: 'pas-migration runs list',
  options: z.object({
    limit: z.int().min(1).max(10_000).default(50).describe('how many'),
    commands: z
      .enum(['runs', 'all'])
      .default('runs')
      .describe('runs: of stages, lifecycle and loads; all: every command on record'),
  }),
  readOnly: true,
  reads: [ARTEFACTS.runHistory],
  writes: [],
  async run(context, options) {
    const { runs: history, unread } = await readHistory(context.project);
    const runs = history.filter((run) => options.commands === 'all' || isDataRun(run)).slice(0, options.limit);
    return {
      status: 'passed',
      summary: { runs: runs.map((run) => ({ ...run, name: runName(run), comparable: isComparable(run) })), unread },
      text: [
        ...(runs.length === 0 && unread === null ? ['There is no run yet.'] : runs.map(runLine)),
        ...(unread === null ? [] : [unread.message]),
      ],
      inputs: [],
      outputs: [],
    };
  },
});

/** Says what changed from one run to another. */
export const compareRunsTool = defineStage({
  id: 'runs compare',
  title: 'Compare runs',
  owner: 'migration_delivery_lead',
  summary: 'Compare two runs: contract rows, gates, rejects, and issues that are new, fixed, back or worse.',
  example: 'pas-migration runs compare previous latest',
  positional: ['before', 'after'],
  options: z.object({
    before: RUN.default('previous').describe('the earlier run: its id, the beginning of it, or "previous"'),
    after: RUN.default('latest').describe('the later run: its id, the beginning of it, or "latest"'),
  }),
  readOnly: true,
  reads: [ARTEFACTS.runHistory, ARTEFACTS.snapshots],
  writes: [],
  async run(context, options) {
    const history = await readRunHistory(context.project);
    const [before, after] = [findRun(history, options.before), findRun(history, options.after)];
    const engine = await context.openEngine();
    const found = await compareRuns(context.project, before, after, history, engine).finally(() => engine.close());
    return {
      status: 'passed',
      summary: { ...found },
      text: comparisonLines(before, after, found),
      inputs: [],
      outputs: [],
    };
  },
});

function runLine(run: PastRun): string {
  const gates = run.gates === null ? '' : `  ${run.gates.profile} ${run.gates.status}`;
  const rejected = run.rows === null ? '' : `  ${run.rows.rejected} rejected`;
  return `${run.run_id.slice(0, 8)}  ${run.started_at_utc}  ${runName(run)}  ${run.status} (${run.return_code})${gates}${rejected}`;
}

function comparisonLines(before: PastRun, after: PastRun, found: RunComparison): string[] {
  const { added, fixed, back, worse } = found.totals;
  const note = inputNote(found);
  // What is not there any more is only mended if the row it was of was read again.
  const [gone, more] = found.otherInput ? ['gone', 'with more'] : ['fixed', 'worse'];
  return [
    `From ${before.started_at_utc} (${runName(before)}) to ${after.started_at_utc} (${runName(after)}):`,
    ...(note === '' ? [] : [`  ${note}`]),
    ...measureLines(found).map((line) => `  ${line.name}: ${line.before} → ${line.after}`),
    `  contract: ${said(found.contract.length)} rows differ, ${said(found.impacts.breaking)} of them breaking`,
    `  ${gatesLine(found)}`,
    ...found.gates.map((gate) => `    ${gate.gate}: ${gate.before ?? 'none'} → ${gate.after ?? 'none'}`),
    `  rejects: ${found.rejects.length} reasons differ`,
    ...found.rejects.map(
      (one) =>
        `    ${one.name}: ${said(one.before)} → ${said(one.after)} (${said(one.added)} new, ${said(one.gone)} gone)`,
    ),
    `  issues: ${said(added)} new, ${said(fixed)} ${gone}, ${said(back)} back, ${said(worse)} causes ${more}`,
    ...found.issues
      .slice(0, 30)
      .map(
        (cause) =>
          `    ${cause.rule} ${[cause.table, cause.field].filter((part) => part !== '').join('.')}: ${said(cause.before)} → ${said(cause.after)} (${said(cause.added)} new, ${said(cause.fixed)} ${gone}, ${said(cause.back)} back)${cause.worse && !found.otherInput ? ', worse' : ''}`,
      ),
    ...(found.issues.length > 30 ? [`    and ${found.issues.length - 30} more causes; --json has all`] : []),
  ];
}
