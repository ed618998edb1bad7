import { parse } from 'csv-parse/sync';
import type { Parsed, Problem } from '../shared/problem.ts';
import { decodeText } from './decodeText.ts';
import { type Grid, MOST_COLUMNS, MOST_ROWS } from './grid.ts';

const DELIMITERS = [',', ';', '\t', '|'];

/** Reads a CSV, TSV or other delimited text as one grid. The delimiter is the one that cuts the first lines most evenly. */
export function readDelimited(bytes: Uint8Array, file: string): Parsed<Grid[]> {
  const fail = (message: string): Parsed<Grid[]> => ({
    value: [],
    problems: [{ code: 'spec-unreadable', severity: 'error', message, place: { file } }],
  });
  const decoded = decodeText(bytes, file);
  const text = decoded.value;
  if (text === null) return { value: [], problems: decoded.problems };
  const problems: Problem[] = [...decoded.problems];
  try {
    const parsed = parse(text, {
      bom: true,
      delimiter: delimiterOf(text),
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      raw: true,
      to: MOST_ROWS + 1,
    }) as unknown as { record: string[]; raw: string }[];
    let line = 1;
    if (parsed.length > MOST_ROWS) {
      problems.push({
        code: 'spec-too-long',
        severity: 'warning',
        message: `Only the first ${MOST_ROWS} rows are read.`,
        place: { file },
      });
    }
    const rows = parsed.slice(0, MOST_ROWS).map(({ record, raw }) => {
      // Blank lines before a record come with it; a cell may hold line ends.
      const blank = /^[\r\n]*/.exec(raw)?.[0] ?? '';
      const start = line + lineEnds(blank);
      line += lineEnds(raw);
      return { line: start, cells: record.slice(0, MOST_COLUMNS).map((cell) => cell.trim()) };
    });
    const name = file.replace(/^.*\//, '').replace(/\.[^.]*$/, '');
    return { value: [{ name, title: '', rows, citedAs: 'line ' }], problems };
  } catch {
    return fail('The file cannot be read as a delimited table; check its quotes.');
  }
}

function lineEnds(text: string): number {
  return text.match(/\r\n|\n|\r/g)?.length ?? 0;
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
