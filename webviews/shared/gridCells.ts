import type { SheetPlan } from '../../src/core/review/rowSheet.ts';
import { html } from './dom.ts';
import { count, counted } from './format.ts';

/** Grids of files that people review: editing a cell in its place, walking over cells, looking at a plan before it is made. */

export type CellInput = HTMLInputElement | HTMLSelectElement;

/**
 * Puts a field in the place of a cell's content. Enter and leaving it keep what was typed, Escape does not.
 *
 * @param before the value that stands there; `save` is called only with another one
 */
export function editInPlace(
  place: HTMLTableCellElement,
  input: CellInput,
  before: string,
  save: (value: string) => void,
): void {
  if (place.classList.contains('editing')) return;
  const old = [...place.childNodes];
  let finished = false;
  const finish = (keep: boolean): void => {
    if (finished) return;
    finished = true;
    place.classList.remove('editing');
    place.replaceChildren(...old);
    place.focus();
    if (keep && input.value !== before) save(input.value);
  };
  input.addEventListener('keydown', (event) => {
    const { key } = event as KeyboardEvent;
    if (key === 'Enter') finish(true);
    else if (key === 'Escape') finish(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  input.addEventListener('blur', () => finish(true));
  input.addEventListener('click', (event) => event.stopPropagation());
  place.classList.add('editing');
  place.replaceChildren(input);
  input.focus();
  if (input instanceof HTMLInputElement && input.type === 'text') input.select();
}

/**
 * Walks from a cell by arrow keys, Home and End: cells name their column in `data-column`.
 *
 * @returns true when the focus went to another cell
 */
export function walk(event: KeyboardEvent, from: HTMLElement): boolean {
  const line = from.parentElement;
  const column = `[data-column="${CSS.escape(from.dataset['column'] ?? '')}"]`;
  const cells = [...(line?.querySelectorAll<HTMLElement>('[data-column]') ?? [])];
  const at = cells.indexOf(from);
  const step: Readonly<Record<string, () => Element | null | undefined>> = {
    ArrowRight: () => cells[at + 1],
    ArrowLeft: () => cells[at - 1],
    ArrowDown: () => line?.nextElementSibling?.querySelector(column),
    ArrowUp: () => line?.previousElementSibling?.querySelector(column),
    Home: () => cells[0],
    End: () => cells.at(-1),
  };
  const target = step[event.key]?.();
  if (!(target instanceof HTMLElement)) return false;
  from.tabIndex = -1;
  target.tabIndex = 0;
  target.focus();
  event.preventDefault();
  return true;
}

/** Shows what an edit of many rows would do, and which rows it leaves as they are. */
export function previewPlan(
  dialog: HTMLDialogElement,
  plan: Pick<SheetPlan, 'changed' | 'unchanged' | 'backToDraft' | 'refused' | 'sample'>,
  given: { readonly title: string; readonly rows: string; readonly apply: () => void; readonly cancel: () => void },
): void {
  const close = (then: () => void): void => {
    dialog.close();
    then();
  };
  dialog.replaceChildren(
    html('h2', {}, given.title),
    html(
      'p',
      {},
      `${counted(plan.changed, given.rows)} change${plan.changed === 1 ? 's' : ''}${plan.unchanged === 0 ? '' : `, ${count(plan.unchanged)} as asked already`}.`,
      plan.backToDraft === 0 ? '' : ` ${counted(plan.backToDraft, given.rows)} back to DRAFT.`,
    ),
    html('ul', {}, ...plan.sample.map(({ row, changes }) => html('li', {}, `${row}: ${changes.join('; ')}`))),
    ...(plan.refused.length === 0
      ? []
      : [
          html('p', { class: 'mark error' }, 'Left as they are:'),
          html(
            'ul',
            {},
            ...plan.refused.map(({ reason, rows, first }) =>
              html(
                'li',
                {},
                rows === 1 ? `${first}: ${reason}` : `${count(rows)} ${given.rows}s, ${first} first: ${reason}`,
              ),
            ),
          ),
        ]),
    html(
      'div',
      { class: 'actions' },
      ...(plan.changed === 0
        ? []
        : [html('button', { click: () => close(given.apply) }, `Change ${counted(plan.changed, given.rows)}`)]),
      html('button', { class: 'secondary', click: () => close(given.cancel) }, 'Cancel'),
    ),
  );
  dialog.showModal();
}
