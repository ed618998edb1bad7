import { MAPPING_CLASSES, REVIEW_STATUSES } from '../contract/contract.ts';
import { csvCell } from '../csv/csvCell.ts';
import { CsvScanner, type ScannedRecord } from '../csv/csvScan.ts';
import { cellSpans, type TextChange } from '../csv/csvSheet.ts';

const UPPER = new Set<string>(REVIEW_STATUSES);
const LOWER = new Set<string>(MAPPING_CLASSES);

/**
 * Formats a contract with the fewest replacements: quotes only where a cell needs them, no blanks around unquoted cells,
 * status in capitals, class in small letters, and the first line's kind of line end everywhere. What a cell says stays:
 * quoted texts, line ends inside them and blanks of a default value, which may be meant, are not touched.
 *
 * @param range only records that begin in these lines, counted from 1; null for all
 * @returns replacements by offset; none for a text that is no well-formed CSV
 */
export function formatContract(
  text: string,
  range: { readonly first: number; readonly last: number } | null = null,
): TextChange[] {
  const scanner = new CsvScanner(text);
  const header = scanner.next();
  if (header === null) return [];
  const columns = header.cells.map((name) => name.trim());
  const end = lineEndOf(text, header) || '\n';
  const edits: TextChange[] = [];
  for (let record: ScannedRecord | null = header; record !== null; record = scanner.next()) {
    if (range !== null && (record.line < range.first || record.line > range.last)) continue;
    edits.push(...formatted(text, record, columns, end));
  }
  return scanner.fault === null ? edits : [];
}

function formatted(text: string, record: ScannedRecord, columns: readonly string[], end: string): TextChange[] {
  const edits: TextChange[] = [];
  for (const [index, { start, end: stop }] of cellSpans(text, record.start, record.end).entries()) {
    const put = cellText(columns[index] ?? '', record.cells[index] ?? '', text.charAt(start) === '"');
    // A record of one empty cell would be an empty line, which readers skip.
    const alone = record.cells.length === 1 && put === '';
    if (!alone && put !== text.slice(start, stop)) edits.push({ start, end: stop, text: put });
  }
  const own = lineEndOf(text, record);
  if (own !== '' && own !== end) edits.push({ start: record.end - own.length, end: record.end, text: end });
  return edits;
}

function cellText(column: string, value: string, quoted: boolean): string {
  const bare = quoted || column === 'default_value' ? value : value.trim();
  // As `csvCell` quotes outer blanks, blanks that stay get quotes that show them.
  if (column === 'status' && UPPER.has(bare.trim().toUpperCase())) return bare.trim().toUpperCase();
  if (column === 'mapping_class' && LOWER.has(bare.trim().toLowerCase())) return bare.trim().toLowerCase();
  return csvCell(bare);
}

function lineEndOf(text: string, record: ScannedRecord): string {
  return /(?:\r\n|\r|\n)$/.exec(text.slice(Math.max(record.start, record.end - 2), record.end))?.[0] ?? '';
}
