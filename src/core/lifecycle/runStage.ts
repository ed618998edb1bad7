import { ZodError, type z } from 'zod';
import { Cancelled, UserError } from '../shared/errors.ts';
import { asUserError } from '../shared/systemError.ts';
import type { StageContext, StageDefinition, StageResult } from './stage.ts';

/** How a stage ended, in the terms of an exit code: 0 passed, 1 failed, 2 bad input, 130 cancelled. */
export interface StageOutcome {
  readonly stage: string;
  readonly status: 'passed' | 'failed' | 'error' | 'cancelled';
  readonly returnCode: 0 | 1 | 2 | 130;
  readonly durationMs: number;
  readonly result: StageResult | null;
  /** For `error`: what the user can mend. */
  readonly error: UserError | null;
}

/** Runs one stage, with its events. What the user cannot mend (a bug) is thrown on. */
export async function runStage(context: StageContext, stage: StageDefinition, options: unknown): Promise<StageOutcome> {
  const started = context.now().getTime();
  context.emit({ type: 'stage-started', stage: stage.id, title: stage.title });
  const end = (outcome: Omit<StageOutcome, 'stage' | 'durationMs'>): StageOutcome => {
    const durationMs = context.now().getTime() - started;
    context.emit({ type: 'stage-finished', stage: stage.id, status: outcome.status, durationMs });
    return { stage: stage.id, durationMs, ...outcome };
  };
  try {
    const result = await stage.run(context, parseOptions(stage, options));
    const passed = result.status === 'passed';
    return end({ status: result.status, returnCode: passed ? 0 : 1, result, error: null });
  } catch (error) {
    if (error instanceof Cancelled) return end({ status: 'cancelled', returnCode: 130, result: null, error: null });
    const mendable = error instanceof UserError ? error : asUserError(error);
    if (mendable !== null) return end({ status: 'error', returnCode: 2, result: null, error: mendable });
    throw error;
  }
}

/** Options as the stage declares them; a wrong one is a `UserError` naming the option. */
export function parseOptions(
  stage: Pick<StageDefinition, 'id' | 'options'>,
  options: unknown,
): Record<string, unknown> {
  try {
    return stage.options.strict().parse(options);
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    const issue = error.issues[0];
    const name = issue?.path.join('.').replaceAll('_', '-') ?? '';
    throw new UserError(`${stage.id}: option --${name}: ${issue === undefined ? 'is not valid' : inWords(issue)}.`);
  }
}

/** What is wrong with an option's value, without the validator's terms. */
function inWords(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return issue.input === undefined ? 'is needed' : `must be a ${issue.expected}`;
  if (issue.code === 'too_small')
    return issue.origin === 'string' ? 'must not be empty' : `must be at least ${issue.minimum}`;
  if (issue.code === 'too_big')
    return issue.origin === 'string'
      ? `may have at most ${issue.maximum} characters`
      : `must be at most ${issue.maximum}`;
  return issue.message;
}
