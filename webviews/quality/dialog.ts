import { html } from '../shared/dom.ts';
import { actionRow, button } from '../shared/ui.ts';

/** A dialog with fields: closes with Escape, gives the focus back, and shows why something was refused. */
export class FormDialog {
  readonly #dialog = html('dialog', { class: 'form-dialog' });
  readonly #problem = html('p', { class: 'problem', role: 'alert', hidden: true });
  readonly #save: HTMLElement;

  /**
   * @param save called by the button and by Enter; rejects with a sentence to stay open
   */
  constructor(title: string, saveLabel: string, content: readonly (Node | string)[], save: () => Promise<void>) {
    this.#save = button(saveLabel, () => void this.#try(save), { look: 'primary' });
    this.#dialog.setAttribute('aria-label', title);
    const form = html('form', { submit: (event: Event) => event.preventDefault() }, ...content, this.#problem);
    const cancel = button('Cancel', () => this.#dialog.close());
    this.#dialog.append(html('h2', {}, title), form, actionRow(this.#save, cancel));
    this.#dialog.addEventListener('close', () => this.#dialog.remove());
    form.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return;
      event.preventDefault();
      void this.#try(save);
    });
  }

  open(): void {
    document.body.append(this.#dialog);
    this.#dialog.showModal();
  }

  /** Says what is wrong; null when nothing is. */
  problem(text: string | null): void {
    this.#problem.hidden = text === null;
    this.#problem.textContent = text ?? '';
  }

  enable(enabled: boolean): void {
    this.#save.toggleAttribute('disabled', !enabled);
  }

  async #try(save: () => Promise<void>): Promise<void> {
    if (this.#save.hasAttribute('disabled')) return;
    this.problem(null);
    this.enable(false);
    try {
      await save();
      this.#dialog.close();
    } catch (error) {
      this.problem(error instanceof Error ? error.message : String(error));
    } finally {
      this.enable(true);
    }
  }
}

/** A labelled field of a form. */
export function formField(label: string, field: HTMLElement, hint = ''): HTMLElement {
  const note = hint === '' ? [] : [html('span', { class: 'note' }, hint)];
  return html('label', { class: 'form-field' }, html('span', {}, label), field, ...note);
}
