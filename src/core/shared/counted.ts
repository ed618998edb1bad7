/** `1 row`, `2 rows`, `1,200 rows`: a number with its noun, as sentences for people have it. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${value.toLocaleString('en-GB')} ${value === 1 ? one : many}`;
}
