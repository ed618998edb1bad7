import type { Parsed, Problem } from '../shared/problem.ts';
import { decodeText } from './decodeText.ts';
import type { FieldList } from './fieldList.ts';
import { type SpecField, specField } from './specField.ts';

/** A DBML text longer than this is no schema that a person wrote. */
const MOST_TEXT = 4_000_000;

interface Endpoint {
  readonly tableName: string;
  readonly fieldNames: readonly string[];
  readonly relation: string;
}
interface DbmlTable {
  readonly name: string;
  readonly note?: string | null;
  readonly fields: readonly {
    readonly name: string;
    readonly type: { readonly type_name: string };
    readonly not_null?: boolean;
    readonly pk?: boolean;
    readonly note?: string | null;
  }[];
  readonly indexes: readonly { readonly pk?: boolean; readonly columns: readonly { readonly value: string }[] }[];
}

/** Reads the tables of a DBML document with keys, references and notes. A document with a fault is read not at all, as its language demands. */
export async function readDbml(bytes: Uint8Array, file: string): Promise<Parsed<FieldList[]>> {
  const { value: text, problems } = decodeText(bytes, file);
  if (text === null) return { value: [], problems };
  const fail = (message: string, line?: number): Parsed<FieldList[]> => ({
    value: [],
    problems: [
      ...problems,
      { code: 'spec-unreadable', severity: 'error', message, place: line === undefined ? { file } : { file, line } },
    ],
  });
  if (text.length > MOST_TEXT) return fail(`The file is larger than ${MOST_TEXT} characters; split it.`);
  const { Parser } = await import('@dbml/core');
  try {
    const database = new Parser().parse(text, 'dbmlv2') as unknown as {
      schemas: readonly {
        tables: readonly DbmlTable[];
        enums: readonly { readonly name: string }[];
        refs: readonly { endpoints: readonly Endpoint[] }[];
      }[];
    };
    const refs = database.schemas.flatMap((schema) => schema.refs);
    const enums = new Set(database.schemas.flatMap((schema) => schema.enums.map(({ name }) => name)));
    const found: Problem[] = [...problems];
    const lists = database.schemas.flatMap((schema) =>
      schema.tables.map((table) => ({
        grid: table.name,
        headers: [],
        fields: fieldsOf(table, refs, enums, text, file, found),
      })),
    );
    return { value: lists, problems: found };
  } catch (error) {
    const first = (error as { diags?: readonly { message: string; location?: { start?: { line?: number } } }[] })
      .diags?.[0];
    return fail(
      `The DBML cannot be read: ${(first?.message ?? 'it has a fault').slice(0, 200)}.`,
      first?.location?.start?.line,
    );
  }
}

function fieldsOf(
  table: DbmlTable,
  refs: readonly { readonly endpoints: readonly Endpoint[] }[],
  enums: ReadonlySet<string>,
  text: string,
  file: string,
  problems: Problem[],
): SpecField[] {
  const keys = new Set(
    table.indexes.flatMap((index) => (index.pk === true ? index.columns.map((column) => column.value) : [])),
  );
  const lines = new FieldLines(text, table.name);
  return table.fields.flatMap((column) => {
    const line = lines.of(column.name);
    const primaryKey = column.pk === true || keys.has(column.name);
    const field = specField(
      {
        table: table.name,
        field: column.name,
        type: { type: enums.has(column.type.type_name) ? 'text' : column.type.type_name },
        mandatory: primaryKey || column.not_null === true,
        primaryKey,
        foreignKey: linkOf(table.name, column.name, refs),
        codeSet: enums.has(column.type.type_name) ? column.type.type_name : '',
        description: column.note ?? '',
        tableTitle: table.note ?? '',
        location: `line ${line}`,
        confidence: 1,
      },
      { file },
      line,
      problems,
    );
    return field ?? [];
  });
}

/** The end with `*` holds the key of the end with `1`; of two alike the first holds it. */
function linkOf(
  table: string,
  column: string,
  refs: readonly { readonly endpoints: readonly Endpoint[] }[],
): { table: string; field: string } | null {
  for (const { endpoints } of refs) {
    const holder = endpoints.find((endpoint) => endpoint.relation.endsWith('*')) ?? endpoints[0];
    const parent = endpoints.find((endpoint) => endpoint !== holder);
    const at = holder?.tableName === table ? holder.fieldNames.indexOf(column) : -1;
    if (at >= 0 && parent !== undefined) return { table: parent.tableName, field: parent.fieldNames[at] ?? '' };
  }
  return null;
}

/** Lines of a table's fields: each is the first word of its line, in the order of the table. */
class FieldLines {
  readonly #lines: readonly string[];
  #at: number;

  constructor(text: string, table: string) {
    this.#lines = text.split(/\r?\n/);
    const opens = this.#lines.findIndex(
      (line) =>
        /^\s*table\s/i.test(line) &&
        line
          .replaceAll('"', '')
          .split(/[\s.[{]+/)
          .includes(table),
    );
    this.#at = Math.max(0, opens);
  }

  of(field: string): number {
    for (let at = this.#at; at < this.#lines.length; at += 1) {
      const words = this.#lines[at]?.trim() ?? '';
      const first = words.startsWith('"') ? words.slice(1, words.indexOf('"', 1)) : (/^[^\s[]+/.exec(words)?.[0] ?? '');
      if (first === field) {
        this.#at = at + 1;
        return at + 1;
      }
    }
    return this.#at + 1;
  }
}
