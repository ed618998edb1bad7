import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { CoreClient } from '../coreClient.ts';
import type { Log } from '../log.ts';
import type { Projects } from '../projects.ts';
import { watchProject } from '../watchProject.ts';
import { pageHtml, pageOptions } from './page.ts';
import {
  type Answered,
  type Asked,
  FromPanel,
  KeptState,
  NOTHING,
  type Noticed,
  type PanelShape,
  type ToPanel,
} from './panelProtocol.ts';
import { lookAtTab } from './restoredTab.ts';

/** Many files change together when a stage ends. */
const SETTLE_MS = 250;
/** After that long an opened page is not waited for any more. */
const PATIENCE_MS = 15_000;
/** After that long a tab that came back with the window is no panel of ours. */
const REVIVED_MS = 3_000;

/** Answers of a panel, by question. A handler that throws answers with the error's sentence. */
export type PanelAnswers<P extends PanelShape> = {
  readonly [K in keyof P['questions']]: (ask: Asked<P, K>, open: OpenPanel<P>) => Promise<Answered<P, K>>;
};

/** What a panel needs of the extension, and how it answers its page. */
export interface PanelParts<P extends PanelShape> {
  readonly panel: P;
  readonly title: string;
  readonly extension: vscode.Uri;
  readonly projects: Projects;
  readonly log: Log;
  readonly answers: PanelAnswers<P>;
  /** The thread that answers; it starts while the page loads. */
  readonly core?: CoreClient;
  /** The page draws pictures and uses a thread (`pageHtml`). */
  readonly draws?: boolean;
  /** The files it is made from, as a pattern below the project's folder; most panels are made from nearly all. */
  readonly watched?: string;
  /** Some of these files of a shown project changed. */
  readonly changed?: (open: OpenPanel<P>) => void;
  /** The run that has the project started, went on or ended, in whatever window. */
  readonly progressed?: (open: OpenPanel<P>) => void;
  /** A panel was closed. */
  readonly closed?: (open: OpenPanel<P>) => void;
}

/**
 * Panels of one kind, one a project: opens or reveals them, brings them back when the window reloads, and answers their
 * pages. Every question is answered, if only with what went wrong.
 */
export class PanelHost<P extends PanelShape> implements vscode.Disposable {
  readonly #parts: PanelParts<P>;
  /** By project root; '' where no project is open. */
  readonly #open = new Map<string, OpenPanel<P>>();
  readonly #revived = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable[];

  constructor(parts: PanelParts<P>) {
    this.#parts = parts;
    this.#subscriptions = [
      this.#revived,
      vscode.window.registerWebviewPanelSerializer(this.#type, {
        deserializeWebviewPanel: async (panel, state: unknown) => {
          const kept = KeptState.safeParse(state);
          const root = kept.success ? kept.data.project : null;
          const known = root !== null && parts.projects.all.includes(root);
          this.#attach(panel, known ? root : parts.projects.current);
          this.#revived.fire();
        },
      }),
      parts.projects.onDidChange(() => this.#projectsChanged()),
    ];
  }

  /**
   * Opens the panel of a project or brings it to the front.
   *
   * @returns milliseconds until the page showed its first content; null when it was closed, hidden or too slow
   */
  async open(root: string): Promise<number | null> {
    return (await this.show(root)).ready();
  }

  /** The same, giving the open panel. */
  async show(root: string): Promise<OpenPanel<P>> {
    const there = this.#open.get(root) ?? (await this.#revive(root));
    if (there !== undefined) {
      there.reveal();
      return there;
    }
    return this.#attach(
      vscode.window.createWebviewPanel(this.#type, this.#parts.title, vscode.ViewColumn.Active),
      root,
    );
  }

  /** The open panels. */
  get all(): readonly OpenPanel<P>[] {
    return [...this.#open.values()];
  }

  /** Tells all open panels of a project, or of all projects. */
  notify<K extends keyof P['notices'] & string>(notice: K, content: Noticed<P, K>, root: string | null = null): void {
    for (const open of this.all) if (root === null || open.root === root) open.notify(notice, content);
  }

  dispose(): void {
    for (const open of this.all) open.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  get #type(): string {
    return `pasMigration.${this.#parts.panel.name}`;
  }

  /** The panel whose tab came back with the window, once it is looked at; undefined when there is none. */
  async #revive(root: string): Promise<OpenPanel<P> | undefined> {
    const { title } = this.#parts;
    if (!(await lookAtTab(this.#type, [title, `${title} · ${basename(root)}`]))) return undefined;
    if (!this.#open.has(root))
      await new Promise<void>((resolve) => {
        const done = (): void => {
          heard.dispose();
          clearTimeout(patience);
          resolve();
        };
        const heard = this.#revived.event(done);
        const patience = setTimeout(done, REVIVED_MS);
      });
    return this.#open.get(root);
  }

  #attach(panel: vscode.WebviewPanel, root: string | null): OpenPanel<P> {
    const key = root ?? '';
    this.#open.get(key)?.dispose();
    const open = new OpenPanel(this.#parts, panel, root);
    this.#open.set(key, open);
    panel.onDidDispose(() => {
      open.dispose();
      if (this.#open.get(key) === open) this.#open.delete(key);
      this.#parts.closed?.(open);
    });
    return open;
  }

  /** A panel that came back before its project was found takes it up; one whose project is gone says so. */
  #projectsChanged(): void {
    const { current, all } = this.#parts.projects;
    for (const [key, open] of [...this.#open]) {
      if (key !== '' && all.includes(key)) continue;
      const next = this.#open.has(current ?? '') ? null : current;
      if (next === open.root) continue;
      this.#open.delete(key);
      this.#open.set(next ?? '', open);
      open.showProject(next);
    }
  }
}

/** One open panel with its page. */
export class OpenPanel<P extends PanelShape> implements vscode.Disposable {
  readonly #parts: PanelParts<P>;
  readonly #panel: vscode.WebviewPanel;
  readonly #openedAt = performance.now();
  #root: string | null;
  #watcher: vscode.Disposable | null = null;
  #timer: NodeJS.Timeout | null = null;
  #readyMs: number | null = null;
  /** An answer or a notice may come after the panel was closed. */
  #closed = false;
  readonly #waiting: ((ms: number | null) => void)[] = [];
  /** What the page will ask first, answered while it loads. */
  #early: Promise<unknown> | null = null;
  /** Asked to the front and not there yet: what it is told meanwhile is for the page that is made now. */
  #comes = false;
  /** Notices for a page that does not listen yet. */
  #unsent: ToPanel[] | null = [];

  constructor(parts: PanelParts<P>, panel: vscode.WebviewPanel, root: string | null) {
    this.#parts = parts;
    this.#panel = panel;
    this.#root = root;
    const media = vscode.Uri.joinPath(parts.extension, 'media');
    panel.iconPath = {
      light: vscode.Uri.joinPath(media, 'icon-light.svg'),
      dark: vscode.Uri.joinPath(media, 'icon-dark.svg'),
    };
    panel.webview.options = pageOptions(parts.extension);
    panel.webview.onDidReceiveMessage((message: unknown) => this.#receive(message));
    panel.onDidChangeViewState(() => {
      // A page that is hidden is thrown away, and made anew when it is shown again.
      if (panel.visible) this.#comes = false;
      else if (!this.#comes) this.#unsent = [];
    });
    panel.webview.html = pageHtml(panel.webview, parts.extension, parts.panel.name, parts.title, parts.draws);
    parts.core?.wake();
    this.#settle();
    this.#answerEarly();
  }

  /** The project shown; null when none is open. */
  get root(): string | null {
    return this.#root;
  }

  reveal(): void {
    // The editor says only later that it is visible.
    this.#comes = !this.#panel.visible;
    this.#panel.reveal();
  }

  /** Shows another project, or that none is open. */
  showProject(root: string | null): void {
    this.#root = root;
    this.#early = null;
    this.#settle();
    if (this.#unsent === null) this.#setup();
  }

  /** Tells the page something. */
  notify<K extends keyof P['notices'] & string>(notice: K, content: Noticed<P, K>): void {
    const message: ToPanel = { type: 'notice', notice, content };
    if (this.#closed) return;
    if (this.#unsent === null) this.#post(message);
    else if (this.#comes || this.#panel.visible) this.#unsent.push(message);
  }

  /** Milliseconds from opening to the first content. */
  ready(): Promise<number | null> {
    if (this.#readyMs !== null) return Promise.resolve(this.#readyMs);
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      setTimeout(() => resolve(null), PATIENCE_MS).unref();
    });
  }

  dispose(): void {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#watcher?.dispose();
    this.#watcher = null;
    for (const resolve of this.#waiting.splice(0)) resolve(null);
    this.#panel.dispose();
  }

  #settle(): void {
    this.#panel.title = this.#title();
    this.#watcher?.dispose();
    this.#watcher = null;
    const root = this.#root;
    if (root === null) return;
    const changed = (): void => {
      this.#early = null;
      if (this.#timer !== null) clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#parts.changed?.(this), SETTLE_MS);
    };
    this.#watcher = watchProject(root, changed, () => this.#parts.progressed?.(this), this.#parts.watched);
  }

  /** With several projects open, which one is shown. */
  #title(): string {
    const { title, projects } = this.#parts;
    return this.#root === null || projects.all.length < 2 ? title : `${title} · ${basename(this.#root)}`;
  }

  #receive(message: unknown): void {
    const read = FromPanel.safeParse(message);
    if (!read.success) return;
    switch (read.data.type) {
      case 'ready':
        this.#setup();
        break;
      case 'ask':
        void this.#answer(read.data.id, read.data.question, read.data.ask);
        break;
      case 'shown':
        this.#readyMs ??= performance.now() - this.#openedAt;
        for (const resolve of this.#waiting.splice(0)) resolve(this.#readyMs);
        break;
      case 'failed':
        this.#parts.log.error(`${this.#parts.title}: ${read.data.message.slice(0, 500)}`);
        break;
    }
  }

  #setup(): void {
    const root = this.#root;
    const project = root === null ? null : { root, name: basename(root) };
    this.#post({ type: 'setup', project, trusted: vscode.workspace.isTrusted });
    for (const message of this.#unsent ?? []) this.#post(message);
    this.#unsent = null;
  }

  /** Pages without questions of their own ask for their `content`; its answer need not wait for the page. */
  #answerEarly(): void {
    const { panel, answers } = this.#parts;
    if (this.#root === null || panel.questions['content']?.ask !== NOTHING) return;
    this.#early = answers['content' as keyof P['questions']]({} as never, this);
    // What went wrong is told when the page asks.
    this.#early.catch(() => undefined);
  }

  /** The answer that is there already, if nothing changed since; each is given once. */
  #takeEarly(name: string): Promise<unknown> | null {
    if (name !== 'content') return null;
    const early = this.#early;
    this.#early = null;
    return early;
  }

  async #answer(id: number, name: string, asked: unknown): Promise<void> {
    const { panel, answers } = this.#parts;
    try {
      const question = Object.hasOwn(panel.questions, name) ? panel.questions[name] : undefined;
      const ask = question?.ask.safeParse(asked);
      // Nothing of what was asked is repeated: it may hold a value of the data.
      if (ask?.success !== true) throw new Error(`The page asked something that ${this.#parts.title} does not know.`);
      const answer = await (this.#takeEarly(name) ?? answers[name as keyof P['questions']](ask.data as never, this));
      this.#post({ type: 'answer', id, answer });
    } catch (error) {
      this.#post({ type: 'refused', id, message: error instanceof Error ? error.message : String(error) });
    }
  }

  #post(message: ToPanel): void {
    if (this.#closed) return;
    void this.#panel.webview.postMessage(message);
  }
}
