import { stem, wordsOfName } from '../concepts/abbreviations.ts';
import { compareText } from '../shared/order.ts';
import type { Catalog, CatalogField, CatalogTable } from './catalog.ts';

/** Columns of `schemas/schema_relationships.csv`. `link` lines lead to a table's key; `key` lines have no target. */
export const RELATIONSHIP_COLUMNS = [
  'side',
  'kind',
  'from_table',
  'from_field',
  'to_table',
  'to_field',
  'origin',
  'score',
  'reason',
] as const;

/** A key or link of a schema: said by its documents, or inferred from names and types. */
export interface Relationship {
  readonly kind: 'key' | 'link';
  readonly from: CatalogField;
  /** Null for a key. */
  readonly to: CatalogField | null;
  readonly origin: 'declared' | 'inferred';
  /** 1 when declared; inferred ones are from 0.5 up. */
  readonly score: number;
  readonly reason: string;
}

/** Words that end the names of keys. */
const KEY_WORDS = new Set(['id', 'identifier', 'number', 'code', 'key', 'no', 'uid']);

/**
 * All keys and links of a catalog, by table and field. Declared ones are taken as they are. A table without a declared
 * key gets the field that is named as one; a field without a declared link gets the table whose key has its name, or
 * whose own name it has. Inferred ones are suggestions: nothing is enforced by them.
 */
export function relationshipsOf(catalog: Catalog): Relationship[] {
  const keys = new Map<string, Relationship[]>();
  for (const table of catalog.tables.values()) keys.set(table.name, keysOf(table));
  const single = [...keys.values()].flatMap((own) => (own.length === 1 ? own : []));
  const finder = new LinkFinder(single);
  const found: Relationship[] = [];
  for (const table of catalog.tables.values()) {
    const own = keys.get(table.name) ?? [];
    found.push(...own);
    for (const field of table.fields) {
      const link = linkOf(field, catalog, own.length === 1 && own[0]?.from === field, finder);
      if (link !== null) found.push(link);
    }
  }
  return found;
}

function keysOf(table: CatalogTable): Relationship[] {
  const declared = table.fields.filter((field) => field.primaryKey);
  if (declared.length > 0)
    return declared.map((from) => ({
      kind: 'key',
      from,
      to: null,
      origin: 'declared',
      score: 1,
      reason: 'declared in the documents',
    }));
  const scored = table.fields
    .map((from, at) => ({ from, ...keyScore(from, table, at) }))
    .sort((a, b) => b.score - a.score || a.from.ordinal - b.from.ordinal);
  const best = scored[0];
  if (best === undefined || best.score < 0.5) return [];
  return [{ kind: 'key', from: best.from, to: null, origin: 'inferred', score: best.score, reason: best.reason }];
}

function keyScore(field: CatalogField, table: CatalogTable, at: number): { score: number; reason: string } {
  const none = { score: 0, reason: '' };
  if (field.foreignKey !== null || !['VARCHAR', 'INTEGER', 'DECIMAL'].includes(field.dataType)) return none;
  const words = wordsOfName(field.field);
  const last = words.at(-1) ?? '';
  if (!KEY_WORDS.has(last)) return none;
  const mandatory = field.mandatory ? 0.05 : 0;
  const own = words.slice(0, -1).map(stem).join(' ');
  if (own === '' || own === 'row') return { score: round(0.85 + mandatory), reason: `it is named ${field.field}` };
  if (own === tableStem(table.name)) return { score: round(0.9 + mandatory), reason: 'it has the name of its table' };
  if (at === 0)
    return { score: round(0.6 + 2 * mandatory), reason: 'it is the first field and named as an identifier' };
  return none;
}

function linkOf(field: CatalogField, catalog: Catalog, isKey: boolean, finder: LinkFinder): Relationship | null {
  if (field.foreignKey !== null) {
    const to = catalog.field(field.foreignKey.table, field.foreignKey.field) ?? null;
    if (to === null) return null;
    return { kind: 'link', from: field, to, origin: 'declared', score: 1, reason: 'declared in the documents' };
  }
  return isKey ? null : finder.find(field);
}

/** Finds the key that an undeclared link most likely leads to. */
class LinkFinder {
  readonly #byName = new Map<string, Relationship[]>();
  readonly #byTable = new Map<string, Relationship[]>();

  constructor(keys: readonly Relationship[]) {
    for (const key of keys) {
      push(this.#byName, key.from.field.toLowerCase(), key);
      push(this.#byTable, tableStem(key.from.table), key);
    }
  }

  find(field: CatalogField): Relationship | null {
    const name = field.field.toLowerCase();
    const words = wordsOfName(field.field);
    const isKeyName = KEY_WORDS.has(words.at(-1) ?? '');
    const plain = words.length > 1;
    const found: Relationship[] = [];
    const offer = (keys: readonly Relationship[], score: number, reason: string): void => {
      for (const key of keys) {
        if (key.from.table === field.table || !sameKind(field, key.from)) continue;
        const shared = keys.length > 1 ? 0.15 : 0;
        const sure = key.origin === 'declared' ? 0 : 0.1;
        const value = round(score - shared - sure);
        found.push({ kind: 'link', from: field, to: key.from, origin: 'inferred', score: value, reason });
      }
    };
    if (plain) offer(this.#byName.get(name) ?? [], 0.9, 'it has the name of that key');
    if (isKeyName && plain) {
      offer(this.#byTable.get(words.slice(0, -1).map(stem).join(' ')) ?? [], 0.85, 'it has the name of that table');
      for (let from = 1; from < words.length - 1; from += 1)
        offer(this.#byTable.get(words.slice(from, -1).map(stem).join(' ')) ?? [], 0.65, 'its name ends in that table');
    }
    found.sort((a, b) => b.score - a.score || compareText(a.to?.table ?? '', b.to?.table ?? ''));
    const best = found[0];
    return best === undefined || best.score < 0.5 ? null : best;
  }
}

function sameKind(a: CatalogField, b: CatalogField): boolean {
  if (a.dataType !== b.dataType) return false;
  return a.length === null || b.length === null || a.length === b.length;
}

/** `patients` and `PATIENT` have one stem. */
function tableStem(table: string): string {
  return wordsOfName(table)
    .map((word) => stem(word))
    .join(' ');
}

function push<V>(map: Map<string, V[]>, key: string, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
