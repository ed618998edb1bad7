import { html } from '../shared/dom.ts';
import { actionRow, button } from '../shared/ui.ts';

/** Issues or groups on a page. */
export const PAGE = 100;

export interface Position {
  readonly offset: number;
  readonly shown: number;
  readonly found: number;
  /** The same in words. */
  readonly words: string;
}

/** Where in the list the page is, and the way to the others. */
export function pager({ offset, shown, found, words }: Position, goTo: (offset: number) => void): HTMLElement[] {
  const last = Math.max(0, Math.floor((found - 1) / PAGE) * PAGE);
  const go = (label: string, to: number, off: boolean): HTMLElement => button(label, () => goTo(to), { disabled: off });
  const [first, end] = [offset === 0, offset + shown >= found];
  return [
    html('span', { role: 'status' }, words),
    actionRow(
      go('First', 0, first),
      go('Previous', offset - PAGE, first),
      go('Next', offset + PAGE, end),
      go('Last', last, end),
    ),
  ];
}
