/**
 * Rows as lines of text, columns under each other. What moves a terminal's cursor or changes its title is shown as a dot,
 * no value as `∅`.
 *
 * @param widest characters of a cell; what is longer ends in `…`
 */
export function textTable(
  columns: readonly string[],
  rows: readonly (readonly (string | null)[])[],
  widest: number,
): string[] {
  const cell = (value: string | null): string => {
    const text = (value ?? '∅').replace(/\p{Cc}/gu, '·');
    return text.length > widest ? `${text.slice(0, widest - 1)}…` : text;
  };
  const cells = [columns, ...rows].map((row) => row.map(cell));
  const widths = columns.map((_, index) => Math.max(...cells.map((row) => row[index]?.length ?? 0)));
  return cells.map((row) =>
    row
      .map((text, index) => text.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
