import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser';
import { z } from 'zod';
import type { Parsed, Problem } from '../shared/problem.ts';
import { readLink } from './cells.ts';
import { decodeText } from './decodeText.ts';
import type { FieldList } from './fieldList.ts';
import { type SpecField, specField } from './specField.ts';

const Size = z.union([z.number().int().nonnegative(), z.string()]).nullish();

/** One field of a JSON spec. Only `name` must be there. */
const JsonField = z.object({
  name: z.string().describe('field name'),
  type: z.string().nullish().describe('type as the product writes it: VARCHAR(30), %Date, integer'),
  length: Size.describe('characters'),
  precision: Size.describe('digits of a decimal'),
  scale: Size.describe('digits behind the point'),
  mandatory: z.boolean().nullish().describe('must be filled'),
  nullable: z.boolean().nullish().describe('may be empty; the other way to say mandatory'),
  primary_key: z.boolean().nullish().describe('part of the primary key'),
  foreign_key: z
    .union([z.string(), z.object({ table: z.string(), field: z.string().default('') })])
    .nullish()
    .describe('TABLE.FIELD or {table, field}'),
  code_set: z.string().nullish().describe('code list of its values'),
  description: z.string().nullish(),
  format: z.string().nullish().describe('how a date is written: $HOROLOG, YYYYMMDD, ...'),
});

/** The JSON form of a requirement spec: `{"tables": [{"name": ..., "fields": [{"name": ..., "type": ...}]}]}`. Other keys are left alone. */
export const JsonSpec = z.object({
  tables: z.array(z.object({ name: z.string(), description: z.string().nullish(), fields: z.array(JsonField) })),
});

/** JSON larger than this is data, not a schema. */
const MOST_TEXT = 20_000_000;

/** Reads a JSON spec. A part that does not fit the schema is a problem with its line; the other tables are read. */
export function readJson(bytes: Uint8Array, file: string): Parsed<FieldList[]> {
  const { value: text, problems: decoding } = decodeText(bytes, file);
  if (text === null) return { value: [], problems: decoding };
  const problems: Problem[] = [...decoding];
  const fail = (message: string, line?: number): Parsed<FieldList[]> => {
    problems.push({
      code: 'spec-unreadable',
      severity: 'error',
      message,
      place: line === undefined ? { file } : { file, line },
    });
    return { value: [], problems };
  };
  if (text.length > MOST_TEXT) return fail(`The file is larger than ${MOST_TEXT} characters; it is no schema.`);
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    const at = Number(/position (\d+)/.exec((error as Error).message)?.[1] ?? text.length);
    return fail('The file is not valid JSON from here on; mend it.', text.slice(0, at).split('\n').length);
  }
  const tree = parseTree(text);
  const lines = new Lines(text);
  const lineOf = (path: (string | number)[]): number => lines.of(nearest(tree, path)?.offset ?? 0);
  if (typeof data !== 'object' || data === null || !Array.isArray((data as { tables?: unknown }).tables))
    return fail('The file holds no list "tables"; write {"tables": [{"name": ..., "fields": [...]}]}.', 1);
  const lists: FieldList[] = [];
  for (const [index, given] of (data as { tables: unknown[] }).tables.entries()) {
    const parsed = JsonSpec.shape.tables.element.safeParse(given);
    if (!parsed.success) {
      for (const issue of parsed.error.issues.slice(0, 5)) {
        const path = ['tables', index, ...(issue.path as (string | number)[])];
        problems.push({
          code: 'spec-json-shape',
          severity: 'warning',
          message: `${path.join('.')}: ${issue.message}; the table is not read.`,
          place: { file, line: lineOf(path) },
        });
      }
      continue;
    }
    const table = parsed.data;
    const fields = table.fields.flatMap((field, at): SpecField[] => {
      const line = lineOf(['tables', index, 'fields', at]);
      const link = typeof field.foreign_key === 'string' ? readLink(field.foreign_key) : (field.foreign_key ?? null);
      const made = specField(
        {
          table: table.name,
          field: field.name,
          type: {
            type: field.type ?? '',
            length: sizeText(field.length),
            precision: sizeText(field.precision),
            scale: sizeText(field.scale),
            format: field.format ?? '',
          },
          mandatory:
            field.mandatory ?? (field.nullable === undefined || field.nullable === null ? false : !field.nullable),
          primaryKey: field.primary_key ?? false,
          foreignKey: link,
          codeSet: field.code_set ?? '',
          description: field.description ?? '',
          tableTitle: table.description ?? '',
          location: `line ${line}`,
          confidence: 1,
        },
        { file },
        line,
        problems,
      );
      return made === null ? [] : [made];
    });
    lists.push({ grid: table.name, headers: [], fields });
  }
  return { value: lists, problems };
}

function sizeText(size: string | number | null | undefined): string {
  return size === null || size === undefined ? '' : String(size);
}

/** The node at a path, or the nearest one above that is there. */
function nearest(tree: Node | undefined, path: readonly (string | number)[]): Node | undefined {
  for (let length = path.length; tree !== undefined && length > 0; length -= 1) {
    const node = findNodeAtLocation(tree, path.slice(0, length));
    if (node !== undefined) return node;
  }
  return tree;
}

/** Offset → line, for offsets that mostly grow. */
class Lines {
  readonly #text: string;
  #offset = 0;
  #line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  of(offset: number): number {
    if (offset < this.#offset) {
      this.#offset = 0;
      this.#line = 1;
    }
    for (
      let end = this.#text.indexOf('\n', this.#offset);
      end >= 0 && end < offset;
      end = this.#text.indexOf('\n', end + 1)
    )
      this.#line += 1;
    this.#offset = offset;
    return this.#line;
  }
}
