/**
 * A rule after parsing: plain data, checked against the allow-list and the catalog, ready for any SQL dialect.
 * No text of the contract goes further than this except as a quoted literal.
 */
export type Expression =
  | { readonly kind: 'column'; readonly alias: string; readonly column: string }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'number'; readonly value: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'operator'; readonly operator: Operator; readonly args: readonly Expression[] }
  | {
      readonly kind: 'case';
      readonly whens: readonly { readonly when: Expression; readonly value: Expression }[];
      readonly otherwise: Expression;
    }
  | { readonly kind: 'cast'; readonly type: CastType; readonly arg: Expression };

/** Operators by the name the plan uses; each dialect renders them. */
export const OPERATORS = [
  '=',
  '<>',
  '<',
  '<=',
  '>',
  '>=',
  'is distinct from',
  'is not distinct from',
  'and',
  'or',
  'not',
  'is null',
  'is not null',
  'in',
  'not in',
  'between',
  'like',
  'not like',
  '+',
  '-',
  '*',
  '/',
  '||',
] as const;
export type Operator = (typeof OPERATORS)[number];

/** Types a rule may cast to; a decimal carries its digits. A cast that fails gives null, never an error. */
export type CastType = string;

/** The direct parts of an expression. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'call':
    case 'operator':
      return expression.args;
    case 'case':
      return [...expression.whens.flatMap(({ when, value }) => [when, value]), expression.otherwise];
    case 'cast':
      return [expression.arg];
    default:
      return [];
  }
}

/** The expression and all parts below it, outermost first. */
export function* walk(expression: Expression): Generator<Expression> {
  yield expression;
  for (const part of partsOf(expression)) yield* walk(part);
}

/** Columns an expression reads, each once, as `alias` and `column`. */
export function columnsOf(expressions: Iterable<Expression>): { alias: string; column: string }[] {
  const found = new Map<string, { alias: string; column: string }>();
  for (const expression of expressions) {
    for (const part of walk(expression)) {
      if (part.kind === 'column')
        found.set(`${part.alias}\u0000${part.column}`, { alias: part.alias, column: part.column });
    }
  }
  return [...found.values()];
}

export function column(alias: string, name: string): Expression {
  return { kind: 'column', alias, column: name };
}

export function text(value: string): Expression {
  return { kind: 'text', value };
}

export function call(name: string, ...args: Expression[]): Expression {
  return { kind: 'call', name, args };
}
