import type { IssuePage, IssueRow, IssueSort } from '../../src/core/review/issues/issueQuery.ts';
import { html } from '../shared/dom.ts';
import { redraw } from '../shared/redraw.ts';
import { verdict } from '../shared/ui.ts';
import { COLUMNS, type GridColumn, placeOf, SEVERITY_STANDING } from './issueWords.ts';

export interface GridActs {
  readonly sort: (by: IssueSort['by']) => void;
  readonly open: (ordinal: number) => void;
  readonly tick: (ordinal: number, on: boolean) => void;
  readonly tickPage: (on: boolean) => void;
  /** By pages: -1 back, 1 on. */
  readonly turn: (by: number) => void;
  readonly closeDetail: () => void;
}

/**
 * One page of issues. The rows are walked with the arrow keys; Enter opens a row, Escape closes what it opened, the space
 * bar ticks it, Page Up and Page Down turn the page.
 */
export class IssueGrid {
  readonly #acts: GridActs;
  readonly #head = html('thead');
  readonly #body = html('tbody');
  readonly element = html(
    'div',
    { class: 'grid-scroll' },
    html('table', { role: 'grid', class: 'issues', 'aria-label': 'Issues' }, this.#head, this.#body),
  );
  /** Row that keeps the focus through a redraw, by its place on the page. */
  #at = 0;

  constructor(acts: GridActs) {
    this.#acts = acts;
    this.#body.addEventListener('keydown', (event) => this.#key(event));
    this.#body.addEventListener('focusin', (event) => {
      const index = this.#indexOf(event.target);
      if (index >= 0) this.#mark(index);
    });
  }

  draw(page: IssuePage, sort: IssueSort, ticked: ReadonlySet<number>, shown: number | null): void {
    const focused = this.#body.contains(document.activeElement);
    const every = page.rows.length > 0 && page.rows.every((row) => ticked.has(row.ordinal));
    const head = html(
      'tr',
      {},
      tickCell('th', 'Select the issues of this page', every, this.#acts.tickPage),
      ...COLUMNS.map((column) => this.#headCell(column, sort)),
    );
    redraw(this.#head, () => this.#head.replaceChildren(head));
    this.#body.replaceChildren(
      ...page.rows.map((row) => this.#row(row, ticked.has(row.ordinal), row.ordinal === shown)),
    );
    this.#at = Math.max(0, Math.min(this.#at, page.rows.length - 1));
    this.#mark(this.#at);
    if (focused) this.focus();
  }

  /** Puts the focus on the row it was on. */
  focus(): void {
    this.#rowAt(this.#at)?.focus();
  }

  /** Makes a row the one that the keyboard goes on from, and brings it into view. */
  standAt(ordinal: number): void {
    const index = [...this.#body.rows].findIndex((row) => row.dataset['ordinal'] === String(ordinal));
    if (index < 0) return;
    this.#mark(index);
    this.#rowAt(index)?.scrollIntoView({ block: 'nearest' });
  }

  toTop(): void {
    this.#at = 0;
    this.element.scrollTop = 0;
  }

  #headCell(column: GridColumn, sort: IssueSort): HTMLTableCellElement {
    const by = column.sort;
    if (by === null) return html('th', { scope: 'col', class: column.name }, column.title);
    const sorted = sort.by === by;
    const cell = html(
      'th',
      { scope: 'col', class: column.name },
      html(
        'button',
        { type: 'button', class: 'sort', click: () => this.#acts.sort(by) },
        `${column.title}${sorted ? (sort.descending ? ' ↓' : ' ↑') : ''}`,
      ),
    );
    cell.setAttribute('aria-sort', sorted ? (sort.descending ? 'descending' : 'ascending') : 'none');
    return cell;
  }

  #row(row: IssueRow, ticked: boolean, shown: boolean): HTMLTableRowElement {
    const tick = tickCell('td', `Select ${row.ruleId} ${placeOf(row)} ${row.rowKey}`, ticked, (on) =>
      this.#acts.tick(row.ordinal, on),
    );
    const line = html(
      'tr',
      {
        tabindex: '-1',
        class: shown ? 'is-shown' : '',
        'aria-selected': ticked ? 'true' : 'false',
        click: () => this.#acts.open(row.ordinal),
      },
      tick,
      ...COLUMNS.map((column) => {
        const text = column.text(row);
        const content =
          column.name === 'severity'
            ? verdict(SEVERITY_STANDING[text] ?? 'unknown', text === '' ? '(none)' : text)
            : html('bdi', {}, text);
        return html('td', { role: 'gridcell', class: column.name, title: text }, content);
      }),
    );
    line.dataset['ordinal'] = String(row.ordinal);
    return line;
  }

  #key(event: KeyboardEvent): void {
    const index = this.#indexOf(event.target);
    const row = this.#rowAt(index);
    if (row === null || event.target !== row) return;
    const act: Readonly<Record<string, () => void>> = {
      ArrowDown: () => this.#go(index + 1),
      ArrowUp: () => this.#go(index - 1),
      Home: () => this.#go(0),
      End: () => this.#go(this.#body.rows.length - 1),
      PageDown: () => this.#acts.turn(1),
      PageUp: () => this.#acts.turn(-1),
      Enter: () => row.click(),
      Escape: () => this.#acts.closeDetail(),
      ' ': () => row.querySelector('input')?.click(),
    };
    const known = act[event.key];
    if (known === undefined) return;
    event.preventDefault();
    known();
  }

  #go(index: number): void {
    if (this.#rowAt(index) === null) return;
    this.#mark(index);
    this.focus();
  }

  /** One row at a time is in the tab order. */
  #mark(index: number): void {
    for (const row of this.#body.querySelectorAll('tr[tabindex="0"]')) row.setAttribute('tabindex', '-1');
    this.#at = index;
    this.#rowAt(index)?.setAttribute('tabindex', '0');
  }

  #rowAt(index: number): HTMLTableRowElement | null {
    return this.#body.rows[index] ?? null;
  }

  #indexOf(target: EventTarget | null): number {
    const row = target instanceof Element ? target.closest('tr') : null;
    return row === null ? -1 : [...this.#body.rows].indexOf(row);
  }
}

function tickCell(
  tag: 'th' | 'td',
  label: string,
  checked: boolean,
  changed: (on: boolean) => void,
): HTMLTableCellElement {
  const box = html('input', { type: 'checkbox', 'aria-label': label, change: () => changed(box.checked) });
  box.checked = checked;
  // The space bar ticks the row itself; a hundred boxes more would lie between the row and what follows the list.
  if (tag === 'td') box.tabIndex = -1;
  const cell = html(tag, { class: 'tick', click: (event: Event) => event.stopPropagation() }, box);
  if (tag === 'th') cell.setAttribute('scope', 'col');
  else cell.setAttribute('role', 'gridcell');
  return cell;
}
