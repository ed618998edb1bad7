import type { SqlStatement } from './sqlStatements.ts';

/** The statements that define one table: its CREATE, and the ALTER and COMMENT statements that speak of it. */
export interface TableUnit {
  /** Name as the first statement writes it, without quotes, with its schema. */
  readonly name: string;
  readonly create: SqlStatement;
  readonly more: SqlStatement[];
}

export interface SortedStatements {
  readonly units: readonly TableUnit[];
  /** ALTER and COMMENT statements of tables that the script does not create. */
  readonly strays: readonly SqlStatement[];
  /** Statements that define no table, counted by their first words. */
  readonly others: ReadonlyMap<string, number>;
}

const NAME = String.raw`((?:(?:"[^"]+"|\x60[^\x60]+\x60|\[[^\]]+\]|[^\s(."\x60[;]+)\s*\.\s*)*(?:"[^"]+"|\x60[^\x60]+\x60|\[[^\]]+\]|[^\s(."\x60[;]+))`;
const CREATE = new RegExp(
  String.raw`^create\s+(?:or\s+replace\s+)?(?:(?:global|local|private)\s+)?(?:temp(?:orary)?\s+|unlogged\s+|foreign\s+|external\s+)?table\s+(?:if\s+not\s+exists\s+)?${NAME}\s*\(`,
  'i',
);
const ALTER = new RegExp(String.raw`^alter\s+table\s+(?:if\s+exists\s+)?(?:only\s+)?${NAME}`, 'i');
const COMMENT = new RegExp(String.raw`^comment\s+on\s+(table|column)\s+${NAME}`, 'i');
const MOST_HEAD = 2000;
/** ALTER statements that say nothing of columns and keys. */
const IDLE_ALTER =
  /\b(owner\s+to|check\s+constraint\s+\S+\s*$|enable\s+row|set\s+schema|cluster\s+on|attach\s+partition|nextval|replica\s+identity)\b/i;
/** ALTER statements that may say something of a column or key. */
const TELLING_ALTER = /\b(add|modify|alter\s+column)\b/i;

/** Groups a script's statements by the table they define. */
export function sortStatements(statements: readonly SqlStatement[]): SortedStatements {
  const units = new Map<string, TableUnit>();
  const strays: SqlStatement[] = [];
  const others = new Map<string, number>();
  const count = (text: string): void => {
    const words =
      text
        .slice(0, 60)
        .toUpperCase()
        .match(/[A-Z]+/g) ?? [];
    const kind = /^(CREATE|ALTER|DROP|COMMENT)$/.test(words[0] ?? '')
      ? words.slice(0, 2).join(' ')
      : (words[0] ?? 'OTHER');
    others.set(kind, (others.get(kind) ?? 0) + 1);
  };
  const later: { readonly statement: SqlStatement; readonly name: string }[] = [];
  for (const statement of statements) {
    // Names stand at the beginning; the patterns must not wander through megabytes.
    const text = statement.text.slice(0, MOST_HEAD);
    const created = CREATE.exec(text)?.[1];
    if (created?.startsWith('#') === true) {
      // A temporary table of SQL Server, made inside a procedure.
      count(text);
      continue;
    }
    if (created !== undefined) {
      const name = plainName(created);
      const key = name.toLowerCase();
      const unit = units.get(key);
      // A second CREATE of the same table is read too: both places of a field are then reported.
      units.set(unit === undefined ? key : `${key}\u0000${statement.line}`, { name, create: statement, more: [] });
      continue;
    }
    const altered = ALTER.exec(text)?.[1];
    const commented = COMMENT.exec(text);
    if (altered !== undefined && TELLING_ALTER.test(text) && !IDLE_ALTER.test(text)) {
      later.push({ statement, name: plainName(altered) });
    } else if (commented !== null) {
      const name = plainName(commented[2] ?? '');
      later.push({ statement, name: commented[1]?.toLowerCase() === 'column' ? name.replace(/\.[^.]*$/, '') : name });
    } else count(text);
  }
  const byLastName = new Map([...units.values()].map((unit) => [lastName(unit.name), unit]));
  for (const { statement, name } of later) {
    const unit = units.get(name.toLowerCase()) ?? byLastName.get(lastName(name));
    if (unit === undefined) strays.push(statement);
    else unit.more.push(statement);
  }
  return { units: [...units.values()], strays, others };
}

/** `[dbo].[Patient]` → `dbo.Patient`. */
function plainName(name: string): string {
  return name
    .split(/\s*\.\s*(?=["\x60[]|[^"\x60\]]*$|[^."\x60\]]+\.)/)
    .map((part) => part.trim().replaceAll(/^["`[]|["`\]]$/g, ''))
    .join('.');
}

function lastName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1).toLowerCase();
}
