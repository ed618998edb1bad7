import { createHash } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { ARTEFACTS, type Project } from '../project/layout.ts';

const Entry = z.object({
  sequence: z.int(),
  at_utc: z.string(),
  /** The person, as the editor or the operating system names them. */
  who: z.string(),
  event: z.string(),
  details: z.record(z.string(), z.unknown()),
  /** `hash` of the line before; 64 zeros for the first. */
  previous: z.string(),
  /** SHA-256 of the entry's JSON without this field. */
  hash: z.string(),
});
/** One line of the audit log. Holds keys, verdicts and contract cells; never a patient value. */
export type AuditEntry = z.infer<typeof Entry>;

const FIRST = '0'.repeat(64);

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
  const last = (await readLines(project)).at(-1);
  const previous = last === undefined ? null : parse(last);
  const unsigned = {
    sequence: (previous?.sequence ?? 0) + 1,
    at_utc: event.at.toISOString(),
    who: event.who,
    event: event.event,
    details: event.details,
    previous: previous?.hash ?? (last === undefined ? FIRST : sha256(last)),
  };
  const entry: AuditEntry = { ...unsigned, hash: hashOf(unsigned) };
  const handle = await open(path, 'a');
  try {
    await handle.writeFile(`${JSON.stringify(entry)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return entry;
}

/** The audit log in order. Lines that are no entries are left out here; `verifyAudit` tells about them. */
export async function readAudit(project: Project): Promise<AuditEntry[]> {
  return (await readLines(project)).flatMap((line) => parse(line) ?? []);
}

export interface AuditFault {
  /** Line of the log, from 1. */
  readonly line: number;
  readonly message: string;
}

/** Checks the chain: every line that was changed, removed from the middle, added or moved is told with its place. */
export async function verifyAudit(
  project: Project,
): Promise<{ readonly entries: number; readonly faults: AuditFault[] }> {
  const lines = await readLines(project);
  const faults: AuditFault[] = [];
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
    const { hash, ...unsigned } = entry;
    if (hashOf(unsigned) !== hash) told('was changed after it was written');
    if (entry.previous !== previous) told('does not follow the line before it: a line was removed, added or moved');
    else if (entry.sequence !== sequence) told(`has number ${entry.sequence} where ${sequence} is due`);
    previous = hash;
    sequence = entry.sequence;
  }
  return { entries: lines.length, faults };
}

async function readLines(project: Project): Promise<string[]> {
  const text = await readFile(project.at(ARTEFACTS.auditLog), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return text.split('\n').filter((line) => line !== '');
}

function parse(line: string): AuditEntry | null {
  try {
    return Entry.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

/** Key order is part of what is hashed: the order in which entries are made. */
function hashOf(unsigned: Omit<AuditEntry, 'hash'>): string {
  const { sequence, at_utc, who, event, details, previous } = unsigned;
  return sha256(JSON.stringify({ sequence, at_utc, who, event, details, previous }));
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
