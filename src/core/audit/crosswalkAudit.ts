import { crosswalkName } from '../crosswalk/crosswalkName.ts';
import type { RecordChange } from '../csv/csvDiff.ts';
import { parseCsvText } from '../csv/csvText.ts';
import { hashFileIfThere } from '../project/hashFile.ts';
import type { Project } from '../project/layout.ts';
import { Contents } from '../snapshots/contents.ts';
import { appendAudit, readAudit } from './auditLog.ts';
import { crosswalkFiles } from './crosswalkApprovals.ts';
import {
  CROSSWALK_CHANGED,
  CROSSWALK_REVIEWED,
  CROSSWALKS_RECORDED,
  diffCrosswalks,
  lineKey,
  versionAfter,
} from './crosswalkEvents.ts';
import { recordFileChange } from './fileAudit.ts';

/** Columns that decide what a code becomes; the others are about the review or for reading. */
const DECIDING = new Set(['target_code', 'valid_from', 'valid_to']);

/** A decision of a reviewer on lines of a crosswalk. */
export interface CrosswalkReview {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly who: string;
  readonly decision: string;
  readonly rows: readonly { readonly sourceCode: string; readonly validFrom: string }[];
}

/** Who recorded a change and when, with the decisions on lines since the last time, oldest first. */
interface Recording {
  readonly who: string;
  readonly at: Date;
  readonly reviews?: readonly CrosswalkReview[];
  /** The command that put an earlier version back, with its approvals. */
  readonly restoredBy?: string;
}

/**
 * Records what changed in a crosswalk file since it was last recorded, as the event `crosswalk-changed`: each line by its
 * source code, with its cells before and after. Decisions that the file shows go on record as `crosswalk-reviewed`; those
 * that were undone are left out.
 *
 * @param file project-relative
 * @returns how many lines changed; 0 for the first version, which is only noted
 */
export async function recordCrosswalkChange(project: Project, file: string, given: Recording): Promise<number> {
  const start = await startOf(project, file);
  const recorded = await recordFileChange(
    project,
    {
      file,
      event: CROSSWALK_CHANGED,
      about: { file },
      ...(start === null ? {} : { start }),
      ...(given.restoredBy === undefined ? {} : { besides: { restored_by: given.restoredBy } }),
      diff: diffCrosswalks,
      told: ({ key, kind, changes }) => ({
        source_code: key[0] ?? '',
        kind,
        cells: Object.fromEntries(changes.map((cell) => [cell.column, [cell.before, cell.after]])),
      }),
    },
    given,
  );
  if (recorded === null) return 0;
  if ((given.reviews ?? []).length > 0)
    await recordReviews(project, file, given.reviews ?? [], (await recorded.contents.read(recorded.sha256)) ?? '');
  return recorded.changes.length;
}

/**
 * Records every crosswalk of the project as it is: the first time all of them with their hashes, in one event; later each
 * that changed or is new.
 */
export async function recordCrosswalks(project: Project, given: Omit<Recording, 'reviews'>): Promise<void> {
  const files = await crosswalkFiles(project);
  if (files.length === 0) return;
  const recorded = new Map<string, string | null>();
  let begun = false;
  for (const entry of await readAudit(project)) {
    const { file, files: all } = entry.details;
    if (entry.event === CROSSWALKS_RECORDED && typeof all === 'object' && all !== null) {
      begun = true;
      for (const [path, sha256] of Object.entries(all)) recorded.set(path, String(sha256));
    } else if (entry.event === CROSSWALK_CHANGED && typeof file === 'string') recorded.set(file, versionAfter(entry));
  }
  if (!begun) {
    await appendAudit(project, {
      who: given.who,
      at: given.at,
      event: CROSSWALKS_RECORDED,
      details: { files: await keepAll(project, files) },
    });
    return;
  }
  for (const file of files)
    if (recorded.get(file) !== (await hashFileIfThere(project.at(file)))?.sha256)
      await recordCrosswalkChange(project, file, given);
}

async function keepAll(project: Project, files: readonly string[]): Promise<Record<string, string>> {
  const contents = await Contents.open(project);
  const kept: Record<string, string> = {};
  for (const file of files) {
    const found = await contents.keep(file);
    if (found !== null) kept[file] = found.sha256;
  }
  await contents.close();
  return kept;
}

/** What a file held when all crosswalks were first recorded; null when that was not done or did not know it. */
async function startOf(project: Project, file: string): Promise<string | null> {
  const entry = (await readAudit(project)).find(({ event }) => event === CROSSWALKS_RECORDED);
  const files = entry?.details['files'];
  const known = typeof files === 'object' && files !== null ? Object.entries(files) : [];
  return known.find(([path]) => path === file)?.[1] ?? null;
}

async function recordReviews(
  project: Project,
  file: string,
  reviews: readonly CrosswalkReview[],
  text: string,
): Promise<void> {
  const statuses = new Map(
    parseCsvText(text, file, []).value.records.map(({ cells }) => [lineKey(cells), (cells['status'] ?? '').trim()]),
  );
  const keyOf = ({ sourceCode, validFrom }: CrosswalkReview['rows'][number]): string =>
    lineKey({ source_code: sourceCode, valid_from: validFrom });
  const last = new Map(reviews.flatMap((review) => review.rows.map((row) => [keyOf(row), review] as const)));
  for (const review of reviews) {
    const rows = review.rows.filter(
      (row) => last.get(keyOf(row)) === review && statuses.get(keyOf(row)) === review.decision,
    );
    if (rows.length === 0) continue;
    await appendAudit(project, {
      at: new Date(review.at),
      who: review.who,
      event: CROSSWALK_REVIEWED,
      details: {
        file,
        crosswalk: crosswalkName(file),
        decision: review.decision,
        row_count: rows.length,
        rows: rows.map(({ sourceCode, validFrom }) => ({ source_code: sourceCode, valid_from: validFrom })),
      },
    });
  }
}

/** True when a change is one of what a code becomes, not only of how it was agreed. */
export function decides({ kind, changes }: Pick<RecordChange, 'kind' | 'changes'>): boolean {
  return kind !== 'changed' || changes.some(({ column }) => DECIDING.has(column));
}

/** Who last changed what each source code becomes, as far as the audit log knows. */
export async function codeAuthors(project: Project, file: string): Promise<Map<string, string>> {
  const authors = new Map<string, string>();
  for (const { event, details, who } of await readAudit(project)) {
    if (event !== CROSSWALK_CHANGED || details['file'] !== file || !Array.isArray(details['rows'])) continue;
    for (const row of details['rows'] as Record<string, unknown>[]) {
      const columns = Object.keys((row['cells'] ?? {}) as Record<string, unknown>);
      if (row['kind'] !== 'changed' || columns.some((column) => DECIDING.has(column)))
        authors.set(String(row['source_code']), who);
    }
  }
  return authors;
}
