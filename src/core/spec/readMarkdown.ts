import MarkdownIt from 'markdown-it';
import type { Parsed } from '../shared/problem.ts';
import { decodeText } from './decodeText.ts';
import type { Grid, GridRow } from './grid.ts';
import { nameInTitle } from './tableName.ts';

/** Reads every table of a Markdown document; the heading above names it, the paragraph between describes it. */
export function readMarkdown(bytes: Uint8Array, file: string): Parsed<Grid[]> {
  const { value: text, problems } = decodeText(bytes, file);
  if (text === null) return { value: [], problems };
  const tokens = new MarkdownIt('default', { html: false }).parse(text, {});
  const grids: Grid[] = [];
  let heading = '';
  let paragraph = '';
  let rows: GridRow[] = [];
  let cells: string[] = [];
  let line = 0;
  for (const [index, token] of tokens.entries()) {
    const next = tokens[index + 1];
    switch (token.type) {
      case 'heading_open':
        heading = next?.content ?? '';
        paragraph = '';
        break;
      case 'paragraph_open':
        paragraph = next?.content ?? '';
        break;
      case 'table_open':
        rows = [];
        break;
      case 'tr_open':
        cells = [];
        line = (token.map?.[0] ?? 0) + 1;
        break;
      case 'th_open':
      case 'td_open':
        cells.push(plain(next?.content ?? ''));
        break;
      case 'tr_close':
        rows.push({ line, cells });
        break;
      case 'table_close':
        grids.push({ ...named(plain(heading), plain(paragraph)), rows, citedAs: 'line ' });
    }
  }
  return { value: grids, problems };
}

/** `3.2 LOAD_SPELL (Spells)` above a table, and the paragraph between. */
function named(heading: string, paragraph: string): { readonly name: string; readonly title: string } {
  const { name, title } = nameInTitle(heading);
  return { name, title: [title, paragraph].filter((text) => text !== '').join('. ') };
}

/** Text without emphasis and code marks. */
function plain(markdown: string): string {
  return markdown.replaceAll(/[`*]|\\(?=[_|])/g, '').trim();
}
