import {
  EVERY_ISSUE,
  ISSUE_GROUPINGS,
  type IssueDetail,
  type IssueFacets,
  type IssueFiles,
  type IssueFilter,
  type IssueGroups,
  type IssuePage,
  type IssueRow,
  readIssueGrouping,
} from '../../src/core/review/issues/issueQuery.ts';
import type { QUALITY } from '../../src/extension/panels/qualityProtocol.ts';
import { html } from '../shared/dom.ts';
import { count, counted } from '../shared/format.ts';
import type { Host } from '../shared/host.ts';
import { actionRow, badge, button, empty, link, loading, select, table } from '../shared/ui.ts';
import { issueDetail } from './issueDetail.ts';
import { IssueGrid } from './issueGrid.ts';
import {
  FACET_TITLES,
  FIRST_FACETS,
  GROUPING_TITLES,
  MORE_FACETS,
  placeOf,
  positionWords,
  valueWords,
} from './issueWords.ts';
import type { Kept } from './state.ts';
import { decide } from './triageDialog.ts';

const PAGE = 100;
/** A pause in typing that begins a search. */
const TYPING_MS = 150;
const ALL = '*';
const SHOWN_AS_FILTERS: readonly string[] = [...FIRST_FACETS, ...MORE_FACETS];

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
  readonly #search = html('input', {
    type: 'search',
    placeholder: 'Search message, row key, rule, table',
    'aria-label': 'Search the issues',
  });
  readonly #filters = html('div', { class: 'filters' });
  readonly #chips = html('div', { class: 'chips' });
  readonly #notices = html('div', { class: 'notices' });
  readonly #tools = html('div', { class: 'list-tools' });
  readonly #message = html('div', { class: 'list-message', role: 'status' });
  readonly #list = html('div', { class: 'list' });
  readonly #detail = html('aside', { class: 'issue-detail', 'aria-label': 'Issue', hidden: true });
  readonly #pager = html('div', { class: 'pager' });
  readonly #grid: IssueGrid;
  readonly element = html(
    'div',
    { class: 'explorer' },
    this.#notices,
    html('div', { class: 'search', role: 'search' }, this.#search, this.#filters),
    this.#chips,
    this.#tools,
    this.#message,
    html('div', { class: 'list-and-detail' }, this.#list, this.#detail),
    this.#pager,
  );
  #begun = false;
  #ticket = 0;
  #page: IssuePage | null = null;
  #facets: IssueFacets | null = null;
  #files: IssueFiles | null = null;
  readonly #ticked = new Set<number>();
  #shown: number | null = null;
  #typing: number | undefined;

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
    this.#search.value = parts.state.filter.text;
    this.#search.addEventListener('input', () => {
      clearTimeout(this.#typing);
      this.#typing = window.setTimeout(
        () => this.narrow({ ...parts.state.filter, text: this.#search.value }),
        TYPING_MS,
      );
    });
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
    if (this.#search.value !== filter.text) this.#search.value = filter.text;
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
      if (counts !== null) this.#facets = await counts;
      if (ticket !== this.#ticket) return;
      this.#drawFilters();
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
    this.#drawChips();
  }

  #nothing(total: number): HTMLElement {
    if (total > 0)
      return empty(
        'No issue fits the filters',
        'Clear them to see all.',
        button('Clear filters', () => this.narrow(EVERY_ISSUE)),
      );
    const none = this.#files?.files.every(({ bytes }) => bytes === null) === true;
    return none
      ? empty(
          'No issue files yet',
          'The migration and the quality rules write them. Run the lifecycle first.',
          button('Run Lifecycle', () => void this.#parts.host.ask('run', { command: 'run-product-lifecycle' }), {
            look: 'primary',
          }),
        )
      : empty('No issues', 'The last run found nothing to look at: no failing row and no reject.');
  }

  #drawGroups({ groups, found }: IssueGroups): void {
    const { state } = this.#parts;
    const by = state.grouping ?? 'cause';
    this.#message.replaceChildren();
    this.#closeDetail();
    const list = table(
      `Issues by ${GROUPING_TITLES[by].toLowerCase()}`,
      [
        {
          title: GROUPING_TITLES[by],
          cell: (group) =>
            html(
              'span',
              {},
              link(html('bdi', {}, valueWords(by, group.label)), () => this.#into(group.only), 'Show these issues'),
              ...(group.message === '' ? [] : [html('span', { class: 'cause' }, html('bdi', {}, group.message))]),
            ),
        },
        { title: 'Issues', number: true, cell: (group) => count(group.rows) },
        { title: 'Errors', number: true, cell: (group) => count(group.errors) },
        { title: 'Warnings', number: true, cell: (group) => count(group.warnings) },
        { title: 'Undecided', number: true, cell: (group) => count(group.undecided) },
        { title: 'Overdue', number: true, cell: (group) => count(group.overdue) },
        {
          title: 'Decide',
          cell: (group) =>
            this.#parts.canDecide()
              ? button('Decide…', () => void this.#decide({ filter: this.#inside(group.only) }), {
                  title: `Decide about ${valueWords(by, group.label)}`,
                })
              : '',
        },
      ],
      groups,
    );
    this.#list.replaceChildren(found === 0 ? this.#nothing(this.#files?.total ?? 0) : list);
    const last = Math.min(found, state.offset + groups.length);
    this.#drawPager(
      groups.length,
      found,
      found === 0 ? 'No groups' : `Groups ${count(state.offset + 1)}–${count(last)} of ${count(found)}`,
    );
    this.#drawTools(groups.reduce((sum, group) => sum + group.rows, 0));
    this.#drawChips();
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

  #drawFilters(): void {
    const facets = this.#facets;
    if (facets === null) return;
    const { state } = this.#parts;
    const names = state.moreFilters ? [...FIRST_FACETS, ...MORE_FACETS] : FIRST_FACETS;
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset['facet'] : undefined;
    const made = names.map((facet) => {
      const { values, more } = facets[facet];
      const chosen = state.filter.only[facet] ?? [];
      // A chosen value stays in its list when nothing has it any more.
      const gone = chosen.filter((value) => !values.some(([known]) => known === value));
      const options = [
        html('option', { value: ALL }, `${FACET_TITLES[facet]}: all`),
        ...(chosen.length > 1
          ? [html('option', { value: '**' }, `${FACET_TITLES[facet]}: ${chosen.length} chosen`)]
          : []),
        ...values.map(([value, rows]) =>
          html('option', { value: `=${value}` }, `${valueWords(facet, value)} (${count(rows)})`),
        ),
        ...gone.map((value) => html('option', { value: `=${value}` }, `${valueWords(facet, value)} (0)`)),
        ...(more > 0 ? [html('option', { disabled: true }, `${counted(more, 'more value')}; search for them`)] : []),
      ];
      const list = html('select', { 'aria-label': FACET_TITLES[facet] }, ...options);
      list.dataset['facet'] = facet;
      list.value = chosen.length > 1 ? '**' : chosen[0] === undefined ? ALL : `=${chosen[0]}`;
      list.classList.toggle('is-set', chosen.length > 0);
      list.addEventListener('change', () => this.#choose(facet, list.value));
      return list;
    });
    const more = html(
      'button',
      {
        type: 'button',
        class: 'secondary',
        'aria-expanded': state.moreFilters ? 'true' : 'false',
        click: () => this.#toggleMore(),
      },
      state.moreFilters ? 'Fewer filters' : 'More filters',
    );
    more.dataset['facet'] = 'more';
    const grouping = select(
      'Group by',
      [
        { value: '', label: 'nothing' },
        ...ISSUE_GROUPINGS.map((name) => ({ value: name, label: GROUPING_TITLES[name].toLowerCase() })),
      ],
      state.grouping ?? '',
      (value) => {
        state.grouping = readIssueGrouping(value);
        state.offset = 0;
        void this.#ask(false);
      },
    );
    const groupList = grouping.querySelector('select');
    if (groupList !== null) groupList.dataset['facet'] = 'grouping';
    this.#filters.replaceChildren(...made, more, grouping);
    if (focused !== undefined) this.#filters.querySelector<HTMLElement>(`[data-facet="${focused}"]`)?.focus();
  }

  #toggleMore(): void {
    this.#parts.state.moreFilters = !this.#parts.state.moreFilters;
    this.#parts.keep();
    this.#drawFilters();
  }

  #choose(facet: keyof typeof FACET_TITLES, value: string): void {
    if (value === '**') return;
    const { [facet]: _, ...others } = this.#parts.state.filter.only;
    this.narrow({
      ...this.#parts.state.filter,
      only: value === ALL ? others : { ...others, [facet]: [value.slice(1)] },
    });
  }

  /** Filters in words, each with a button that drops it: also those that no list above shows. */
  #drawChips(): void {
    const { filter } = this.#parts.state;
    const chips = Object.entries(filter.only).flatMap(([facet, values]) => {
      if (SHOWN_AS_FILTERS.includes(facet) && values.length === 1) return [];
      const title =
        facet === 'group_key'
          ? 'One cause'
          : facet === 'due_date'
            ? `Due ${values.join(', ')}`
            : `${facet}: ${values.join(', ')}`;
      const drop = (): void => {
        const kept = Object.entries(this.#parts.state.filter.only).filter(([name]) => name !== facet);
        this.narrow({ ...this.#parts.state.filter, only: Object.fromEntries(kept) });
      };
      return [
        html(
          'span',
          { class: 'chip' },
          html('bdi', {}, title),
          html('button', { type: 'button', class: 'icon', 'aria-label': `Drop the filter ${title}`, click: drop }, '✕'),
        ),
      ];
    });
    const any = Object.keys(filter.only).length > 0 || filter.text !== '';
    this.#chips.replaceChildren(...chips, ...(any ? [link('Clear filters', () => this.narrow(EVERY_ISSUE))] : []));
  }

  #drawTools(found: number): void {
    const { canDecide, state } = this.#parts;
    const picked = this.#ticked.size;
    const all = `Decide about all ${count(found)} found…`;
    this.#tools.replaceChildren(
      ...(picked === 0
        ? []
        : [badge(`${count(picked)} selected`), link('Clear selection', () => this.#tick([...this.#ticked], false))]),
      actionRow(
        ...(canDecide() && picked > 0
          ? [
              button(
                `Decide about ${count(picked)} selected…`,
                () => void this.#decide({ ordinals: [...this.#ticked] }),
                { look: 'primary' },
              ),
            ]
          : []),
        ...(canDecide() && found > 0 && state.grouping === null
          ? [button(all, () => void this.#decide({ filter: state.filter }))]
          : []),
        ...(found > 0 ? [button('Export to CSV…', () => void this.#export())] : []),
      ),
    );
  }

  #drawPager(shown: number, found: number, words: string): void {
    const { state } = this.#parts;
    const last = Math.max(0, Math.floor((found - 1) / PAGE) * PAGE);
    const go = (label: string, to: number, off: boolean): HTMLElement =>
      button(label, () => this.#goTo(to), { disabled: off });
    const [first, end] = [state.offset === 0, state.offset + shown >= found];
    this.#pager.replaceChildren(
      html('span', { role: 'status' }, words),
      actionRow(
        go('First', 0, first),
        go('Previous', state.offset - PAGE, first),
        go('Next', state.offset + PAGE, end),
        go('Last', last, end),
      ),
    );
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
