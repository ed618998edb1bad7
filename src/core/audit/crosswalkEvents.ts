import { diffRecords, type RecordChange } from '../csv/csvDiff.ts';
import type { AuditEntry } from './auditLog.ts';
import type { ChangedRow } from './contractEvents.ts';

/** A crosswalk file became another version; details name the file, both hashes and the lines. */
export const CROSSWALK_CHANGED = 'crosswalk-changed';
/** A reviewer decided about lines of a crosswalk. */
export const CROSSWALK_REVIEWED = 'crosswalk-reviewed';
/** Which crosswalks there were when the log began, with their hashes. */
export const CROSSWALKS_RECORDED = 'crosswalks-recorded';

type Cells = Readonly<Record<string, string>>;

/** Lines that differ between two versions of a crosswalk file, by source code. */
export function diffCrosswalks(before: string, after: string): RecordChange[] {
  return diffRecords(before, after, { key: ['source_code'], required: ['source_code', 'target_code'] });
}

/** The key of a line in maps: a code may have several lines, each from another day on. */
export function lineKey(cells: Cells): string {
  return `${(cells['source_code'] ?? '').trim()}\0${(cells['valid_from'] ?? '').trim()}`;
}

/** Keys of the lines that an event of a review names. */
export function lineKeys({ details: { rows } }: AuditEntry): string[] {
  if (!Array.isArray(rows)) return [];
  return rows
    .filter((row): row is Record<string, unknown> => typeof row === 'object' && row !== null)
    .map((row) =>
      lineKey({ source_code: String(row['source_code'] ?? ''), valid_from: String(row['valid_from'] ?? '') }),
    );
}

/** Lines that differ between two versions, by code and first day. */
export function lineChanges(before: string, after: string): ChangedRow[] {
  const kind = {
    key: ['source_code', 'valid_from'],
    required: ['source_code', 'target_code'],
    nameOf: (cells: Cells) => lineKey(cells).split('\0'),
  };
  return diffRecords(before, after, kind).map(({ key, kind: what, changes }) => ({
    key: key.join('\0'),
    kind: what,
    cells: Object.fromEntries(changes.map((cell) => [cell.column, [cell.before, cell.after]])),
  }));
}

/** The version of its file that an event recorded; null for other events. */
export function versionAfter({ details: { after } }: AuditEntry): string | null {
  return typeof after === 'string' ? after : null;
}
