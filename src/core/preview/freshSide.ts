import { readdir } from 'node:fs/promises';
import { lastSourceDir } from '../crosswalk/lastSourceDir.ts';
import { checkFreshness, hashesOf } from '../gates/freshness.ts';
import { GATE_INPUTS } from '../gates/releaseGates.ts';
import { hashFileIfThere } from '../project/hashFile.ts';
import type { Project } from '../project/layout.ts';
import type { RunOptions } from './lastRun.ts';
import { readSide, type Side } from './side.ts';

/** What the project's last run wrote, if it is still what a run would write now; else why it is not. */
export type Current = { readonly side: Side } | { readonly stale: string };

/**
 * Looks whether the project's outputs may stand for a run of the present contract: the three reports are there and of the
 * same options, and every file they name holds what they say, also the gates' evidence and the crosswalks.
 */
export async function currentSide(project: Project, options: RunOptions): Promise<Current> {
  const side = await readSide(project);
  const { migration, quality, gates } = side;
  if (migration === null || quality === null || gates === null)
    return { stale: 'there is no complete run of migration, quality rules and gates' };
  if (migration.impute_mode !== options.imputeMode || gates.profile !== options.profile)
    return { stale: 'the last run had another profile or impute mode' };
  if (project.name(await lastSourceDir(project)) !== options.sourceDir)
    return { stale: 'the last run read another source folder' };
  const { stale } = await checkFreshness(migration, quality, hashesOf(project));
  const [first] = stale;
  if (first !== undefined) return { stale: first.split(': run ')[0] ?? first };
  const known = new Set([...migration.inputs, ...quality.inputs].map(({ path }) => path));
  for (const path of await crosswalkFiles(project, options.crosswalkDir))
    if (!known.has(path)) return { stale: `${path} is new` };
  const judged = new Map(gates.inputs.map(({ path, sha256 }) => [path, sha256]));
  for (const path of GATE_INPUTS) {
    const now = (await hashFileIfThere(project.at(path)).catch(() => null))?.sha256;
    if (now !== judged.get(path)) return { stale: `the gates have not judged ${path} as it is now` };
  }
  return { side };
}

async function crosswalkFiles(project: Project, folder: string): Promise<string[]> {
  const names = await readdir(project.at(folder)).catch(() => []);
  return names.filter((name) => /^[^._].*\.csv$/.test(name)).map((name) => `${folder}/${name}`);
}
