/**
 * The mapping contract: the only program of a migration. Field rows say where each target field comes from,
 * table rows say which source rows make a target row. People edit both as CSV; see `contractFile.ts`.
 */

/** How a target field gets its value. */
export const MAPPING_CLASSES = [
  /** The source value itself, converted from the source column's declared format to the target type. */
  'direct',
  /** An expression over source columns (`rule`). */
  'derived',
  /** A code translated by a crosswalk. */
  'lookup',
  /** A number made by the migration from the business key in `rule`; on a foreign key, looked up by that business key. */
  'surrogate',
  /** The literal in `default_value`. */
  'constant',
  /** Filled by the target system's own reference feed; the migration leaves it empty. */
  'reference_feed',
  /** Deliberately not migrated; `notes` say why. */
  'out_of_scope',
  /** Nobody has decided yet. */
  'unresolved',
] as const;
export type MappingClass = (typeof MAPPING_CLASSES)[number];

export const REVIEW_STATUSES = ['DRAFT', 'IN_REVIEW', 'APPROVED', 'REJECTED'] as const;
export type ReviewStatus = (typeof REVIEW_STATUSES)[number];

/** Columns that decide what lands in the target: whoever approves a row approves these. */
export const APPROVED_COLUMNS = [
  'data_type',
  'mandatory',
  'mapping_class',
  'source_table',
  'source_field',
  'rule',
  'crosswalk',
  'default_value',
] as const;

export interface ContractField {
  readonly targetTable: string;
  readonly targetField: string;
  /** As the target spec declares it, e.g. `VARCHAR(35)`; the catalog decides, this is for the reader. */
  readonly dataType: string;
  readonly mandatory: boolean;
  readonly mappingClass: MappingClass;
  readonly sourceTable: string;
  readonly sourceField: string;
  readonly rule: string;
  readonly crosswalk: string;
  readonly defaultValue: string;
  /** 0 to 1. */
  readonly confidence: number;
  readonly status: ReviewStatus;
  readonly owner: string;
  readonly notes: string;
  /** The row set this field row is for; empty for all row sets of the table. */
  readonly rowSet: string;
  /** Line in the contract file, from 1. */
  readonly line: number;
}

export interface ContractTable {
  /** Empty for a source table that is deliberately not migrated. */
  readonly targetTable: string;
  /** One target table may be fed by several row sets, one line each: a split, or a second source table. */
  readonly rowSet: string;
  readonly drivingTable: string;
  readonly joins: string;
  readonly filter: string;
  readonly grain: string;
  readonly dedupe: string;
  readonly loadOrder: number;
  readonly status: ReviewStatus;
  readonly notes: string;
  readonly line: number;
}

export interface Contract {
  readonly fields: readonly ContractField[];
  readonly tables: readonly ContractTable[];
}

/** Row set name of a table line that says: this source table is not migrated, for the reason in `notes`. */
export const OUT_OF_SCOPE_ROW_SET = 'out_of_scope';
