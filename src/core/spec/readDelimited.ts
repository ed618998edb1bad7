import { parse } from 'csv-parse/sync';
import type { Parsed, Problem } from '../shared/problem.ts';
import { type Grid, MOST_ROWS } from './grid.ts';

const DELIMITERS = [',', ';', '\t', '|'];

/** Reads a CSV, TSV or other delimited text as one grid. The delimiter is the one that cuts the first lines most evenly. */
export function readDelimited(bytes: Uint8Array, file: string): Parsed<Grid[]> {
  const problems: Problem[] = [];
  const fail = (message: string): Parsed<Grid[]> => ({
    value: [],
    problems: [{ code: 'spec-unreadable', severity: 'error', message, place: { file } }],
  });
  if (bytes.length === 0) return fail('The file is empty; put a field list in it or take it away.');
  const text = decode(bytes);
  if (text === null) return fail('The file is not text in UTF-8 or UTF-16; save it as UTF-8.');
  try {
    const parsed = parse(text, {
      bom: true,
      delimiter: delimiterOf(text),
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      info: true,
      to: MOST_ROWS + 1,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    if (parsed.length > MOST_ROWS) {
      problems.push({
        code: 'spec-too-long',
        severity: 'warning',
        message: `Only the first ${MOST_ROWS} rows are read.`,
        place: { file },
      });
    }
    const rows = parsed
      .slice(0, MOST_ROWS)
      .map(({ record, info }) => ({ line: info.lines, cells: record.map((cell) => cell.trim()) }));
    const name = file.replace(/^.*\//, '').replace(/\.[^.]*$/, '');
    return { value: [{ name, title: '', rows, cite: (line) => `line ${line}` }], problems };
  } catch {
    return fail('The file cannot be read as a delimited table; check its quotes.');
  }
}

/** UTF-8, or UTF-16 when it says so by its first bytes; null for anything that is not text. */
export function decode(bytes: Uint8Array): string | null {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}

function delimiterOf(text: string): string {
  const lines = text.split(/\r?\n/, 20).filter((line) => line !== '');
  const evenness = (delimiter: string): number => {
    const counts = lines.map((line) => line.split(delimiter).length - 1);
    const first = counts[0] ?? 0;
    return first === 0 ? 0 : counts.filter((count) => count >= first).length * Math.min(first, 20);
  };
  return DELIMITERS.reduce((best, delimiter) => (evenness(delimiter) > evenness(best) ? delimiter : best), ',');
}
