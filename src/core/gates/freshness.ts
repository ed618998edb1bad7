import { hashFileIfThere } from '../project/hashFile.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { compareText } from '../shared/order.ts';
import type { MigrationEvidence, QualityEvidence } from './reports.ts';

/** Whether the reports still speak of the files that are there now. */
export interface Freshness {
  /** Files compared. 0: nothing could be compared. */
  readonly checked: number;
  /** One sentence for each file that differs: which, and which stage to run again. Sorted. */
  readonly stale: readonly string[];
}

/** SHA-256 of what a project file holds now; null when it is not there. */
export type HashOf = (path: string) => Promise<string | null>;

/** Reads each file once, however often it is asked for. */
export function hashesOf(project: Project): HashOf {
  const known = new Map<string, Promise<string | null>>();
  return (path) => {
    const found = known.get(path) ?? hashFileIfThere(project.at(path)).then((hash) => hash?.sha256 ?? null);
    known.set(path, found);
    return found;
  };
}

type Recorded = readonly { readonly path: string; readonly sha256: string }[];

/**
 * Hashes every file the migration and quality reports name, and compares: migration inputs and outputs with the files,
 * the contract with the one that ran, quality inputs with the files and with the migration's outputs.
 */
export async function checkFreshness(
  migration: MigrationEvidence | null,
  quality: QualityEvidence | null,
  hashOf: HashOf,
): Promise<Freshness> {
  const hashes = new Map<string, string | null>();
  const stale: string[] = [];
  const compare = async (files: Recorded, next: string): Promise<void> => {
    for (const { path, sha256 } of files) {
      if (!hashes.has(path)) hashes.set(path, await hashOf(path));
      const now = hashes.get(path);
      if (now === sha256) continue;
      stale.push(`${path} ${now === null ? 'is no longer there' : 'has changed'}: run ${next} again.`);
    }
  };
  if (migration !== null) {
    await compare([...migration.inputs, ...migration.outputs], 'run-contract-migration');
    await compare([{ path: ARTEFACTS.contract, sha256: migration.contract_sha256 }], 'run-contract-migration');
  }
  if (quality !== null) {
    await compare(quality.inputs, 'run-enterprise-pipeline');
    if (migration !== null) stale.push(...unseenOutputs(migration.outputs, quality.inputs));
  }
  return { checked: hashes.size, stale: [...new Set(stale)].sort(compareText) };
}

/** Target files the quality rules have not looked at, or looked at in another state. */
function unseenOutputs(outputs: Recorded, inputs: Recorded): string[] {
  const seen = new Map(inputs.map(({ path, sha256 }) => [path, sha256]));
  return outputs
    .filter(({ path, sha256 }) => seen.get(path) !== sha256)
    .map(({ path }) => `${path} is not the file the quality rules looked at: run run-enterprise-pipeline again.`);
}
