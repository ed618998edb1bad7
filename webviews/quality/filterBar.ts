import {
  EVERY_ISSUE,
  ISSUE_GROUPINGS,
  type IssueFacets,
  type IssueFilter,
  readIssueGrouping,
} from '../../src/core/review/issues/issueQuery.ts';
import { html } from '../shared/dom.ts';
import { count, counted } from '../shared/format.ts';
import { redraw } from '../shared/redraw.ts';
import { keyed, link, select } from '../shared/ui.ts';
import { FACET_TITLES, FIRST_FACETS, filterWords, GROUPING_TITLES, MORE_FACETS, valueWords } from './issueWords.ts';
import type { Kept } from './state.ts';

/** A pause in typing that begins a search. */
const TYPING_MS = 150;
const ALL = '*';
const SHOWN_AS_FILTERS: readonly string[] = [...FIRST_FACETS, ...MORE_FACETS];

type Facet = keyof typeof FACET_TITLES;

export interface FilterActions {
  readonly state: Kept;
  readonly keep: () => void;
  /** Shows what another filter finds. */
  readonly narrow: (filter: IssueFilter) => void;
  /** Lists or groups anew, as the state says now. */
  readonly regroup: () => void;
}

/** What the list is narrowed by: a text, a list of values for each column, and the grouping. */
export class FilterBar {
  readonly #act: FilterActions;
  readonly #search = html('input', {
    type: 'search',
    placeholder: 'Search message, row key, rule, table',
    'aria-label': 'Search the issues',
  });
  readonly #lists = html('div', { class: 'filters' });
  readonly element = html('div', { class: 'search', role: 'search' }, this.#search, this.#lists);
  readonly chips = html('div', { class: 'chips' });
  /** What there is of each column's values under the filter; null before it was counted. */
  facets: IssueFacets | null = null;
  #typing: number | undefined;

  constructor(act: FilterActions) {
    this.#act = act;
    this.showText(act.state.filter.text);
    this.#search.addEventListener('input', () => {
      clearTimeout(this.#typing);
      this.#typing = window.setTimeout(() => act.narrow({ ...act.state.filter, text: this.#search.value }), TYPING_MS);
    });
  }

  /** Shows a text that was not typed here. */
  showText(text: string): void {
    if (this.#search.value !== text) this.#search.value = text;
  }

  /** Draws the lists anew, with what the filter leaves in each; the focus stays. */
  draw(): void {
    const { facets } = this;
    if (facets === null) return;
    const names = this.#act.state.moreFilters ? [...FIRST_FACETS, ...MORE_FACETS] : FIRST_FACETS;
    const lists = names.map((facet) => this.#values(facet, facets[facet]));
    redraw(this.#lists, () => this.#lists.replaceChildren(...lists, this.#more(), this.#grouping()));
  }

  /** Filters in words, each with a button that drops it: also those that no list above shows. */
  drawChips(): void {
    const { filter } = this.#act.state;
    const chips = Object.entries(filter.only).flatMap(([facet, values]) => {
      if (SHOWN_AS_FILTERS.includes(facet) && values.length === 1) return [];
      const { words, all } = filterWords(facet, values);
      const drop = (): void => {
        const kept = Object.entries(this.#act.state.filter.only).filter(([name]) => name !== facet);
        this.#act.narrow({ ...this.#act.state.filter, only: Object.fromEntries(kept) });
      };
      return [
        html(
          'span',
          { class: 'chip' },
          html('bdi', { title: all }, words),
          html('button', { type: 'button', class: 'icon', 'aria-label': `Drop the filter ${words}`, click: drop }, '✕'),
        ),
      ];
    });
    const any = Object.keys(filter.only).length > 0 || filter.text !== '';
    const clear = any ? [link('Clear filters', () => this.#act.narrow(EVERY_ISSUE))] : [];
    redraw(this.chips, () => this.chips.replaceChildren(...chips, ...clear));
  }

  #values(facet: Facet, { values, more }: IssueFacets[Facet]): HTMLElement {
    const chosen = this.#act.state.filter.only[facet] ?? [];
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
  }

  #more(): HTMLElement {
    const { moreFilters } = this.#act.state;
    const more = html(
      'button',
      {
        type: 'button',
        class: 'secondary',
        'aria-expanded': moreFilters ? 'true' : 'false',
        click: () => this.#toggleMore(),
      },
      moreFilters ? 'Fewer filters' : 'More filters',
    );
    return keyed('more-filters', more);
  }

  #grouping(): HTMLElement {
    const { state } = this.#act;
    return select(
      'Group by',
      [
        { value: '', label: 'nothing' },
        ...ISSUE_GROUPINGS.map((name) => ({ value: name, label: GROUPING_TITLES[name].toLowerCase() })),
      ],
      state.grouping ?? '',
      (value) => {
        state.grouping = readIssueGrouping(value);
        state.offset = 0;
        this.#act.regroup();
      },
    );
  }

  #toggleMore(): void {
    this.#act.state.moreFilters = !this.#act.state.moreFilters;
    this.#act.keep();
    this.draw();
  }

  #choose(facet: Facet, value: string): void {
    if (value === '**') return;
    const { [facet]: _, ...others } = this.#act.state.filter.only;
    this.#act.narrow({
      ...this.#act.state.filter,
      only: value === ALL ? others : { ...others, [facet]: [value.slice(1)] },
    });
  }
}
