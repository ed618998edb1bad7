import { html } from '../shared/dom.ts';

/** A place for what a reviewer says. */
export interface CommentBox {
  readonly element: HTMLElement;
  text(): string;
  /** True when the comment is there or not needed; else asks for it. */
  isGiven(): boolean;
}

export function commentBox(needed: boolean, label = needed ? 'Why are they rejected?' : 'Comment'): CommentBox {
  const field = html('textarea', { rows: 2, maxlength: 2000, 'aria-required': String(needed) });
  const hint = html('span', { class: 'note' }, needed ? 'needed; kept in the audit log' : 'kept in the audit log');
  return {
    element: html('label', { class: 'comment' }, html('span', {}, `${label} `, hint), field),
    text: () => field.value.trim(),
    isGiven() {
      const given = !needed || field.value.trim() !== '';
      field.setAttribute('aria-invalid', String(!given));
      hint.classList.toggle('mark', !given);
      hint.classList.toggle('error', !given);
      if (!given) field.focus();
      return given;
    },
  };
}

/** Asks for a comment before something is done; nothing is done without an answer. */
export function askComment(dialog: HTMLDialogElement, title: string, proceed: (comment: string) => void): void {
  const comment = commentBox(true, 'Why?');
  dialog.replaceChildren(
    html('h2', {}, title),
    comment.element,
    html(
      'div',
      { class: 'actions' },
      html(
        'button',
        {
          click: () => {
            if (!comment.isGiven()) return;
            dialog.close();
            proceed(comment.text());
          },
        },
        'Reject',
      ),
      html('button', { class: 'secondary', click: () => dialog.close() }, 'Cancel'),
    ),
  );
  dialog.showModal();
}
