import type { Parsed, Problem } from '../shared/problem.ts';
import { runSteps, type Steps } from '../shared/steps.ts';
import { csvCell, csvLine } from './csvCell.ts';
import { CsvScanner, type ScannedRecord } from './csvScan.ts';

export { csvCell, csvLine };

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
  return runSteps(parseCsvSteps(text, file, required));
}

/** Records read between two pauses: well under 10 ms. */
const RECORDS_A_STEP = 500;

/** The same in steps, for a caller that shares its thread with an editor. */
export function* parseCsvSteps(text: string, file: string, required: readonly string[]): Steps<Parsed<CsvTable>> {
  const scanner = new CsvScanner(text);
  const header = scanner.next()?.cells.map((name) => name.trim()) ?? [];
  const problems = scanner.fault === null ? headerProblems(header, required, file) : [];
  const wellFormedHeader = problems.length === 0;
  const records: CsvRecord[] = [];
  let read = 0;
  for (let record = scanner.next(); record !== null; record = scanner.next()) {
    read += 1;
    if (read % RECORDS_A_STEP === 0) yield;
    if (record.cells.length === header.length) records.push(toRecord(record, header));
    else if (wellFormedHeader) problems.push(raggedRow(record, header.length, file));
  }
  if (scanner.fault !== null) {
    const { why, line, column } = scanner.fault;
    const message = `The file is not a well-formed CSV (${why}); mend the quoting here.`;
    // What stands before the fault may be cut off in the wrong place, so none of it is used.
    const malformed: Problem = { code: 'csv-malformed', severity: 'error', message, place: { file, line, column } };
    return { value: { columns: [], records: [] }, problems: [malformed] };
  }
  return { value: { columns: header, records: wellFormedHeader ? records : [] }, problems };
}

function toRecord({ cells, line, start, end }: ScannedRecord, header: readonly string[]): CsvRecord {
  const byName: Record<string, string> = {};
  for (let index = 0; index < header.length; index += 1) {
    const name = header[index] ?? '';
    const value = cells[index] ?? '';
    // Plain assignment is several times faster than `Object.fromEntries`, but would lose a column of this name.
    if (name === '__proto__') Object.defineProperty(byName, name, { value, enumerable: true });
    else byName[name] = value;
  }
  return { cells: byName, line, start, end };
}

function raggedRow(record: ScannedRecord, columns: number, file: string): Problem {
  return {
    code: 'csv-ragged-row',
    severity: 'error',
    message: `The row has ${record.cells.length} cells, the header has ${columns}; quote cells that hold a comma.`,
    place: { file, line: record.line },
  };
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
  const once = new Set<string>();
  const twice = new Set(header.filter((name) => once.size === once.add(name).size));
  if (twice.size > 0) {
    problems.push({
      code: 'csv-duplicate-column',
      severity: 'error',
      message: `The header names ${[...twice].join(', ')} twice.`,
      place: at,
    });
  }
  return problems;
}
