import { z } from 'zod';
import { roleTitle } from '../governance/roleNames.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { type Report, readReport } from './readReport.ts';

/** What no run can have written is not believed: no fractions, nothing below zero or too large to be exact. */
const Count = z.int().min(0);

/** The parts of the stages' reports that views and problems need. Fields that are not named here are passed over. */
const SpecProblem = z.object({
  code: z.string(),
  severity: z.enum(['error', 'warning', 'info']),
  message: z.string(),
  line: z.number().nullable().default(null),
});
const Side = z.object({
  tables: Count,
  fields: Count,
  parse_confidence: z.number().min(0).max(1),
  files: z.array(z.object({ path: z.string(), problems: z.array(SpecProblem) })),
});
/** How every report of a stage begins, and what it says of the files that the stage read, if it does. */
const Ending = z.object({
  run_id: z.string().default(''),
  run_at_utc: z.string(),
  status: z.string().default(''),
  inputs: z.array(z.object({ path: z.string(), sha256: z.string().default('') })).default([]),
});
const Summary = z.object({ ...Ending.shape, source: Side, target: Side });
const Gate = z.object({
  id: z.string(),
  title: z.string(),
  owner_role: z.string().transform(roleTitle),
  verdict: z.enum(['PASS', 'FAIL', 'NOT_PROVEN']),
  actual: z.union([z.string(), z.number(), z.null()]),
  expected: z.union([z.string(), z.number(), z.null()]),
  message: z.string(),
  evidence: z.array(z.string()),
});
const GateReport = z.object({
  ...Ending.shape,
  profile: z.string(),
  status: z.enum(['PASS', 'FAIL']),
  gates: z.array(Gate),
});
const MigrationReport = z
  .object({
    ...Ending.shape,
    rows_read: Count,
    rows_written: Count,
    rows_rejected: Count,
    rows_excluded: Count,
    /** Below zero where more was written than read. */
    rows_unexplained: z.int(),
    rows_merged: Count.default(0),
    crosswalk_rejects: Count,
    safety_critical_rejects: Count.default(0),
    cells_total: Count.default(0),
    cells_populated: Count.default(0),
    tables_written: Count.default(0),
    inputs: z.array(z.object({ path: z.string(), sha256: z.string().default(''), rows: Count.optional() })).default([]),
  })
  .refine(
    (rows) =>
      rows.rows_read ===
      rows.rows_written + rows.rows_rejected + rows.rows_excluded + rows.rows_merged + rows.rows_unexplained,
    'Its rows do not add up to those read, so the numbers are not believable.',
  );
const Rule = z.object({
  id: z.string(),
  severity: z.string(),
  family: z.string(),
  status: z.enum(['passed', 'failed', 'not_applicable', 'error']),
  numerator: Count.nullable(),
  denominator: Count.nullable(),
  title: z.string().optional(),
  domain: z.string().default('ALL'),
  group: z.string().default(''),
  reason: z.string().default(''),
  /** How many failing keys stand in the issues file; fewer than the numerator when its cap was reached. */
  issues_written: Count.default(0),
});
const QualityReport = z.object({
  ...Ending.shape,
  patients: Count,
  /** Lines of the issues file. */
  issues_written: Count.optional(),
  rules: z.array(Rule),
});
const LifecycleRun = z.object({
  run_id: z.string().default(''),
  run_at_utc: z.string(),
  status: z.string(),
  stages: z.array(
    z.object({
      id: z.string(),
      status: z.string(),
      duration_ms: z.number().min(0),
      message: z.string().default(''),
      inputs: z.array(z.object({ path: z.string(), sha256: z.string() })),
      outputs: z.array(z.object({ path: z.string(), sha256: z.string() })),
    }),
  ),
});

const Outcome = z.object({
  connection: z.string(),
  status: z.string(),
  run_at_utc: z.string(),
  message: z.string().default(''),
  unexplained_differences: Count.optional(),
});

export type CatalogSummary = z.infer<typeof Summary>;
export type GateReport = z.infer<typeof GateReport>;
export type MigrationTotals = z.infer<typeof MigrationReport>;
export type QualityReport = z.infer<typeof QualityReport>;
export type ReportedOutcome = z.infer<typeof Outcome>;
export type LifecycleRun = z.infer<typeof LifecycleRun>;

/** A report of the project with what is wrong with it. */
type ReportReader<T> = (project: Project) => Promise<Report<T>>;

function reader<T>(path: string, shape: z.ZodType<T>): ReportReader<T> {
  return (project) => readReport(project, path, shape);
}

export const summaryReport = reader(ARTEFACTS.catalogSummary, Summary);
export const gateReport = reader(ARTEFACTS.gateReport, GateReport);
export const migrationReport = reader(ARTEFACTS.migrationReport, MigrationReport);
export const qualityReport = reader(ARTEFACTS.qualityReport, QualityReport);
export const lifecycleReport = reader(ARTEFACTS.lifecycleRun, LifecycleRun);
/** How the last load and the last reconciliation ended. */
export const loadOutcome = reader(ARTEFACTS.loadReport, Outcome);
export const reconciliationOutcome = reader(ARTEFACTS.reconciliationReport, Outcome);

/** Each gives null also when the report cannot be used; whoever shows that there is nothing asks the report instead. */
export const readSummary = async (project: Project) => (await summaryReport(project)).value;
export const readGateReport = async (project: Project) => (await gateReport(project)).value;
export const readMigrationTotals = async (project: Project) => (await migrationReport(project)).value;
export const readQualityReport = async (project: Project) => (await qualityReport(project)).value;
export const readLifecycleRun = async (project: Project) => (await lifecycleReport(project)).value;

/** The reports in which the stages tell how they ended, by stage. */
const STAGE_REPORTS: Readonly<Record<string, ReportReader<z.infer<typeof Ending>>>> = {
  'extract-specs': summaryReport,
  'generate-mock-data': reader(ARTEFACTS.mockManifest, Ending),
  'analyze-semantic-mapping': reader(ARTEFACTS.mappingSummary, Ending),
  'build-mapping-contract': reader(ARTEFACTS.contractSummary, Ending),
  'run-contract-migration': migrationReport,
  'run-enterprise-pipeline': qualityReport,
  'run-release-gates': gateReport,
};

/** The stages that leave one. */
export const REPORTING_STAGES: readonly string[] = Object.keys(STAGE_REPORTS);

/** The report of a stage, as far as it says how the stage ended. */
export async function stageReport(project: Project, stage: string): Promise<Report<z.infer<typeof Ending>>> {
  return (await STAGE_REPORTS[stage]?.(project)) ?? { value: null, problem: null };
}
