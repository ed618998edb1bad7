import { basename } from 'node:path';
import { z } from 'zod';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';

const Files = z.object({
  inputs: z.array(z.object({ path: z.string() })),
  outputs: z.array(z.object({ path: z.string() })),
});

/**
 * File name → project-relative path, as the last migration recorded them, so that quality looks at the very files it read
 * and wrote even when they lie elsewhere. Empty when there is no readable report: the usual folders are used then.
 */
export async function recordedFiles(project: Project, which: 'inputs' | 'outputs'): Promise<Map<string, string>> {
  const text = await readOptionalText(project, ARTEFACTS.migrationReport);
  if (text === null) return new Map();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return new Map();
  }
  const read = Files.safeParse(json);
  if (!read.success) return new Map();
  const data = read.data[which].filter(({ path }) => path.endsWith('.csv') && !/^(schemas|reports)\//.test(path));
  return new Map(data.map(({ path }) => [basename(path), path]));
}

const Profile = z.object({ release_profile: z.string().nullable().default(null) });

/** What the last migration was for, as its report says; null when nobody said. */
export async function recordedProfile(project: Project): Promise<string | null> {
  const text = await readOptionalText(project, ARTEFACTS.migrationReport);
  try {
    return text === null ? null : Profile.parse(JSON.parse(text)).release_profile;
  } catch {
    return null;
  }
}
