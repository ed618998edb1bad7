import { html } from '../shared/dom.ts';
import { counted } from '../shared/format.ts';
import { type Plan, whatChanges } from '../shared/planView.ts';

/** Shows what an edit of many lines would do before it is made. */
export function previewPlan(dialog: HTMLDialogElement, plan: Plan, title: string, apply: () => void): void {
  const change = (): void => {
    dialog.close();
    apply();
  };
  dialog.replaceChildren(
    html('h2', {}, title),
    ...whatChanges(plan, 'line'),
    html(
      'div',
      { class: 'actions' },
      ...(plan.changed === 0 ? [] : [html('button', { click: change }, `Change ${counted(plan.changed, 'line')}`)]),
      html('button', { class: 'secondary', click: () => dialog.close() }, 'Cancel'),
    ),
  );
  dialog.showModal();
}
