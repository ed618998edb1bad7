import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';

/** A certificate and its key as PEM, made for one test run. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

export interface Authority extends Certificate {
  /** A server certificate of this authority. @param days from now until it ends; negative for one that has expired */
  issue(host: string, days?: number): Certificate;
}

/** An authority of its own. Node can sign but not write certificates: the few parts of X.509 needed are written here. */
export function newAuthority(name: string): Authority {
  const own = newKey();
  const issuer = { name, key: own.privateKey };
  const authority = sequence(oid('2.5.29.19'), BOOLEAN_TRUE, octets(sequence(BOOLEAN_TRUE)));
  return {
    certificate: certificate(issuer, name, own.privateKey, [authority], 30),
    key: pem(own.privateKey),
    issue(host, days = 30) {
      const { privateKey } = newKey();
      const address = Buffer.from(host.split('.').map(Number));
      const alternative = isIP(host) === 4 ? tagged(0x87, address) : tagged(0x82, Buffer.from(host));
      const names = sequence(oid('2.5.29.17'), octets(sequence(alternative)));
      return { certificate: certificate(issuer, host, privateKey, [names], days), key: pem(privateKey) };
    },
  };
}

function certificate(
  issuer: { readonly name: string; readonly key: KeyObject },
  subject: string,
  key: KeyObject,
  extensions: readonly Buffer[],
  days: number,
): string {
  const now = Date.now();
  const signedWith = sequence(oid('1.2.840.10045.4.3.2')); // ECDSA with SHA-256
  const body = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))), // version 3
    tagged(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    signedWith,
    commonName(issuer.name),
    sequence(time(now - 60 * DAY_MS), time(now + days * DAY_MS)),
    commonName(subject),
    createPublicKey(key).export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...extensions)),
  );
  const signature = sign('sha256', body, issuer.key);
  const whole = sequence(body, signedWith, tagged(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

const DAY_MS = 86_400_000;

function newKey(): { privateKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

function pem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function commonName(name: string): Buffer {
  return sequence(tagged(0x31, sequence(oid('2.5.4.3'), tagged(0x0c, Buffer.from(name)))));
}

/** `YYMMDDhhmmssZ`, as X.509 writes years before 2050. */
function time(at: number): Buffer {
  const digits = new Date(at).toISOString().replace(/\D/g, '').slice(2, 14);
  return tagged(0x17, Buffer.from(`${digits}Z`));
}

function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const part of rest) {
    const digits = [part & 0x7f];
    for (let left = part >> 7; left > 0; left >>= 7) digits.unshift((left & 0x7f) | 0x80);
    bytes.push(...digits);
  }
  return tagged(0x06, Buffer.from(bytes));
}

function octets(content: Buffer): Buffer {
  return tagged(0x04, content);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts));
}

/** Tag, length and content, as DER writes everything. */
function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const BOOLEAN_TRUE = tagged(0x01, Buffer.from([0xff]));
