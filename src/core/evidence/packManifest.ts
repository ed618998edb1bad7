import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { z } from 'zod';

/** Names of the files in a pack that speak of the others. */
export const MANIFEST = 'manifest.json';
export const SIGNATURE = 'signature.json';
export const PUBLIC_KEY = 'public_key.pem';

const Hash = z.string().regex(/^[0-9a-f]{64}$/);

const Manifest = z.strictObject({
  schema_version: z.literal(1),
  kind: z.literal('pas-migration-evidence'),
  /** Time of the newest audit entry in the pack: the pack is a function of its inputs, not of the time it was built. */
  as_of_utc: z.string(),
  run_id: z.string(),
  profile: z.string(),
  gate_status: z.enum(['PASS', 'FAIL']),
  /** Whether the gates judged the files of this pack, or some of them changed since. */
  gates_judged: z.enum(['these_files', 'an_earlier_state']),
  audit: z.strictObject({ entries: z.int(), last_sequence: z.int(), last_hash: z.string() }),
  /** Every file of the pack but this one and the signature, by path. */
  files: z.array(z.strictObject({ path: z.string(), bytes: z.int().min(0), sha256: Hash })),
});
/** What a pack holds. Its exact bytes are what is signed. */
export type PackManifest = z.infer<typeof Manifest>;

const Signature = z.strictObject({
  schema_version: z.literal(1),
  algorithm: z.literal('Ed25519'),
  key_fingerprint: Hash,
  manifest_sha256: Hash,
  signature: z.string().regex(/^[0-9a-f]{128}$/),
});
export type PackSignature = z.infer<typeof Signature>;

/** The text of a manifest or a signature; the only one that stands for its value. */
export function canonicalJson(value: PackManifest | PackSignature): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** A manifest from its text; null when it is none, or is written in another way than this tool writes it. */
export function readManifest(text: string): PackManifest | null {
  return exact(text, Manifest);
}

/** A signature from its text; null when it is none, or is written in another way than this tool writes it. */
export function readSignature(text: string): PackSignature | null {
  return exact(text, Signature);
}

function exact<T extends PackManifest | PackSignature>(text: string, shape: z.ZodType<T>): T | null {
  try {
    const value = shape.parse(JSON.parse(text));
    return canonicalJson(value) === text ? value : null;
  } catch {
    return null;
  }
}

/** Signs the text of a manifest. Ed25519 gives the same signature for the same text and key. */
export function signManifest(text: string, key: KeyObject): PackSignature {
  return {
    schema_version: 1,
    algorithm: 'Ed25519',
    key_fingerprint: fingerprintOf(createPublicKey(key)),
    manifest_sha256: sha256(Buffer.from(text, 'utf8')),
    signature: sign(null, Buffer.from(text, 'utf8'), key).toString('hex'),
  };
}

/** Whether the signature is of this text by this public key. */
export function isSignedBy(text: string, signature: PackSignature, key: KeyObject): boolean {
  return verify(null, Buffer.from(text, 'utf8'), key, Buffer.from(signature.signature, 'hex'));
}

/** SHA-256 of the public key's standard form (SPKI): by this people know a key. */
export function fingerprintOf(key: KeyObject): string {
  return sha256(key.export({ type: 'spki', format: 'der' }));
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
