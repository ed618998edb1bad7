import {
  type Answered,
  type Asked,
  type FromPanel,
  KeptState,
  type Noticed,
  type PanelSetup,
  type PanelShape,
  ToPanel,
} from '../../src/extension/panels/panelProtocol.ts';
import { tellFirstFrame } from './firstFrame.ts';
import { keepFocusForReturn } from './focusBack.ts';

declare function acquireVsCodeApi(): {
  postMessage(message: FromPanel): void;
  getState(): unknown;
  setState(state: unknown): void;
};

interface Waiting {
  readonly question: string;
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
}

/** The extension, as a page sees it: it is asked, it tells, and it keeps the page's state. */
export class Host<P extends PanelShape> {
  readonly #api = acquireVsCodeApi();
  readonly #panel: P;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Map<string, ((content: never) => void)[]>();
  #last = 0;
  #project: string | null = null;
  #page: unknown;

  /**
   * @param begun called with the project to show, again when it becomes another
   */
  constructor(panel: P, begun: (setup: PanelSetup) => void) {
    this.#panel = panel;
    const kept = KeptState.safeParse(this.#api.getState());
    this.#page = kept.success ? kept.data.page : undefined;
    window.addEventListener('message', (event: MessageEvent<unknown>) => {
      const read = ToPanel.safeParse(event.data);
      if (!read.success) return;
      if (read.data.type === 'setup') {
        this.#project = read.data.project?.root ?? null;
        this.#keep();
        begun(read.data);
      } else this.#receive(read.data);
    });
    window.addEventListener('error', (event) => this.failed(event.message));
    window.addEventListener('unhandledrejection', (event) => this.failed(String(event.reason)));
    keepFocusForReturn();
    this.#api.postMessage({ type: 'ready' });
  }

  /** Asks the extension. Rejects with a sentence for the person. */
  ask<K extends keyof P['questions'] & string>(question: K, ask: Asked<P, K>): Promise<Answered<P, K>> {
    this.#last += 1;
    const id = this.#last;
    return new Promise<Answered<P, K>>((resolve, reject) => {
      this.#waiting.set(id, { question, resolve, reject });
      this.#api.postMessage({ type: 'ask', id, question, ask });
    });
  }

  /** Listens to what the extension tells. */
  on<K extends keyof P['notices'] & string>(notice: K, listener: (content: Noticed<P, K>) => void): void {
    this.#listeners.set(notice, [...(this.#listeners.get(notice) ?? []), listener]);
  }

  /** What the page kept before it was thrown away or the window was reloaded. */
  get kept(): unknown {
    return this.#page;
  }

  keep(state: unknown): void {
    this.#page = state;
    this.#keep();
  }

  /** The first content is there: tells the extension how long it took, once it is painted. */
  shown(): void {
    tellFirstFrame();
    requestAnimationFrame(() => this.#api.postMessage({ type: 'shown' }));
  }

  failed(message: string): void {
    this.#api.postMessage({ type: 'failed', message: message.slice(0, 500) });
  }

  #keep(): void {
    this.#api.setState({ project: this.#project, page: this.#page });
  }

  #receive(message: Exclude<ToPanel, PanelSetup>): void {
    if (message.type === 'notice') {
      const content = this.#panel.notices[message.notice]?.safeParse(message.content);
      if (content?.success !== true) return;
      for (const listener of this.#listeners.get(message.notice) ?? []) listener(content.data as never);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (waiting === undefined) return;
    if (message.type === 'refused') {
      waiting.reject(new Error(message.message));
      return;
    }
    const answer = this.#panel.questions[waiting.question]?.answer.safeParse(message.answer);
    if (answer?.success === true) waiting.resolve(answer.data as never);
    else
      waiting.reject(new Error('The answer could not be read. Reload the window; the extension was perhaps updated.'));
  }
}
