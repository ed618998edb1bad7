import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import type { z } from 'zod';

/** The JSON-schema view of one option: enough to make a command-line flag of it. */
interface OptionSchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly description?: string;
}

/**
 * Adds one `--flag` for each option a stage declares, with its help, choices and default.
 *
 * @param positional options that may also be given by their place, in order
 */
export function addStageOptions(command: Command, options: z.ZodObject, positional: readonly string[]): void {
  const schemas = schemasOf(options);
  for (const name of positional) {
    const argument = new Argument(`[${name.replaceAll('_', '-')}]`, schemas[name]?.description ?? '');
    if (schemas[name]?.enum !== undefined) argument.choices([...(schemas[name]?.enum ?? [])]);
    command.addArgument(argument);
  }
  for (const [name, schema] of Object.entries(schemas)) {
    const path = /_(dir|file)$|^out$/.test(name);
    const placeholder =
      schema.enum !== undefined
        ? choicesShown(name, schema.enum)
        : NUMBERS[schema.type ?? ''] !== undefined
          ? 'N'
          : path
            ? 'PATH'
            : 'TEXT';
    const option = new Option(`--${name.replaceAll('_', '-')} <${placeholder}>`, schema.description ?? '');
    if (schema.default !== undefined && schema.type !== 'array') option.default(schema.default as string);
    const parse = NUMBERS[schema.type ?? ''];
    if (parse !== undefined) option.argParser(parse);
    if (schema.enum !== undefined) option.choices([...schema.enum]);
    if (schema.type === 'array') option.argParser((text: string, before: string[] = []) => [...before, text]);
    command.addOption(option);
  }
}

/** Many choices are told in the help's second column only, or that column would begin far to the right. */
function choicesShown(name: string, choices: readonly string[]): string {
  const all = choices.join('|');
  return all.length <= 48 ? all : name.replaceAll('_', ' ').toUpperCase();
}

/** What was given on the command line, under the stage's own option names. Defaults are the stage's own affair. */
export function stageOptionsOf(options: z.ZodObject, command: Command): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const name of Object.keys(options.shape)) {
    const camel = name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
    const value: unknown = command.getOptionValue(camel);
    if (value !== undefined && command.getOptionValueSource(camel) !== 'default') values[name] = value;
  }
  return values;
}

/** Options given by their place. */
export function placedOptions(
  options: z.ZodObject,
  positional: readonly string[],
  given: readonly unknown[],
): Record<string, unknown> {
  const schemas = schemasOf(options);
  return Object.fromEntries(
    positional.flatMap((name, at) => {
      const value = given[at];
      if (value === undefined) return [];
      return [[name, NUMBERS[schemas[name]?.type ?? '']?.(String(value)) ?? value]];
    }),
  );
}

function schemasOf(options: z.ZodObject): Record<string, OptionSchema> {
  const schema = options.toJSONSchema({ io: 'input' }) as { properties?: Record<string, OptionSchema> };
  return schema.properties ?? {};
}

/** `0.01` or `12`, not `1 %`, `1,5` or `1e3`. */
function number(text: string): number {
  if (!/^-?\d{1,15}(\.\d{1,15})?$/.test(text)) throw new InvalidArgumentError('It must be a number, as 0.01 or 12.');
  return Number(text);
}

const NUMBERS: Readonly<Record<string, (text: string) => number>> = { integer: wholeNumber, number };

/** `12`, not `12abc`, `1e3` or `0x10`. */
export function wholeNumber(text: string): number {
  if (!/^-?\d{1,15}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}
