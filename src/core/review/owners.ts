import { roleInWords } from '../governance/roleNames.ts';
import { type Roles, readRoles } from '../governance/roles.ts';
import type { Project } from '../project/layout.ts';

/** Names of the people who hold the role that these words mean; empty when nobody does or no roles are written down. */
export function peopleFor(roles: Roles | null, words: string): string[] {
  const role = roleInWords(words);
  if (role === null) return [];
  return (roles?.people ?? []).filter((person) => person.roles.includes(role)).map((person) => person.name);
}

/** The project's roles for showing; null when there are none or they cannot be read, which problems tell about. */
export function rolesForShowing(project: Project): Promise<Roles | null> {
  return readRoles(project).catch(() => null);
}
