import type { Parsed, Problem } from '../shared/problem.ts';
import { scanCsv } from './csvScan.ts';

/** One record of a CSV that people also edit by hand: cells by column name, and where it stands in the text. */
export interface CsvRecord {
  /** Line it starts on, from 1. */
  readonly line: number;
  /** Offsets into the text: of its first character, and of the first one after its line end. */
  readonly start: number;
  readonly end: number;
  readonly cells: Readonly<Record<string, string>>;
}

export interface CsvTable {
  readonly columns: readonly string[];
  readonly records: readonly CsvRecord[];
}

/** A cell as RFC 4180 wants it: quoted when it holds a comma, a quote or a line end, or has outer blanks. */
export function csvCell(value: string): string {
  return /[",\r\n]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** One line without its end. */
export function csvLine(values: readonly string[]): string {
  // A single empty cell would be an empty line, which readers skip.
  return values.length === 1 && values[0] === '' ? '""' : values.map(csvCell).join(',');
}

/** A whole file: header, rows, `\n` ends. Numbers print as JavaScript prints them; booleans as Y or N. */
export function csvText(
  columns: readonly string[],
  rows: Iterable<readonly (string | number | boolean | null)[]>,
): string {
  const lines = [csvLine(columns)];
  for (const row of rows) lines.push(csvLine(row.map(cellText)));
  return `${lines.join('\n')}\n`;
}

function cellText(value: string | number | boolean | null): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? 'Y' : 'N';
  return String(value);
}

/**
 * Reads a small CSV (catalogs, crosswalks, contract): never throws. Columns are found by name, in any order;
 * a missing one is an error, an unknown one is kept. A ragged record is reported with its line and left out.
 *
 * @param file project-relative name, for messages only
 * @param required columns that must be there
 */
export function parseCsvText(text: string, file: string, required: readonly string[]): Parsed<CsvTable> {
  const problems: Problem[] = [];
  const { records, fault } = scanCsv(text);
  if (fault !== null) {
    problems.push({
      code: 'csv-malformed',
      severity: 'error',
      message: `The file is not a well-formed CSV (${fault.why}); mend the quoting here.`,
      place: { file, line: fault.line, column: fault.column },
    });
    return { value: { columns: [], records: [] }, problems };
  }
  const header = records.shift()?.cells.map((name) => name.trim()) ?? [];
  problems.push(...headerProblems(header, required, file));
  if (problems.length > 0) return { value: { columns: header, records: [] }, problems };
  const kept: CsvRecord[] = [];
  for (const { cells, line, start, end } of records) {
    if (cells.length !== header.length) {
      problems.push({
        code: 'csv-ragged-row',
        severity: 'error',
        message: `The row has ${cells.length} cells, the header has ${header.length}; quote cells that hold a comma.`,
        place: { file, line },
      });
      continue;
    }
    kept.push({ line, start, end, cells: Object.fromEntries(header.map((name, index) => [name, cells[index] ?? ''])) });
  }
  return { value: { columns: header, records: kept }, problems };
}

function headerProblems(header: readonly string[], required: readonly string[], file: string): Problem[] {
  const problems: Problem[] = [];
  const at = { file, line: 1 };
  if (header.length === 0) {
    return [
      {
        code: 'csv-empty',
        severity: 'error',
        message: `The file is empty; it needs the header ${required.join(',')}.`,
        place: at,
      },
    ];
  }
  const missing = required.filter((name) => !header.includes(name));
  if (missing.length > 0) {
    problems.push({
      code: 'csv-missing-column',
      severity: 'error',
      message: `The header lacks ${missing.join(', ')}.`,
      place: at,
    });
  }
  const twice = header.filter((name, index) => header.indexOf(name) !== index);
  if (twice.length > 0) {
    problems.push({
      code: 'csv-duplicate-column',
      severity: 'error',
      message: `The header names ${twice.join(', ')} twice.`,
      place: at,
    });
  }
  return problems;
}
