import type { Catalog } from '../catalog/catalog.ts';
import type { Expression } from './expression.ts';

/** The tables a row set can see: its driving table and its joins, by alias. */
export interface Scope {
  readonly catalog: Catalog;
  /** Alias of the driving table, which unqualified columns belong to. */
  readonly driving: string;
  /** Alias → source table name. */
  readonly tables: ReadonlyMap<string, string>;
}

/** Resolves every column of a parsed rule to an alias in scope and the catalog's spelling, or says what is unknown. */
export function bindColumns(expression: Expression, scope: Scope): { expression: Expression } | { fault: string } {
  const faults: string[] = [];
  const bound = rewrite(expression, (part) => {
    if (part.kind !== 'column') return part;
    const alias = part.alias === '' ? scope.driving : matchName(part.alias, scope.tables.keys());
    if (alias === null) {
      faults.push(`The table ${part.alias} is neither the driving table nor joined here; add it to joins.`);
      return part;
    }
    const table = scope.tables.get(alias) ?? '';
    const fields = scope.catalog.table(table)?.fields.map((field) => field.field) ?? [];
    const column = matchName(part.column, fields);
    if (column === null) {
      faults.push(`The column ${part.column} is not in ${table}; check its spelling in the source catalog.`);
      return part;
    }
    return { kind: 'column', alias, column };
  });
  const fault = faults[0];
  return fault === undefined ? { expression: bound } : { fault };
}

/** Exact spelling first, then the same name in another case when only one fits. */
function matchName(name: string, candidates: Iterable<string>): string | null {
  const all = [...candidates];
  if (all.includes(name)) return name;
  const folded = all.filter((candidate) => candidate.toUpperCase() === name.toUpperCase());
  return folded.length === 1 ? (folded[0] ?? null) : null;
}

/** Rebuilds an expression with each part replaced, innermost first. */
export function rewrite(expression: Expression, change: (part: Expression) => Expression): Expression {
  const inner = (part: Expression): Expression => rewrite(part, change);
  switch (expression.kind) {
    case 'call':
      return change({ ...expression, args: expression.args.map(inner) });
    case 'operator':
      return change({ ...expression, args: expression.args.map(inner) });
    case 'case':
      return change({
        kind: 'case',
        whens: expression.whens.map(({ when, value }) => ({ when: inner(when), value: inner(value) })),
        otherwise: inner(expression.otherwise),
      });
    case 'cast':
      return change({ ...expression, arg: inner(expression.arg) });
    default:
      return change(expression);
  }
}
