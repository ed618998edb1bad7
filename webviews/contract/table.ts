import { EDITABLE_COLUMNS, type EditableColumn, type SheetRow } from '../../src/core/review/contractSheet.ts';
import { html } from '../shared/dom.ts';
import { cell, columnsShown, grid, PAGE } from './state.ts';
import { count, shown, title } from './words.ts';

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
        ? `0 of ${count(page.total)} rows`
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
    for (const line of this.#rows.querySelectorAll('tr')) {
      const box = line.querySelector<HTMLInputElement>('input[type=checkbox]');
      if (box !== null) box.checked = grid.all || grid.ticked.has(Number(line.dataset['index']));
    }
    this.#drawHead();
  }

  markShown(): void {
    for (const line of this.#rows.querySelectorAll('tr'))
      line.classList.toggle('is-shown', line.dataset['index'] === String(grid.shown));
  }

  #drawHead(): void {
    const every = html('input', {
      type: 'checkbox',
      'aria-label': 'Select the rows of this page',
      change: () => {
        this.#tickPage(every.checked);
        this.#head.querySelector('input')?.focus();
      },
    });
    const onPage = grid.page?.rows ?? [];
    every.checked = onPage.length > 0 && onPage.every(({ index }) => grid.all || grid.ticked.has(index));
    this.#head.replaceChildren(
      html(
        'tr',
        {},
        html('th', { class: 'check', scope: 'col' }, every),
        html('th', { scope: 'col' }, html('span', { class: 'plain' }, 'Problems')),
        ...columnsShown().map((name) => this.#heading(name)),
      ),
    );
  }

  #heading(name: string): HTMLElement {
    const sorted = grid.query.sort?.column === name ? grid.query.sort : null;
    const arrow = sorted === null ? '' : sorted.descending ? ' ↓' : ' ↑';
    const head = html(
      'th',
      { scope: 'col' },
      html('button', { click: () => this.#sort(name) }, `${title(name)}${arrow}`),
    );
    head.setAttribute('aria-sort', sorted === null ? 'none' : sorted.descending ? 'descending' : 'ascending');
    return head;
  }

  #tickPage(ticked: boolean): void {
    for (const { index } of grid.page?.rows ?? []) {
      if (ticked) grid.ticked.add(index);
      else grid.ticked.delete(index);
    }
    grid.all = false;
    this.drawTicks();
    this.#act.ticked();
  }

  /** Up, down, and back to the order of the file. */
  #sort(column: string): void {
    const now = grid.query.sort;
    const next = now?.descending === true ? null : { column, descending: true };
    grid.query = { ...grid.query, sort: now?.column === column ? next : { column, descending: false } };
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
    const box = html('input', {
      type: 'checkbox',
      'aria-label': `Select ${cell(row, 'target_table')}.${cell(row, 'target_field')}`,
      change: () => {
        if (box.checked) grid.ticked.add(row.index);
        else grid.ticked.delete(row.index);
        grid.all = false;
        this.#act.ticked();
      },
    });
    box.checked = grid.all || grid.ticked.has(row.index);
    const line = html(
      'tr',
      { click: () => this.#act.show(row.index) },
      html('td', { class: 'check', click: (event: Event) => event.stopPropagation() }, box),
      problemsOf(row),
      ...columnsShown().map((name) => this.#cell(row, name)),
    );
    line.dataset['index'] = String(row.index);
    if (row.index === grid.shown) line.classList.add('is-shown');
    return line;
  }

  #cell(row: SheetRow, name: string): HTMLTableCellElement {
    const value = shown(cell(row, name));
    const column = grid.canEdit ? EDITABLE_COLUMNS.find((known) => known === name) : undefined;
    const content =
      name === 'status' && value !== ''
        ? html('span', { class: `status ${value.replaceAll(/\W/g, '')}` }, value.replace('_', ' '))
        : value;
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
    if (event.target !== from) return;
    const { key } = event;
    const target = neighbour(from, key);
    if (target !== null) {
      from.tabIndex = -1;
      target.tabIndex = 0;
      target.focus();
    } else if (key === 'PageDown' && !this.#next.disabled) this.#turn(PAGE);
    else if (key === 'PageUp' && !this.#previous.disabled) this.#turn(-PAGE);
    else if (key === ' ') from.parentElement?.querySelector<HTMLInputElement>('input[type=checkbox]')?.click();
    else if ((key === 'F2' || key === 'Enter') && column !== undefined) this.#act.edit(from, row, column);
    else if (key === 'Enter') this.#act.show(row.index);
    else return;
    event.preventDefault();
  }
}

function problemsOf(row: SheetRow): HTMLElement {
  const worst = row.marks.find((found) => found.severity === 'error') ?? row.marks[0];
  if (worst === undefined) return html('td', {});
  const told = `${row.marks.length} ${worst.severity}`;
  return html('td', { title: worst.message }, html('span', { class: `mark ${worst.severity}` }, told));
}

/** The cell that a key leads to; null when there is none. */
function neighbour(from: HTMLElement, key: string): HTMLElement | null {
  const line = from.parentElement;
  const name = CSS.escape(from.dataset['column'] ?? '');
  const steps: Readonly<Record<string, () => Element | null | undefined>> = {
    ArrowRight: () => from.nextElementSibling,
    ArrowLeft: () => from.previousElementSibling,
    ArrowDown: () => line?.nextElementSibling?.querySelector(`[data-column="${name}"]`),
    ArrowUp: () => line?.previousElementSibling?.querySelector(`[data-column="${name}"]`),
    Home: () => line?.querySelector('[data-column]'),
    End: () => line?.lastElementChild,
  };
  const target = steps[key]?.();
  return target instanceof HTMLElement && target.dataset['column'] !== undefined ? target : null;
}
