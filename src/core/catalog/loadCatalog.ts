import type { Project } from '../project/layout.ts';
import { readRequiredText } from '../project/readText.ts';
import { UserError } from '../shared/errors.ts';
import { hasErrors } from '../shared/problem.ts';
import { runStepsPolitely } from '../shared/steps.ts';
import type { Catalog, CatalogSide } from './catalog.ts';
import { readCatalogSteps } from './catalogFile.ts';

/** Reading takes a few milliseconds in all; there is nothing to cancel. */
const NEVER = new AbortController().signal;

/** The catalog a stage needs: a missing, broken or empty one is a `UserError` that says what to run. */
export async function loadCatalog(project: Project, path: string, side: CatalogSide): Promise<Catalog> {
  const text = await readRequiredText(project, path, 'Run extract-specs first.');
  const steps = readCatalogSteps(text, project.name(path), side);
  const { value, problems } = await runStepsPolitely(steps, NEVER);
  if (hasErrors(problems)) throw UserError.from(problems);
  if (value.tables.size === 0) throw new UserError(`${project.name(path)}: names no field; run extract-specs again.`);
  return value;
}
