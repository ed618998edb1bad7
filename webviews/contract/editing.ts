import type { EditableColumn, SheetRow } from '../../src/core/review/contractSheet.ts';
import type { RowCheck } from '../../src/extension/protocol.ts';
import { Combobox } from '../shared/combobox.ts';
import { html } from '../shared/dom.ts';
import { type CellInput, editInPlace, title } from '../shared/gridCells.ts';
import { cellsOf, grid, send } from './state.ts';
import { completion } from './suggest.ts';

/** A pause in typing after which the cell is checked. */
const CHECK_MS = 150;

type Cells = Readonly<Record<string, string>>;

/** A control for a value of a column: a list of the few that there are, or a text with completion. */
export interface ValueInput {
  readonly input: CellInput;
  readonly combobox: Combobox | null;
}

/** @param cells the row's, as they stand when somebody asks: what is offered depends on them */
export function valueInput(
  column: string,
  value: string,
  label: string,
  cells: () => Cells,
  typed: (text: string) => void = () => undefined,
): ValueInput {
  const { offers } = grid;
  const choices = column === 'mapping_class' ? offers.classes : column === 'status' ? offers.statuses : null;
  if (choices !== null) {
    const select = html(
      'select',
      { 'aria-label': label, change: () => typed(select.value) },
      ...choices.map((choice) => html('option', { value: choice }, choice)),
    );
    select.value = value;
    return { input: select, combobox: null };
  }
  const combobox = new Combobox({
    label,
    value,
    complete: (text, caret) => completion(grid.offers, column, cells(), text, caret),
    typed,
  });
  (document.querySelector('main') ?? document.body).append(combobox.float);
  return { input: combobox.input, combobox };
}

/** Edits cells in their place, one at a time, and tells while a person types what the check says of it. */
export class CellEditing {
  readonly #save: (row: SheetRow, column: EditableColumn, value: string) => void;
  readonly #ended: () => void;
  #ticket = 0;
  #open: { readonly ticket: () => number; readonly show: (check: RowCheck) => void } | null = null;

  /** @param save called with a value that differs; @param ended called after each edit, saved or not */
  constructor(save: (row: SheetRow, column: EditableColumn, value: string) => void, ended: () => void) {
    this.#save = save;
    this.#ended = ended;
  }

  /** True while somebody types into a cell: nothing may be drawn over it. */
  get isOpen(): boolean {
    return this.#open !== null;
  }

  /** What the check says; of a text that was typed over meanwhile it is passed over. */
  checked(ticket: number, check: RowCheck): void {
    if (ticket === this.#open?.ticket()) this.#open.show(check);
  }

  edit(place: HTMLTableCellElement, row: SheetRow, column: EditableColumn): void {
    if (this.isOpen) return;
    const cells = cellsOf(row);
    const before = cells[column] ?? '';
    let timer: ReturnType<typeof setTimeout> | undefined;
    const check = (value: string): void => {
      clearTimeout(timer);
      this.#ticket += 1;
      const ticket = this.#ticket;
      timer = setTimeout(() => {
        if (grid.page !== null)
          send({ type: 'check', ticket, version: grid.page.version, index: row.index, set: { [column]: value } });
      }, CHECK_MS);
    };
    const { input, combobox } = valueInput(column, before, title(column), () => cells, check);
    this.#open = { ticket: () => this.#ticket, show: (found) => combobox?.note(notesOf(found)) };
    editInPlace(place, input, {
      before,
      save: (value) => this.#save(row, column, value),
      ending: () => {
        clearTimeout(timer);
        this.#open = null;
        combobox?.remove();
      },
      ended: this.#ended,
    });
    if (column !== 'rule') combobox?.show();
  }
}

function notesOf({ marks, refusal }: RowCheck): { kind: string; text: string }[] {
  return [
    ...marks.map(({ severity, code, message }) => ({ kind: severity, text: `${code}: ${message}` })),
    ...(refusal === null ? [] : [{ kind: 'error', text: refusal }]),
  ];
}
