import type { Catalog, CatalogField, DataType } from '../catalog/catalog.ts';
import type { Steps } from '../shared/steps.ts';
import { isGeneric, type Lexicon, wordsOf } from './lexicon.ts';

/** Term → weight. */
export type TermVector = ReadonlyMap<string, number>;

/** A field as the matcher sees it. */
export interface FieldWords {
  readonly field: CatalogField;
  /** Place in its catalog, for ties. */
  readonly at: number;
  /** Terms of the name. */
  readonly name: TermVector;
  /** The same with the table's words beside it. */
  readonly inTable: TermVector;
  /** Terms of the description, with those of the name. */
  readonly described: TermVector;
  readonly hasDescription: boolean;
}

/** General words count less: every table has an identifier and a date. */
const GENERIC_WEIGHT = 0.75;
const TABLE_WEIGHT = 0.45;
/** A column of dates is about a date, also when its name does not say so. */
const TYPE_WEIGHT = 0.5;
const TYPE_TERMS: Readonly<Partial<Record<DataType, readonly string[]>>> = {
  DATE: ['date'],
  DATETIME: ['date', 'time'],
  TIME: ['time'],
};
const LONE_TABLE_WEIGHT = 0.75;
const DESCRIPTION_WEIGHT = 0.8;

/** How rare each term is over both catalogs: what half of the fields say tells nothing. */
export class TermWeights {
  readonly #frequency = new Map<string, number>();
  #fields = 0;

  /** Counts the terms of one field. */
  count(terms: Iterable<string>): void {
    this.#fields += 1;
    for (const term of new Set(terms)) this.#frequency.set(term, (this.#frequency.get(term) ?? 0) + 1);
  }

  of(term: string): number {
    const rarity = Math.log(1 + this.#fields / (this.#frequency.get(term) ?? 1));
    return rarity * (isGeneric(term) ? GENERIC_WEIGHT : 1);
  }

  vector(terms: Iterable<readonly [term: string, share: number]>): TermVector {
    const vector = new Map<string, number>();
    for (const [term, share] of terms) vector.set(term, Math.max(vector.get(term) ?? 0, share * this.of(term)));
    return vector;
  }
}

interface RawWords {
  readonly field: CatalogField;
  readonly name: readonly string[];
  readonly table: readonly string[];
  readonly description: readonly string[];
}

/**
 * Words of all fields of both catalogs, weighed by how rare they are in them.
 *
 * @param hints terms that the data of a source field adds (a column of postcodes says so)
 */
export function* fieldWords(
  source: Catalog,
  target: Catalog,
  lexicon: Lexicon,
  hints: (field: CatalogField) => readonly string[],
): Steps<{
  readonly source: readonly FieldWords[];
  readonly target: readonly FieldWords[];
  readonly weights: TermWeights;
}> {
  const weights = new TermWeights();
  const raw: { readonly source: RawWords[]; readonly target: RawWords[] } = { source: [], target: [] };
  for (const [side, catalog] of [
    ['source', source],
    ['target', target],
  ] as const) {
    const tables = new Map([...catalog.tables.keys()].map((name) => [name, lexicon.nameTerms(name)]));
    for (const [index, field] of catalog.fields.entries()) {
      const hinted = side === 'source' ? hints(field) : [];
      const words = {
        field,
        name: [...lexicon.nameTerms(field.field), ...hinted],
        table: tables.get(field.table) ?? [],
        description: lexicon.terms(wordsOf(field.description)),
      };
      weights.count([...words.name, ...words.description]);
      raw[side].push(words);
      if (index % 100 === 99) yield;
    }
  }
  const found: { source: FieldWords[]; target: FieldWords[] } = { source: [], target: [] };
  for (const side of ['source', 'target'] as const) {
    for (const [at, words] of raw[side].entries()) {
      found[side].push(weigh(words, at, weights));
      if (at % 200 === 199) yield;
    }
  }
  return { ...found, weights };
}

function weigh(words: RawWords, at: number, weights: TermWeights): FieldWords {
  const share = (terms: readonly string[], part: number): (readonly [string, number])[] =>
    terms.map((term) => [term, part] as const);
  // A name of general words only (`ID`, `NAME`) means its table's.
  const table = words.name.every(isGeneric) ? LONE_TABLE_WEIGHT : TABLE_WEIGHT;
  const name = [...share(words.name, 1), ...share(TYPE_TERMS[words.field.dataType] ?? [], TYPE_WEIGHT)];
  return {
    field: words.field,
    at,
    name: weights.vector(name),
    inTable: weights.vector([...name, ...share(words.table, table)]),
    described: weights.vector([...name, ...share(words.description, DESCRIPTION_WEIGHT)]),
    hasDescription: words.description.length > 0,
  };
}

/** A vector with the terms that may stand for its own. */
export function expand(vector: TermVector, lexicon: Lexicon): TermVector {
  const expanded = new Map(vector);
  for (const [term, weight] of vector)
    for (const related of lexicon.related(term))
      expanded.set(related.term, Math.max(expanded.get(related.term) ?? 0, weight * related.weight));
  return expanded;
}

export function norm(vector: TermVector): number {
  let sum = 0;
  for (const weight of vector.values()) sum += weight * weight;
  return Math.sqrt(sum);
}

/** How much of the likeness is the cosine; the rest is how much of what is wanted the other says. */
const COSINE_SHARE = 0.6;

/**
 * How far `other` says what `wanted` says, 0 to 1: the cosine of the two, and the share of the wanted terms that are
 * there. The second keeps a cryptic word beside the right ones from spoiling a pair.
 */
export function likeness(wanted: TermVector, expanded: TermVector, ownNorm: number, other: TermVector): number {
  const otherNorm = norm(other);
  if (ownNorm === 0 || otherNorm === 0) return 0;
  let dot = 0;
  for (const [term, weight] of other) dot += weight * (expanded.get(term) ?? 0);
  if (dot === 0) return 0;
  const cosine = Math.min(1, dot / (ownNorm * otherNorm));
  let covered = 0;
  for (const [term, weight] of wanted) covered += weight * Math.min(weight, other.get(term) ?? 0);
  const coverage = Math.min(1, covered / (ownNorm * ownNorm));
  return Math.max(cosine, COSINE_SHARE * cosine + (1 - COSINE_SHARE) * coverage);
}
