/** `a, b and 3 more`, for a question or a line of text; one that is too many is named rather than counted. */
export function shortList(names: readonly string[], most = 5): string {
  if (names.length <= most + 1) return names.join(', ');
  return `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
}
