import { z } from 'zod';
import type { Engine } from '../engine/engine.ts';
import { quoteLiteral } from '../engine/sqlText.ts';
import type { Expression, Operator } from './expression.ts';
import { FUNCTION_SYNONYMS, RULE_FUNCTIONS } from './ruleFunctions.ts';

/** A rule that cannot be used: the sentence, and where in the rule text (from 0) it starts. */
export interface RuleFault {
  readonly message: string;
  readonly offset: number | null;
}

/** A parsed rule. Columns carry the alias as written, `''` when unqualified; the binder resolves them. */
export type ParsedRule =
  | { readonly ok: true; readonly expression: Expression }
  | { readonly ok: false; readonly fault: RuleFault };

const PREFIX = 'SELECT ';
/** A rule longer than this is a mistake, and deep nesting would exhaust the stack. */
const LONGEST_RULE = 4000;
const DEEPEST = 60;

/**
 * Parses rules with the engine's own parser (`json_serialize_sql`, which runs nothing) and keeps only what the
 * allow-list names. The rule text itself never becomes part of a statement that runs.
 *
 * @param rules distinct rule texts; the answer has one entry for each
 */
export async function parseRules(engine: Engine, rules: readonly string[]): Promise<Map<string, ParsedRule>> {
  const parsed = new Map<string, ParsedRule>();
  const askable: string[] = [];
  for (const rule of new Set(rules)) {
    const refusal = refuseEarly(rule);
    if (refusal === null) askable.push(rule);
    else parsed.set(rule, { ok: false, fault: refusal });
  }
  for (let start = 0; start < askable.length; start += 200) {
    const batch = askable.slice(start, start + 200);
    // The line end closes a `--` comment, which would otherwise swallow what follows.
    const values = batch.map((rule, index) => `(${index}, ${quoteLiteral(`${PREFIX}${rule}\n`)})`).join(', ');
    const rows = await engine.rows(
      `SELECT id, json_serialize_sql(rule) AS tree FROM (VALUES ${values}) AS given(id, rule) ORDER BY id`,
    );
    for (const [index, rule] of batch.entries()) parsed.set(rule, readTree(String(rows[index]?.['tree'] ?? '')));
  }
  return parsed;
}

function refuseEarly(rule: string): RuleFault | null {
  if (rule.trim() === '') return { message: 'The rule is empty.', offset: 0 };
  if (rule.length > LONGEST_RULE) return { message: `The rule is longer than ${LONGEST_RULE} characters.`, offset: 0 };
  const control = [...rule].findIndex((character) => character < ' ' && !'\t\n\r'.includes(character));
  if (control >= 0) return { message: 'The rule holds a control character.', offset: control };
  return null;
}

const Failure = z.object({ error: z.literal(true), error_message: z.string(), position: z.string().optional() });
const Success = z.object({
  error: z.literal(false),
  statements: z.array(
    z.object({
      node: z.looseObject({
        type: z.string(),
        select_list: z.array(z.unknown()).optional(),
        from_table: z.looseObject({ type: z.string() }).nullish(),
        where_clause: z.unknown().nullish(),
        group_expressions: z.array(z.unknown()).optional(),
        having: z.unknown().nullish(),
        qualify: z.unknown().nullish(),
        modifiers: z.array(z.unknown()).optional(),
      }),
    }),
  ),
});

class Refusal extends Error {
  readonly offset: number | null;
  constructor(message: string, offset: number | null) {
    super(message);
    this.offset = offset;
  }
}

function readTree(json: string): ParsedRule {
  const data: unknown = JSON.parse(json);
  const failure = Failure.safeParse(data);
  if (failure.success) {
    const position = failure.data.position === undefined ? null : Number(failure.data.position) - PREFIX.length;
    return {
      ok: false,
      fault: { message: `It is not an SQL expression: ${failure.data.error_message}.`, offset: position },
    };
  }
  try {
    return { ok: true, expression: readNode(onlyExpression(Success.parse(data)), 0) };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, fault: { message: error.message, offset: error.offset } };
    throw error;
  }
}

/** One expression and nothing else: no FROM, WHERE, GROUP BY, ORDER BY, UNION, second column or second statement. */
function onlyExpression(tree: z.infer<typeof Success>): unknown {
  const [statement, another] = tree.statements;
  const node = statement?.node;
  const expressions = node?.select_list ?? [];
  const bare =
    another === undefined &&
    node?.type === 'SELECT_NODE' &&
    node.from_table?.type === 'EMPTY' &&
    (node.where_clause ?? null) === null &&
    (node.having ?? null) === null &&
    (node.qualify ?? null) === null &&
    (node.group_expressions ?? []).length === 0 &&
    (node.modifiers ?? []).length === 0;
  if (!bare || expressions.length !== 1) {
    throw new Refusal('A rule is one expression: no FROM, WHERE, ORDER BY, UNION and no second column.', null);
  }
  return expressions[0];
}

const Node = z.looseObject({
  class: z.string(),
  type: z.string(),
  alias: z.string().optional(),
  query_location: z.number().optional(),
});
type Node = z.infer<typeof Node>;

const COMPARISONS: Readonly<Record<string, Operator>> = {
  COMPARE_EQUAL: '=',
  COMPARE_NOTEQUAL: '<>',
  COMPARE_LESSTHAN: '<',
  COMPARE_LESSTHANOREQUALTO: '<=',
  COMPARE_GREATERTHAN: '>',
  COMPARE_GREATERTHANOREQUALTO: '>=',
  COMPARE_DISTINCT_FROM: 'is distinct from',
  COMPARE_NOT_DISTINCT_FROM: 'is not distinct from',
  CONJUNCTION_AND: 'and',
  CONJUNCTION_OR: 'or',
  OPERATOR_NOT: 'not',
  OPERATOR_IS_NULL: 'is null',
  OPERATOR_IS_NOT_NULL: 'is not null',
  COMPARE_IN: 'in',
  COMPARE_NOT_IN: 'not in',
};
const OPERATOR_FUNCTIONS: Readonly<Record<string, Operator>> = {
  '+': '+',
  '-': '-',
  '*': '*',
  '/': '/',
  '||': '||',
  '~~': 'like',
  '!~~': 'not like',
};
const CAST_TYPES = new Set(['VARCHAR', 'INTEGER', 'BIGINT', 'DECIMAL', 'DATE', 'TIMESTAMP', 'TIME', 'BOOLEAN']);

function readNode(raw: unknown, depth: number): Expression {
  const node = Node.parse(raw);
  const offset = offsetOf(node);
  if (depth > DEEPEST) throw new Refusal('The rule is nested too deeply.', offset);
  const deeper = (part: unknown): Expression => readNode(part, depth + 1);
  switch (node.class) {
    case 'COLUMN_REF':
      return readColumn(node, offset);
    case 'CONSTANT':
      return readConstant(node, offset);
    case 'FUNCTION':
      return readCall(node, offset, deeper);
    case 'COMPARISON':
      return operator(COMPARISONS[node.type], [node['left'], node['right']].map(deeper), node, offset);
    case 'CONJUNCTION':
      return operator(COMPARISONS[node.type], list(node['children']).map(deeper), node, offset);
    case 'BETWEEN':
      return { kind: 'operator', operator: 'between', args: [node['input'], node['lower'], node['upper']].map(deeper) };
    case 'OPERATOR': {
      const args = list(node['children']).map(deeper);
      if (node.type === 'OPERATOR_COALESCE') return { kind: 'call', name: 'coalesce', args };
      return operator(COMPARISONS[node.type], args, node, offset);
    }
    case 'CASE':
      return {
        kind: 'case',
        whens: list(node['case_checks']).map((check) => {
          const branch = check as { when_expr: unknown; then_expr: unknown };
          return { when: deeper(branch.when_expr), value: deeper(branch.then_expr) };
        }),
        otherwise: deeper(node['else_expr']),
      };
    case 'CAST':
      return readCast(node, offset, deeper);
    default:
      throw new Refusal(
        `A rule may not use ${plainName(node.class)}; use columns, literals, CASE and the listed functions.`,
        offset,
      );
  }
}

function readColumn(node: Node, offset: number | null): Expression {
  const names = list(node['column_names']).map(String);
  if (names.length > 2) throw new Refusal('A column is written COLUMN or TABLE.COLUMN.', offset);
  return { kind: 'column', alias: names.length === 2 ? (names[0] ?? '') : '', column: names.at(-1) ?? '' };
}

function readConstant(node: Node, offset: number | null): Expression {
  const value = node['value'] as {
    type: { id: string; type_info: { scale?: number } | null };
    is_null: boolean;
    value?: unknown;
  };
  if (value.is_null) return { kind: 'null' };
  if (value.type.id === 'VARCHAR') return { kind: 'text', value: String(value.value) };
  if (value.type.id === 'BOOLEAN') return { kind: 'boolean', value: value.value === true };
  if (value.type.id === 'INTEGER') return { kind: 'number', value: String(value.value) };
  if (value.type.id === 'DECIMAL' && Number.isSafeInteger(value.value)) {
    return { kind: 'number', value: scaled(Number(value.value), value.type.type_info?.scale ?? 0) };
  }
  throw new Refusal('A number in a rule must fit a 32-bit integer or a short decimal; quote codes as text.', offset);
}

/** 150 at scale 2 is `1.50`, without passing through a float. */
function scaled(digits: number, scale: number): string {
  if (scale === 0) return String(digits);
  const sign = digits < 0 ? '-' : '';
  const padded = String(Math.abs(digits)).padStart(scale + 1, '0');
  return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
}

function readCall(node: Node, offset: number | null, deeper: (part: unknown) => Expression): Expression {
  const written = String(node['function_name']);
  const args = list(node['children']).map(deeper);
  if ((node['filter'] ?? null) !== null || node['distinct'] === true || hasOrder(node)) {
    throw new Refusal('A rule works on one row: no FILTER, DISTINCT or ORDER BY in a call.', offset);
  }
  if (node['is_operator'] === true) return operator(OPERATOR_FUNCTIONS[written], args, node, offset);
  const schema = String(node['schema'] ?? '');
  if (written === 'date_part' || (schema !== '' && schema !== 'main') || String(node['catalog'] ?? '') !== '') {
    throw new Refusal(`The function ${written} is not allowed in a rule.`, offset);
  }
  const name = FUNCTION_SYNONYMS[written] ?? written;
  const known = RULE_FUNCTIONS.get(name);
  if (known === undefined)
    throw new Refusal(
      `The function ${written} is not allowed in a rule; see the list of rule functions in the README.`,
      offset,
    );
  const [least, most] = known.args;
  if (args.length < least || args.length > most) {
    const wanted = least === most ? `${least}` : `${least} to ${most}`;
    throw new Refusal(`${name} takes ${wanted} arguments, not ${args.length}.`, offset);
  }
  if (known.literal !== undefined) {
    const given = args[known.literal.argument];
    if (given?.kind !== 'text' || !known.literal.values.includes(given.value)) {
      throw new Refusal(
        `Argument ${known.literal.argument + 1} of ${name} must be one of ${known.literal.values.map((value) => `'${value}'`).join(', ')}.`,
        offset,
      );
    }
  }
  return { kind: 'call', name, args };
}

function readCast(node: Node, offset: number | null, deeper: (part: unknown) => Expression): Expression {
  const type = node['cast_type'] as { id: string; type_info: { width?: number; scale?: number } | null };
  // The parser writes TRUE and FALSE as a cast of 't' and 'f'.
  const child = Node.parse(node['child']);
  if (type.id === 'BOOLEAN' && child.class === 'CONSTANT') {
    const literal = (child['value'] as { value?: unknown }).value;
    if (literal === 't' || literal === 'f') return { kind: 'boolean', value: literal === 't' };
  }
  if (!CAST_TYPES.has(type.id))
    throw new Refusal(`A rule may not cast to ${type.id}; use one of ${[...CAST_TYPES].join(', ')}.`, offset);
  const width = type.type_info?.width;
  const full = type.id === 'DECIMAL' ? `DECIMAL(${width ?? 18},${type.type_info?.scale ?? 3})` : type.id;
  return { kind: 'cast', type: full, arg: deeper(node['child']) };
}

function operator(
  found: Operator | undefined,
  args: readonly Expression[],
  node: Node,
  offset: number | null,
): Expression {
  if (found === undefined) throw new Refusal(`A rule may not use ${plainName(node.type)}.`, offset);
  return { kind: 'operator', operator: found, args };
}

function hasOrder(node: Node): boolean {
  const orders = (node['order_bys'] as { orders?: unknown[] } | null | undefined)?.orders ?? [];
  return orders.length > 0;
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function plainName(kind: string): string {
  return kind.toLowerCase().replaceAll('_', ' ');
}

/** The parser says "unknown" as the largest unsigned number. */
function offsetOf(node: Node): number | null {
  const location = node.query_location ?? Number.MAX_VALUE;
  return location > LONGEST_RULE * 2 ? null : Math.max(0, location - PREFIX.length);
}
