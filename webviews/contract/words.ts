/** A column's name as people read it. */
export function title(column: string): string {
  const words = column.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function count(number: number): string {
  return number.toLocaleString('en-GB');
}

/** `1 row`, `2 rows`. */
export function rows(number: number): string {
  return `${count(number)} row${number === 1 ? '' : 's'}`;
}

const UNSEEN = /[\p{Cc}\p{Cf}]/gu;

/** A text as it is safe to read: characters nobody sees, or that turn others around, are spelt out; line ends stay. */
export function shown(text: string): string {
  return text.replaceAll(UNSEEN, (character) => {
    if (character === '\n' || character === '\t') return character;
    if (character === '\r') return '';
    return `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`;
  });
}
