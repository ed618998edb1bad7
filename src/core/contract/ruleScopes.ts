import { parseCsvText } from '../csv/csvText.ts';
import { OUT_OF_SCOPE_ROW_SET } from './contract.ts';
import { parseJoins } from './tableClauses.ts';

/** The tables that the rules of one row set can see. */
export interface RuleScope {
  readonly rowSet: string;
  /** The driving table, which columns without a qualifier belong to. */
  readonly driving: string;
  /** Alias → source table, the driving table under its own name included. */
  readonly tables: Readonly<Record<string, string>>;
}

/** Target table → its row sets, from the text of the tables file. A clause that is not in its form adds nothing. */
export function ruleScopes(tablesText: string, tablesFile: string): Map<string, RuleScope[]> {
  const scopes = new Map<string, RuleScope[]>();
  for (const { cells } of parseCsvText(tablesText, tablesFile, []).value.records) {
    const [target = '', rowSet = '', driving = ''] = ['target_table', 'row_set', 'driving_table'].map(
      (column) => cells[column]?.trim() ?? '',
    );
    if (target === '' || rowSet === OUT_OF_SCOPE_ROW_SET) continue;
    const joined = (parseJoins(cells['joins'] ?? '') ?? []).map(({ alias, table }): [string, string] => [alias, table]);
    const scope = { rowSet, driving, tables: Object.fromEntries([[driving, driving], ...joined]) };
    scopes.set(target, [...(scopes.get(target) ?? []), scope]);
  }
  return scopes;
}

/** The row sets that a field row is for: one, or all of its table when it names none. */
export function scopesOf(
  scopes: ReadonlyMap<string, readonly RuleScope[]>,
  targetTable: string,
  rowSet: string,
): readonly RuleScope[] {
  return (scopes.get(targetTable) ?? []).filter((scope) => rowSet === '' || scope.rowSet === rowSet);
}
