/**
 * `$LIST`, the length-prefixed binary in which Caché and IRIS keep collections. An element is its length (with the length
 * byte itself), a type and the data; a length of 1 is an undefined element. It can only be decoded, never split on a
 * character.
 */

const BYTES = 1;
const UNICODE = 2;
const POSITIVE = 4;
const NEGATIVE = 5;

/** `$LISTBUILD` of texts; null is an undefined element. */
export function encodeList(elements: readonly (string | null)[]): Buffer {
  return Buffer.concat(elements.map(encodeElement));
}

function encodeElement(text: string | null): Buffer {
  if (text === null) return Buffer.from([1]);
  let wide = false;
  for (let at = 0; at < text.length; at += 1) wide ||= text.charCodeAt(at) > 255;
  const data = Buffer.from(text, wide ? 'utf16le' : 'latin1');
  const type = wide ? UNICODE : BYTES;
  if (data.length + 2 < 255) return Buffer.concat([Buffer.from([data.length + 2, type]), data]);
  const head = Buffer.alloc(4);
  head.writeUInt16LE(data.length + 1, 1);
  head[3] = type;
  return Buffer.concat([head, data]);
}

/** The elements of a `$LIST`; null for an undefined one, and for the whole when the bytes are no `$LIST`. */
export function decodeList(bytes: Buffer): (string | null)[] | null {
  const elements: (string | null)[] = [];
  let at = 0;
  while (at < bytes.length) {
    const short = bytes[at] ?? 0;
    const headed = short === 0 ? 3 : 1;
    if (at + headed > bytes.length) return null;
    // A zero means that two bytes with the length follow; that one counts the type, but not itself.
    const end = short === 0 ? at + 3 + bytes.readUInt16LE(at + 1) : at + short;
    if (end > bytes.length || end < at + headed) return null;
    if (end === at + headed) elements.push(null);
    else {
      const element = decodeElement(bytes[at + headed] ?? 0, bytes.subarray(at + headed + 1, end));
      if (element === undefined) return null;
      elements.push(element);
    }
    at = end;
  }
  return elements;
}

function decodeElement(type: number, data: Buffer): string | undefined {
  switch (type) {
    case BYTES:
      return data.toString('latin1');
    case UNICODE:
      return data.length % 2 === 0 ? data.toString('utf16le') : undefined;
    case POSITIVE:
    case NEGATIVE: {
      if (data.length > 8) return undefined;
      // Whole numbers keep only the bytes they need, the lowest first; a negative one is counted down from -1.
      const filled = Buffer.alloc(8, type === NEGATIVE ? 0xff : 0);
      data.copy(filled);
      return filled.readBigInt64LE().toString();
    }
    default:
      return undefined;
  }
}

/** The mark between values of a MultiValue attribute. */
export const VALUE_MARK = '\u00fd';

/** Values with marks between; an absent one is empty. The marks are looked for as bytes, because ý may stand in a name. */
export function encodeMultiValue(values: readonly (string | null)[]): Buffer {
  const pieces = values.map((value) => Buffer.from(value ?? '', 'utf8'));
  return Buffer.concat(pieces.flatMap((piece, index) => (index === 0 ? [piece] : [Buffer.from([0xfd]), piece])));
}

/** A byte 0xFD never stands in UTF-8, so that a mark is told from ý. */
export function decodeMultiValue(bytes: Buffer): (string | null)[] {
  const values: (string | null)[] = [];
  let at = 0;
  for (;;) {
    const mark = bytes.indexOf(0xfd, at);
    const text = bytes.toString('utf8', at, mark < 0 ? bytes.length : mark);
    values.push(text === '' ? null : text);
    if (mark < 0) return values;
    at = mark + 1;
  }
}
