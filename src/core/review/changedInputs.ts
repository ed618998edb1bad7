import { stat } from 'node:fs/promises';
import type { StageDefinition } from '../lifecycle/stage.ts';
import { hashFileIfThere } from '../project/hashFile.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { filesNewerThan } from '../project/newestTime.ts';
import { type LifecycleRun, stageReport } from './reports.ts';

/**
 * What a stage reads and what is not as the stage read it: the one rule by which views call a stage's files stale.
 *
 * An input changed when a file of it is newer than what the stage wrote, and holds something else than the run recorded:
 * in a project that was copied or came by git every file has a new time, and nothing changed. A file that the run did not
 * record is judged by its time alone.
 *
 * @param madeAt when the stage's newest output was written, in milliseconds since 1970
 * @param run the lifecycle's own record
 * @returns the paths as the stage table names them
 */
export async function changedInputs(
  project: Project,
  stage: Pick<StageDefinition, 'id' | 'reads' | 'writes'>,
  madeAt: number,
  run: LifecycleRun | null,
): Promise<string[]> {
  let recorded: ReadonlyMap<string, string> | null = null;
  const changed: string[] = [];
  for (const path of stage.reads) {
    if (stage.writes.includes(path)) continue;
    for (const file of await filesNewerThan(project.at(path), madeAt)) {
      recorded ??= await recordedBy(project, stage.id, run);
      const before = recorded.get(project.name(file));
      if (before !== undefined && before === (await hashNow(file))) continue;
      changed.push(path);
      break;
    }
  }
  return changed;
}

/** SHA-256 of the files as the run that wrote the stage's report met them, by its report or by the lifecycle's record. */
async function recordedBy(
  project: Project,
  stage: string,
  run: LifecycleRun | null,
): Promise<ReadonlyMap<string, string>> {
  const { value: report } = await stageReport(project, stage);
  const sameRun = run !== null && report !== null && run.run_id !== '' && run.run_id === report.run_id;
  const all = sameRun ? run.stages.flatMap(({ inputs, outputs }) => [...inputs, ...outputs]) : [];
  return new Map([...all, ...(report?.inputs ?? [])].map(({ path, sha256 }) => [path, sha256]));
}

/** What a stage reads, with the folder that the last migration took its source tables from. */
export function readsFrom(stage: Pick<StageDefinition, 'reads' | 'writes'>, sourceDir: string): readonly string[] {
  if (stage.writes.includes(ARTEFACTS.mockSource)) return stage.reads;
  return stage.reads.map((path) => (path === ARTEFACTS.mockSource ? sourceDir : path));
}

const MOST_HASHES = 20_000;
const hashes = new Map<string, { readonly stamp: string; readonly sha256: Promise<string | null> }>();

/** Views ask again and again: a file is read once for as long as its size and times stay. */
async function hashNow(path: string): Promise<string | null> {
  const found = await stat(path, { bigint: true }).catch(() => null);
  if (found === null) return null;
  const stamp = `${found.size} ${found.mtimeNs} ${found.ctimeNs} ${found.ino}`;
  const known = hashes.get(path);
  if (known?.stamp === stamp) return known.sha256;
  if (hashes.size >= MOST_HASHES) hashes.clear();
  const sha256 = hashFileIfThere(path).then(
    (hash) => hash?.sha256 ?? null,
    () => null,
  );
  hashes.set(path, { stamp, sha256 });
  return sha256;
}
