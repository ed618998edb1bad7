// Host tests run inside the editor and cannot press its keys. They leave what a person would do as a file beside the
// project (`dialog.json`), and this does it in the dialog or the page that is open: see test/host/support.ts.
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openPanel } from './openPanel.mjs';

const WAIT_MS = 20_000;

/** Answers dialogs and works in pages until the window is closed. */
export async function answerDialogs(page, folder) {
  const asked = join(folder, 'dialog.json');
  while (!page.isClosed()) {
    if (existsSync(asked)) {
      const { sees, types, steps } = JSON.parse(readFileSync(asked, 'utf8'));
      rmSync(asked);
      const done = steps === undefined ? answer(page, sees, types) : work(page, steps);
      const outcome = await done.catch((error) => ({ error: error.message }));
      writeFileSync(join(folder, 'dialog.tmp'), JSON.stringify(outcome));
      renameSync(join(folder, 'dialog.tmp'), join(folder, 'dialog.done'));
    }
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** Waits for a dialog that shows some words, types, and presses Enter once the list has followed what was typed. */
async function answer(page, sees, types) {
  const dialog = page.locator('.quick-input-widget:visible');
  const input = dialog.locator('input[type=text]:visible').first();
  const shown = async () =>
    `${await dialog.innerText().catch(() => '')}\n${(await input.getAttribute('placeholder').catch(() => '')) ?? ''}`;
  let text = '';
  for (const end = Date.now() + WAIT_MS; !text.includes(sees); await page.waitForTimeout(50)) {
    if (Date.now() > end) throw new Error(`no dialog shows "${sees}"; there is: ${text}`);
    text = await shown();
  }
  await input.fill(types);
  await page.waitForTimeout(200);
  const before = await shown();
  await input.press('Enter');
  return { text, before };
}

/** Does steps in the page of the panel or custom editor in front, each by what a person reads there. */
async function work(page, steps) {
  const frame = openPanel(page);
  for (const { check, choose, value, press, part, wait } of steps) {
    if (check !== undefined) await frame.getByLabel(check, { exact: true }).check({ timeout: WAIT_MS });
    if (choose !== undefined) await frame.getByLabel(choose).selectOption(value, { timeout: WAIT_MS });
    const within = part === undefined ? frame : frame.getByRole('region', { name: part, exact: true });
    if (press !== undefined) await within.getByRole('button', { name: press }).click({ timeout: WAIT_MS });
    if (wait !== undefined) await frame.getByText(wait).filter({ visible: true }).first().waitFor({ timeout: WAIT_MS });
  }
  return { text: '', before: '' };
}
