import { UserError } from './errors.ts';

/** What the operating system refused, in words, and what to do about it. */
const SENTENCES: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full; free space, then run it again',
  EDQUOT: 'your quota of the disk is used up; free space, then run it again',
  EACCES: 'access is refused; check the permissions of the file and its folders',
  EPERM: 'access is refused; check the permissions of the file and its folders',
  EROFS: 'the disk is read-only; check that you may write to the project folder',
  EISDIR: 'is a folder where a file is expected; move it away',
  ENOTDIR: 'a file stands where a folder is expected; move it away',
  EIO: 'the disk reports an error; check the disk, then run it again',
  EMFILE: 'too many files are open; close other programs, then run it again',
  ENAMETOOLONG: 'its name is too long for this disk',
  ELOOP: 'links lead in a circle; remove the link',
};

/**
 * The sentence for an error of the operating system that a person can mend (full disk, missing permission); null for any
 * other error, which is ours.
 */
export function asUserError(error: unknown): UserError | null {
  if (!(error instanceof Error)) return null;
  const { code, path } = error as NodeJS.ErrnoException;
  const known = code === undefined ? undefined : SENTENCES[code];
  if (known !== undefined) return new UserError(`${path === undefined ? '' : `${path}: `}${known} (${code}).`);
  // The database tells of the disk in its own words.
  if (/No space left on device|disk quota exceeded/i.test(error.message))
    return new UserError(`${SENTENCES['ENOSPC']} (ENOSPC).`);
  return null;
}
