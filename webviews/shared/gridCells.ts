import type { RowQuery, SheetRow } from '../../src/core/review/rowSheet.ts';
import { html } from './dom.ts';

/** Grids of files that people review: heads that sort, what a cell shows, editing it in its place, walking over cells. */

export type CellInput = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

export interface CellEdit {
  /** The value that stands there. */
  readonly before: string;
  /** Called only with another value. */
  readonly save: (value: string) => void;
  /** Called first when the edit ends. */
  readonly ending?: () => void;
  /** Called last, saved or not. */
  readonly ended?: () => void;
}

export type Sort = NonNullable<RowQuery['sort']>;

/** `source_code` as people read it. */
export function title(column: string): string {
  const words = column.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Up, down, and back to the order of the file. */
export function nextSort(now: Sort | null, column: string): Sort | null {
  if (now?.column !== column) return { column, descending: false };
  return now.descending ? null : { column, descending: true };
}

/** Head of a column that sorts by it. */
export function sortHead(label: string, column: string, now: Sort | null, sort: () => void): HTMLTableCellElement {
  const sorted = now?.column === column ? now : null;
  const arrow = sorted === null ? '' : sorted.descending ? ' ↓' : ' ↑';
  return html(
    'th',
    { scope: 'col', 'aria-sort': sorted === null ? 'none' : sorted.descending ? 'descending' : 'ascending' },
    html('button', { click: sort }, `${label}${arrow}`),
  );
}

/** How many problems a row has; the worst of them on hovering. */
export function problemsCell({ marks }: Pick<SheetRow, 'marks'>): HTMLTableCellElement {
  const worst = marks.find(({ severity }) => severity === 'error') ?? marks[0];
  if (worst === undefined) return html('td');
  const told = `${marks.length} ${worst.severity}`;
  return html('td', { title: worst.message }, html('span', { class: `mark ${worst.severity}` }, told));
}

export function statusBadge(status: string): HTMLElement {
  return html('span', { class: `status ${status.replaceAll(/\W/g, '')}` }, status.replace('_', ' '));
}

/** Puts a field in the place of a cell's content. Enter and leaving it keep what was typed, Escape does not. */
export function editInPlace(
  place: HTMLTableCellElement,
  input: CellInput,
  { before, save, ending, ended }: CellEdit,
): void {
  if (place.classList.contains('editing')) return;
  const old = [...place.childNodes];
  let finished = false;
  const finish = (keep: boolean): void => {
    if (finished) return;
    finished = true;
    ending?.();
    place.classList.remove('editing');
    place.replaceChildren(...old);
    place.focus();
    if (keep && input.value !== before) save(input.value);
    ended?.();
  };
  input.addEventListener('keydown', (event) => {
    const { key, shiftKey } = event as KeyboardEvent;
    // Shift and Enter make a line, where there may be several.
    if (key === 'Enter' && !(shiftKey && input instanceof HTMLTextAreaElement)) finish(true);
    else if (key === 'Escape') finish(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  input.addEventListener('blur', () => finish(true));
  input.addEventListener('click', (event) => event.stopPropagation());
  place.classList.add('editing');
  place.replaceChildren(input);
  input.focus();
  if (!(input instanceof HTMLSelectElement) && input.type !== 'date') input.select();
}

/**
 * Walks from a cell by arrow keys, Home and End: cells name their column in `data-column`.
 *
 * @returns true when the focus went to another cell
 */
export function walk(event: KeyboardEvent, from: HTMLElement): boolean {
  const line = from.parentElement;
  const column = `[data-column="${CSS.escape(from.dataset['column'] ?? '')}"]`;
  const cells = [...(line?.querySelectorAll<HTMLElement>('[data-column]') ?? [])];
  const at = cells.indexOf(from);
  const step: Readonly<Record<string, () => Element | null | undefined>> = {
    ArrowRight: () => cells[at + 1],
    ArrowLeft: () => cells[at - 1],
    ArrowDown: () => line?.nextElementSibling?.querySelector(column),
    ArrowUp: () => line?.previousElementSibling?.querySelector(column),
    Home: () => cells[0],
    End: () => cells.at(-1),
  };
  const target = step[event.key]?.();
  if (!(target instanceof HTMLElement)) return false;
  from.tabIndex = -1;
  target.tabIndex = 0;
  target.focus();
  event.preventDefault();
  return true;
}
