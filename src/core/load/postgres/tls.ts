import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ConnectionOptions } from 'node:tls';
import { UserError } from '../../shared/errors.ts';
import { TargetError } from '../sqlSession.ts';
import type { ServerOptions } from './serverOptions.ts';

/**
 * How the driver shall encrypt: not at all (also on a Unix socket), without looking at the certificate, or with a check of
 * certificate and host name. There is no falling back from one to another.
 *
 * @throws UserError for a `ca_file` that holds no certificate
 */
export async function tlsOf(options: ServerOptions): Promise<ConnectionOptions | false> {
  if (options.tls === 'off' || options.host.startsWith('/')) return false;
  if (options.tls === 'require') return { rejectUnauthorized: false };
  if (options.ca_file === undefined) return { rejectUnauthorized: true };
  return { rejectUnauthorized: true, ca: await readAuthority(options.ca_file) };
}

/** Node passes over what is no certificate; the connection would then be refused for a reason that misleads. */
async function readAuthority(file: string): Promise<string> {
  const next = 'give ca_file as the path of a PEM certificate';
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new UserError(`${file}: ${code === 'ENOENT' ? 'not found' : `cannot be read (${code})`}; ${next}.`);
  }
  try {
    new X509Certificate(text);
    return text;
  } catch {
    throw new UserError(`${file}: holds no certificate that can be read; ${next}.`);
  }
}

const UNKNOWN_SIGNER = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_SIGNATURE_FAILURE',
]);

/** What is wrong between the TLS of the options and that of the server, with the option that helps; null for other faults. */
export function tlsFault(error: unknown, options: ServerOptions): TargetError | null {
  if (!(error instanceof Error)) return null;
  const { code } = error as NodeJS.ErrnoException;
  if (/does not support SSL/i.test(error.message))
    return new TargetError(
      'no_tls',
      `the server offers no TLS, and tls is ${options.tls}; set up TLS on the server (tls off is for this machine only)`,
    );
  if (code === '28000' && options.tls === 'off')
    return new TargetError(
      code,
      'the server does not let this user in from here without TLS, or not at all; set tls to verify-full, or look at its pg_hba.conf',
    );
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return new TargetError(
      code,
      `the server's certificate is not for the host ${options.host}; set host to a name that the certificate holds, or have one made for this host`,
    );
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return new TargetError(
      code,
      `the server's certificate ${code === 'CERT_HAS_EXPIRED' ? 'has expired' : 'is not valid yet'}; renew it on the server, or correct this machine's clock`,
    );
  if (code === undefined || !UNKNOWN_SIGNER.has(code)) return null;
  return new TargetError(
    code,
    options.ca_file === undefined
      ? "the server's certificate is not signed by an authority that this machine knows; give the certificate of its authority as ca_file"
      : "the server's certificate is not signed by the authority in ca_file; give the certificate of the authority that signed it",
  );
}
