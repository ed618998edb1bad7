import {
  EVERY_ISSUE,
  type IssueFiles,
  type IssueFilter,
  type IssueGroups,
  type IssuePage,
} from '../../src/core/review/issues/issueQuery.ts';
import { html } from '../shared/dom.ts';
import { count } from '../shared/format.ts';
import { redraw } from '../shared/redraw.ts';
import { link, loading } from '../shared/ui.ts';
import { groupTable } from './groupTable.ts';
import type { Selection } from './issueActs.ts';
import { IssueGrid } from './issueGrid.ts';
import { positionWords, rejectNote } from './issueWords.ts';
import { nothing } from './noIssues.ts';
import { PAGE, pager } from './pager.ts';
import { selectionBar } from './selectionBar.ts';
import { type Kept, MOST_KEPT_TICKS } from './state.ts';

/** Orders in which a decision is what lines stand by. */
const BY_DECISION: readonly Kept['sort']['by'][] = ['status', 'assignee', 'due_date'];

export interface ListActs {
  readonly keep: () => void;
  /** Order or place became another, as the state says now. */
  readonly ask: () => void;
  readonly narrow: (filter: IssueFilter) => void;
  readonly open: (ordinal: number) => void;
  /** Place of the row whose detail is shown. */
  readonly shown: () => number | null;
  readonly closeDetail: () => void;
  readonly decide: (selection: Selection) => void;
  readonly exportFound: () => void;
  readonly runLifecycle: () => void;
}

/** What the filters find: a page of rows that can be ticked, or groups; what can be done with it, and where it stands. */
export class IssueList {
  readonly #state: Kept;
  readonly #canDecide: () => boolean;
  readonly #acts: ListActs;
  readonly tools = html('div', { class: 'list-tools' });
  /** What the number of lines means beside the number that led here. */
  readonly note = html('p', { class: 'note', role: 'status' });
  readonly message = html('div', { class: 'list-message', role: 'status' });
  readonly element = html('div', { class: 'list' });
  readonly pager = html('div', { class: 'pager' });
  readonly #grid: IssueGrid;
  readonly #ticked = new Set<number>();
  #page: IssuePage | null = null;
  files: IssueFiles | null = null;

  constructor(state: Kept, canDecide: () => boolean, acts: ListActs) {
    this.#state = state;
    this.#canDecide = canDecide;
    this.#acts = acts;
    this.#grid = new IssueGrid({
      sort: (by) => this.#sort(by),
      open: acts.open,
      tick: (ordinal, on) => this.#tick([ordinal], on),
      tickPage: (on) =>
        this.#tick(
          (this.#page?.rows ?? []).map((row) => row.ordinal),
          on,
        ),
      turn: (by) => this.#turn(by),
      closeDetail: () => this.#closeDetail(),
    });
  }

  loading(): void {
    this.element.replaceChildren(loading('Reading the issue files'));
  }

  /** Draws a page; false when the list has become so short that it has no such page, and an earlier one must be asked for. */
  drawPage(page: IssuePage): boolean {
    const state = this.#state;
    if (page.found > 0 && state.offset >= page.found) {
      state.offset = Math.floor((page.found - 1) / PAGE) * PAGE;
      return false;
    }
    // Places count lines of the files; after a change they stand for others.
    const comesBack = this.#page === null;
    if (this.#page !== null && this.#page.version !== page.version) this.forget();
    this.#page = page;
    if (comesBack) this.#restore(page.version);
    this.#mended();
    if (page.found === 0) this.element.replaceChildren(this.#nothing(page.total));
    else {
      if (!this.element.contains(this.#grid.element)) this.element.replaceChildren(this.#grid.element);
      this.drawRows();
      const shown = this.#acts.shown();
      if (comesBack && shown !== null) this.#grid.standAt(shown);
    }
    this.note.textContent = rejectNote(state.filter, page, this.files?.rejected ?? null);
    const shown = page.rows.length;
    this.#drawPager(shown, page.found, positionWords(state.offset, shown, page.found, page.total));
    this.#drawTools(page.found);
    return true;
  }

  drawGroups({ groups, found }: IssueGroups): void {
    const { offset, grouping } = this.#state;
    this.note.textContent = '';
    this.#mended();
    this.#acts.closeDetail();
    this.keepLines();
    const list =
      found === 0
        ? this.#nothing(this.files?.total ?? 0)
        : groupTable(grouping ?? 'cause', groups, {
            canDecide: this.#canDecide(),
            into: (only) => this.#into(only),
            decide: (only) => this.#acts.decide({ filter: this.#inside(only) }),
          });
    redraw(this.element, () => this.element.replaceChildren(list));
    const last = Math.min(found, offset + groups.length);
    this.#drawPager(
      groups.length,
      found,
      found === 0 ? 'No groups' : `Groups ${count(offset + 1)}–${count(last)} of ${count(found)}`,
    );
    this.#drawTools(groups.reduce((sum, group) => sum + group.rows, 0));
  }

  /** Draws the rows anew: ticks, order or the row that is shown became others. */
  drawRows(): void {
    if (this.#page !== null) this.#grid.draw(this.#page, this.#state.sort, this.#ticked, this.#acts.shown());
  }

  /** Ticks and detail are of lines that may be others by now. */
  forget(): void {
    this.#ticked.clear();
    this.#acts.closeDetail();
    this.keepLines();
  }

  /** Keeps what is ticked and whose detail is open: the editor throws the page away while another one hides it. */
  keepLines(): void {
    if (this.#page === null) return;
    const ticked = this.#ticked.size > MOST_KEPT_TICKS ? [] : [...this.#ticked];
    this.#state.lines = { version: this.#page.version, ticked, shown: this.#acts.shown() };
    this.#acts.keep();
  }

  /** Ticks and opens again what was kept, unless the places are those of other lines by now. */
  #restore(version: number): void {
    const { lines } = this.#state;
    if (lines?.version !== version) return;
    for (const ordinal of lines.ticked) this.#ticked.add(ordinal);
    if (lines.shown !== null) this.#acts.open(lines.shown);
  }

  focus(): void {
    this.#grid.focus();
  }

  /** Puts the focus on the first row, or on what leads on from the first group or from an empty list. */
  focusFirst(): void {
    const ways = ['tr[tabindex="0"]', 'tbody button', 'button'];
    const first = ways.map((way) => this.element.querySelector<HTMLElement>(way)).find((control) => control !== null);
    first?.focus();
  }

  toTop(): void {
    this.#grid.toTop();
  }

  /** How many issues are found, and how many of these lines stand on the page. */
  standing(picked: readonly number[]): { readonly found: number; readonly here: number } {
    const { found, rows } = this.#page ?? { found: 0, rows: [] };
    return { found, here: rows.filter(({ ordinal }) => picked.includes(ordinal)).length };
  }

  /** Why lines are not where they were before a decision; empty when they are, and for groups. */
  moved(before: ReturnType<IssueList['standing']>, picked: readonly number[]): string {
    const now = this.standing(picked);
    if (this.#state.grouping !== null) return '';
    if (now.found < before.found) return ' The filters find them no more.';
    if (now.here >= before.here) return '';
    return BY_DECISION.includes(this.#state.sort.by)
      ? ' They stand elsewhere in this order now.'
      : ' They stand further down now, after the open ones of their cause.';
  }

  /** Says what was done, with a way to undo it. The focus goes there when what had it is gone. */
  done(words: string, undo: () => void): void {
    const way = link('Undo', undo);
    this.message.replaceChildren(words, ' ', way);
    // The dialog closes first, and gives the focus back to a button that may be another by now.
    setTimeout(() => {
      if (document.activeElement === document.body) way.focus();
    });
  }

  /** Says what was done, or why it was not; `again`: a way to try once more. */
  say(what: unknown, again: (() => void) | null = null): void {
    if (typeof what === 'string') {
      this.message.replaceChildren(what);
      return;
    }
    const why = what instanceof Error ? what.message : String(what);
    this.message.replaceChildren(html('span', { class: 'problem' }, why));
    if (again === null) return;
    this.message.append(' ', link('Try again', again));
    if (this.#page === null) this.element.replaceChildren();
  }

  /** Says nothing any more: the person went on. */
  quiet(): void {
    this.message.replaceChildren();
  }

  /** What was wrong is over when there is something to draw; what was done stays to be read, until the person goes on. */
  #mended(): void {
    if (this.message.querySelector('.problem') !== null) this.quiet();
  }

  #nothing(total: number): HTMLElement {
    return nothing(total, this.files, {
      clear: () => this.#acts.narrow(EVERY_ISSUE),
      runLifecycle: this.#acts.runLifecycle,
    });
  }

  #inside(only: IssueFilter['only']): IssueFilter {
    const { filter } = this.#state;
    return { ...filter, only: { ...filter.only, ...only } };
  }

  #into(only: IssueFilter['only']): void {
    this.#state.grouping = null;
    this.#acts.narrow(this.#inside(only));
    this.#grid.focus();
  }

  #drawTools(found: number): void {
    const { filter, grouping } = this.#state;
    const bar = selectionBar(
      { picked: this.#ticked.size, found, canDecide: this.#canDecide(), grouped: grouping !== null },
      {
        clear: () => this.#tick([...this.#ticked], false),
        decidePicked: () => this.#acts.decide({ ordinals: [...this.#ticked] }),
        decideFound: () => this.#acts.decide({ filter }),
        exportFound: this.#acts.exportFound,
      },
    );
    redraw(this.tools, () => this.tools.replaceChildren(...bar));
  }

  #drawPager(shown: number, found: number, words: string): void {
    const { offset } = this.#state;
    const parts = pager({ offset, shown, found, words }, (to) => this.#goTo(to));
    redraw(this.pager, () => this.pager.replaceChildren(...parts));
  }

  #closeDetail(): void {
    if (this.#acts.shown() === null) return;
    this.#acts.closeDetail();
    this.keepLines();
    this.drawRows();
  }

  #turn(by: number): void {
    const to = this.#state.offset + by * PAGE;
    if (to >= 0 && to < (this.#page?.found ?? 0)) this.#goTo(to);
  }

  #goTo(offset: number): void {
    this.#state.offset = Math.max(0, offset);
    this.#grid.toTop();
    this.#acts.ask();
  }

  #sort(by: Kept['sort']['by']): void {
    const { sort } = this.#state;
    this.#state.sort = { by, descending: sort.by === by && !sort.descending };
    this.#state.offset = 0;
    this.#acts.ask();
  }

  #tick(ordinals: readonly number[], on: boolean): void {
    for (const ordinal of ordinals) {
      if (on) this.#ticked.add(ordinal);
      else this.#ticked.delete(ordinal);
    }
    if (this.#page === null) return;
    this.keepLines();
    this.drawRows();
    this.#drawTools(this.#page.found);
  }
}
