import type { Catalog, CatalogField } from '../catalog/catalog.ts';
import type { MappingClass } from '../contract/contract.ts';
import { compareText, groupBy } from '../shared/order.ts';
import type { Steps } from '../shared/steps.ts';
import { chooseDrivingTable } from './drivingTable.ts';
import { codeFit, dataTerms, type MappingEvidence } from './evidence.ts';
import { expand, type FieldWords, fieldWords, likeness, norm, type TermVector } from './fieldWords.ts';
import { areOpposed, isHousekeeping, type Lexicon } from './lexicon.ts';
import { SourceLinks } from './sourceLinks.ts';

/** A source field that may feed a target field, with the reasons in words. */
export interface Candidate {
  readonly source: CatalogField;
  /** 0 to 1. */
  readonly score: number;
  readonly proposedClass: MappingClass;
  readonly reasons: readonly string[];
}

/** How well a source table fits a target table, 0 to 1. */
export interface TableFit {
  readonly table: string;
  readonly score: number;
}

/** What was found for both catalogs. */
export interface Matching {
  /** Candidates of a target field, best first; ties by source catalog order. */
  candidates(field: CatalogField): readonly Candidate[];
  /** Source tables that fit a target table, best first. */
  tablesFor(target: string): readonly TableFit[];
}

/** Candidates kept for each target field. */
export const MOST_CANDIDATES = 5;
/** Below this a pair is not worth showing. */
const LEAST_SCORE = 0.25;
/** Fields that share most words are looked at in full, at most so many for each target field. */
const MOST_COMPARED = 80;
/** What shared codes add. */
const CODES_SHARE = 0.04;
/** Source tables whose fields are all compared with a target table's. */
const TABLES_IN_FULL = 3;
/** Pairs below this say nothing of how their tables fit. */
const LEAST_MEANING = 0.4;
/** What a table contributes to a field's score; the rest is the field's own. */
const TABLE_SHARE = 0.3;
/** Sources outside the tables that were chosen for a target table count less. */
const OTHER_TABLE = 0.7;
/** A source that another field of the same table fits clearly better counts less. */
const CLEAR_LEAD = 0.05;
const CLAIMED_SHARE = 0.9;
/** What is left of a pair whose names exclude each other (start, end). */
const OPPOSED_SHARE = 0.6;
/** What is left when a record's own history would feed something else. */
const HOUSEKEEPING_SHARE = 0.7;
const JOINED_TABLE = 0.97;

interface Pair {
  readonly source: FieldWords;
  readonly meaning: number;
  readonly type: number;
  readonly reasons: readonly string[];
}

/**
 * Finds for every target field the source fields that may feed it. First by words: an index over terms limits the pairs
 * that are looked at, so that the work grows with what is alike and not with the product of both schemas. Then by
 * tables: fields that agree say which tables belong together, and a target table should draw from few, connected ones.
 */
export function* matchFields(
  source: Catalog,
  target: Catalog,
  lexicon: Lexicon,
  evidence: MappingEvidence,
): Steps<Matching> {
  const words = yield* fieldWords(source, target, lexicon, (field) => dataTerms(field, evidence));
  const index = new TermIndex();
  for (const [at, own] of words.source.entries()) {
    index.add(own);
    if (at % 200 === 199) yield;
  }
  const pairs = new Map<CatalogField, Pair[]>();
  for (const own of words.target) {
    pairs.set(own.field, comparePairs(own, index, words.source, lexicon, evidence));
    yield;
  }
  const first = yield* tableFits(source, target, pairs, lexicon);
  yield* compareWithin(words, first, pairs, lexicon, evidence);
  const fits = yield* tableFits(source, target, pairs, lexicon);
  const links = new SourceLinks(source);
  const found = new Map<CatalogField, Candidate[]>();
  for (const table of target.tables.values()) {
    const scored = table.fields.map((field) => scorePairs(field, pairs.get(field) ?? [], fits, evidence));
    yield;
    const driving = chooseDrivingTable(
      scored.map((list) => list.slice(0, 20).map(({ source: from, score }) => ({ sourceTable: from.table, score }))),
      links,
      LEAST_MEANING,
    );
    const claims = bestClaims(scored);
    for (const [at, field] of table.fields.entries()) {
      const settled = (scored[at] ?? []).map((candidate) => {
        const from = candidate.source.table;
        const share =
          driving === null || from === driving.table ? 1 : driving.reachable.has(from) ? JOINED_TABLE : OTHER_TABLE;
        const claimed = (claims.get(candidate.source) ?? 0) > candidate.score + CLEAR_LEAD ? CLAIMED_SHARE : 1;
        return { ...candidate, score: round(candidate.score * share * claimed) };
      });
      settled.sort((a, b) => b.score - a.score);
      found.set(field, settled.filter(({ score }) => score >= LEAST_SCORE).slice(0, MOST_CANDIDATES));
    }
    yield;
  }
  return {
    candidates: (field) => found.get(field) ?? [],
    tablesFor: (name) =>
      [...(fits.get(name) ?? [])]
        .map(([table, score]) => ({ table, score: round(score) }))
        .sort((a, b) => b.score - a.score || compareText(a.table, b.table)),
  };
}

/** Source field → the best score that any field of one target table gives it: one column rarely feeds two. */
function bestClaims(scored: readonly (readonly Candidate[])[]): Map<CatalogField, number> {
  const best = new Map<CatalogField, number>();
  for (const { source, score } of scored.flat()) best.set(source, Math.max(best.get(source) ?? 0, score));
  return best;
}

/** Term → fields that hold it. */
class TermIndex {
  readonly #postings = new Map<string, { readonly at: number; readonly weight: number }[]>();

  add(words: FieldWords): void {
    const vector = both(words);
    const length = norm(vector);
    for (const [term, weight] of vector) {
      const list = this.#postings.get(term);
      const entry = { at: words.at, weight: weight / length };
      if (list === undefined) this.#postings.set(term, [entry]);
      else list.push(entry);
    }
  }

  /** Places of the fields that share most with the terms, best first. */
  nearest(wanted: TermVector, fields: number): number[] {
    const sums = new Float64Array(fields);
    const touched: number[] = [];
    for (const [term, weight] of wanted) {
      for (const { at, weight: own } of this.#postings.get(term) ?? []) {
        if (sums[at] === 0) touched.push(at);
        sums[at] = (sums[at] ?? 0) + weight * own;
      }
    }
    touched.sort((a, b) => (sums[b] ?? 0) - (sums[a] ?? 0) || a - b);
    return touched.slice(0, MOST_COMPARED);
  }
}

function both(words: FieldWords): TermVector {
  const vector = new Map(words.inTable);
  for (const [term, weight] of words.described) vector.set(term, Math.max(vector.get(term) ?? 0, 0.7 * weight));
  return vector;
}

/** Every field of the tables that fit best is compared in full, also those that share no rare word. */
function* compareWithin(
  words: { readonly source: readonly FieldWords[]; readonly target: readonly FieldWords[] },
  fits: ReadonlyMap<string, ReadonlyMap<string, number>>,
  pairs: Map<CatalogField, Pair[]>,
  lexicon: Lexicon,
  evidence: MappingEvidence,
): Steps<void> {
  const byTable = groupBy(words.source, (own) => own.field.table);
  const best = new Map<string, readonly FieldWords[]>();
  for (const [target, tables] of fits) {
    const ranked = [...tables].sort(([a, x], [b, y]) => y - x || compareText(a, b)).slice(0, TABLES_IN_FULL);
    best.set(
      target,
      ranked.flatMap(([table]) => byTable.get(table) ?? []),
    );
    yield;
  }
  for (const wanted of words.target) {
    const known = pairs.get(wanted.field) ?? [];
    const seen = new Set(known.map((pair) => pair.source));
    const more = (best.get(wanted.field.table) ?? []).filter((source) => !seen.has(source));
    pairs.set(wanted.field, [...known, ...compare(wanted, more, lexicon, evidence)]);
    yield;
  }
}

function comparePairs(
  wanted: FieldWords,
  index: TermIndex,
  sources: readonly FieldWords[],
  lexicon: Lexicon,
  evidence: MappingEvidence,
): Pair[] {
  const near = index.nearest(expand(both(wanted), lexicon), sources.length);
  return compare(
    wanted,
    near.flatMap((at) => sources[at] ?? []),
    lexicon,
    evidence,
  );
}

function compare(
  wanted: FieldWords,
  sources: readonly FieldWords[],
  lexicon: Lexicon,
  evidence: MappingEvidence,
): Pair[] {
  const expanded = {
    name: expand(wanted.name, lexicon),
    inTable: expand(wanted.inTable, lexicon),
    described: expand(wanted.described, lexicon),
  };
  const norms = { name: norm(wanted.name), inTable: norm(wanted.inTable), described: norm(wanted.described) };
  return sources.map((source): Pair => {
    const name = likeness(wanted.name, expanded.name, norms.name, source.name);
    const inTable = likeness(wanted.inTable, expanded.inTable, norms.inTable, source.inTable);
    const described = likeness(wanted.described, expanded.described, norms.described, source.described);
    // The table's words alone make no field: something of its own must agree.
    const named = name > 0 ? Math.max(0.97 * name, inTable) : 0.5 * inTable;
    const told = wanted.hasDescription || source.hasDescription;
    const text = told ? Math.max(0.5 * named + 0.5 * described, 0.9 * named, 0.9 * described) : named;
    const reasons: string[] = [];
    const shared = sharedTerms(expanded.name, source.name);
    if (named >= 0.5 && shared !== '') reasons.push(`the names agree on ${shared} (${percent(named)})`);
    if (told && described >= 0.5) reasons.push(`the descriptions agree (${percent(described)})`);
    const concept = conceptFit(wanted.field, source.field);
    if (concept > 0) reasons.push(`both hold ${wanted.field.concept.replaceAll('_', ' ')}`);
    const codes = codeFit(wanted.field, source.field, evidence);
    if (codes >= 0.5) reasons.push(`${percent(codes)} of its codes are codes of ${wanted.field.codeSet}`);
    const opposed = areOpposed(wanted.name, source.name);
    if (opposed) reasons.push('the names exclude each other');
    const type =
      typeFit(wanted.field, source.field) *
      (opposed ? OPPOSED_SHARE : 1) *
      (isHousekeeping(source.name, wanted.name) ? HOUSEKEEPING_SHARE : 1);
    if (type < 0.5 && !opposed) reasons.push(`${source.field.dataType} does not fit ${wanted.field.dataType}`);
    const said = Math.max(text, 0.35 * text + 0.65 * concept);
    // Shared codes lift a pair, also above one whose words agree as well; local codes may share none and still be right.
    const meaning =
      codes === 0 ? said * (1 - CODES_SHARE) : Math.min(1, said * (1 - CODES_SHARE) + 2 * CODES_SHARE * codes);
    return { source, meaning, type, reasons };
  });
}

/** Same concept of the domain, surest in the same kind of table. */
function conceptFit(target: CatalogField, source: CatalogField): number {
  if (target.concept === '' || target.concept !== source.concept) return 0;
  return target.family === source.family ? 1 : 0.7;
}

/** Target table → source table → how well they fit: what their fields say, their names, and the kind of table. */
function* tableFits(
  source: Catalog,
  target: Catalog,
  pairs: ReadonlyMap<CatalogField, readonly Pair[]>,
  lexicon: Lexicon,
): Steps<ReadonlyMap<string, ReadonlyMap<string, number>>> {
  const fits = new Map<string, ReadonlyMap<string, number>>();
  for (const table of target.tables.values()) {
    const sums = new Map<string, number>();
    for (const field of table.fields) {
      const best = new Map<string, number>();
      for (const { source: from, meaning, type } of pairs.get(field) ?? []) {
        const value = meaning * type;
        if (value >= LEAST_MEANING) best.set(from.field.table, Math.max(best.get(from.field.table) ?? 0, value));
      }
      for (const [name, value] of best) sums.set(name, (sums.get(name) ?? 0) + value * value);
    }
    const most = Math.max(1, ...sums.values());
    const fit = new Map<string, number>();
    const named = tableNames(table.name, source, lexicon);
    for (const name of source.tables.keys()) {
      const share = (sums.get(name) ?? 0) / most;
      const family = table.family !== '' && source.table(name)?.family === table.family ? 1 : 0;
      const score = Math.max(0.6 * share + 0.4 * (named.get(name) ?? 0), family * (0.7 + 0.3 * share));
      if (score > 0) fit.set(name, Math.min(1, score));
    }
    fits.set(table.name, fit);
    yield;
  }
  return fits;
}

const TABLE_TERMS = new WeakMap<Catalog, ReadonlyMap<string, ReadonlyMap<string, number>>>();

/** Likeness of a table's name with the names of the source tables. */
function tableNames(name: string, source: Catalog, lexicon: Lexicon): Map<string, number> {
  const vectorOf = (table: string): Map<string, number> => new Map(lexicon.nameTerms(table).map((term) => [term, 1]));
  const known = TABLE_TERMS.get(source) ?? new Map([...source.tables.keys()].map((table) => [table, vectorOf(table)]));
  TABLE_TERMS.set(source, known);
  const own = vectorOf(name);
  const expanded = expand(own, lexicon);
  return new Map([...known].map(([table, vector]) => [table, likeness(own, expanded, norm(own), vector)]));
}

function scorePairs(
  field: CatalogField,
  pairs: readonly Pair[],
  fits: ReadonlyMap<string, ReadonlyMap<string, number>>,
  evidence: MappingEvidence,
): Candidate[] {
  const own = fits.get(field.table);
  const scored = pairs.map(({ source, meaning, type, reasons }) => {
    const table = own?.get(source.field.table) ?? 0;
    const key = keyFit(field, source.field, fits);
    const told = [...reasons];
    if (table >= 0.6) told.push(`${source.field.table} is the kind of table that ${field.table} is made of`);
    if (key > 0)
      told.push(field.primaryKey ? 'both are the key of their tables' : 'both lead to tables that fit each other');
    const score = type * (meaning * (1 - TABLE_SHARE + TABLE_SHARE * table) + 0.06 * key * meaning);
    return {
      at: source.at,
      candidate: {
        source: source.field,
        score: round(Math.min(1, score)),
        ...classOf(field, source.field, evidence, told),
      },
    };
  });
  scored.sort((a, b) => b.candidate.score - a.candidate.score || a.at - b.at);
  return scored.map(({ candidate }) => candidate);
}

/** A coded target field needs a crosswalk: the one that exists, or one to be made. */
function classOf(
  target: CatalogField,
  source: CatalogField,
  evidence: MappingEvidence,
  reasons: readonly string[],
): { readonly proposedClass: MappingClass; readonly reasons: readonly string[] } {
  if (target.codeSet === '') return { proposedClass: 'direct', reasons };
  const name = source.codeSet === '' ? target.codeSet : source.codeSet;
  const made = evidence.crosswalkTargets.has(name);
  const crosswalk = made ? `through the crosswalk ${name}` : `make the crosswalk ${name} to ${target.codeSet}`;
  return { proposedClass: 'lookup', reasons: [...reasons, crosswalk] };
}

/** Keys go with keys, and links with links to tables that fit each other. */
function keyFit(
  target: CatalogField,
  source: CatalogField,
  fits: ReadonlyMap<string, ReadonlyMap<string, number>>,
): number {
  if (target.foreignKey !== null && source.foreignKey !== null)
    return fits.get(target.foreignKey.table)?.get(source.foreignKey.table) ?? 0;
  return target.primaryKey && source.primaryKey ? (fits.get(target.table)?.get(source.table) ?? 0) : 0;
}

const TEMPORAL = new Set(['DATE', 'DATETIME', 'TIME']);

function typeFit(target: CatalogField, source: CatalogField): number {
  if (target.dataType === source.dataType) return 1;
  const types = [target.dataType, source.dataType];
  if (types.every((type) => TEMPORAL.has(type)))
    return !types.includes('TIME') ? 0.93 : types.includes('DATE') ? 0.4 : 0.75;
  // A date may be kept as text; it is never a yes or no.
  if (types.some((type) => TEMPORAL.has(type))) return types.includes('VARCHAR') ? 0.5 : 0.35;
  if (types.includes('BOOLEAN')) return types.includes('VARCHAR') ? 0.9 : 0.85;
  return types.includes('VARCHAR') ? 0.93 : 0.97;
}

function sharedTerms(expanded: TermVector, other: TermVector): string {
  return [...other.keys()]
    .filter((term) => expanded.has(term))
    .slice(0, 4)
    .join(', ');
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
