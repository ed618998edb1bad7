import {
  EVERY_ROW,
  type Facets,
  type SheetPage,
  type SheetQuery,
  type SheetRow,
  type SheetSelection,
} from '../../src/core/review/contractSheet.ts';
import type { Offers } from '../../src/core/review/rowFacts.ts';
import { type FromContractPage, readQuery } from '../../src/extension/panels/contractProtocol.ts';

declare function acquireVsCodeApi(): {
  postMessage(message: FromContractPage): void;
  getState(): unknown;
  setState(state: unknown): void;
};
const editor = acquireVsCodeApi();

/** Columns shown at first: what a reviewer decides on. The rest can be chosen. */
export const FIRST_COLUMNS = [
  'target_table',
  'target_field',
  'mandatory',
  'mapping_class',
  'source_table',
  'source_field',
  'rule',
  'crosswalk',
  'confidence',
  'status',
  'owner',
  'notes',
];

/** Rows on a page: more than a screen, few enough to draw at once. */
export const PAGE = 100;

interface Kept {
  query: SheetQuery;
  offset: number;
  columns: string[];
}

/** What the page knows. One page shows one contract, so there is one of it. */
export const grid = {
  ...kept(),
  page: null as SheetPage | null,
  facets: {} as Facets,
  offers: { classes: [], statuses: [], sources: {}, crosswalks: [], functions: [], scopes: {} } as Offers,
  canEdit: false,
  canTry: false,
  /** Rows ticked by hand; `all` stands for everything that the filters find. */
  ticked: new Set<number>(),
  all: false,
  /** The row whose detail is shown. */
  shown: null as number | null,
  /** The cell that keeps the focus through a redraw. */
  focused: null as { readonly index: number; readonly column: string } | null,
};

export function send(message: FromContractPage): void {
  editor.postMessage(message);
}

/** What the page showed before it was reloaded. */
function kept(): Kept {
  const state = editor.getState() as Partial<Kept> | undefined;
  return {
    query: readQuery(state?.query) ?? EVERY_ROW,
    offset: Number.isInteger(state?.offset) ? Math.max(0, Number(state?.offset)) : 0,
    columns: Array.isArray(state?.columns) ? state.columns.filter((name) => typeof name === 'string') : FIRST_COLUMNS,
  };
}

export function keep(): void {
  const { query, offset, columns } = grid;
  editor.setState({ query, offset, columns });
}

/** Columns that are shown and in the file. */
export function columnsShown(): string[] {
  return grid.columns.filter((name) => grid.page?.columns.includes(name));
}

export function cell(row: SheetRow, name: string): string {
  return row.cells[grid.page?.columns.indexOf(name) ?? -1] ?? '';
}

/** A row's cells by column. */
export function cellsOf(row: SheetRow): Record<string, string> {
  return Object.fromEntries((grid.page?.columns ?? []).map((name, at) => [name, row.cells[at] ?? '']));
}

export function selected(): SheetSelection {
  return grid.all ? { query: grid.query } : { indexes: [...grid.ticked] };
}

export function untick(): void {
  grid.all = false;
  grid.ticked.clear();
}
