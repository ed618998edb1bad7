import { roleInWords } from '../governance/roleNames.ts';
import { type Roles, readRoles } from '../governance/roles.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { UserError } from '../shared/errors.ts';
import type { Report } from './readReport.ts';

/** Names of the people who hold the role that these words mean; empty when nobody does or no roles are written down. */
export function peopleFor(roles: Roles | null, words: string): string[] {
  const role = roleInWords(words);
  if (role === null) return [];
  return (roles?.people ?? []).filter((person) => person.roles.includes(role)).map((person) => person.name);
}

/** The roles file as it was found: no value and no problem where there is none. */
export async function rolesReport(project: Project): Promise<Report<Roles>> {
  try {
    return { value: await readRoles(project), problem: null };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const first = error.problems.find(({ severity }) => severity === 'error');
    const place = first?.place ?? { file: ARTEFACTS.roles };
    return { value: null, problem: { code: 'roles-invalid', severity: 'error', message: error.message, place } };
  }
}

/** The project's roles for showing; null when there are none or they cannot be read, which problems tell about. */
export function rolesForShowing(project: Project): Promise<Roles | null> {
  return readRoles(project).catch(() => null);
}
