import { isUtf8 } from 'node:buffer';
import type { Parsed } from '../shared/problem.ts';

/** Names of the encodings as a person knows them. */
const NAMES: Readonly<Record<string, string>> = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16',
  'utf-16be': 'UTF-16',
  'windows-1252': 'Windows-1252',
};

/** Control characters that no text document holds: all but tab, line feed, form feed and carriage return. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones looked for
const CONTROL = /[\u0000-\u0008\u000b\u000e-\u001f]/;

/**
 * Decodes a document: a byte order mark decides; else UTF-16 shows by its zero bytes; else UTF-8 when it is valid; else
 * Windows-1252, which is told as a problem because single characters may be wrong. Null for anything that is not text.
 */
export function decodeText(bytes: Uint8Array, file: string): Parsed<string | null> {
  const encoding = encodingOf(bytes);
  const text = new TextDecoder(encoding).decode(bytes);
  if (text.trim() === '') return fail(file, 'The file is empty; put a field list in it or take it away.');
  if (CONTROL.test(text))
    return fail(file, 'The file is not text; save it in one of the formats of the documentation.');
  if (encoding !== 'windows-1252') return { value: text, problems: [] };
  const message = `The file is not UTF-8; it is read as ${NAMES[encoding]}. Look at its accented letters, or save it as UTF-8.`;
  return { value: text, problems: [{ code: 'spec-encoding', severity: 'info', message, place: { file } }] };
}

function encodingOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const sample = bytes.subarray(0, 4096);
  const zeros = [0, 0];
  for (const [index, byte] of sample.entries()) if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  const half = sample.length / 2;
  // Latin text in UTF-16 has a zero in nearly every second byte.
  if ((zeros[1] ?? 0) > 0.6 * half) return 'utf-16le';
  if ((zeros[0] ?? 0) > 0.6 * half) return 'utf-16be';
  return isUtf8(bytes) ? 'utf-8' : 'windows-1252';
}

function fail(file: string, message: string): Parsed<null> {
  return { value: null, problems: [{ code: 'spec-unreadable', severity: 'error', message, place: { file } }] };
}
