import * as XLSX from '@e965/xlsx';
import type { Parsed, Problem } from '../shared/problem.ts';
import { type Grid, type GridRow, MOST_COLUMNS, MOST_ROWS } from './grid.ts';
import { checkZip } from './zipGuard.ts';

/** Reads every sheet of an XLSX or XLS workbook as a grid. Merged cells repeat their value; formulas give their result. */
export async function readWorkbook(bytes: Uint8Array, file: string): Promise<Parsed<Grid[]>> {
  const problems: Problem[] = [];
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) {
    const damaged = await checkZip(Buffer.from(bytes), file);
    if (damaged !== null) return { value: [], problems: [damaged] };
  }
  let workbook: XLSX.WorkBook;
  try {
    workbook = XLSX.read(bytes, {
      type: 'array',
      dense: true,
      cellHTML: false,
      cellText: true,
      sheetRows: MOST_ROWS + 1,
    });
  } catch {
    const message =
      'The workbook cannot be opened: it is damaged, protected by a password, or no workbook at all; save it again as .xlsx.';
    return { value: [], problems: [{ code: 'spec-unreadable', severity: 'error', message, place: { file } }] };
  }
  const grids = workbook.SheetNames.map((name) => readSheet(name, workbook.Sheets[name], file, problems));
  return { value: grids, problems };
}

function readSheet(name: string, sheet: XLSX.WorkSheet | undefined, file: string, problems: Problem[]): Grid {
  const cells = sheet === undefined ? [] : ((sheet as { '!data'?: (XLSX.CellObject | undefined)[][] })['!data'] ?? []);
  const rows: GridRow[] = [];
  for (const [index, row] of cells.entries()) {
    const texts = Array.from((row ?? []).slice(0, MOST_COLUMNS), cellText);
    if (texts.some((text) => text !== '')) rows.push({ line: index + 1, cells: texts });
  }
  if (rows.length > MOST_ROWS) {
    problems.push({
      code: 'spec-too-long',
      severity: 'warning',
      message: `Only the first ${MOST_ROWS} rows are read.`,
      place: { file, sheet: name },
    });
  }
  spreadMerges(rows, sheet?.['!merges'] ?? []);
  return { name, title: '', rows: rows.slice(0, MOST_ROWS), citedAs: `${name}!row ` };
}

function cellText(cell: XLSX.CellObject | undefined): string {
  if (cell === undefined || cell.v === undefined || cell.v === null) return '';
  return String(cell.t === 's' ? cell.v : (cell.w ?? cell.v)).trim();
}

/** A merged block holds its text in its first cell; every row of it means that text. Across columns it stays single. */
function spreadMerges(rows: GridRow[], merges: readonly XLSX.Range[]): void {
  const byLine = new Map(rows.map((row) => [row.line, row]));
  for (const { s: start, e: end } of merges) {
    const text = byLine.get(start.r + 1)?.cells[start.c] ?? '';
    for (let row = start.r + 1; row <= end.r && text !== ''; row += 1) {
      const cells = byLine.get(row + 1)?.cells as string[] | undefined;
      if (cells !== undefined && (cells[start.c] ?? '') === '') cells[start.c] = text;
    }
  }
}
