import { z } from 'zod';
import { roleTitle } from '../governance/roleNames.ts';

/** Something the gates rest on: there and understood, or absent with the sentence that says what to do. */
export type Found<T> =
  | { readonly value: T; readonly absent?: undefined }
  | { readonly value: null; readonly absent: string };

const RecordedFile = z.object({ path: z.string(), sha256: z.string(), rows: z.number().optional() });

/** Keys of `contract_migration_report.json` the gates use. */
export const MigrationReport = z.object({
  run_id: z.string(),
  status: z.string(),
  impute_mode: z.string(),
  rows_read: z.number(),
  rows_written: z.number(),
  rows_rejected: z.number(),
  rows_unexplained: z.number(),
  cells_total: z.number(),
  cells_populated: z.number(),
  cells_imputed: z.number(),
  crosswalk_rejects: z.number(),
  safety_critical_rejects: z.number(),
  issue_counts: z.object({ ERROR: z.number() }),
  inputs: z.array(RecordedFile),
  outputs: z.array(RecordedFile),
  contract_sha256: z.string(),
  release_profile: z.enum(['development', 'pre_production', 'cutover_ready']).nullable().optional(),
  connector: z
    .object({ connection: z.string(), connector: z.string(), stage: z.enum(['stable', 'emulator', 'experimental']) })
    .optional(),
  data_class: z
    .object({
      class: z.enum(['mock', 'real', 'mixed', 'none']),
      nhs_numbers_in_test_range: z.number(),
      nhs_numbers_outside: z.number(),
      mock_generator_files: z.number(),
    })
    .optional(),
});
export type MigrationEvidence = z.infer<typeof MigrationReport>;

/** Keys of `enterprise_pipeline_report.json` the gates use. */
export const QualityReport = z.object({
  run_id: z.string(),
  patients: z.number(),
  min_patients: z.number(),
  inputs: z.array(RecordedFile),
  rules: z.array(
    z.object({
      id: z.string(),
      severity: z.enum(['ERROR', 'WARN', 'INFO']),
      family: z.string(),
      status: z.enum(['passed', 'failed', 'not_applicable', 'error']),
      numerator: z.number(),
      denominator: z.number(),
    }),
  ),
});
export type QualityEvidence = z.infer<typeof QualityReport>;

/** Keys of `release_gate_report.json` that signatures are bound to. */
export const GateReportFile = z.object({
  run_id: z.string(),
  run_at_utc: z.string(),
  profile: z.string(),
  status: z.enum(['PASS', 'FAIL']),
  thresholds: z.record(z.string(), z.object({ value: z.unknown() })),
  gates: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      owner_role: z.string().transform(roleTitle),
      verdict: z.enum(['PASS', 'FAIL', 'NOT_PROVEN']),
      actual: z.union([z.string(), z.number(), z.null()]),
      expected: z.union([z.string(), z.number(), z.null()]),
      message: z.string(),
    }),
  ),
  inputs: z.array(RecordedFile),
});
