/** Controls, format characters (invisible ones, marks that turn the direction of text), line ends, lone surrogates. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Longest name drawn; what is longer is cut with an ellipsis. */
const LONGEST = 120;

/**
 * A name as it can be shown: characters nobody sees, or that move others, are spelt out as `[U+202E]`, and a name of
 * hundreds of characters is cut.
 */
export function visibleText(text: string): string {
  const shown = text.replace(
    HIDDEN,
    (char) => `[U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
  );
  const chars = [...shown];
  return chars.length <= LONGEST ? shown : `${chars.slice(0, LONGEST - 1).join('')}…`;
}
