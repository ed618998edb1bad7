import { type RuleWordKind, ruleWords } from '../contract/ruleWords.ts';
import type { ScannedRecord } from '../csv/csvScan.ts';
import { cellSpans } from '../csv/csvSheet.ts';

/** Kinds of coloured text in a contract: names that colour themes know. */
export const TOKEN_KINDS = [
  'keyword',
  'namespace',
  'property',
  'type',
  'enumMember',
  'class',
  'variable',
  'function',
  'string',
  'number',
  'operator',
  'interface',
  'macro',
  'comment',
] as const;
export type TokenKind = (typeof TOKEN_KINDS)[number];

/** A coloured stretch of the text, by offset. */
export interface ContractToken {
  readonly start: number;
  readonly end: number;
  readonly kind: TokenKind;
}

const OF_COLUMN: Readonly<Record<string, TokenKind>> = {
  target_table: 'namespace',
  target_field: 'property',
  data_type: 'type',
  mandatory: 'keyword',
  mapping_class: 'enumMember',
  source_table: 'class',
  source_field: 'variable',
  crosswalk: 'interface',
  default_value: 'string',
  confidence: 'number',
  status: 'macro',
  notes: 'comment',
};
const OF_WORD: Readonly<Record<RuleWordKind, TokenKind>> = {
  function: 'function',
  column: 'variable',
  qualifier: 'class',
  keyword: 'keyword',
  text: 'string',
  number: 'number',
  operator: 'operator',
};

/**
 * What to colour in one record of a contract, in text order. Commas and columns that people added keep the editor's own
 * colour; a rule is coloured word by word.
 *
 * @param text that the record's offsets count in
 */
export function contractTokens(text: string, record: ScannedRecord, columns: readonly string[]): ContractToken[] {
  const spans = cellSpans(text, record.start, record.end);
  return spans.flatMap(({ start, end }, index): ContractToken[] => {
    const column = columns[index] ?? '';
    if (end <= start) return [];
    if (column === 'rule') return ruleTokens(text, start, end);
    const kind = OF_COLUMN[column];
    return kind === undefined ? [] : [{ start, end, kind }];
  });
}

/** The header's names, all in one colour. */
export function headerTokens(text: string, header: ScannedRecord): ContractToken[] {
  return cellSpans(text, header.start, header.end)
    .filter(({ start, end }) => end > start)
    .map(({ start, end }) => ({ start, end, kind: 'keyword' }));
}

/** Words of a rule where they stand in the text: in a quoted cell every quote is written twice. */
function ruleTokens(text: string, start: number, end: number): ContractToken[] {
  const written = text.slice(start, end);
  const quoted = written.startsWith('"');
  const at: number[] = [];
  let rule = '';
  for (let index = quoted ? 1 : 0; index < written.length - (quoted ? 1 : 0); index += 1) {
    at.push(start + index);
    rule += written.charAt(index);
    if (quoted && written.startsWith('""', index)) index += 1;
  }
  at.push(end - (quoted ? 1 : 0));
  return ruleWords(rule).map((word) => ({
    start: at[word.start] ?? start,
    end: at[word.end] ?? end,
    kind: OF_WORD[word.kind],
  }));
}
