import type { Project } from '../project/layout.ts';
import { Contents } from '../snapshots/contents.ts';
import { appendAudit, readAudit } from './auditLog.ts';

/** Rows told one by one in an entry; of more, the first and their number. The versions themselves are kept whole. */
const MOST_ROWS = 20_000;

/** A file whose versions people answer for. */
export interface AuditedFile<Row> {
  /** Project-relative. */
  readonly file: string;
  readonly event: string;
  /** Details by which entries of this file are told from those of others with the same event. */
  readonly about: Readonly<Record<string, string>>;
  /** Further details of the entry. */
  readonly besides?: Readonly<Record<string, string>>;
  /** Hash of what the file held before its first entry, where another event recorded it. */
  readonly start?: string;
  /** The rows that differ between two versions. */
  readonly diff: (before: string, after: string) => readonly Row[];
  /** A row as it stands in the log. */
  readonly told: (row: Row) => Readonly<Record<string, unknown>>;
}

/**
 * Records what changed in a file since it was last recorded: every row with its cells before and after, by whom, and the
 * hashes of both versions, whose texts are kept. Nothing changed: nothing is written.
 *
 * @returns the rows that changed and the version's hash; null when the file is gone. All rows are not told for the first
 *   version, which is only noted
 */
export async function recordFileChange<Row>(
  project: Project,
  audited: AuditedFile<Row>,
  given: { readonly who: string; readonly at: Date },
): Promise<{ readonly changes: readonly Row[]; readonly sha256: string; readonly contents: Contents } | null> {
  const contents = await Contents.open(project);
  const now = await contents.keep(audited.file).catch(() => null);
  if (now === null) return null;
  const about = Object.entries(audited.about);
  const before = (await readAudit(project)).findLast(
    ({ event, details }) => event === audited.event && about.every(([name, value]) => details[name] === value),
  );
  const old = typeof before?.details['after'] === 'string' ? before.details['after'] : (audited.start ?? null);
  if (old === now.sha256) return { changes: [], sha256: now.sha256, contents };
  const read = async (sha256: string): Promise<string> => (await contents.read(sha256)) ?? '';
  const changes = old === null ? [] : audited.diff(await read(old), await read(now.sha256));
  await appendAudit(project, {
    at: given.at,
    who: given.who,
    event: audited.event,
    details: {
      ...audited.about,
      ...audited.besides,
      before: old,
      after: now.sha256,
      row_count: changes.length,
      rows: changes.slice(0, MOST_ROWS).map(audited.told),
    },
  });
  return { changes, sha256: now.sha256, contents };
}
