import type { Expression } from '../contract/expression.ts';
import { quoteIdentifier, quoteLiteral } from '../engine/sqlText.ts';
import type { ColumnPlan } from './plan.ts';

/** How a plan's expressions and types are written for DuckDB. A second engine is a second file like this one. */

/** $HOROLOG day 2980013 is 9999-12-31 (InterSystems documentation). */
const LAST_HOROLOG_DAY = 2980013;

type CallRenderer = (args: readonly string[]) => string;

const COMPARED = new Set([
  '=',
  '<>',
  '<',
  '<=',
  '>',
  '>=',
  'is distinct from',
  'is not distinct from',
  'like',
  'not like',
]);

/** SQL of an expression; every column is `alias."COLUMN"`, every literal quoted. */
export function renderExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'column':
      return `${quoteIdentifier(expression.alias)}.${quoteIdentifier(expression.column)}`;
    case 'text':
      return quoteLiteral(expression.value);
    case 'number':
      return expression.value;
    case 'boolean':
      return expression.value ? 'TRUE' : 'FALSE';
    case 'null':
      return 'NULL';
    case 'cast':
      return `TRY_CAST(${renderExpression(expression.arg)} AS ${expression.type})`;
    case 'case': {
      const whens = expression.whens.map(
        (branch) => `WHEN ${renderExpression(branch.when)} THEN ${renderExpression(branch.value)}`,
      );
      return `(CASE ${whens.join(' ')} ELSE ${renderExpression(expression.otherwise)} END)`;
    }
    case 'operator':
      return renderOperator(expression.operator, expression.args.map(renderExpression));
    case 'call': {
      const renderer = CALLS[expression.name];
      const args = expression.args.map(renderExpression);
      return renderer === undefined ? `${expression.name}(${args.join(', ')})` : renderer(args);
    }
  }
}

function renderOperator(operator: string, args: readonly string[]): string {
  const [first = 'NULL', second = 'NULL', third = 'NULL'] = args;
  switch (operator) {
    case 'and':
    case 'or':
      return `(${args.join(` ${operator.toUpperCase()} `)})`;
    case 'not':
      return `(NOT ${first})`;
    case 'is null':
    case 'is not null':
      return `(${first} ${operator.toUpperCase()})`;
    case 'in':
    case 'not in':
      return `(${first} ${operator.toUpperCase()} (${args.slice(1).join(', ')}))`;
    case 'between':
      return `(${first} BETWEEN ${second} AND ${third})`;
    case '-':
      return args.length === 1 ? `(-${numeric(first)})` : `(${numeric(first)} - ${numeric(second)})`;
    case '+':
    case '*':
      return `(${numeric(first)} ${operator} ${numeric(second)})`;
    case '/':
      return `(${numeric(first)} / nullif(${numeric(second)}, 0))`;
    case '||':
      return `(${text(first)} || ${text(second)})`;
    default:
      if (!COMPARED.has(operator)) throw new Error(`The DuckDB dialect does not know the operator ${operator}.`);
      return `(${first} ${operator.toUpperCase()} ${second})`;
  }
}

/** Arithmetic on recorded text must not stop the run at the first value that is no number. */
function numeric(sql: string): string {
  return /^-?\d+(\.\d+)?$/.test(sql) ? sql : `TRY_CAST(${sql} AS DECIMAL(18, 4))`;
}

function text(sql: string): string {
  return `CAST(${sql} AS VARCHAR)`;
}

/** Counts and lengths in a call: whole numbers, never an error. */
function count(sql: string | undefined): string {
  return `TRY_CAST(${sql ?? 'NULL'} AS INTEGER)`;
}

/** A whole number written plainly: `12.7`, `1e3` and ` 5` are not one, where a bare cast would round or accept them. */
function plainInteger(sql: string): { value: string; plain: string } {
  const value = `TRY_CAST(${sql} AS INTEGER)`;
  return { value, plain: `CAST(${value} AS VARCHAR) = ${sql}` };
}

/** The value when writing it back gives the same text: `31/02/2020` and `2020-1-5` do not. */
function checkedCast(iso: string, type: 'DATE' | 'TIMESTAMP' | 'TIME'): string {
  const value = `TRY_CAST(${iso} AS ${type})`;
  return `(CASE WHEN CAST(${value} AS VARCHAR) = ${iso} THEN ${value} END)`;
}

function horologDate(sql: string): string {
  const { value, plain } = plainInteger(sql);
  return `(CASE WHEN ${plain} AND ${value} BETWEEN 1 AND ${LAST_HOROLOG_DAY} THEN DATE '1840-12-31' + ${value} END)`;
}

function horologTime(sql: string): string {
  const { value, plain } = plainInteger(sql);
  return `(CASE WHEN ${plain} AND ${value} BETWEEN 0 AND 86399 THEN TIME '00:00:00' + to_seconds(${value}) END)`;
}

function joined(date: string, time: string): string {
  return `(TRY_CAST(${date} AS DATE) + TRY_CAST(${time} AS TIME))`;
}

function part(sql: string, from: number, length: number): string {
  return `substr(${sql}, ${from}, ${length})`;
}

function sized(sql: string, length: number, value: string): string {
  return `(CASE WHEN length(${sql}) = ${length} THEN ${value} END)`;
}

/** Digits alone, `YYYYMMDD...`: the number keeps out signs, blanks and short years, the pattern keeps out exponents. */
function digitsCast(sql: string, pattern: string, digits: number): string {
  const least = 10n ** BigInt(digits - 1);
  return sized(
    sql,
    digits,
    `(CASE WHEN TRY_CAST(${sql} AS BIGINT) >= ${least} THEN try_strptime(${sql}, '${pattern}') END)`,
  );
}

function textDate([sql = 'NULL', format = '']: readonly string[]): string {
  switch (format) {
    case "'YYYYMMDD'":
      return `CAST(${digitsCast(sql, '%Y%m%d', 8)} AS DATE)`;
    case "'DD/MM/YYYY'": {
      const separated = `${part(sql, 3, 1)} = '/' AND ${part(sql, 6, 1)} = '/'`;
      const iso = `(${part(sql, 7, 4)} || '-' || ${part(sql, 4, 2)} || '-' || ${part(sql, 1, 2)})`;
      return sized(sql, 10, `(CASE WHEN ${separated} THEN ${checkedCast(iso, 'DATE')} END)`);
    }
    case "'DDMMYYYY'":
      return sized(
        sql,
        8,
        checkedCast(`(${part(sql, 5, 4)} || '-' || ${part(sql, 3, 2)} || '-' || ${part(sql, 1, 2)})`, 'DATE'),
      );
    default:
      return checkedCast(sql, 'DATE');
  }
}

function textDatetime([sql = 'NULL', format = '']: readonly string[]): string {
  if (format === "'YYYYMMDDHHMMSS'") return digitsCast(sql, '%Y%m%d%H%M%S', 14);
  // HHMM 2400 is how older systems write the midnight that ends the day.
  const midnight = `TRY_CAST(CAST(${digitsCast(`left(${sql}, 8)`, '%Y%m%d', 8)} AS DATE) + INTERVAL 1 DAY AS TIMESTAMP)`;
  return `(CASE WHEN ${part(sql, 9, 4)} = '2400' AND length(${sql}) = 12 THEN ${midnight} ELSE ${digitsCast(sql, '%Y%m%d%H%M', 12)} END)`;
}

function textTime([sql = 'NULL', format = '']: readonly string[]): string {
  if (format === "'HH:MM'") return sized(sql, 5, checkedCast(`(${sql} || ':00')`, 'TIME'));
  return sized(sql, 4, checkedCast(`(${part(sql, 1, 2)} || ':' || ${part(sql, 3, 2)} || ':00')`, 'TIME'));
}

const CALLS: Readonly<Record<string, CallRenderer>> = {
  trim: ([value = 'NULL', characters]) =>
    `nullif(trim(${text(value)}${characters === undefined ? '' : `, ${characters}`}), '')`,
  concat: (args) => `concat(${args.map(text).join(', ')})`,
  replace: ([value = 'NULL', from = 'NULL', to = 'NULL']) => `replace(${text(value)}, ${from}, ${to})`,
  substr: ([value = 'NULL', from, length]) =>
    `substr(${text(value)}, ${count(from)}${length === undefined ? '' : `, ${count(length)}`})`,
  left: ([value = 'NULL', length]) => `left(${text(value)}, ${count(length)})`,
  right: ([value = 'NULL', length]) => `right(${text(value)}, ${count(length)})`,
  // A pad length from data could ask for gigabytes.
  lpad: ([value = 'NULL', length, fill = "' '"]) => `lpad(${text(value)}, least(${count(length)}, 4000), ${fill})`,
  rpad: ([value = 'NULL', length, fill = "' '"]) => `rpad(${text(value)}, least(${count(length)}, 4000), ${fill})`,
  split_part: ([value = 'NULL', separator = 'NULL', index]) =>
    `nullif(split_part(${text(value)}, ${separator}, ${count(index)}), '')`,
  piece: ([value = 'NULL', separator = 'NULL', index]) =>
    `nullif(split_part(${text(value)}, ${separator}, ${count(index)}), '')`,
  upper: ([value = 'NULL']) => `upper(${text(value)})`,
  lower: ([value = 'NULL']) => `lower(${text(value)})`,
  length: ([value = 'NULL']) => `length(${text(value)})`,
  abs: ([value = 'NULL']) => `abs(${numeric(value)})`,
  round: ([value = 'NULL', digits]) => `round(${numeric(value)}${digits === undefined ? '' : `, ${count(digits)}`})`,
  date_diff: ([unit = 'NULL', from = 'NULL', to = 'NULL']) =>
    `date_diff(${unit}, TRY_CAST(${from} AS TIMESTAMP), TRY_CAST(${to} AS TIMESTAMP))`,
  horolog_date: ([value = 'NULL']) => horologDate(value),
  horolog_time: ([value = 'NULL']) => horologTime(value),
  horolog_datetime: ([days = 'NULL', seconds = 'NULL']) => `(${horologDate(days)} + ${horologTime(seconds)})`,
  horolog_stamp: ([value = 'NULL']) =>
    `(${horologDate(`split_part(${value}, ',', 1)`)} + ${horologTime(`split_part(${value}, ',', 2)`)})`,
  text_date: textDate,
  text_datetime: textDatetime,
  text_time: textTime,
  join_datetime: ([date = 'NULL', time = 'NULL']) => joined(date, time),
  nhs_number: ([value = 'NULL']) => {
    const digits = `replace(replace(${text(value)}, ' ', ''), '-', '')`;
    return `(CASE WHEN length(${digits}) = 10 AND TRY_CAST(${digits} AS BIGINT) IS NOT NULL AND translate(${digits}, '0123456789', '') = '' THEN ${digits} END)`;
  },
  postcode: ([value = 'NULL']) => {
    const packed = `upper(regexp_replace(${text(value)}, '[^A-Za-z0-9]', '', 'g'))`;
    return `(CASE WHEN length(${packed}) > 3 THEN left(${packed}, length(${packed}) - 3) || ' ' || right(${packed}, 3) ELSE nullif(${packed}, '') END)`;
  },
};

/** The SQL type of a target column. */
export function sqlType(column: ColumnPlan): string {
  switch (column.type) {
    case 'text':
      return 'VARCHAR';
    case 'integer':
      return 'BIGINT';
    case 'decimal':
      return `DECIMAL(${Math.min(38, column.precision)}, ${Math.min(column.scale, column.precision)})`;
    case 'datetime':
      return 'TIMESTAMP';
    default:
      return column.type.toUpperCase();
  }
}

/** A value brought to its column's type; what does not fit becomes null, and is then a reject. */
export function typed(sql: string, expression: Expression | null, column: ColumnPlan): string {
  const type = sqlType(column);
  if (column.type === 'text') return expression !== null && givesText(expression) ? sql : `CAST(${sql} AS VARCHAR)`;
  if (expression !== null && givesType(expression) === type) return sql;
  if (column.type === 'integer') {
    // 12.7 would be rounded by a cast; a value that is not whole is not an integer.
    // Only what is not written plainly (`007`, `5.0`) takes the second branch: wide decimals are slow.
    const whole = `TRY_CAST(${sql} AS BIGINT)`;
    return `(CASE WHEN CAST(${whole} AS VARCHAR) = ${text(sql)} THEN ${whole} WHEN TRY_CAST(${sql} AS DECIMAL(38, 6)) = ${whole} THEN ${whole} END)`;
  }
  if (column.type === 'boolean') {
    return `(CASE upper(CAST(${sql} AS VARCHAR)) WHEN 'Y' THEN TRUE WHEN 'YES' THEN TRUE WHEN '1' THEN TRUE WHEN 'TRUE' THEN TRUE WHEN 'N' THEN FALSE WHEN 'NO' THEN FALSE WHEN '0' THEN FALSE WHEN 'FALSE' THEN FALSE END)`;
  }
  if (column.type === 'decimal' && (expression === null || givesText(expression))) {
    // A cast rounds. What a rule has reckoned may need that; a value that was recorded is never changed on the way, nor is a
    // spreadsheet's `1.2E5` taken for a recorded number.
    const beyond = `[eE]|\\.\\d{${column.scale}}\\d*[1-9]`;
    return `(CASE WHEN NOT regexp_matches(${text(sql)}, ${quoteLiteral(beyond)}) THEN TRY_CAST(${sql} AS ${type}) END)`;
  }
  return `TRY_CAST(${sql} AS ${type})`;
}

/** The day of a date or an instant; null when the value is neither. */
export function dayOf(sql: string, expression: Expression): string {
  const type = givesType(expression);
  if (type === 'DATE') return sql;
  if (type === 'TIMESTAMP') return `CAST(${sql} AS DATE)`;
  return `coalesce(TRY_CAST(${sql} AS DATE), CAST(TRY_CAST(${sql} AS TIMESTAMP) AS DATE))`;
}

function givesText(expression: Expression): boolean {
  return (
    expression.kind === 'column' ||
    expression.kind === 'text' ||
    (expression.kind === 'call' && expression.name === 'trim')
  );
}

function givesType(expression: Expression): string | null {
  if (expression.kind === 'cast') return expression.type;
  if (expression.kind !== 'call') return null;
  switch (expression.name) {
    case 'horolog_date':
    case 'text_date':
      return 'DATE';
    case 'horolog_stamp':
    case 'horolog_datetime':
    case 'text_datetime':
    case 'join_datetime':
      return 'TIMESTAMP';
    case 'horolog_time':
    case 'text_time':
      return 'TIME';
    default:
      return null;
  }
}
