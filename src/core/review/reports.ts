import { z } from 'zod';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';

/** The parts of the stages' reports that views and problems need. Fields that are not named here are passed over. */
const SpecProblem = z.object({
  code: z.string(),
  severity: z.enum(['error', 'warning', 'info']),
  message: z.string(),
  line: z.number().nullable().default(null),
});
const Side = z.object({
  tables: z.number(),
  fields: z.number(),
  parse_confidence: z.number(),
  files: z.array(z.object({ path: z.string(), problems: z.array(SpecProblem) })),
});
const Summary = z.object({ run_at_utc: z.string(), source: Side, target: Side });
const Gate = z.object({
  id: z.string(),
  title: z.string(),
  owner_role: z.string(),
  verdict: z.enum(['PASS', 'FAIL', 'NOT_PROVEN']),
  actual: z.union([z.string(), z.number(), z.null()]),
  expected: z.union([z.string(), z.number(), z.null()]),
  message: z.string(),
  evidence: z.array(z.string()),
});
const GateReport = z.object({
  run_at_utc: z.string(),
  profile: z.string(),
  status: z.enum(['PASS', 'FAIL']),
  gates: z.array(Gate),
});
const MigrationReport = z.object({
  run_at_utc: z.string(),
  status: z.string(),
  rows_read: z.number(),
  rows_written: z.number(),
  rows_rejected: z.number(),
  rows_excluded: z.number(),
  rows_unexplained: z.number(),
  rows_merged: z.number().default(0),
  crosswalk_rejects: z.number(),
  safety_critical_rejects: z.number().default(0),
  cells_total: z.number().default(0),
  cells_populated: z.number().default(0),
  tables_written: z.number().default(0),
});
const Rule = z.object({
  id: z.string(),
  severity: z.string(),
  family: z.string(),
  status: z.enum(['passed', 'failed', 'not_applicable', 'error']),
  numerator: z.number().nullable(),
  denominator: z.number().nullable(),
  title: z.string().optional(),
  domain: z.string().default('ALL'),
  group: z.string().default(''),
  reason: z.string().default(''),
  /** How many failing keys stand in the issues file; fewer than the numerator when its cap was reached. */
  issues_written: z.number().default(0),
});
const QualityReport = z.object({
  run_at_utc: z.string(),
  status: z.string(),
  patients: z.number(),
  rules: z.array(Rule),
});
const LifecycleRun = z.object({
  run_at_utc: z.string(),
  status: z.string(),
  stages: z.array(
    z.object({
      id: z.string(),
      status: z.string(),
      duration_ms: z.number(),
      message: z.string().default(''),
      inputs: z.array(z.object({ path: z.string(), sha256: z.string() })),
      outputs: z.array(z.object({ path: z.string(), sha256: z.string() })),
    }),
  ),
});

export type CatalogSummary = z.infer<typeof Summary>;
export type GateReport = z.infer<typeof GateReport>;
export type GateLine = z.infer<typeof Gate>;
export type MigrationTotals = z.infer<typeof MigrationReport>;
export type QualityReport = z.infer<typeof QualityReport>;
export type QualityRuleLine = z.infer<typeof Rule>;
export type LifecycleRun = z.infer<typeof LifecycleRun>;

/** Each reader gives null when the report is not there or not whole: then there is nothing to show yet. */
export const readSummary = (project: Project) => read(project, ARTEFACTS.catalogSummary, Summary);
export const readGateReport = (project: Project) => read(project, ARTEFACTS.gateReport, GateReport);
export const readMigrationTotals = (project: Project) => read(project, ARTEFACTS.migrationReport, MigrationReport);
export const readQualityReport = (project: Project) => read(project, ARTEFACTS.qualityReport, QualityReport);
export const readLifecycleRun = (project: Project) => read(project, ARTEFACTS.lifecycleRun, LifecycleRun);

async function read<T>(project: Project, path: string, shape: z.ZodType<T>): Promise<T | null> {
  const text = await readOptionalText(project, path).catch(() => null);
  if (text === null) return null;
  try {
    return shape.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
