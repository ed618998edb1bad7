import type { ContractRowChange } from '../contract/contractDiff.ts';

/**
 * What a pending contract would change, told before it is applied. Counts, keys and verdicts only: no patient value. Only
 * shapes are here: a page of the editor imports this file too.
 */
export interface ContractPlan {
  /** Contract rows that differ, field rows first, then table rows; what was changed is in each. */
  readonly changes: readonly PlannedChange[];
  /** Project-relative crosswalk files that differ. */
  readonly crosswalks: readonly string[];
  /** Breaking when any row is; review when only who and how it was agreed changes. */
  readonly impact: ContractRowChange['impact'] | 'none';
  /** Tables with a row that differs, in name order. */
  readonly tables: readonly TableEffect[];
  /** Distinct patients of all rows that differ. */
  readonly patients: number;
  readonly rows: Readonly<Record<RowFate, Change>>;
  readonly imputed: Change;
  /** Reject rows by reason, those that differ. */
  readonly rejects: readonly RejectEffect[];
  /** Where the reject rows that differ come from, by field and reason. */
  readonly rejectFields: readonly RejectFieldEffect[];
  /** Quality rules whose verdict or number of failures differs. */
  readonly rules: readonly VerdictEffect[];
  /** Gates whose verdict or measure differs. */
  readonly gates: readonly VerdictEffect[];
  readonly release: { readonly profile: string; readonly before: string; readonly after: string };
  /** How it was found out. */
  readonly basis: PlanBasis;
}

/** A differing contract row with its change in words. */
export interface PlannedChange extends ContractRowChange {
  readonly words: string;
}

export interface Change {
  readonly before: number;
  readonly after: number;
}

export const ROW_FATES = ['read', 'written', 'rejected', 'excluded', 'merged'] as const;
export type RowFate = (typeof ROW_FATES)[number];

/** Rows of one target table that a pending contract would change. */
export interface TableEffect {
  readonly table: string;
  readonly rows: Change;
  /** Rows as they are now that would not be there so, and rows that would be there instead or in addition. */
  readonly rowsGone: number;
  readonly rowsNew: number;
  /** Of these, rows of one key that are there before and after with other values. 0 without a key. */
  readonly rowsChanged: number;
  /** In how many of the rows that change a column does, most first. */
  readonly columns: readonly { readonly field: string; readonly rows: number }[];
  /** Patients whose rows those are; null where the table does not name its patient. */
  readonly patients: number | null;
}

export interface RejectEffect extends Change {
  readonly reason: string;
  /** Reject rows that are new or gone, by their source row and field. */
  readonly added: number;
  readonly gone: number;
}

export interface RejectFieldEffect {
  readonly table: string;
  readonly field: string;
  readonly reason: string;
  readonly added: number;
  readonly gone: number;
}

export interface VerdictEffect {
  readonly id: string;
  readonly title: string;
  readonly before: string;
  readonly after: string;
  /** What was measured, e.g. a count. */
  readonly actualBefore: string;
  readonly actualAfter: string;
}

export interface PlanBasis {
  /** `current outputs`: what the last run wrote still holds; `run`: the present contract was run again too. */
  readonly before: 'current outputs' | 'run' | 'cannot run';
  /** Why the present contract had to be run, or why it cannot run. */
  readonly reason: string;
  readonly profile: string;
  readonly imputeMode: string;
  readonly sourceDir: string;
}
