/** What a column of a field list can mean. */
export const MEANINGS = [
  'table',
  'table_title',
  'field',
  'type',
  'length',
  'precision',
  'scale',
  'mandatory',
  'nullable',
  'key',
  'foreign_key',
  'code_set',
  'format',
  'description',
  'ordinal',
] as const;
export type Meaning = (typeof MEANINGS)[number];

/** Header words by meaning, compared without case, blanks and punctuation. The first list is what people write most. */
const WORDS: Readonly<Record<Meaning, string>> = {
  table: 'table name, table, load table, entity, entity name, file name, global, object',
  table_title: 'table title, table description, entity description',
  field:
    'field name, field, column name, column, data element, element, element name, attribute, attribute name, item, data item, cdm field name, name',
  type: 'data type, type, datatype, field type, column type, format type',
  length: 'length, len, size, max length, field length, width, max len',
  precision: 'precision, digits, numeric precision',
  scale: 'scale, decimals, decimal places, numeric scale',
  mandatory: 'mandatory, required, is required, not null, m/o, optionality, mandatory optional, is mandatory',
  nullable: 'nullable, is nullable, null, nulls allowed, allow nulls, optional',
  key: 'key, primary key, pk, unique key, is primary key, key type, pk fk',
  foreign_key: 'foreign key, links to, references, fk, reference, refers to, parent, relationship',
  code_set: 'code table, code set, code list, lookup, value set, codes, lookup table, reference data, domain',
  format: 'format, format notes, format / notes, notes, remarks, comments, storage format',
  description:
    'description, definition, element description, meaning, business description, field description, comment',
  ordinal: 'ordinal, position, no, seq, order, column number',
};

const PHRASES: ReadonlyMap<string, readonly { readonly meaning: Meaning; readonly rank: number }[]> = (() => {
  const phrases = new Map<string, { meaning: Meaning; rank: number }[]>();
  for (const meaning of MEANINGS) {
    for (const [rank, word] of WORDS[meaning].split(',').entries()) {
      const key = folded(word);
      phrases.set(key, [...(phrases.get(key) ?? []), { meaning, rank }]);
    }
  }
  return phrases;
})();

/** One column of a field list with the meaning chosen for it. */
export interface HeaderChoice {
  readonly header: string;
  readonly meaning: Meaning | '';
  /** 0 to 1. */
  readonly confidence: number;
}

/** Chooses a meaning for each header cell; each meaning is used once, by the cell that names it best. */
export function chooseMeanings(cells: readonly string[]): HeaderChoice[] {
  const scored = cells.flatMap((header, column) =>
    MEANINGS.map((meaning) => ({ column, meaning, score: headerScore(header, meaning) })),
  );
  scored.sort(
    (a, b) => b.score - a.score || a.column - b.column || MEANINGS.indexOf(a.meaning) - MEANINGS.indexOf(b.meaning),
  );
  const chosen = new Map<number, { meaning: Meaning; score: number }>();
  const used = new Set<Meaning>();
  for (const { column, meaning, score } of scored) {
    if (score <= 0 || chosen.has(column) || used.has(meaning)) continue;
    chosen.set(column, { meaning, score });
    used.add(meaning);
  }
  return cells.map((header, column) => {
    const choice = chosen.get(column);
    return { header, meaning: choice?.meaning ?? '', confidence: choice?.score ?? 0 };
  });
}

/** 1 for the usual words, less for rarer ones, and for headers that only hold such a word. */
function headerScore(header: string, meaning: Meaning): number {
  const text = folded(header);
  if (text === '') return 0;
  const exact = PHRASES.get(text)?.find((phrase) => phrase.meaning === meaning);
  if (exact !== undefined) return round(1 - 0.02 * exact.rank);
  const words = header.toLowerCase().split(/[^a-z]+/);
  const holds = WORDS[meaning].split(',').some((phrase) =>
    phrase
      .trim()
      .split(' ')
      .every((word) => words.includes(word)),
  );
  return holds ? 0.6 : 0;
}

function folded(text: string): string {
  return text
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replaceAll(/[^a-z]/g, '');
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
