import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';

const Entry = z.object({
  sequence: z.int(),
  at_utc: z.string(),
  /** The person, as the roles file, the editor or the operating system names them. */
  who: z.string(),
  event: z.string(),
  details: z.record(z.string(), z.unknown()),
  /** `hash` of the line before; 64 zeros for the first. */
  previous: z.string(),
  /** SHA-256 of the line as it stands, without this last field. */
  hash: z.string(),
});
/** One line of the audit log. Holds keys, verdicts and contract cells; never a patient value. */
export type AuditEntry = z.infer<typeof Entry>;

/** The last line that was written, remembered outside of the log. */
const Head = z.object({ sequence: z.int(), hash: z.string() });
export type AuditHead = z.infer<typeof Head>;

const FIRST = '0'.repeat(64);
const HASH_FIELD = /,"hash":"[0-9a-f]{64}"\}$/;
/** Of a long log only the end is read to write the next line. */
const TAIL = 64 * 1024;

/**
 * Adds an event to the project's audit log: one JSON line that carries the hash of the line before, so that a line that
 * is changed, removed or moved is found. Call it as the one writer of the project, or for a single person's editor.
 */
export async function appendAudit(
  project: Project,
  event: { readonly at: Date; readonly who: string; readonly event: string; readonly details: Record<string, unknown> },
): Promise<AuditEntry> {
  const path = project.at(ARTEFACTS.auditLog);
  await mkdir(dirname(path), { recursive: true });
  const { line: last, whole } = await lastLine(path);
  const previous = previousOf(last, await readHead(project));
  const unsigned = {
    sequence: previous.sequence + 1,
    at_utc: event.at.toISOString(),
    who: event.who,
    event: event.event,
    details: event.details,
    previous: previous.hash,
  };
  const entry: AuditEntry = { ...unsigned, hash: sha256(JSON.stringify(unsigned)) };
  const handle = await open(path, 'a');
  try {
    // A line that a killed process left torn is ended, and told by the verification; the new one stands for itself.
    await handle.writeFile(`${whole ? '' : '\n'}${JSON.stringify(entry)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rememberHead(project, { sequence: entry.sequence, hash: entry.hash });
  return entry;
}

/**
 * What the next line follows. Where the log ends before the line that was written last, it follows the remembered one: the
 * gap then stays to be seen in the chain, and putting the missing lines back closes it.
 */
function previousOf(last: string | null, head: AuditHead | null): AuditHead {
  const entry = last === null ? null : parse(last);
  if (last !== null && entry === null) return { sequence: (head?.sequence ?? 0) + 1, hash: sha256(last) };
  const cutShort = head !== null && (entry === null || (entry.sequence <= head.sequence && entry.hash !== head.hash));
  if (cutShort) return head;
  return entry === null ? { sequence: 0, hash: FIRST } : { sequence: entry.sequence, hash: entry.hash };
}

/** The audit log in order. Lines that are no entries are left out here; `verifyAudit` tells about them. */
export async function readAudit(project: Project): Promise<AuditEntry[]> {
  return linesOf(await textOf(project)).flatMap((line) => parse(line) ?? []);
}

export interface AuditFault {
  /** Line of the log, from 1. */
  readonly line: number;
  readonly message: string;
}

/** What a check of the log found. */
export interface AuditCheck {
  readonly entries: number;
  readonly faults: AuditFault[];
  /** False when nothing outside the log remembers its end, so that a log cut short could not be told. */
  readonly endKnown: boolean;
}

/** Checks the chain and its end: every line that was changed, removed, added or moved is told with its place. */
export async function verifyAudit(project: Project): Promise<AuditCheck> {
  return checkAuditText(await textOf(project), await readHead(project));
}

/** The same for a text, whose end is remembered in `head`; null when nothing remembers it. */
export function checkAuditText(text: string, head: AuditHead | null): AuditCheck {
  const lines = linesOf(text);
  const faults: AuditFault[] = [];
  const hashes = new Map<number, string>();
  let [previous, sequence] = [FIRST, 0];
  for (const [index, line] of lines.entries()) {
    const told = (message: string): number => faults.push({ line: index + 1, message });
    const entry = parse(line);
    sequence += 1;
    if (entry === null) {
      told('is no audit entry');
      previous = sha256(line);
      continue;
    }
    if (!HASH_FIELD.test(line) || sha256(line.replace(HASH_FIELD, '}')) !== entry.hash)
      told('was changed after it was written');
    if (entry.previous !== previous) told('does not follow the line before it: a line was removed, added or moved');
    else if (entry.sequence !== sequence) told(`has number ${entry.sequence} where ${sequence} is due`);
    previous = entry.hash;
    sequence = entry.sequence;
    hashes.set(sequence, entry.hash);
  }
  if (text !== '' && !text.endsWith('\n'))
    faults.push({ line: lines.length, message: 'has no line end: it was cut off' });
  if (head !== null && hashes.get(head.sequence) !== head.hash) {
    const message = `is not followed by line ${head.sequence}, the last that was written: lines were removed from the end, or the log was replaced`;
    if (faults.length === 0) faults.push({ line: lines.length, message });
  }
  return { entries: lines.length, faults, endKnown: head !== null };
}

/** What is remembered of the log's end; null when nothing is. */
export async function readHead(project: Project): Promise<AuditHead | null> {
  try {
    return Head.parse(JSON.parse((await readOptionalText(project, ARTEFACTS.auditHead)) ?? ''));
  } catch {
    return null;
  }
}

async function rememberHead(project: Project, head: AuditHead): Promise<void> {
  const path = project.at(ARTEFACTS.auditHead);
  await mkdir(dirname(path), { recursive: true });
  // What a killed process leaves in the scratch folder goes with the next command.
  const temporary = project.scratch('audit_head.json');
  await mkdir(dirname(temporary), { recursive: true });
  await writeFile(temporary, `${JSON.stringify(head)}\n`);
  await rename(temporary, path);
}

async function textOf(project: Project): Promise<string> {
  return readFile(project.at(ARTEFACTS.auditLog), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

/** The last line of a file, and whether it is ended. Reads backwards in pieces that double, for lines may be long. */
async function lastLine(path: string): Promise<{ readonly line: string | null; readonly whole: boolean }> {
  const handle = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (handle === null) return { line: null, whole: true };
  try {
    const { size } = await handle.stat();
    if (size === 0) return { line: null, whole: true };
    for (let length = Math.min(size, TAIL); ; length = Math.min(size, length * 2)) {
      const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
      const whole = buffer.at(-1) === 10;
      const end = whole ? length - 1 : length;
      const start = buffer.subarray(0, end).lastIndexOf(10) + 1;
      if (start > 0 || length === size) {
        const line = buffer.toString('utf8', start, end);
        return { line: line === '' ? null : line, whole };
      }
    }
  } finally {
    await handle.close();
  }
}

function parse(line: string): AuditEntry | null {
  try {
    return Entry.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
