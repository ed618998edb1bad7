import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import { UserError } from '../shared/errors.ts';
import type { Problem } from '../shared/problem.ts';
import { readMatrixFile } from './hazardMatrix.ts';
import { hazardProblems } from './hazardStatus.ts';
import { readRolesText } from './roles.ts';
import { readSignOffs } from './signOffs.ts';
import { readTriage } from './triage.ts';

/**
 * What is wrong with the files of the governance folder that people edit. Roles and matrix are read as they are typed; the
 * others as they were saved.
 */
export async function governanceProblems(project: Project, open: ReadonlyMap<string, string>): Promise<Problem[]> {
  const textOf = async (path: string): Promise<string | null> =>
    open.get(path) ?? (await readOptionalText(project, path));
  const roles = await textOf(ARTEFACTS.roles);
  const matrix = await textOf(ARTEFACTS.hazardMatrix);
  const found = [
    ...(roles === null ? [] : readRolesText(roles, ARTEFACTS.roles).problems),
    ...(matrix === null ? [] : readMatrixFile(matrix).problems),
    ...(await readTriage(project)).problems,
    ...(await problemsOf(() => readSignOffs(project))),
  ];
  if (found.some(({ severity }) => severity === 'error')) return found;
  return [...found, ...(await hazardProblems(project))];
}

async function problemsOf(read: () => Promise<unknown>): Promise<readonly Problem[]> {
  try {
    await read();
    return [];
  } catch (error) {
    if (error instanceof UserError && error.problems.length > 0) return error.problems;
    throw error;
  }
}
