import { join } from 'node:path';
import { z } from 'zod';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import { UserError } from '../shared/errors.ts';

/** Beside the files that `connectors extract` wrote: which connector they came from. */
export const EXTRACT_MANIFEST = 'extract_manifest.json';

const STAGES = ['stable', 'emulator', 'experimental'] as const;

export const ExtractManifest = z.object({
  schema_version: z.literal(1),
  run_id: z.string(),
  run_at_utc: z.string(),
  connection: z.string(),
  connector: z.string(),
  connector_stage: z.enum(STAGES),
  files: z.array(z.object({ path: z.string(), rows: z.number(), unreadable: z.number(), sha256: z.string() })),
});
export type ExtractManifest = z.infer<typeof ExtractManifest>;

/** Where the rows of a folder came from. Files that nobody extracted with a connector are plain CSV files. */
export interface SourceOrigin {
  readonly connection: string;
  readonly connector: string;
  readonly stage: (typeof STAGES)[number];
}

const FILES: SourceOrigin = { connection: '', connector: 'csv', stage: 'stable' };

/** The connector that filled a folder. @throws UserError when its manifest cannot be understood: it may hide an emulator */
export async function originOf(project: Project, directory: string): Promise<SourceOrigin> {
  const file = join(directory, EXTRACT_MANIFEST);
  const text = await readOptionalText(project, file);
  if (text === null) return FILES;
  const read = ExtractManifest.safeParse(parsed(text));
  if (!read.success) throw new UserError(`${project.name(file)}: cannot be understood; run connectors extract again.`);
  const { connection, connector, connector_stage: stage } = read.data;
  return { connection, connector, stage };
}

const MockManifest = z.object({ files: z.array(z.object({ path: z.string(), sha256: z.string().optional() })) });

/**
 * SHA-256 of every file that the mock generator says it made, by the manifests that lie where the project keeps it and
 * beside the files. Empty when there is none.
 */
export async function mockFileHashes(project: Project, directory: string): Promise<ReadonlySet<string>> {
  const places = [ARTEFACTS.mockManifest, ...['.', '..'].map((up) => join(directory, up, 'mock_data_manifest.json'))];
  const hashes = new Set<string>();
  for (const place of new Set(places.map((path) => project.at(path)))) {
    const text = await readOptionalText(project, place).catch(() => null);
    const read = text === null ? null : MockManifest.safeParse(parsed(text));
    for (const { sha256 } of read?.data?.files ?? []) if (sha256 !== undefined) hashes.add(sha256);
  }
  return hashes;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
