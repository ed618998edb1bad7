import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import type { Problem } from '../shared/problem.ts';
import { readRolesText } from './roles.ts';

/** What is wrong with the files of the governance folder that people edit. */
export async function governanceProblems(project: Project, open: ReadonlyMap<string, string>): Promise<Problem[]> {
  const roles = open.get(ARTEFACTS.roles) ?? (await readOptionalText(project, ARTEFACTS.roles));
  return roles === null ? [] : [...readRolesText(roles, ARTEFACTS.roles).problems];
}
