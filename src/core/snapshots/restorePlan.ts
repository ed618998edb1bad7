import { STAGES } from '../lifecycle/stages.ts';
import { hashFileIfThere } from '../project/hashFile.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { projectFiles, readSnapshot, type SnapshotHead } from './snapshot.ts';

/** What part of a project a restore puts back. */
export interface RestoreScope {
  /** A stage's id: what it and the later ones write. Null for everything. */
  readonly fromStage: string | null;
  /** The key figures too. Their thresholds carry notes of people, so a restore leaves them unless it is asked for. */
  readonly keyFigures: boolean;
}

/** What a restore would do to files that people write or decide. Project-relative paths, sorted. */
export interface RestorePlan {
  readonly snapshot: SnapshotHead;
  /** Made after the snapshot. */
  readonly removed: readonly string[];
  readonly overwritten: readonly string[];
  /** Gone since the snapshot. */
  readonly broughtBack: readonly string[];
  /** The key figures are others than those of the snapshot. */
  readonly keyFiguresDiffer: boolean;
}

/** What stages and tools write and nobody edits. The contract is written by a stage, but then it is people's. */
const MADE: readonly string[] = [
  ...STAGES.flatMap(({ writes }) => writes),
  ARTEFACTS.sourceProfile,
  ARTEFACTS.sourceLinks,
  ARTEFACTS.sourceProfileReport,
  ARTEFACTS.loadReport,
  ARTEFACTS.loadIssues,
  ARTEFACTS.reconciliationReport,
  ARTEFACTS.reconciliationDifferences,
  ARTEFACTS.lifecycleRun,
].filter((path) => path !== ARTEFACTS.contract && path !== ARTEFACTS.contractTables);

/** Which paths a restore puts back. */
export function inScope({ fromStage, keyFigures }: RestoreScope): (path: string) => boolean {
  if (fromStage === null) return (path) => keyFigures || path !== ARTEFACTS.qualityKpis;
  const from = STAGES.findIndex((known) => known.id === fromStage);
  const outputs = STAGES.slice(Math.max(0, from)).flatMap((known) => known.writes);
  return (path) => isUnder(outputs, path);
}

/** Files that people write or decide: documents, crosswalks, code sets, profiles, the contract and what else they put there. */
export function isPeoplesWork(path: string): boolean {
  return !isUnder(MADE, path);
}

/**
 * Says what a restore would do to people's work, for the question before it. Reads only.
 *
 * @param given a snapshot's id or `latest`, and a stage's id or null for everything
 * @throws UserError when there is no such snapshot or it was changed
 */
export async function planRestore(
  project: Project,
  given: { readonly snapshot: string; readonly fromStage: string | null },
): Promise<RestorePlan> {
  const { files, ...head } = await readSnapshot(project, given.snapshot);
  const wanted = inScope({ fromStage: given.fromStage, keyFigures: false });
  const own = (path: string): boolean => wanted(path) && isPeoplesWork(path);
  const present = new Set(await projectFiles(project));
  const kept = new Map(files.map((file) => [file.path, file.sha256]));
  const differs = async (path: string): Promise<boolean> =>
    (await hashFileIfThere(project.at(path)))?.sha256 !== kept.get(path);
  const overwritten: string[] = [];
  for (const path of kept.keys()) if (own(path) && present.has(path) && (await differs(path))) overwritten.push(path);
  return {
    snapshot: { ...head, fileCount: files.length },
    removed: [...present].filter((path) => own(path) && !kept.has(path)),
    overwritten,
    broughtBack: [...kept.keys()].filter((path) => own(path) && !present.has(path)),
    keyFiguresDiffer: given.fromStage === null && (await differs(ARTEFACTS.qualityKpis)),
  };
}

function isUnder(places: readonly string[], path: string): boolean {
  return places.some((place) => path === place || path.startsWith(`${place}/`));
}
