import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import yauzl from 'yauzl';
import { checkAuditText } from '../audit/auditLog.ts';
import { UserError } from '../shared/errors.ts';
import { compareText } from '../shared/order.ts';
import {
  fingerprintOf,
  isSignedBy,
  MANIFEST,
  type PackManifest,
  PUBLIC_KEY,
  readManifest,
  readSignature,
  SIGNATURE,
} from './packManifest.ts';
import { type PackEntry, packZip } from './packZip.ts';

/** Something in a pack that is not as it was signed. */
export interface PackFault {
  /** File of the pack, with a line where that can be told; the pack itself when it is about the whole. */
  readonly place: string;
  readonly message: string;
}

export interface PackCheck {
  readonly faults: readonly PackFault[];
  readonly manifest: PackManifest | null;
  /** Of the key that signed; null when there is no readable one. */
  readonly fingerprint: string | null;
}

const AUDIT = 'governance/audit.jsonl';
/** A pack has some hundred files; an archive with more was made by somebody else. */
const MOST_FILES = 100_000;
/** Manifest, signature, key and audit log are read whole. */
const MOST_TEXT = 512 * 1024 * 1024;

/**
 * Checks a pack, a folder or a zip, offline: every file by its hash, none missing, none added, the manifest by its
 * signature, the audit log by its chain, and the zip byte for byte.
 *
 * @param path absolute
 * @param key fingerprint that the signing key must have; null: any key
 * @throws UserError when there is no pack at the path
 */
export async function verifyPack(path: string, key: string | null): Promise<PackCheck> {
  const found = await lstat(path).catch(() => null);
  if (found === null) throw new UserError(`${path}: is not there; name the folder or the zip of an evidence pack.`);
  if (found.isDirectory()) return check(await folderEntries(path), [], key);
  return verifyZip(path, key);
}

async function check(
  entries: readonly PackEntry[],
  before: readonly PackFault[],
  key: string | null,
): Promise<PackCheck> {
  const faults: PackFault[] = [...before];
  const told = (place: string, message: string): void => void faults.push({ place, message });
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  const text = async (path: string): Promise<string | null> => {
    const entry = byPath.get(path);
    return entry === undefined ? null : readText(entry);
  };
  const manifestText = await text(MANIFEST);
  const manifest = manifestText === null ? null : readManifest(manifestText);
  if (manifestText === null) told(MANIFEST, 'is missing: this is no evidence pack, or it was removed');
  else if (manifest === null) told(MANIFEST, 'was changed: it is not as an evidence pack is written');
  const fingerprint = await checkSignature(manifestText, text, key, told);
  if (manifest !== null) {
    await checkFiles(manifest, byPath, told);
    checkAudit(manifest, await text(AUDIT), told);
  }
  return { faults, manifest, fingerprint };
}

async function checkSignature(
  manifestText: string | null,
  text: (path: string) => Promise<string | null>,
  key: string | null,
  told: (place: string, message: string) => void,
): Promise<string | null> {
  const signatureText = await text(SIGNATURE);
  const keyText = await text(PUBLIC_KEY);
  if (keyText === null) told(PUBLIC_KEY, 'is missing');
  const publicKey = keyText === null ? null : readKey(keyText);
  if (keyText !== null && publicKey === null)
    told(PUBLIC_KEY, 'was changed: it is no Ed25519 public key as this tool writes it');
  const signature = signatureText === null ? null : readSignature(signatureText);
  if (signatureText === null) told(SIGNATURE, 'is missing: nobody answers for this pack');
  else if (signature === null) told(SIGNATURE, 'was changed: it is not as an evidence pack is written');
  if (publicKey === null) return null;
  const fingerprint = fingerprintOf(publicKey);
  if (key !== null && key !== fingerprint)
    told(PUBLIC_KEY, `is another key than ${key}: somebody else signed this pack (${fingerprint})`);
  if (signature === null || manifestText === null) return fingerprint;
  if (signature.key_fingerprint !== fingerprint)
    told(SIGNATURE, `names the key ${signature.key_fingerprint}, which is not the one in ${PUBLIC_KEY}`);
  const signed = isSignedBy(manifestText, signature, publicKey);
  const sameHash = signature.manifest_sha256 === sha256(manifestText);
  if (!signed && !sameHash) told(MANIFEST, 'was changed after it was signed: its hash is not the signed one');
  else if (!signed) told(SIGNATURE, `is no signature of ${MANIFEST} by the key of the pack`);
  else if (!sameHash) told(SIGNATURE, `was changed: the hash in it is not that of ${MANIFEST}`);
  return fingerprint;
}

function readKey(text: string): KeyObject | null {
  try {
    const key = createPublicKey(text);
    return key.asymmetricKeyType === 'ed25519' && key.export({ type: 'spki', format: 'pem' }) === text ? key : null;
  } catch {
    return null;
  }
}

async function checkFiles(
  manifest: PackManifest,
  entries: ReadonlyMap<string, PackEntry>,
  told: (place: string, message: string) => void,
): Promise<void> {
  const listed = new Set<string>([MANIFEST, SIGNATURE]);
  for (const { path, bytes, sha256: expected } of manifest.files) {
    if (listed.has(path)) told(path, 'is listed twice');
    listed.add(path);
    const entry = entries.get(path);
    if (entry === undefined) {
      told(path, 'is missing');
      continue;
    }
    const found = await hashOf(entry).catch(() => null);
    if (found === null) told(path, 'cannot be read');
    else if (found.sha256 !== expected)
      told(path, found.bytes === bytes ? 'was changed' : `was changed: it had ${bytes} bytes and has ${found.bytes}`);
  }
  for (const path of [...entries.keys()].sort(compareText)) if (!listed.has(path)) told(path, 'was added');
}

/** Beside its hash, so that a change is told with its line. */
function checkAudit(manifest: PackManifest, text: string | null, told: (place: string, message: string) => void): void {
  if (text === null) return;
  const { entries, faults } = checkAuditText(text, {
    sequence: manifest.audit.last_sequence,
    hash: manifest.audit.last_hash,
  });
  for (const { line, message } of faults) told(`${AUDIT}:${line}`, message);
  if (entries !== manifest.audit.entries)
    told(AUDIT, `has ${entries} lines where ${manifest.audit.entries} were signed`);
}

async function folderEntries(root: string): Promise<PackEntry[]> {
  const entries: PackEntry[] = [];
  const walk = async (folder: string): Promise<void> => {
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) await walk(path);
      else entries.push({ path, open: async () => createReadStream(join(root, path)) });
      if (entries.length > MOST_FILES) throw new UserError(`${root}: holds too many files to be an evidence pack.`);
    }
  };
  await walk('');
  return entries;
}

/** The part of the library used here; its published types are older than its promises. */
interface Archive {
  readonly entryCount: number;
  eachEntry(): AsyncIterable<{ readonly fileName: string }>;
  openReadStreamPromise(entry: unknown): Promise<Readable>;
  close(): void;
}
const { openPromise } = yauzl as unknown as {
  openPromise(path: string, options: { lazyEntries: boolean; autoClose: boolean }): Promise<Archive>;
};

async function verifyZip(path: string, key: string | null): Promise<PackCheck> {
  const broken = (message: string): PackCheck => ({
    faults: [{ place: path, message }],
    manifest: null,
    fingerprint: null,
  });
  let archive: Archive;
  try {
    archive = await openPromise(path, { lazyEntries: true, autoClose: false });
  } catch {
    return broken('is no whole zip: it was changed or cut off');
  }
  try {
    const entries: PackEntry[] = [];
    const before: PackFault[] = [];
    const names = new Set<string>();
    if (archive.entryCount > MOST_FILES) return broken('holds too many files to be an evidence pack');
    for await (const entry of archive.eachEntry()) {
      if (names.has(entry.fileName)) before.push({ place: entry.fileName, message: 'is in the zip twice' });
      names.add(entry.fileName);
      entries.push({ path: entry.fileName, open: () => archive.openReadStreamPromise(entry) });
    }
    const checked = await check(entries, before, key);
    if (checked.faults.length > 0) return checked;
    // Headers, times and order of the zip are not in the manifest: the same files must give the same zip, byte for byte.
    const at = await firstDifference(createReadStream(path), packZip(entries));
    return at === null
      ? checked
      : { ...checked, faults: [{ place: path, message: `was changed at byte ${at}, outside of its files` }] };
  } catch {
    return broken('cannot be read as a zip: it was changed or cut off');
  } finally {
    archive.close();
  }
}

/** Offset of the first byte in which two streams differ; null when there is none. */
async function firstDifference(one: Readable, other: Readable): Promise<number | null> {
  const [first, second] = [one[Symbol.asyncIterator](), other[Symbol.asyncIterator]()];
  let [a, b]: [Buffer, Buffer] = [Buffer.alloc(0), Buffer.alloc(0)];
  for (let offset = 0; ; ) {
    if (a.length === 0) a = await nextPiece(first);
    if (b.length === 0) b = await nextPiece(second);
    if (a.length === 0 && b.length === 0) return null;
    const length = Math.min(a.length, b.length);
    if (length === 0 || a.compare(b, 0, length, 0, length) !== 0) {
      let at = 0;
      while (at < length && a[at] === b[at]) at += 1;
      one.destroy();
      other.destroy();
      return offset + at;
    }
    offset += length;
    [a, b] = [a.subarray(length), b.subarray(length)];
  }
}

/** The next piece that is not empty; an empty one at the end. */
async function nextPiece(pieces: AsyncIterator<unknown>): Promise<Buffer> {
  for (;;) {
    const { value, done } = await pieces.next();
    if (done === true) return Buffer.alloc(0);
    if (Buffer.isBuffer(value) && value.length > 0) return value;
  }
}

async function readText(entry: PackEntry): Promise<string | null> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const piece of await entry.open()) {
      pieces.push(piece as Buffer);
      bytes += (piece as Buffer).length;
      if (bytes > MOST_TEXT) return null;
    }
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(pieces));
  } catch {
    return '';
  }
}

async function hashOf(entry: PackEntry): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of await entry.open()) {
    hash.update(piece as Buffer);
    bytes += (piece as Buffer).length;
  }
  return { sha256: hash.digest('hex'), bytes };
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
