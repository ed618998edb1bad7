import mammoth from 'mammoth';
import type { Parsed } from '../shared/problem.ts';
import { type Grid, type GridRow, MOST_COLUMNS } from './grid.ts';
import { nameInTitle } from './tableName.ts';
import { checkZip } from './zipGuard.ts';

/** A part of a document as the library shows it; only what is used here. */
interface Part {
  readonly type: string;
  readonly value?: string;
  readonly children?: readonly Part[];
  readonly styleName?: string | null;
  readonly rowSpan?: number;
  readonly colSpan?: number;
}

/** Reads every table of a Word document (.docx); the heading or paragraph above names it. Merged cells repeat their text downwards. */
export async function readDocx(bytes: Uint8Array, file: string): Promise<Parsed<Grid[]>> {
  const buffer = Buffer.from(bytes);
  const damaged = await checkZip(buffer, file);
  if (damaged !== null) return { value: [], problems: [damaged] };
  let body: Part | null = null;
  try {
    await mammoth.convertToHtml({ buffer }, {
      transformDocument: (document: Part) => {
        body = document;
        return document;
      },
      convertImage: mammoth.images.imgElement(() => Promise.resolve({ src: '' })),
    } as never);
  } catch {
    body = null;
  }
  if (body === null) {
    const message =
      'The document cannot be opened: it is no Word document (.docx), or damaged; save it again as .docx.';
    return { value: [], problems: [{ code: 'spec-unreadable', severity: 'error', message, place: { file } }] };
  }
  return { value: tablesOf(body), problems: [] };
}

function tablesOf(body: Part): Grid[] {
  const grids: Grid[] = [];
  let heading = '';
  let paragraph = '';
  for (const part of body.children ?? []) {
    if (part.type === 'table') {
      const { name, title } = nameInTitle(heading === '' ? paragraph : heading);
      const between = heading === '' ? '' : paragraph;
      grids.push({
        name,
        title: [title, between].filter((text) => text !== '').join('. '),
        rows: rowsOf(part),
        citedAs: `table ${grids.length + 1} row `,
      });
      paragraph = '';
    } else if (part.type === 'paragraph') {
      const text = textOf(part).trim();
      if (text === '') continue;
      if (/heading|title|caption/i.test(part.styleName ?? '')) {
        heading = text;
        paragraph = '';
      } else paragraph = text;
    }
  }
  return grids;
}

function rowsOf(table: Part): GridRow[] {
  const rows: GridRow[] = [];
  /** Column → text that a merged cell above still covers, and for how many rows. */
  const covered = new Map<number, { text: string; rows: number }>();
  for (const [index, row] of (table.children ?? []).entries()) {
    const cells: string[] = [];
    const spread = (): void => {
      for (
        let above = covered.get(cells.length);
        above !== undefined && above.rows > 0;
        above = covered.get(cells.length)
      ) {
        above.rows -= 1;
        cells.push(above.text);
      }
    };
    for (const cell of (row.children ?? []).slice(0, MOST_COLUMNS)) {
      spread();
      const text = textOf(cell).trim();
      if ((cell.rowSpan ?? 1) > 1) covered.set(cells.length, { text, rows: (cell.rowSpan ?? 1) - 1 });
      cells.push(text);
      for (let extra = 1; extra < Math.min(cell.colSpan ?? 1, MOST_COLUMNS); extra += 1) cells.push('');
    }
    spread();
    if (cells.some((text) => text !== '')) rows.push({ line: index + 1, cells });
  }
  return rows;
}

/** All text in a part; paragraphs are parted by a blank. */
function textOf(part: Part): string {
  if (part.type === 'text') return part.value ?? '';
  if (part.type === 'tab' || part.type === 'break') return ' ';
  return (part.children ?? [])
    .map((child) => (child.type === 'paragraph' ? `${textOf(child)} ` : textOf(child)))
    .join('');
}
