import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute } from 'node:path';
import type { Project } from '../project/layout.ts';
import { UserError } from '../shared/errors.ts';

/**
 * The key that signs evidence. It lies outside the project, so that who may write there cannot sign; the first use makes it,
 * readable by its owner only.
 *
 * @param path absolute, or relative to the project folder
 * @returns the key, and whether it was made now
 * @throws UserError when it lies inside the project, or is no Ed25519 key
 */
export async function signingKey(
  project: Project,
  path: string,
): Promise<{ readonly key: KeyObject; readonly made: boolean }> {
  const place = project.at(path);
  if (!isAbsolute(project.name(place)))
    throw new UserError(
      `${project.name(place)}: the signing key lies inside the project, where others could take it; keep it elsewhere and name it with --key-file.`,
    );
  const text = await readFile(place, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw new UserError(`${place}: the signing key cannot be read (${error.code}).`);
  });
  if (text === null) return { key: await makeKey(place), made: true };
  let key: KeyObject;
  try {
    key = createPrivateKey(text);
  } catch {
    throw new UserError(
      `${place}: is no private key; name another with --key-file, or move it away and a new one is made.`,
    );
  }
  if (key.asymmetricKeyType !== 'ed25519')
    throw new UserError(`${place}: is a key of another kind; an Ed25519 key is needed.`);
  return { key, made: false };
}

async function makeKey(place: string): Promise<KeyObject> {
  const { privateKey } = generateKeyPairSync('ed25519');
  try {
    await mkdir(dirname(place), { recursive: true, mode: 0o700 });
    await writeFile(place, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new UserError(`${place}: the signing key cannot be written (${code}); name another place with --key-file.`);
  }
  return privateKey;
}
