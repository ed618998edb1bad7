/**
 * The controls and building blocks of all panels. This is the only module that imports the webview UI toolkit, which is
 * archived upstream: to replace it, replace what this file returns.
 *
 * Three controls are the browser's own, because the toolkit's are worse: lists to choose from (its dropdown is no native
 * list and does not open outside of a narrow editor), links (its link is an address, ours are actions), and tables (its
 * grid has no column headers for screen readers, and is slow with thousands of rows).
 */
import {
  provideVSCodeDesignSystem,
  vsCodeBadge,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodePanels,
  vsCodePanelTab,
  vsCodePanelView,
  vsCodeProgressRing,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';
import { html, prefersStillness, svg } from './dom.ts';
import { ago, when } from './format.ts';
import { redraw } from './redraw.ts';

provideVSCodeDesignSystem().register(
  vsCodeBadge(),
  vsCodeButton(),
  vsCodeCheckbox(),
  vsCodePanels(),
  vsCodePanelTab(),
  vsCodePanelView(),
  vsCodeProgressRing(),
  vsCodeTextField(),
);

export type Content = Node | string;

/** Elements of the toolkit, with what we use of them. */
interface ToolkitField extends HTMLElement {
  value: string;
}
interface ToolkitCheckbox extends HTMLElement {
  checked: boolean;
}
interface ToolkitPanels extends HTMLElement {
  activeid: string;
}

function toolkit<T extends HTMLElement>(
  tag: string,
  attributes: Readonly<Record<string, string | boolean | null>>,
  ...children: readonly Content[]
): T {
  const element = document.createElement(tag) as T;
  for (const [name, value] of Object.entries(attributes))
    if (value !== null && value !== false) element.setAttribute(name, value === true ? '' : value);
  element.append(...children);
  return element;
}

/** A button that does something. */
export function button(
  label: string,
  press: () => void,
  given: { readonly look?: 'primary' | 'secondary'; readonly disabled?: boolean; readonly title?: string } = {},
): HTMLElement {
  const { look = 'secondary', disabled = false, title = null } = given;
  const made = toolkit('vscode-button', { appearance: look, disabled, title }, label);
  made.addEventListener('click', () => {
    if (!made.hasAttribute('disabled')) press();
  });
  return made;
}

/** Text that opens what it is about, e.g. the rows behind a number. */
export function link(label: Content, press: () => void, title: string | null = null): HTMLButtonElement {
  return html('button', { type: 'button', class: 'link', title, click: press }, label);
}

export function checkbox(label: string, checked: boolean, changed: (checked: boolean) => void): HTMLElement {
  const made = toolkit<ToolkitCheckbox>('vscode-checkbox', { checked }, label);
  made.checked = checked;
  made.addEventListener('change', () => changed(made.checked));
  return made;
}

/** A field for a short text, told while it is typed. */
export function textField(
  label: string,
  value: string,
  typed: (text: string) => void,
  given: { readonly placeholder?: string; readonly hideLabel?: boolean } = {},
): HTMLElement {
  const hide = given.hideLabel === true;
  const made = toolkit<ToolkitField>(
    'vscode-text-field',
    { placeholder: given.placeholder ?? null, 'aria-label': hide ? label : null },
    ...(hide ? [] : [label]),
  );
  made.value = value;
  made.addEventListener('input', () => typed(made.value));
  return made;
}

/** One of several; the browser's own list. */
export function select(
  label: string,
  choices: readonly { readonly value: string; readonly label: string }[],
  value: string,
  changed: (value: string) => void,
): HTMLLabelElement {
  const list = html(
    'select',
    {},
    ...choices.map((choice) => html('option', { value: choice.value, selected: choice.value === value }, choice.label)),
  );
  list.value = value;
  list.addEventListener('change', () => changed(list.value));
  return html('label', { class: 'field' }, label, list);
}

/** A small count or word beside a title. */
export function badge(text: string): HTMLElement {
  return toolkit('vscode-badge', {}, text);
}

export interface Tab {
  readonly id: string;
  readonly title: string;
  readonly content: HTMLElement;
}

/** Tabs: arrow keys go from one to the next. */
export function tabs(label: string, all: readonly Tab[], active: string, changed: (id: string) => void): HTMLElement {
  for (const { content } of all) content.classList.add('tab-content');
  const made = toolkit<ToolkitPanels>(
    'vscode-panels',
    { 'aria-label': label, activeid: `tab-${active}` },
    ...all.map(({ id, title }) => toolkit('vscode-panel-tab', { id: `tab-${id}` }, title)),
    ...all.map(({ id, content }) => toolkit('vscode-panel-view', { id: `view-${id}` }, content)),
  );
  made.addEventListener('change', (event) => {
    // Fields inside of a tab tell their changes too.
    if (event.target === made) changed(made.activeid.slice('tab-'.length));
  });
  return made;
}

/** What a panel shows until its content is there. */
export function loading(what: string): HTMLElement {
  const ring = prefersStillness() ? [] : [toolkit('vscode-progress-ring', { 'aria-hidden': 'true' })];
  return html('div', { class: 'state', role: 'status' }, ...ring, what);
}

/** What a panel or a part of it shows when there is nothing yet, with what to do about it. */
export function empty(title: string, text: string, ...actions: readonly HTMLElement[]): HTMLElement {
  return html('div', { class: 'state empty' }, html('strong', {}, title), html('p', {}, text), actionRow(...actions));
}

/** What a panel or a part of it shows when it could not be read. */
export function failure(message: string, again: () => void): HTMLElement {
  return html(
    'div',
    { class: 'state failure', role: 'alert' },
    html('strong', {}, verdict('bad', 'This could not be shown')),
    html('p', {}, message),
    actionRow(button('Try again', again)),
  );
}

export function actionRow(...actions: readonly HTMLElement[]): HTMLElement {
  return html('div', { class: 'actions', hidden: actions.length === 0 }, ...actions);
}

/** A titled part of a panel. */
export function card(title: Content, ...children: readonly Content[]): HTMLElement {
  return html('section', { class: 'card' }, html('h2', {}, title), ...children);
}

/** How something stands. Each has a sign and a word of its own: the colour only repeats them. */
export type Standing = 'good' | 'bad' | 'warning' | 'unknown' | 'neutral';
const SIGNS: Readonly<Record<Standing, string>> = { good: '✓', bad: '✕', warning: '!', unknown: '?', neutral: '•' };

/** A verdict: sign and word. */
export function verdict(standing: Standing, text: string): HTMLElement {
  return html(
    'span',
    { class: `verdict ${standing}` },
    html('span', { class: 'sign', 'aria-hidden': 'true' }, SIGNS[standing]),
    text,
  );
}

/** A number with what it counts; with `open` it leads to the rows behind it. */
export function figure(value: string, label: string, open: (() => void) | null = null): HTMLElement {
  const number =
    open === null
      ? html('span', { class: 'value' }, value)
      : html('button', { type: 'button', class: 'value link', title: `Open: ${label}`, click: open }, value);
  return html('div', { class: 'figure' }, number, html('span', { class: 'label' }, label));
}

/** A moment, as date and as how long ago. */
export function moment(utc: string | number): HTMLTimeElement {
  const time = new Date(utc);
  const iso = Number.isNaN(time.getTime()) ? '' : time.toISOString();
  return html('time', { datetime: iso, title: `${when(utc)} (${iso})` }, ago(utc));
}

export interface Column<R> {
  readonly title: string;
  /** Numbers stand right. */
  readonly number?: boolean;
  readonly cell: (row: R) => Content;
}

/** A table that reads well aloud: the first column names its row. Wide ones scroll inside of themselves. */
export function table<R>(caption: string, columns: readonly Column<R>[], rows: readonly R[]): HTMLElement {
  const kind = (column: Column<R>): string | null => (column.number === true ? 'number' : null);
  const head = columns.map((column) => html('th', { scope: 'col', class: kind(column) }, column.title));
  const body = rows.map((row) =>
    html(
      'tr',
      {},
      ...columns.map((column, index) =>
        index === 0
          ? html('th', { scope: 'row', class: kind(column) }, column.cell(row))
          : html('td', { class: kind(column) }, column.cell(row)),
      ),
    ),
  );
  return html(
    'div',
    { class: 'scroll', role: 'region', 'aria-label': caption, tabindex: 0 },
    html(
      'table',
      { class: 'plain' },
      html('caption', { class: 'sr-only' }, caption),
      html('thead', {}, html('tr', {}, ...head)),
      html('tbody', {}, ...body),
    ),
  );
}

export interface Part {
  readonly name: string;
  readonly value: number;
  readonly standing: Standing;
}

/** Parts of a whole as one bar. The numbers stand beside it as text; the bar is for the eye only. */
export function partsBar(parts: readonly Part[]): SVGSVGElement {
  const whole = parts.reduce((sum, part) => sum + part.value, 0);
  const bar = svg('svg', { class: 'parts', viewBox: '0 0 100 4', preserveAspectRatio: 'none', 'aria-hidden': 'true' });
  let x = 0;
  for (const { value, standing } of parts) {
    if (value === 0 || whole === 0) continue;
    const width = (value / whole) * 100;
    bar.append(svg('rect', { class: standing, x, y: 0, width, height: 4 }));
    x += width;
  }
  return bar;
}

/** What a page consists of: a title line and below it what is shown now. */
export class Shell {
  readonly #status = html('div', { class: 'sr-only', role: 'status' });
  readonly #notice = html('div', { class: 'notice', role: 'alert', hidden: true });
  readonly #tools = html('div', { class: 'tools' });
  readonly #subtitle = html('p', { class: 'subtitle' });
  readonly #body = html('div', { class: 'content' });

  constructor(title: string) {
    document.body.append(
      html(
        'main',
        { class: 'panel' },
        html('header', { class: 'head' }, html('div', {}, html('h1', {}, title), this.#subtitle), this.#tools),
        this.#status,
        this.#notice,
        this.#body,
      ),
    );
  }

  /** What stands below the title, and the buttons at its end. */
  head(subtitle: readonly Content[], tools: readonly HTMLElement[] = []): void {
    this.#subtitle.replaceChildren(...subtitle);
    redraw(this.#tools, () => this.#tools.replaceChildren(...tools));
  }

  /** Shows content; where the person was stays: the focus, what was unfolded, and the scroll position. */
  show(...content: readonly Content[]): void {
    const at = document.scrollingElement?.scrollTop ?? 0;
    redraw(this.#body, () => this.#body.replaceChildren(...content));
    if (document.scrollingElement !== null) document.scrollingElement.scrollTop = at;
  }

  /** Tells those who listen. */
  say(text: string): void {
    this.#status.textContent = text;
  }

  /** Tells what was refused, to eyes too, until the next time. */
  tell(text: string): void {
    this.#notice.replaceChildren(
      html('span', {}, text),
      button('Close', () => {
        this.#notice.hidden = true;
      }),
    );
    this.#notice.hidden = false;
  }
}

/** The name under which a control is found again after its part of the page was made anew. */
export function keyed<E extends HTMLElement>(key: string, element: E): E {
  element.dataset['key'] = key;
  return element;
}
