import { z } from 'zod';
import type { Engine } from '../engine/engine.ts';
import { defineStage, progressOf, type StageContext } from '../lifecycle/stage.ts';
import { hashFile } from '../project/hashFile.ts';
import { ARTEFACTS } from '../project/layout.ts';
import { publishing } from '../project/publication.ts';
import { throwIfCancelled } from '../shared/errors.ts';
import { groupBy } from '../shared/order.ts';
import { readExtractAt } from './extractInstant.ts';
import { issuesText } from './issues.ts';
import { recordedProfile } from './migrationFiles.ts';
import { RULE_GROUPS, type RuleResult, type RuleStatus } from './rule.ts';
import { QUALITY_RULES, RULES_NOT_JUDGED } from './rules/index.ts';
import type { RuleWorld } from './ruleWorld.ts';
import { type RuleOutcome, runRule } from './runRules.ts';
import { DEFAULT_SETTINGS } from './settings.ts';
import { buildWorld } from './world.ts';

const STAGE = 'run-enterprise-pipeline';

const Options = z.object({
  min_patients: z.int().min(0).default(1).describe('fewest loaded patients for the check to pass'),
  extract_at: z
    .string()
    .optional()
    .describe('local date and time of the extract (CCYY-MM-DDThh:mm:ss); from the mock data manifest when not given'),
});

/** Runs every data quality rule over the migrated data and its source; fails on any ERROR rule or too few patients. */
export const runEnterprisePipeline = defineStage({
  id: STAGE,
  title: 'Run data quality rules',
  owner: 'data_quality_lead',
  summary: 'Judge the migrated data by the data quality rules and list every failing row.',
  example: 'pas-migration run-enterprise-pipeline --min-patients 20',
  options: Options,
  reads: [
    ARTEFACTS.targetContract,
    ARTEFACTS.mockSource,
    ARTEFACTS.contract,
    ARTEFACTS.contractTables,
    ARTEFACTS.targetCatalog,
    ARTEFACTS.sourceCatalog,
    ARTEFACTS.crosswalks,
    ARTEFACTS.codeSets,
    ARTEFACTS.migrationRejects,
    ARTEFACTS.migrationTableStats,
  ],
  writes: [ARTEFACTS.qualityReport, ARTEFACTS.qualityIssues],
  async run(context, options) {
    const extractAt = await readExtractAt(context.project, options.extract_at);
    const engine = await context.openEngine();
    try {
      const { world, files } = await buildWorld(context, engine, {
        settings: DEFAULT_SETTINGS,
        extractAt,
        rules: QUALITY_RULES,
      });
      const patients = await countPatients(world);
      const outcomes = forProfile(await judge(context, world), await recordedProfile(context.project));
      const inputs = [];
      for (const path of files) inputs.push({ path, sha256: (await hashFile(context.project.at(path))).sha256 });
      const report = qualityReport(context, options.min_patients, extractAt, patients, outcomes, inputs);
      return await publishing(context.project, async (publication) => {
        const familyOf = (table: string) =>
          world.target.table(table)?.family ?? world.source.table(table)?.family ?? '';
        await publication.writeText(ARTEFACTS.qualityIssues, issuesText(QUALITY_RULES, outcomes, familyOf));
        await publication.writeJson(ARTEFACTS.qualityReport, report);
        return {
          status: report.status,
          summary: {
            status: report.status,
            patients,
            rule_counts: report.rule_counts,
            severity_counts: report.severity_counts,
          },
          text: summaryLines(report.rules, patients, options.min_patients),
          inputs: files,
          outputs: publication.outputs,
        };
      });
    } finally {
      await engine.close();
    }
  },
});

async function judge(context: StageContext, world: RuleWorld): Promise<RuleOutcome[]> {
  const progress = progressOf(context, STAGE);
  const outcomes: RuleOutcome[] = [];
  for (const [index, rule] of QUALITY_RULES.entries()) {
    throwIfCancelled(context.signal);
    outcomes.push(await runRule(world, rule));
    progress(rule.id, index + 1, QUALITY_RULES.length);
  }
  return outcomes;
}

/** The rule that says there are invented people only. */
const REHEARSAL_RULE = 'VAL-03';

/**
 * In a run for cutover real NHS numbers are no fault: what the rule of rehearsals counted stays, for the gate
 * `patient_data`, which then asks the opposite of it.
 */
function forProfile(outcomes: readonly RuleOutcome[], profile: string | null): readonly RuleOutcome[] {
  if (profile !== 'cutover_ready') return outcomes;
  const reason = "A cutover_ready run holds the trust's own patients; the gate patient_data judges them.";
  return outcomes.map(({ result, issues }) =>
    result.id === REHEARSAL_RULE
      ? { result: { ...result, status: 'not_applicable' as const, reason, issues_written: 0 }, issues: [] }
      : { result, issues },
  );
}

/** People loaded: distinct patient keys of the tables that hold patients. 0 when the target has no such table. */
export async function countPatients(world: { engine: Engine; views: RuleWorld['views'] }): Promise<number> {
  if (!world.views.has({ side: 'target', family: 'PMI', concept: 'key' })) return 0;
  const [row] = await world.engine.rows('SELECT count(DISTINCT key)::DOUBLE AS n FROM pmi');
  return Number(row?.['n'] ?? 0);
}

function qualityReport(
  context: StageContext,
  minPatients: number,
  extractAt: string | null,
  patients: number,
  outcomes: readonly RuleOutcome[],
  inputs: readonly { path: string; sha256: string }[],
) {
  const rules = outcomes.map(({ result }) => result);
  const broken = rules.some(
    (rule) => rule.severity === 'ERROR' && (rule.status === 'failed' || rule.status === 'error'),
  );
  const failing = rules.filter((rule) => rule.status === 'failed');
  return {
    schema_version: 1,
    run_id: context.runId,
    run_at_utc: context.now().toISOString(),
    status: broken || patients < minPatients ? ('failed' as const) : ('passed' as const),
    extract_at: extractAt,
    patients,
    min_patients: minPatients,
    rule_counts: countBy(
      rules,
      (rule) => rule.status,
      ['passed', 'failed', 'not_applicable', 'error'],
      () => 1,
    ),
    /** Failing rows or cells, all of them, also those beyond the cap of the issues file. */
    severity_counts: countBy(
      failing,
      (rule) => rule.severity,
      ['ERROR', 'WARN', 'INFO'],
      (rule) => rule.numerator,
    ),
    domain_counts: countBy(
      failing,
      (rule) => rule.domain,
      [...new Set(rules.map((rule) => rule.domain))].sort(),
      (rule) => rule.numerator,
    ),
    issues_written: rules.reduce((sum, rule) => sum + rule.issues_written, 0),
    inputs,
    rules,
    rules_not_judged: Object.entries(RULES_NOT_JUDGED).map(([id, reason]) => ({ id, reason })),
  };
}

function countBy(
  rules: readonly RuleResult[],
  keyOf: (rule: RuleResult) => string,
  keys: readonly string[],
  amount: (rule: RuleResult) => number,
): Record<string, number> {
  return Object.fromEntries(
    keys.map((key) => [key, rules.filter((rule) => keyOf(rule) === key).reduce((sum, rule) => sum + amount(rule), 0)]),
  );
}

function summaryLines(rules: readonly RuleResult[], patients: number, minPatients: number): string[] {
  const lines = [...groupBy(rules, (rule) => rule.group)].map(([group, members]) => {
    const count = (status: RuleStatus) => members.filter((rule) => rule.status === status).length;
    const failed = members.filter((rule) => rule.status === 'failed' || rule.status === 'error').map((rule) => rule.id);
    const tail = failed.length === 0 ? '' : `: ${failed.join(', ')}`;
    const name = `${group} ${RULE_GROUPS[group]}`.padEnd(26);
    return `${name} ${count('passed')} passed, ${count('failed') + count('error')} failed, ${count('not_applicable')} not applicable${tail}`;
  });
  const enough = patients < minPatients ? ` (fewer than the ${minPatients} asked for)` : '';
  return [`${patients} patients loaded${enough}`, ...lines];
}
