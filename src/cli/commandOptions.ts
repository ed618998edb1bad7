import { type Command, InvalidArgumentError, Option } from 'commander';
import type { z } from 'zod';

/** The JSON-schema view of one option: enough to make a command-line flag of it. */
interface OptionSchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly description?: string;
}

/** Adds one `--flag` for each option a stage declares, with its help, choices and default. */
export function addStageOptions(command: Command, options: z.ZodObject): void {
  for (const [name, schema] of Object.entries(schemasOf(options))) {
    const choices = schema.enum === undefined ? '' : schema.enum.join('|');
    const path = /_(dir|file)$|^out$/.test(name);
    const placeholder = choices !== '' ? choices : schema.type === 'integer' ? 'N' : path ? 'PATH' : 'TEXT';
    const option = new Option(`--${name.replaceAll('_', '-')} <${placeholder}>`, schema.description ?? '');
    if (schema.default !== undefined) option.default(schema.default as string);
    if (schema.type === 'integer') option.argParser(wholeNumber);
    if (schema.enum !== undefined) option.choices([...schema.enum]);
    command.addOption(option);
  }
}

/** What was given on the command line, under the stage's own option names. */
export function stageOptionsOf(
  options: z.ZodObject,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const name of Object.keys(options.shape)) {
    const camel = name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
    if (given[camel] !== undefined) values[name] = given[camel];
  }
  return values;
}

function schemasOf(options: z.ZodObject): Record<string, OptionSchema> {
  const schema = options.toJSONSchema({ io: 'input' }) as { properties?: Record<string, OptionSchema> };
  return schema.properties ?? {};
}

/** `12`, not `12abc`, `1e3` or `0x10`. */
export function wholeNumber(text: string): number {
  if (!/^-?\d{1,15}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}
