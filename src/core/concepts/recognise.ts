import type { CatalogField } from '../catalog/catalog.ts';
import { compareText, groupBy } from '../shared/order.ts';
import type { Steps } from '../shared/steps.ts';
import { stems, wordsOfName } from './abbreviations.ts';
import { type Concept, FAMILIES, type Family } from './vocabulary.ts';

/** A field as the recogniser sees it; `tableTitle` is whatever the document says about its table. */
export type RecognisableField = Omit<CatalogField, 'family' | 'concept'> & { readonly tableTitle: string };

/** The family found for a table, with a score from 0 to 1; empty when none fits. */
export interface TableFamily {
  readonly table: string;
  readonly family: string;
  readonly score: number;
}

/** What people decided: these win over any guess. Keys are `TABLE` and `TABLE.FIELD`. */
export interface RecogniserOverrides {
  readonly families: Readonly<Record<string, string>>;
  readonly concepts: Readonly<Record<string, string>>;
}

/** Below this a table has no family, and a field no concept: better none than a wrong one. */
const LEAST_FAMILY = 0.45;
const LEAST_CONCEPT = 0.56;

/**
 * Gives each table a family and each field a concept, from names, descriptions, types, keys and links. Deterministic;
 * a concept goes to one field of a table, or to several that differ by a number only (former surname 1, 2, 3).
 */
export function* recogniseFields(
  fields: readonly RecognisableField[],
  overrides: RecogniserOverrides = { families: {}, concepts: {} },
): Steps<{ fields: CatalogField[]; families: TableFamily[] }> {
  const tables = groupBy(fields, (field) => field.table);
  const families: TableFamily[] = [];
  for (const [table, own] of tables) {
    families.push(familyOf(table, own, overrides));
    yield;
  }
  const familyByTable = new Map(families.map((found) => [found.table, found.family]));
  const concepts = new Map<RecognisableField, string>();
  for (const [table, own] of tables) {
    const family = FAMILIES.get(familyByTable.get(table) ?? '');
    if (family === undefined) continue;
    for (const [field, concept] of conceptsOf(own, family, familyByTable)) concepts.set(field, concept);
    yield;
  }
  const recognised = fields.map((field) => {
    const { tableTitle: _, ...plain } = field;
    const decided = overrides.concepts[`${field.table}.${field.field}`];
    return { ...plain, family: familyByTable.get(field.table) ?? '', concept: decided ?? concepts.get(field) ?? '' };
  });
  return { fields: recognised, families };
}

function familyOf(table: string, fields: readonly RecognisableField[], overrides: RecogniserOverrides): TableFamily {
  const decided = overrides.families[table];
  if (decided !== undefined) return { table, family: decided, score: 1 };
  const title = fields[0]?.tableTitle ?? '';
  const texts = [stems(wordsOfName(table)), ...title.split(/[.:;]/).map((part) => stems(part.split(/\s+/)))];
  const scored = [...FAMILIES.values()]
    .map((family) => ({ family, score: 0.55 * titleScore(texts, family) + 0.45 * coverage(fields, family) }))
    .sort((a, b) => b.score - a.score || compareText(a.family.id, b.family.id));
  const best = scored[0];
  const score = Math.round((best?.score ?? 0) * 100) / 100;
  return best === undefined || score < LEAST_FAMILY
    ? { table, family: '', score }
    : { table, family: best.family.id, score };
}

function titleScore(texts: readonly ReadonlySet<string>[], family: Family): number {
  let best = 0;
  for (const phrase of [...family.phrases, family.title]) {
    const wanted = stems(phrase.split(' '));
    for (const text of texts) best = Math.max(best, overlap(text, wanted));
  }
  return best;
}

/** Share of the fields that say something this family knows. */
function coverage(fields: readonly RecognisableField[], family: Family): number {
  const told = fields.filter((field) => !/housekeeping|spare|provenance/i.test(field.description));
  if (told.length === 0) return 0;
  const known = told.filter((field) => family.concepts.some((concept) => textScore(field, concept) >= 0.8));
  return known.length / told.length;
}

function conceptsOf(
  fields: readonly RecognisableField[],
  family: Family,
  familyByTable: ReadonlyMap<string, string>,
): Map<RecognisableField, string> {
  const keys = fields.filter((field) => field.primaryKey);
  const onlyKey = keys.length === 1 ? keys[0] : undefined;
  const scored = fields.flatMap((field) =>
    family.concepts.map((concept) => ({
      field,
      concept,
      score: fieldScore(field, concept, field === onlyKey, familyByTable),
    })),
  );
  scored.sort(
    (a, b) => b.score - a.score || a.field.ordinal - b.field.ordinal || compareText(a.concept.name, b.concept.name),
  );
  const chosen = new Map<RecognisableField, string>();
  const owner = new Map<string, RecognisableField>();
  for (const { field, concept, score } of scored) {
    if (score < LEAST_CONCEPT || chosen.has(field)) continue;
    const first = owner.get(concept.name);
    if (first !== undefined && !isRepeat(first, field)) continue;
    owner.set(concept.name, first ?? field);
    chosen.set(field, concept.name);
  }
  return chosen;
}

/** *Former surname 1* and *Former surname 2* are the same thing twice. */
function isRepeat(first: RecognisableField, other: RecognisableField): boolean {
  const unnumbered = (text: string): string => text.replaceAll(/\d+/g, '#');
  return /\d/.test(first.description) && unnumbered(first.description) === unnumbered(other.description);
}

function fieldScore(
  field: RecognisableField,
  concept: Concept,
  isOnlyKey: boolean,
  familyByTable: ReadonlyMap<string, string>,
): number {
  const isLink =
    field.foreignKey !== null &&
    concept.kind.type === 'ref' &&
    familyByTable.get(field.foreignKey.table) === concept.kind.family;
  // The one key field of a table is its key, whatever it is called, unless it only borrows its parent's key.
  if (isOnlyKey && concept.kind.type === 'key' && field.foreignKey === null) return 2;
  if (isOnlyKey && field.foreignKey === null && concept.kind.type !== 'text') return 0;
  const text = textScore(field, concept);
  return text === 0 ? 0 : (text + (isLink ? 0.35 : 0)) * kindFit(field, concept);
}

/** The words of a field: its description, what stands in brackets in it (another name), both, and its name. */
interface FieldWords {
  readonly descriptions: readonly ReadonlySet<string>[];
  readonly name: ReadonlySet<string>;
  /** Concepts that share a word with the field. */
  readonly concepts: ReadonlySet<Concept>;
}

const PHRASE_STEMS = new WeakMap<Concept, readonly ReadonlySet<string>[]>();
const FIELD_WORDS = new WeakMap<RecognisableField, FieldWords>();

function wordsOf(field: RecognisableField): FieldWords {
  const known = FIELD_WORDS.get(field);
  if (known !== undefined) return known;
  const [, head = '', bracketed = ''] = /^([^()]*)(?:\(([^)]*)\))?/.exec(field.description) ?? [];
  const descriptions = [head, bracketed, `${head} ${bracketed}`].map((text) => stems(text.split(/\s+/)));
  const name = stems(wordsOfName(field.field));
  const all = new Set([...name, ...descriptions.flatMap((text) => [...text])]);
  const concepts = new Set([...all].flatMap((word) => CONCEPTS_BY_STEM.get(word) ?? []));
  const words = { descriptions, name, concepts };
  FIELD_WORDS.set(field, words);
  return words;
}

function phrasesOf(concept: Concept): readonly ReadonlySet<string>[] {
  const known = PHRASE_STEMS.get(concept);
  if (known !== undefined) return known;
  const phrases = concept.phrases.map((phrase) => stems(phrase.split(' ')));
  PHRASE_STEMS.set(concept, phrases);
  return phrases;
}

/** Stem → concepts with a phrase that holds it: most concepts share no word with a field and need no look. */
const CONCEPTS_BY_STEM: ReadonlyMap<string, readonly Concept[]> = (() => {
  const index = new Map<string, Concept[]>();
  for (const concept of [...FAMILIES.values()].flatMap((family) => family.concepts)) {
    for (const word of new Set(phrasesOf(concept).flatMap((phrase) => [...phrase])))
      index.set(word, [...(index.get(word) ?? []), concept]);
  }
  return index;
})();

/** How well the words of a field name a concept: its description, else its name. */
function textScore(field: RecognisableField, concept: Concept): number {
  const { descriptions, name, concepts } = wordsOf(field);
  if (!concepts.has(concept)) return 0;
  let best = 0;
  for (const wanted of phrasesOf(concept)) {
    for (const [index, text] of descriptions.entries())
      best = Math.max(best, overlap(text, wanted) * (index === 0 ? 1 : 0.95));
    best = Math.max(best, overlap(name, wanted) * 0.85);
  }
  return best;
}

/** Harmonic mean of how much of each set the other holds: 1 when they are equal. */
function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size === 0 || b.size === 0) return 0;
  let shared = 0;
  for (const word of a) if (b.has(word)) shared += 1;
  return (2 * shared) / (a.size + b.size);
}

/** A date is no flag: types that cannot hold the concept rule it out, doubtful ones count less. */
function kindFit(field: RecognisableField, concept: Concept): number {
  const type = field.dataType;
  switch (concept.kind.type) {
    case 'date':
      return type === 'DATE' ? 1 : type === 'VARCHAR' ? 0.7 : 0;
    case 'datetime':
      return type === 'DATETIME' ? 1 : type === 'VARCHAR' ? 0.7 : 0;
    case 'time':
      return type === 'TIME' ? 1 : type === 'VARCHAR' ? 0.7 : 0;
    case 'number':
      return type === 'INTEGER' || type === 'DECIMAL' ? 1 : type === 'VARCHAR' ? 0.8 : 0;
    case 'flag':
      return type === 'BOOLEAN' || type === 'VARCHAR' ? 1 : type === 'INTEGER' ? 0.8 : 0;
    default:
      return type === 'DATE' || type === 'DATETIME' || type === 'TIME' ? 0 : 1;
  }
}
