import { html } from './dom.ts';

/** Rows of a grid ticked by hand; `all` stands for everything that the filters find. */
export interface Ticks {
  readonly ticked: Set<number>;
  all: boolean;
}

/** The box of a row. */
export function tickBox(ticks: Ticks, index: number, label: string, changed: () => void): HTMLInputElement {
  return box(ticks, [index], label, changed);
}

/** The box in the head, for the rows of the page. */
export function pageTickBox(
  ticks: Ticks,
  rows: readonly { readonly index: number }[],
  label: string,
  changed: () => void,
): HTMLInputElement {
  return box(
    ticks,
    rows.map(({ index }) => index),
    label,
    changed,
  );
}

/** Draws the boxes of rows anew, after they were ticked elsewhere; each row has its `data-index`. */
export function drawTickBoxes(ticks: Ticks, body: HTMLTableSectionElement): void {
  for (const line of body.rows) {
    const found = line.querySelector<HTMLInputElement>('input[type=checkbox]');
    if (found !== null) found.checked = isTicked(ticks, Number(line.dataset['index']));
  }
}

function box(ticks: Ticks, indexes: readonly number[], label: string, changed: () => void): HTMLInputElement {
  const made = html('input', {
    type: 'checkbox',
    'aria-label': label,
    change: () => {
      for (const index of indexes) {
        if (made.checked) ticks.ticked.add(index);
        else ticks.ticked.delete(index);
      }
      ticks.all = false;
      changed();
    },
  });
  made.checked = indexes.length > 0 && indexes.every((index) => isTicked(ticks, index));
  return made;
}

function isTicked({ all, ticked }: Ticks, index: number): boolean {
  return all || ticked.has(index);
}
