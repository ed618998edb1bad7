import type { CrosswalkFacts } from '../../src/core/crosswalk/crosswalkShapes.ts';
import { EVERY_LINE, type LineQuery, type LineSelection } from '../../src/core/crosswalk/crosswalkShapes.ts';
import type { LinesAnswer } from '../../src/extension/panels/crosswalkProtocol.ts';

/** Lines on a page: more than a screen, few enough to draw at once. */
export const PAGE = 200;

/** What the page shows and what the person has chosen; parts of the page read it and draw themselves. */
export interface State {
  query: LineQuery;
  offset: number;
  page: LinesAnswer | null;
  facts: CrosswalkFacts | null;
  /** Lines ticked by hand; `all` stands for everything that the filters find. */
  ticked: Set<number>;
  all: boolean;
  /** The cell that keeps the focus through a redraw. */
  focused: { readonly index: number; readonly column: string } | null;
  /** Targets that were typed for open codes and not added yet. */
  typed: Map<string, string>;
}

export function newState(): State {
  return {
    query: EVERY_LINE,
    offset: 0,
    page: null,
    facts: null,
    ticked: new Set(),
    all: false,
    focused: null,
    typed: new Map(),
  };
}

export function selectionOf(state: State): LineSelection {
  return state.all ? { query: state.query } : { indexes: [...state.ticked] };
}

/** What the target's list says of a code; empty when it is not known, null when there is no list. */
export function meaningOf(facts: CrosswalkFacts | null, code: string): string | null {
  if (facts === null || facts.targets.length === 0 || code === '') return null;
  return facts.targets.find((target) => target.code === code)?.description ?? '';
}

/** What a reviewer decides on first; columns that people added come last. */
const ORDER = ['source_code', 'target_code', 'status', 'valid_from', 'valid_to', 'safety_critical', 'description'];

/** The file's columns in the order they are shown. */
export function columnsShown(state: State): string[] {
  const columns = state.page?.columns ?? [];
  return [...ORDER.filter((name) => columns.includes(name)), ...columns.filter((name) => !ORDER.includes(name))];
}
