import { ARTEFACTS } from '../project/layout.ts';
import { UserError } from '../shared/errors.ts';
import { isOwner, type Roles } from './roles.ts';
import type { TriageChange } from './setTriage.ts';
import { isDay } from './triage.ts';

/**
 * Refuses a decision whose due date is past, or that gives a safety-critical reject to somebody whom nobody can find. The
 * terminal and the editor both ask this before they record.
 *
 * @throws UserError saying what to give
 */
export function refuseChange(
  change: TriageChange,
  about: { readonly safetyCritical: boolean; readonly roles: Roles | null; readonly now: Date },
): void {
  refusePastDay(change.dueDate ?? '', about.now);
  if (about.safetyCritical) refuseUnknownOwner(about.roles, change.owner ?? '');
}

function refusePastDay(day: string, now: Date): void {
  const today = now.toISOString().slice(0, 10);
  if (day !== '' && isDay(day) && day < today)
    throw new UserError(`The due date ${day} is past; today is ${today}. Give today or a later day.`);
}

/** Somebody must be found when a safety-critical reject is due. */
function refuseUnknownOwner(roles: Roles | null, owner: string): void {
  const name = owner.trim();
  if (roles === null || name === '' || isOwner(roles, name)) return;
  throw new UserError(
    `${name} cannot own a safety-critical reject: ${ARTEFACTS.roles} names no such person, and nobody there holds a role of that name. Owners may be ${roles.people.map((person) => person.name).join(', ')}, or a role they hold.`,
  );
}
