import type { CatalogSide } from '../catalog/catalog.ts';
import { readCatalogSteps } from '../catalog/catalogFile.ts';
import { relationshipsOf } from '../catalog/relationships.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import { formatProblem, hasErrors, type Problem } from '../shared/problem.ts';
import { runStepsPolitely } from '../shared/steps.ts';
import { buildErdModel, type ErdModel, type RelationshipRow } from './model.ts';
import { readRelationshipsSteps, relationshipRows } from './readRelationships.ts';

/** Both schemas of a project as graphs; null for a side whose catalog is not there yet. */
export interface ProjectErd {
  readonly source: ErdModel | null;
  readonly target: ErdModel | null;
  /** What could not be read, as sentences. */
  readonly problems: readonly string[];
}

const NEVER = new AbortController().signal;
/** Told to a person; the Problems view has them all. */
const PROBLEMS_TOLD = 5;

/**
 * The schemas of a project with their keys and links. Whatever is readable is shown: a line of a catalog that cannot be
 * understood is a problem beside the rest, and links are found anew when their file is missing or broken.
 */
export async function loadErd(project: Project): Promise<ProjectErd> {
  const problems: Problem[] = [];
  const text = await readOptionalText(project, ARTEFACTS.relationships);
  let rows: readonly RelationshipRow[] | null = null;
  if (text !== null) {
    const read = await runStepsPolitely(readRelationshipsSteps(text, ARTEFACTS.relationships), NEVER);
    problems.push(...read.problems);
    if (!hasErrors(read.problems)) rows = read.value;
  }
  const side = async (name: CatalogSide, path: string): Promise<ErdModel | null> => {
    const catalogText = await readOptionalText(project, path);
    if (catalogText === null) return null;
    const read = await runStepsPolitely(readCatalogSteps(catalogText, path, name), NEVER);
    problems.push(...read.problems);
    const own = rows?.filter((row) => row.side === name) ?? relationshipRows(name, relationshipsOf(read.value));
    return buildErdModel(read.value.tables.values(), own);
  };
  const source = await side('source', ARTEFACTS.sourceCatalog);
  const target = await side('target', ARTEFACTS.targetCatalog);
  const told = problems.slice(0, PROBLEMS_TOLD).map(formatProblem);
  if (problems.length > PROBLEMS_TOLD) told.push(`… and ${problems.length - PROBLEMS_TOLD} more.`);
  return { source, target, problems: told };
}
