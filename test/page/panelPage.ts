import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { FromPanel, ToPanel } from '../../src/extension/panels/panelProtocol.ts';

const ROOT = resolve(import.meta.dirname, '..', '..');
const HOME = process.env['VSCODE_HOME'] ?? join(ROOT, '.vscode-web');
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
export const ORIGIN = 'http://panel.test';
/** With this variable set to a folder, tests keep pictures of what they open there. */
const SHOTS = process.env['PANEL_SHOTS'];

/** What VS Code gives its pages in each theme, as far as the pages use it. */
const THEMES: Readonly<
  Record<string, { readonly classes: string; readonly variables: Readonly<Record<string, string>> }>
> = JSON.parse(readFileSync(join(ROOT, 'test/page/themes.json'), 'utf8'));
export const THEME_NAMES = Object.keys(THEMES);

/** As strict as `page.ts` makes it. */
const STRICT = `default-src 'none'; script-src 'nonce-n'; style-src ${ORIGIN}; font-src ${ORIGIN}`;

/** The toolkit's own templates write two style attributes, which the policy refuses; nothing is lost by it. */
const REFUSED_STYLE = /^(?:Refused to apply|Applying) inline style/;

/** How a test plays the extension's side: an answer by question, a thrown error becomes a refusal. */
export type Answers = Readonly<Record<string, (ask: never) => unknown>>;

export interface PageOptions {
  readonly theme?: string;
  /** The state that the editor kept of an earlier page. */
  readonly kept?: unknown;
  readonly width?: number;
  readonly height?: number;
  readonly reducedMotion?: 'reduce';
  readonly policy?: string;
  /** Where the bundles are, when they are not the product's. */
  readonly bundles?: string;
}

/** The headless browser of `npm run setup:vscode`. */
export function launchBrowser(): Promise<Browser> {
  const libraries = join(HOME, 'chromium-libs/lib');
  return chromium.launch({
    executablePath: join(HOME, 'chromium'),
    env: existsSync(libraries) ? { ...process.env, LD_LIBRARY_PATH: libraries } : process.env,
    args: ['--no-sandbox', '--disable-gpu'],
  });
}

/** A built page of a panel in a browser, with the editor's side played by the test. */
export class PanelPage {
  readonly page: Page;
  /** What went wrong in the page: exceptions, refusals of the policy. */
  readonly faults: string[] = [];
  readonly #name: string;

  protected constructor(page: Page, name: string) {
    this.page = page;
    this.#name = name;
  }

  /**
   * Opens a page whose questions are answered.
   *
   * @param name of its bundle
   */
  static async open(browser: Browser, name: string, answers: Answers, options: PageOptions = {}): Promise<PanelPage> {
    const page = await newPage(browser, options);
    const test = new PanelPage(page, name);
    await test.load(options);
    await page.exposeFunction('toTest', async (message: FromPanel) => {
      if (message.type === 'ready') await test.setProject({ root: '/projects/trust', name: 'trust' });
      else if (message.type === 'failed') test.faults.push(message.message);
      else if (message.type === 'ask') await test.#answer(message, answers);
    });
    await page.goto(`${ORIGIN}/`);
    return test;
  }

  /** The project that the page shows; null: none is open. */
  async setProject(project: { readonly root: string; readonly name: string } | null): Promise<void> {
    await this.post({ type: 'setup', project, trusted: true });
  }

  /** Waits until the page says that its first content is there. */
  async shown(): Promise<void> {
    await this.sent('shown');
  }

  /** Tells the page something. */
  async notify(notice: string, content: unknown): Promise<void> {
    await this.post({ type: 'notice', notice, content });
  }

  /** The questions of one kind that the page asked so far. */
  async asked(question: string): Promise<unknown[]> {
    const all = await this.page.evaluate(() => (window as unknown as Sent).sent);
    return all.flatMap((message) =>
      message.type === 'ask' && 'question' in message && message.question === question ? [message.ask] : [],
    );
  }

  /** The last message of a type that the page sent; waits for one. */
  async sent(type: string): Promise<unknown> {
    const handle = await this.page.waitForFunction(
      (wanted) => (window as unknown as Sent).sent.findLast((message) => message.type === wanted),
      type,
    );
    return handle.jsonValue();
  }

  /** What the page keeps with the editor. */
  kept(): Promise<unknown> {
    return this.page.evaluate(() => (window as unknown as Sent).kept);
  }

  /** Accessibility faults, one line each. */
  async axe(): Promise<string[]> {
    await this.page.evaluate(AXE);
    return this.page.evaluate(async () => {
      const { axe } = window as unknown as { axe: { run(options: object): Promise<{ violations: AxeFault[] }> } };
      const { violations } = await axe.run({ preload: false });
      return violations.map(
        ({ id, impact, nodes }) => `${id} (${impact}): ${nodes[0]?.html.slice(0, 200)} ${nodes[0]?.failureSummary}`,
      );
    });
  }

  /** Keeps a picture of the whole page, if pictures are wanted. */
  async picture(name: string): Promise<void> {
    if (SHOTS === undefined) return;
    mkdirSync(resolve(SHOTS), { recursive: true });
    await this.page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
  }

  protected async post(message: ToPanel | object): Promise<void> {
    await this.page.evaluate((data) => window.postMessage(data, '*'), message);
  }

  protected async load(options: PageOptions): Promise<void> {
    const { page } = this;
    page.on('pageerror', (error) => this.faults.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !REFUSED_STYLE.test(message.text())) this.faults.push(message.text());
    });
    await page.route(`${ORIGIN}/**`, (route) => {
      const file = new URL(route.request().url()).pathname.slice(1);
      if (file === '') return route.fulfill({ contentType: 'text/html', body: pageText(this.#name, options) });
      const path = [options.bundles ?? '', join(ROOT, 'dist/webviews')]
        .map((folder) => join(folder, file))
        .find((found) => existsSync(found));
      if (path === undefined) return route.fulfill({ status: 404 });
      return route.fulfill({
        contentType: file.endsWith('.css') ? 'text/css' : 'text/javascript',
        body: readFileSync(path, 'utf8'),
      });
    });
  }

  async #answer(message: Extract<FromPanel, { type: 'ask' }>, answers: Answers): Promise<void> {
    const { id, question, ask } = message;
    try {
      const answer = answers[question];
      if (answer === undefined) throw new Error(`The test does not answer ${question}.`);
      await this.post({ type: 'answer', id, answer: await answer(ask as never) });
    } catch (error) {
      await this.post({ type: 'refused', id, message: (error as Error).message });
    }
  }
}

export async function newPage(browser: Browser, options: PageOptions): Promise<Page> {
  return browser.newPage({
    viewport: { width: options.width ?? 1200, height: options.height ?? 800 },
    reducedMotion: options.reducedMotion ?? 'no-preference',
  });
}

function pageText(name: string, options: PageOptions): string {
  const theme = THEMES[options.theme ?? 'light-modern'];
  const variables = Object.entries(theme?.variables ?? {}).map(([key, value]) => `${key}:${value}`);
  // The editor sets the theme's variables from a script, which the policy does not concern.
  return `<!DOCTYPE html><html lang="en"><head>
<meta charset="utf-8"><title>${name}</title><meta http-equiv="Content-Security-Policy" content="${options.policy ?? STRICT}">
<link rel="stylesheet" href="/${name}.css"></head><body class="${theme?.classes ?? ''}">
<script nonce="n">
document.documentElement.style.cssText = ${JSON.stringify(variables.join(';'))};
window.sent = [];
window.kept = ${JSON.stringify(options.kept ?? null).replaceAll('<', '\\u003c')};
window.acquireVsCodeApi = () => ({
  postMessage: (message) => { window.sent.push(message); if (window.toTest) void window.toTest(message); },
  getState: () => window.kept,
  setState: (state) => { window.kept = state; },
});
</script>
<script type="module" nonce="n" src="/${name}.js"></script></body></html>`;
}

interface Sent {
  readonly sent: readonly FromPanel[];
  readonly kept: unknown;
}

interface AxeFault {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}
