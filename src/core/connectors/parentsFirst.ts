import { compareText } from '../shared/order.ts';
import type { LoadTable } from './connector.ts';

/** Tables with those they refer to before them; names decide where the links leave it open. A circle is cut at its first name. */
export function parentsFirst(tables: readonly LoadTable[]): LoadTable[] {
  const byName = new Map(tables.map((table) => [table.table.name, table]));
  const ordered: LoadTable[] = [];
  const seen = new Set<string>();
  const visit = (table: LoadTable): void => {
    if (seen.has(table.table.name)) return;
    seen.add(table.table.name);
    const parents = table.table.fields.flatMap(({ foreignKey }) => (foreignKey === null ? [] : [foreignKey.table]));
    for (const name of [...new Set(parents)].sort(compareText)) {
      const parent = byName.get(name);
      if (parent !== undefined) visit(parent);
    }
    ordered.push(table);
  };
  for (const table of [...tables].sort((a, b) => compareText(a.table.name, b.table.name))) visit(table);
  return ordered;
}
