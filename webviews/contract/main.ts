import type { CellValues, EditableColumn, SheetPage, SheetRow } from '../../src/core/review/contractSheet.ts';
import type { ToContractPage } from '../../src/extension/panels/contractProtocol.ts';
import { html } from '../shared/dom.ts';
import { tellFirstFrame } from '../shared/firstFrame.ts';
import { Messages } from '../shared/messages.ts';
import { Bulk } from './bulk.ts';
import { askComment } from './comment.ts';
import { ConflictBanner } from './conflict.ts';
import './contract.css';
import { rowDetailView } from './detail.ts';
import { CellEditing } from './editing.ts';
import { Filters } from './filters.ts';
import { cellsOf, grid, keep, PAGE, send, untick } from './state.ts';
import { Table } from './table.ts';

let ticket = 0;
/** The text's version that the facets count; they are asked for again only when the text changes. */
let facetsOf = -1;
/** When the person asked for what is drawn next; null when nobody waits. */
let asked: number | null = null;
/** What came while somebody typed into a cell; it is drawn when they have finished. */
let waiting = false;

const messages = new Messages();
const conflict = new ConflictBanner();
const editing = new CellEditing(saveCell, () => {
  if (waiting) ask();
  waiting = false;
});
const table = new Table({
  ask,
  ticked: () => bulk.draw(),
  show: showRow,
  edit: (place, row, column) => editing.edit(place, row, column),
});
const bulk = new Bulk(drawTicks, () => {
  untick();
  drawTicks();
});
const filters = new Filters(ask, () => {
  asked ??= performance.now();
});
const detail = html('aside', { class: 'detail', 'aria-label': 'Row detail', hidden: true });
const commentDialog = html('dialog', { 'aria-label': 'Comment' });

document.body.append(
  html(
    'main',
    { class: 'page' },
    html('h1', { class: 'sr-only' }, 'Mapping contract'),
    filters.element,
    conflict.element,
    bulk.element,
    messages.element,
    html('div', { class: 'body' }, table.element, detail),
    table.pager,
  ),
  bulk.dialog,
  conflict.dialog,
  commentDialog,
);

window.addEventListener('message', ({ data }: MessageEvent<ToContractPage>) => {
  switch (data.type) {
    case 'setup':
      grid.canEdit = data.canEdit;
      grid.canTry = data.canTry;
      if (grid.page !== null) draw(grid.page);
      break;
    case 'offers':
      grid.offers = data.offers;
      bulk.drawOffers();
      break;
    case 'page':
      if (data.ticket !== ticket) break;
      if (editing.isOpen) waiting = true;
      else draw(data.page);
      break;
    case 'changed':
      if (data.version !== grid.page?.version) facetsOf = -1;
      // What somebody is typing stays under their hands; the rows come when they have finished.
      if (editing.isOpen) waiting = true;
      else ask();
      break;
    case 'plan':
      bulk.preview(data.plan);
      break;
    case 'checked':
      editing.checked(data.ticket, data.check);
      break;
    case 'done':
      messages.tell(data.message, false);
      break;
    case 'refused':
      messages.tell(data.message, true);
      break;
    case 'detail':
      if (data.row.index === grid.shown && data.version === grid.page?.version) drawDetail(data);
      break;
    case 'conflict':
      conflict.draw(data.merge);
      break;
    case 'filter':
      filters.reset(data.only);
      break;
    case 'show':
      filters.reset();
      grid.offset = Math.floor(data.index / PAGE) * PAGE;
      grid.focused = { index: data.index, column: 'target_field' };
      ask();
      showRow(data.index);
      break;
  }
});
window.addEventListener('focus', () => {
  if (document.activeElement === document.body) table.focus();
});
window.addEventListener('error', (event) => send({ type: 'failed', message: event.message }));
window.addEventListener('unhandledrejection', (event) => send({ type: 'failed', message: String(event.reason) }));

send({ type: 'ready' });
ask();

/** Asks for the rows that the filters, the order and the page want. */
function ask(): void {
  ticket += 1;
  asked ??= performance.now();
  keep();
  const { query, offset } = grid;
  send({ type: 'query', ticket, query, offset, limit: PAGE, facets: facetsOf < 0 });
}

function draw(now: SheetPage): void {
  // Indexes count rows of the text; after a change of their number they may stand for others.
  if (grid.page !== null && grid.page.version !== now.version && grid.page.total !== now.total) untick();
  grid.page = now;
  if (now.found > 0 && grid.offset >= now.found) {
    grid.offset = Math.floor((now.found - 1) / PAGE) * PAGE;
    ask();
    return;
  }
  if (now.facets !== null) {
    grid.facets = now.facets;
    facetsOf = now.version;
    // The rows first: nobody chooses from thousands of tables before seeing any.
    requestAnimationFrame(() => setTimeout(() => filters.drawFacets()));
  }
  const hadFocus = table.element.contains(document.activeElement) || document.activeElement === document.body;
  filters.drawColumns();
  table.draw();
  bulk.draw();
  if (now.fault !== null)
    messages.tell(
      `Line ${now.fault.line}, column ${now.fault.column}: ${now.fault.why}. Rows after it are not shown; open the file as text to mend it.`,
      true,
    );
  // Never from where a person is: a page that focuses its cell takes the keys from the palette or another editor.
  if (hadFocus && document.hasFocus()) table.focus();
  document.body.dataset['drawn'] = String(now.version);
  tellFirstFrame();
  tellTime();
  if (grid.shown !== null) send({ type: 'detail', version: now.version, index: grid.shown, samples: false });
}

/** Leaves for tests the milliseconds from the person's act to the frame that shows its answer. */
function tellTime(): void {
  const since = asked;
  asked = null;
  if (since === null) return;
  requestAnimationFrame(() => {
    document.body.dataset['took'] = String(Math.round(performance.now() - since));
  });
}

function drawTicks(): void {
  table.drawTicks();
  bulk.draw();
}

function saveCell(row: SheetRow, column: EditableColumn, value: string): void {
  const set: CellValues = { [column]: value };
  if (column === 'status' && value === 'REJECTED') {
    const cells = cellsOf(row);
    const title = `Reject ${cells['target_table']}.${cells['target_field']}`;
    askComment(commentDialog, title, (comment) => sendEdit(row, set, comment));
  } else sendEdit(row, set, null);
}

function sendEdit(row: SheetRow, set: CellValues, comment: string | null): void {
  if (grid.page === null) return;
  const cells = cellsOf(row);
  const was = Object.fromEntries(Object.keys(set).map((column) => [column, cells[column] ?? '']));
  const [table, field, rowSet] = ['target_table', 'target_field', 'row_set'].map((name) => cells[name] ?? '');
  send({
    type: 'edit',
    version: grid.page.version,
    selection: { indexes: [row.index] },
    set,
    comment,
    row: { table: table ?? '', field: field ?? '', rowSet: rowSet ?? '', was },
  });
}

function showRow(index: number): void {
  grid.shown = index;
  table.markShown();
  if (grid.page !== null) send({ type: 'detail', version: grid.page.version, index, samples: false });
}

function drawDetail(data: Extract<ToContractPage, { type: 'detail' }>): void {
  const { row, version, detail: found } = data;
  const { index } = row;
  detail.hidden = false;
  // A comment that is being written is not thrown away by a check that came in between.
  const written = detail.querySelector('textarea')?.value ?? '';
  if (written !== '' && detail.dataset['row'] === `${index} ${version}`) return;
  detail.dataset['row'] = `${index} ${version}`;
  detail.replaceChildren(
    ...rowDetailView(cellsOf(row), row.marks, found, grid.canEdit, {
      set: (set, comment) => {
        delete detail.dataset['row'];
        sendEdit(row, set, comment ?? null);
      },
      tryOnData: grid.canTry
        ? () => send({ type: 'tryOnData', version, selection: { indexes: [index] }, set: {}, comment: null, row: null })
        : null,
      samples: () => send({ type: 'detail', version, index, samples: true }),
      openText: () => send({ type: 'openText', line: row.line }),
      openCrosswalk: (name) => send({ type: 'openCrosswalk', name }),
      refresh: () => {
        delete detail.dataset['row'];
        drawDetail(data);
      },
      close: () => {
        grid.shown = null;
        detail.hidden = true;
        table.cellAt(index, 'target_field')?.focus();
      },
    }),
  );
}
