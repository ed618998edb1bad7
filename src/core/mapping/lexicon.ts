import { ABBREVIATIONS, stem } from '../concepts/abbreviations.ts';
import { GENERIC, HOUSEKEEPING, NAME_WORDS, OPPOSED, RELATED, SILENT, SYNONYMS } from './lexiconText.ts';

/** A term that is often used for another, and how far that counts (0 to 1). */
export interface RelatedTerm {
  readonly term: string;
  readonly weight: number;
}

/** One line of a project's own dictionary. With a weight below 1 the two are related, else they mean the same. */
export interface DictionaryEntry {
  readonly term: string;
  readonly means: string;
  readonly weight: number;
}

const MOST_PHRASE = 4;
/** Letters that make a squashed name worth cutting; shorter ones are abbreviations. */
const LEAST_SQUASHED = 6;
/** Names and descriptions are compared by their first words. */
const MOST_WORDS = 60;

const SILENT_WORDS = new Set(SILENT.split(' '));
const NAME_TERMS = new Map(NAME_WORDS.split(', ').map((line) => line.split(': ') as [string, string]));
const OPPOSED_TERMS = OPPOSED.split(', ').map((pair) => pair.split(' ') as [string, string]);
const GENERIC_TERMS = new Set(GENERIC.split(' '));

/**
 * Brings the words of names and descriptions to common terms: `PAT_NO`, `subjectId` and *patient number* become
 * `patient`, `identifier`. Deterministic; made of the built-in words and a project's own dictionary.
 */
export class Lexicon {
  /** Phrase (words joined by blanks) → terms. */
  readonly #phrases = new Map<string, readonly string[]>();
  /** Words that a squashed name may be cut into. */
  readonly #pieces = new Set<string>();
  readonly #related = new Map<string, RelatedTerm[]>();
  readonly #squashed = new Map<string, readonly string[]>();

  constructor(own: readonly DictionaryEntry[] = []) {
    for (const line of SYNONYMS.split('\n')) {
      const [term = '', words = ''] = line.split(': ');
      if (words === '') continue;
      this.#add(term, term);
      for (const phrase of words.split(', ')) this.#add(phrase, term);
    }
    for (const { term, means, weight } of own) if (weight >= 1) this.#add(wordsOf(term).join(' '), means.toLowerCase());
    for (const line of RELATED.split('\n')) {
      const [, a = '', b = '', weight = ''] = /^(\S+) ~ (\S+) (\S+)$/.exec(line) ?? [];
      if (a !== '') this.#relate(a, b, Number(weight));
    }
    for (const { term, means, weight } of own)
      if (weight < 1)
        for (const a of this.terms(wordsOf(term)))
          for (const b of this.terms(wordsOf(means))) this.#relate(a, b, weight);
    for (const word of ABBREVIATIONS.keys()) if (word.length >= 3) this.#pieces.add(word);
    for (const short of ['id', 'no', 'dt', 'tm', 'cd', 'nm']) this.#pieces.add(short);
  }

  /** Terms of some words, in order; words that say nothing are left out, unknown ones are cut to their stem. */
  terms(words: readonly string[]): string[] {
    const found: string[] = [];
    const told = words.filter((word) => !SILENT_WORDS.has(word)).slice(0, MOST_WORDS);
    for (let at = 0; at < told.length; ) {
      const taken = this.#phraseAt(told, at);
      found.push(...taken.terms);
      at += taken.words;
    }
    return found;
  }

  /** Terms of a table's or field's name, where small words mean more than in a sentence: `VALID_TO`. */
  nameTerms(name: string): string[] {
    return this.terms(
      wordsOf(name).map(
        (word) => NAME_TERMS.get(word) ?? (word === 'from' ? 'start' : word === 'no' ? 'number' : word),
      ),
    );
  }

  /** Terms that may stand for a term. */
  related(term: string): readonly RelatedTerm[] {
    return this.#related.get(term) ?? [];
  }

  #phraseAt(words: readonly string[], at: number): { readonly terms: readonly string[]; readonly words: number } {
    for (let count = Math.min(MOST_PHRASE, words.length - at); count > 1; count -= 1) {
      const terms = this.#phrases.get(words.slice(at, at + count).join(' '));
      if (terms !== undefined) return { terms, words: count };
    }
    return { terms: this.#word(words[at] ?? ''), words: 1 };
  }

  #word(word: string): readonly string[] {
    const known = this.#phrases.get(word) ?? this.#squashed.get(word);
    if (known !== undefined) return known;
    const long = ABBREVIATIONS.get(word);
    const terms =
      long !== undefined && long.join(' ') !== word
        ? long.flatMap((part) => this.#phrases.get(part) ?? [part])
        : (this.#singular(word) ?? this.#cut(word) ?? [stem(word)]);
    this.#squashed.set(word, terms);
    return terms;
  }

  #singular(word: string): readonly string[] | undefined {
    if (word.length < 4) return undefined;
    const single = word.replace(/ies$/, 'y').replace(/([^s])s$/, '$1');
    return this.#phrases.get(single) ?? this.#phrases.get(word.replace(/es$/, ''));
  }

  /** `dischtime` → disch, time: the cut into the fewest known words that leaves nothing over. */
  #cut(word: string): readonly string[] | undefined {
    if (word.length < LEAST_SQUASHED || word.length > 40) return undefined;
    const best: (readonly string[] | undefined)[] = [[]];
    for (let end = 1; end <= word.length; end += 1) {
      for (let start = Math.max(0, end - 14); start < end; start += 1) {
        const before = best[start];
        const piece = word.slice(start, end);
        if (before === undefined || !this.#pieces.has(piece)) continue;
        const here = best[end];
        if (here === undefined || before.length + 1 < here.length) best[end] = [...before, piece];
      }
    }
    const pieces = best[word.length];
    if (pieces === undefined || pieces.length > 4) return undefined;
    return pieces.flatMap((piece) => this.#phrases.get(piece) ?? ABBREVIATIONS.get(piece) ?? [piece]);
  }

  #add(phrase: string, term: string): void {
    const words = term.split(' ').filter((word) => !SILENT_WORDS.has(word));
    this.#phrases.set(phrase, words.length === 1 ? words : words.map((word) => this.#single(word)));
    if (!phrase.includes(' ') && phrase.length >= 3) this.#pieces.add(phrase);
  }

  /** A word of a term of several words is itself brought to its term, where that is one word. */
  #single(word: string): string {
    const [term, ...more] = this.#phrases.get(word) ?? [];
    return term === undefined || more.length > 0 ? word : term;
  }

  #relate(a: string, b: string, weight: number): void {
    if (a === b) return;
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      const list = this.#related.get(from) ?? [];
      if (list.every(({ term }) => term !== to)) list.push({ term: to, weight });
      this.#related.set(from, list);
    }
  }
}

/** Words of a name or text: parts of `camelCase`, `UPPER_CASE` and `name2`. */
export function wordsOf(text: string): string[] {
  return text
    .slice(0, 600)
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .replaceAll(/([a-z])(\d)/g, '$1 $2')
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

/** True when one says what the other excludes: *start* and *end*. */
export function areOpposed(a: { has(term: string): boolean }, b: { has(term: string): boolean }): boolean {
  return OPPOSED_TERMS.some(
    ([one, other]) =>
      (a.has(one) && !a.has(other) && b.has(other) && !b.has(one)) ||
      (a.has(other) && !a.has(one) && b.has(one) && !b.has(other)),
  );
}

/** True when `source` speaks of a record's history and `wanted` does not. */
export function isHousekeeping(
  source: { has(term: string): boolean },
  wanted: { has(term: string): boolean },
): boolean {
  const terms = HOUSEKEEPING.split(' ');
  return terms.some((term) => source.has(term)) && !terms.some((term) => wanted.has(term)) && !wanted.has('recorded');
}

/** True for terms such as *identifier* or *date*, which say what kind of value it is, not of what. */
export function isGeneric(term: string): boolean {
  return GENERIC_TERMS.has(term) || /^\d+$/.test(term);
}
