import { domainsOf, type ErdModel } from '../../src/core/erd/model.ts';
import { type ErdHit, searchTables } from '../../src/core/erd/search.ts';
import type { ErdSettings, ErdView } from '../../src/core/erd/view.ts';
import { visibleText } from '../../src/core/erd/visibleText.ts';
import type { SavedView } from '../../src/extension/panels/erdProtocol.ts';
import { html, named } from '../shared/dom.ts';
import { counted } from '../shared/format.ts';

/** Results drawn; the rest is a word more in the search box away. */
const RESULTS = 150;

/** What a person does in the list. */
export interface SidebarListener {
  readonly search: (text: string) => void;
  /** Show the table and its neighbours, or bring it into sight when it is there. */
  readonly open: (table: string) => void;
  readonly add: (table: string) => void;
  readonly remove: (table: string) => void;
  readonly domains: (domains: readonly string[] | null) => void;
  readonly openView: (view: SavedView) => void;
  readonly saveView: (name: string) => void;
  readonly deleteView: (name: string) => void;
}

/** Search with its results, the domain filter and the saved views. */
export class Sidebar {
  readonly element: HTMLElement;
  readonly #listener: SidebarListener;
  readonly #search: HTMLInputElement;
  readonly #count = html('p', { class: 'note', role: 'status' });
  readonly #results = html('ul', { class: 'results', 'aria-label': 'Tables found' });
  readonly #domainBox = html('div', { class: 'domains' });
  readonly #domainSection: HTMLElement;
  readonly #views = html('ul', { class: 'views', 'aria-label': 'Saved views' });
  readonly #viewName: HTMLInputElement;
  /** A name that a view has already is not taken from it unseen. */
  readonly #save = html('button', { type: 'submit', class: 'secondary' }, 'Save');
  readonly #isThere = html('p', { id: 'view-is-there', class: 'note', role: 'status' });
  #names: ReadonlySet<string> = new Set();
  #open = '';

  constructor(listener: SidebarListener) {
    this.#listener = listener;
    this.#search = html('input', {
      type: 'search',
      id: 'search',
      placeholder: 'Search tables and columns',
      'aria-label': 'Search tables and columns',
      spellcheck: 'false',
      autocomplete: 'off',
      input: () => listener.search(this.#search.value),
      keydown: (event: KeyboardEvent) => {
        if (event.key === 'ArrowDown') this.#step(event, 0);
        else if (event.key === 'Enter') this.#buttons()[0]?.click();
      },
    });
    this.#results.addEventListener('keydown', (event) => this.#resultKey(event));
    this.#viewName = html('input', {
      type: 'text',
      'aria-label': 'Name of the new view',
      placeholder: 'Name this view',
      maxlength: 60,
      'aria-describedby': 'view-is-there',
      input: () => this.#tellWhetherThere(),
    });
    this.#domainSection = html(
      'details',
      { class: 'section', open: true },
      html('summary', {}, 'Domains'),
      this.#domainBox,
    );
    const form = html(
      'form',
      {
        class: 'save-view',
        submit: (event: Event) => {
          event.preventDefault();
          const name = this.#viewName.value.trim();
          if (name === '') {
            this.#viewName.focus();
            return;
          }
          listener.saveView(name);
          this.#viewName.value = '';
          this.#tellWhetherThere();
        },
      },
      this.#viewName,
      this.#save,
      this.#isThere,
    );
    this.element = html(
      'aside',
      { class: 'sidebar', 'aria-label': 'List of tables' },
      html('div', { class: 'search' }, this.#search),
      this.#count,
      this.#results,
      this.#domainSection,
      html('details', { class: 'section', open: true }, html('summary', {}, 'Saved views'), this.#views, form),
    );
  }

  /** Puts the cursor into the search box. */
  focusSearch(): void {
    this.#search.focus();
    this.#search.select();
  }

  /** Lists the tables that fit the search; those of the view are marked. */
  showResults(model: ErdModel, view: ErdView, search: string, selected: string | null): void {
    if (this.#search.value !== search) this.#search.value = search;
    const hits = searchTables(model, search);
    const inView = new Set(view.tables.map(({ name }) => name));
    const domains = new Map(model.tables.map(({ name, domain }) => [name, domain]));
    const focused = this.#focused();
    const key = JSON.stringify([search, selected, hits.slice(0, RESULTS), [...inView]]);
    if (key === this.#open) return;
    this.#open = key;
    const shown = hits.slice(0, RESULTS);
    this.#results.replaceChildren(
      ...shown.map((hit) => this.#result(hit, domains.get(hit.table) ?? '', inView, selected)),
    );
    const more = hits.length > RESULTS ? `, the first ${RESULTS} listed` : '';
    this.#count.textContent =
      search.trim() === ''
        ? `${counted(model.tables.length, 'table')}${more}`
        : hits.length === 0
          ? 'No table or column has that name.'
          : `${hits.length} of ${counted(model.tables.length, 'table')}${more}`;
    const buttons = this.#buttons();
    const again = buttons.find((button) => button.dataset['table'] === focused);
    for (const button of buttons) button.tabIndex = -1;
    const first = again ?? buttons[0];
    if (first !== undefined) first.tabIndex = 0;
    again?.focus({ preventScroll: true });
  }

  /** Lists the domains with their tables; none where the catalog knows none. */
  showDomains(model: ErdModel, chosen: ErdSettings['domains']): void {
    const domains = domainsOf(model);
    this.#domainSection.hidden = domains.length < 2;
    const on = new Set(chosen ?? domains.map(({ name }) => name));
    const focused =
      document.activeElement instanceof HTMLInputElement ? document.activeElement.dataset['domain'] : null;
    const change = (name: string, checked: boolean): void => {
      const next = domains.map((domain) => domain.name).filter((known) => (known === name ? checked : on.has(known)));
      this.#listener.domains(next.length === domains.length ? null : next);
    };
    const boxes = domains.map(({ name, tables }) => {
      const box = html('input', {
        type: 'checkbox',
        'data-domain': name,
        checked: on.has(name),
        change: () => change(name, box.checked),
      });
      const label = name === '' ? 'No domain' : visibleText(name);
      return html('label', {}, box, html('bdi', {}, label), html('span', { class: 'count' }, String(tables)));
    });
    const all = html('button', { class: 'link', click: () => this.#listener.domains(null) }, 'All');
    const none = html('button', { class: 'link', click: () => this.#listener.domains([]) }, 'None');
    this.#domainBox.replaceChildren(html('div', { class: 'all-none' }, all, none), ...boxes);
    this.#domainBox.setAttribute('role', 'group');
    this.#domainBox.setAttribute('aria-label', 'Domains shown');
    if (focused !== null && focused !== undefined)
      boxes
        .map((label) => label.querySelector('input'))
        .find((box) => box?.dataset['domain'] === focused)
        ?.focus();
  }

  /** Lists the saved views. */
  showViews(views: readonly SavedView[]): void {
    this.#names = new Set(views.map(({ name }) => name));
    this.#tellWhetherThere();
    this.#views.replaceChildren(
      ...views.map((view) =>
        html(
          'li',
          {},
          html(
            'button',
            {
              class: 'row',
              click: () => this.#listener.openView(view),
              title: `Open this view of the ${view.side} schema`,
            },
            html('bdi', {}, visibleText(view.name)),
            html('span', { class: 'count' }, view.side),
          ),
          html(
            'button',
            {
              class: 'icon',
              ...named(`Delete view ${visibleText(view.name)}`),
              click: () => this.#listener.deleteView(view.name),
            },
            '×',
          ),
        ),
      ),
    );
    this.#views.hidden = views.length === 0;
  }

  #tellWhetherThere(): void {
    const there = this.#names.has(this.#viewName.value.trim());
    this.#save.textContent = there ? 'Replace' : 'Save';
    this.#isThere.textContent = there ? 'A view has this name; Replace gives it what is shown now.' : '';
  }

  #result(hit: ErdHit, domain: string, inView: ReadonlySet<string>, selected: string | null): HTMLElement {
    const name = visibleText(hit.table);
    const shown = inView.has(hit.table);
    const found = hit.columns.map(visibleText).join(', ');
    return html(
      'li',
      { class: `${shown ? 'is-shown' : ''} ${hit.table === selected ? 'is-selected' : ''}`.trim() || null },
      html(
        'button',
        {
          class: 'row',
          'data-table': hit.table,
          'aria-current': hit.table === selected ? 'true' : null,
          title: shown ? 'Bring into sight' : 'Show with its neighbours',
          click: () => this.#listener.open(hit.table),
        },
        html('bdi', { class: 'name' }, name),
        ...(found === '' ? [] : [html('bdi', { class: 'found' }, found)]),
        ...(domain === '' ? [] : [html('span', { class: 'count' }, visibleText(domain))]),
        ...(shown ? [html('span', { class: 'sr-only' }, ', in the diagram')] : []),
      ),
      html(
        'button',
        {
          class: 'icon',
          tabindex: -1,
          ...named(shown ? `Remove ${name} from the diagram` : `Add ${name} to the diagram`),
          click: () => (shown ? this.#listener.remove(hit.table) : this.#listener.add(hit.table)),
        },
        shown ? '−' : '+',
      ),
    );
  }

  #buttons(): HTMLButtonElement[] {
    return [...this.#results.querySelectorAll<HTMLButtonElement>('button.row')];
  }

  #focused(): string | null {
    const row = document.activeElement?.closest('.results li')?.querySelector<HTMLElement>('button.row');
    return row?.dataset['table'] ?? null;
  }

  #resultKey(event: KeyboardEvent): void {
    const buttons = this.#buttons();
    const row = (event.target as HTMLElement).closest('li');
    const at = buttons.findIndex((button) => button.closest('li') === row);
    const icon = row?.querySelector<HTMLButtonElement>('button.icon');
    if (event.key === 'ArrowDown') this.#step(event, at + 1);
    else if (event.key === 'ArrowUp') {
      if (at === 0) {
        this.#search.focus();
        event.preventDefault();
      } else this.#step(event, at - 1);
    } else if (event.key === 'Home') this.#step(event, 0);
    else if (event.key === 'End') this.#step(event, buttons.length - 1);
    else if (event.key === 'ArrowRight') icon?.focus();
    else if (event.key === 'ArrowLeft') buttons[at]?.focus();
    else if (event.key === '+' || event.key === '-') {
      icon?.click();
      event.preventDefault();
    }
  }

  #step(event: Event, to: number): void {
    const buttons = this.#buttons();
    const next = buttons[to];
    event.preventDefault();
    if (next === undefined) return;
    for (const button of buttons) button.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }
}
