import { createReadStream } from 'node:fs';

const [QUOTE, NEWLINE] = [0x22, 0x0a];

/**
 * The line on which a record of a CSV file begins, counted from 1; the header is record 0. Cells may hold line ends, so the
 * bytes are walked; nothing is kept of them.
 *
 * @returns null when the file has fewer records or cannot be read
 */
export async function lineOfRecord(path: string, record: number): Promise<number | null> {
  if (record === 0) return 1;
  let [records, line, quoted] = [0, 1, false];
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
      if (!(chunk instanceof Uint8Array)) continue;
      for (const byte of chunk) {
        if (byte === QUOTE) quoted = !quoted;
        else if (byte === NEWLINE) {
          line += 1;
          if (!quoted) records += 1;
          if (!quoted && records === record) return line;
        }
      }
    }
  } catch {
    // A file that is gone or being replaced: there is nothing to open.
  }
  return null;
}
