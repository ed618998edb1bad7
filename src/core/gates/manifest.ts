import { basename } from 'node:path';
import { z } from 'zod';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import { UserError } from '../shared/errors.ts';
import type { Found } from './reports.ts';

/** What the extract should hold, by file name (`PATMAST.csv`). */
export interface Manifest {
  readonly files: ReadonlyMap<string, { readonly rows: number; readonly sha256: string | null }>;
}

const FileEntry = z.object({ path: z.string(), rows: z.int(), sha256: z.string().optional() });
const Shape = z.object({ files: z.array(FileEntry) });

/** `mock_data/mock_data_manifest.json`; source files only. */
export async function readManifest(project: Project): Promise<Found<Manifest>> {
  const path = ARTEFACTS.mockManifest;
  const again = 'run generate-mock-data, or put the manifest of the extract there';
  try {
    const text = await readOptionalText(project, path);
    if (text === null) return { value: null, absent: `${path} does not exist; ${again}.` };
    const { files } = Shape.parse(JSON.parse(text));
    const source = files.filter((file) => file.path.startsWith(`${ARTEFACTS.mockSource}/`));
    if (source.length > 0) {
      const entries = source.map(
        (file) => [basename(file.path), { rows: file.rows, sha256: file.sha256 ?? null }] as const,
      );
      return { value: { files: new Map(entries) } };
    }
  } catch (error) {
    if (!(error instanceof UserError || error instanceof SyntaxError || error instanceof z.ZodError)) throw error;
  }
  return { value: null, absent: `${path} does not list the source files with their rows; ${again}.` };
}
