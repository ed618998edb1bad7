import type { Catalog } from '../catalog/catalog.ts';
import type { Engine } from '../engine/engine.ts';
import { type CanonicalViews, parseNeed } from './canonicalViews.ts';
import type { Need, RuleIssue } from './rule.ts';

/** What the rules run on. */
export interface RuleWorld {
  readonly engine: Engine;
  readonly views: CanonicalViews;
  /** Evidence tables present, as needs name them: `@rejects`, `@table_stats`, `@xw`, `@codes`. */
  readonly evidence: ReadonlySet<string>;
  readonly target: Catalog;
  readonly source: Catalog;
  /** Imported tables with rows of each side, and the columns imported. */
  readonly imported: {
    readonly target: ReadonlyMap<string, readonly string[]>;
    readonly source: ReadonlyMap<string, readonly string[]>;
  };
  readonly codeSets: ReadonlySet<string>;
  readonly hasExtract: boolean;
  readonly issuesPerRule: number;
}

/** Failing and examined things of one query, the query that lists what failed, and what could not be looked at. */
export interface Finding {
  readonly numerator: number;
  readonly denominator: number;
  /** Gives table_name, row_key, field_name of distinct failures, at most `limit`. */
  readonly list: (limit: number) => Promise<RuleIssue[]>;
}

/** Why one need is not met, or null. */
export function needReason(world: RuleWorld, need: Need): string | null {
  const column = parseNeed(need);
  if (column === null) return world.evidence.has(need) ? null : `There is no evidence ${need.slice(1)} to read.`;
  if (world.views.has(column)) return null;
  const what =
    column.concept === 'source_key'
      ? `${column.family}: the contract does not carry the source key over unchanged`
      : `${column.family}.${column.concept} is not in the ${column.side} data`;
  return `${what}.`;
}
