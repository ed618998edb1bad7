// The times of a contract of 50,000 rows, as a person waits for them in the packaged extension.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { watchHost } from './hostLag.mjs';
import { openPanel } from './openPanel.mjs';
import { copiesOfTables } from './reviewContract.mjs';

const ROWS = 50_000;

export async function measureLargeContract({ folder, page, command, firstFrame, server }) {
  const files = copiesOfTables(folder, 100);
  for (const [index, { name, header, rows }] of files.entries())
    writeFileSync(join(folder, name), `${[header, ...(index === 0 ? rows.slice(0, ROWS) : rows)].join('\n')}\n`);
  await page.waitForTimeout(3000);
  const times = {};
  const timed = async (name, act, until) => {
    const began = Date.now();
    await act();
    await until();
    times[name] = Date.now() - began;
  };
  /** As the page counts: from the click or key to the frame that shows the answer, without the test's own polling. */
  const inPage = async (name, act, until) => {
    await act();
    await until();
    await page.waitForTimeout(100);
    times[name] = Number(await grid.locator('body').getAttribute('data-took'));
  };
  const grid = openPanel(page);
  const choose = (name) => grid.getByRole('combobox', { name, exact: true });
  const position = grid.locator('main > .bar').last().locator('[role=status]');
  const shows = (text) => () => position.filter({ hasText: text }).waitFor();
  await command('PAS Migration: Open Mapping Contract');
  await shows('of 50,000')();
  times['first page after the command'] = await firstFrame(grid.locator('body'));
  await page.waitForTimeout(3000);
  await inPage('next page', () => grid.getByRole('button', { name: 'Next' }).click(), shows('Rows 101–200'));
  await inPage('filter', () => choose('Class').selectOption('=lookup'), shows('found'));
  await inPage('search', () => grid.getByLabel('Search all cells').fill('LOAD_PATIENT_7'), shows(/of \d+ found/));
  await grid.getByRole('button', { name: 'Clear filters' }).click();
  await shows(/of 50,000$/)();
  // A fifth of the rows, so that the edit is of at least ten thousand.
  await choose('Owner').selectOption('=RTT Lead');
  await shows(/of 10,\d+ found/)();
  await grid.getByLabel('Select the rows of this page').check();
  await grid.getByRole('button', { name: /^Select all/ }).click();
  await grid.getByLabel('Column to set').selectOption('owner');
  await grid.getByLabel('New value').fill('A. Reviewer');
  await timed(
    'preview of a bulk edit',
    () => grid.getByRole('button', { name: 'Preview change…' }).click(),
    () => grid.locator('dialog[open]').waitFor(),
  );
  const apply = grid.locator('dialog').getByRole('button', { name: /^Change/ });
  const label = await apply.textContent();
  // What a person would feel while it runs: the longest time in which the workbench or the grid could not take a key.
  const frames = [page.locator('body'), grid.locator('body')];
  for (const body of frames)
    await body.evaluate(() => {
      let last = performance.now();
      window.longestPause = 0;
      window.pauseTimer = setInterval(() => {
        const now = performance.now();
        window.longestPause = Math.max(window.longestPause, now - last - 10);
        last = now;
      }, 10);
    });
  const host = await watchHost(server.pid, page.context().browser());
  await timed(
    'bulk edit',
    () => apply.click(),
    () => grid.locator('.message', { hasText: 'rows changed' }).waitFor(),
  );
  await page.waitForTimeout(500);
  for (const [index, body] of frames.entries())
    times[`longest pause of the ${index === 0 ? 'workbench' : 'grid'} meanwhile`] = Math.round(
      await body.evaluate(() => {
        clearInterval(window.pauseTimer);
        return window.longestPause;
      }),
    );
  times['longest pause of the extension host meanwhile'] = await host.longestPause();
  const told = Object.entries(times).map(([name, ms]) => `${name} ${ms} ms`);
  process.stdout.write(`a contract of 50,000 rows: ${told.join(', ')} (“${label}”)\n`);
  await command('File: Revert File');
  await page.waitForTimeout(1000);
  await command('View: Close All Editors');
  for (const { name, before } of files) writeFileSync(join(folder, name), before);
  await page.waitForTimeout(2000);
}
