import { formatProblem, type Problem } from './problem.ts';

/** Bad input or usage that the user can mend: shown as one sentence, exit code 2, never with a stack trace. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly problems: readonly Problem[];

  /** @param message one sentence with file, place and next step; @param problems the details, if there are several. */
  constructor(message: string, problems: readonly Problem[] = []) {
    super(message);
    this.problems = problems;
  }

  /** Wraps the problems of a reader: the first error leads, the rest are counted. */
  static from(problems: readonly Problem[]): UserError {
    const errors = problems.filter((problem) => problem.severity === 'error');
    const first = errors[0] ?? problems[0];
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
    return new UserError(`${first === undefined ? 'Unknown problem' : formatProblem(first)}${more}`, problems);
  }
}

/** The user stopped the work: exit code 130; the last complete outputs are untouched. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
  constructor() {
    super('Cancelled.');
  }
}

/** Throws `Cancelled` when the signal has been raised: call between steps that cannot be interrupted themselves. */
export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new Cancelled();
}
