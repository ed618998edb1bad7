import {
  type CellValues,
  type ContractEditPlan,
  EDITABLE_COLUMNS,
  type SheetPage,
  type SheetQuery,
  type SheetRow,
  type SheetSelection,
} from '../../core/review/contractSheet.ts';
import type { ContractMerge, Side } from '../../core/review/mergeContracts.ts';
import type { Offers, RowDetail } from '../../core/review/rowFacts.ts';
import type { EditedRow, RowCheck } from '../protocol.ts';

/** A plan as the page shows it; its edits stay with the extension. */
export type ShownPlan = Omit<ContractEditPlan, 'edits' | 'reviewed'>;

/** What a merge with the file on disk would do. */
export type ShownMerge = Omit<ContractMerge, 'edits'>;

/** What the extension tells the contract grid. */
export type ToContractPage =
  /** `canTry`: a change can be tried on the project's data. */
  | { readonly type: 'setup'; readonly canEdit: boolean; readonly canTry: boolean }
  /** What cells may be completed with; comes after the first rows. */
  | { readonly type: 'offers'; readonly offers: Offers }
  | { readonly type: 'page'; readonly ticket: number; readonly page: SheetPage }
  /** The text or its problems changed: what is shown must be asked for again. */
  | { readonly type: 'changed'; readonly version: number }
  | { readonly type: 'plan'; readonly plan: ShownPlan; readonly set: CellValues }
  /** What is wrong with a cell as it is typed. */
  | { readonly type: 'checked'; readonly ticket: number; readonly check: RowCheck }
  | { readonly type: 'done'; readonly message: string }
  | { readonly type: 'refused'; readonly message: string }
  | { readonly type: 'detail'; readonly version: number; readonly row: SheetRow; readonly detail: RowDetail }
  /** The file on disk changed while the text has unsaved edits; null when that is settled. */
  | { readonly type: 'conflict'; readonly merge: ShownMerge | null }
  /** Shows one row, e.g. when it is opened from a view. */
  | { readonly type: 'show'; readonly index: number }
  /** Shows the rows with these values, e.g. those behind a number of the dashboard. */
  | { readonly type: 'filter'; readonly only: SheetQuery['only'] };

/** How a person settles a conflict with the file on disk. */
export const RESOLUTIONS = ['merge', 'compare', 'mine', 'theirs'] as const;
export type Resolution = (typeof RESOLUTIONS)[number];

/** What the grid asks of the extension. `version` is the text's that the person saw. */
export type FromContractPage =
  | { readonly type: 'ready' }
  | {
      readonly type: 'query';
      readonly ticket: number;
      readonly query: SheetQuery;
      readonly offset: number;
      readonly limit: number;
      readonly facets: boolean;
    }
  | {
      readonly type: 'edit' | 'plan' | 'tryOnData';
      readonly version: number;
      readonly selection: SheetSelection;
      readonly set: CellValues;
      /** What the reviewer says of a decision; null while it was not asked for. */
      readonly comment: string | null;
      /** The row of a single edit, as the person saw it: it is found again when the text changed meanwhile. */
      readonly row: EditedRow | null;
    }
  | {
      readonly type: 'check';
      readonly ticket: number;
      readonly version: number;
      readonly index: number;
      readonly set: CellValues;
    }
  | { readonly type: 'detail'; readonly version: number; readonly index: number; readonly samples: boolean }
  | {
      readonly type: 'resolve';
      readonly how: Resolution;
      /** Conflict → side. */
      readonly choices: Readonly<Record<string, Side>>;
    }
  | { readonly type: 'openText'; readonly line: number }
  | { readonly type: 'openCrosswalk'; readonly name: string }
  | { readonly type: 'failed'; readonly message: string };

/** Longer than any comment or cell that people write. */
const LONGEST = 10_000;

/** A message of the page, or null when it is none: a page is not trusted with more than it may ask. */
export function readFromContractPage(message: unknown): FromContractPage | null {
  if (!isRecord(message)) return null;
  const { version, index, ticket } = message;
  switch (message['type']) {
    case 'ready':
      return { type: 'ready' };
    case 'query': {
      const query = readQuery(message['query']);
      const [offset, limit] = [Number(message['offset']), Number(message['limit'])];
      if (query === null || !isCount(ticket) || !isCount(offset) || !isCount(limit)) return null;
      const facets = message['facets'] === true;
      return { type: 'query', ticket, query, offset, limit: Math.min(limit, 1000), facets };
    }
    case 'edit':
    case 'plan':
    case 'tryOnData': {
      const selection = readSelection(message['selection']);
      const set = readValues(message['set'], message['type'] === 'tryOnData');
      const comment = typeof message['comment'] === 'string' ? message['comment'].slice(0, LONGEST) : null;
      return selection === null || set === null || !isCount(version)
        ? null
        : { type: message['type'], version, selection, set, comment, row: readRow(message['row']) };
    }
    case 'check': {
      const set = readValues(message['set']);
      return set !== null && isCount(version) && isCount(index) && isCount(ticket)
        ? { type: 'check', ticket, version, index, set }
        : null;
    }
    case 'detail':
      return isCount(version) && isCount(index)
        ? { type: 'detail', version, index, samples: message['samples'] === true }
        : null;
    case 'resolve': {
      const how = RESOLUTIONS.find((known) => known === message['how']);
      const choices = readChoices(message['choices']);
      return how === undefined || choices === null ? null : { type: 'resolve', how, choices };
    }
    case 'openText':
      return isCount(message['line']) ? { type: 'openText', line: message['line'] } : null;
    case 'openCrosswalk':
      return typeof message['name'] === 'string' && /^[\w-]+$/.test(message['name'])
        ? { type: 'openCrosswalk', name: message['name'] }
        : null;
    case 'failed':
      return { type: 'failed', message: String(message['message']).slice(0, 500) };
    default:
      return null;
  }
}

/** A query as a page sends or keeps it; null when it is none. */
export function readQuery(value: unknown): SheetQuery | null {
  if (!isRecord(value) || !isRecord(value['only'])) return null;
  const { text, withProblem, belowConfidence, sort } = value;
  const only: Record<string, string[]> = {};
  for (const [column, values] of Object.entries(value['only'])) {
    if (!Array.isArray(values) || !values.every((item) => typeof item === 'string')) return null;
    only[column] = values;
  }
  const sorted =
    isRecord(sort) && typeof sort['column'] === 'string'
      ? { column: sort['column'], descending: sort['descending'] === true }
      : null;
  return {
    only,
    text: typeof text === 'string' ? text.slice(0, 500) : '',
    withProblem: withProblem === true,
    belowConfidence: typeof belowConfidence === 'number' && Number.isFinite(belowConfidence) ? belowConfidence : null,
    sort: sorted,
  };
}

function readSelection(value: unknown): SheetSelection | null {
  if (!isRecord(value)) return null;
  if (Array.isArray(value['indexes']) && value['indexes'].every(isCount)) return { indexes: value['indexes'] };
  const query = readQuery(value['query']);
  return query === null ? null : { query };
}

function readRow(value: unknown): EditedRow | null {
  if (!isRecord(value)) return null;
  const { table, field, rowSet } = value;
  const was = readValues(value['was']);
  return typeof table === 'string' && typeof field === 'string' && typeof rowSet === 'string' && was !== null
    ? { table, field, rowSet, was }
    : null;
}

function readValues(value: unknown, mayBeEmpty = false): CellValues | null {
  if (!isRecord(value)) return null;
  const set: Record<string, string> = {};
  for (const column of EDITABLE_COLUMNS) {
    const cell = value[column];
    if (cell === undefined) continue;
    if (typeof cell !== 'string' || cell.length > LONGEST) return null;
    set[column] = cell;
  }
  return Object.keys(set).length === 0 && !mayBeEmpty ? null : set;
}

function readChoices(value: unknown): Readonly<Record<string, Side>> | null {
  if (!isRecord(value)) return null;
  const choices: Record<string, Side> = {};
  for (const [id, side] of Object.entries(value)) {
    if (side !== 'mine' && side !== 'theirs') return null;
    choices[id] = side;
  }
  return choices;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
