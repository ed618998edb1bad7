import { LIFECYCLE } from '../lifecycle/runProductLifecycle.ts';
import { STAGE_IDS } from '../lifecycle/stages.ts';
import type { PastRun } from './runHistory.ts';

/** Commands that move or judge data; the others keep, compare, decide or set something. */
const DATA_COMMANDS: ReadonlySet<string> = new Set([
  ...STAGE_IDS,
  LIFECYCLE.id,
  'connectors extract',
  'load',
  'reconcile',
]);

type Told = Pick<PastRun, 'command' | 'options' | 'stages'>;

/** True for a run of a stage, of the lifecycle or of a load: what the lists of runs show unless all is asked for. */
export function isDataRun({ command }: Pick<PastRun, 'command'>): boolean {
  return DATA_COMMANDS.has(command);
}

/** Whether a run brought a stage to its end, so that the stage's reports are of that run. */
export function madeBy({ command, stages }: Told, stage: string): boolean {
  // Earlier versions did not write down the stages.
  if (stages.length === 0) return command === stage || command === LIFECYCLE.id;
  return stages.some(({ id, status }) => id === stage && (status === 'passed' || status === 'failed'));
}

const MAKERS = ['run-contract-migration', 'run-enterprise-pipeline'] as const;

/**
 * The run to compare one with: the last before it that made again what it left. A run of the gates alone left the rows and
 * issues of the run before, which are no news; then it is the run before that one.
 *
 * @param earlier runs before it that can be compared, newest first
 */
export function runBefore<R extends Told>(run: R, earlier: readonly R[]): R | null {
  const all = [run, ...earlier];
  const at = all.findIndex((one) => MAKERS.some((stage) => madeBy(one, stage)));
  const maker = all[at];
  const made = maker === undefined ? undefined : MAKERS.find((stage) => madeBy(maker, stage));
  const before = made === undefined ? undefined : all.slice(at + 1).find((one) => madeBy(one, made));
  return before ?? earlier[0] ?? null;
}
