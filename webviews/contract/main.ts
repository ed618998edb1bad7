import {
  type CellValues,
  EDITABLE_COLUMNS,
  type EditableColumn,
  EVERY_ROW,
  type Facets,
  type SheetPage,
  type SheetPlan,
  type SheetQuery,
  type SheetRow,
  type SheetSelection,
} from '../../src/core/review/contractSheet.ts';
import type { Offers } from '../../src/core/review/rowFacts.ts';
import type { ToContractPage } from '../../src/extension/panels/contractProtocol.ts';
import { html } from '../shared/dom.ts';
import './contract.css';
import { rowDetailView } from './detail.ts';
import { FIRST_COLUMNS, keep, kept, send } from './state.ts';

/** Rows on a page: more than a screen, few enough to draw at once. */
const PAGE = 100;
/** A pause in typing that begins a search. */
const TYPING_MS = 50;
const FILTERS: readonly (readonly [column: string, label: string])[] = [
  ['target_table', 'Table'],
  ['mapping_class', 'Class'],
  ['status', 'Status'],
  ['owner', 'Owner'],
  ['mandatory', 'Mandatory'],
];

const state = kept();
let page: SheetPage | null = null;
let facets: Facets = {};
/** The text's version that the facets count; they are asked for again only when the text changes. */
let facetsOf = -1;
let offers: Offers = { classes: [], statuses: [], sources: {}, crosswalks: [], functions: [] };
let canEdit = false;
let ticket = 0;
/** When the person asked for what is drawn next; null when nobody waits. */
let asked: number | null = null;
/** Rows ticked by hand; `all` stands for everything that the filters find. */
const ticked = new Set<number>();
let all = false;
let shown: number | null = null;
let pending: { selection: SheetSelection; set: CellValues } | null = null;
/** The cell that keeps the focus through a redraw: row index and column. */
let focused: { index: number; column: string } | null = null;

const search = html('input', {
  type: 'search',
  placeholder: 'Search all cells',
  'aria-label': 'Search all cells',
  input: () => later(),
});
const filters = FILTERS.map(([column, label]) => ({
  column,
  select: html('select', { 'aria-label': label, change: () => filter() }),
  label,
}));
const confidence = html(
  'select',
  { 'aria-label': 'Confidence', change: () => filter() },
  html('option', { value: '' }, 'Any confidence'),
  html('option', { value: '0.6' }, 'Below 0.6'),
  html('option', { value: '0.8' }, 'Below 0.8'),
  html('option', { value: '0.95' }, 'Below 0.95'),
);
const problems = html('input', { type: 'checkbox', change: () => filter() });
const clear = html('button', { class: 'secondary', click: () => reset() }, 'Clear filters');
const columnList = html('div', { hidden: true });
const columnButton = html(
  'button',
  {
    class: 'secondary',
    'aria-expanded': 'false',
    click: () => {
      columnList.hidden = !columnList.hidden;
      columnButton.setAttribute('aria-expanded', String(!columnList.hidden));
    },
  },
  'Columns',
);
const selectionText = html('span', { role: 'status' });
const bulkColumn = html('select', { 'aria-label': 'Column to set', change: () => drawBulkValue() });
const bulkValue = html('span');
const bulkButton = html('button', { click: () => planBulk() }, 'Preview change…');
const selectAll = html('button', { class: 'link', click: () => tickAll() }, '');
const bulk = html(
  'div',
  { class: 'bar', hidden: true, role: 'group', 'aria-label': 'Change the selected rows' },
  selectionText,
  selectAll,
  html('label', {}, 'Set ', bulkColumn),
  bulkValue,
  bulkButton,
  html('button', { class: 'secondary', click: () => untick() }, 'Clear selection'),
);
const message = html('div', { class: 'message', role: 'status', hidden: true });
const head = html('thead');
const rows = html('tbody');
const table = html('table', { role: 'grid', 'aria-label': 'Contract rows' }, head, rows);
const empty = html('div', { class: 'empty', hidden: true });
const scroller = html('div', { class: 'rows', tabindex: '-1' }, table, empty);
const detail = html('aside', { class: 'detail', 'aria-label': 'Row detail', hidden: true });
const position = html('span', { role: 'status' });
const previous = html('button', { class: 'secondary', click: () => turn(-PAGE) }, 'Previous');
const next = html('button', { class: 'secondary', click: () => turn(PAGE) }, 'Next');
const dialog = html('dialog', { 'aria-label': 'Preview of the change' });
const lists = html('div', { hidden: true });

document.body.append(
  html(
    'main',
    { class: 'page' },
    html('h1', { class: 'sr-only' }, 'Mapping contract'),
    html(
      'div',
      { class: 'bar', role: 'search' },
      search,
      ...filters.map(({ select }) => select),
      confidence,
      html('label', {}, problems, 'With problems'),
      clear,
      html('span', { class: 'space' }),
      html('div', { class: 'columns' }, columnButton, columnList),
    ),
    bulk,
    message,
    html('div', { class: 'body' }, scroller, detail),
    html('div', { class: 'bar' }, position, html('span', { class: 'space' }), previous, next),
  ),
  dialog,
  lists,
);

window.addEventListener('message', ({ data }: MessageEvent<ToContractPage>) => {
  switch (data.type) {
    case 'setup':
      canEdit = data.canEdit;
      if (page !== null) draw(page);
      break;
    case 'offers':
      offers = data.offers;
      drawOffers();
      drawBulkColumns();
      break;
    case 'page':
      if (data.ticket === ticket) draw(data.page);
      break;
    case 'changed':
      if (data.version !== page?.version) facetsOf = -1;
      ask();
      break;
    case 'plan':
      preview(data.plan);
      break;
    case 'done':
      tell(data.message, false);
      break;
    case 'refused':
      tell(data.message, true);
      break;
    case 'detail':
      if (data.row.index === shown && data.version === page?.version) drawDetail(data.row, data.detail);
      break;
    case 'filter':
      reset(data.only);
      break;
    case 'show':
      reset();
      state.offset = Math.floor(data.index / PAGE) * PAGE;
      focused = { index: data.index, column: 'target_field' };
      ask();
      showRow(data.index);
      break;
  }
});
window.addEventListener('error', (event) => send({ type: 'failed', message: event.message }));
window.addEventListener('unhandledrejection', (event) => send({ type: 'failed', message: String(event.reason) }));

search.value = state.query.text;
problems.checked = state.query.withProblem;
confidence.value = state.query.belowConfidence === null ? '' : String(state.query.belowConfidence);
send({ type: 'ready' });
ask();

// Asking

let typing: number | undefined;
function later(): void {
  asked ??= performance.now();
  clearTimeout(typing);
  typing = setTimeout(() => filter(), TYPING_MS);
}

function filter(): void {
  const only: Record<string, string[]> = {};
  for (const { column, select } of filters)
    if (select.value !== '*' && select.value !== '') only[column] = [unmark(select.value)];
  state.query = {
    ...state.query,
    only,
    text: search.value,
    withProblem: problems.checked,
    belowConfidence: confidence.value === '' ? null : Number(confidence.value),
  };
  state.offset = 0;
  all = false;
  ask();
}

function reset(only: SheetQuery['only'] = {}): void {
  search.value = '';
  problems.checked = false;
  confidence.value = '';
  for (const { select } of filters) select.value = '*';
  state.query = { ...EVERY_ROW, only, sort: state.query.sort };
  state.offset = 0;
  ask();
}

function turn(by: number): void {
  state.offset = Math.max(0, state.offset + by);
  focused = null;
  ask();
  scroller.scrollTop = 0;
}

function ask(): void {
  ticket += 1;
  asked ??= performance.now();
  keep(state);
  send({ type: 'query', ticket, query: state.query, offset: state.offset, limit: PAGE, facets: facetsOf < 0 });
}

// Drawing

function draw(now: SheetPage): void {
  if (page !== null && page.version !== now.version) {
    // Indexes count rows of the text; after a change they may stand for others.
    if (page.total !== now.total) untick();
  }
  page = now;
  if (now.found > 0 && state.offset >= now.found) {
    state.offset = Math.floor((now.found - 1) / PAGE) * PAGE;
    ask();
    return;
  }
  if (now.facets !== null) {
    facets = now.facets;
    facetsOf = now.version;
    drawFilters();
  }
  drawColumnList();
  drawHead();
  rows.replaceChildren(...now.rows.map(rowOf));
  empty.hidden = now.found > 0;
  empty.textContent =
    now.total === 0
      ? 'The contract has no rows. Run Build Mapping Contract.'
      : 'No row fits the filters. Clear them to see all.';
  if (now.fault !== null)
    tell(
      `Line ${now.fault.line}, column ${now.fault.column}: ${now.fault.why}. Rows after it are not shown; open the file as text to mend it.`,
      true,
    );
  const last = Math.min(now.found, state.offset + PAGE);
  position.textContent =
    now.found === 0
      ? `0 of ${count(now.total)} rows`
      : `Rows ${count(state.offset + 1)}–${count(last)} of ${count(now.found)}${now.found === now.total ? '' : ` found, ${count(now.total)} in all`}`;
  previous.disabled = state.offset === 0;
  next.disabled = last >= now.found;
  drawBulk();
  if (focused !== null) cellAt(focused.index, focused.column)?.focus();
  document.body.dataset['drawn'] = String(now.version);
  const since = asked;
  asked = null;
  if (since !== null)
    requestAnimationFrame(() => {
      // Read by tests: milliseconds from the person's act to the frame that shows its answer.
      document.body.dataset['took'] = String(Math.round(performance.now() - since));
    });
  if (shown !== null) send({ type: 'detail', version: now.version, index: shown, samples: false });
}

function columnsShown(): string[] {
  return state.columns.filter((name) => page?.columns.includes(name));
}

function drawFilters(): void {
  for (const { column, select, label } of filters) {
    const chosen = state.query.only[column]?.[0];
    const values = facets[column] ?? [];
    const options = values.map(([value, number]) =>
      html('option', { value: mark(value) }, `${value === '' ? '(empty)' : value} (${count(number)})`),
    );
    select.replaceChildren(html('option', { value: '*' }, `${label}: all`), ...options);
    select.value = chosen === undefined ? '*' : mark(chosen);
  }
}

/** An empty value must not be taken for "all". */
function mark(value: string): string {
  return `=${value}`;
}

function unmark(value: string): string {
  return value.slice(1);
}

function drawColumnList(): void {
  const names = page?.columns ?? [];
  columnList.replaceChildren(
    ...names.map((name) => {
      const box = html('input', {
        type: 'checkbox',
        change: () => {
          state.columns = names.filter((known) => (known === name ? box.checked : state.columns.includes(known)));
          if (state.columns.length === 0) state.columns = [...FIRST_COLUMNS];
          ask();
        },
      });
      box.checked = state.columns.includes(name);
      return html('label', {}, box, title(name));
    }),
  );
}

function drawHead(): void {
  const onPage = page?.rows ?? [];
  const every = html('input', {
    type: 'checkbox',
    'aria-label': 'Select the rows of this page',
    change: () => {
      for (const { index } of onPage) {
        if (every.checked) ticked.add(index);
        else ticked.delete(index);
      }
      all = false;
      redrawTicks();
    },
  });
  every.checked = onPage.length > 0 && onPage.every(({ index }) => all || ticked.has(index));
  const heads = columnsShown().map((name) => {
    const sorted = state.query.sort?.column === name ? state.query.sort : null;
    const cell = html(
      'th',
      { scope: 'col' },
      html(
        'button',
        { click: () => sort(name) },
        `${title(name)}${sorted === null ? '' : sorted.descending ? ' ↓' : ' ↑'}`,
      ),
    );
    cell.setAttribute('aria-sort', sorted === null ? 'none' : sorted.descending ? 'descending' : 'ascending');
    return cell;
  });
  head.replaceChildren(
    html(
      'tr',
      {},
      html('th', { class: 'check', scope: 'col' }, every),
      html('th', { scope: 'col' }, html('span', { class: 'plain' }, 'Problems')),
      ...heads,
    ),
  );
}

function sort(column: string): void {
  const now = state.query.sort;
  state.query = {
    ...state.query,
    sort: now?.column !== column ? { column, descending: false } : now.descending ? null : { column, descending: true },
  };
  state.offset = 0;
  ask();
}

function rowOf(row: SheetRow): HTMLTableRowElement {
  const box = html('input', {
    type: 'checkbox',
    'aria-label': `Select ${cell(row, 'target_table')}.${cell(row, 'target_field')}`,
    change: () => {
      if (box.checked) ticked.add(row.index);
      else ticked.delete(row.index);
      all = false;
      drawBulk();
    },
  });
  box.checked = all || ticked.has(row.index);
  const worst = row.marks.find((found) => found.severity === 'error') ?? row.marks[0];
  const problem =
    worst === undefined
      ? html('td', {})
      : html(
          'td',
          { title: worst.message },
          html('span', { class: `mark ${worst.severity}` }, `${row.marks.length} ${worst.severity}`),
        );
  const line = html(
    'tr',
    { click: () => showRow(row.index) },
    html('td', { class: 'check', click: (event: Event) => event.stopPropagation() }, box),
    problem,
  );
  line.dataset['index'] = String(row.index);
  if (row.index === shown) line.classList.add('is-shown');
  for (const name of columnsShown()) line.append(cellOf(row, name));
  return line;
}

function cellOf(row: SheetRow, name: string): HTMLTableCellElement {
  const value = cell(row, name);
  const editable = canEdit && EDITABLE_COLUMNS.some((known) => known === name);
  const content =
    name === 'status' && value !== ''
      ? html('span', { class: `status ${value.replaceAll(/\W/g, '')}` }, value.replace('_', ' '))
      : value;
  const made = html(
    'td',
    {
      role: 'gridcell',
      tabindex: '-1',
      title: value,
      class: editable ? 'editable' : '',
      dblclick: () => editable && edit(made, row, name as EditableColumn),
      keydown: (event: KeyboardEvent) => move(event, made, row, name, editable),
      focus: () => {
        focused = { index: row.index, column: name };
      },
    },
    content,
  );
  made.dataset['column'] = name;
  if (focused === null && row.index === page?.rows[0]?.index && name === columnsShown()[0]) made.tabIndex = 0;
  if (focused?.index === row.index && focused.column === name) made.tabIndex = 0;
  return made;
}

function cellAt(index: number, column: string): HTMLElement | null {
  return rows.querySelector<HTMLElement>(`tr[data-index="${index}"] td[data-column="${CSS.escape(column)}"]`);
}

/** Arrow keys, Home and End walk over the cells; Enter or F2 edits; the space bar ticks the row. */
function move(event: KeyboardEvent, from: HTMLElement, row: SheetRow, name: string, editable: boolean): void {
  if (event.target !== from) return;
  const line = from.parentElement;
  const at = columnsShown().indexOf(name);
  const step: Readonly<Record<string, () => Element | null | undefined>> = {
    ArrowRight: () => from.nextElementSibling,
    ArrowLeft: () => (at > 0 ? from.previousElementSibling : null),
    ArrowDown: () => line?.nextElementSibling?.querySelector(`[data-column="${CSS.escape(name)}"]`),
    ArrowUp: () => line?.previousElementSibling?.querySelector(`[data-column="${CSS.escape(name)}"]`),
    Home: () => line?.querySelector('[data-column]'),
    End: () => line?.lastElementChild,
  };
  const target = step[event.key]?.();
  if (target instanceof HTMLElement) {
    from.tabIndex = -1;
    target.tabIndex = 0;
    target.focus();
    event.preventDefault();
  } else if (event.key === 'PageDown' && !next.disabled) turn(PAGE);
  else if (event.key === 'PageUp' && !previous.disabled) turn(-PAGE);
  else if (event.key === ' ') {
    line?.querySelector<HTMLInputElement>('input[type=checkbox]')?.click();
    event.preventDefault();
  } else if (event.key === 'F2' || (event.key === 'Enter' && editable)) {
    if (editable) edit(from as HTMLTableCellElement, row, name as EditableColumn);
    event.preventDefault();
  } else if (event.key === 'Enter') showRow(row.index);
}

// Editing one cell

function edit(place: HTMLTableCellElement, row: SheetRow, column: EditableColumn): void {
  if (place.classList.contains('editing')) return;
  const before = cell(row, column);
  const input = inputFor(column, before, cell(row, 'source_table'));
  const old = [...place.childNodes];
  let finished = false;
  const finish = (save: boolean): void => {
    if (finished) return;
    finished = true;
    place.classList.remove('editing');
    place.replaceChildren(...old);
    place.focus();
    if (save && input.value !== before && page !== null)
      send({
        type: 'edit',
        version: page.version,
        selection: { indexes: [row.index] },
        set: { [column]: input.value },
      });
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
  if (input instanceof HTMLInputElement) input.select();
}

function inputFor(column: string, value: string, sourceTable: string): HTMLInputElement | HTMLSelectElement {
  const choices = column === 'mapping_class' ? offers.classes : column === 'status' ? offers.statuses : null;
  if (choices !== null) {
    const select = html(
      'select',
      { 'aria-label': title(column) },
      ...choices.map((choice) => html('option', { value: choice }, choice)),
    );
    select.value = value;
    return select;
  }
  const input = html('input', { type: 'text', 'aria-label': title(column) });
  input.value = value;
  const list =
    column === 'source_table'
      ? 'source-tables'
      : column === 'crosswalk'
        ? 'crosswalk-names'
        : column === 'source_field'
          ? 'source-fields'
          : '';
  if (list === 'source-fields')
    document
      .querySelector('#source-fields')
      ?.replaceChildren(
        ...(offers.sources[sourceTable] ?? []).map(({ name, type }) => html('option', { value: name }, type)),
      );
  if (list !== '') input.setAttribute('list', list);
  return input;
}

function drawOffers(): void {
  lists.replaceChildren(
    html(
      'datalist',
      { id: 'source-tables' },
      ...Object.keys(offers.sources).map((name) => html('option', { value: name })),
    ),
    html('datalist', { id: 'source-fields' }),
    html(
      'datalist',
      { id: 'crosswalk-names' },
      ...offers.crosswalks.map(({ name, codes }) => html('option', { value: name }, `${codes} codes`)),
    ),
  );
}

// Many rows

function tickAll(): void {
  all = true;
  redrawTicks();
}

function untick(): void {
  all = false;
  ticked.clear();
  redrawTicks();
}

function redrawTicks(): void {
  for (const line of rows.querySelectorAll('tr')) {
    const box = line.querySelector<HTMLInputElement>('input[type=checkbox]');
    if (box !== null) box.checked = all || ticked.has(Number(line.dataset['index']));
  }
  drawHead();
  drawBulk();
}

function drawBulk(): void {
  const number = all ? (page?.found ?? 0) : ticked.size;
  bulk.hidden = !canEdit || number === 0;
  selectionText.textContent = `${count(number)} row${number === 1 ? '' : 's'} selected`;
  selectAll.hidden = all || page === null || page.found <= ticked.size;
  selectAll.textContent = `Select all ${count(page?.found ?? 0)}${page?.found === page?.total ? '' : ' found'}`;
}

function drawBulkColumns(): void {
  bulkColumn.replaceChildren(...EDITABLE_COLUMNS.map((name) => html('option', { value: name }, title(name))));
  bulkColumn.value = 'status';
  drawBulkValue();
}

function drawBulkValue(): void {
  const input = inputFor(bulkColumn.value, '', '');
  if (input instanceof HTMLSelectElement)
    input.selectedIndex = Math.max(
      0,
      [...input.options].findIndex(({ value }) => value === 'IN_REVIEW'),
    );
  input.setAttribute('aria-label', 'New value');
  bulkValue.replaceChildren('to ', input);
}

function planBulk(): void {
  const input = bulkValue.querySelector<HTMLInputElement | HTMLSelectElement>('input, select');
  if (input === null || page === null) return;
  const selection: SheetSelection = all ? { query: state.query } : { indexes: [...ticked] };
  pending = { selection, set: { [bulkColumn.value]: input.value } };
  send({ type: 'plan', version: page.version, ...pending });
}

function preview(plan: SheetPlan): void {
  const wanted = pending;
  if (wanted === null) return;
  const close = (): void => {
    dialog.close();
    pending = null;
  };
  const apply = (): void => {
    close();
    send({ type: 'edit', version: plan.version, ...wanted });
  };
  const [[column, value] = ['', '']] = Object.entries(wanted.set);
  dialog.replaceChildren(
    html('h2', {}, `Set ${title(column)} to ${value === '' ? 'nothing' : value}`),
    html(
      'p',
      {},
      `${count(plan.changed)} row${plan.changed === 1 ? '' : 's'} change${plan.changed === 1 ? 's' : ''}, ${count(plan.unchanged)} are so already.`,
      plan.backToDraft === 0 ? '' : ` ${count(plan.backToDraft)} reviewed rows go back to DRAFT.`,
    ),
    html('ul', {}, ...plan.sample.map(({ row, changes }) => html('li', {}, `${row}: ${changes.join('; ')}`))),
    ...(plan.refused.length === 0
      ? []
      : [
          html('p', { class: 'mark error' }, 'Left as they are:'),
          html(
            'ul',
            {},
            ...plan.refused.map(({ reason, rows: number, first }) =>
              html('li', {}, `${count(number)} rows, ${first} first: ${reason}`),
            ),
          ),
        ]),
    html(
      'div',
      { class: 'actions' },
      ...(plan.changed === 0 ? [] : [html('button', { click: apply }, `Change ${count(plan.changed)} rows`)]),
      html('button', { class: 'secondary', click: close }, 'Cancel'),
    ),
  );
  dialog.showModal();
}

// One row

function showRow(index: number): void {
  shown = index;
  for (const line of rows.querySelectorAll('tr'))
    line.classList.toggle('is-shown', line.dataset['index'] === String(index));
  if (page !== null) send({ type: 'detail', version: page.version, index, samples: false });
}

function drawDetail(row: SheetRow, found: Extract<ToContractPage, { type: 'detail' }>['detail']): void {
  if (page === null) return;
  const { version } = page;
  const { index } = row;
  const cells = Object.fromEntries(page.columns.map((name, at) => [name, row.cells[at] ?? '']));
  detail.hidden = false;
  detail.replaceChildren(
    ...rowDetailView(cells, row.marks, found, canEdit, {
      set: (set) => send({ type: 'edit', version, selection: { indexes: [index] }, set }),
      samples: () => send({ type: 'detail', version, index, samples: true }),
      openText: () => send({ type: 'openText', line: row.line }),
      openCrosswalk: (name) => send({ type: 'openCrosswalk', name }),
      close: () => {
        shown = null;
        detail.hidden = true;
        cellAt(index, 'target_field')?.focus();
      },
    }),
  );
}

// Small things

let telling: number | undefined;
function tell(text: string, refused: boolean): void {
  message.textContent = text;
  message.classList.toggle('refused', refused);
  message.hidden = false;
  clearTimeout(telling);
  if (!refused)
    telling = setTimeout(() => {
      message.hidden = true;
    }, 6000);
}

function cell(row: SheetRow, name: string): string {
  return row.cells[page?.columns.indexOf(name) ?? -1] ?? '';
}

function title(column: string): string {
  const words = column.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function count(number: number): string {
  return number.toLocaleString('en-GB');
}
