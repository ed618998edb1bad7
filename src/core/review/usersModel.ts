import * as z from 'zod/mini';
import { Place } from './place.ts';

const Work = z.object({ label: z.string(), rows: z.number(), place: Place });

const Person = z.object({
  name: z.string(),
  /** False for a name that owns something but is not in the roles file. */
  listed: z.boolean(),
  roles: z.array(z.string()),
  domains: z.array(z.string()),
  stages: z.array(z.string()),
  /** What they may do that not everybody may. */
  may: z.array(z.string()),
  /** What waits for them, by their name or a role they hold. */
  open: z.array(Work),
});

const RoleLine = z.object({
  title: z.string(),
  people: z.array(z.string()),
  stages: z.array(z.string()),
  may: z.array(z.string()),
  /** Gates of the last report that do not pass and that the role answers for. */
  openGates: z.array(z.object({ id: z.string(), verdict: z.string(), place: Place })),
});

/** Everything the users panel shows. */
export const Users = z.object({
  /** Why the open gates of a role are not known; null when they are. */
  gatesUnknown: z.nullable(z.string()),
  /** False when the project has no roles file: then nobody is asked who they are, but for what cutover relies on. */
  hasRoles: z.boolean(),
  /** What is wrong with the roles file, in a sentence; null when nothing is. */
  problem: z.nullable(z.string()),
  people: z.array(Person),
  roles: z.array(RoleLine),
  /** Contract rows that are not approved and that nobody owns. */
  unowned: z.nullable(Work),
  /** Roles that something waits for and that nobody holds, each with what waits. */
  unheld: z.array(z.object({ title: z.string(), open: z.array(Work) })),
  /** The roles file, at what is wrong with it. */
  file: Place,
});
export type Users = z.infer<typeof Users>;
export type UserLine = z.infer<typeof Person>;
export type RoleLine = z.infer<typeof RoleLine>;
