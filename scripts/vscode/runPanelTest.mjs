// npm run test:panels: every panel on a project of 400 tables and 1,000,000 issues in a real VS Code, read, searched, filtered,
// paged, exported and compared with the report files, in a light, a dark and a high-contrast theme. Prints what it measures.
// Options: --issues N, --tables N, --pictures FOLDER; --quick for 100,000 issues in one theme, as npm test does it.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { writeLargeProject } from '../../test/support/largeProject.ts';
import { openPanel } from './openPanel.mjs';
import { setup } from './setup.mjs';

await setup();
const { openWorkbench } = await import('./workbench.mjs');
const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    issues: { type: 'string' },
    tables: { type: 'string', default: '400' },
    pictures: { type: 'string' },
  },
});
const root = resolve(import.meta.dirname, '..', '..');
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const known = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).contributes.commands;
/** As the theme picker names them, with the class that pages get. */
const THEMES = [
  ['Light Modern', 'vscode-light'],
  ['Dark High Contrast', 'vscode-high-contrast'],
  ['Dark Modern', 'vscode-dark'],
];
const number = (value) => value.toLocaleString('en-GB');
const say = (text) => process.stdout.write(`${text}\n`);

const own = mkdtempSync(join(tmpdir(), 'pas-panels-'));
const dataDir = join(own, 'data');
const folder = join(own, 'large trust é');
mkdirSync(join(dataDir, 'data/User'), { recursive: true });
let began = performance.now();
const made = await writeLargeProject(folder, {
  issues: Number(options.issues ?? (options.quick ? 100_000 : 1_000_000)),
  tables: Number(options.tables),
});
const bytes = statSync(join(folder, 'reports/enterprise_pipeline_issues.csv')).size;
say(
  `project of ${number(made.tables)} tables and ${number(made.issues)} issues (${Math.round(bytes / 1e6)} MB) made in ${since(began)}`,
);
const report = JSON.parse(readFileSync(join(folder, 'reports/enterprise_pipeline_report.json'), 'utf8'));
const total = made.issues + made.rejects;

const workbench = await openWorkbench({ folder, dataDir, extension: root, size: { width: 1440, height: 900 } });
const { page, command } = workbench;
const frame = openPanel(page);
let failed = 1;
try {
  await workbench.ready();
  await page.locator('.statusbar-item', { hasText: 'PAS' }).first().waitFor({ timeout: 60_000 });
  await quality();
  const faults = await otherPanels();
  await reload();
  assert.equal(workbench.hostCrash(), null);
  assert.deepEqual(faults, []);
  failed = 0;
} catch (error) {
  process.stderr.write(`${error.stack}\n`);
  await page.screenshot({ path: join(tmpdir(), 'pas-panels.png') }).catch(() => undefined);
  process.stderr.write(`What it looked like: ${join(tmpdir(), 'pas-panels.png')}\n`);
} finally {
  await workbench.close();
  rmSync(own, { recursive: true, force: true });
}
process.exit(failed);

async function quality() {
  const shown = await opened('PAS Migration: Open Quality', frame.locator('.figure').first());
  say(`Quality: the dashboard is there ${shown} ms after the command`);
  const figures = await frame.locator('.figure').allInnerTexts();
  const status = (name) => report.rules.filter((rule) => rule.status === name).length;
  const first = figures.map((text) => text.split('\n')[0]);
  assert.deepEqual(
    first.slice(0, 4),
    ['passed', 'failed', 'not_applicable', 'error'].map((name) => number(status(name))),
  );
  assert.deepEqual(first.slice(4, 7), [
    number(report.severity_counts.ERROR),
    number(report.severity_counts.WARN),
    number(report.patients),
  ]);
  await looks('quality-dashboard');

  began = performance.now();
  await frame.getByRole('tab', { name: 'Issue Explorer' }).click();
  await frame.locator('table.issues tbody tr').first().waitFor({ timeout: 120_000 });
  say(`Quality: ${number(total)} issues read and the first page drawn in ${since(began)}`);
  const position = frame.locator('.pager [role=status]');
  assert.equal(await position.innerText(), `Issues 1–100 of ${number(total)}`);
  await took('next page', () => frame.getByRole('button', { name: 'Next' }).click());
  assert.match(await position.innerText(), /^Issues 101–200 of/);
  await took('last page', () => frame.getByRole('button', { name: 'Last' }).click());
  assert.match(await position.innerText(), new RegExp(`–${number(total)} of ${number(total)}$`));
  const [domain, failing] = Object.entries(report.domain_counts).find(([name, count]) => name !== 'ALL' && count > 0);
  // Rejects of the domain's tables are counted with the issues of its rules.
  const offered = await frame.locator(`select[data-facet="domain"] option[value="=${domain}"]`).textContent();
  const inDomain = Number(/\(([\d,]+)\)$/.exec(offered)[1].replaceAll(',', ''));
  assert.ok(inDomain >= failing, offered);
  await took(`filter by domain ${domain}`, () =>
    frame.getByLabel('Domain', { exact: true }).selectOption(`=${domain}`),
  );
  assert.equal(await position.innerText(), `Issues 1–100 of ${number(inDomain)} found, ${number(total)} in all`);
  await took('sort by table', () => frame.getByRole('button', { name: 'Table and field' }).click());
  await took('group by cause', () => frame.getByLabel('Group by').selectOption('cause'));
  await took('group by owner', () => frame.getByLabel('Group by').selectOption('assignee'));
  await took('no group', () => frame.getByLabel('Group by').selectOption(''));
  await took('no filter', () => frame.getByRole('button', { name: 'Clear filters' }).click());
  await took('search a text', () => frame.getByLabel('Search the issues').fill('onerror=alert(2)'));
  const hostile = Math.ceil((made.issues - 13) / 5000);
  assert.match(await position.innerText(), new RegExp(` of ${number(hostile)} found`));
  assert.equal(await frame.locator('img').count(), 0, 'a message became an element');
  await looks('quality-issues');

  const out = join(own, 'found.csv');
  await frame.getByRole('button', { name: 'Export to CSV…' }).click();
  const input = page.locator('.quick-input-widget:visible input').first();
  // The dialog first lists the folder and proposes a name.
  await page.waitForFunction(() =>
    [...document.querySelectorAll('.quick-input-widget input')].some((field) => field.value.endsWith('-issues.csv')),
  );
  await page.waitForTimeout(500);
  await input.fill(out);
  await page.waitForTimeout(600);
  await page.keyboard.press('Enter');
  await frame
    .getByText(`${number(hostile)} issue`)
    .filter({ hasText: 'written to found.csv' })
    .waitFor({ timeout: 30_000 });
  assert.equal(readFileSync(out, 'utf8').trimEnd().split('\n').length, hostile + 1);
  await took('search cleared', () => frame.getByRole('button', { name: 'Clear filters' }).click());

  await frame.getByRole('tab', { name: 'KPI Widgets' }).click();
  const card = frame.locator('.card', { hasText: 'Failing rows of ERROR rules' }).first();
  await card.waitFor();
  assert.match(await card.innerText(), new RegExp(`\\n${number(report.severity_counts.ERROR)}\\n`));
  await looks('quality-kpis');
  await command('View: Close All Editors');
  const again = await opened('PAS Migration: Open Quality', frame.locator('.figure').first());
  say(`Quality: opened again, the dashboard is there after ${again} ms`);
  await command('View: Close All Editors');
}

/** Panels of the other pages: each opens, says no fault, and its numbers are those of the files. */
async function otherPanels() {
  const panels = [
    {
      command: 'openErd',
      title: 'Open ERD',
      ready: 'main',
      drawn: '[data-drawn-at]',
      text: () => `${number(made.tables)} tables`,
    },
    {
      command: 'openContract',
      title: 'Open Mapping Contract',
      ready: 'body[data-drawn] table',
      text: () => number(made.tables * 12),
    },
    {
      command: 'openDashboard',
      title: 'Open Dashboard',
      ready: '.card',
      text: () => number(report.severity_counts.ERROR),
    },
    { command: 'openLifecycle', title: 'Open Lifecycle', ready: '.content *:visible', text: () => '' },
    { command: 'openRuns', title: 'Open Runs', ready: '.content *:visible', text: () => '' },
    { command: 'openConnectors', title: 'Open Connectors', ready: '.content *:visible', text: () => '' },
    { command: 'openUsers', title: 'Open Users', ready: '.content *:visible', text: () => '' },
  ];
  const faults = [];
  for (const panel of panels) {
    const contributed = known.find(({ command: id }) => id === `pasMigration.${panel.command}`);
    if (contributed === undefined) {
      say(`${panel.title}: not there`);
      continue;
    }
    // All of them are looked at, whatever one of them lacks.
    await look(panel, contributed.title).catch((error) => {
      say(`${contributed.title}: ${error.message}`);
      faults.push(`${contributed.title}: ${error.message}`);
    });
    await command('View: Close All Editors');
  }
  return faults;
}

async function look(panel, title) {
  const shown = await opened(`PAS Migration: ${title}`, frame.locator(panel.ready).first());
  say(`${title}: first content ${shown} ms after the command`);
  if (panel.drawn !== undefined) {
    const drawn = frame.locator(panel.drawn);
    await drawn.waitFor();
    const after = Number(await drawn.getAttribute('data-drawn-at')) - (await firstFrameAt());
    say(`${title}: the diagram ${after} ms later`);
  }
  await page.waitForTimeout(1500);
  assert.equal(await frame.locator('.state.failure').count(), 0, `${title} could not be shown`);
  const text = await frame.locator('body').innerText();
  assert.ok(text.includes(panel.text()), `it does not say ${panel.text()}`);
  assert.equal(await frame.locator('img').count(), 0, 'a name became an element');
  await looks(panel.command.replace('open', '').toLowerCase());
}

/** A reload of the window brings every panel back, with what was filtered and chosen in it. */
async function reload() {
  await opened('PAS Migration: Open Quality', frame.locator('.figure').first());
  await frame.getByRole('tab', { name: 'Issue Explorer' }).click();
  await took('filter before the reload', () => frame.getByLabel('Severity', { exact: true }).selectOption('=WARN'));
  const position = await frame.locator('.pager [role=status]').innerText();
  const others = [
    ['Dashboard', '.card'],
    ['Runs', '.content *:visible'],
    ['Lifecycle', '.content *:visible'],
    ['Connectors', '.content *:visible'],
    ['Users', '.content *:visible'],
    ['ERD', 'main[data-drawn]'],
  ];
  for (const [title, there] of others) await opened(`PAS Migration: Open ${title}`, frame.locator(there).first());
  // The workbench writes down every few seconds what is open.
  await page.waitForTimeout(7000);
  await page.reload();
  await workbench.ready();
  for (const [title, there] of [...others].reverse().concat([['Quality', 'table.issues tbody tr']])) {
    // By its tab or by its command, which must find the tab instead of opening another.
    const tab = page.locator('.tabs-container .tab', { hasText: title });
    if (title === 'ERD') await tab.first().click();
    else await command(`PAS Migration: Open ${title}`);
    await frame.locator(there).first().waitFor({ timeout: 60_000 });
    assert.equal(await tab.count(), 1, `${title} has a second tab`);
    assert.equal(await frame.locator('.state.failure').count(), 0, `${title} did not come back`);
  }
  assert.equal(await frame.getByLabel('Severity', { exact: true }).inputValue(), '=WARN');
  assert.equal(await frame.locator('.pager [role=status]').innerText(), position);
  say('A reload of the window brings every panel back, with filter and page');
  // Quality is open behind the dashboard now, with another filter.
  await opened('PAS Migration: Open Dashboard', frame.locator('.card').first());
  await frame.locator('.figure', { hasText: 'rows fail ERROR rules' }).locator('.value').click();
  await frame.locator('table.issues tbody tr').first().waitFor();
  await frame
    .locator('select', { has: page.locator('option:checked', { hasText: /^ERROR/ }) })
    .first()
    .waitFor();
  assert.equal(await frame.getByLabel('Severity', { exact: true }).inputValue(), '=ERROR');
  say('A number opens its rows in a panel that is open behind');
}

/** Runs a command and waits for what it opens; gives the milliseconds until that was on the screen. */
async function opened(title, content) {
  await command(title);
  await content.waitFor({ timeout: 60_000 });
  return workbench.firstFrame(frame.locator('body'));
}

/** Does something that draws the list anew; prints the milliseconds from the page's question to the frame with the answer. */
async function took(name, act) {
  const body = frame.locator('body');
  const before = Number((await body.getAttribute('data-drawn')) ?? 0);
  await act();
  for (;;) {
    if (Number((await body.getAttribute('data-drawn')) ?? 0) > before) break;
    await page.waitForTimeout(20);
  }
  await page.waitForTimeout(150);
  say(`Quality: ${name} ${await body.getAttribute('data-took')} ms`);
}

async function firstFrameAt() {
  return Number(await frame.locator('body').getAttribute('data-first-at'));
}

/** In each theme: no serious fault of accessibility, and a picture when they are wanted. */
async function looks(name) {
  for (const [theme, wanted] of options.quick ? THEMES.slice(0, 1) : THEMES) {
    await workbench.theme(theme);
    await frame.locator(`body.${wanted}`).waitFor({ timeout: 15_000 });
    await page.waitForTimeout(600);
    if (options.pictures !== undefined) {
      mkdirSync(resolve(options.pictures), { recursive: true });
      await page.screenshot({
        path: join(resolve(options.pictures), `${name}-${theme.toLowerCase().replaceAll(' ', '-')}.png`),
      });
    }
    const faults = await axe(frame.locator('body'));
    assert.deepEqual(faults, [], `${name} in ${theme}`);
  }
}

/** Serious and critical faults. The page's policy forbids `eval`, so the checker comes in through the browser's own channel. */
async function axe(body) {
  const handle = await body.elementHandle();
  const own = await handle.ownerFrame();
  await own.evaluate(axeSource);
  const found = await own.evaluate(() => window.axe.run({ preload: false }));
  return found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 160)} ${nodes[0].failureSummary}`);
}

function since(from) {
  const ms = performance.now() - from;
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
