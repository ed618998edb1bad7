import { z } from 'zod';
import { MigrationReport, QualityReport } from '../gates/reports.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';

const Migration = MigrationReport.extend({ rows_excluded: z.number(), rows_merged: z.number() });
const Quality = QualityReport.extend({
  rules: z.array(QualityReport.shape.rules.element.extend({ title: z.string() })),
});
const Measure = z.union([z.string(), z.number(), z.null()]);
const Gates = z.object({
  profile: z.string(),
  status: z.string(),
  gates: z.array(z.object({ id: z.string(), title: z.string(), verdict: z.string(), actual: Measure })),
  inputs: z.array(z.object({ path: z.string(), sha256: z.string() })),
});

/** One side of a comparison: a project's reports as they stand; null where there is none or it is not whole. */
export interface Side {
  readonly project: Project;
  readonly migration: z.infer<typeof Migration> | null;
  readonly quality: z.infer<typeof Quality> | null;
  readonly gates: z.infer<typeof Gates> | null;
}

/** Reads the reports of the three stages that a contract decides. */
export async function readSide(project: Project): Promise<Side> {
  return {
    project,
    migration: await read(project, ARTEFACTS.migrationReport, Migration),
    quality: await read(project, ARTEFACTS.qualityReport, Quality),
    gates: await read(project, ARTEFACTS.gateReport, Gates),
  };
}

async function read<T>(project: Project, path: string, shape: z.ZodType<T>): Promise<T | null> {
  const text = await readOptionalText(project, path).catch(() => null);
  try {
    return text === null ? null : shape.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
