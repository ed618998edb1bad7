// npm run test:panels:sample: the panels of a project in a real VS Code. Their numbers are read from the pages as a person reads them
// and compared with the report files. `--keep` keeps pictures under media/ for the README.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import { openPanel } from './openPanel.mjs';
import { setup } from './setup.mjs';

await setup();
const { openWorkbench } = await import('./workbench.mjs');
const root = resolve(import.meta.dirname, '..', '..');
const home = mkdtempSync(join(tmpdir(), 'pas-panels-'));
const folder = join(home, 'trust é');
const pictures = process.argv.includes('--keep') ? join(root, 'media') : (process.env['PANEL_SHOTS'] ?? home);
mkdirSync(folder);
mkdirSync(pictures, { recursive: true });
for (const path of JSON.parse(readFileSync(join(root, 'src/extension/sampleFiles.json'), 'utf8')))
  cpSync(join(root, path), join(folder, path), { recursive: true });

/** A command of the terminal; the panels show its runs as any others. */
function run(...args) {
  const given = [join(root, 'dist/cli.js'), ...args, '--project', folder];
  return spawnSync(process.execPath, given, { encoding: 'utf8', maxBuffer: 1 << 28 });
}
const json = (path) => JSON.parse(readFileSync(join(folder, path), 'utf8'));
const number = (value) => new Intl.NumberFormat('en-GB').format(value);
const said = (text) => process.stdout.write(`${text}\n`);

assert.equal(run('run-product-lifecycle', '--rows', '200', '--release-profile', 'development').status, 0);
// A code that nobody mapped: rows are rejected, gates fail, and there is something to look at.
const sex = join(folder, 'schemas/crosswalks/sex.csv');
writeFileSync(sex, `${readFileSync(sex, 'utf8').split('\n')[0]}\n`);
run('run-product-lifecycle', '--from', 'run-contract-migration', '--rows', '200', '--release-profile', 'development');
said('two runs are on record');

const workbench = await openWorkbench({ folder, extension: root, size: { width: 1440, height: 900 } });
const { page, command } = workbench;
const panel = openPanel(page);
const shot = (name) => page.screenshot({ path: join(pictures, `screenshot-${name}.png`) });
/** For the eye of whoever runs this; no picture of the README. */
const aside = process.env['PANEL_SHOTS'] ?? home;
const shotAside = (name) => page.screenshot({ path: join(aside, `screenshot-${name}.png`) });
/** A figure of a card by what it counts. */
const figure = async (card, label) => {
  const found = panel
    .locator('.card', { has: page.locator('h2', { hasText: card }) })
    .locator('.figure', { hasText: label });
  return (await found.first().locator('.value').innerText()).trim();
};
const open = async (name) => {
  await command(`PAS Migration: Open ${name}`);
  await panel.locator('h1', { hasText: name }).waitFor({ timeout: 30_000 });
  await panel.locator('.card:visible').first().waitFor({ timeout: 30_000 });
};

async function dashboard() {
  await open('Dashboard');
  const migration = json('reports/contract_migration_report.json');
  const quality = json('reports/enterprise_pipeline_report.json');
  const gates = json('reports/release_gate_report.json');
  const summary = json('schemas/schema_catalog_summary.json');
  assert.equal(await figure('Schema', 'tables'), number(summary.source.tables));
  assert.equal(await figure('Rows', 'rows read by'), number(migration.rows_read));
  assert.match(await figure('Rows', 'rows loaded'), new RegExp(`^${number(migration.rows_written)} of `));
  assert.match(await figure('Rows', 'rows rejected'), new RegExp(`^${number(migration.rows_rejected)} of `));
  assert.equal(await figure('Data quality', 'rows fail ERROR rules'), number(quality.severity_counts.ERROR));
  assert.equal(await figure('Data quality', 'rows fail WARN rules'), number(quality.severity_counts.WARN));
  const open_ = gates.gates.filter((gate) => gate.verdict !== 'PASS').length;
  assert.ok(open_ > 0);
  const blocking = panel.locator('.card', { hasText: 'What blocks promotion' }).first();
  // The edit of the crosswalk made stages stale that were not run again; that is told before the gates.
  const rows = await blocking.locator('tbody tr').count();
  const older = await blocking.getByText('The verdict is older than what it judges').count();
  assert.deepEqual([rows - older, older], [open_, 1]);
  await page.waitForTimeout(500);
  await shot('dashboard');
  // A number opens the rows behind it.
  await panel.locator('.figure', { hasText: 'field rows approved' }).getByRole('button').click();
  await page.locator('.tab.active', { hasText: 'mapping_contract.csv' }).waitFor({ timeout: 15_000 });
  await panel
    .locator('main > .bar')
    .last()
    .getByText(/found|of \d+/)
    .first()
    .waitFor({ timeout: 15_000 });
  await command('View: Close All Editors');
  said(`the dashboard shows what the reports say: ${number(migration.rows_read)} rows read, ${open_} gates open`);
}

async function runs() {
  await open('Runs');
  const told = JSON.parse(run('runs', 'compare', '--json').stdout.trim().split('\n').at(-1));
  await panel.getByRole('button', { name: 'Compare the last two' }).click();
  await panel.getByText('issues back').waitFor({ timeout: 30_000 });
  for (const [label, value] of [
    ['issues new', told.totals.added],
    [/issues (fixed|gone)/, told.totals.fixed],
    ['issues back', told.totals.back],
    [/causes (worse|with more)/, told.totals.worse],
    ['gate verdicts differ', told.gates.length],
  ])
    assert.equal(
      (await panel.locator('.figure', { hasText: label }).locator('.value').innerText()).trim(),
      number(value),
      String(label),
    );
  await page.waitForTimeout(500);
  await shot('runs');
  // Another editor hides the page; the comparison is there again.
  await command('PAS Migration: Open Users');
  await panel.locator('h1', { hasText: 'Users' }).waitFor();
  await command('PAS Migration: Open Runs');
  await panel.getByText('issues back').waitFor({ timeout: 15_000 });
  await command('View: Close All Editors');
  said(`two runs are compared: ${told.totals.added} issues new, ${told.gates.length} gates with another verdict`);
}

async function lifecycle() {
  await open('Lifecycle');
  assert.equal(await panel.locator('.flow > li').count(), 7);
  await panel
    .locator('.stage', { hasText: 'Run release gates' })
    .getByRole('button', { name: 'Rerun from here' })
    .click();
  await panel.locator('.log li', { hasText: 'run-release-gates' }).first().waitFor({ timeout: 60_000 });
  await shot('lifecycle');
  await command('View: Close All Editors');
  said('the lifecycle reruns the gates and tells its log');
}

async function quality() {
  await open('Quality');
  const report = json('reports/enterprise_pipeline_report.json');
  const failed = report.rules.filter(({ status }) => status === 'failed').length;
  assert.equal(await figure('Rules', 'rules failed'), number(failed));
  assert.equal(await figure('Rules', 'of ERROR rules'), number(report.severity_counts.ERROR));
  await page.waitForTimeout(500);
  await shot('quality');
  // A number opens the issues behind it, as many as the file has lines.
  const errors = parse(readFileSync(join(folder, 'reports/enterprise_pipeline_issues.csv')), { columns: true }).filter(
    ({ severity }) => severity === 'ERROR',
  );
  await panel.locator('.figure', { hasText: 'of ERROR rules' }).getByRole('button').click();
  await panel
    .locator('.pager [role=status]')
    .filter({ hasText: ` of ${number(errors.length)} found` })
    .waitFor({ timeout: 30_000 });
  await panel.locator('table.issues tbody tr').nth(2).click();
  await page.waitForTimeout(800);
  await shot('issues');
  // A dialog that is left gives the focus back to what opened it.
  await panel.getByRole('button', { name: 'Export to CSV…' }).focus();
  await page.keyboard.press('Enter');
  await page.locator('.quick-input-widget:visible').waitFor({ timeout: 15_000 });
  await page.keyboard.press('Escape');
  await page.locator('.quick-input-widget:visible').waitFor({ state: 'detached' });
  await page.waitForTimeout(300);
  assert.equal(await panel.locator('body').evaluate(() => document.activeElement?.innerText), 'Export to CSV…');
  await command('View: Close All Editors');
  said(
    `the quality panel shows what the report says: ${failed} rules failed, ${number(errors.length)} errors to explore`,
  );
}

async function connectors() {
  await open('Connectors');
  const listed = JSON.parse(run('connectors', 'list', '--json').stdout.trim().split('\n').at(-1));
  const rows = panel.locator('.card', { hasText: 'what they may be used for' }).locator('tbody tr');
  assert.equal(await rows.count(), listed.connectors.length);
  await shot('connectors');
  await command('View: Close All Editors');
  said(`the connectors panel lists ${listed.connectors.length} kinds of connector`);
}

async function users() {
  await open('Users');
  const { people } = json('governance/roles.json');
  for (const { name } of people) await panel.getByText(name, { exact: false }).first().waitFor();
  await command('View: Close All Editors');
  said(`the users panel names all ${people.length} people of the roles file`);
}

async function erd() {
  await command('PAS Migration: Open ERD');
  const { source } = json('schemas/schema_catalog_summary.json');
  await panel.locator('.status', { hasText: `of ${source.tables} tables` }).waitFor({ timeout: 30_000 });
  await command('View: Close All Editors');
  said(`the ERD knows all ${source.tables} tables of the source`);
}

/** A number or a table that is opened in a panel whose tab lies behind another. */
async function behind() {
  for (const name of ['Quality', 'Runs', 'Users']) await open(name);
  const waiting = panel.getByRole('button', { name: /safety-critical rejects? to decide/ }).first();
  const wanted = /[\d,]+/.exec(await waiting.innerText())[0];
  await waiting.click();
  await panel
    .locator('.pager [role=status]')
    .filter({ hasText: ` of ${wanted} found` })
    .waitFor({ timeout: 30_000 });

  await open('Dashboard');
  await panel.getByRole('button', { name: 'Compare the two runs' }).click();
  await panel.getByText('issues back').waitFor({ timeout: 30_000 });

  await command('PAS Migration: Open ERD');
  await panel.locator('main[data-drawn]').waitFor({ timeout: 30_000 });
  await open('Dashboard');
  await command('PAS Migration: Focus on Design View');
  const design = page.locator('.monaco-list[aria-label="Design"] .monaco-list-row');
  await design.filter({ hasText: 'Target schema' }).click();
  const table = design.filter({ hasText: 'LOAD_RTT_CLOCK' });
  await table.click();
  await table.getByRole('button', { name: 'Open ERD' }).click();
  const { target } = json('schemas/schema_catalog_summary.json');
  await panel.locator('.status', { hasText: `of ${target.tables} tables` }).waitFor({ timeout: 30_000 });
  await panel.getByText('LOAD_RTT_CLOCK').first().waitFor();
  await command('View: Close All Editors');
  said(`what a panel is told reaches it behind another: ${wanted} rejects, the comparison, one table of the ERD`);
}

async function themes() {
  for (const name of ['Dashboard', 'Lifecycle', 'Runs', 'Users', 'Quality', 'Connectors']) await open(name);
  for (const [id, theme] of [
    ['light', 'Light Modern'],
    ['dark', 'Dark Modern'],
    ['contrast', 'Dark High Contrast'],
  ]) {
    await workbench.theme(theme);
    await page.waitForTimeout(800);
    for (const name of ['Dashboard', 'Lifecycle', 'Runs', 'Users', 'Quality', 'Connectors']) {
      await open(name);
      await page.waitForTimeout(700);
      await shotAside(`${name.toLowerCase()}-${id}`);
    }
  }
  said('the panels are seen in light, dark and high contrast');
}

try {
  await workbench.ready();
  await page.locator('.activitybar .action-item a[aria-label="PAS Migration"]').waitFor({ timeout: 30_000 });
  await page
    .locator('.statusbar-item[id="pas-migration.pas-migration-control-plane.pasMigration.gates"]')
    .waitFor({ timeout: 60_000 });
  await dashboard();
  await runs();
  await lifecycle();
  await quality();
  await connectors();
  await users();
  await erd();
  await behind();
  await themes();
} catch (error) {
  const path = join(tmpdir(), 'pas-panel-test.png');
  await page.screenshot({ path });
  process.stderr.write(`screenshot: ${path}\n`);
  throw error;
} finally {
  await workbench.close();
  rmSync(home, { recursive: true, force: true });
}
