import type { Catalog, CatalogField } from '../catalog/catalog.ts';
import { type Relationship, relationshipsOf } from '../catalog/relationships.ts';
import { compareText } from '../shared/order.ts';

/** A field whose values may be keys of another table. */
export interface LinkCandidate {
  readonly from: CatalogField;
  readonly to: CatalogField;
  readonly origin: Relationship['origin'];
  /** 1 when declared; otherwise what names and types alone are worth. */
  readonly score: number;
  readonly reason: string;
}

/** Each inferred candidate costs a join; a catalog with more than these has names that mean nothing. */
const MOST_INFERRED = 4000;
/** Shorter key names are the ending of too many words. */
const SHORTEST_ENDING = 4;
/** Key names that so many tables have, that having one says nothing. */
const BARE_NAMES = /^(row_?)?(id|identifier|number|num|code|cd|key|no|uid|seq|type|name)$/i;

/**
 * Links to look for in the data, by the field they start from: the declared ones, the ones the catalog suggests, and
 * every field that has, or ends in, the name of another table's single key and is of its type. A field may have
 * several candidates: the data decide.
 */
export function linkCandidates(catalog: Catalog): LinkCandidate[] {
  const found = new Map<string, LinkCandidate>();
  const offer = (candidate: LinkCandidate): void => {
    const { from, to } = candidate;
    const pair = [from.table, from.field, to.table, to.field].join('\u0000');
    if (!found.has(pair)) found.set(pair, candidate);
  };
  for (const { kind, from, to, origin, score, reason } of relationshipsOf(catalog))
    if (kind === 'link' && to !== null) offer({ from, to, origin, score, reason });
  const declared = new Set([...found.values()].filter(({ origin }) => origin === 'declared').map(({ from }) => from));
  const keys = new KeyNames(catalog);
  // A document that says where a field leads is not second-guessed.
  for (const table of catalog.tables.values())
    for (const from of table.fields)
      if (!declared.has(from)) for (const candidate of keys.candidatesFor(from)) offer(candidate);
  const order = new Map([...catalog.tables.values()].flatMap(({ fields }) => fields).map((field, at) => [field, at]));
  const sorted = [...found.values()].sort(
    (a, b) =>
      (order.get(a.from) ?? 0) - (order.get(b.from) ?? 0) ||
      b.score - a.score ||
      compareText(a.to.table, b.to.table) ||
      compareText(a.to.field, b.to.field),
  );
  return mostLikely(sorted);
}

/** All declared candidates and the most likely inferred ones, in the given order. */
function mostLikely(sorted: readonly LinkCandidate[]): LinkCandidate[] {
  const inferred = sorted.filter(({ origin }) => origin === 'inferred').sort((a, b) => b.score - a.score);
  const kept = new Set(inferred.slice(0, MOST_INFERRED));
  return sorted.filter((candidate) => candidate.origin === 'declared' || kept.has(candidate));
}

/** Single keys by their names in lower case. */
class KeyNames {
  readonly #keys = new Map<string, CatalogField[]>();

  constructor(catalog: Catalog) {
    for (const table of catalog.tables.keys()) {
      const [key, ...more] = catalog.primaryKey(table);
      if (key === undefined || more.length > 0 || BARE_NAMES.test(key.field)) continue;
      const name = key.field.toLowerCase();
      this.#keys.set(name, [...(this.#keys.get(name) ?? []), key]);
    }
  }

  candidatesFor(from: CatalogField): LinkCandidate[] {
    const name = from.field.toLowerCase();
    const found = this.#leadingTo(from, name, 0.9, 'it has the name of that key');
    // Looks up each ending instead of comparing with every key: catalogs have tens of thousands of fields.
    for (let at = 1; at <= name.length - SHORTEST_ENDING; at += 1)
      found.push(...this.#leadingTo(from, name.slice(at), 0.7, 'its name ends in the name of that key'));
    return found;
  }

  #leadingTo(from: CatalogField, name: string, score: number, reason: string): LinkCandidate[] {
    return (this.#keys.get(name) ?? []).flatMap((to): LinkCandidate[] => {
      if (to.table === from.table || to.dataType !== from.dataType) return [];
      // Two tables with one key name may be halves of one record, or strangers that both count from 1.
      return [{ from, to, origin: 'inferred', score: from.primaryKey ? score - 0.3 : score, reason }];
    });
  }
}
