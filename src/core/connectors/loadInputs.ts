import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { z } from 'zod';
import { loadCatalog } from '../catalog/loadCatalog.ts';
import { hashFileIfThere } from '../project/hashFile.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readRequiredText } from '../project/readText.ts';
import { UserError } from '../shared/errors.ts';
import type { LoadRequest, LoadTable } from './connector.ts';
import { countsInWords } from './dataClass.ts';
import type { MigratedRows } from './loadPolicy.ts';
import { parentsFirst } from './parentsFirst.ts';
import { RELEASE_PROFILES } from './policy.ts';

const Recorded = z.object({
  status: z.string(),
  run_id: z.string(),
  outputs: z.array(z.object({ path: z.string(), sha256: z.string(), rows: z.number() })),
  release_profile: z.enum(RELEASE_PROFILES).nullable(),
  data_class: z.object({
    class: z.enum(['mock', 'real', 'mixed', 'none']),
    nhs_numbers_in_test_range: z.number(),
    nhs_numbers_outside: z.number(),
  }),
});

const AGAIN = 'Run run-contract-migration again.';

/** What a load brings over, with what the migration recorded of it. */
export interface MigratedRequest extends LoadRequest {
  readonly migrationRunId: string;
  readonly rows: MigratedRows;
}

/**
 * The migrated tables, as the migration recorded them: a file that changed since is refused, and so is a run that failed.
 * Parents come before the tables that refer to them.
 */
export async function readLoadRequest(project: Project): Promise<MigratedRequest> {
  const file = ARTEFACTS.migrationReport;
  const text = await readRequiredText(project, file, 'Run run-contract-migration first.');
  const read = Recorded.safeParse(parsed(text));
  if (!read.success) throw new UserError(`${file}: cannot be understood. ${AGAIN}`);
  if (read.data.status !== 'passed')
    throw new UserError(`${file}: the migration failed, and what it wrote may not be loaded; see its issues. ${AGAIN}`);
  const catalog = await loadCatalog(project, ARTEFACTS.targetCatalog, 'target');
  const tables: LoadTable[] = [];
  for (const output of read.data.outputs) {
    const table = catalog.table(basename(output.path, '.csv'));
    if (table === undefined)
      throw new UserError(`${output.path}: the target catalog does not know this table. ${AGAIN}`);
    const hash = await hashFileIfThere(project.at(output.path));
    if (hash?.sha256 !== output.sha256)
      throw new UserError(
        `${output.path}: ${hash === null ? 'is missing' : 'changed since the migration wrote it'}. ${AGAIN}`,
      );
    tables.push({ table, path: project.at(output.path), name: output.path, rows: output.rows, sha256: output.sha256 });
  }
  if (tables.length === 0) throw new UserError(`${file}: names no migrated table. ${AGAIN}`);
  const ordered = parentsFirst(tables);
  const key = createHash('sha256');
  for (const table of ordered) key.update(`${table.table.name} ${table.sha256}\n`);
  const {
    class: dataClass,
    nhs_numbers_in_test_range: inTestRange,
    nhs_numbers_outside: outside,
  } = read.data.data_class;
  return {
    tables: ordered,
    loadKey: key.digest('hex').slice(0, 32),
    migrationRunId: read.data.run_id,
    rows: { profile: read.data.release_profile, dataClass, counts: countsInWords({ inTestRange, outside }) },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
