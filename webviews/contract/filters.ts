import { EVERY_ROW, type SheetQuery } from '../../src/core/review/contractSheet.ts';
import { html } from '../shared/dom.ts';
import { count } from '../shared/format.ts';
import { title } from '../shared/gridCells.ts';
import { FIRST_COLUMNS, grid } from './state.ts';

/** A pause in typing that begins a search. */
const TYPING_MS = 50;
const CHOSEN: readonly (readonly [column: string, label: string])[] = [
  ['target_table', 'Table'],
  ['mapping_class', 'Class'],
  ['status', 'Status'],
  ['owner', 'Owner'],
  ['mandatory', 'Mandatory'],
];
const CONFIDENCES = ['0.6', '0.8', '0.95'];

/** The bar of filters, and the choice of columns. */
export class Filters {
  readonly element: HTMLElement;
  readonly #changed: () => void;
  readonly #search = html('input', {
    type: 'search',
    placeholder: 'Search all cells',
    'aria-label': 'Search all cells',
    input: () => this.#later(),
  });
  readonly #selects = CHOSEN.map(([column, label]) => ({
    column,
    label,
    select: html('select', { 'aria-label': label, change: () => this.#read() }),
    /** What it was drawn of: a region's contract has thousands of tables to choose from. */
    drawn: '',
  }));
  readonly #confidence = html(
    'select',
    { 'aria-label': 'Confidence', change: () => this.#read() },
    html('option', { value: '' }, 'Any confidence'),
    ...CONFIDENCES.map((value) => html('option', { value }, `Below ${value}`)),
  );
  readonly #problems = html('input', { type: 'checkbox', change: () => this.#read() });
  readonly #columnList = html('div', { hidden: true, role: 'group', 'aria-label': 'Columns to show' });
  readonly #columnButton = html(
    'button',
    { class: 'secondary', 'aria-expanded': 'false', click: () => this.#openColumns(this.#columnList.hidden !== false) },
    'Columns',
  );
  #typing: ReturnType<typeof setTimeout> | undefined;
  /** What the person chose from is drawn again only when it differs. */
  #drawnColumns = '';

  /** @param changed called when other rows or columns are wanted; `typing` when a search has begun */
  constructor(changed: () => void, typing: () => void) {
    this.#changed = changed;
    this.#search.addEventListener('input', typing);
    this.#search.value = grid.query.text;
    this.#problems.checked = grid.query.withProblem;
    this.#confidence.value = grid.query.belowConfidence === null ? '' : String(grid.query.belowConfidence);
    const columns = html('div', { class: 'columns' }, this.#columnButton, this.#columnList);
    columns.addEventListener('keydown', ({ key }) => {
      if (key !== 'Escape' || this.#columnList.hidden) return;
      this.#openColumns(false);
      this.#columnButton.focus();
    });
    this.element = html(
      'div',
      { class: 'bar', role: 'search' },
      this.#search,
      ...this.#selects.map(({ select }) => select),
      this.#confidence,
      html('label', {}, this.#problems, 'With problems'),
      html('button', { class: 'secondary', click: () => this.reset() }, 'Clear filters'),
      html('span', { class: 'space' }),
      columns,
    );
  }

  /** Shows every row, or those with some values, in the order that was chosen. */
  reset(only: SheetQuery['only'] = {}): void {
    this.#search.value = '';
    this.#problems.checked = false;
    this.#confidence.value = '';
    for (const { column, select } of this.#selects) {
      const [value] = only[column] ?? [];
      select.value = value === undefined ? '*' : mark(value);
    }
    grid.query = { ...EVERY_ROW, only, sort: grid.query.sort };
    this.#go();
  }

  /** Draws what can be chosen from, with how many rows have it. */
  drawFacets(): void {
    for (const of of this.#selects) {
      const { column, select, label } = of;
      const chosen = grid.query.only[column]?.[0];
      const facets = grid.facets[column] ?? [];
      const drawn = JSON.stringify(facets);
      if (drawn !== of.drawn) {
        of.drawn = drawn;
        const options = facets.map(([value, number]) =>
          html('option', { value: mark(value) }, `${value === '' ? '(empty)' : value} (${count(number)})`),
        );
        select.replaceChildren(html('option', { value: '*' }, `${label}: all`), ...options);
      }
      select.value = chosen === undefined ? '*' : mark(chosen);
    }
  }

  drawColumns(): void {
    const names = grid.page?.columns ?? [];
    const drawn = names.map((name) => `${name}${grid.columns.includes(name)}`).join('\n');
    if (drawn === this.#drawnColumns) return;
    this.#drawnColumns = drawn;
    this.#columnList.replaceChildren(...names.map((name) => this.#columnBox(name, names)));
  }

  #columnBox(name: string, names: readonly string[]): HTMLElement {
    const box = html('input', {
      type: 'checkbox',
      change: () => {
        grid.columns = names.filter((known) => (known === name ? box.checked : grid.columns.includes(known)));
        if (grid.columns.length === 0) grid.columns = [...FIRST_COLUMNS];
        // The box keeps the focus: the list is as the person made it.
        this.#drawnColumns = names.map((known) => `${known}${grid.columns.includes(known)}`).join('\n');
        this.#changed();
      },
    });
    box.checked = grid.columns.includes(name);
    return html('label', {}, box, title(name));
  }

  #openColumns(open: boolean): void {
    this.#columnList.hidden = !open;
    this.#columnButton.setAttribute('aria-expanded', String(open));
  }

  #later(): void {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#read(), TYPING_MS);
  }

  #read(): void {
    const only: Record<string, string[]> = {};
    for (const { column, select } of this.#selects) {
      // What is chosen but not drawn stays chosen.
      const kept = grid.query.only[column];
      if (select.value === '' && kept !== undefined) only[column] = [...kept];
      else if (select.value !== '*' && select.value !== '') only[column] = [unmark(select.value)];
    }
    grid.query = {
      ...grid.query,
      only,
      text: this.#search.value,
      withProblem: this.#problems.checked,
      belowConfidence: this.#confidence.value === '' ? null : Number(this.#confidence.value),
    };
    this.#go();
  }

  #go(): void {
    clearTimeout(this.#typing);
    grid.offset = 0;
    // What was chosen was chosen among other rows.
    grid.all = false;
    this.#changed();
  }
}

/** An empty value must not be taken for "all". */
function mark(value: string): string {
  return `=${value}`;
}

function unmark(value: string): string {
  return value.slice(1);
}
