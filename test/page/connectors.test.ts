import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { Project } from '../../src/core/project/layout.ts';
import type { Connectors } from '../../src/core/review/connectorsModel.ts';
import { optionFault, readConnectors } from '../../src/core/review/connectorsView.ts';
import { type Answers, launchBrowser, type PageOptions, PanelPage, THEME_NAMES } from './panelPage.ts';

const HOSTILE = '<img src=x onerror=alert(1)>';

/** The view that the core makes of a small project. */
async function content(): Promise<Connectors> {
  const root = await mkdtemp(join(tmpdir(), 'pas-connectors-'));
  try {
    await mkdir(join(root, 'reports'));
    const connections = {
      legacy: { type: 'csv', options: { path: HOSTILE } },
      rehearsal: { type: 'cache_iris_emulator', options: { fault: 'drop' } },
      future: { type: 'jdbc', options: {} },
    };
    const file = { schema_version: 1, source: 'legacy', target: null, connections };
    await writeFile(join(root, 'connectors.json'), JSON.stringify(file));
    const load = { connection: 'legacy', status: 'failed', run_at_utc: '2026-11-24T10:00:00Z', message: HOSTILE };
    await writeFile(join(root, 'reports/load_report.json'), JSON.stringify(load));
    return await readConnectors(new Project(root));
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

describe('the Connectors panel', () => {
  let browser: Browser;
  let view: Connectors;
  const opened: PanelPage[] = [];
  before(async () => {
    browser = await launchBrowser();
    view = await content();
  });
  after(() => browser.close());
  afterEach(async () => {
    for (const test of opened.splice(0)) await test.page.close();
  });
  const open = async (options: PageOptions = {}, answers: Answers = {}): Promise<PanelPage> => {
    const all: Answers = {
      content: () => view,
      fault: ({ type, option, text }: { type: string; option: string; text: string }) => ({
        message: optionFault(type, option, text) ?? '',
      }),
      save: () => ({ ok: true, message: 'legacy is configured.' }),
      test: () => ({ ok: false, message: `No answer: ${HOSTILE}` }),
      tables: () => ({ tables: ['PAT', HOSTILE] }),
      preview: () => ({
        columns: ['NO', HOSTILE],
        rows: [
          ['1', HOSTILE],
          ['2', null],
        ],
        more: true,
        problems: [],
      }),
      secret: () => ({}),
      ...answers,
    };
    const test = await PanelPage.open(browser, 'connectors', all, options);
    opened.push(test);
    await test.shown();
    return test;
  };

  for (const theme of THEME_NAMES)
    it(`has no accessibility faults and shows hostile texts as text in ${theme}`, async () => {
      const test = await open({ theme, width: 1440, height: 900 });
      const { page } = test;
      await page.getByRole('button', { name: 'Preview', exact: true }).first().click();
      await page.getByRole('heading', { name: 'Preview of legacy' }).waitFor();
      await page
        .getByRole('row', { name: /^legacy/ })
        .getByRole('button', { name: 'Edit' })
        .click();
      await page.getByRole('heading', { name: 'Connection legacy' }).waitFor();
      assert.deepEqual(await test.axe(), []);
      assert.deepEqual(test.faults, []);
      assert.equal(await page.locator('img, a[href]').count(), 0);
      await test.picture(`connectors-${theme}`);
      await page.setViewportSize({ width: 600, height: 900 });
      await page.waitForTimeout(200);
      const [wide, narrow] = await page.evaluate(() => [document.body.scrollWidth, innerWidth]);
      assert.ok(Number(wide) <= Number(narrow), `${wide} wide in an editor of ${narrow}`);
    });

  it('makes the form of the schema, checks each option as it is typed, and saves what was filled', async () => {
    const test = await open();
    const { page } = test;
    // The form takes the focus, and gives it back when it is left.
    await page.getByRole('button', { name: 'New connection' }).press('Enter');
    await page.locator('.connection-form vscode-text-field:focus').first().waitFor();
    await page.keyboard.type('left');
    assert.equal(await page.getByRole('textbox', { name: 'Name' }).inputValue(), 'left');
    await page.getByRole('button', { name: 'Cancel' }).press('Enter');
    await page.getByRole('heading', { name: 'New connection' }).waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'Name' }).fill('extract');
    const delimiter = page.getByRole('textbox', { name: 'delimiter' });
    await delimiter.fill('ab');
    await page.getByText('must be auto, tab, or one character').waitFor();
    await delimiter.fill('|');
    await page.getByText('must be auto, tab, or one character').waitFor({ state: 'detached' });
    await page.getByLabel('encoding').selectOption('windows-1252');
    await page.getByLabel('Used as').selectOption('source');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'New connection' }).waitFor({ state: 'detached' });
    assert.deepEqual(await test.asked('save'), [
      { name: 'extract', type: 'csv', options: { delimiter: '|', encoding: 'windows-1252' }, use: 'source' },
    ]);
  });

  it('keeps the form and says why, when saving is refused', async () => {
    const test = await open({}, { save: () => ({ ok: false, message: 'There is no such folder.' }) });
    await test.page.getByRole('button', { name: 'New connection' }).click();
    await test.page.getByRole('button', { name: 'Save' }).click();
    await test.page.getByText('There is no such folder.').waitFor();
    assert.equal(await test.page.getByRole('heading', { name: 'New connection' }).count(), 1);
  });

  it('tests, and offers only what the connector can do; a secret is asked for by the editor', async () => {
    const test = await open();
    const { page } = test;
    await page.getByRole('button', { name: 'Test', exact: true }).first().click();
    await page.getByText('No answer: <img').waitFor();
    const row = page.getByRole('row', { name: /^future/ });
    const labels = await row.locator('vscode-button').allInnerTexts();
    assert.deepEqual(
      labels.map((label) => label.trim()),
      ['Test', 'Set password', 'Edit', 'Remove'],
    );
    await row.getByRole('button', { name: 'Set password' }).click();
    await page.waitForTimeout(100);
    assert.deepEqual(await test.asked('secret'), [{ name: 'future', option: 'password' }]);
    await row.getByRole('button', { name: 'Edit' }).click();
    await page.getByRole('heading', { name: 'Connection future' }).waitFor();
    assert.equal(await page.getByRole('textbox', { name: 'password' }).count(), 0);
  });

  it('says that rows come from files when nothing is configured, and what is wrong in a report', async () => {
    const empty = { ...view, connections: [], unreadable: ['reports/load_report.json cannot be used.'], problems: [] };
    const test = await open({}, { content: () => empty });
    await test.page.getByText('Rows come from files and go to files').waitFor();
    await test.page.getByText('· 0 connections').waitFor();
    await test.page.getByText('reports/load_report.json cannot be used.').waitFor();
    assert.deepEqual(await test.axe(), []);
  });

  it('does not take a connectors.json that cannot be read for one without connections', async () => {
    const problems = ['connectors.json:3: The file is not valid JSON (CommaExpected).'];
    const test = await open({}, { content: () => ({ ...view, connections: [], problems }) });
    const { page } = test;
    await page.getByText('The file is not valid JSON').waitFor();
    await page.getByText('· connections not known').waitFor();
    assert.equal(await page.getByText('0 connections').count(), 0);
    assert.equal(await page.getByText('Rows come from files and go to files').count(), 0);
    assert.deepEqual(await test.axe(), []);
  });

  it('lists the connections that can be read beside what is wrong with them', async () => {
    const test = await open(
      {},
      { content: () => ({ ...view, problems: ['connectors.json:3: looks like a secret.'] }) },
    );
    await test.page.getByText('looks like a secret').waitFor();
    await test.page.getByText('· 3 connections').waitFor();
    assert.equal(await test.page.getByRole('row', { name: /^legacy/ }).count(), 1);
  });
});
