import type { PastRun } from '../history/runHistory.ts';
import { QUALITY_RULES } from '../quality/rules/index.ts';
import type { KpiUnit } from './kpi.ts';

/** What a key figure measures, and what it takes it from: a run's record has all of it, so now and then are alike. */
export interface KpiSource {
  readonly unit: KpiUnit;
  /** What its numbers count. */
  readonly counts: string;
  /** What it measures, in words. */
  readonly words: string;
  readonly from: KpiBasis;
  readonly measure: (run: Measured) => KpiMeasure | null;
  /** Why what it is measured from has no value for it, where something better than that can be said. */
  readonly absent?: (run: Measured) => string | null;
}

/** What key figures are measured from: two reports, and files that are looked at as they are now. */
export type KpiBasis = 'migration' | 'quality' | 'contract' | 'triage';
export const KPI_BASES: Readonly<
  Record<KpiBasis, { readonly words: string; readonly live?: true; readonly missing: string }>
> = {
  migration: {
    words: 'the migration report',
    missing: 'There is no migration report yet; run the contract migration.',
  },
  quality: { words: 'the quality report', missing: 'There is no quality report yet; run the data quality rules.' },
  contract: {
    words: 'the contract',
    live: true,
    missing: 'There is no mapping contract yet; build the mapping contract.',
  },
  triage: {
    words: 'the rejects and the decisions about them',
    live: true,
    missing: 'There is no migration report yet; run the contract migration.',
  },
};

/** The numbers of one run, or of the reports as they are. */
export type Measured = Pick<PastRun, 'rows' | 'quality' | 'migration' | 'contract'> & {
  readonly gates: Pick<NonNullable<PastRun['gates']>, 'safety_critical_open'> | null;
};

export interface KpiMeasure {
  readonly numerator: number;
  /** Null for a plain count. */
  readonly denominator: number | null;
}

/** Sources without a name behind a colon. */
const PLAIN: Readonly<Record<string, KpiSource>> = {
  reject_share: {
    unit: 'share',
    counts: 'rows read by row sets',
    words: 'rejected rows, of those that row sets read',
    from: 'migration',
    measure: ({ rows }) => (rows === null ? null : { numerator: rows.rejected, denominator: rows.read }),
  },
  crosswalk_rejects: {
    unit: 'count',
    counts: 'unknown codes rejected',
    words: 'values that no crosswalk knows',
    from: 'migration',
    measure: ({ migration }) => count(migration?.crosswalk_rejects),
  },
  safety_critical_rejects: {
    unit: 'count',
    counts: 'safety-critical rejects',
    words: 'rejects in safety-critical columns, whatever was decided about them',
    from: 'migration',
    measure: ({ migration }) => count(migration?.safety_critical_rejects),
  },
  safety_critical_open: {
    unit: 'count',
    counts: 'safety-critical rejects that no decision settles',
    words: 'safety-critical rejects that no decision settles, judged as the gates do, by the decisions as they are now',
    from: 'triage',
    measure: ({ gates }) => count(gates?.safety_critical_open ?? undefined),
  },
  population_ratio: {
    unit: 'share',
    counts: 'target cells',
    words: 'target cells that hold a value',
    from: 'migration',
    measure: ({ migration }) =>
      migration === null ? null : { numerator: migration.cells_populated, denominator: migration.cells_total },
  },
  approved_share: {
    unit: 'share',
    counts: 'contract rows',
    words: 'contract rows whose approval stands',
    from: 'contract',
    measure: ({ contract }) =>
      contract === null
        ? null
        : { numerator: contract.approved ?? contract.by_status['APPROVED'] ?? 0, denominator: contract.rows },
  },
  unresolved_mandatory: {
    unit: 'count',
    counts: 'mandatory fields',
    words: 'mandatory target fields without a mapping',
    from: 'contract',
    measure: ({ contract }) => count(contract?.mandatory_unresolved),
  },
  rules_passed_share: {
    unit: 'share',
    counts: 'rules that could be judged',
    words: 'quality rules that passed',
    from: 'quality',
    measure: ({ quality }) => {
      const judged = Object.values(quality?.results ?? {}).filter(([status]) => status !== 'n');
      if (judged.length === 0) return null;
      return { numerator: judged.filter(([status]) => status === 'p').length, denominator: judged.length };
    },
    absent: ({ quality }) => (quality === null ? null : 'No rule could be judged on this data.'),
  },
};

const DOMAINS = ['PMI', 'OPD', 'IWL', 'ADT', 'ED', 'MH', 'REFERENCE', 'ALL'];
const SEVERITIES: Readonly<Record<string, 'errors' | 'warnings'>> = { ERROR: 'errors', WARN: 'warnings' };

/** The source of a name, or null when there is none of it. */
export function kpiSource(name: string): KpiSource | null {
  if (Object.hasOwn(PLAIN, name)) return PLAIN[name] ?? null;
  const [kind, about = ''] = name.split(/:(.*)/s);
  if (kind === 'rule') return ruleSource(about);
  if (kind === 'domain' && DOMAINS.includes(about))
    return {
      unit: 'count',
      counts: 'failing rows or cells',
      words: `failing rows of ERROR rules in ${about}`,
      from: 'quality',
      measure: ({ quality }) => (quality === null ? null : count(quality.domains[about]?.errors ?? 0)),
    };
  const severity = kind === 'severity' ? SEVERITIES[about] : undefined;
  if (severity === undefined) return null;
  return {
    unit: 'count',
    counts: 'failing rows or cells',
    words: `failing rows of ${about} rules`,
    from: 'quality',
    measure: ({ quality }) => count(quality?.[severity]),
  };
}

/** Every source with its words, for those who choose one. */
export function allKpiSources(): readonly { readonly name: string; readonly words: string; readonly unit: KpiUnit }[] {
  const names = [
    ...Object.keys(PLAIN),
    ...Object.keys(SEVERITIES).map((name) => `severity:${name}`),
    ...DOMAINS.map((name) => `domain:${name}`),
    ...QUALITY_RULES.map(({ id }) => `rule:${id}`),
  ];
  return names.flatMap((name) => {
    const source = kpiSource(name);
    return source === null ? [] : [{ name, words: source.words, unit: source.unit }];
  });
}

function ruleSource(id: string): KpiSource | null {
  const rule = QUALITY_RULES.find((known) => known.id === id);
  if (rule === undefined) return null;
  return {
    unit: 'share',
    counts: 'rows or cells examined',
    words: `failing rows of ${id}: ${rule.title}`,
    from: 'quality',
    measure: ({ quality }) => {
      const [status, numerator, denominator] = quality?.results[id] ?? ['n', 0, 0];
      return status === 'n' || status === 'e' ? null : { numerator, denominator };
    },
    absent: ({ quality }) => {
      if (quality === null) return null;
      const [status] = quality.results[id] ?? [null];
      if (status === null) return `The quality report does not have ${id}; run the data quality rules again.`;
      return status === 'e' ? `${id} could not run; see the Dashboard.` : `${id} does not apply to this data.`;
    },
  };
}

function count(value: number | undefined): KpiMeasure | null {
  return value === undefined ? null : { numerator: value, denominator: null };
}
