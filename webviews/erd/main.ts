import './erd.css';
import type { CatalogSide } from '../../src/core/catalog/catalog.ts';
import { focusOn, withNeighbours, withoutTable, withTable } from '../../src/core/erd/choose.ts';
import { toMermaid } from '../../src/core/erd/mermaidText.ts';
import type { ErdModel } from '../../src/core/erd/model.ts';
import { type ErdSettings, type ErdView, FIRST_SETTINGS, viewOf } from '../../src/core/erd/view.ts';
import { ERD, type ErdContent, type ExportFormat, type SavedView } from '../../src/extension/panels/erdProtocol.ts';
import { html, visible } from '../shared/dom.ts';
import { Host } from '../shared/host.ts';
import { Canvas } from './canvas.ts';
import { Details } from './details.ts';
import type { Drawing } from './drawing.ts';
import { loadMermaid } from './drawMermaid.ts';
import { pngOf } from './exportFile.ts';
import { Notice } from './notice.ts';
import { Sidebar } from './sidebar.ts';
import { type PageState, readState } from './state.ts';
import { Toolbar } from './toolbar.ts';
import { ViewDrawer } from './viewDrawer.ts';

/** Views to go back to. */
const HISTORY = 50;

/** The page: keeps the state, turns it into a view, and has it drawn. */
class Page {
  readonly #host = new Host(ERD, ({ project }) => this.#begin(project !== null));
  #state: PageState = readState(this.#host.kept);
  #hasProject = true;
  #content: ErdContent | null = null;
  #reading = 0;
  #shown = false;
  /** A table that was asked for before the schemas were there. */
  #wanted: { readonly side: CatalogSide; readonly table: string } | null = null;
  readonly #history: { side: CatalogSide; settings: ErdSettings }[] = [];
  #view: ErdView | null = null;
  #keepTimer = 0;
  readonly #canvas: Canvas;
  readonly #drawer: ViewDrawer;
  readonly #sidebar: Sidebar;
  readonly #toolbar: Toolbar;
  readonly #details: Details;
  readonly #root = html('main', { class: 'page' });
  readonly #status = html('div', { class: 'status', role: 'status' });
  readonly #notice = new Notice();
  readonly #problems = html('div', { class: 'problems', role: 'alert', hidden: true });

  constructor() {
    this.#canvas = new Canvas({
      select: (table) => this.#select(table),
      open: (table) => this.#focus(table),
      moved: () => this.#keepSoon(),
    });
    this.#drawer = new ViewDrawer(this.#canvas, this.#state.position, {
      drawing: (is) => this.#root.classList.toggle('is-drawing', is),
      drawn: ({ kind }, number, ms) => this.#drawn(kind, number, ms),
      failed: (error) => this.#fail('The diagram could not be drawn', messageOf(error)),
      mermaidFailed: (error) => this.#host.failed(`Mermaid: ${String(error)}`),
    });
    this.#sidebar = new Sidebar({
      search: (search) => this.#change({ search }),
      open: (table) => this.#open(table),
      add: (table) => this.#settings(withTable(this.#view, this.#own, table)),
      remove: (table) => this.#remove(table),
      domains: (domains) => this.#settings({ domains }),
      openView: (view) => this.#openView(view),
      saveView: (name) => this.#saveView(name),
      deleteView: (name) => this.#keepViews(this.#views.filter((view) => view.name !== name)),
    });
    this.#toolbar = new Toolbar({
      side: (side) => this.#change({ side, selected: null }),
      settings: (settings) => this.#settings(settings),
      renderer: (renderer) => {
        this.#drawer.lookAnew();
        this.#change({ renderer });
      },
      back: () => this.#back(),
      toggleList: () => this.#change({ listShown: !this.#state.listShown }),
      zoom: (factor) => this.#canvas.zoom(factor),
      fit: () => this.#canvas.fit(),
      exportAs: (format) => void this.#export(format),
    });
    this.#details = new Details({
      close: () => {
        this.#select(null);
        this.#canvas.element.focus();
      },
      open: (table) => this.#open(table),
      focus: (table) => this.#focus(table),
      addNeighbours: (table) => {
        const model = this.#model;
        if (model !== null) this.#settings(withNeighbours(model, this.#view, this.#own, table));
      },
      remove: (table) => this.#remove(table),
      reveal: (table) => this.#reveal(table),
    });
    const help = html(
      'p',
      { id: 'canvas-help', class: 'sr-only' },
      'Arrow keys move, plus and minus zoom, 0 fits. Shift with an arrow key selects the next table that way, Enter shows its neighbours, Escape selects none. The list has all tables.',
    );
    this.#root.append(
      html('h1', { class: 'sr-only' }, 'Entity relationship diagram'),
      this.#toolbar.element,
      this.#problems,
      html(
        'div',
        { class: 'work' },
        this.#sidebar.element,
        html('div', { class: 'middle' }, this.#canvas.element, this.#notice.element, help),
        this.#details.element,
      ),
      this.#status,
    );
    document.addEventListener('keydown', (event) => {
      if (event.key !== '/' || event.target instanceof HTMLInputElement) return;
      event.preventDefault();
      if (!this.#state.listShown) this.#change({ listShown: true });
      this.#sidebar.focusSearch();
    });
    document.body.append(this.#root);
    // The editor puts the theme on the body; a drawing has the colours of the theme it was made in.
    new MutationObserver(() => {
      this.#drawer.forget();
      this.#show();
    }).observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
    this.#host.on('changed', () => void this.#read());
    this.#host.on('focus', (wanted) => {
      this.#wanted = wanted;
      if (this.#content !== null) this.#showWanted();
    });
    this.#tell('Reading the schemas…');
    this.#show();
    // Why it cannot be loaded is told when something is to be drawn with it.
    if (this.#state.renderer !== 'boxes') void loadMermaid().catch(() => undefined);
  }

  get #model(): ErdModel | null {
    return this.#content?.[this.#state.side] ?? null;
  }

  get #views(): readonly SavedView[] {
    return this.#content?.views ?? [];
  }

  #begin(hasProject: boolean): void {
    this.#hasProject = hasProject;
    if (hasProject) void this.#read();
    else {
      this.#reading += 1;
      this.#take({ source: null, target: null, problems: [], views: [] });
    }
  }

  /** Reads the schemas as they are now. */
  async #read(): Promise<void> {
    this.#reading += 1;
    const reading = this.#reading;
    try {
      const content = await this.#host.ask('content', {});
      // Asked again meanwhile.
      if (reading === this.#reading) this.#take(content);
    } catch (error) {
      if (reading !== this.#reading) return;
      this.#content = null;
      this.#show();
      this.#fail('The schemas could not be read', messageOf(error));
    }
  }

  #take(content: ErdContent): void {
    this.#content = content;
    if (content[this.#state.side] === null) {
      const other = this.#state.side === 'source' ? 'target' : 'source';
      if (content[other] !== null) this.#state = { ...this.#state, side: other, selected: null };
    }
    this.#sidebar.showViews(content.views);
    this.#problems.hidden = content.problems.length === 0;
    this.#problems.replaceChildren(...content.problems.map((problem) => html('p', {}, problem)));
    this.#show();
    this.#showWanted();
  }

  #showWanted(): void {
    const wanted = this.#wanted;
    this.#wanted = null;
    if (wanted === null) return;
    this.#change({ side: wanted.side });
    this.#focus(wanted.table);
  }

  /** Shows the state: controls at once, the drawing when it differs. */
  #show(): void {
    const { side, settings, selected, listShown, search } = this.#state;
    this.#root.classList.toggle('without-list', !listShown);
    const model = this.#model;
    const sides = {
      source: (this.#content?.source ?? null) !== null,
      target: (this.#content?.target ?? null) !== null,
    };
    const view = model === null ? null : viewOf(model, settings[side]);
    this.#toolbar.show(this.#state, sides, this.#history.length > 0, view !== null && view.tables.length > 0);
    this.#view = view;
    this.#sidebar.element.classList.toggle('is-off', model === null);
    if (model === null || view === null) {
      if (this.#content !== null) {
        this.#tell('');
        this.#notice.noSchema(this.#hasProject, () => this.#extractSpecs());
        this.#tellShown();
      }
      this.#drawer.clear();
      return;
    }
    this.#sidebar.showResults(model, view, search, selected);
    this.#sidebar.showDomains(model, settings[side].domains);
    this.#details.show(model, selected);
    this.#canvas.select(selected);
    this.#tellShown();
    if (view.tables.length === 0) {
      this.#drawer.clear();
      this.#tell('0 tables');
      if (model.tables.length === 0) this.#notice.noTable(side, !this.#problems.hidden, () => this.#reveal(null));
      else this.#notice.allHidden(view, () => this.#settings(FIRST_SETTINGS));
      return;
    }
    this.#notice.hide();
    this.#drawer.show(side, view, this.#state.renderer);
  }

  #drawn(kind: Drawing['kind'], number: number, ms: number): void {
    const view = this.#view;
    const all = this.#model?.tables.length ?? 0;
    if (view === null) return;
    const inferred = view.links.filter(({ origin }) => origin === 'inferred').length;
    const hidden = view.missing.length === 0 ? [] : [`${plural(view.missing.length, 'chosen table')} not shown`];
    const links = plural(view.links.length, 'link');
    this.#tell(
      [
        `${view.tables.length.toLocaleString('en')} of ${plural(all, 'table')}`,
        `${links}, ${inferred} inferred`,
        ...hidden,
        `drawn ${kind === 'mermaid' ? 'by mermaid' : 'as boxes'} in ${Math.round(ms)} ms`,
      ].join(' · '),
    );
    const label = `Diagram of ${plural(view.tables.length, 'table')} and ${links}`;
    this.#canvas.element.setAttribute('aria-label', label);
    this.#root.dataset['drawn'] = String(number);
    this.#root.dataset['drawnAt'] ??= String(Date.now());
    this.#keepSoon();
  }

  /** The settings of the side that is shown. */
  get #own(): ErdSettings {
    return this.#state.settings[this.#state.side];
  }

  #change(change: Partial<PageState>): void {
    const before = this.#state;
    this.#state = { ...before, ...change };
    this.#show();
    this.#keepSoon();
  }

  #settings(change: Partial<ErdSettings>, selected = this.#state.selected): void {
    const { side, settings } = this.#state;
    this.#history.push({ side, settings: settings[side] });
    if (this.#history.length > HISTORY) this.#history.shift();
    this.#change({ settings: { ...settings, [side]: { ...settings[side], ...change } }, selected });
  }

  #back(): void {
    const before = this.#history.pop();
    if (before === undefined) return;
    const { side, settings } = before;
    this.#change({ side, settings: { ...this.#state.settings, [side]: settings } });
  }

  #select(table: string | null): void {
    if (table !== this.#state.selected) this.#change({ selected: table });
  }

  /** Brings a table into sight; one that is not in the view comes with its neighbours. */
  #open(table: string): void {
    if (this.#view?.tables.some(({ name }) => name === table) === true) {
      this.#select(table);
      this.#canvas.locate(table);
    } else this.#focus(table);
  }

  #focus(table: string): void {
    this.#settings(focusOn(this.#model, this.#own, table), table);
  }

  #remove(table: string): void {
    const { selected } = this.#state;
    this.#settings(withoutTable(this.#view, table), selected === table ? null : selected);
  }

  #openView(view: SavedView): void {
    const { settings } = this.#state;
    this.#history.push({ side: this.#state.side, settings: settings[this.#state.side] });
    this.#drawer.lookAnew();
    this.#change({ side: view.side, settings: { ...settings, [view.side]: view.settings }, selected: null });
  }

  #saveView(name: string): void {
    const { side, settings } = this.#state;
    const others = this.#views.filter((view) => view.name !== name);
    // Asked before the views are kept: afterwards each name has one.
    const replaced = others.length < this.#views.length;
    this.#keepViews([...others, { name, side, settings: settings[side] }]);
    this.#tell(`View ${name} ${replaced ? 'replaced' : 'saved'}.`);
  }

  #keepViews(views: readonly SavedView[]): void {
    if (this.#content === null) return;
    this.#content = { ...this.#content, views: [...views] };
    this.#sidebar.showViews(views);
    this.#ask(this.#host.ask('saveViews', { views: [...views] }), 'The views were not saved');
  }

  async #export(format: ExportFormat): Promise<void> {
    const { drawing } = this.#canvas;
    const view = this.#view;
    if (drawing === null || view === null) return;
    try {
      const svgText = format === 'mermaid' ? '' : drawing.toSvg();
      const data = format === 'mermaid' ? toMermaid(view) : format === 'svg' ? svgText : await pngOf(svgText);
      const { file } = await this.#host.ask('export', { format, side: this.#state.side, data });
      if (file !== null) this.#tell(`Exported to ${file}`);
    } catch (error) {
      this.#tell(`Not exported: ${messageOf(error)}`);
    }
  }

  #fail(title: string, message: string): void {
    this.#tell('');
    this.#notice.fail(title, message, ['Try again', () => void this.#read()]);
    this.#tellShown();
  }

  #tell(text: string): void {
    this.#status.textContent = visible(text);
  }

  #tellShown(): void {
    if (!this.#shown) this.#host.shown();
    this.#shown = true;
  }

  #reveal(table: string | null): void {
    this.#ask(this.#host.ask('reveal', { side: this.#state.side, table }), 'Not opened');
  }

  #extractSpecs(): void {
    this.#ask(this.#host.ask('extractSpecs', {}), 'Not run');
  }

  /** What went wrong with something asked for in passing is told in the line under the diagram. */
  #ask(answer: Promise<unknown>, failed: string): void {
    answer.catch((error: unknown) => this.#tell(`${failed}: ${messageOf(error)}`));
  }

  #keepSoon(): void {
    if (this.#keepTimer !== 0) return;
    this.#keepTimer = window.setTimeout(() => {
      this.#keepTimer = 0;
      const position = this.#canvas.drawing === null ? this.#state.position : this.#canvas.position;
      this.#state = { ...this.#state, position };
      this.#host.keep(this.#state);
    }, 200);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function plural(number: number, what: string): string {
  return `${number.toLocaleString('en')} ${what}${number === 1 ? '' : 's'}`;
}

new Page();
