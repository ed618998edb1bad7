import { dirname } from 'node:path';
import { z } from 'zod';
import { loadCatalog } from '../catalog/loadCatalog.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';

const Report = z.object({ inputs: z.array(z.object({ path: z.string() })) });

/** The folder that the last migration read its source tables from; that of the mock data when there was none. */
export async function lastSourceDir(project: Project): Promise<string> {
  const text = await readOptionalText(project, ARTEFACTS.migrationReport).catch(() => null);
  const catalog = await loadCatalog(project, ARTEFACTS.sourceCatalog, 'source').catch(() => null);
  if (text === null || catalog === null) return ARTEFACTS.mockSource;
  try {
    const { inputs } = Report.parse(JSON.parse(text));
    const table = inputs.find(({ path }) => catalog.table(/([^/\\]+)\.csv$/.exec(path)?.[1] ?? '') !== undefined);
    return table === undefined ? ARTEFACTS.mockSource : dirname(table.path);
  } catch {
    // A report that is cut short names no folder; what it is about is told elsewhere.
    return ARTEFACTS.mockSource;
  }
}
