/** Quoting for SQL text: every identifier and literal that reaches the engine passes through here. */

/** `"PAT""NO"`. Refuses a NUL character, which no engine stores in a name. */
export function quoteIdentifier(name: string): string {
  if (name === '' || name.includes('\0')) throw new Error('An SQL name may not be empty or hold a NUL character.');
  return `"${name.replaceAll('"', '""')}"`;
}

/** `'O''Brien'`. A NUL character is refused: DuckDB keeps it in a literal, but nothing downstream does. */
export function quoteLiteral(value: string): string {
  if (value.includes('\0')) throw new Error('An SQL text may not hold a NUL character.');
  return `'${value.replaceAll("'", "''")}'`;
}
