import {
  EVERY_ISSUE,
  type IssueDetail,
  type IssueFiles,
  type IssueFilter,
  type IssueGroups,
  type IssuePage,
  type IssueRow,
} from '../../src/core/review/issues/issueQuery.ts';
import type { QUALITY } from '../../src/extension/panels/qualityProtocol.ts';
import { html } from '../shared/dom.ts';
import { count, counted } from '../shared/format.ts';
import type { Host } from '../shared/host.ts';
import { link, loading } from '../shared/ui.ts';
import { FilterBar } from './filterBar.ts';
import { groupTable } from './groupTable.ts';
import { issueDetail } from './issueDetail.ts';
import { IssueGrid } from './issueGrid.ts';
import { placeOf, positionWords } from './issueWords.ts';
import { nothing } from './noIssues.ts';
import { PAGE, pager } from './pager.ts';
import { selectionBar } from './selectionBar.ts';
import type { Kept } from './state.ts';
import { decide } from './triageDialog.ts';

export interface ExplorerParts {
  readonly host: Host<typeof QUALITY>;
  readonly state: Kept;
  readonly keep: () => void;
  readonly canDecide: () => boolean;
  readonly say: (text: string) => void;
  readonly rule: (id: string) => void;
}

type Selection = { ordinals: number[] } | { filter: IssueFilter };

/** The list of issues with its filters, groups and decisions. Nothing is asked before it is shown for the first time. */
export class Explorer {
  readonly #parts: ExplorerParts;
  readonly #notices = html('div', { class: 'notices' });
  readonly #tools = html('div', { class: 'list-tools' });
  readonly #message = html('div', { class: 'list-message', role: 'status' });
  readonly #list = html('div', { class: 'list' });
  readonly #detail = html('aside', { class: 'issue-detail', 'aria-label': 'Issue', hidden: true });
  readonly #pager = html('div', { class: 'pager' });
  readonly #filters: FilterBar;
  readonly #grid: IssueGrid;
  readonly element: HTMLElement;
  #begun = false;
  #ticket = 0;
  #page: IssuePage | null = null;
  #files: IssueFiles | null = null;
  readonly #ticked = new Set<number>();
  #shown: number | null = null;

  constructor(parts: ExplorerParts) {
    this.#parts = parts;
    this.#grid = new IssueGrid({
      sort: (by) => this.#sort(by),
      open: (row) => void this.#open(row),
      tick: (ordinal, on) => this.#tick([ordinal], on),
      tickPage: (on) =>
        this.#tick(
          (this.#page?.rows ?? []).map((row) => row.ordinal),
          on,
        ),
      turn: (by) => this.#turn(by),
    });
    this.#filters = new FilterBar({
      state: parts.state,
      keep: parts.keep,
      narrow: (filter) => this.narrow(filter),
      regroup: () => void this.#ask(false),
    });
    this.element = html(
      'div',
      { class: 'explorer' },
      this.#notices,
      this.#filters.element,
      this.#filters.chips,
      this.#tools,
      this.#message,
      html('div', { class: 'list-and-detail' }, this.#list, this.#detail),
      this.#pager,
    );
  }

  /** Reads the list when it is seen for the first time. */
  begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    this.#list.replaceChildren(loading('Reading the issue files'));
    void this.refresh();
  }

  /** The files changed, or a decision was made. */
  async refresh(): Promise<void> {
    if (!this.#begun) return;
    try {
      this.#files = await this.#parts.host.ask('files', {});
    } catch (error) {
      this.#failed(error);
      return;
    }
    this.#notices.replaceChildren(...this.#files.notices.map((text) => html('p', { class: 'problem' }, text)));
    await this.#ask(true);
  }

  /** Shows what a filter finds. */
  narrow(filter: IssueFilter): void {
    this.#parts.state.filter = filter;
    this.#parts.state.offset = 0;
    this.#filters.showText(filter.text);
    this.#grid.toTop();
    void this.#ask(true);
  }

  /** Asks for what is shown now; facets only when the filter or the files changed. */
  async #ask(facets: boolean): Promise<void> {
    if (!this.#begun) return;
    const { host, state, keep } = this.#parts;
    keep();
    this.#ticket += 1;
    const ticket = this.#ticket;
    const asked = performance.now();
    const { filter, sort, offset, grouping } = state;
    const counts = facets ? host.ask('facets', { filter }) : null;
    try {
      if (grouping === null) {
        const page = await host.ask('page', { filter, sort, offset, limit: PAGE });
        if (ticket !== this.#ticket) return;
        this.#drawPage(page);
      } else {
        const groups = await host.ask('groups', { filter, by: grouping, offset, limit: PAGE });
        if (ticket !== this.#ticket) return;
        this.#drawGroups(groups);
      }
      this.#took(asked);
      if (counts !== null) this.#filters.facets = await counts;
      if (ticket !== this.#ticket) return;
      this.#filters.draw();
    } catch (error) {
      counts?.catch(() => undefined);
      if (ticket === this.#ticket) this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    const text = error instanceof Error ? error.message : String(error);
    this.#message.replaceChildren(
      html('span', { class: 'problem' }, text),
      ' ',
      link('Try again', () => void this.refresh()),
    );
    if (this.#page === null) this.#list.replaceChildren();
  }

  /** Read by tests: milliseconds from the question to the frame that shows its answer. */
  #took(asked: number): void {
    requestAnimationFrame(() => {
      document.body.dataset['took'] = String(Math.round(performance.now() - asked));
      document.body.dataset['drawn'] = String(Number(document.body.dataset['drawn'] ?? 0) + 1);
    });
  }

  #drawPage(page: IssuePage): void {
    const { state } = this.#parts;
    if (page.found > 0 && state.offset >= page.found) {
      state.offset = Math.floor((page.found - 1) / PAGE) * PAGE;
      void this.#ask(false);
      return;
    }
    // Places count lines of the files; after a change they stand for others.
    if (this.#page !== null && this.#page.version !== page.version) this.#forget();
    this.#page = page;
    this.#message.replaceChildren();
    if (page.found === 0) this.#list.replaceChildren(this.#nothing(page.total));
    else {
      if (!this.#list.contains(this.#grid.element)) this.#list.replaceChildren(this.#grid.element);
      this.#grid.draw(page, state.sort, this.#ticked, this.#shown);
    }
    this.#drawPager(
      page.rows.length,
      page.found,
      positionWords(state.offset, page.rows.length, page.found, page.total),
    );
    this.#drawTools(page.found);
    this.#filters.drawChips();
  }

  #nothing(total: number): HTMLElement {
    return nothing(total, this.#files, {
      clear: () => this.narrow(EVERY_ISSUE),
      runLifecycle: () => void this.#parts.host.ask('run', { command: 'run-product-lifecycle' }),
    });
  }

  #drawGroups({ groups, found }: IssueGroups): void {
    const { state } = this.#parts;
    const by = state.grouping ?? 'cause';
    this.#message.replaceChildren();
    this.#closeDetail();
    const list =
      found === 0
        ? this.#nothing(this.#files?.total ?? 0)
        : groupTable(by, groups, {
            canDecide: this.#parts.canDecide(),
            into: (only) => this.#into(only),
            decide: (only) => void this.#decide({ filter: this.#inside(only) }),
          });
    this.#list.replaceChildren(list);
    const last = Math.min(found, state.offset + groups.length);
    this.#drawPager(
      groups.length,
      found,
      found === 0 ? 'No groups' : `Groups ${count(state.offset + 1)}–${count(last)} of ${count(found)}`,
    );
    this.#drawTools(groups.reduce((sum, group) => sum + group.rows, 0));
    this.#filters.drawChips();
  }

  #inside(only: IssueFilter['only']): IssueFilter {
    const { filter } = this.#parts.state;
    return { ...filter, only: { ...filter.only, ...only } };
  }

  #into(only: IssueFilter['only']): void {
    this.#parts.state.grouping = null;
    this.narrow(this.#inside(only));
    this.#grid.focus();
  }

  #drawTools(found: number): void {
    const { canDecide, state } = this.#parts;
    this.#tools.replaceChildren(
      ...selectionBar(
        { picked: this.#ticked.size, found, canDecide: canDecide(), grouped: state.grouping !== null },
        {
          clear: () => this.#tick([...this.#ticked], false),
          decidePicked: () => void this.#decide({ ordinals: [...this.#ticked] }),
          decideFound: () => void this.#decide({ filter: state.filter }),
          exportFound: () => void this.#export(),
        },
      ),
    );
  }

  #drawPager(shown: number, found: number, words: string): void {
    const { offset } = this.#parts.state;
    this.#pager.replaceChildren(...pager({ offset, shown, found, words }, (to) => this.#goTo(to)));
  }

  #turn(by: number): void {
    const { state } = this.#parts;
    const to = state.offset + by * PAGE;
    if (to >= 0 && to < (this.#page?.found ?? 0)) this.#goTo(to);
  }

  #goTo(offset: number): void {
    this.#parts.state.offset = Math.max(0, offset);
    this.#grid.toTop();
    void this.#ask(false);
  }

  #sort(by: Kept['sort']['by']): void {
    const { state } = this.#parts;
    state.sort = { by, descending: state.sort.by === by && !state.sort.descending };
    state.offset = 0;
    void this.#ask(false);
  }

  #tick(ordinals: readonly number[], on: boolean): void {
    for (const ordinal of ordinals) {
      if (on) this.#ticked.add(ordinal);
      else this.#ticked.delete(ordinal);
    }
    if (this.#page === null) return;
    this.#grid.draw(this.#page, this.#parts.state.sort, this.#ticked, this.#shown);
    this.#drawTools(this.#page.found);
  }

  #forget(): void {
    this.#ticked.clear();
    this.#closeDetail();
  }

  async #open(row: IssueRow): Promise<void> {
    this.#shown = row.ordinal;
    const detail = await this.#tried(this.#parts.host.ask('detail', { ordinal: row.ordinal }));
    if (detail === null || this.#shown !== row.ordinal) return;
    this.#drawDetail(detail);
    if (this.#page !== null) this.#grid.draw(this.#page, this.#parts.state.sort, this.#ticked, this.#shown);
  }

  #drawDetail(detail: IssueDetail): void {
    const { host } = this.#parts;
    const { row } = detail;
    this.#detail.hidden = false;
    this.#detail.replaceChildren(
      ...issueDetail(detail, {
        canDecide: this.#parts.canDecide(),
        close: () => {
          this.#closeDetail();
          this.#grid.focus();
        },
        decide: () => void this.#decide({ ordinals: [row.ordinal] }),
        rule: this.#parts.rule,
        contractRow: (at) => void this.#tried(host.ask('openContractRow', at)),
        row: (side) => void this.#tried(host.ask('openRow', { ordinal: row.ordinal, side })),
        cause: () => this.narrow({ text: '', only: { group_key: [row.cause] } }),
      }),
    );
    this.#detail.scrollIntoView({ block: 'nearest' });
    this.#parts.say(`${row.ruleId} ${placeOf(row)}: ${row.message}`);
  }

  #closeDetail(): void {
    this.#shown = null;
    this.#detail.hidden = true;
    this.#detail.replaceChildren();
    for (const row of this.#list.querySelectorAll('tr.is-shown')) row.classList.remove('is-shown');
  }

  /** An answer, or null after saying why there is none. */
  async #tried<T>(answer: Promise<T>): Promise<T | null> {
    try {
      return await answer;
    } catch (error) {
      this.#message.replaceChildren(
        html('span', { class: 'problem' }, error instanceof Error ? error.message : String(error)),
      );
      return null;
    }
  }

  async #decide(selection: Selection): Promise<void> {
    const { host } = this.#parts;
    const plan = await this.#tried(host.ask('plan', { selection }));
    if (plan === null) return;
    decide(plan, async (change) => {
      const { issues } = await host.ask('decide', { selection, change, version: plan.version });
      this.#forget();
      await this.refresh();
      this.#message.replaceChildren(`Recorded for ${counted(issues, 'issue')}.`);
    });
  }

  async #export(): Promise<void> {
    const { host, state } = this.#parts;
    const done = await this.#tried(host.ask('export', { filter: state.filter, sort: state.sort }));
    if (done === null) return;
    const guarded =
      done.guarded === 0
        ? ''
        : ` ${counted(done.guarded, 'cell')} that a spreadsheet would run as a formula ${done.guarded === 1 ? 'begins' : 'begin'} with an apostrophe.`;
    this.#message.replaceChildren(`${counted(done.rows, 'issue')} written to ${done.file}.${guarded}`);
  }
}
