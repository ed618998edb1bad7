import type { TargetState } from '../../connectors/loadReport.ts';
import { TargetError } from '../sqlSession.ts';
import type { Seen } from './targetState.ts';

/** How far a load came: rows on their way, the swap sent, the swap confirmed by the server. */
export type LoadPhase = 'loading' | 'swapping' | 'swapped';

/** What is told of a load that broke. */
export interface Broken {
  readonly phase: LoadPhase;
  /** What a new connection found; null when the server did not answer. */
  readonly seen: Seen | null;
  readonly connection: string;
  readonly staging: string;
  readonly runId: string;
}

/** Before the swap was sent, nothing of this load can be in the target, whoever can be asked. */
export function stateAfter({ phase, seen }: Broken): TargetState {
  if (phase === 'loading') return 'as_before';
  return seen?.state ?? 'unknown';
}

/** Which state the target is in, how that is known, and what to do next. */
export function stateSentence(broken: Broken): string {
  const { seen, staging } = broken;
  switch (stateAfter(broken)) {
    case 'complete':
      return 'A new connection finds all new rows in the target.';
    case 'as_before': {
      const how =
        seen?.state === 'as_before'
          ? 'A new connection finds the target as it was'
          : `${seen === null ? 'The server does not answer' : 'The server still works on it'}; nothing had been swapped, so that the target is as it was`;
      return `${how}. What had been sent waits in ${staging}; run it again to go on from there.`;
    }
    default:
      return unknownSentence(broken);
  }
}

function unknownSentence({ phase, seen, connection, runId }: Broken): string {
  const why =
    seen !== null && seen.lingering !== null
      ? `The server process ${seen.lingering}, which swaps, does not end (end it at the server), so that the target is complete or as it was`
      : phase === 'swapped'
        ? 'The server confirmed the swap and does not answer since: the target should be complete, but nobody has seen it'
        : 'The server does not answer, and the swap had been sent: the target is complete or as it was';
  return `${why}. Once the server is well, "pas-migration connectors test ${connection}" says which run its rows are of (this one is ${runId}). Or load again: a swap that went through is found, compared with the files and kept.`;
}

/** What went wrong, in words without values. */
export function faultInWords(error: unknown): string {
  if (error instanceof TargetError) {
    const column = error.column === '' ? '' : `, column ${error.column}`;
    const row = error.row === 0 ? '' : `, row ${error.row} of a batch`;
    return `${error.message} (${error.code}${column}${row})`;
  }
  return error instanceof Error ? error.message : String(error);
}
