// npm run test:ui: the packaged VSIX in a real VS Code, driven as a user does; npm run screenshots keeps what it sees under
// media/ for the README.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { measureLargeContract } from './largeContract.mjs';
import { openPanel } from './openPanel.mjs';
import { reviewForeignContract } from './reviewContract.mjs';
import { setup } from './setup.mjs';

await setup();
const { openWorkbench, serverCommand } = await import('./workbench.mjs');
const root = resolve(import.meta.dirname, '..', '..');
const vsix = readdirSync(root).find((name) => name.endsWith(`-${process.platform}-${process.arch}-0.1.0.vsix`));
assert.ok(vsix !== undefined, 'no VSIX; run npm run package');
const dataDir = mkdtempSync(join(tmpdir(), 'pas-user-'));
const folder = join(dataDir, 'new trust é');
mkdirSync(folder);
mkdirSync(join(dataDir, 'pictures'));
const installed = serverCommand([
  '--server-data-dir',
  dataDir,
  '--extensions-dir',
  join(dataDir, 'extensions'),
  '--install-extension',
  join(root, vsix),
]);
assert.equal(installed.status, 0, installed.stderr);
const workbench = await openWorkbench({ folder, dataDir, size: { width: 1440, height: 900 } });
const { page, command } = workbench;
const pictures = process.argv.includes('--keep') ? join(root, 'media') : join(dataDir, 'pictures');
const shot = (name) => page.screenshot({ path: join(pictures, `${name}.png`) });
/** For the eye of whoever runs this; no picture of the README. */
const shotAside = (name) => page.screenshot({ path: join(dataDir, 'pictures', `${name}.png`) });
const tree = (view) => page.locator(`.monaco-list[aria-label="${view}"] .monaco-list-row`);

async function answer(text) {
  const input = page.locator('.quick-input-widget:visible input').first();
  if (text !== null) await input.fill(text);
  await page.waitForTimeout(250);
  await page.keyboard.press('Enter');
  await page.waitForTimeout(400);
}

/** The contract as a grid: filter, edit a cell, change many rows, undo, save; only the cells that changed differ. */
async function reviewContract() {
  const file = join(folder, 'reports/mapping_contract.csv');
  const before = readFileSync(file, 'utf8').split('\n');
  await command('PAS Migration: Open Mapping Contract');
  const grid = openPanel(page);
  await grid.locator('body[data-drawn]').waitFor({ timeout: 30_000 });
  process.stdout.write(
    `the contract grid shows its first page ${await workbench.firstFrame(grid.locator('body'))} ms after the command\n`,
  );
  await shot('screenshot-contract');
  const position = grid.locator('main > .bar').last().locator('[role=status]');
  await grid.getByLabel('Table', { exact: true }).selectOption({ index: 1 });
  await grid.getByLabel('Search all cells').fill('POST');
  await position.filter({ hasText: 'of 1 found' }).waitFor();
  const first = grid.locator('tbody tr').first();
  await first.click();
  await grid.locator('.detail h2').waitFor();
  const notes = first.locator('td[data-column=notes]');
  await notes.dblclick();
  await notes.locator('input').fill('seen, by hand');
  await page.keyboard.press('Enter');
  await first.locator('td[data-column=notes]', { hasText: 'seen, by hand' }).waitFor();
  await shot('screenshot-contract-row');
  await grid.getByRole('button', { name: 'Clear filters' }).click();
  await position.filter({ hasText: /^Rows 1–100 of \d+$/ }).waitFor();
  const set = async (value) => {
    await grid.getByLabel('Select the rows of this page').check();
    await grid.getByRole('button', { name: /^Select all/ }).click();
    await grid.getByLabel('New value').selectOption(value);
    await grid.getByRole('button', { name: 'Preview change…' }).click();
    await grid.locator('dialog[open]').waitFor();
    await page.waitForTimeout(300);
    if (value === 'IN_REVIEW') await shot('screenshot-contract-bulk');
    const apply = grid.locator('dialog').getByRole('button', { name: /^Change/ });
    if ((await apply.count()) === 0) await grid.locator('dialog').getByRole('button', { name: 'Cancel' }).click();
    else await apply.click();
    await page.waitForTimeout(500);
    await grid.getByRole('button', { name: 'Clear selection' }).click();
  };
  await set('IN_REVIEW');
  await grid.locator('tbody').getByText('APPROVED').first().waitFor();
  await set('DRAFT');
  await grid.locator('tbody').getByText('DRAFT').first().waitFor();
  await set('IN_REVIEW');
  await grid.locator('tbody').getByText('IN REVIEW').first().waitFor();
  await set('APPROVED');
  await grid.locator('tbody').getByText('APPROVED').first().waitFor();
  for (let step = 0; step < 3; step += 1) {
    await grid.locator('tbody td').nth(3).click();
    await page.keyboard.press('Control+z');
    await page.waitForTimeout(600);
  }
  await page.keyboard.press('Control+s');
  await page.waitForTimeout(1500);
  const after = readFileSync(file, 'utf8').split('\n');
  const differing = before.filter((line, index) => line !== after[index]);
  assert.equal(after.length, before.length);
  assert.equal(differing.length, 1, 'more than the edited row differs');
  assert.ok(after.some((line) => line.includes('"seen, by hand"')));
  const audit = readFileSync(join(folder, 'governance/audit.jsonl'), 'utf8').trim().split('\n').at(-1);
  assert.match(audit, /seen, by hand/);
  await command('View: Close All Editors');
  process.stdout.write(
    'the contract is reviewed in the grid, undone and saved; one line differs, and the audit log tells it\n',
  );
}

try {
  await workbench.ready();
  process.stdout.write('the workbench is open\n');
  const only = ['--large-contract', '--review'].find((name) => process.argv.includes(name));
  if (only !== undefined) {
    await command('PAS Migration: New Project');
    await page.waitForTimeout(2000);
    await command('PAS Migration: Run Product Lifecycle');
    for (const given of ['200', '42', '20', 'pre_production']) await answer(given);
    await page.locator('.notification-list-item', { hasText: 'passed' }).first().waitFor({ timeout: 120_000 });
    if (only === '--review') await reviewForeignContract({ folder, page, command, shot: shotAside });
    else await measureLargeContract({ folder, ...workbench });
    await workbench.close();
    rmSync(dataDir, { recursive: true, force: true });
    process.exit(0);
  }
  await page.locator('.activitybar .action-item a[aria-label="PAS Migration"]').click();
  await page.locator('.welcome-view-content a.monaco-button').first().waitFor({ timeout: 30_000 });
  await shot('screenshot-welcome');
  await command('PAS Migration: New Project');
  await page
    .locator('.statusbar-item[id="pas-migration.pas-migration-control-plane.pasMigration.gates"]')
    .waitFor({ timeout: 30_000 });
  assert.ok(existsSync(join(folder, 'reports/mapping_contract.csv')), 'the sample project was not written');
  process.stdout.write('a new project is made\n');
  const second = await workbench.secondWindow();
  await second.locator('.activitybar .action-item a[aria-label="PAS Migration"]').click();
  await second.locator('.monaco-list[aria-label="Execution"] .monaco-list-row').first().waitFor({ timeout: 30_000 });
  await command('PAS Migration: Run Product Lifecycle');
  // Large enough to be looked at while it runs.
  await answer('5000');
  await answer('42');
  await answer('20');
  await answer('pre_production');
  await second.locator('.monaco-list[aria-label="Execution"] .codicon-sync').first().waitFor({ timeout: 15_000 });
  await page
    .locator('.notifications-toasts .notification-list-item', { hasText: 'PAS Migration: Run Product Lifecycle' })
    .first()
    .waitFor({ timeout: 20_000 });
  await shot('screenshot-running');
  await command('PAS Migration: Extract Specs', second);
  await second
    .locator('.notifications-toasts .notification-list-item', { hasText: 'is running in this project' })
    .first()
    .waitFor({ timeout: 15_000 });
  await second.screenshot({ path: join(pictures, 'screenshot-second-window.png') });
  process.stdout.write('a second window shows the run and may not start another\n');
  await page
    .locator('.notifications-toasts .notification-list-item', { hasText: 'passed' })
    .first()
    .waitFor({ timeout: 120_000 });
  process.stdout.write('the lifecycle passed\n');
  await command('Notifications: Clear All Notifications');
  await tree('Overview').first().waitFor();
  await page.waitForTimeout(1500);
  await shot('screenshot-overview');
  await second
    .locator('.monaco-list[aria-label="Execution"] .monaco-list-row', { hasText: 'Extract' })
    .first()
    .waitFor();
  await second.locator('.monaco-list[aria-label="Execution"] .codicon-sync').waitFor({ state: 'detached' });
  await second.close();
  await command('PAS Migration: Run Release Gates');
  await answer('cutover_ready');
  await page
    .locator('.notifications-toasts .notification-list-item', { hasText: 'do not pass' })
    .first()
    .waitFor({ timeout: 60_000 });
  await command('Notifications: Clear All Notifications');
  await command('Problems: Focus on Problems View');
  const failure = page.locator('.markers-panel .monaco-list-row', { hasText: 'of cutover_ready fails' }).first();
  await failure.waitFor({ timeout: 30_000 });
  await failure.dblclick();
  await page.locator('.tab', { hasText: 'release_gate_profiles.json' }).waitFor({ timeout: 15_000 });
  await page.waitForTimeout(800);
  await shot('screenshot-problems');
  process.stdout.write('a gate failure opens from the Problems panel\n');
  await command('View: Close All Editors');
  await command('View: Toggle Panel Visibility');
  await reviewContract();
  await reviewForeignContract({ folder, page, command, shot: shotAside });
  await measureLargeContract({ folder, ...workbench });
  await command('PAS Migration: Open ERD');
  const diagram = openPanel(page);
  await diagram.locator('.page[data-drawn]').waitFor({ timeout: 30_000 });
  assert.deepEqual(
    await diagram.locator('html').evaluate((node) => [...node.querySelectorAll('img')].map((image) => image.src)),
    [],
  );
  for (const [name, theme] of [
    ['dark', 'Dark Modern'],
    ['contrast', 'Dark High Contrast'],
    ['light', 'Light Modern'],
  ]) {
    await workbench.theme(theme);
    await page.waitForTimeout(1200);
    await shot(`screenshot-erd-${name}`);
  }
  process.stdout.write('the ERD is drawn in three themes\n');
} catch (error) {
  for (const [index, window] of page
    .context()
    .browser()
    .contexts()
    .flatMap((context) => context.pages())
    .entries()) {
    const path = join(tmpdir(), `pas-user-test-${index}.png`);
    await window.screenshot({ path });
    process.stderr.write(`screenshot: ${path}\n`);
  }
  throw error;
} finally {
  await workbench.close();
  rmSync(dataDir, { recursive: true, force: true });
}
