import { UserError } from '../shared/errors.ts';
import type { PackCheck } from './verifyPack.ts';

const EARLIER = {
  these_files: '',
  an_earlier_state: ' OF AN EARLIER STATE: files of this pack changed since',
} as const;

/** What a person reads of a check. */
export function checkLines(checked: PackCheck, keyCompared: boolean): string[] {
  const { faults, manifest, fingerprint } = checked;
  if (faults.length > 0)
    return [
      ...faults.map(({ place, message }) => `${place}: ${message}`),
      `${faults.length === 1 ? '1 fault' : `${faults.length} faults`}: do not rely on this pack.`,
    ];
  return [
    `${manifest?.files.length ?? 0} files are as they were signed; as of ${manifest?.as_of_utc}, profile ${manifest?.profile}, gates ${manifest?.gate_status}${EARLIER[manifest?.gates_judged ?? 'these_files']}.`,
    keyCompared
      ? `Signed with the key you named, ${fingerprint}.`
      : `Signed with the key ${fingerprint}. Whose it is, only its fingerprint tells: compare it with the one the signer gave you, or name that one with --key.`,
  ];
}

/** A fingerprint as people write it: with colons, blanks, capitals or the name of the hash before it. */
export function fingerprintFrom(text: string): string {
  const plain = text
    .trim()
    .toLowerCase()
    .replace(/^sha-?256[:\s]/, '')
    .replaceAll(/[:\s]/g, '');
  if (!/^[0-9a-f]{64}$/.test(plain)) throw new UserError('--key: must be a fingerprint of 64 hexadecimal digits.');
  return plain;
}
