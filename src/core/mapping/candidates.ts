import type { Catalog, CatalogField } from '../catalog/catalog.ts';
import { stems, wordsOfName } from '../concepts/abbreviations.ts';
import type { MappingClass } from '../contract/contract.ts';
import { compareText } from '../shared/order.ts';

/** A source field that may feed a target field, with the reasons in words. */
export interface Candidate {
  readonly source: CatalogField;
  /** 0 to 1. */
  readonly score: number;
  readonly proposedClass: MappingClass;
  readonly reasons: readonly string[];
}

/** What the matcher knows beside the catalogs. */
export interface MappingEvidence {
  /** Crosswalk name → target codes it gives. */
  readonly crosswalkTargets: ReadonlyMap<string, ReadonlySet<string>>;
  /** Code set name → its codes. */
  readonly codeSets: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Candidates kept for each target field. */
export const MOST_CANDIDATES = 5;
/** Below this a pair is not worth showing. */
export const LEAST_SCORE = 0.3;

interface Indexed {
  readonly field: CatalogField;
  readonly name: ReadonlySet<string>;
  readonly description: ReadonlySet<string>;
}

/**
 * Scores source fields for target fields. An inverted index over words and concepts limits the pairs that are looked
 * at, so that the work grows with what is alike and not with the product of both schemas.
 */
export class FieldMatcher {
  readonly #source: readonly Indexed[];
  readonly #byWord = new Map<string, number[]>();
  readonly #byConcept = new Map<string, number[]>();
  readonly #affinity: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly #evidence: MappingEvidence;

  constructor(source: Catalog, target: Catalog, evidence: MappingEvidence) {
    this.#evidence = evidence;
    this.#source = source.fields.map(index);
    for (const [at, entry] of this.#source.entries()) {
      for (const word of new Set([...entry.name, ...entry.description])) push(this.#byWord, word, at);
      if (entry.field.concept !== '') push(this.#byConcept, entry.field.concept, at);
    }
    this.#affinity = tableAffinity(source, target);
  }

  /** The best candidates of one target field, best first; ties by source catalog order. */
  candidates(target: CatalogField): Candidate[] {
    const wanted = index(target);
    const near = new Set<number>();
    for (const word of [...wanted.name, ...wanted.description]) {
      const hits = this.#byWord.get(word) ?? [];
      // A word that half the schema holds says nothing.
      if (hits.length <= Math.max(50, this.#source.length / 4)) for (const at of hits) near.add(at);
    }
    for (const at of this.#byConcept.get(target.concept) ?? []) near.add(at);
    const scored = [...near].map((at) => ({ at, candidate: this.#score(wanted, this.#source[at] as Indexed) }));
    return scored
      .filter(({ candidate }) => candidate.score >= LEAST_SCORE)
      .sort((a, b) => b.candidate.score - a.candidate.score || a.at - b.at)
      .slice(0, MOST_CANDIDATES)
      .map(({ candidate }) => candidate);
  }

  /** Source tables that fit a target table, best first. */
  tablesFor(target: string): readonly { readonly table: string; readonly score: number }[] {
    const found = [...(this.#affinity.get(target) ?? [])].map(([table, score]) => ({ table, score }));
    return found.sort((a, b) => b.score - a.score || compareText(a.table, b.table));
  }

  #score(target: Indexed, source: Indexed): Candidate {
    const reasons: string[] = [];
    const words = Math.max(
      overlap(target.description, source.description),
      0.9 * overlap(target.name, source.description),
      0.8 * overlap(target.name, source.name),
    );
    if (words >= 0.5) reasons.push(`the words agree (${Math.round(words * 100)}%)`);
    const concept =
      target.field.concept !== '' && target.field.concept === source.field.concept
        ? target.field.family === source.field.family
          ? 1
          : 0.6
        : 0;
    if (concept > 0) reasons.push(`both hold ${target.field.concept.replaceAll('_', ' ')}`);
    const table = this.#affinity.get(target.field.table)?.get(source.field.table) ?? 0;
    if (table >= 0.5) reasons.push(`${source.field.table} is what ${target.field.table} is made of`);
    const codes = this.#codeFit(target.field, source.field);
    if (codes > 0) reasons.push(`the crosswalk ${source.field.codeSet} gives codes of ${target.field.codeSet}`);
    const type = typeFit(target.field, source.field);
    if (type < 0.5) reasons.push(`${source.field.dataType} does not fit ${target.field.dataType}`);
    const meaning = Math.max(words, concept);
    const score =
      (0.5 * meaning +
        0.35 * table +
        0.15 * Math.max(codes, target.field.codeSet === '' && source.field.codeSet === '' ? 0.8 : 0)) *
      type;
    const lookup = target.field.codeSet !== '' && source.field.codeSet !== '';
    return {
      source: source.field,
      score: Math.round(Math.min(1, score) * 1000) / 1000,
      proposedClass: lookup ? 'lookup' : 'direct',
      reasons,
    };
  }

  /** Share of the crosswalk's targets that the target's code list knows. */
  #codeFit(target: CatalogField, source: CatalogField): number {
    const given = this.#evidence.crosswalkTargets.get(source.codeSet);
    const known = this.#evidence.codeSets.get(target.codeSet);
    if (given === undefined || known === undefined || given.size === 0) return 0;
    let shared = 0;
    for (const code of given) if (known.has(code)) shared += 1;
    return shared / given.size;
  }
}

/** How well a target table fits each source table: same family, else the share of its concepts and words found there. */
function tableAffinity(source: Catalog, target: Catalog): Map<string, Map<string, number>> {
  const sourceWords = [...source.tables.values()].map((table) => ({
    table,
    words: tableWords(table.fields, table.name),
  }));
  return new Map(
    [...target.tables.values()].map((wanted) => {
      const words = tableWords(wanted.fields, wanted.name);
      const scores = sourceWords.map(({ table, words: own }) => {
        const family = wanted.family !== '' && wanted.family === table.family ? 1 : 0;
        return [table.name, Math.max(family, 0.9 * overlap(words, own))] as const;
      });
      return [wanted.name, new Map(scores)] as const;
    }),
  );
}

function tableWords(fields: readonly CatalogField[], name: string): ReadonlySet<string> {
  const known = fields.filter((field) => field.concept !== '').map((field) => field.concept);
  return new Set([...stems(wordsOfName(name)), ...known]);
}

function index(field: CatalogField): Indexed {
  return { field, name: stems(wordsOfName(field.field)), description: stems(field.description.split(/[\s()]+/)) };
}

function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size === 0 || b.size === 0) return 0;
  let shared = 0;
  for (const word of a) if (b.has(word)) shared += 1;
  return (2 * shared) / (a.size + b.size);
}

const TEMPORAL = new Set(['DATE', 'DATETIME', 'TIME']);

function typeFit(target: CatalogField, source: CatalogField): number {
  if (target.dataType === source.dataType) return 1;
  const both = [target.dataType, source.dataType];
  if (both.every((type) => TEMPORAL.has(type))) return both.includes('TIME') ? 0.3 : 0.7;
  if (both.some((type) => TEMPORAL.has(type))) return 0.3;
  return both.includes('VARCHAR') ? 0.85 : 0.95;
}

function push(map: Map<string, number[]>, key: string, value: number): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
