// A review as a person does it in the packaged extension: the contract is one that other programs wrote, with a byte order
// mark, CRLF, needed and needless quotes and a column of the trust's own, and only the cells that were changed may differ.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openPanel } from './openPanel.mjs';

const CONTRACT = 'reports/mapping_contract.csv';
const FILES = [CONTRACT, 'reports/mapping_contract_tables.csv', 'schemas/target_schema_catalog.csv'];
/** The name at the keyboard; the owner of some rows too, which this person may then not approve. */
const REVIEWER = 'Amir Qureshi';
const OWN_ROWS = 7;
const NOTE = 'seen, with the “ward” team: "yes"';
const BOM = '\ufeff';

/** Copies of every target table in the contract, its tables and the catalog, so that the contract is large and valid. */
export function copiesOfTables(folder, copies) {
  return FILES.map((name) => {
    const [header, ...rows] = readFileSync(join(folder, name), 'utf8').trimEnd().split('\n');
    const many = Array.from({ length: copies }, (_, copy) =>
      rows.map((row) => (copy === 0 ? row : row.replace(/^[^,]+/, (table) => `${table}_${copy}`))),
    ).flat();
    return { name, before: readFileSync(join(folder, name)), header, rows: many };
  });
}

/** The cells of a CSV as they are written, quotes included, with the end of each line. */
function written(text) {
  const lines = [];
  let [cells, from, quoted] = [[], 0, false];
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '"') quoted = !quoted;
    if (quoted || !/[,\r\n]/.test(sign)) continue;
    cells.push(text.slice(from, at));
    from = at + 1;
    if (sign === ',') continue;
    const end = sign === '\r' && text[at + 1] === '\n' ? '\r\n' : sign;
    lines.push({ cells, end });
    cells = [];
    at += end.length - 1;
    from = at + 1;
  }
  if (from < text.length || cells.length > 0) lines.push({ cells: [...cells, text.slice(from)], end: '' });
  return lines;
}

const quote = (value) => `"${value.replaceAll('"', '""')}"`;

/** The contract as another program might write it: the copies are in review, and some of their rows are the reviewer's. */
function foreign({ header, rows }) {
  const columns = header.split(',');
  const [table, status, owner, notes] = ['target_table', 'status', 'owner', 'notes'].map((name) =>
    columns.indexOf(name),
  );
  let copied = 0;
  const lines = rows.map((row, index) => {
    const [{ cells }] = written(row);
    if (/_\d$/.test(cells[table])) {
      copied += 1;
      cells[status] = 'IN_REVIEW';
      if (copied % 200 === 1 && copied < OWN_ROWS * 200) cells[owner] = REVIEWER;
    }
    if (index === 3) cells[notes] = quote('two lines,\r\nand a "word"');
    const plain = [table, status, owner].filter((at) => !cells[at].startsWith('"'));
    if (index % 5 === 0) for (const at of plain) cells[at] = quote(cells[at]);
    return [...cells, index % 2 === 0 ? quote(`Ref ${index}`) : `ref é ${index}`].join(',');
  });
  const inReview = lines.filter((line) => /IN_REVIEW/.test(line)).length;
  return { text: `${BOM}${[`${header},trust_ref`, ...lines].join('\r\n')}\r\n`, inReview };
}

/** Cells that differ: column, both sides as they are written. Every other byte is the same, or this fails. */
function differing(before, after) {
  const [old, now] = [written(before), written(after)];
  assert.equal(now.length, old.length, 'rows came or went');
  const [{ cells: columns }] = old;
  return old.flatMap((line, row) => {
    assert.equal(now[row].end, line.end, `line end of row ${row}`);
    assert.equal(now[row].cells.length, line.cells.length, `cells of row ${row}`);
    return line.cells.flatMap((was, at) =>
      now[row].cells[at] === was ? [] : [{ row, column: columns[at], was, is: now[row].cells[at] }],
    );
  });
}

/** Filter, edit, approve a thousand rows at once, undo, redo, save, and look at it as text. */
export async function reviewForeignContract({ folder, page, command, shot }) {
  const originals = copiesOfTables(folder, 4);
  const [contract, ...others] = originals;
  const { text, inReview } = foreign(contract);
  mkdirSync(join(folder, '.vscode'), { recursive: true });
  const settings = join(folder, '.vscode/settings.json');
  writeFileSync(settings, JSON.stringify({ 'pasMigration.reviewer': REVIEWER }));
  for (const { name, header, rows } of others) writeFileSync(join(folder, name), `${[header, ...rows].join('\n')}\n`);
  writeFileSync(join(folder, CONTRACT), text);
  await page.waitForTimeout(3000);

  await command('PAS Migration: Open Mapping Contract');
  const grid = openPanel(page);
  const position = grid.locator('main > .bar').last().locator('[role=status]');
  const choose = (name) => grid.getByRole('combobox', { name, exact: true });
  const number = (value) => value.toLocaleString('en-GB');
  const shows = (found) => position.filter({ hasText: `of ${number(found)} found` }).waitFor();
  await position.filter({ hasText: `of ${number(contract.rows.length)}` }).waitFor();

  // One cell of one row, found by its table and a word.
  await choose('Table').selectOption('=LOAD_SITE_2');
  await grid.getByLabel('Search all cells').fill('NATIONAL_SITE_CODE');
  await shows(1);
  const notes = grid.locator('tbody tr').first().locator('td[data-column=notes]');
  await notes.dblclick();
  await notes.locator('input').fill(NOTE);
  await page.keyboard.press('Enter');
  await notes.filter({ hasText: NOTE }).waitFor();

  await grid.getByRole('button', { name: 'Clear filters' }).click();
  await choose('Status').selectOption('=IN_REVIEW');
  await shows(inReview);
  await grid.getByLabel('Select the rows of this page').check();
  await grid.getByRole('button', { name: /^Select all/ }).click();
  await grid.getByLabel('New value').selectOption('APPROVED');
  const approve = async () => {
    await grid.getByRole('button', { name: 'Preview change…' }).click();
    const dialog = grid.locator('dialog[open]');
    await dialog.getByText(`${OWN_ROWS} rows`).waitFor();
    await dialog.getByText('Nobody approves a row that is their own').waitFor();
    await dialog.getByLabel(/^Comment/).fill('agreed in the review meeting');
    await shot('contract-approve');
    await dialog.getByRole('button', { name: `Change ${number(inReview - OWN_ROWS)} rows` }).click();
  };
  await approve();
  await shows(OWN_ROWS);
  const inGrid = async (key) => {
    await grid.locator('tbody tr').first().locator('td[data-column=target_field]').click();
    await page.keyboard.press(key);
  };
  await inGrid('Control+z');
  await shows(inReview);
  await page.locator('.tab.dirty').waitFor();
  await inGrid('Control+y');
  await shows(OWN_ROWS);
  await inGrid('Control+s');
  await page.locator('.tab.active:not(.dirty)').waitFor();

  await command('View: Reopen Editor With...');
  const choice = page.locator('.quick-input-list .monaco-list-row', { hasText: 'Text Editor' }).first();
  await choice.click();
  await page.locator('.part.editor .monaco-editor .view-line', { hasText: 'target_table' }).first().waitFor();
  await page.locator('.tab.active:not(.dirty)').waitFor();
  await shot('contract-as-text');

  const after = readFileSync(join(folder, CONTRACT), 'utf8');
  assert.ok(after.startsWith(BOM) && !after.startsWith(BOM + BOM), 'the byte order mark is not as it was');
  assert.ok(!/[^\r]\n|\r[^\n]/.test(after), 'a line end is not CRLF');
  const found = differing(text, after);
  const [noted, ...more] = found.filter(({ column }) => column === 'notes');
  assert.deepEqual([noted?.is, more], [quote(NOTE), []]);
  const approved = found.filter(({ column }) => column === 'status');
  assert.equal(found.length, approved.length + 1, 'a cell that nobody changed differs');
  assert.equal(approved.length, inReview - OWN_ROWS);
  for (const { was, is } of approved) assert.equal(is, was.replace('IN_REVIEW', 'APPROVED'));
  await auditTells(folder, approved.length);
  process.stdout.write(
    `${number(approved.length)} rows of a contract with BOM, CRLF, quotes and an own column are approved in the grid, ` +
      `undone, redone, saved and seen as text; ${number(found.length)} cells differ, and the audit log tells them\n`,
  );
  await command('View: Close All Editors');
  for (const { name, before } of originals) writeFileSync(join(folder, name), before);
  rmSync(settings);
  await page.waitForTimeout(2000);
}

/** The log is written after the save. It tells the rows that changed, by whom, and what the reviewer said. */
async function auditTells(folder, approved) {
  const told = () => {
    const lines = readFileSync(join(folder, 'governance/audit.jsonl'), 'utf8').trim().split('\n').slice(-2);
    const [change, review] = lines.map((line) => JSON.parse(line));
    return review.event === 'contract-reviewed' ? { change, review } : null;
  };
  for (let waited = 0; told() === null; waited += 1) {
    assert.ok(waited < 100, 'the review is not in the audit log');
    await new Promise((done) => setTimeout(done, 200));
  }
  const { change, review } = told();
  assert.deepEqual([change.event, change.who], ['contract-changed', REVIEWER]);
  assert.deepEqual([review.who, review.details.decision, review.details.row_count], [REVIEWER, 'APPROVED', approved]);
  assert.equal(review.details.comment, 'agreed in the review meeting');
  const rows = change.details.rows;
  const cells = rows.flatMap((row) => Object.entries(row.cells));
  assert.equal(cells.length, approved + 1);
  assert.ok(cells.some(([column, [was, is]]) => column === 'notes' && was === '' && is === NOTE));
  assert.equal(cells.filter(([column, [, is]]) => column === 'status' && is === 'APPROVED').length, approved);
}
