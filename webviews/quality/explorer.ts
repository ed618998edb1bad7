import type { IssueFilter } from '../../src/core/review/issues/issueQuery.ts';
import type { QUALITY } from '../../src/extension/panels/qualityProtocol.ts';
import { html } from '../shared/dom.ts';
import { counted } from '../shared/format.ts';
import type { Host } from '../shared/host.ts';
import { Latest } from '../shared/latest.ts';
import { DetailPane } from './detailPane.ts';
import { FilterBar } from './filterBar.ts';
import { decideAbout, exportFound, type Selection } from './issueActs.ts';
import { IssueList } from './issueList.ts';
import { PAGE } from './pager.ts';
import type { Kept } from './state.ts';

export interface ExplorerParts {
  readonly host: Host<typeof QUALITY>;
  readonly state: Kept;
  readonly keep: () => void;
  readonly canDecide: () => boolean;
  readonly say: (text: string) => void;
  readonly rule: (id: string) => void;
}

/** The issues with their filters, groups and decisions. Nothing is asked before they are shown for the first time. */
export class Explorer {
  readonly #parts: ExplorerParts;
  readonly #notices = html('div', { class: 'notices' });
  readonly #filters: FilterBar;
  readonly #list: IssueList;
  readonly #detail: DetailPane;
  readonly element: HTMLElement;
  #begun = false;
  /** The list was asked for from elsewhere: it takes the focus once it is drawn. */
  #awaited = false;
  /** The list and the counts beside it are asked for apart, and each is drawn by its own newest answer. */
  readonly #lists = new Latest();
  readonly #counts = new Latest();
  readonly #reads = new Latest();

  constructor(parts: ExplorerParts) {
    this.#parts = parts;
    this.#list = new IssueList(parts.state, parts.canDecide, {
      ask: () => {
        this.#list.quiet();
        void this.#ask(false);
      },
      narrow: (filter) => this.narrow(filter),
      keep: parts.keep,
      open: (ordinal) => void this.#detail.open(ordinal),
      shown: () => this.#detail.shown,
      closeDetail: () => this.#detail.close(),
      decide: (selection) => this.#decide(selection),
      exportFound: () => this.#export(),
      runLifecycle: () => this.#tell(parts.host.ask('run', { command: 'run-product-lifecycle' })),
    });
    this.#filters = new FilterBar({
      state: parts.state,
      keep: parts.keep,
      narrow: (filter) => this.narrow(filter),
      regroup: () => void this.#ask(false),
    });
    this.#detail = new DetailPane(parts, {
      changed: (back) => {
        this.#list.keepLines();
        this.#list.drawRows();
        if (back) this.#list.focus();
      },
      decide: (row) => this.#decide({ ordinals: [row.ordinal] }),
      cause: (key) => this.narrow({ text: '', only: { group_key: [key] } }),
      failed: (error) => this.#list.say(error),
    });
    this.element = html(
      'div',
      { class: 'explorer' },
      this.#notices,
      this.#filters.element,
      this.#filters.chips,
      this.#list.note,
      this.#list.tools,
      this.#list.message,
      html('div', { class: 'list-and-detail' }, this.#list.element, this.#detail.element),
      this.#list.pager,
    );
  }

  /** Reads the list when it is seen for the first time. */
  begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    this.#list.loading();
    void this.refresh();
  }

  /** The files changed, or a decision was made. */
  async refresh(): Promise<void> {
    if (!this.#begun) return;
    try {
      const read = await this.#reads.of(this.#parts.host.ask('files', {}));
      if (read === null) return;
      this.#list.files = read.answer;
      const { notices, notes } = read.answer;
      this.#notices.replaceChildren(
        ...notices.map((text) => html('p', { class: 'problem' }, text)),
        ...notes.map((text) => html('p', { class: 'note' }, text)),
      );
    } catch (error) {
      this.#failed(error);
      return;
    }
    await this.#ask(true);
  }

  /** Shows what a filter finds. */
  narrow(filter: IssueFilter): void {
    this.#parts.state.filter = filter;
    this.#parts.state.offset = 0;
    this.#filters.showText(filter.text);
    this.#list.toTop();
    this.#list.quiet();
    void this.#ask(true);
  }

  /** Gives the focus to the list once it is drawn, unless the person is at another control of the page by then. */
  takeFocus(): void {
    this.#awaited = true;
  }

  /** Asks for what is shown now; counts beside it only when the filter or the files changed. */
  async #ask(counts: boolean): Promise<void> {
    if (!this.#begun) return;
    this.#parts.keep();
    const asked = performance.now();
    // The rows go first: they are what a person waits for.
    const list = this.#asked();
    const counted = counts ? this.#count() : null;
    try {
      const draw = await this.#lists.of(list);
      if (draw === null) return;
      if (draw.answer()) this.#took(asked);
      else await this.#ask(false);
      this.#filters.drawChips();
      if (!counts) this.#filters.draw();
      if (this.#awaited && document.activeElement === document.body) this.#list.focusFirst();
      this.#awaited = false;
    } catch (error) {
      this.#failed(error);
    } finally {
      await counted;
    }
  }

  /** What the state says is to be seen, as a way to draw it; that tells whether it could be drawn. */
  async #asked(): Promise<() => boolean> {
    const { host, state } = this.#parts;
    const { filter, sort, offset, grouping } = state;
    if (grouping === null) {
      const page = await host.ask('page', { filter, sort, offset, limit: PAGE });
      return () => this.#list.drawPage(page);
    }
    const groups = await host.ask('groups', { filter, by: grouping, offset, limit: PAGE });
    return () => {
      this.#list.drawGroups(groups);
      return true;
    };
  }

  async #count(): Promise<void> {
    try {
      const counts = await this.#counts.of(this.#parts.host.ask('facets', { filter: this.#parts.state.filter }));
      if (counts === null) return;
      this.#filters.facets = counts.answer;
      this.#filters.draw();
    } catch (error) {
      this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    this.#list.say(error, () => void this.refresh());
  }

  /** Read by tests: milliseconds from the question to the frame that shows its answer. */
  #took(asked: number): void {
    requestAnimationFrame(() => {
      document.body.dataset['took'] = String(Math.round(performance.now() - asked));
      document.body.dataset['drawn'] = String(Number(document.body.dataset['drawn'] ?? 0) + 1);
    });
  }

  #decide(selection: Selection): void {
    const picked = 'ordinals' in selection ? selection.ordinals : [];
    const before = this.#list.standing(picked);
    this.#tell(
      decideAbout(this.#parts.host, selection, async (words) => {
        this.#list.forget();
        await this.refresh();
        this.#list.done(`${words}${this.#list.moved(before, picked)}`, () => this.#tell(this.#undo()));
      }),
    );
  }

  async #undo(): Promise<string> {
    const { issues } = await this.#parts.host.ask('undo', {});
    this.#list.forget();
    await this.refresh();
    this.#list.focus();
    return `Undone: ${counted(issues, 'issue')} ${issues === 1 ? 'stands' : 'stand'} as before.`;
  }

  #export(): void {
    const { host, state } = this.#parts;
    this.#tell(exportFound(host, state.filter, state.sort));
  }

  /** Says what came of something, where it is words, or why nothing did. */
  #tell(done: Promise<unknown>): void {
    done
      .then((words) => {
        if (typeof words === 'string') this.#list.say(words);
      })
      .catch((error: unknown) => this.#list.say(error));
  }
}
