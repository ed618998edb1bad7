import { z } from 'zod';
import { jsonPlace, readJsonText } from '../project/jsonText.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import { UserError } from '../shared/errors.ts';
import { hasErrors, type Parsed, type Problem } from '../shared/problem.ts';
import { accountOf, type Identity, nameOf } from './identity.ts';
import {
  ACTIONS,
  type Action,
  actionRule,
  DOMAIN_NAMES,
  inWords,
  ROLES,
  type Role,
  roleOf,
  rolesInWords,
} from './roleNames.ts';

const RoleName = z.string().transform((text, context) => {
  const role = roleOf(text);
  if (role !== null) return role;
  context.addIssue({
    code: 'custom',
    message: `${text || '(empty)'} is no role; the roles are ${Object.values(ROLES).join(', ')}`,
  });
  return z.NEVER;
});
const Name = z.string().trim().min(1).max(200);
const ActionName = z.enum(Object.keys(ACTIONS) as [Action, ...Action[]]);

const RolesFile = z.strictObject({
  schema_version: z.literal(1),
  people: z
    .array(
      z.strictObject({
        name: Name,
        roles: z.array(RoleName).min(1),
        /** Git e-mail, account of the operating system or name in the editor; any of them is this person. */
        identities: z.array(Name).default([]),
      }),
    )
    .min(1),
  /** Roles of everybody who is not listed; they never reach what cutover relies on. */
  not_listed: z.array(RoleName).default([]),
  /** Role that answers for a stage or command. */
  stages: z.record(z.string(), RoleName).default({}),
  /** People who answer for a domain; where there are any, only they approve its contract rows. */
  domains: z.partialRecord(z.enum(DOMAIN_NAMES), z.array(Name)).default({}),
  /** Roles that may do an action, in place of the usual ones. */
  actions: z.partialRecord(ActionName, z.array(RoleName).min(1)).default({}),
});
/** `governance/roles.json`: who is who in this migration. */
export type Roles = z.infer<typeof RolesFile>;

/** A person as an action sees them. */
export interface Person {
  readonly name: string;
  readonly roles: readonly Role[];
  /** True when the roles file names them. */
  readonly listed: boolean;
  /** Account in use, for the audit log. */
  readonly account: string;
}

/** Reads the text of a roles file; never throws. */
export function readRolesText(text: string, file: string): Parsed<Roles | null> {
  const { value, problems } = readJsonText(text, file, RolesFile, 'roles-invalid');
  return {
    value,
    problems:
      value === null ? problems : [...problems, ...contradictions(value, text, file), ...unowned(value, text, file)],
  };
}

/**
 * The roles of a project; null when there is no roles file.
 *
 * @throws UserError when the file is there and has an error: then nobody is who they say
 */
export async function readRoles(project: Project): Promise<Roles | null> {
  const text = await readOptionalText(project, ARTEFACTS.roles);
  if (text === null) return null;
  const { value, problems } = readRolesText(text, ARTEFACTS.roles);
  if (hasErrors(problems)) throw UserError.from(problems);
  return value;
}

function contradictions(roles: Roles, text: string, file: string): Problem[] {
  const problems: Problem[] = [];
  const told = (message: string, path: readonly (string | number)[]): void => {
    problems.push({ code: 'roles-contradiction', severity: 'error', message, place: jsonPlace(text, file, path) });
  };
  const known = new Map<string, string>();
  for (const [index, person] of roles.people.entries()) {
    const own = new Set([person.name, ...person.identities].map(fold));
    for (const identity of own) {
      const other = known.get(identity);
      if (other !== undefined)
        told(`${identity} stands for both ${other} and ${person.name}; an identity is one person's.`, [
          'people',
          index,
        ]);
      else known.set(identity, person.name);
    }
  }
  const names = new Set(roles.people.map((person) => fold(person.name)));
  for (const [domain, owners] of Object.entries(roles.domains))
    for (const [index, owner] of owners.entries())
      if (!names.has(fold(owner))) told(`${owner} is not among the people of this file.`, ['domains', domain, index]);
  return problems;
}

/** Without an owner anybody with the role approves what these domains load, and nobody answers for it. */
function unowned(roles: Roles, text: string, file: string): Problem[] {
  return DOMAIN_NAMES.filter((domain) => (roles.domains[domain] ?? []).length === 0).map((domain) => ({
    code: 'roles-domain-without-owner',
    severity: 'warning',
    message: `${domain} has no owner: nobody answers for this high-risk domain, and whoever holds the role may approve its rows. Name one or more people of this file under domains.`,
    place: jsonPlace(text, file, roles.domains[domain] === undefined ? ['domains'] : ['domains', domain]),
  }));
}

/** The role that answers for a stage; the project's own word goes first. */
export function stageRole(roles: Roles | null, stage: { readonly id: string; readonly owner: Role }): Role {
  return roles?.stages[stage.id] ?? stage.owner;
}

/**
 * Who this is. A name given by hand goes first, then the editor's, git's and the operating system's.
 *
 * @returns the person of the file; somebody who is not listed when none fits
 * @throws UserError when a name was given by hand and the file does not know it
 */
export function whoIs(roles: Roles | null, identity: Identity): Person {
  const account = accountOf(identity);
  const find = (text: string | null) =>
    text === null
      ? undefined
      : roles?.people.find((person) => [person.name, ...person.identities].some((own) => fold(own) === fold(text)));
  const found = find(identity.as);
  if (identity.as !== null && found === undefined && roles !== null)
    throw new UserError(
      `${ARTEFACTS.roles}: does not name ${identity.as}; give a name or identity of that file, or have the person added.`,
    );
  const person = found ?? find(identity.editor) ?? find(identity.gitEmail) ?? find(identity.osUser);
  return person === undefined
    ? { name: nameOf(identity), roles: roles?.not_listed ?? [], listed: false, account }
    : { name: person.name, roles: person.roles, listed: true, account };
}

/** What an action is done to, where that matters. */
export interface Subject {
  /** Domain of the contract row (`PMI`, `ADT`, `OPD`, `IWL`, `MH`); others belong to nobody. */
  readonly domain?: string;
}

/**
 * Why this person may not do this; null when they may. Without a roles file only what cutover relies on is refused.
 *
 * @returns one sentence that names the role, and the people, that may
 */
export function refusal(roles: Roles | null, person: Person, action: Action, subject: Subject = {}): string | null {
  const { words, named } = actionRule(action);
  if (roles === null) {
    if (!named) return null;
    return `Nobody may ${words} without ${ARTEFACTS.roles}: write down there who holds the role ${rolesInWords(rolesFor(null, action))}.`;
  }
  const allowed = rolesFor(roles, action);
  const may = person.roles.some((role) => allowed.includes(role)) && (person.listed || !named);
  if (!may) {
    const holds =
      person.roles.length === 0 ? 'holds no role' : `is ${person.roles.map((role) => ROLES[role]).join(' and ')}`;
    const listed = person.listed ? '' : ` and is not listed in ${ARTEFACTS.roles}`;
    return `${person.name} ${holds}${listed}: only ${rolesInWords(allowed)} may ${words}${peopleWith(roles, allowed)}.`;
  }
  const owners = Object.entries(roles.domains).find(([domain]) => domain === subject.domain)?.[1] ?? [];
  if (owners.length === 0 || owners.some((owner) => fold(owner) === fold(person.name))) return null;
  return `${subject.domain} belongs to ${inWords(owners)}: ${person.name} may not ${words} of that domain.`;
}

/** Whether the roles file knows this text as a person, an identity of one, or a role that somebody holds. */
export function isOwner(roles: Roles, text: string): boolean {
  const role = roleOf(text);
  return roles.people.some(
    (person) =>
      [person.name, ...person.identities].some((own) => fold(own) === fold(text)) ||
      (role !== null && person.roles.includes(role)),
  );
}

/** Role of a person by which they may do an action; for the record of what was done. Null when by none. */
export function actingRole(roles: Roles | null, person: Person, action: Action): string | null {
  const role = person.roles.find((held) => rolesFor(roles, action).includes(held));
  return role === undefined ? null : ROLES[role];
}

/** Roles that may do an action in this project. */
export function rolesFor(roles: Roles | null, action: Action): readonly Role[] {
  return roles?.actions[action] ?? actionRule(action).roles;
}

function peopleWith(roles: Roles, allowed: readonly Role[]): string {
  const names = roles.people.filter((person) => person.roles.some((role) => allowed.includes(role)));
  return names.length === 0 ? ', and nobody holds that role yet' : ` (${inWords(names.map((person) => person.name))})`;
}

function fold(text: string): string {
  return text.trim().toLowerCase();
}
