import { type CellValues, EDITABLE_COLUMNS, type SheetSelection } from '../../src/core/review/contractSheet.ts';
import type { ShownPlan } from '../../src/extension/panels/contractProtocol.ts';
import { html } from '../shared/dom.ts';
import { count } from '../shared/format.ts';
import { title } from '../shared/gridCells.ts';
import { whatChanges } from '../shared/planView.ts';
import { commentBox } from './comment.ts';
import { type ValueInput, valueInput } from './editing.ts';
import { grid, selected, send } from './state.ts';
import { rows } from './words.ts';

interface Setter {
  readonly element: HTMLElement;
  readonly column: HTMLSelectElement;
  value: ValueInput;
}

/** Sets columns of many rows at once: shows first what changes and what is refused, then does it as one edit. */
export class Bulk {
  readonly element: HTMLElement;
  readonly dialog = html('dialog', { 'aria-label': 'Preview of the change' });
  readonly #selection = html('span', { role: 'status' });
  readonly #selectAll = html('button', { class: 'link', click: () => this.#tickAll() }, '');
  readonly #setters = html('div', { class: 'setters' });
  readonly #more = html('button', { class: 'link', click: () => this.#add() }, 'Set another column');
  readonly #ticked: () => void;
  #list: Setter[] = [];
  #pending: { readonly selection: SheetSelection; readonly set: CellValues } | null = null;

  /** @param ticked called when other rows are ticked */
  constructor(ticked: () => void, clear: () => void) {
    this.#ticked = ticked;
    this.element = html(
      'div',
      { class: 'bar', hidden: true, role: 'group', 'aria-label': 'Change the selected rows' },
      this.#selection,
      this.#selectAll,
      this.#setters,
      this.#more,
      html('button', { click: () => this.#ask() }, 'Preview change…'),
      html('button', { class: 'secondary', click: clear }, 'Clear selection'),
    );
    this.dialog.addEventListener('close', () => {
      this.#pending = null;
    });
  }

  draw(): void {
    const found = grid.page?.found ?? 0;
    const number = grid.all ? found : grid.ticked.size;
    this.element.hidden = !grid.canEdit || number === 0;
    this.#selection.textContent = `${rows(number)} selected`;
    this.#selectAll.hidden = grid.all || found <= grid.ticked.size;
    this.#selectAll.textContent = `Select all ${count(found)}${found === grid.page?.total ? '' : ' found'}`;
  }

  /** Draws the controls once it is known what can be chosen. */
  drawOffers(): void {
    if (this.#list.length === 0) this.#add();
    else for (const setter of this.#list) this.#drawValue(setter);
  }

  /** Shows what an edit would do. */
  preview(plan: ShownPlan): void {
    const wanted = this.#pending;
    if (wanted === null) return;
    const { status } = wanted.set;
    const decides = plan.changed > 0 && (status === 'APPROVED' || status === 'REJECTED');
    const comment = decides ? commentBox(status === 'REJECTED') : null;
    const apply = (): void => {
      if (comment !== null && !comment.isGiven()) return;
      this.dialog.close();
      send({ type: 'edit', version: plan.version, ...wanted, comment: comment?.text() ?? null, row: null });
    };
    const tryIt = (): void => send({ type: 'tryOnData', version: plan.version, ...wanted, comment: null, row: null });
    this.dialog.replaceChildren(
      html('h2', {}, headline(wanted.set)),
      ...whatChanges(plan, 'row'),
      ...(comment === null ? [] : [comment.element]),
      html(
        'div',
        { class: 'actions' },
        ...(plan.changed === 0 ? [] : [html('button', { click: apply }, `Change ${rows(plan.changed)}`)]),
        ...(grid.canTry && plan.changed > 0
          ? [html('button', { class: 'secondary', click: tryIt }, 'Try on data…')]
          : []),
        html('button', { class: 'secondary', click: () => this.dialog.close() }, 'Cancel'),
      ),
    );
    this.dialog.showModal();
  }

  #tickAll(): void {
    grid.all = true;
    this.#ticked();
  }

  #add(): void {
    const taken = this.#list.map(({ column }) => column.value);
    const column = html(
      'select',
      { 'aria-label': 'Column to set', change: () => this.#drawValue(setter) },
      ...EDITABLE_COLUMNS.map((name) => html('option', { value: name }, title(name))),
    );
    column.value = ['status', ...EDITABLE_COLUMNS].find((name) => !taken.includes(name)) ?? 'notes';
    const setter: Setter = {
      element: html('span', { class: 'setter' }),
      column,
      value: valueInput('', '', '', () => ({})),
    };
    this.#list.push(setter);
    this.#setters.append(setter.element);
    this.#drawValue(setter);
    this.#drawMore();
    if (this.#list.length > 1) column.focus();
  }

  #drawValue(setter: Setter): void {
    setter.value.combobox?.remove();
    const column = setter.column.value;
    setter.value = valueInput(column, '', 'New value', () => this.#set());
    const { input } = setter.value;
    if (input instanceof HTMLSelectElement) input.value = column === 'status' ? 'IN_REVIEW' : 'direct';
    const remove = html(
      'button',
      {
        class: 'icon',
        'aria-label': `Do not set ${title(column)}`,
        title: 'Do not set it',
        click: () => this.#remove(setter),
      },
      '✕',
    );
    setter.element.replaceChildren(
      html('label', {}, 'Set ', setter.column),
      ' to ',
      input,
      ...(this.#list[0] === setter ? [] : [remove]),
    );
  }

  #remove(setter: Setter): void {
    setter.value.combobox?.remove();
    setter.element.remove();
    this.#list = this.#list.filter((one) => one !== setter);
    this.#drawMore();
    this.#list.at(-1)?.column.focus();
  }

  #drawMore(): void {
    this.#more.hidden = this.#list.length >= EDITABLE_COLUMNS.length;
  }

  #set(): Record<string, string> {
    return Object.fromEntries(this.#list.map(({ column, value }) => [column.value, value.input.value]));
  }

  #ask(): void {
    if (grid.page === null) return;
    this.#pending = { selection: selected(), set: this.#set() };
    send({ type: 'plan', version: grid.page.version, ...this.#pending, comment: null, row: null });
  }
}

function headline(set: CellValues): string {
  const parts = Object.entries(set).map(
    ([column, value]) => `${title(column).toLowerCase()} to ${value === '' ? 'nothing' : value}`,
  );
  return `Set ${parts.join(', ')}`;
}
