import type { PastRun } from './runHistory.ts';

/** The command that runs all stages. Written out, because the editor's views name runs without holding the stages. */
const LIFECYCLE = 'run-product-lifecycle';

/** What a run is called: its command, and where a lifecycle did not begin at the first stage, from which it went. */
export function runName({ command, options }: Pick<PastRun, 'command' | 'options'>): string {
  const from = command === LIFECYCLE ? options['from'] : undefined;
  return typeof from === 'string' ? `${command} from ${from}` : command;
}
