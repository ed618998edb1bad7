import { ROLES, type Role, roleOf } from '../governance/roleNames.ts';
import { type Roles, readRoles } from '../governance/roles.ts';
import type { Project } from '../project/layout.ts';

/** Words that stages and gates use for the six roles. */
const ALIASES: Readonly<Record<string, Role>> = {
  'release manager': 'cutover_manager',
  'mapping lead': 'data_mapping_analyst',
  'migration engineer': 'etl_engineer',
  'technical qa': 'etl_engineer',
  'clinical safety officer': 'clinical_safety_reviewer',
};

/** The role that words like `Mapping Analyst` mean; null when none. */
export function roleInWords(words: string): Role | null {
  const text = words.trim().toLowerCase();
  if (text === '') return null;
  const within = Object.entries(ROLES).find(([, title]) => title.toLowerCase().includes(text));
  return roleOf(text) ?? ALIASES[text] ?? roleOf(within?.[0] ?? '');
}

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
