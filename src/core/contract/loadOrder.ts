import type { Catalog } from '../catalog/catalog.ts';

/**
 * Target table → load order from its foreign keys: 1 for tables without parents, children after all their parents. In a
 * ring of tables the one named first in the catalog goes first, since one of them must be loaded before its parent.
 */
export function loadOrders(target: Catalog): Map<string, number> {
  const parents = new Map<string, Set<string>>();
  for (const table of target.tables.values()) {
    const names = table.fields.flatMap((field) => (field.foreignKey === null ? [] : [field.foreignKey.table]));
    parents.set(table.name, new Set(names.filter((name) => name !== table.name && target.table(name) !== undefined)));
  }
  const orders = new Map<string, number>();
  let waiting = [...parents.keys()];
  while (waiting.length > 0) {
    const ready = waiting.filter((name) => [...(parents.get(name) ?? [])].every((parent) => orders.has(parent)));
    // Nothing is ready: the tables left form rings, or hang below one.
    const loaded = ready.length > 0 ? ready : waiting.slice(0, 1);
    const now = loaded.map((name) => {
      const known = [...(parents.get(name) ?? [])].map((parent) => orders.get(parent) ?? 0);
      return [name, Math.max(0, ...known) + 1] as const;
    });
    for (const [name, order] of now) orders.set(name, order);
    waiting = waiting.filter((name) => !orders.has(name));
  }
  return orders;
}
