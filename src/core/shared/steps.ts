import { throwIfCancelled } from './errors.ts';

/**
 * Work cut into pieces of a few milliseconds: the generator yields where it can pause and returns the result. One
 * description serves both a caller that wants the result now and an editor that must not stutter.
 */
export type Steps<T> = Generator<void, T, void>;

/** Does all pieces at once. */
export function runSteps<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Does the pieces with a turn of the event loop after each. Rejects with `Cancelled` when the signal is raised. */
export async function runStepsPolitely<T>(steps: Steps<T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    throwIfCancelled(signal);
    const step = steps.next();
    if (step.done === true) return step.value;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
