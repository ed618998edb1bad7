import type { PastRun } from '../history/runHistory.ts';
import { QUALITY_RULES } from '../quality/rules/index.ts';

/** What a key figure measures, and what it takes it from: a run's record has all of it, so now and then are alike. */
export interface KpiSource {
  readonly unit: 'share' | 'count';
  /** What its numbers count. */
  readonly counts: string;
  /** What it measures, in words. */
  readonly words: string;
  readonly measure: (run: Measured) => KpiMeasure | null;
}

/** The numbers of one run, or of the reports as they are. */
export type Measured = Pick<PastRun, 'rows' | 'quality' | 'migration' | 'contract' | 'gates'>;

export interface KpiMeasure {
  readonly numerator: number;
  /** Null for a plain count. */
  readonly denominator: number | null;
}

/** Sources without a name behind a colon. */
const PLAIN: Readonly<Record<string, KpiSource>> = {
  reject_share: {
    unit: 'share',
    counts: 'source rows read',
    words: 'rejected source rows',
    measure: ({ rows }) => (rows === null ? null : { numerator: rows.rejected, denominator: rows.read }),
  },
  crosswalk_rejects: {
    unit: 'count',
    counts: 'unknown codes rejected',
    words: 'values that no crosswalk knows',
    measure: ({ migration }) => count(migration?.crosswalk_rejects),
  },
  safety_critical_rejects: {
    unit: 'count',
    counts: 'safety-critical rejects',
    words: 'rejects in safety-critical columns, whatever was decided about them',
    measure: ({ migration }) => count(migration?.safety_critical_rejects),
  },
  safety_critical_open: {
    unit: 'count',
    counts: 'safety-critical rejects that no decision settles',
    words: 'safety-critical rejects that no decision settles, as the gates judge it',
    measure: ({ gates }) => count(gates?.safety_critical_open ?? undefined),
  },
  population_ratio: {
    unit: 'share',
    counts: 'target cells',
    words: 'target cells that hold a value',
    measure: ({ migration }) =>
      migration === null ? null : { numerator: migration.cells_populated, denominator: migration.cells_total },
  },
  approved_share: {
    unit: 'share',
    counts: 'contract rows',
    words: 'contract rows whose approval stands',
    measure: ({ contract }) =>
      contract === null
        ? null
        : { numerator: contract.approved ?? contract.by_status['APPROVED'] ?? 0, denominator: contract.rows },
  },
  unresolved_mandatory: {
    unit: 'count',
    counts: 'mandatory fields',
    words: 'mandatory target fields without a mapping',
    measure: ({ contract }) => count(contract?.mandatory_unresolved),
  },
  rules_passed_share: {
    unit: 'share',
    counts: 'rules that could be judged',
    words: 'quality rules that passed',
    measure: ({ quality }) => {
      const judged = Object.values(quality?.results ?? {}).filter(([status]) => status !== 'n');
      if (judged.length === 0) return null;
      return { numerator: judged.filter(([status]) => status === 'p').length, denominator: judged.length };
    },
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
      measure: ({ quality }) => (quality === null ? null : count(quality.domains[about]?.errors ?? 0)),
    };
  const severity = kind === 'severity' ? SEVERITIES[about] : undefined;
  if (severity === undefined) return null;
  return {
    unit: 'count',
    counts: 'failing rows or cells',
    words: `failing rows of ${about} rules`,
    measure: ({ quality }) => count(quality?.[severity]),
  };
}

/** Every source with its words, for those who choose one. */
export function allKpiSources(): readonly { readonly name: string; readonly words: string }[] {
  const names = [
    ...Object.keys(PLAIN),
    ...Object.keys(SEVERITIES).map((name) => `severity:${name}`),
    ...DOMAINS.map((name) => `domain:${name}`),
    ...QUALITY_RULES.map(({ id }) => `rule:${id}`),
  ];
  return names.map((name) => ({ name, words: kpiSource(name)?.words ?? name }));
}

function ruleSource(id: string): KpiSource | null {
  const rule = QUALITY_RULES.find((known) => known.id === id);
  if (rule === undefined) return null;
  return {
    unit: 'share',
    counts: 'rows or cells examined',
    words: `failing rows of ${id}: ${rule.title}`,
    measure: ({ quality }) => {
      const [status, numerator, denominator] = quality?.results[id] ?? ['n', 0, 0];
      return status === 'n' || status === 'e' ? null : { numerator, denominator };
    },
  };
}

function count(value: number | undefined): KpiMeasure | null {
  return value === undefined ? null : { numerator: value, denominator: null };
}
