import { type PastRun, readRunHistory } from '../history/runHistory.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { RULE_GROUPS } from '../quality/rule.ts';
import { QUALITY_RULES, RULES_NOT_JUDGED } from '../quality/rules/index.ts';
import { stageStates } from './projectState.ts';
import type { QualityOverview } from './qualityModel.ts';
import { qualityReport, readLifecycleRun } from './reports.ts';

const MOST_RUNS = 30;
const GROUPS: Readonly<Record<string, string>> = RULE_GROUPS;

/** Reads the quality report with its trend over past runs. */
export async function readQualityOverview(project: Project): Promise<QualityOverview> {
  const { value: report, problem } = await qualityReport(project);
  const history = await readRunHistory(project);
  const past = history.filter((run) => run.quality !== null && judged(run)).slice(0, MOST_RUNS);
  const runs = past.reverse();
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
    stale: report === null ? [] : await staleness(project, history),
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

/** What the rules look at, as a sentence tells of it. */
const LOOKED_AT: Readonly<Record<string, string>> = {
  [ARTEFACTS.contract]: 'The contract',
  [ARTEFACTS.contractTables]: 'The row sets of the contract',
  [ARTEFACTS.targetContract]: 'The migrated data',
  [ARTEFACTS.mockSource]: 'The source data',
  [ARTEFACTS.migrationRejects]: 'The list of rejects',
  [ARTEFACTS.crosswalks]: 'A crosswalk',
  [ARTEFACTS.codeSets]: 'A code list',
  [ARTEFACTS.sourceCatalog]: 'The source schema',
  [ARTEFACTS.targetCatalog]: 'The target schema',
  [ARTEFACTS.migrationTableStats]: 'The counts of the migration',
};

/** Judged as the Lifecycle and the Dashboard judge it. */
async function staleness(project: Project, history: readonly PastRun[]): Promise<string[]> {
  const stages = await stageStates(project, await readLifecycleRun(project), history);
  const { changed = [] } = stages.find(({ id }) => id === 'run-enterprise-pipeline') ?? {};
  return changed.map((path) => `${LOOKED_AT[path] ?? `What lies in ${path}`} changed after the rules were run.`);
}
