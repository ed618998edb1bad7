// Host tests run inside the editor and cannot press its keys. They leave what a person would do as a file beside the
// project (`dialog.json`), and this types it into the dialog that is open: see `dialog` in test/host/support.ts.
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const WAIT_MS = 20_000;

/** Answers dialogs until the window is closed. */
export async function answerDialogs(page, folder) {
  const asked = join(folder, 'dialog.json');
  while (!page.isClosed()) {
    if (existsSync(asked)) {
      const { sees, types } = JSON.parse(readFileSync(asked, 'utf8'));
      rmSync(asked);
      const outcome = await answer(page, sees, types).catch((error) => ({ error: error.message }));
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
