import { z } from 'zod';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import { UserError } from '../shared/errors.ts';

const Lock = z.object({
  name: z.string(),
  locked_at_utc: z.string(),
  locked_by: z.string(),
  contract_sha256: z.string(),
  tables_sha256: z.string(),
  /** Crosswalks and their index by path; locks that were made before they counted have none. */
  crosswalks: z.array(z.object({ path: z.string(), sha256: z.string() })).default([]),
  rows: z.number(),
});
/** A version of the contract that was agreed for a release candidate. Any later change of either file or of a crosswalk voids it. */
export type ContractLock = z.infer<typeof Lock>;

const LockFile = z.object({ schema_version: z.literal(1), locks: z.array(Lock) });

/**
 * All locks of the project, newest last; the last one decides. None without the file.
 *
 * @throws UserError when the file is none of locks: an earlier lock must not be lost by locking again
 */
export async function readContractLocks(project: Project): Promise<readonly ContractLock[]> {
  const text = await readOptionalText(project, ARTEFACTS.contractLock);
  if (text === null) return [];
  try {
    return LockFile.parse(JSON.parse(text)).locks;
  } catch {
    throw new UserError(
      `${ARTEFACTS.contractLock}: cannot be understood; put its last good version back, or take it away and lock the contract again.`,
    );
  }
}

/** What the file holds with one lock more. */
export function withLock(locks: readonly ContractLock[], lock: ContractLock): z.infer<typeof LockFile> {
  return { schema_version: 1, locks: [...locks, lock] };
}
