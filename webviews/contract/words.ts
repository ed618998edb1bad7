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
