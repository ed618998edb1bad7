import { html } from './dom.ts';

/** Something that a text may be completed with. */
export interface Suggestion {
  readonly value: string;
  /** What it is, in a few words. */
  readonly help: string;
  /** Put behind the value, e.g. an opening bracket. */
  readonly suffix?: string;
}

/** What may stand at the caret: suggestions, and the part of the text that one of them replaces. */
export interface Completion {
  readonly start: number;
  readonly end: number;
  readonly items: readonly Suggestion[];
}

/** More are a list to read, not to choose from. */
const MOST = 40;
let made = 0;

/**
 * A text with completion: a combobox that is worked with arrow keys, Enter, Tab and Escape, and that never stands in the
 * way of typing: Enter takes a suggestion only after it was walked to. Below the text there is room for notes on it.
 */
export class Combobox {
  readonly input: HTMLInputElement | HTMLTextAreaElement;
  readonly #list: HTMLUListElement;
  readonly #notes: HTMLElement;
  readonly #float: HTMLElement;
  readonly #complete: (text: string, caret: number) => Completion;
  readonly #typed: (text: string) => void;
  #completion: Completion = { start: 0, end: 0, items: [] };
  #active = -1;

  constructor(given: {
    readonly label: string;
    readonly value: string;
    readonly complete: (text: string, caret: number) => Completion;
    /** Called after each change of the text. */
    readonly typed?: (text: string) => void;
  }) {
    made += 1;
    const listId = `combobox-${made}`;
    this.#complete = given.complete;
    this.#typed = given.typed ?? (() => undefined);
    this.#notes = html('div', { id: `${listId}-notes`, class: 'notes', role: 'status' });
    this.#list = html('ul', { id: listId, role: 'listbox', 'aria-label': 'Suggestions', hidden: true });
    this.#float = html('div', { class: 'float', hidden: true }, this.#notes, this.#list);
    this.input = makeInput(given.label, given.value, listId);
    this.input.value = given.value;
    this.input.addEventListener('input', () => {
      this.#typed(this.input.value);
      this.#open();
    });
    this.input.addEventListener('keydown', (event) => this.#key(event as KeyboardEvent));
    this.input.addEventListener('blur', () => this.#close());
    this.input.addEventListener('click', (event) => event.stopPropagation());
  }

  /** Where the suggestions and notes are shown; put it at the end of the page. */
  get float(): HTMLElement {
    return this.#float;
  }

  get isOpen(): boolean {
    return !this.#list.hidden;
  }

  /** Shows what may be chosen at once, as fitting for a field of few choices. */
  show(): void {
    this.#open();
  }

  /** Says something about the text, e.g. what is wrong with it. */
  note(notes: readonly { readonly kind: string; readonly text: string }[]): void {
    this.#notes.replaceChildren(...notes.map(({ kind, text }) => html('div', { class: `mark ${kind}` }, text)));
    this.input.setAttribute('aria-invalid', String(notes.some(({ kind }) => kind === 'error')));
    this.#place();
  }

  remove(): void {
    this.#float.remove();
  }

  #key(event: KeyboardEvent): void {
    const step: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };
    const by = step[event.key];
    if (event.key === ' ' && event.ctrlKey) this.#open();
    else if (by !== undefined && (this.isOpen || event.altKey || event.key === 'ArrowDown')) {
      if (!this.isOpen) this.#open();
      this.#walk(by);
    } else if ((event.key === 'Enter' || event.key === 'Tab') && this.isOpen && this.#active >= 0)
      this.#take(this.#active);
    else if (event.key === 'Escape' && this.isOpen) this.#close();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  #open(): void {
    const caret = this.input.selectionStart ?? this.input.value.length;
    this.#completion = this.#complete(this.input.value, caret);
    const items = this.#completion.items.slice(0, MOST);
    this.#active = -1;
    this.#list.replaceChildren(
      ...items.map(({ value, help }, index) =>
        html(
          'li',
          {
            id: `${this.#list.id}-${index}`,
            role: 'option',
            'aria-selected': 'false',
            // A click would take the focus from the text first.
            mousedown: (event: Event) => {
              event.preventDefault();
              this.#take(index);
            },
          },
          html('span', { class: 'value' }, value),
          html('span', { class: 'help' }, help),
        ),
      ),
    );
    this.#list.hidden = items.length === 0;
    this.#tell();
  }

  #close(): void {
    this.#list.hidden = true;
    this.#active = -1;
    this.#tell();
  }

  #walk(by: number): void {
    const { length } = this.#list.children;
    if (length === 0) return;
    this.#active = (this.#active + by + length + (this.#active < 0 && by < 0 ? 1 : 0)) % length;
    for (const [index, item] of [...this.#list.children].entries()) {
      item.setAttribute('aria-selected', String(index === this.#active));
      if (index === this.#active) item.scrollIntoView({ block: 'nearest' });
    }
    this.#tell();
  }

  #take(index: number): void {
    const { start, end, items } = this.#completion;
    const item = items[index];
    if (item === undefined) return;
    const put = `${item.value}${item.suffix ?? ''}`;
    this.input.setRangeText(put, start, end, 'end');
    this.#close();
    this.#typed(this.input.value);
    this.input.focus();
  }

  #tell(): void {
    if (this.input instanceof HTMLInputElement) this.input.setAttribute('aria-expanded', String(this.isOpen));
    if (this.#active < 0) this.input.removeAttribute('aria-activedescendant');
    else this.input.setAttribute('aria-activedescendant', `${this.#list.id}-${this.#active}`);
    this.#place();
  }

  /** Below the text, or above it where there is more room. */
  #place(): void {
    this.#float.hidden = !this.isOpen && this.#notes.childElementCount === 0;
    if (this.#float.hidden || !this.input.isConnected) return;
    const { left, top, bottom, width } = this.input.getBoundingClientRect();
    const below = innerHeight - bottom > 180 || innerHeight - bottom > top;
    const { style } = this.#float;
    style.left = `${Math.max(4, Math.min(left, innerWidth - 330))}px`;
    style.minWidth = `${Math.max(220, Math.min(width, 480))}px`;
    style.top = below ? `${bottom + 2}px` : '';
    style.bottom = below ? '' : `${innerHeight - top + 2}px`;
    this.#list.style.maxHeight = `${Math.max(80, Math.min(260, (below ? innerHeight - bottom : top) - 60))}px`;
  }
}

/** A text of several lines keeps them; a single line is a true combobox. */
function makeInput(label: string, value: string, listId: string): HTMLInputElement | HTMLTextAreaElement {
  const attributes = {
    'aria-label': label,
    'aria-autocomplete': 'list',
    'aria-controls': listId,
    'aria-describedby': `${listId}-notes`,
    autocomplete: 'off',
    spellcheck: 'false',
  };
  if (/[\r\n]/.test(value)) return html('textarea', { ...attributes, rows: Math.min(8, value.split('\n').length + 1) });
  return html('input', { ...attributes, type: 'text', role: 'combobox', 'aria-expanded': 'false' });
}

/** Suggestions that fit what is written: those that begin so first, then those that hold it. */
export function fitting(items: readonly Suggestion[], written: string): Suggestion[] {
  const wanted = written.toLowerCase();
  const begins = items.filter(({ value }) => value.toLowerCase().startsWith(wanted));
  const holds = items.filter(
    ({ value, help }) =>
      !begins.some((one) => one.value === value) && `${value} ${help}`.toLowerCase().includes(wanted),
  );
  return [...begins, ...holds];
}
