import { MAPPING_CLASSES, REVIEW_STATUSES } from '../contract/contract.ts';
import type { SheetRecord, TextChange } from '../csv/csvSheet.ts';
import { reviewRefusal } from './reviewRules.ts';
import type { ContractRowName } from './rowFacts.ts';
import {
  changesOf,
  type Facets,
  type RowMark,
  type RowQuery,
  type RowSelection,
  RowSheet,
  type SheetPage,
  type SheetPlan,
  type SheetRow,
} from './rowSheet.ts';

export type { Facets, RowMark, SheetPage, SheetPlan, SheetRow, TextChange };

/** Columns a person may set; keys, types and confidence come from the catalog and the analysis. */
export const EDITABLE_COLUMNS = [
  'mapping_class',
  'source_table',
  'source_field',
  'rule',
  'crosswalk',
  'default_value',
  'status',
  'owner',
  'notes',
] as const;
export type EditableColumn = (typeof EDITABLE_COLUMNS)[number];

/** Columns whose values are few enough to choose from. */
export const FACET_COLUMNS = ['target_table', 'mapping_class', 'status', 'owner', 'mandatory', 'row_set'] as const;

/** Who and how a row was agreed; the other columns decide what lands in the target. */
const REVIEW_COLUMNS = new Set(['status', 'owner', 'notes']);

export interface SheetQuery extends RowQuery {
  /** Only rows with a confidence below this; null for all. */
  readonly belowConfidence: number | null;
}

export const EVERY_ROW: SheetQuery = { only: {}, text: '', withProblem: false, belowConfidence: null, sort: null };

/** Rows to change: by hand, or all that a query finds. */
export type SheetSelection = RowSelection<SheetQuery>;

export type CellValues = Readonly<Partial<Record<EditableColumn, string>>>;

/** A plan of contract rows, with those whose status it sets. */
export interface ContractEditPlan extends SheetPlan {
  readonly reviewed: readonly ContractRowName[];
}

/** What a plan must know of a review beyond who asks; see `reviewRefusal`. */
export interface ReviewWords {
  readonly comment?: string | null;
  readonly mayNotDecide?: (targetTable: string) => string | null;
}

/** The text of `mapping_contract.csv` as rows, with the rules of its review. */
export class ContractSheet extends RowSheet<SheetQuery> {
  constructor(text: string, version: number) {
    super(text, version, { facets: FACET_COLUMNS, numeric: ['confidence'] });
  }

  /** The row of a target field; -1 when there is none. */
  indexOf(table: string, field: string, rowSet: string): number {
    const at = ['target_table', 'target_field', 'row_set'].map((name) => this.sheet.columns.indexOf(name));
    const wanted = [table, field, rowSet];
    return this.sheet.records.findIndex(({ cells }) =>
      at.every((column, index) => (cells[column] ?? '') === (wanted[index] ?? '')),
    );
  }

  /** The row of a target field that still has these cells; -1 when there is none, or when they are others by now. */
  indexWith(row: ContractRowName, cells: CellValues): number {
    const index = this.indexOf(row.table, row.field, row.rowSet);
    const now = this.cells(index);
    return Object.entries(cells).every(([column, value]) => now[column] === value) ? index : -1;
  }

  /** The row with those that a check of it looks at: its target table's, and every surrogate key. In file order. */
  neighbours(index: number): {
    readonly columns: readonly string[];
    readonly rows: readonly { readonly index: number; readonly cells: readonly string[] }[];
  } {
    const { columns, records } = this.sheet;
    const [table, mappingClass] = [columns.indexOf('target_table'), columns.indexOf('mapping_class')];
    const own = records[index]?.cells[table];
    const rows = [...records.entries()]
      .filter(([at, { cells }]) => at === index || cells[table] === own || cells[mappingClass] === 'surrogate')
      .map(([at, { cells }]) => ({ index: at, cells }));
    return { columns, rows };
  }

  /**
   * What setting cells would do. Rows that the review's rules do not allow are left as they are, with the reason; a row
   * whose mapping changes goes back to DRAFT.
   *
   * @param who the person who asks, for the rule that nobody approves what is their own
   */
  plan(selection: SheetSelection, set: CellValues, who: string, words: ReviewWords = {}): ContractEditPlan {
    const reviewed: ContractRowName[] = [];
    const plan = this.planRows(selection, (index, before) => {
      const name = `${before['target_table']}.${before['target_field']}`;
      // A class or status that does not exist is written as given and refused by the rules.
      const wanted = changesOf(before, set, EDITABLE_COLUMNS);
      const mapped = wanted.some(([column]) => !REVIEW_COLUMNS.has(column));
      const backToDraft = mapped && set.status === undefined && before['status'] !== 'DRAFT' && before['status'] !== '';
      if (backToDraft) wanted.push(['status', 'DRAFT']);
      const after = { ...before, ...Object.fromEntries(wanted) };
      const errors = (this.row(index)?.marks ?? []).some((mark) => mark.severity === 'error');
      const given = {
        who,
        hasErrors: errors && !mapped,
        comment: words.comment ?? null,
        mayNotDecide: words.mayNotDecide?.(before['target_table'] ?? '') ?? null,
      };
      const refusal = wanted.length === 0 ? null : reviewRefusal(before, after, given);
      if (refusal === null && wanted.some(([column]) => column === 'status')) reviewed.push(nameOf(before));
      return { name, wanted, backToDraft, refusal };
    });
    return { ...plan, reviewed };
  }

  protected override accepts(query: SheetQuery, { cells }: SheetRecord): boolean {
    if (query.belowConfidence === null) return true;
    return Number(cells[this.sheet.columns.indexOf('confidence')] || 1) < query.belowConfidence;
  }
}

function nameOf(cells: Readonly<Record<string, string>>): ContractRowName {
  return {
    table: cells['target_table'] ?? '',
    field: cells['target_field'] ?? '',
    rowSet: cells['row_set'] ?? '',
  };
}

/** Values a column may hold, for lists to choose from; null where any text may stand. */
export function choicesOf(column: string): readonly string[] | null {
  if (column === 'mapping_class') return MAPPING_CLASSES;
  if (column === 'status') return REVIEW_STATUSES;
  return null;
}
