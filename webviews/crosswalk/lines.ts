import { BY_ROWS, LINE_COLUMNS, LINE_STATUSES, type LineColumn } from '../../src/core/crosswalk/crosswalkShapes.ts';
import type { SheetRow } from '../../src/core/review/rowSheet.ts';
import { html } from '../shared/dom.ts';
import { count, counted } from '../shared/format.ts';
import { editInPlace, problemsCell, sortHead, statusBadge, title, walk } from '../shared/gridCells.ts';
import { pageTickBox, tickBox } from '../shared/ticks.ts';
import { columnsShown, meaningOf, type State } from './state.ts';

export interface LineActions {
  readonly sort: (column: string) => void;
  readonly set: (index: number, column: LineColumn, value: string) => void;
  readonly ticked: () => void;
  readonly turn: (by: 1 | -1) => void;
}

/** Head of the grid: a tick for the page, and a button a column that sorts by it. */
export function headRow(state: State, actions: LineActions): HTMLTableRowElement {
  const rows = state.page?.rows ?? [];
  const every = pageTickBox(state, rows, 'Select the lines of this page', actions.ticked);
  const head = (column: string, label: string): HTMLTableCellElement =>
    sortHead(label, column, state.query.sort, () => actions.sort(column));
  const number = head(BY_ROWS, 'Rows in data');
  number.classList.add('number');
  return html(
    'tr',
    {},
    html('th', { class: 'check', scope: 'col' }, every),
    html('th', { scope: 'col' }, html('span', { class: 'plain' }, 'Problems')),
    number,
    ...columnsShown(state).map((column) => head(column, title(column))),
  );
}

/** One line of the file. */
export function lineRow(state: State, row: SheetRow, at: number, actions: LineActions): HTMLTableRowElement {
  const columns = state.page?.columns ?? [];
  const code = row.cells[columns.indexOf('source_code')] || '(empty)';
  const box = tickBox(state, row.index, `Select ${code}`, actions.ticked);
  const rows = state.page?.dataRows[at] ?? null;
  const line = html(
    'tr',
    {},
    html('td', { class: 'check' }, box),
    problemsCell(row),
    html(
      'td',
      {
        class: rows === 0 ? 'number note' : 'number',
        title:
          rows === null
            ? 'Not counted'
            : `${counted(rows, 'row')} of the data ${rows === 1 ? 'has' : 'have'} this code in the time of the line`,
      },
      rows === null ? '–' : rows === 0 ? 'none' : count(rows),
    ),
    ...columnsShown(state).map((column) => cellOf(state, row, column, actions)),
  );
  line.dataset['index'] = String(row.index);
  return line;
}

function cellOf(state: State, row: SheetRow, column: string, actions: LineActions): HTMLTableCellElement {
  const value = row.cells[state.page?.columns.indexOf(column) ?? -1] ?? '';
  const known = LINE_COLUMNS.find((name) => name === column);
  const editable = state.page?.canEdit === true && known !== undefined;
  const edit = (): void => {
    if (known !== undefined && editable)
      editInPlace(cell, inputFor(state, known, value), {
        before: value,
        save: (put) => actions.set(row.index, known, put),
      });
  };
  const cell = html(
    'td',
    {
      role: 'gridcell',
      tabindex: -1,
      title: value,
      class: editable ? 'editable' : '',
      dblclick: edit,
      focus: () => {
        state.focused = { index: row.index, column };
      },
      keydown: (event: KeyboardEvent) => {
        if (event.target !== cell || walk(event, cell)) return;
        if (event.key === 'PageDown') actions.turn(1);
        else if (event.key === 'PageUp') actions.turn(-1);
        else if (event.key === ' ')
          cell.parentElement?.querySelector<HTMLInputElement>('input[type=checkbox]')?.click();
        else if (event.key === 'F2' || event.key === 'Enter') edit();
        else return;
        event.preventDefault();
      },
    },
    ...contentOf(state, column, value),
  );
  cell.dataset['column'] = column;
  const first = state.focused === null && row.index === state.page?.rows[0]?.index && column === columnsShown(state)[0];
  if (first || (state.focused?.index === row.index && state.focused.column === column)) cell.tabIndex = 0;
  return cell;
}

function contentOf(state: State, column: string, value: string): (Node | string)[] {
  if (column === 'status' && value !== '') return [statusBadge(value)];
  const meaning = column === 'target_code' ? meaningOf(state.facts, value.trim()) : null;
  if (meaning === null) return [value];
  return [value, html('span', { class: 'note meaning' }, meaning === '' ? 'not in the target list' : meaning)];
}

/** The field in which a column is edited. */
export function inputFor(state: State, column: LineColumn, value: string): HTMLInputElement | HTMLSelectElement {
  const label = { 'aria-label': title(column) };
  const choices: readonly string[] | null =
    column === 'status' ? LINE_STATUSES : column === 'safety_critical' ? ['', 'Y', 'N'] : null;
  if (choices !== null) {
    const all = choices.includes(value) ? choices : [value, ...choices];
    const select = html(
      'select',
      label,
      ...all.map((choice) => html('option', { value: choice }, choice || '(empty)')),
    );
    select.value = value;
    return select;
  }
  const date = (column === 'valid_from' || column === 'valid_to') && /^(\d{4}-\d{2}-\d{2})?$/.test(value);
  const list = column === 'target_code' && (state.facts?.targets.length ?? 0) > 0 ? 'targets' : null;
  const input = html('input', { ...label, type: date ? 'date' : 'text', list });
  input.value = value;
  return input;
}
