import {
  EVERY_LINE,
  LINE_STATUSES,
  type LineColumn,
  type LineValues,
} from '../../src/core/crosswalk/crosswalkShapes.ts';
import { CROSSWALK_PANEL } from '../../src/extension/panels/crosswalkProtocol.ts';
import { html } from '../shared/dom.ts';
import { count, counted } from '../shared/format.ts';
import { nextSort, title } from '../shared/gridCells.ts';
import { Host } from '../shared/host.ts';
import { Messages } from '../shared/messages.ts';
import { drawTickBoxes } from '../shared/ticks.ts';
import { asideView, type CoverageActions, headView } from './coverage.ts';
import './crosswalk.css';
import { headRow, inputFor, type LineActions, lineRow } from './lines.ts';
import { previewPlan } from './preview.ts';
import { newState, PAGE, selectionOf } from './state.ts';

/** A pause in typing that begins a search. */
const TYPING_MS = 80;
const BULK: readonly LineColumn[] = ['status', 'target_code', 'valid_from', 'valid_to', 'safety_critical'];

const state = newState();
let ticket = 0;
const header = html('header', { class: 'top' });
const messages = new Messages();
const search = html('input', { type: 'search', placeholder: 'Search all cells', 'aria-label': 'Search all cells' });
const status = html('select', { 'aria-label': 'Status', change: () => filter() });
const used = html(
  'select',
  { 'aria-label': 'Use', change: () => filter() },
  html('option', { value: '' }, 'Use: all'),
  html('option', { value: 'yes' }, 'Used by the data'),
  html('option', { value: 'no' }, 'Not used by the data'),
);
const problems = html('input', { type: 'checkbox', change: () => filter() });
const selectionText = html('span', { role: 'status' });
const selectAll = html('button', { class: 'link', click: () => tick(true) });
const bulkColumn = html(
  'select',
  { 'aria-label': 'Column to set', change: () => drawBulkValue() },
  ...BULK.map((name) => html('option', { value: name }, title(name))),
);
const bulkValue = html('span');
const bulk = html(
  'div',
  { class: 'bar', hidden: true, role: 'group', 'aria-label': 'Change the selected lines' },
  selectionText,
  selectAll,
  html('label', {}, 'Set ', bulkColumn),
  bulkValue,
  html('button', { click: () => void planBulk() }, 'Preview change…'),
  html('button', { class: 'secondary', click: () => tick(false) }, 'Clear selection'),
);
const head = html('thead');
const body = html('tbody');
const empty = html('div', { class: 'empty', hidden: true });
const scroller = html(
  'div',
  { class: 'rows', tabindex: '-1' },
  html('table', { role: 'grid', 'aria-label': 'Crosswalk lines' }, head, body),
  empty,
);
const aside = html('aside', { class: 'detail', 'aria-label': 'Unmapped codes' });
const position = html('span', { role: 'status' });
const previous = html('button', { class: 'secondary', click: () => lines.turn(-1) }, 'Previous');
const next = html('button', { class: 'secondary', click: () => lines.turn(1) }, 'Next');
const dialog = html('dialog', { 'aria-label': 'Preview of the change' });
const targets = html('datalist', { id: 'targets' });

document.body.append(
  html(
    'main',
    { class: 'page' },
    header,
    html(
      'div',
      { class: 'bar', role: 'search' },
      search,
      status,
      used,
      html('label', {}, problems, 'With problems'),
      html('button', { class: 'secondary', click: () => reset() }, 'Clear filters'),
      html('span', { class: 'space' }),
      html('button', { class: 'secondary', click: () => void host.ask('openText', { line: 1 }) }, 'Reopen as text'),
    ),
    bulk,
    messages.element,
    html('div', { class: 'body' }, scroller, aside),
    html('div', { class: 'bar' }, position, html('span', { class: 'space' }), previous, next),
  ),
  dialog,
  targets,
);

const lines: LineActions = {
  sort(column) {
    state.query = { ...state.query, sort: nextSort(state.query.sort, column) };
    state.offset = 0;
    void ask();
  },
  set: (index, column, value) => void edit({ indexes: [index] }, { [column]: value }),
  ticked: () => drawTicks(),
  turn(by) {
    const offset = state.offset + by * PAGE;
    if (offset < 0 || offset >= (state.page?.found ?? 0)) return;
    state.offset = offset;
    state.focused = null;
    scroller.scrollTop = 0;
    void ask();
  },
};

const coverage: CoverageActions = {
  map(added) {
    void act(async () => {
      if (state.page === null) return null;
      const done = await host.ask('map', { version: state.page.version, lines: [...added] });
      for (const { sourceCode } of added) state.typed.delete(sourceCode);
      return done;
    });
  },
  showLine(index) {
    reset();
    state.offset = Math.floor(index / PAGE) * PAGE;
    state.focused = { index, column: 'target_code' };
    void ask();
  },
  showUnused() {
    used.value = 'no';
    filter();
  },
  openContract: (row) => void act(async () => host.ask('openContract', row).then(() => null)),
};

const host = new Host(CROSSWALK_PANEL, () => {
  void ask().then(() => host.shown());
  void askFacts();
});
host.on('changed', () => {
  void ask();
  void askFacts();
});
host.on('data', () => void askFacts());

let typing: ReturnType<typeof setTimeout> | undefined;
search.addEventListener('input', () => {
  clearTimeout(typing);
  typing = setTimeout(filter, TYPING_MS);
});

// Asking

async function ask(): Promise<void> {
  ticket += 1;
  const own = ticket;
  try {
    const page = await host.ask('lines', { query: queryNow(), offset: state.offset, limit: PAGE });
    if (own !== ticket) return;
    if (page.found > 0 && state.offset >= page.found) {
      state.offset = Math.floor((page.found - 1) / PAGE) * PAGE;
      await ask();
      return;
    }
    // Indexes count rows of the text; after lines came or went they may stand for others.
    if (state.page !== null && state.page.total !== page.total) state.ticked.clear();
    state.page = page;
    draw();
  } catch (error) {
    messages.tell(messageOf(error), true);
  }
}

/** The query without what the types of the protocol leave open. */
function queryNow() {
  const only = Object.fromEntries(Object.entries(state.query.only).map(([column, values]) => [column, [...values]]));
  return { ...state.query, only };
}

let looking = 0;
async function askFacts(): Promise<void> {
  looking += 1;
  const own = looking;
  drawCoverage();
  try {
    const facts = await host.ask('facts', {});
    if (own !== looking) return;
    state.facts = facts;
    targets.replaceChildren(
      ...facts.targets.map(({ code, description }) => html('option', { value: code }, description)),
    );
    drawCoverage();
    await ask();
  } catch (error) {
    if (own === looking) messages.tell(messageOf(error), true);
  }
}

function filter(): void {
  state.query = {
    ...state.query,
    only: status.value === '' ? {} : { status: [status.value.slice(1)] },
    text: search.value,
    withProblem: problems.checked,
    used: used.value === '' ? null : used.value === 'yes',
  };
  state.offset = 0;
  state.all = false;
  void ask();
}

function reset(): void {
  search.value = '';
  status.value = '';
  used.value = '';
  problems.checked = false;
  state.query = { ...EVERY_LINE, sort: state.query.sort };
  state.offset = 0;
  void ask();
}

// Changing

async function edit(selection: ReturnType<typeof selectionOf>, set: LineValues): Promise<void> {
  await act(async () => {
    if (state.page === null) return null;
    return host.ask('edit', { version: state.page.version, selection: asked(selection), set: { ...set } });
  });
}

function asked(selection: ReturnType<typeof selectionOf>) {
  return 'query' in selection ? { query: queryNow() } : { indexes: [...selection.indexes] };
}

async function act(
  work: () => Promise<{ readonly message: string; readonly refused: readonly string[] } | null>,
): Promise<void> {
  try {
    const done = await work();
    if (done !== null) messages.tell([done.message, ...done.refused].join(' '), done.refused.length > 0);
  } catch (error) {
    messages.tell(messageOf(error), true);
  }
}

async function planBulk(): Promise<void> {
  const input = bulkValue.querySelector<HTMLInputElement | HTMLSelectElement>('input, select');
  if (input === null || state.page === null) return;
  const selection = selectionOf(state);
  const set = { [bulkColumn.value]: input.value };
  try {
    const plan = await host.ask('plan', { version: state.page.version, selection: asked(selection), set });
    const heading = `Set ${title(bulkColumn.value)} to ${input.value === '' ? 'nothing' : input.value}`;
    const apply = (): void => void edit(selection, set);
    previewPlan(dialog, plan, heading, apply);
  } catch (error) {
    messages.tell(messageOf(error), true);
  }
}

function tick(all: boolean): void {
  state.all = all;
  if (!all) state.ticked.clear();
  drawTicks();
}

// Drawing

function draw(): void {
  const { page } = state;
  if (page === null) return;
  drawStatuses();
  head.replaceChildren(headRow(state, lines));
  body.replaceChildren(...page.rows.map((row, at) => lineRow(state, row, at, lines)));
  empty.hidden = page.found > 0;
  empty.textContent =
    page.total === 0
      ? 'The crosswalk has no lines yet. Map the codes of the data on the right, or add lines as text.'
      : 'No line fits the filters. Clear them to see all.';
  if (page.fault !== null)
    messages.tell(
      `Line ${page.fault.line}, column ${page.fault.column}: ${page.fault.why}. Lines after it are not shown; open the file as text to mend it.`,
      true,
    );
  const last = Math.min(page.found, state.offset + PAGE);
  const all = page.found === page.total ? '' : ` found, ${count(page.total)} in all`;
  position.textContent =
    page.found === 0
      ? `0 of ${counted(page.total, 'line')}`
      : `Lines ${count(state.offset + 1)}–${count(last)} of ${count(page.found)}${all}`;
  previous.disabled = state.offset === 0;
  next.disabled = last >= page.found;
  drawTicks();
  const { focused } = state;
  if (focused !== null)
    body
      .querySelector<HTMLElement>(`tr[data-index="${focused.index}"] [data-column="${CSS.escape(focused.column)}"]`)
      ?.focus();
  document.body.dataset['drawn'] = String(page.version);
}

function drawCoverage(): void {
  header.replaceChildren(...headView(state, coverage));
  const active = document.activeElement instanceof HTMLElement ? document.activeElement.dataset['code'] : undefined;
  aside.replaceChildren(...asideView(state, state.page?.canEdit ?? false, coverage));
  aside.hidden = aside.childElementCount === 0;
  if (active !== undefined) aside.querySelector<HTMLElement>(`[data-code="${CSS.escape(active)}"]`)?.focus();
}

function drawStatuses(): void {
  const chosen = state.query.only['status']?.[0];
  const known = state.page?.facets?.['status'] ?? [];
  status.replaceChildren(
    html('option', { value: '' }, 'Status: all'),
    ...known.map(([value, number]) =>
      html('option', { value: `=${value}` }, `${value || '(empty)'} (${count(number)})`),
    ),
  );
  status.value = chosen === undefined ? '' : `=${chosen}`;
}

function drawTicks(): void {
  drawTickBoxes(state, body);
  const number = state.all ? (state.page?.found ?? 0) : state.ticked.size;
  const was = bulk.hidden;
  bulk.hidden = state.page?.canEdit !== true || number === 0;
  if (was && !bulk.hidden) drawBulkValue();
  selectionText.textContent = `${counted(number, 'line')} selected`;
  selectAll.hidden = state.all || (state.page?.found ?? 0) <= state.ticked.size;
  selectAll.textContent = `Select all ${count(state.page?.found ?? 0)}`;
}

function drawBulkValue(): void {
  const column = BULK.find((name) => name === bulkColumn.value) ?? 'status';
  const input = inputFor(state, column, column === 'status' ? (LINE_STATUSES[1] ?? '') : '');
  input.setAttribute('aria-label', 'New value');
  bulkValue.replaceChildren('to ', input);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
