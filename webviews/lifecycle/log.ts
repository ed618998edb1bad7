import type { LogLine } from '../../src/extension/panels/lifecycleProtocol.ts';
import { html } from '../shared/dom.ts';

const MOST_LINES = 500;
const TIME = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const WORDS: Readonly<Record<LogLine['level'], string>> = {
  stage: 'stage',
  info: 'note',
  warning: 'warning',
  error: 'error',
};

/** What the runs of this window told, newest last; it stays at its end unless the person reads further up. */
export class Log {
  readonly element: HTMLElement;
  readonly #lines = html('ol', { class: 'log', tabindex: 0, 'aria-label': 'Log of runs in this window' });
  readonly #none = html('p', { class: 'note' }, 'Runs started in this window tell here what they do.');

  constructor() {
    this.element = html('section', { class: 'card' }, html('h2', {}, 'Log'), this.#none, this.#lines);
    this.fill([]);
  }

  fill(lines: readonly LogLine[]): void {
    this.#lines.replaceChildren(...lines.map(lineOf));
    this.#settle(true);
  }

  add(line: LogLine): void {
    const atEnd = this.#lines.scrollHeight - this.#lines.scrollTop - this.#lines.clientHeight < 24;
    this.#lines.append(lineOf(line));
    while (this.#lines.childElementCount > MOST_LINES) this.#lines.firstElementChild?.remove();
    this.#settle(atEnd);
  }

  #settle(toEnd: boolean): void {
    const none = this.#lines.childElementCount === 0;
    this.#lines.hidden = none;
    this.#none.hidden = !none;
    if (toEnd) requestAnimationFrame(() => this.#lines.scrollTo({ top: this.#lines.scrollHeight }));
  }
}

function lineOf({ at, level, text }: LogLine): HTMLElement {
  return html(
    'li',
    {},
    html('time', { datetime: at }, TIME.format(new Date(at))),
    html('span', { class: 'level' }, WORDS[level]),
    html('span', {}, text),
  );
}
