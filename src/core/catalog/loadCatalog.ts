import type { Project } from '../project/layout.ts';
import { readRequiredText } from '../project/readText.ts';
import { UserError } from '../shared/errors.ts';
import { hasErrors } from '../shared/problem.ts';
import type { Catalog, CatalogSide } from './catalog.ts';
import { readCatalogText } from './catalogFile.ts';

/** The catalog a stage needs: a missing, broken or empty one is a `UserError` that says what to run. */
export async function loadCatalog(project: Project, path: string, side: CatalogSide): Promise<Catalog> {
  const text = await readRequiredText(project, path, 'Run extract-specs first.');
  const { value, problems } = readCatalogText(text, project.name(path), side);
  if (hasErrors(problems)) throw UserError.from(problems);
  if (value.tables.size === 0) throw new UserError(`${project.name(path)}: names no field; run extract-specs again.`);
  return value;
}
