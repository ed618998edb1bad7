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
  'fk_table',
  'fk_field',
  'code_set',
  'format',
  'description',
  'ordinal',
] as const;
export type Meaning = (typeof MEANINGS)[number];

/** Header words by meaning, compared without case, blanks and punctuation. The first list is what people write most. */
const WORDS: Readonly<Record<Meaning, string>> = {
  table:
    'table name, table, load table, entity, entity name, file name, global, object, class, class name, resource, table id, record type, cdm table name, relation, dataset',
  table_title: 'table title, table description, entity description',
  field:
    'field name, field, column name, column, data element, element, element name, attribute, attribute name, item, data item, cdm field name, name, property, property name, column id, variable, variable name, field id, item name, physical name, attribute id',
  type: 'data type, type, datatype, cdm datatype, sql type, db type, storage type, value type, field type, column type, format type, type length, format length, type and length, data type length',
  length:
    'length, len, size, max length, field length, width, max len, maxlen, chars, bytes, max size, column length, data length, max length chars',
  precision: 'precision, prec, digits, numeric precision, prec scale, precision scale, precision and scale',
  scale: 'scale, dec, decimals, decimal places, numeric scale',
  mandatory:
    'mandatory, required, is required, not null, m/o, optionality, mandatory optional, is mandatory, reqd, mand, m/r/o, m/r/o/p',
  nullable: 'nullable, is nullable, null, nulls allowed, allow nulls, optional, null option',
  key: 'key, primary key, pk, unique key, is primary key, key type, pk fk, keys, is pk',
  foreign_key: 'foreign key, links to, references, fk, reference, refers to, parent, relationship',
  fk_table:
    'fk table name, fk table, foreign table, foreign key table, references table, referenced table, ref table, parent table, linked table',
  fk_field:
    'fk field name, fk field, fk column, fk column name, foreign column, foreign key column, references column, references field, referenced column, ref column, parent column, linked field',
  code_set:
    'code table, code set, code list, lookup, value set, codes, lookup table, reference data, domain, valid values, permitted values, allowed values, terminology, vocabulary, codeset, enumeration, picklist, valid codes',
  format: 'format, format notes, format / notes, notes, remarks, comments, storage format',
  description:
    'description, definition, element description, meaning, business description, field description, comment, label, caption, prompt, display name, long name, business name, user guidance, guidance, details, explanation, purpose',
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

const PHRASE_WORDS: ReadonlyMap<Meaning, readonly (readonly string[])[]> = new Map(
  MEANINGS.map((meaning) => [meaning, WORDS[meaning].split(',').map((phrase) => phrase.trim().split(' '))]),
);

/** One column of a field list with the meaning chosen for it. */
export interface HeaderChoice {
  readonly header: string;
  readonly meaning: Meaning | '';
  /** 0 to 1. */
  readonly confidence: number;
}

/** True when a cell is one of the usual words for a meaning and nothing else. */
export function isHeaderWord(cell: string, meaning?: Meaning): boolean {
  const phrases = cell.length > MOST_HEADER ? undefined : PHRASES.get(folded(cell));
  return phrases !== undefined && (meaning === undefined || phrases.some((phrase) => phrase.meaning === meaning));
}

/** Header words longer than this are prose; columns beyond this many are no field list's. */
const MOST_HEADER = 80;
const MOST_COLUMNS = 200;

/**
 * Chooses a meaning for each header cell; each meaning is used once, by the cell that names it best.
 *
 * @param decided meanings that people gave to header texts; they win. An empty one means: this column says nothing.
 */
export function chooseMeanings(
  cells: readonly string[],
  decided: ReadonlyMap<string, Meaning | ''> = new Map(),
): HeaderChoice[] {
  const scored = cells.slice(0, MOST_COLUMNS).flatMap((header, column) => {
    const given = decided.get(header);
    if (given !== undefined) return given === '' ? [] : [{ column, meaning: given, score: 1.01 }];
    return MEANINGS.map((meaning) => ({ column, meaning, score: headerScore(header, meaning) }));
  });
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
    return { header, meaning: choice?.meaning ?? '', confidence: Math.min(1, choice?.score ?? 0) };
  });
}

/** 1 for the usual words, less for rarer ones, and for headers that only hold such a word. */
function headerScore(header: string, meaning: Meaning): number {
  const text = header.length > MOST_HEADER ? '' : folded(header);
  if (text === '') return 0;
  const exact = PHRASES.get(text)?.find((phrase) => phrase.meaning === meaning);
  if (exact !== undefined) return round(1 - 0.02 * exact.rank);
  const words = spaced(header).split(/[^a-z]+/);
  return (PHRASE_WORDS.get(meaning) ?? []).some((phrase) => phrase.every((word) => words.includes(word))) ? 0.6 : 0;
}

function folded(text: string): string {
  return spaced(text).replaceAll(/[^a-z]/g, '');
}

/** `cdmFieldName` → `cdm field name`. */
function spaced(text: string): string {
  return text.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
