import type { CatalogSide } from '../../src/core/catalog/catalog.ts';
import { DENSITIES, type ErdSettings, MAX_HOPS } from '../../src/core/erd/view.ts';
import type { ExportFormat } from '../../src/extension/panels/erdProtocol.ts';
import { type Attributes, html, named } from '../shared/dom.ts';
import { type PageState, RENDERERS, type Renderer } from './state.ts';

/** What a person does in the tool bar. */
export interface ToolbarListener {
  readonly side: (side: CatalogSide) => void;
  readonly settings: (settings: Partial<ErdSettings>) => void;
  readonly renderer: (renderer: Renderer) => void;
  readonly back: () => void;
  readonly toggleList: () => void;
  readonly zoom: (factor: number) => void;
  readonly fit: () => void;
  readonly exportAs: (format: ExportFormat) => void;
}

const DENSITY_LABELS = { names: 'Names', keys: 'Keys and links', all: 'All columns' } as const;
const RENDERER_LABELS = { auto: 'Automatic', mermaid: 'Mermaid', boxes: 'Boxes' } as const;
const SCORES = [0.5, 0.6, 0.7, 0.8, 0.9] as const;

/** Everything that changes what is drawn and how, in one bar that wraps. */
export class Toolbar {
  readonly element: HTMLElement;
  readonly #list: HTMLButtonElement;
  readonly #back: HTMLButtonElement;
  readonly #side: HTMLSelectElement;
  readonly #start: HTMLSelectElement;
  readonly #hops: HTMLSelectElement;
  readonly #density: HTMLSelectElement;
  readonly #declared: HTMLInputElement;
  readonly #inferred: HTMLInputElement;
  readonly #score: HTMLSelectElement;
  readonly #renderer: HTMLSelectElement;
  readonly #exports: readonly HTMLButtonElement[];

  constructor(listener: ToolbarListener) {
    const links = (): void =>
      listener.settings({
        links: {
          declared: this.#declared.checked,
          inferred: this.#inferred.checked,
          minScore: Number(this.#score.value),
        },
      });
    this.#list = button('☰', 'Show or hide the list of tables', () => listener.toggleList());
    this.#back = button('←', 'Back to the view before', () => listener.back());
    this.#side = select({ source: 'Source', target: 'Target' }, () => listener.side(this.#side.value as CatalogSide));
    this.#start = select({ connected: 'Most connected', all: 'All', chosen: 'Chosen' }, () => {
      const value = this.#start.value;
      if (value === 'all' || value === 'connected') listener.settings({ roots: value });
    });
    const hops = Object.fromEntries(Array.from({ length: MAX_HOPS + 1 }, (_, hop) => [String(hop), String(hop)]));
    this.#hops = select(hops, () => listener.settings({ hops: Number(this.#hops.value) }));
    this.#density = select(DENSITY_LABELS, () => {
      const density = DENSITIES.find((known) => known === this.#density.value);
      if (density !== undefined) listener.settings({ density });
    });
    this.#declared = html('input', { type: 'checkbox', change: links });
    this.#inferred = html('input', { type: 'checkbox', change: links });
    const scores = Object.fromEntries(SCORES.map((score) => [String(score), `from ${score.toFixed(1)}`]));
    this.#score = select(scores, links, { 'aria-label': 'Least score of inferred links' });
    this.#renderer = select(RENDERER_LABELS, () => {
      const renderer = RENDERERS.find((known) => known === this.#renderer.value);
      if (renderer !== undefined) listener.renderer(renderer);
    });
    const exported = (label: string, format: ExportFormat, what: string): HTMLButtonElement =>
      html(
        'button',
        { class: 'secondary', title: what, 'aria-label': what, click: () => listener.exportAs(format) },
        label,
      );
    this.#exports = [
      exported('SVG', 'svg', 'Export as SVG'),
      exported('PNG', 'png', 'Export as PNG'),
      exported('Text', 'mermaid', 'Export as mermaid text'),
    ];
    this.element = html(
      'div',
      { class: 'toolbar', role: 'group', 'aria-label': 'Diagram settings' },
      html('div', { class: 'group' }, this.#list, this.#back),
      html(
        'div',
        { class: 'group' },
        labelled('Schema', this.#side),
        labelled('Tables', this.#start),
        labelled('Hops', this.#hops),
      ),
      html('div', { class: 'group' }, labelled('Show', this.#density), labelled('Drawing', this.#renderer)),
      html(
        'div',
        { class: 'group', role: 'group', 'aria-label': 'Links shown' },
        html('label', { class: 'check' }, this.#declared, html('span', { class: 'sample declared' }), 'Declared'),
        html('label', { class: 'check' }, this.#inferred, html('span', { class: 'sample inferred' }), 'Inferred'),
        this.#score,
      ),
      html('div', { class: 'group grow' }),
      html(
        'div',
        { class: 'group' },
        button('−', 'Zoom out', () => listener.zoom(0.8)),
        button('+', 'Zoom in', () => listener.zoom(1.25)),
        button('Fit', 'Fit the whole diagram in', () => listener.fit()),
      ),
      html('div', { class: 'group', role: 'group', 'aria-label': 'Export' }, ...this.#exports),
    );
  }

  /** Shows the settings in force. */
  show(state: PageState, sides: Readonly<Record<CatalogSide, boolean>>, canGoBack: boolean, drawn: boolean): void {
    const settings = state.settings[state.side];
    const { roots, links } = settings;
    this.#list.setAttribute('aria-pressed', String(state.listShown));
    this.#back.disabled = !canGoBack;
    this.#side.value = state.side;
    for (const option of this.#side.options) option.disabled = !sides[option.value as CatalogSide];
    const chosen = this.#start.options.namedItem('chosen') ?? this.#start.options[2];
    const count = typeof roots === 'string' ? 0 : roots.length;
    if (chosen !== undefined) {
      chosen.textContent = count === 0 ? 'Chosen' : `Chosen (${count})`;
      chosen.disabled = count === 0;
    }
    this.#start.value = typeof roots === 'string' ? roots : 'chosen';
    this.#hops.value = String(settings.hops);
    this.#density.value = settings.density;
    this.#declared.checked = links.declared;
    this.#inferred.checked = links.inferred;
    this.#score.value = String(SCORES.findLast((score) => score <= links.minScore) ?? SCORES[0]);
    this.#score.disabled = !links.inferred;
    this.#renderer.value = state.renderer;
    for (const one of this.#exports) one.disabled = !drawn;
  }
}

function button(text: string, label: string, click: () => void): HTMLButtonElement {
  return html('button', { class: 'icon', ...named(label), click }, text);
}

function select(
  options: Readonly<Record<string, string>>,
  change: () => void,
  more: Attributes = {},
): HTMLSelectElement {
  const items = Object.entries(options).map(([value, label]) => html('option', { value }, label));
  return html('select', { change, ...more }, ...items);
}

function labelled(text: string, control: HTMLElement): HTMLElement {
  control.id = `control-${text.toLowerCase()}`;
  return html('div', { class: 'field' }, html('label', { for: control.id }, text), control);
}
