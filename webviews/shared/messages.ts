import { html } from './dom.ts';

/** A success is told for so long; a refusal stays until something else is said. */
const SHOWN_MS = 6000;

/** The line that tells what was done or why it was not. */
export class Messages {
  readonly element = html('div', { class: 'message', role: 'status', hidden: true });
  #timer: ReturnType<typeof setTimeout> | undefined;

  tell(text: string, refused: boolean): void {
    this.element.textContent = text;
    this.element.classList.toggle('refused', refused);
    this.element.hidden = false;
    clearTimeout(this.#timer);
    if (!refused)
      this.#timer = setTimeout(() => {
        this.element.hidden = true;
      }, SHOWN_MS);
  }
}
