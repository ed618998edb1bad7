import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { FromErdPage, ToErdPage } from '../../src/extension/panels/erdProtocol.ts';

const ROOT = resolve(import.meta.dirname, '..', '..');
const HOME = process.env['VSCODE_HOME'] ?? join(ROOT, '.vscode-web');
/** What VS Code gives its pages in each theme, as far as the page uses it. */
const THEMES: Readonly<
  Record<string, { readonly classes: string; readonly variables: Readonly<Record<string, string>> }>
> = JSON.parse(readFileSync(join(ROOT, 'test/page/themes.json'), 'utf8'));
export const THEME_NAMES = Object.keys(THEMES);

/** As strict as the panel's own. */
const POLICY = [
  "default-src 'none'",
  "script-src 'nonce-n'",
  "style-src http://erd.test 'unsafe-inline'",
  'img-src data: blob:',
  'connect-src http://erd.test',
  'worker-src blob:',
].join('; ');

/** The built page in a browser, with the extension's side played by the test. */
export class ErdTestPage {
  readonly page: Page;
  /** What went wrong in the page: exceptions, refusals of the policy. */
  readonly faults: string[] = [];

  private constructor(page: Page) {
    this.page = page;
  }

  /** The headless browser of `npm run setup:vscode`. */
  static launch(): Promise<Browser> {
    const libraries = join(HOME, 'chromium-libs/lib');
    return chromium.launch({
      executablePath: join(HOME, 'chromium'),
      env: existsSync(libraries) ? { ...process.env, LD_LIBRARY_PATH: libraries } : process.env,
      args: ['--no-sandbox', '--disable-gpu'],
    });
  }

  /**
   * Opens the page and, when there is one, sends the content.
   *
   * @param kept the state that the editor kept of an earlier page
   */
  static async open(
    browser: Browser,
    content: ToErdPage | null,
    options: { readonly theme?: string; readonly kept?: unknown; readonly reducedMotion?: 'reduce' } = {},
  ): Promise<ErdTestPage> {
    const page = await browser.newPage({
      viewport: { width: 1200, height: 800 },
      reducedMotion: options.reducedMotion ?? 'no-preference',
    });
    const test = new ErdTestPage(page);
    page.on('pageerror', (error) => test.faults.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') test.faults.push(message.text());
    });
    const theme = THEMES[options.theme ?? 'light-modern'];
    const variables = Object.entries(theme?.variables ?? {}).map(([name, value]) => `${name}:${value}`);
    await page.route('http://erd.test/**', (route) => {
      const file = new URL(route.request().url()).pathname.slice(1);
      if (file === '')
        return route.fulfill({
          contentType: 'text/html',
          body: `<!DOCTYPE html><html lang="en" style="${variables.join(';').replaceAll('"', '&quot;')}"><head>
<meta charset="utf-8"><title>ERD</title><meta http-equiv="Content-Security-Policy" content="${POLICY}">
<link rel="stylesheet" href="/erd.css"></head><body class="${theme?.classes ?? ''}">
<script nonce="n">
window.sent = [];
window.kept = ${JSON.stringify(options.kept ?? null).replaceAll('<', '\\u003c')};
window.acquireVsCodeApi = () => ({
  postMessage: (message) => window.sent.push(message),
  getState: () => window.kept,
  setState: (state) => { window.kept = state; },
});
</script>
<script type="module" nonce="n" src="/erd.js"></script></body></html>`,
        });
      const path = join(ROOT, 'dist/webviews', file);
      if (!existsSync(path)) return route.fulfill({ status: 404 });
      return route.fulfill({
        contentType: file.endsWith('.css') ? 'text/css' : 'text/javascript',
        body: readFileSync(path, 'utf8'),
      });
    });
    await page.goto('http://erd.test/');
    await test.sent('ready');
    if (content !== null) await test.send(content);
    return test;
  }

  /** A message of the extension. */
  async send(message: ToErdPage): Promise<void> {
    await this.page.evaluate((data) => window.postMessage(data, '*'), message);
  }

  /** The last message of a type that the page sent; waits for one. */
  async sent<T extends FromErdPage['type']>(type: T): Promise<Extract<FromErdPage, { type: T }>> {
    const handle = await this.page.waitForFunction(
      (wanted) => (window as unknown as Sent).sent.findLast((message) => message.type === wanted),
      type,
    );
    return (await handle.jsonValue()) as Extract<FromErdPage, { type: T }>;
  }

  /** Does something that draws anew, and waits until that is done. Returns the milliseconds it took. */
  async redraw(act: () => Promise<unknown>): Promise<number> {
    const before = await this.page.evaluate(drawn);
    const started = Date.now();
    await act();
    await this.page.waitForFunction(
      (number) => Number(document.querySelector<HTMLElement>('.page')?.dataset['drawn'] ?? 0) > number,
      before,
      { polling: 10 },
    );
    const ms = Date.now() - started;
    // Movements end.
    await this.page.waitForTimeout(250);
    return ms;
  }

  /** Waits for the first drawing. */
  async drawn(): Promise<void> {
    await this.page.locator('.page[data-drawn]').waitFor();
    await this.page.waitForTimeout(250);
  }

  /** The line under the diagram. */
  async status(): Promise<string> {
    return (await this.page.locator('.status').textContent()) ?? '';
  }

  /** The state the page keeps with the editor, once it is kept. */
  async kept(): Promise<Record<string, unknown>> {
    await this.page.waitForTimeout(300);
    return this.page.evaluate(() => (window as unknown as Sent).kept as Record<string, unknown>);
  }
}

interface Sent {
  readonly sent: readonly { readonly type: string }[];
  readonly kept: unknown;
}

function drawn(): number {
  return Number(document.querySelector<HTMLElement>('.page')?.dataset['drawn'] ?? 0);
}
