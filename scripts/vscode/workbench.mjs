// Starts VS Code's server and opens its workbench in a headless Chromium: for host tests, user tests and `npm run code-web`.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { format } from 'node:util';
import { chromium } from 'playwright-core';
import { home } from './setup.mjs';

const SERVER = join(home, 'vscode/out/server-main.js');
const NODE = join(home, 'node');

/** A workbench without news, tips and network, so that tests see only what they caused. */
const SETTINGS = {
  // A browser's VS Code saves after a second by itself; the desktop does not, and tests count on that.
  'files.autoSave': 'off',
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  'npm.autoDetect': 'off',
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'update.showReleaseNotes': false,
  'window.commandCenter': false,
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

/** Lines that the workbench itself writes and no test cares for. */
const NOISE =
  /^(Resolv(ing|ed) connection token|Creating a socket|\[(reconnection-grace|AgentHost|AccountPolicyGate|Service Worker)|Updating additional builtin|Ignoring fetching additional builtin|ChatSessionStore|Creation of workbench contribution)/;

/** Runs the server's command line, e.g. to install a VSIX. */
export function serverCommand(args) {
  return spawnSync(NODE, [SERVER, '--accept-server-license-terms', ...args], { encoding: 'utf8' });
}

/**
 * Starts the server alone.
 *
 * @param options dataDir, extensionsDir, settings, development (an extension under test is loaded from its folder), port
 */
export async function startServer(options = {}) {
  const own = options.dataDir === undefined ? mkdtempSync(join(tmpdir(), 'pas-vscode-')) : null;
  const dataDir = options.dataDir ?? own;
  const extensionsDir = options.extensionsDir ?? join(dataDir, 'extensions');
  mkdirSync(join(dataDir, 'data/User'), { recursive: true });
  mkdirSync(extensionsDir, { recursive: true });
  writeFileSync(join(dataDir, 'data/User/settings.json'), JSON.stringify({ ...SETTINGS, ...options.settings }));
  const args = [
    '--host',
    '127.0.0.1',
    '--port',
    String(options.port ?? 0),
    '--without-connection-token',
    '--accept-server-license-terms',
  ];
  args.push(
    '--telemetry-level',
    'off',
    '--disable-workspace-trust',
    '--disable-experiments',
    // Nothing is won by packing what stays on this machine, and a desktop has no socket at all.
    '--disable-websocket-compression',
    '--server-data-dir',
    dataDir,
    '--extensions-dir',
    extensionsDir,
  );
  // A built server listens to the development payload only with this flag, which also hides notifications.
  if (options.development === true) args.push('--enable-smoke-test-driver');
  const env = { ...process.env, EXTENSIONS_GALLERY: '{}' };
  const server = spawn(NODE, [SERVER, ...args], { stdio: ['ignore', 'pipe', 'pipe'], detached: true, env });
  const log = [];
  const kill = (signal) => {
    try {
      process.kill(-server.pid, signal);
    } catch {
      // The group is gone.
    }
  };
  process.once('exit', () => kill('SIGKILL'));
  const port = await new Promise((found, failed) => {
    const listen = (data) => {
      log.push(String(data));
      if (process.env['VSCODE_VERBOSE'] === '1') process.stderr.write(data);
      const match = /listening on (\d+)/.exec(String(data));
      if (match !== null) found(match[1]);
    };
    server.stdout.on('data', listen);
    server.stderr.on('data', listen);
    server.once('exit', (code) =>
      failed(new Error(`The VS Code server ended with ${code}:\n${log.join('').slice(-2000)}`)),
    );
  });
  return {
    base: `http://127.0.0.1:${port}/`,
    port,
    pid: server.pid,
    dataDir,
    log,
    ended: new Promise((done) => server.once('exit', () => done(1))),
    async close() {
      const gone = new Promise((done) => server.once('exit', done));
      for (const signal of ['SIGTERM', 'SIGKILL']) {
        kill(signal);
        await Promise.race([gone, new Promise((done) => setTimeout(done, 700))]);
      }
      if (own !== null) rmSync(own, { recursive: true, force: true });
    },
  };
}

/**
 * Starts server and browser and opens a folder or a workspace file.
 *
 * @param options those of `startServer`, and: folder or workspace, extension (folder of the extension under test), tests (module with `run`), size
 */
export async function openWorkbench(options) {
  const server = await startServer({ ...options, development: options.extension !== undefined });
  const remote = (path) => `vscode-remote://127.0.0.1:${server.port}${resolve(path)}`;
  const payload = [['skipWelcome', 'true']];
  if (options.extension !== undefined) payload.push(['extensionDevelopmentPath', remote(options.extension)]);
  if (options.tests !== undefined) payload.push(['extensionTestsPath', remote(options.tests)]);
  const query = new URLSearchParams({ payload: JSON.stringify(payload) });
  if (options.workspace === undefined) query.set('folder', resolve(options.folder));
  else query.set('workspace', resolve(options.workspace));
  const libraries = join(home, 'chromium-libs/lib');
  const browser = await chromium.launch({
    executablePath: join(home, 'chromium'),
    headless: true,
    env: existsSync(libraries) ? { ...process.env, LD_LIBRARY_PATH: libraries } : process.env,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  });
  const newWindow = async () => {
    const window = await browser.newPage({ viewport: options.size ?? { width: 1280, height: 800 } });
    await window.addInitScript(() => addEventListener('mousedown', () => (globalThis.pressedAt = Date.now()), true));
    return window;
  };
  const page = await newWindow();
  let end;
  const ended = new Promise((done) => (end = done));
  void server.ended.then(end);
  browser.once('disconnected', () => end(1));
  page.once('crash', () => end(1));
  // What the tests print in the extension host arrives here.
  await page.exposeFunction('codeAutomationLog', (type, args) => {
    const line = `${format(...args)}\n`;
    if (NOISE.test(line) || (line.includes('/workbench/workbench.js:') && !/^\s*\d+\) /.test(line))) return;
    (type === 'error' || type === 'warn' ? process.stderr : process.stdout).write(line);
  });
  await page.exposeFunction('codeAutomationExit', (code) => end(code));
  const address = `${server.base}?${query}`;
  await page.goto(address);
  /** Runs a command of the palette by its title. The list is a snapshot taken when it opens, so it is tried again. */
  const command = async (title, window = page) => {
    for (let attempt = 0; ; attempt += 1) {
      await window.keyboard.press('F1');
      const row = window.locator(`.quick-input-list .monaco-list-row[aria-label^="${title}"]`).first();
      try {
        await window.locator('.quick-input-widget:visible input').first().fill(`>${title}`, { timeout: 3000 });
        await row.waitFor({ timeout: 2000 });
        await row.click({ timeout: 2000 });
        return;
      } catch (error) {
        if (attempt === 9) throw error;
        await window.keyboard.press('Escape');
      }
    }
  };
  const readiness = (window) =>
    window.waitForSelector('.monaco-workbench .part.statusbar .statusbar-item', { timeout: 60_000 });
  return {
    page,
    server,
    ended,
    ready: () => readiness(page),
    /** A second window on the same folder. */
    async secondWindow() {
      const second = await newWindow();
      await second.goto(address);
      await readiness(second);
      return second;
    },
    command,
    /** Takes a colour theme by the name that the picker shows. */
    async theme(name) {
      await command('Preferences: Color Theme');
      // The picker comes where the list of commands was.
      await page.waitForTimeout(600);
      await page.locator('.quick-input-widget:visible input').first().fill(name);
      await page.waitForTimeout(400);
      await page.keyboard.press('Enter');
    },
    /**
     * Milliseconds from the last press in the workbench, such as that on a command, to the frame with the first content of
     * a panel's page; by the clock of the pages, without the test's own clicking and polling.
     */
    async firstFrame(body) {
      const own = await body.elementHandle();
      await (await own.ownerFrame()).waitForFunction(() => document.body.dataset.firstAt !== undefined, null, {
        timeout: 60_000,
      });
      return Number(await own.getAttribute('data-first-at')) - (await page.evaluate(() => globalThis.pressedAt));
    },
    /** A crash of the extension host, which the workbench itself reports as success. */
    hostCrash() {
      const ends = [
        ...server.log.join('').matchAll(/Extension Host Process exited with code: (\S+), signal: (\S+)\./g),
      ];
      return ends.find(([, code, signal]) => code !== '0' || signal !== 'null')?.[0] ?? null;
    },
    async close() {
      await browser.close().catch(() => undefined);
      await server.close();
    },
  };
}
