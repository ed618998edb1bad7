/** A cell as RFC 4180 wants it: quoted when it holds a comma, a quote or a line end, or has outer blanks. */
export function csvCell(value: string): string {
  return /[",\r\n]|^\s|\s$/.test(value) ? quoted(value) : value;
}

/** A cell in quotes, whether it needs them or not. */
export function quoted(value: string): string {
  return `"${value.replaceAll('"', '""')}"`;
}

/** One line without its end. */
export function csvLine(values: readonly string[]): string {
  // A single empty cell would be an empty line, which readers skip.
  return values.length === 1 && values[0] === '' ? '""' : values.map(csvCell).join(',');
}
