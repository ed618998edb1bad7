import type { ErdLink, ErdModel, ErdTable } from '../../src/core/erd/model.ts';
import { visibleText } from '../../src/core/erd/visibleText.ts';
import { html, named } from '../shared/dom.ts';
import { markOf } from './drawBoxes.ts';

/** What a person does with the selected table. */
export interface DetailsListener {
  readonly close: () => void;
  readonly open: (table: string) => void;
  readonly focus: (table: string) => void;
  readonly addNeighbours: (table: string) => void;
  readonly remove: (table: string) => void;
  readonly reveal: (table: string) => void;
}

/** The selected table in words: its links and columns, for those who cannot or will not read the drawing. */
export class Details {
  readonly element = html('aside', { class: 'details', 'aria-label': 'Selected table', hidden: true });
  readonly #listener: DetailsListener;
  #shown: ErdTable | null = null;

  constructor(listener: DetailsListener) {
    this.#listener = listener;
    this.element.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') listener.close();
    });
  }

  /** Shows a table of the model; nothing for a name it does not have. */
  show(model: ErdModel, name: string | null): void {
    const table = model.tables.find((known) => known.name === name) ?? null;
    if (table === this.#shown) return;
    this.#shown = table;
    this.element.hidden = table === null;
    if (table === null) return;
    const act = this.#listener;
    const links = model.links.filter(({ from, to }) => from === table.name || to === table.name);
    this.element.replaceChildren(
      html(
        'header',
        {},
        html('h2', {}, html('bdi', {}, visibleText(table.name))),
        html('button', { class: 'icon', ...named('Close'), click: () => act.close() }, '×'),
      ),
      html(
        'p',
        { class: 'note' },
        [visibleText(table.domain), count(table.columns.length, 'column'), count(links.length, 'link')]
          .filter((text) => text !== '')
          .join(' · '),
      ),
      html(
        'div',
        { class: 'actions' },
        html('button', { class: 'secondary', click: () => act.focus(table.name) }, 'Focus'),
        html('button', { class: 'secondary', click: () => act.addNeighbours(table.name) }, 'Add neighbours'),
        html('button', { class: 'secondary', click: () => act.remove(table.name) }, 'Remove'),
        html('button', { class: 'secondary', click: () => act.reveal(table.name) }, 'Open catalog'),
      ),
      html('h3', {}, 'Links'),
      links.length === 0
        ? html('p', { class: 'note' }, 'Nothing is linked to this table.')
        : html('ul', { class: 'links' }, ...links.map((link) => this.#link(link, table.name))),
      html('h3', {}, 'Columns'),
      columnTable(table),
    );
    this.element.scrollTop = 0;
  }

  #link(link: ErdLink, table: string): HTMLElement {
    const out = link.from === table;
    const other = out ? link.to : link.from;
    const why = link.origin === 'declared' ? 'declared' : `inferred, score ${link.score.toFixed(2)}: ${link.reason}`;
    return html(
      'li',
      {},
      html(
        'button',
        { class: 'link', click: () => this.#listener.open(other) },
        html('span', { 'aria-hidden': 'true' }, out ? '→ ' : '← '),
        html('span', { class: 'sr-only' }, out ? 'refers to ' : 'referred to by '),
        html('bdi', {}, visibleText(other)),
      ),
      html('span', { class: 'note' }, html('bdi', {}, visibleText(link.fromField)), ` · ${why}`),
    );
  }
}

function columnTable(table: ErdTable): HTMLElement {
  const head = html('tr', {}, ...['Key', 'Column', 'Type'].map((title) => html('th', { scope: 'col' }, title)));
  const rows = table.columns.map((column) =>
    html(
      'tr',
      {},
      html('td', { class: 'mark' }, markOf(column)),
      html(
        'td',
        {},
        html('bdi', {}, visibleText(column.name)),
        column.mandatory ? html('abbr', { title: 'mandatory' }, ' *') : '',
      ),
      html('td', { class: 'note' }, column.type),
    ),
  );
  return html('table', {}, html('thead', {}, head), html('tbody', {}, ...rows));
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
