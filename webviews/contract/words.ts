import { visible } from '../shared/dom.ts';
import { counted } from '../shared/format.ts';

/** `1 row`, `2 rows`. */
export function rows(number: number): string {
  return counted(number, 'row');
}

/** A text as it is safe to read, in attributes too: characters nobody sees are spelt out; line ends stay, as one character. */
export function shown(text: string): string {
  return visible(text.replaceAll('\r', ''));
}
