import type { Dialect } from './dialect.ts';
import type { SqlStatement } from './sqlStatements.ts';
import type { TableUnit } from './tableUnits.ts';

/** What the parser library gives of one column and one table; only what is used here. */
export interface ParsedColumn {
  readonly name: string;
  readonly type?: { readonly type_name?: string | null };
  readonly not_null?: unknown;
  readonly pk?: unknown;
  readonly note?: { readonly value?: string } | string | null;
  readonly inline_refs?: readonly { readonly endpoint?: ParsedEndpoint }[] | null;
}
interface ParsedEndpoint {
  readonly tableName: string;
  readonly fieldNames: readonly string[];
}
export interface ParsedTable {
  readonly name: string;
  readonly note?: { readonly value?: string } | string | null;
  readonly fields: readonly ParsedColumn[];
  readonly indexes?:
    | readonly { readonly pk?: unknown; readonly columns: readonly { readonly value: string }[] }[]
    | null;
}
export interface ParsedUnit {
  readonly tables: readonly ParsedTable[];
  readonly refs: readonly { readonly endpoints: readonly ParsedEndpoint[] }[];
}

/** A statement that could not be read, with what the parser expected. */
export interface UnreadStatement {
  readonly statement: SqlStatement;
  /** Line of the script. */
  readonly line: number;
  readonly reason: string;
}

/** Parses one script to tables that may refer to tables it does not hold. */
export type ScriptParser = (script: string, dialect: Dialect) => ParsedUnit;

/** The library's parser without its last step, which refuses a script whose foreign keys lead out of it. Loaded when needed: it is large. */
export async function loadScriptParser(): Promise<ScriptParser> {
  const { Parser } = await import('@dbml/core');
  const statics = Parser as unknown as Record<string, (script: string) => ParsedUnit>;
  const names: Readonly<Record<Dialect, string>> = {
    postgres: 'parsePostgresToJSONv2',
    mysql: 'parseMySQLToJSONv2',
    oracle: 'parseOracleToJSON',
    mssql: 'parseMSSQLToJSONv2',
  };
  return (script, dialect) => {
    const parse = statics[names[dialect]];
    if (parse === undefined) throw new Error(`The SQL parser library has no ${names[dialect]}.`);
    return parse.call(Parser, script);
  };
}

/**
 * Parses one table's statements together. When that fails, the table alone and then each other statement with it, so that
 * only what cannot be read is lost; `unread` lists it. Null when the table itself cannot be read.
 */
export function parseUnit(
  unit: TableUnit,
  dialect: Dialect,
  parse: ScriptParser,
): { readonly parsed: ParsedUnit[]; readonly unread: readonly UnreadStatement[] } {
  const all = [unit.create, ...unit.more];
  try {
    return { parsed: [parse(scriptOf(all), dialect)], unread: [] };
  } catch (error) {
    if (unit.more.length === 0) return { parsed: [], unread: [unreadOf(unit.create, error)] };
  }
  const parsed: ParsedUnit[] = [];
  const unread: UnreadStatement[] = [];
  try {
    parsed.push(parse(scriptOf([unit.create]), dialect));
  } catch (error) {
    return { parsed: [], unread: [unreadOf(unit.create, error)] };
  }
  for (const statement of unit.more) {
    try {
      parsed.push(parse(scriptOf([unit.create, statement]), dialect));
    } catch (error) {
      unread.push(unreadOf(statement, error, unit.create));
    }
  }
  return { parsed, unread };
}

/** Stands for the key of the table that is referred to, where a statement names only the table. */
export const KEY_OF_TABLE = '__key_of_table__';

const BARE_REFERENCE =
  /\breferences\s+((?:"[^"]+"|\[[^\]]+\]|\w+)(?:\.(?:"[^"]+"|\[[^\]]+\]|\w+))*)(?=\s*(?:[,);]|$|on\s|not\s|deferrable|initially|match\s|enable|disable|comment))/gi;
/** States of a constraint, which say nothing of the schema; the library does not know all of them. */
const CONSTRAINT_STATE = /\s+(?:enable|disable)(?:\s+(?:no)?validate)?\s*$/i;

/** The statements as one script, without what the library cannot read and no catalog needs. */
function scriptOf(statements: readonly SqlStatement[]): string {
  return statements
    .map(({ text }) => text.replace(CONSTRAINT_STATE, '').replaceAll(BARE_REFERENCE, `references $1 (${KEY_OF_TABLE})`))
    .map((text) => `${text};\n`)
    .join('');
}

/** The library throws errors with a list of places; anything else is its own failure and is told as such. */
function unreadOf(statement: SqlStatement, error: unknown, before?: SqlStatement): UnreadStatement {
  const diagnostics = (
    error as { diags?: readonly { message?: string; text?: string; location?: { start?: { line?: number } } }[] }
  ).diags;
  const first = diagnostics?.[0];
  const offset = before === undefined ? 0 : before.text.split('\n').length;
  const inside = Math.max(1, (first?.location?.start?.line ?? 1) - offset);
  const lines = statement.text.split('\n').length;
  const reason = (first?.message ?? first?.text ?? '').split('\n')[0]?.slice(0, 120) ?? '';
  return { statement, line: statement.line + Math.min(inside, lines) - 1, reason };
}
