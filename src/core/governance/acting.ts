import type { StageContext } from '../lifecycle/stage.ts';
import { UserError } from '../shared/errors.ts';
import type { Action } from './roleNames.ts';
import { actingRole, type Person, type Roles, readRoles, refusal, type Subject, whoIs } from './roles.ts';

/** Somebody who may do what they are about to do. */
export interface Actor extends Person {
  /** The role by which they may; empty when no roles file asks for one. */
  readonly role: string;
  readonly rolesFile: Roles | null;
}

/**
 * The person at the keyboard, after asking whether they may do this.
 *
 * @param as a person named by an option of the command, in place of the one the context tells
 * @throws UserError naming the role that may
 */
export async function actor(
  context: Pick<StageContext, 'project' | 'identity'>,
  action: Action,
  given: Subject & { readonly as?: string | undefined } = {},
): Promise<Actor> {
  const rolesFile = await readRoles(context.project);
  const identity = await context.identity();
  const person = whoIs(rolesFile, given.as === undefined ? identity : { ...identity, as: given.as });
  const refused = refusal(rolesFile, person, action, given);
  if (refused !== null) throw new UserError(refused);
  return { ...person, role: actingRole(rolesFile, person, action) ?? '', rolesFile };
}

/** The person at the keyboard, for a record. A roles file with errors does not hide who it was. */
export async function personOf(context: Pick<StageContext, 'project' | 'identity'>): Promise<Person> {
  const identity = await context.identity();
  try {
    return whoIs(await readRoles(context.project), identity);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return whoIs(null, identity);
  }
}
