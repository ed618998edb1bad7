/** What a word of a rule is to a person who reads it. */
export type RuleWordKind = 'function' | 'column' | 'qualifier' | 'keyword' | 'text' | 'number' | 'operator';

export interface RuleWord {
  readonly kind: RuleWordKind;
  /** Offsets in the rule. */
  readonly start: number;
  readonly end: number;
  /** A name without its quotes; anything else as written. */
  readonly name: string;
  /** On a column, the name before its point; null when there is none. */
  readonly qualifier: string | null;
}

const KEYWORDS = new Set(
  'and or not in is null like between case when then else end cast as true false distinct from date timestamp time varchar integer bigint decimal boolean interval'.split(
    ' ',
  ),
);
const WORD =
  /'(?:[^']|'')*'?|"(?:[^"]|"")*"?|[\p{L}_$][\p{L}\p{N}_$]*|\d+(?:\.\d+)?|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|[^\s\p{L}\p{N}_$'"]/gu;

/**
 * Splits a rule into words, also one that is being typed and no expression yet. Says what each looks like, not whether it
 * may stand there: the rule parser decides that. Comments are left out.
 */
export function ruleWords(rule: string): RuleWord[] {
  const parts = [...rule.matchAll(WORD)].map((match) => ({ text: match[0], start: match.index }));
  const words: RuleWord[] = [];
  for (const [at, { text, start }] of parts.entries()) {
    if (text.startsWith('--') || text.startsWith('/*')) continue;
    const next = parts[at + 1]?.text;
    const before = parts[at - 1]?.text === '.' ? (words.at(-2) ?? null) : null;
    const kind = kindOf(text, next, before !== null);
    const quoted = text.startsWith('"');
    words.push({
      kind,
      start,
      end: start + text.length,
      name: quoted ? text.slice(1, text.endsWith('"') ? -1 : undefined).replaceAll('""', '"') : text,
      qualifier: kind === 'column' && before?.kind === 'qualifier' ? before.name : null,
    });
  }
  return words;
}

function kindOf(text: string, next: string | undefined, afterPoint: boolean): RuleWordKind {
  if (text.startsWith("'")) return 'text';
  if (/^\d/.test(text)) return 'number';
  if (!/^["\p{L}_$]/u.test(text)) return 'operator';
  if (next === '.') return 'qualifier';
  if (afterPoint || text.startsWith('"')) return 'column';
  if (next === '(' && !['in', 'and', 'or', 'not', 'when', 'then', 'else'].includes(text.toLowerCase()))
    return text.toLowerCase() === 'cast' ? 'keyword' : 'function';
  return KEYWORDS.has(text.toLowerCase()) ? 'keyword' : 'column';
}
