import { EDITABLE_COLUMNS, type EditableColumn, type SheetRow } from '../../src/core/review/contractSheet.ts';
import { html } from '../shared/dom.ts';
import { count, counted } from '../shared/format.ts';
import { nextSort, problemsCell, sortHead, statusBadge, title, walk } from '../shared/gridCells.ts';
import { drawTickBoxes, pageTickBox, tickBox } from '../shared/ticks.ts';
import { cell, columnsShown, grid, PAGE } from './state.ts';
import { shown } from './words.ts';

/** What the table asks of the page. */
export interface TableActions {
  /** Other rows are wanted: another order or another page. */
  ask(): void;
  /** Rows were ticked or no longer are. */
  ticked(): void;
  show(index: number): void;
  edit(place: HTMLTableCellElement, row: SheetRow, column: EditableColumn): void;
}

/** The rows of a page under a fixed header, and the way through the pages. */
export class Table {
  readonly element: HTMLElement;
  readonly pager: HTMLElement;
  readonly #act: TableActions;
  readonly #head = html('thead');
  readonly #rows = html('tbody');
  readonly #empty = html('div', { class: 'empty', hidden: true });
  readonly #position = html('span', { role: 'status' });
  readonly #previous = html('button', { class: 'secondary', click: () => this.#turn(-PAGE) }, 'Previous');
  readonly #next = html('button', { class: 'secondary', click: () => this.#turn(PAGE) }, 'Next');

  constructor(act: TableActions) {
    this.#act = act;
    const table = html('table', { role: 'grid', 'aria-label': 'Contract rows' }, this.#head, this.#rows);
    this.element = html('div', { class: 'rows', tabindex: '-1' }, table, this.#empty);
    this.pager = html(
      'div',
      { class: 'bar' },
      this.#position,
      html('span', { class: 'space' }),
      this.#previous,
      this.#next,
    );
  }

  /** Draws the page that `grid` holds. */
  draw(): void {
    const { page, offset } = grid;
    if (page === null) return;
    this.#drawHead();
    this.#rows.replaceChildren(...page.rows.map((row) => this.#row(row)));
    this.#empty.hidden = page.found > 0;
    this.#empty.textContent =
      page.total === 0
        ? 'The contract has no rows. Run Build Mapping Contract.'
        : 'No row fits the filters. Clear them to see all.';
    const last = Math.min(page.found, offset + PAGE);
    const found = page.found === page.total ? '' : ` found, ${count(page.total)} in all`;
    this.#position.textContent =
      page.found === 0
        ? `0 of ${counted(page.total, 'row')}`
        : `Rows ${count(offset + 1)}–${count(last)} of ${count(page.found)}${found}`;
    this.#previous.disabled = offset === 0;
    this.#next.disabled = last >= page.found;
  }

  /** Gives the focus back to the cell that had it. */
  focus(): void {
    if (grid.focused !== null) this.cellAt(grid.focused.index, grid.focused.column)?.focus();
  }

  cellAt(index: number, column: string): HTMLElement | null {
    return this.#rows.querySelector<HTMLElement>(`tr[data-index="${index}"] td[data-column="${CSS.escape(column)}"]`);
  }

  /** Draws the boxes anew after rows were ticked elsewhere. */
  drawTicks(): void {
    drawTickBoxes(grid, this.#rows);
    this.#drawHead();
  }

  markShown(): void {
    for (const line of this.#rows.querySelectorAll('tr'))
      line.classList.toggle('is-shown', line.dataset['index'] === String(grid.shown));
  }

  #drawHead(): void {
    const every = pageTickBox(grid, grid.page?.rows ?? [], 'Select the rows of this page', () => {
      this.drawTicks();
      this.#act.ticked();
      this.#head.querySelector('input')?.focus();
    });
    this.#head.replaceChildren(
      html(
        'tr',
        {},
        html('th', { class: 'check', scope: 'col' }, every),
        html('th', { scope: 'col' }, html('span', { class: 'plain' }, 'Problems')),
        ...columnsShown().map((name) => sortHead(title(name), name, grid.query.sort, () => this.#sort(name))),
      ),
    );
  }

  #sort(column: string): void {
    grid.query = { ...grid.query, sort: nextSort(grid.query.sort, column) };
    grid.offset = 0;
    this.#act.ask();
  }

  #turn(by: number): void {
    grid.offset = Math.max(0, grid.offset + by);
    grid.focused = null;
    this.#act.ask();
    this.element.scrollTop = 0;
  }

  #row(row: SheetRow): HTMLTableRowElement {
    const label = `Select ${cell(row, 'target_table')}.${cell(row, 'target_field')}`;
    const box = tickBox(grid, row.index, label, () => this.#act.ticked());
    const line = html(
      'tr',
      { click: () => this.#act.show(row.index) },
      html('td', { class: 'check', click: (event: Event) => event.stopPropagation() }, box),
      problemsCell(row),
      ...columnsShown().map((name) => this.#cell(row, name)),
    );
    line.dataset['index'] = String(row.index);
    if (row.index === grid.shown) line.classList.add('is-shown');
    return line;
  }

  #cell(row: SheetRow, name: string): HTMLTableCellElement {
    const value = shown(cell(row, name));
    const column = grid.canEdit ? EDITABLE_COLUMNS.find((known) => known === name) : undefined;
    const content = name === 'status' && value !== '' ? statusBadge(value) : value;
    const made = html(
      'td',
      {
        role: 'gridcell',
        tabindex: '-1',
        title: value,
        class: column === undefined ? '' : 'editable',
        dblclick: () => column !== undefined && this.#act.edit(made, row, column),
        keydown: (event: KeyboardEvent) => this.#key(event, made, row, column),
        focus: () => {
          grid.focused = { index: row.index, column: name };
        },
      },
      content,
    );
    if (column === undefined) made.setAttribute('aria-readonly', 'true');
    made.dataset['column'] = name;
    const first = grid.focused === null && row.index === grid.page?.rows[0]?.index && name === columnsShown()[0];
    if (first || (grid.focused?.index === row.index && grid.focused.column === name)) made.tabIndex = 0;
    return made;
  }

  /** Arrow keys, Home and End walk over the cells; Enter or F2 edits; the space bar ticks the row. */
  #key(event: KeyboardEvent, from: HTMLTableCellElement, row: SheetRow, column: EditableColumn | undefined): void {
    if (event.target !== from || walk(event, from)) return;
    const { key } = event;
    if (key === 'PageDown' && !this.#next.disabled) this.#turn(PAGE);
    else if (key === 'PageUp' && !this.#previous.disabled) this.#turn(-PAGE);
    else if (key === ' ') from.parentElement?.querySelector<HTMLInputElement>('input[type=checkbox]')?.click();
    else if ((key === 'F2' || key === 'Enter') && column !== undefined) this.#act.edit(from, row, column);
    else if (key === 'Enter') this.#act.show(row.index);
    else return;
    event.preventDefault();
  }
}
