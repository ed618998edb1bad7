import { count } from '../shared/format.ts';
import { actionRow, badge, button, link } from '../shared/ui.ts';

export interface Selectable {
  readonly picked: number;
  readonly found: number;
  readonly canDecide: boolean;
  /** Groups are shown: each has a button of its own to decide about it. */
  readonly grouped: boolean;
}

export interface SelectionActions {
  readonly clear: () => void;
  readonly decidePicked: () => void;
  readonly decideFound: () => void;
  readonly exportFound: () => void;
}

/** What may be done with the issues that are picked, or with all that the filters find. */
export function selectionBar({ picked, found, canDecide, grouped }: Selectable, act: SelectionActions): HTMLElement[] {
  const all = `Decide about all ${count(found)} found…`;
  return [
    ...(picked === 0 ? [] : [badge(`${count(picked)} selected`), link('Clear selection', () => act.clear())]),
    actionRow(
      ...(canDecide && picked > 0
        ? [button(`Decide about ${count(picked)} selected…`, () => act.decidePicked(), { look: 'primary' })]
        : []),
      ...(canDecide && found > 0 && !grouped ? [button(all, () => act.decideFound())] : []),
      ...(found > 0 ? [button('Export to CSV…', () => act.exportFound())] : []),
    ),
  ];
}
