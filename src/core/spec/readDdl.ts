import type { Parsed, Problem } from '../shared/problem.ts';
import { DIALECTS, type Dialect, dialectOf } from './ddl/dialect.ts';
import {
  KEY_OF_TABLE,
  loadScriptParser,
  type ParsedTable,
  type ParsedUnit,
  parseUnit,
  type ScriptParser,
  type UnreadStatement,
} from './ddl/parseUnit.ts';
import { type SqlStatement, splitStatements } from './ddl/sqlStatements.ts';
import { sortStatements, type TableUnit } from './ddl/tableUnits.ts';
import { decodeText } from './decodeText.ts';
import type { FieldList } from './fieldList.ts';
import { type SpecField, specField } from './specField.ts';

/** One statement longer than this is no table definition that a person wrote, and would hold the parser for long. */
const MOST_STATEMENT = 300_000;
/** After so many statements that cannot be read the rest is not tried: this is no script of these products. */
const MOST_UNREAD = 50;
/** So many failing tables are tried as another product's SQL. */
const MOST_RETRIES = 10;

/**
 * Reads the tables of an SQL script of PostgreSQL, MySQL, Oracle or SQL Server: columns, keys, foreign keys (also those
 * added by ALTER TABLE) and comments. What cannot be read is reported statement by statement; the rest is read.
 */
export async function readDdl(bytes: Uint8Array, file: string): Promise<Parsed<FieldList[]>> {
  const { value: script, problems: decoding } = decodeText(bytes, file);
  if (script === null) return { value: [], problems: decoding };
  const reader = new DdlReader(file, script, await loadScriptParser());
  return { value: reader.read(), problems: [...decoding, ...reader.problems] };
}

class DdlReader {
  readonly problems: Problem[] = [];
  readonly #file: string;
  readonly #script: string;
  readonly #parse: ScriptParser;
  #unread = 0;
  #retries = 0;

  constructor(file: string, script: string, parse: ScriptParser) {
    this.#file = file;
    this.#script = script;
    this.#parse = parse;
  }

  read(): FieldList[] {
    const statements = splitStatements(this.#script);
    const { units, strays, others } = sortStatements(statements);
    const dialect = dialectOf(this.#script);
    const comments = extendedProperties(statements);
    const lists: FieldList[] = [];
    for (const [index, unit] of units.entries()) {
      if (this.#unread > MOST_UNREAD) {
        this.#problem(
          'spec-sql-unread',
          'error',
          `${units.length - index} more tables are not read, because so many statements before could not be read; save the script again from its database.`,
          unit.create.line,
        );
        break;
      }
      lists.push(this.#readUnit(unit, dialect, comments));
    }
    for (const stray of strays.slice(0, MOST_UNREAD))
      this.#problem(
        'spec-sql-stray',
        'warning',
        'This statement speaks of a table that the script does not create; it is not used.',
        stray.line,
      );
    if (others.size > 0) {
      const kinds = [...others]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .slice(0, 12)
        .map(([kind, count]) => `${kind} (${count})`);
      this.#problem('spec-sql-other', 'info', `Statements that define no table are not used: ${kinds.join(', ')}.`, 1);
    }
    return lists;
  }

  #readUnit(unit: TableUnit, dialect: Dialect, comments: ReadonlyMap<string, string>): FieldList {
    const none = { grid: unit.name, headers: [], fields: [] };
    const length = unit.create.text.length + unit.more.reduce((sum, statement) => sum + statement.text.length, 0);
    if (length > MOST_STATEMENT) {
      this.#unread += 1;
      this.#problem(
        'spec-sql-unread',
        'warning',
        `The definition of this table is longer than ${MOST_STATEMENT} characters; it is not read.`,
        unit.create.line,
      );
      return none;
    }
    const { parsed, unread } = this.#parseInAnyDialect(unit, dialect);
    for (const fault of unread) this.#reportUnread(fault);
    const table = parsed[0]?.tables[0];
    if (table === undefined) return none;
    return { ...none, fields: this.#fieldsOf(unit, table, parsed, comments, dialect) };
  }

  /** A script may mix products, or its product may be guessed wrong: a table that cannot be read is tried as the others'. */
  #parseInAnyDialect(unit: TableUnit, dialect: Dialect): { parsed: ParsedUnit[]; unread: readonly UnreadStatement[] } {
    const first = parseUnit(unit, dialect, this.#parse);
    if (first.parsed.length > 0 || this.#retries >= MOST_RETRIES) return first;
    this.#retries += 1;
    for (const other of DIALECTS) {
      if (other === dialect) continue;
      const again = parseUnit(unit, other, this.#parse);
      if (again.parsed.length > 0) return again;
    }
    return first;
  }

  #fieldsOf(
    unit: TableUnit,
    table: ParsedTable,
    parsed: readonly ParsedUnit[],
    comments: ReadonlyMap<string, string>,
    dialect: Dialect,
  ): SpecField[] {
    const tables = parsed.flatMap((one) => one.tables.filter((other) => other.name === table.name));
    const keys = new Set(
      tables.flatMap((one) => [
        ...(one.indexes ?? []).flatMap((index) =>
          index.pk ? index.columns.map((column) => column.value.toLowerCase()) : [],
        ),
        ...one.fields.flatMap((field) => (field.pk ? [field.name.toLowerCase()] : [])),
      ]),
    );
    const links = linksOf(table.name, parsed);
    const lines = new ColumnLines(unit.create);
    return table.fields.flatMap((column) => {
      const key = column.name.toLowerCase();
      const note = tables
        .map((one) => noteOf(one.fields.find((field) => field.name === column.name)?.note))
        .find((text) => text !== '');
      const primaryKey = keys.has(key);
      const line = lines.of(column.name);
      const field = specField(
        {
          table: table.name,
          field: column.name,
          type: { type: plainType(column.type?.type_name ?? '', dialect) },
          mandatory: primaryKey || Boolean(column.not_null),
          primaryKey,
          foreignKey: links.get(key) ?? null,
          codeSet: '',
          description: note ?? comments.get(`${table.name.toLowerCase()}.${key}`) ?? '',
          tableTitle:
            tables.map((one) => noteOf(one.note)).find((text) => text !== '') ??
            comments.get(table.name.toLowerCase()) ??
            '',
          location: `line ${line}`,
          confidence: 1,
        },
        { file: this.#file },
        line,
        this.problems,
      );
      return field ?? [];
    });
  }

  #reportUnread(fault: UnreadStatement): void {
    this.#unread += 1;
    const what =
      fault.statement.text
        .match(/[A-Za-z]+/g)
        ?.slice(0, 2)
        .join(' ')
        .toUpperCase() ?? 'statement';
    const reason = fault.reason === '' ? '' : ` (${fault.reason})`;
    this.#problem(
      'spec-sql-unread',
      'warning',
      `This ${what} statement cannot be read${reason}; the rest of the script is. Correct it, or add its fields in another document.`,
      fault.line,
    );
  }

  #problem(code: string, severity: Problem['severity'], message: string, line: number): void {
    this.problems.push({ code, severity, message, place: { file: this.#file, line } });
  }
}

/** Column → link, of one-column foreign keys and of each column of wider ones. */
function linksOf(table: string, parsed: readonly ParsedUnit[]): Map<string, { table: string; field: string }> {
  const links = new Map<string, { table: string; field: string }>();
  const add = (from: readonly string[], to: { tableName: string; fieldNames: readonly string[] }): void => {
    for (const [index, column] of from.entries()) {
      const key = column.toLowerCase();
      const field = to.fieldNames[index] ?? '';
      if (!links.has(key)) links.set(key, { table: to.tableName, field: field === KEY_OF_TABLE ? '' : field });
    }
  };
  for (const unit of parsed) {
    for (const { endpoints } of unit.refs) {
      const own = endpoints.find((endpoint) => endpoint.tableName === table);
      const other = endpoints.find((endpoint) => endpoint !== own);
      if (own !== undefined && other !== undefined) add(own.fieldNames, other);
    }
    for (const one of unit.tables)
      for (const field of one.fields)
        for (const reference of field.inline_refs ?? [])
          if (reference.endpoint !== undefined) add([field.name], reference.endpoint);
  }
  return links;
}

/** Identity and default words stand behind some types. Enumerations are texts. A DATE of Oracle holds the time of day too. */
function plainType(name: string, dialect: Dialect): string {
  const bare = name
    .replace(/\s+identity\b.*$/i, '')
    .replace(/\[\]$/, '')
    .trim();
  if (dialect === 'oracle' && /^date$/i.test(bare)) return 'datetime';
  // A row version is bytes, whatever its name says.
  if (dialect === 'mssql' && /^(timestamp|rowversion)$/i.test(bare)) return 'text';
  // Without a size it holds decimals too.
  if (/^number$/i.test(bare)) return 'decimal';
  return /_enum$/i.test(bare) ? 'text' : bare;
}

function noteOf(note: { readonly value?: string } | string | null | undefined): string {
  return typeof note === 'string' ? note : (note?.value ?? '');
}

/** Lines of columns in a CREATE statement: columns stand in order, so each is looked for behind the one before. */
class ColumnLines {
  readonly #statement: SqlStatement;
  #from: number;
  #line: number;
  #counted = 0;

  constructor(statement: SqlStatement) {
    this.#statement = statement;
    this.#from = statement.text.indexOf('(') + 1;
    this.#line = statement.line;
  }

  of(column: string): number {
    const { text } = this.#statement;
    const at = findWord(text, column, this.#from);
    if (at >= 0) {
      for (let end = text.indexOf('\n', this.#counted); end >= 0 && end < at; end = text.indexOf('\n', end + 1))
        this.#line += 1;
      this.#counted = at;
      this.#from = at + column.length;
    }
    return this.#line;
  }
}

function findWord(text: string, word: string, from: number): number {
  for (let at = text.indexOf(word, from); at >= 0; at = text.indexOf(word, at + 1)) {
    const before = text[at - 1] ?? ' ';
    const after = text[at + word.length] ?? ' ';
    if (!/[\w$#]/.test(before) && !/[\w$#]/.test(after)) return at;
  }
  return -1;
}

/** Descriptions that SQL Server keeps as extended properties: `table` or `table.column` in lower case → text. */
function extendedProperties(statements: readonly SqlStatement[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const { text } of statements) {
    if (!/^exec(ute)?\s+(sys\.)?sp_addextendedproperty\b/i.test(text) || !/MS_Description/i.test(text)) continue;
    const argument = (name: string): string =>
      new RegExp(`@${name}\\s*=\\s*N?'((?:[^']|'')*)'`, 'i').exec(text)?.[1]?.replaceAll("''", "'") ?? '';
    const [table, column] = [argument('level1name'), argument('level2name')];
    if (table !== '')
      found.set(
        [table, column]
          .filter((part) => part !== '')
          .join('.')
          .toLowerCase(),
        argument('value'),
      );
  }
  return found;
}
