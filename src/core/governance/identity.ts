/** Who is at the keyboard, as the world outside tells it. Nothing here is proven: see docs/governance.md. */
export interface Identity {
  /** A person named by hand: `--as` in the terminal; null when nobody was. */
  readonly as: string | null;
  /** The name set in the editor. */
  readonly editor: string | null;
  /** `git config user.email`. */
  readonly gitEmail: string | null;
  /** The account of the operating system. */
  readonly osUser: string | null;
}

/** Nobody is known. */
export const NOBODY: Identity = { as: null, editor: null, gitEmail: null, osUser: null };

/** The account behind an identity, for the audit log: what was used, not who it is said to be. */
export function accountOf(identity: Identity): string {
  const parts = [
    identity.osUser === null ? '' : `os:${identity.osUser}`,
    identity.gitEmail === null ? '' : `git:${identity.gitEmail}`,
  ];
  return parts.filter((part) => part !== '').join(' ') || 'not known';
}

/** The best name of an identity that no roles file lists. */
export function nameOf(identity: Identity): string {
  return identity.as ?? identity.editor ?? identity.gitEmail ?? identity.osUser ?? 'not known';
}
