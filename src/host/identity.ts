import { execFile } from 'node:child_process';
import { userInfo } from 'node:os';
import { promisify } from 'node:util';
import type { Identity } from '../core/governance/identity.ts';

const run = promisify(execFile);

/** Who the machine says is at the keyboard: git's e-mail for the project folder, and the account. */
export async function realIdentity(
  folder: string,
  said: { readonly as?: string | undefined; readonly editor?: string | undefined },
): Promise<Identity> {
  return {
    as: blankToNull(said.as),
    editor: blankToNull(said.editor),
    gitEmail: await gitEmail(folder),
    osUser: osUser(),
  };
}

/** No git, no repository and no e-mail are all no answer. */
async function gitEmail(folder: string): Promise<string | null> {
  return run('git', ['config', 'user.email'], { cwd: folder, timeout: 2000 }).then(
    ({ stdout }) => blankToNull(stdout),
    () => null,
  );
}

function osUser(): string | null {
  try {
    return blankToNull(userInfo().username);
  } catch {
    // An account without a name, as in some containers.
    return null;
  }
}

function blankToNull(text: string | undefined): string | null {
  const trimmed = text?.trim() ?? '';
  return trimmed === '' ? null : trimmed;
}
