import { UserError } from '../shared/errors.ts';
import { holdsNhsNumber } from '../shared/nhsNumber.ts';

/** Options in which people write what they like. */
const FREE_TEXT: ReadonlySet<string> = new Set(['comment', 'note', 'text', 'reason', 'owner', 'name', 'by']);

/**
 * Why a text cannot be kept, as a sentence that does not repeat it; null when it can. Reasons, notes and comments go into
 * files, reports and packs that many people read.
 *
 * @param what the text is, as a sentence begins: `The comment`
 */
export function patientNumberFault(what: string, text: string): string | null {
  return holdsNhsNumber(text)
    ? `${what} holds an NHS number. Leave patients’ details out, and name a row by its key.`
    : null;
}

/**
 * Looks at what a person wrote before it is recorded anywhere.
 *
 * @throws UserError that does not repeat the text
 */
export function refusePatientNumber(what: string, text: string): void {
  const fault = patientNumberFault(what, text);
  if (fault !== null) throw new UserError(`${fault} Nothing was recorded.`);
}

/** The same for the options of a command. */
export function refusePatientNumbers(options: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(options))
    if (FREE_TEXT.has(name) && typeof value === 'string') refusePatientNumber(`The ${name}`, value);
}
