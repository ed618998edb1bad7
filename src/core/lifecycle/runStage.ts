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
    const { status, error } = outcome;
    context.emit({ type: 'stage-finished', stage: stage.id, status, durationMs, error: error?.message ?? null });
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
    if (issue === undefined) throw new UserError(`${stage.id}: an option is not valid.`);
    const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
    const name = path.join('.').replaceAll('_', '-');
    throw new UserError(`${stage.id}: option --${name}: ${inWords(issue, isMissing(options, issue.path))}.`);
  }
}

/** Whether nothing was given at the place of an issue; the validator itself does not tell. */
function isMissing(options: unknown, path: readonly PropertyKey[]): boolean {
  let value = options;
  for (const key of path) value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  return value === undefined;
}

/** What is wrong with an option's value, without the validator's terms. */
function inWords(issue: z.core.$ZodIssue, missing: boolean): string {
  switch (issue.code) {
    case 'invalid_type':
      return missing ? 'is needed' : `must be ${TYPES[issue.expected] ?? `a ${issue.expected}`}`;
    case 'invalid_value':
      return `${missing ? 'is needed: one of' : issue.values.length === 1 ? 'must be' : 'must be one of'} ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return sizeInWords(issue.origin, Number(issue.minimum), 'least');
    case 'too_big':
      return sizeInWords(issue.origin, Number(issue.maximum), 'most');
    case 'unrecognized_keys':
      return 'is not known here';
    default:
      // A stage's own words stand; the validator's begin with "Invalid".
      return issue.message.startsWith('Invalid') ? 'is not of the form it must have' : issue.message;
  }
}

const TYPES: Readonly<Record<string, string>> = {
  int: 'a whole number',
  array: 'a list',
  object: 'an object',
  boolean: 'true or false',
  string: 'a text',
};

function sizeInWords(origin: string, size: number, end: 'least' | 'most'): string {
  if (origin === 'string' && end === 'least' && size === 1) return 'must not be empty';
  if (origin === 'string') return `${end === 'least' ? 'must' : 'may'} have at ${end} ${size} characters`;
  if (origin === 'array' || origin === 'set') return `must have at ${end} ${size} ${size === 1 ? 'entry' : 'entries'}`;
  return `must be at ${end} ${size}`;
}
