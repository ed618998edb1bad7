import { UserError } from '../shared/errors.ts';

/**
 * Where secrets come from: the host's environment or prompt, or the editor's secret storage. Null when it has none. A
 * secret lives in memory while a command runs; it is never written, logged or put into a message.
 */
export type SecretSource = (connection: string, option: string) => Promise<string | null>;

/** `PAS_MIGRATION_SECRET_EPR_TEST_PASSWORD` for the option `password` of the connection `epr-test`. */
export function secretVariable(connection: string, option: string): string {
  const part = (text: string): string => text.toUpperCase().replace(/[^A-Z0-9]+/g, '_');
  return `PAS_MIGRATION_SECRET_${part(connection)}_${part(option)}`;
}

/** What stands in a message in place of a secret. */
const MASK = '[secret]';
/** A secret this short would take ordinary words out of messages. */
const SHORTEST = 4;

/** The text without any of the secrets, also as they look inside a URL. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret.length < SHORTEST) continue;
    for (const form of new Set([secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]))
      clean = clean.replaceAll(form, MASK);
  }
  return clean;
}

/** The error with secrets taken out of its message and stack. Returns the same object, so that its type stays. */
export function errorWithoutSecrets(error: unknown, secrets: readonly string[]): unknown {
  if (!(error instanceof Error)) return error;
  const message = withoutSecrets(error.message, secrets);
  if (error instanceof UserError) return message === error.message ? error : new UserError(message, error.problems);
  error.message = message;
  if (error.stack !== undefined) error.stack = withoutSecrets(error.stack, secrets);
  return error;
}
