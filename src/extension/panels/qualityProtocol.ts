import * as z from 'zod/mini';
import { DISPOSITIONS, type Disposition, MOST_COMMENT } from '../../core/governance/dispositions.ts';
import { KPI_DIRECTIONS, KPI_REFRESHES, KPI_UNITS, KpiValue } from '../../core/kpis/kpi.ts';
import {
  ISSUE_GROUPINGS,
  IssueDetail,
  IssueFacets,
  IssueFiles,
  IssueGroups,
  IssuePage,
  readIssueFilter,
  readIssueSort,
  TriagePlan,
} from '../../core/review/issues/issueQuery.ts';
import { QualityOverview, RuleChoice } from '../../core/review/qualityModel.ts';
import { definePanel, NOTHING } from './panelProtocol.ts';

const Filter = z.pipe(z.unknown(), z.transform(readIssueFilter));
const Sort = z.pipe(z.unknown(), z.transform(readIssueSort));
const Offset = z.int().check(z.nonnegative());
const Limit = z.int().check(z.positive(), z.lte(500));
const Ordinal = z.int().check(z.positive());

/** Some lines of the list, or all that a filter finds. */
const Selection = z.union([
  z.object({ ordinals: z.array(Ordinal).check(z.maxLength(5000)) }),
  z.object({ filter: Filter }),
]);

/** What a person decides; a part that is not named stays as it is. */
const Change = z.object({
  disposition: z.optional(z.union([z.enum(Object.keys(DISPOSITIONS) as Disposition[]), z.literal('')])),
  owner: z.optional(z.string().check(z.maxLength(200))),
  dueDate: z.optional(z.string().check(z.maxLength(10))),
  comment: z.optional(z.string().check(z.maxLength(MOST_COMMENT))),
});
export type Change = z.infer<typeof Change>;

const Kpis = z.object({
  kpis: z.array(KpiValue),
  problem: z.nullable(z.string()),
  sources: z.array(z.object({ name: z.string(), words: z.string(), unit: z.enum(KPI_UNITS) })),
});
export type Kpis = z.infer<typeof Kpis>;

/** What a panel is opened with: the issues or rules to show first. */
const Wanted = z.object({
  tab: z.enum(['dashboard', 'kpis', 'issues']),
  filter: Filter,
  /** The issues are summed up by it; null or left out: line by line. */
  grouping: z.optional(z.nullable(z.enum(ISSUE_GROUPINGS))),
  /** On the dashboard: only these rules. */
  rules: z.optional(RuleChoice),
});
export type Wanted = z.infer<typeof Wanted>;

/** The Quality panel: dashboard, key figures, and the list of issues. */
export const QUALITY = definePanel({
  name: 'quality',
  questions: {
    overview: { ask: NOTHING, answer: QualityOverview },
    kpis: { ask: NOTHING, answer: Kpis },
    setKpi: {
      ask: z.object({
        name: z.string(),
        note: z.string().check(z.maxLength(2000)),
        title: z.optional(z.string()),
        source: z.optional(z.string()),
        threshold: z.optional(z.number()),
        direction: z.optional(z.enum(KPI_DIRECTIONS)),
        window: z.optional(z.number()),
        refresh: z.optional(z.enum(KPI_REFRESHES)),
      }),
      answer: NOTHING,
    },
    files: { ask: NOTHING, answer: IssueFiles },
    page: { ask: z.object({ filter: Filter, sort: Sort, offset: Offset, limit: Limit }), answer: IssuePage },
    facets: { ask: z.object({ filter: Filter }), answer: IssueFacets },
    groups: {
      ask: z.object({ filter: Filter, by: z.enum(ISSUE_GROUPINGS), offset: Offset, limit: Limit }),
      answer: IssueGroups,
    },
    plan: { ask: z.object({ selection: Selection }), answer: TriagePlan },
    decide: {
      ask: z.object({ selection: Selection, change: Change, version: z.int() }),
      answer: z.object({ issues: z.int() }),
    },
    /** Takes back the last decision. */
    undo: { ask: NOTHING, answer: z.object({ issues: z.int() }) },
    /** Null when the person chose no file. */
    export: {
      ask: z.object({ filter: Filter, sort: Sort }),
      answer: z.nullable(z.object({ file: z.string(), rows: z.int(), guarded: z.int() })),
    },
    detail: { ask: z.object({ ordinal: Ordinal }), answer: z.nullable(IssueDetail) },
    openRow: {
      ask: z.object({ ordinal: Ordinal, side: z.enum(['source', 'target', 'evidence']) }),
      answer: NOTHING,
    },
    openContractRow: { ask: z.object({ table: z.string(), field: z.string(), rowSet: z.string() }), answer: NOTHING },
    openRule: { ask: z.object({ rule: z.string() }), answer: NOTHING },
    run: { ask: z.object({ command: z.enum(['run-enterprise-pipeline', 'run-product-lifecycle']) }), answer: NOTHING },
  },
  notices: { changed: NOTHING, wanted: Wanted },
});
