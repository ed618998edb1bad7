import type { Browser, Page } from 'playwright-core';
import type { ErdContent } from '../../src/extension/panels/erdProtocol.ts';
import { ORIGIN, type PageOptions, PanelPage } from './panelPage.ts';

/** What the panel's page may do beyond the others, as `page.ts` makes it. */
const POLICY = [
  "default-src 'none'",
  "script-src 'nonce-n'",
  `style-src ${ORIGIN} 'unsafe-inline'`,
  `font-src ${ORIGIN}`,
  'img-src data: blob:',
  `connect-src ${ORIGIN}`,
  'worker-src blob:',
].join('; ');

/** The built ERD page in a browser, with the extension's side played by the test. */
export class ErdTestPage {
  readonly panel: PanelPage;
  readonly #answers: { content: ErdContent | Error | null };

  private constructor(panel: PanelPage, answers: { content: ErdContent | Error | null }) {
    this.panel = panel;
    this.#answers = answers;
  }

  /**
   * Opens the page.
   *
   * @param content what it is answered; an error refuses it; null answers when `send` brings something
   * @param kept the state that the page kept of itself
   */
  static async open(
    browser: Browser,
    content: ErdContent | Error | null,
    { kept, ...options }: PageOptions = {},
  ): Promise<ErdTestPage> {
    const answers = { content };
    const panel = await PanelPage.open(
      browser,
      'erd',
      {
        content: async () => {
          while (answers.content === null) await new Promise((resolve) => setTimeout(resolve, 5));
          if (answers.content instanceof Error) throw answers.content;
          return answers.content;
        },
        saveViews: () => ({}),
        export: ({ format }: { format: string }) => ({ file: `trust-source-erd.${format}` }),
        reveal: () => ({}),
        extractSpecs: () => ({}),
      },
      {
        ...options,
        policy: POLICY,
        ...(kept === undefined ? {} : { kept: { project: '/projects/trust', page: kept } }),
      },
    );
    const test = new ErdTestPage(panel, answers);
    if (content !== null) await panel.shown();
    return test;
  }

  get page(): Page {
    return this.panel.page;
  }

  get faults(): string[] {
    return this.panel.faults;
  }

  /** The files changed; this is what they hold now. */
  async send(content: ErdContent | Error): Promise<void> {
    const waiting = this.#answers.content === null;
    this.#answers.content = content;
    if (!waiting) await this.panel.notify('changed', {});
  }

  /** The last question of a kind that the page asked; waits for one. */
  async asked<T>(question: string): Promise<T> {
    for (;;) {
      const last = (await this.panel.asked(question)).at(-1);
      if (last !== undefined) return last as T;
      await this.page.waitForTimeout(20);
    }
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
    return ((await this.panel.kept()) as { page: Record<string, unknown> }).page;
  }
}

function drawn(): number {
  return Number(document.querySelector<HTMLElement>('.page')?.dataset['drawn'] ?? 0);
}
