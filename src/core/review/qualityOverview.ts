import { stat } from 'node:fs/promises';
import { type PastRun, readRunHistory } from '../history/runHistory.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { RULE_GROUPS } from '../quality/rule.ts';
import { QUALITY_RULES, RULES_NOT_JUDGED } from '../quality/rules/index.ts';
import type { QualityOverview } from './qualityModel.ts';
import { qualityReport } from './reports.ts';

const MOST_RUNS = 30;
const GROUPS: Readonly<Record<string, string>> = RULE_GROUPS;

/** Reads the quality report with its trend over past runs. */
export async function readQualityOverview(project: Project): Promise<QualityOverview> {
  const { value: report, problem } = await qualityReport(project);
  const past = (await readRunHistory(project)).filter((run) => run.quality !== null && judged(run)).slice(0, MOST_RUNS);
  const runs = past.reverse();
  const reportTime = await timeOf(project, ARTEFACTS.qualityReport);
  return {
    report:
      report === null
        ? null
        : {
            at: report.run_at_utc,
            status: report.status,
            patients: report.patients,
            rules: report.rules.map((rule) => ({
              id: rule.id,
              title: rule.title ?? rule.id,
              why: QUALITY_RULES.find(({ id }) => id === rule.id)?.why ?? '',
              severity: rule.severity,
              group: GROUPS[rule.group === '' ? (rule.id.split('-')[0] ?? '') : rule.group] ?? 'other',
              domain: rule.domain,
              status: rule.status,
              numerator: rule.numerator ?? 0,
              denominator: rule.denominator ?? 0,
              reason: rule.reason,
              issuesWritten: rule.issues_written,
              trend: runs.map((run) => foundBy(run, rule.id)),
            })),
          },
    stale: report === null || reportTime === null ? [] : await staleness(project, reportTime),
    unreadable: problem?.message ?? null,
    notJudged: Object.entries(RULES_NOT_JUDGED).map(([id, reason]) => ({ id, reason })),
    runs: runs.map(({ run_id, started_at_utc, quality }) => ({
      id: run_id,
      at: started_at_utc,
      errors: quality?.errors ?? 0,
      warnings: quality?.warnings ?? 0,
      failedRules: quality?.failed ?? 0,
      rules: quality?.rules ?? 0,
    })),
  };
}

/** Gates alone do not judge rules anew, so such a run is no point of the trend. */
function judged({ command, stages }: PastRun): boolean {
  if (command === 'run-enterprise-pipeline') return true;
  return (
    command === 'run-product-lifecycle' &&
    (stages.length === 0 || stages.some(({ id, status }) => id === 'run-enterprise-pipeline' && status !== 'cancelled'))
  );
}

function foundBy(run: PastRun, rule: string): number | null {
  const [status, numerator] = run.quality?.results[rule] ?? ['n', 0];
  return status === 'n' || status === 'e' ? null : numerator;
}

const OLDER: readonly (readonly [path: string, sentence: string])[] = [
  [ARTEFACTS.contract, 'The contract changed after the rules were run.'],
  [ARTEFACTS.contractTables, 'The row sets of the contract changed after the rules were run.'],
  [ARTEFACTS.migrationReport, 'The data was migrated again after the rules were run.'],
];

async function staleness(project: Project, reportTime: number): Promise<string[]> {
  const told: string[] = [];
  for (const [path, sentence] of OLDER) if (((await timeOf(project, path)) ?? 0) > reportTime) told.push(sentence);
  return told;
}

async function timeOf(project: Project, path: string): Promise<number | null> {
  return (await stat(project.at(path)).catch(() => null))?.mtimeMs ?? null;
}
