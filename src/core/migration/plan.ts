import type { MappingClass } from '../contract/contract.ts';
import type { Expression } from '../contract/expression.ts';
import type { RowPolicy } from '../crosswalk/crosswalkIndex.ts';

/**
 * What a contract compiles to: plain data, the same for every SQL engine. Every part knows the contract line it came
 * from, so that a reject, a count or a fault can be shown where a person can mend it.
 */
export interface MigrationPlan {
  /** Target tables in load order: parents before children. */
  readonly tables: readonly TablePlan[];
  /** Source files to read: only what the contract uses. */
  readonly sources: readonly SourcePlan[];
  /** Source tables no row set reads, with the reason written in the contract, or '' when there is none. */
  readonly unread: readonly { readonly table: string; readonly reason: string }[];
}

export interface SourcePlan {
  readonly table: string;
  /** Columns of the catalog, all of which the file's header must name. */
  readonly columns: readonly string[];
  /** Columns the plan reads. */
  readonly used: readonly string[];
  /** Primary key columns, for naming a row in a reject. */
  readonly keyColumns: readonly string[];
}

/** SQL type family of a target column. */
export type ColumnType = 'text' | 'integer' | 'decimal' | 'date' | 'datetime' | 'time' | 'boolean';

export interface ColumnPlan {
  readonly field: string;
  readonly type: ColumnType;
  /** Characters, for texts with a length. */
  readonly length: number | null;
  /** Digits, for decimals. */
  readonly precision: number;
  readonly scale: number;
  /** False for columns the contract puts out of scope or leaves to a reference feed. */
  readonly inScope: boolean;
}

export interface TablePlan {
  readonly target: string;
  readonly columns: readonly ColumnPlan[];
  readonly rowSets: readonly RowSetPlan[];
  /** Columns whose values must be unique together: the target's primary key. Empty when it declares none. */
  readonly keyColumns: readonly string[];
  /** The key column that the migration numbers itself, if any. */
  readonly surrogate: string | null;
  /** Columns that later tables, or checks of later tables, look up. */
  readonly referenced: readonly (readonly string[])[];
}

export interface RowSetPlan {
  readonly name: string;
  readonly line: number;
  readonly source: string;
  readonly joins: readonly JoinPlan[];
  /** Rows where this is not true are excluded, and counted under this row set's name. */
  readonly filter: Expression | null;
  readonly dedupe: {
    readonly keys: readonly Expression[];
    readonly by: Expression;
    readonly keep: 'FIRST' | 'LAST';
  } | null;
  /** One for each column of the table that gets a value, in column order. */
  readonly values: readonly ValuePlan[];
  readonly references: readonly ReferencePlan[];
}

/** A left join that must match at most one row. */
export interface JoinPlan {
  readonly table: string;
  readonly alias: string;
  readonly pairs: readonly { readonly column: string; readonly equals: Expression }[];
}

export interface ValuePlan {
  readonly field: string;
  /** Line of the contract row. */
  readonly line: number;
  readonly mappingClass: MappingClass;
  readonly sourceTable: string;
  readonly sourceField: string;
  /** The value before crosswalk and typing; for a surrogate the business key. */
  readonly expression: Expression;
  readonly crosswalk: LookupPlan | null;
  readonly mandatory: boolean;
  /** Value for a missing mandatory cell under this run's impute mode; null when there is none. */
  readonly impute: string | null;
  /** What a value that cannot be loaded does to its row. */
  readonly onFail: RowPolicy;
}

/** The crosswalk of a value. */
export interface LookupPlan {
  readonly name: string;
  readonly rowPolicy: RowPolicy;
  readonly safetyCritical: boolean;
  /** The day of a row, when the crosswalk index names its column; `decides` when lines have dates, which then count. */
  readonly event?: { readonly day: Expression; readonly decides: boolean };
}

/** A foreign key of the target: the columns here must be found among the parent's loaded rows. */
export interface ReferencePlan {
  readonly columns: readonly string[];
  readonly parent: string;
  readonly parentColumns: readonly string[];
  /** True when the parent's key is a surrogate: the columns then hold its business key and get its number. */
  readonly surrogate: boolean;
}

/** Whether missing mandatory values may be filled from the contract's `default_value`. */
export const IMPUTE_MODES = ['off', 'development', 'pre_production', 'cutover_ready'] as const;
export type ImputeMode = (typeof IMPUTE_MODES)[number];
