import { z } from 'zod';
import type { ConnectorOptions } from './connector.ts';

/** A text that is a secret: never written, asked for when it is needed (see `secrets.ts`). */
export function secretText(description: string) {
  return z.string().min(1).describe(description).meta({ secret: true });
}

/** One option as a form, a terminal or a page of documentation shows it. */
export interface OptionField {
  readonly name: string;
  readonly description: string;
  readonly type: 'text' | 'integer' | 'boolean' | 'choice';
  readonly choices: readonly string[];
  /** As text; null when there is none. */
  readonly standard: string | null;
  readonly required: boolean;
  readonly secret: boolean;
}

interface FieldSchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly description?: string;
  readonly secret?: boolean;
}

/** The options of a connector in the order of its schema. Options are texts, whole numbers, yes/no and choices. */
export function optionFields(options: ConnectorOptions): OptionField[] {
  const schema = options.toJSONSchema({ io: 'input' }) as {
    readonly properties?: Readonly<Record<string, FieldSchema>>;
    readonly required?: readonly string[];
  };
  return Object.entries(schema.properties ?? {}).map(([name, field]) => ({
    name,
    description: field.description ?? '',
    type: typeOf(field),
    choices: field.enum ?? [],
    standard: field.default === undefined ? null : String(field.default),
    required: schema.required?.includes(name) ?? false,
    secret: field.secret === true,
  }));
}

function typeOf(field: FieldSchema): OptionField['type'] {
  if (field.enum !== undefined) return 'choice';
  if (field.type === 'integer' || field.type === 'boolean') return field.type;
  return 'text';
}

/** The options that are secrets. */
export function secretNames(options: ConnectorOptions): string[] {
  return optionFields(options).flatMap((field) => (field.secret ? [field.name] : []));
}

/**
 * What a person typed for an option, as its schema takes it: whole numbers and yes/no are made of text. What does not
 * look like one is left as text, for the schema to refuse.
 */
export function optionFromText(field: OptionField, text: string): unknown {
  if (field.type === 'integer' && /^-?\d{1,15}$/.test(text.trim())) return Number(text);
  if (field.type === 'boolean') {
    if (/^(true|yes|y)$/i.test(text.trim())) return true;
    if (/^(false|no|n)$/i.test(text.trim())) return false;
  }
  return text;
}
