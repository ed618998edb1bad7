import type { Now } from '../../src/extension/panels/lifecycleProtocol.ts';
import { html } from '../shared/dom.ts';
import { count, counted } from '../shared/format.ts';
import { actionRow, button } from '../shared/ui.ts';

/** What runs now, in this window or elsewhere; hidden when nothing does. Kept through redraws, so that nothing flickers. */
export class NowCard {
  readonly element: HTMLElement;
  readonly #title = html('h2', {});
  readonly #text = html('p', {});
  readonly #bar = html('progress', { 'aria-label': 'Progress of the stage' });
  readonly #elsewhere = html('p', { class: 'note' }, 'Started in another window or a terminal; it is cancelled there.');
  readonly #cancel: HTMLElement;

  constructor(cancel: () => void) {
    this.#cancel = actionRow(button('Cancel', cancel, { title: 'The last complete outputs stay as they are.' }));
    const parts = [this.#title, this.#text, this.#bar, this.#elsewhere, this.#cancel];
    this.element = html('section', { class: 'card now', 'aria-label': 'Running now', hidden: true }, ...parts);
  }

  show({ command, progress, here }: Now): void {
    this.element.hidden = command === null;
    if (command === null) return;
    const stage = progress?.stage ?? command;
    this.#title.textContent = stage === command ? `Running ${command}` : `Running ${command}: ${stage}`;
    const known = progress !== null && progress.total > 0;
    const rows = progress?.rows == null ? '' : `, ${counted(progress.rows, 'row')}`;
    this.#text.textContent = known
      ? `${count(progress.done)} of ${count(progress.total)}: ${progress.item}${rows}`
      : 'Working…';
    if (known) {
      this.#bar.max = progress.total;
      this.#bar.value = progress.done;
    } else this.#bar.removeAttribute('value');
    this.#elsewhere.hidden = here;
    this.#cancel.hidden = !here;
  }
}
