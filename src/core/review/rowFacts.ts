import type { MappingClass, ReviewStatus } from '../contract/contract.ts';
import type { RuleScope } from '../contract/ruleScopes.ts';

/** Shapes that travel to the contract grid's page: no part of Node may be needed to know them. */
export interface RowEvent {
  readonly at: string;
  readonly who: string;
  readonly kind: string;
  readonly cells: Readonly<Record<string, readonly [before: string, after: string]>>;
  /** What the reviewer said; empty for changes. */
  readonly comment: string;
}

/** The key of a contract row. */
export interface ContractRowName {
  readonly table: string;
  readonly field: string;
  /** Empty for all row sets of the table. */
  readonly rowSet: string;
}

/** A decision of a reviewer on rows of the contract. */
export interface ContractReview {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly who: string;
  readonly decision: ReviewStatus;
  readonly comment: string;
  readonly rows: readonly ContractRowName[];
}

export interface ValueCount {
  readonly value: string;
  readonly rows: number;
}

/** A source column that the analysis offers for a target field. */
export interface Candidate {
  readonly rank: number;
  readonly sourceTable: string;
  readonly sourceField: string;
  /** 0 to 1. */
  readonly score: number;
  readonly proposedClass: MappingClass;
  readonly reasons: string;
}

/** What a reviewer wants to know of one contract row beyond its cells. */
export interface RowDetail {
  readonly candidates: readonly Candidate[];
  /** Facts of the source column by name, as `source_profile.csv` has them; null without a profile. */
  readonly profile: Readonly<Record<string, string>> | null;
  readonly crosswalk: {
    readonly name: string;
    readonly file: string;
    readonly codes: number;
    readonly safetyCritical: boolean;
    readonly unknown: readonly ValueCount[];
  } | null;
  readonly history: readonly RowEvent[];
  /** What the row makes of the project's data; null when it was not asked for. */
  readonly samples: RowSample | null;
}

/** Source values with what a contract row makes of them. */
export interface RowSample {
  /** Source columns that the row reads, with their tables. */
  readonly columns: readonly string[];
  /** The most frequent pairs, and the most frequent ones that are rejected. */
  readonly pairs: readonly SamplePair[];
  readonly failing: readonly SamplePair[];
  /** Rows looked at, and those of them that are rejected. */
  readonly rows: number;
  readonly failed: number;
  /** What to know of the sample, e.g. that it is of a part of the rows, or why there is none. */
  readonly notes: readonly string[];
}

export interface SamplePair {
  /** One value a column; empty where nothing is recorded. */
  readonly source: readonly string[];
  /** As the target file has it; null for nothing. */
  readonly target: string | null;
  /** Why the cell is a reject; null when it is none. */
  readonly reason: string | null;
  readonly rows: number;
}

/** What can be offered to a person who fills a contract cell. */
export interface Offers {
  readonly classes: readonly string[];
  readonly statuses: readonly string[];
  /** Source table → its columns, both in document order. */
  readonly sources: Readonly<Record<string, readonly SourceColumn[]>>;
  readonly crosswalks: readonly { readonly name: string; readonly codes: number; readonly safetyCritical: boolean }[];
  readonly functions: readonly { readonly name: string; readonly help: string }[];
  /** Target table → the tables that its rules can see, by row set. */
  readonly scopes: Readonly<Record<string, readonly RuleScope[]>>;
}

export interface SourceColumn {
  readonly name: string;
  readonly type: string;
  readonly description: string;
}
