// npm run bench:panels: each panel as the first of a new window on the sample project, beside the empty page of an extension that
// does nothing else, in the same run. Prints milliseconds from the press on the command to the frame with the first content,
// and the ratio to the empty page. Options: --rounds N (3), --settle MS that a window has before the press (4000).
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openPanel } from './openPanel.mjs';
import { setup } from './setup.mjs';

await setup();
const { openWorkbench } = await import('./workbench.mjs');
const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, settle: { type: 'string', default: '4000' } },
});
const root = resolve(import.meta.dirname, '..', '..');
const own = mkdtempSync(join(tmpdir(), 'pas-bench-panels-'));
// Each window's server is ended with the process, if with nothing else.
process.setMaxListeners(100);
const PANELS = ['Dashboard', 'ERD', 'Lifecycle', 'Runs', 'Quality', 'Connectors', 'Users', 'Mapping Contract'];
const EMPTY = 'Empty Page';

/** The least a page can be: what remains is VS Code's own. */
function emptyExtension() {
  const folder = join(own, 'empty extension');
  mkdirSync(folder);
  const commands = [{ command: 'empty.open', title: `Open ${EMPTY}`, category: 'PAS Migration' }];
  const manifest = { name: 'empty', publisher: 'test', version: '0.0.1', engines: { vscode: '^1.90.0' } };
  const rest = { main: './main.cjs', activationEvents: ['onStartupFinished'], contributes: { commands } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...manifest, ...rest }));
  const page = `<!DOCTYPE html><html lang="en"><body><h1>Empty</h1>
<script>requestAnimationFrame(() => { document.body.dataset.firstAt = Date.now(); });</script></body></html>`;
  writeFileSync(
    join(folder, 'main.cjs'),
    `const vscode = require('vscode');
exports.activate = ({ subscriptions }) => subscriptions.push(vscode.commands.registerCommand('empty.open', () => {
  const options = { enableScripts: true };
  vscode.window.createWebviewPanel('empty', 'Empty', vscode.ViewColumn.Active, options).webview.html = ${JSON.stringify(page)};
}));
`,
  );
  return folder;
}

/** A new window, a press, the first frame; then the panel is closed and opened again. */
async function opened(title, extension) {
  const folder = mkdtempSync(join(own, 'trust-'));
  for (const path of JSON.parse(readFileSync(join(root, 'src/extension/sampleFiles.json'), 'utf8')))
    cpSync(join(root, path), join(folder, path), { recursive: true });
  const workbench = await openWorkbench({ folder, extension, size: { width: 1440, height: 900 } });
  try {
    const { page, command } = workbench;
    await workbench.ready();
    await page.waitForTimeout(Number(options.settle));
    const times = [];
    for (const again of [false, true]) {
      if (again) await command('View: Close All Editors');
      if (again) await page.locator('iframe.webview').first().waitFor({ state: 'detached' });
      await command(`PAS Migration: Open ${title}`);
      times.push(await workbench.firstFrame(openPanel(page).locator('body')));
    }
    return times;
  } finally {
    await workbench.close();
  }
}

const median = (times) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];
const empty = emptyExtension();
const all = new Map([EMPTY, ...PANELS].map((title) => [title, []]));
for (let round = 0; round < Number(options.rounds); round += 1)
  for (const [title, times] of all) times.push(await opened(title, title === EMPTY ? empty : root));
const [base, baseAgain] = [0, 1].map((at) => median(all.get(EMPTY).map((times) => times[at])));
for (const [title, times] of all) {
  const [first, again] = [0, 1].map((at) => median(times.map((pair) => pair[at])));
  const ratios = `ratio ${(first / base).toFixed(1)}; again ${again} ms, ratio ${(again / baseAgain).toFixed(1)}`;
  process.stdout.write(`${title}: first of its window ${first} ms, ${ratios}\n`);
}
rmSync(own, { recursive: true, force: true });
