// npm run test:host: mocha inside the extension host of a real VS Code. Desktop VS Code where it can be downloaded
// (VSCODE_DESKTOP=1), else the server and a headless browser.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { answerDialogs } from './hostDialogs.mjs';
import { setup } from './setup.mjs';

const root = resolve(import.meta.dirname, '..', '..');
const tests = join(root, 'dist-test/hostTests.cjs');
const testsOfTwo = join(root, 'dist-test/hostTestsOfTwo.cjs');
await build({
  entryPoints: {
    hostTests: join(root, 'test/host/index.ts'),
    hostTestsOfTwo: join(root, 'test/host/indexOfTwo.ts'),
  },
  outdir: join(root, 'dist-test'),
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // Some libraries' CommonJS builds load their parts by names that a bundler cannot follow.
  mainFields: ['module', 'main'],
  external: ['vscode', 'mocha'],
  // Threads of the core that these tests never start ask where they lie.
  logOverride: { 'empty-import-meta': 'silent' },
  logLevel: 'warning',
});
// A name with a blank and a letter that is not ASCII, because such folders exist.
const folder = join(mkdtempSync(join(tmpdir(), 'pas-host-')), 'trust é project');
const two = ['one', 'other'].map((name) => join(folder, '..', 'two', name));
for (const project of [folder, ...two]) {
  mkdirSync(project, { recursive: true });
  for (const path of JSON.parse(readFileSync(join(root, 'src/extension/sampleFiles.json'), 'utf8')))
    cpSync(join(root, path), join(project, path), { recursive: true });
}
const workspace = join(folder, '..', 'two', 'two.code-workspace');
writeFileSync(workspace, JSON.stringify({ folders: two.map((path) => ({ path })) }));

// The tests sign evidence; their key goes with them.
process.env['PAS_MIGRATION_EVIDENCE_KEY'] = join(folder, '..', 'evidence-key.pem');

let code = 1;
try {
  const run = process.env['VSCODE_DESKTOP'] === '1' ? onDesktop : onServer;
  code = (await run({ folder, tests })) || (await run({ workspace, tests: testsOfTwo }));
} finally {
  rmSync(join(folder, '..'), { recursive: true, force: true });
}
process.exit(code);

async function onDesktop({ folder, workspace, tests }) {
  const { runTests } = await import('@vscode/test-electron');
  return runTests({
    extensionDevelopmentPath: root,
    extensionTestsPath: tests,
    launchArgs: [folder ?? workspace, '--disable-extensions'],
  });
}

async function onServer({ folder, workspace, tests }) {
  await setup();
  const { openWorkbench } = await import('./workbench.mjs');
  process.env['PAS_HOST_DIALOGS'] = '1';
  const workbench = await openWorkbench({ folder, workspace, extension: root, tests });
  void answerDialogs(workbench.page, join(folder ?? workspace, '..')).catch(() => undefined);
  const limit = setTimeout(() => {
    process.stderr.write('The host tests take longer than ten minutes; they are stopped.\n');
    void workbench.page.screenshot({ path: join(tmpdir(), 'pas-host-tests.png') }).finally(() => process.exit(124));
  }, 600_000);
  const exit = await workbench.ended;
  clearTimeout(limit);
  const crash = workbench.hostCrash();
  if (exit === 0 && folder !== undefined && process.env['MOCHA_GREP'] === undefined)
    await leavesNothing(workbench.page);
  await workbench.close();
  if (crash !== null) process.stderr.write(`${crash}\n`);
  return crash === null ? exit : 134;
}

/** The last test left a run going on; the window is closed now, as a person closes it in the middle of one. */
async function leavesNothing(page) {
  const lock = join(folder, '.pas-migration/run.lock');
  const scratch = join(folder, '.pas-migration/tmp');
  const left = () =>
    [lock, ...(existsSync(scratch) ? readdirSync(scratch) : [])]
      .filter((path) => path !== lock || existsSync(lock))
      .join(', ');
  const stopped = () => left() === '';
  await page.goto('about:blank');
  for (let waited = 0; !stopped(); waited += 1) {
    if (waited === 100) throw new Error(`after closing the window there is still: ${left()}`);
    await new Promise((done) => setTimeout(done, 100));
  }
  const [before, now] = [
    join(folder, '..', 'manifest-before.json'),
    join(folder, 'mock_data/mock_data_manifest.json'),
  ].map((path) => readFileSync(path, 'utf8'));
  if (now !== before) throw new Error('a run that was stopped by closing the window changed the mock data');
  process.stdout.write('  closing the window\n    ✔ stops the run, frees the project and leaves the last outputs\n');
}
