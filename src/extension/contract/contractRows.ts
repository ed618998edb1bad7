import * as vscode from 'vscode';
import { CsvScanner, type ScannedRecord } from '../../core/csv/csvScan.ts';
import { cellSpans } from '../../core/csv/csvSheet.ts';
import { type CsvTable, parseCsvSteps } from '../../core/csv/csvText.ts';
import { runStepsPolitely } from '../../core/shared/steps.ts';

const never = new AbortController().signal;

/** A record of a contract in an editor, with offsets that count in the document's text. */
export interface DocumentRecord {
  readonly record: ScannedRecord;
  readonly columns: readonly string[];
  readonly row: Readonly<Record<string, string>>;
}

/** Names of the header, without outer blanks. */
export function columnsOf(text: string): string[] {
  return (new CsvScanner(text).next()?.cells ?? []).map((name) => name.trim());
}

/**
 * The record that holds an offset, also one of several lines; null in the header, behind the end, and where the text is
 * no CSV. Looks at the quotes before it and at nothing else, so that it costs little in a text of any length.
 */
export function recordAt(text: string, offset: number): DocumentRecord | null {
  const start = startOf(text, offset);
  const record = scanFrom(text, start);
  const header = new CsvScanner(text).next();
  if (record === null || header === null || record.start < header.end) return null;
  const columns = header.cells.map((name) => name.trim());
  return { record, columns, row: Object.fromEntries(columns.map((name, at) => [name, record.cells[at] ?? ''])) };
}

/** The records that begin in a stretch of the text, the one that runs into it included; the header with them. */
export function* recordsIn(text: string, from: number, to: number): Generator<ScannedRecord> {
  const start = startOf(text, from);
  const scanner = new CsvScanner(text.slice(start, Math.min(text.length, to + LONGEST_RECORD)));
  for (let record = scanner.next(); record !== null; record = scanner.next()) {
    if (start + record.start > to) return;
    yield { ...record, start: start + record.start, end: start + record.end };
  }
}

/** A record is read at most so far: longer ones are broken, and nothing is coloured or offered in them. */
const LONGEST_RECORD = 100_000;

function scanFrom(text: string, start: number): ScannedRecord | null {
  const record = new CsvScanner(text.slice(start, start + LONGEST_RECORD)).next();
  return record === null ? null : { ...record, start: start + record.start, end: start + record.end };
}

/** Where the record of an offset begins: behind the last line end outside of quotes. */
function startOf(text: string, offset: number): number {
  let quotes = 0;
  for (let at = text.indexOf('"'); at >= 0 && at < offset; at = text.indexOf('"', at + 1)) quotes += 1;
  let inside = quotes % 2 === 1;
  for (let at = offset - 1; at >= 0; at -= 1) {
    const code = text.charCodeAt(at);
    if (code === 34) inside = !inside;
    else if ((code === 10 || code === 13) && !inside) return at + 1;
  }
  return 0;
}

/** The place of a record's cell in the document, quotes included. */
export function cellRange(
  document: vscode.TextDocument,
  text: string,
  record: ScannedRecord,
  index: number,
): vscode.Range {
  const span = cellSpans(text, record.start, record.end)[index] ?? { start: record.end, end: record.end };
  return new vscode.Range(document.positionAt(span.start), document.positionAt(span.end));
}

const tables = new WeakMap<vscode.TextDocument, { readonly version: number; readonly value: Promise<CsvTable> }>();

/** All rows of a document, read once a version and with pauses, so that typing is not held up. */
export function rowsOf(document: vscode.TextDocument): Promise<CsvTable> {
  const known = tables.get(document);
  if (known?.version === document.version) return known.value;
  const value = runStepsPolitely(parseCsvSteps(document.getText(), '', []), never).then(({ value: table }) => table);
  tables.set(document, { version: document.version, value });
  return value;
}
