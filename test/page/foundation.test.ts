import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import type { Browser } from 'playwright-core';
import { launchBrowser, PanelPage, THEME_NAMES } from './panelPage.ts';

describe('what panels are made of', () => {
  const bundles = mkdtempSync(join(tmpdir(), 'pas-pages-'));
  let browser: Browser;
  before(async () => {
    await build({
      entryPoints: { foundation: resolve(import.meta.dirname, 'samples/foundation.ts') },
      outdir: bundles,
      bundle: true,
      format: 'esm',
      target: 'chrome132',
      logLevel: 'warning',
    });
    browser = await launchBrowser();
  });
  after(async () => {
    await browser.close();
    rmSync(bundles, { recursive: true, force: true });
  });

  const hostile = '<img src=x onerror=alert(1)> \u202egnp.exe javascript:alert(1)';
  const answers = {
    text: () => ({ text: hostile }),
    bad: () => {
      throw new Error('The contract cannot be read; build it first.');
    },
  };

  for (const theme of THEME_NAMES)
    it(`has no accessibility faults and no refusals in ${theme}`, async () => {
      const test = await PanelPage.open(browser, 'foundation', answers, { theme, bundles });
      await test.shown();
      await test.page.waitForTimeout(400);
      assert.deepEqual(await test.axe(), []);
      assert.deepEqual(test.faults, []);
      await test.picture(`foundation-${theme}`);
      await test.page.close();
    });

  it('answers, refuses, tells, keeps and shows data as text', async () => {
    const test = await PanelPage.open(browser, 'foundation', answers, { bundles });
    await test.shown();
    const { page } = test;
    assert.equal(await page.locator('.card h2').first().textContent(), hostile.replace('\u202e', '[U+202E]'));
    assert.equal(await page.locator('img').count(), 0);
    await page.getByText('The contract cannot be read; build it first.').waitFor();
    await test.notify('told', { text: 'a run began' });
    await page.locator('[role=status].sr-only', { hasText: 'a run began' }).waitFor({ state: 'attached' });
    await test.notify('told', { words: 1 });
    await page.getByRole('button', { name: 'Primary' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('[role=status].sr-only', { hasText: 'pressed' }).waitFor({ state: 'attached' });
    await page.getByRole('tab', { name: 'One' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.waitForTimeout(50);
    assert.deepEqual(await test.kept(), { project: '/projects/trust', page: { tab: 'two' } });
    await page.getByText('Numbers as a table').click();
    assert.equal(await page.locator('.chart tbody tr').nth(1).innerText(), '2\t6 rows\t–');
    assert.deepEqual(test.faults, []);
    await page.close();
  });
});
