import { diffRecords, type RecordChange } from '../csv/csvDiff.ts';
import type { Project } from '../project/layout.ts';
import { readAudit } from './auditLog.ts';
import { recordFileChange } from './fileAudit.ts';

const EVENT = 'crosswalk-changed';
/** Columns that decide what a code becomes; the others are about the review or for reading. */
const DECIDING = new Set(['target_code', 'valid_from', 'valid_to']);

/**
 * Records what changed in a crosswalk file since it was last recorded, as the event `crosswalk-changed`: each line by its
 * source code, with its cells before and after.
 *
 * @param file project-relative
 * @returns how many lines changed; 0 for the first version, which is only noted
 */
export async function recordCrosswalkChange(
  project: Project,
  file: string,
  given: { readonly who: string; readonly at: Date },
): Promise<number> {
  const recorded = await recordFileChange(
    project,
    {
      file,
      event: EVENT,
      about: { file },
      diff: diffCrosswalks,
      told: ({ key, kind, changes }) => ({
        source_code: key[0] ?? '',
        kind,
        cells: Object.fromEntries(changes.map((cell) => [cell.column, [cell.before, cell.after]])),
      }),
    },
    given,
  );
  return recorded?.changes.length ?? 0;
}

/** Lines that differ between two versions of a crosswalk file, by source code. */
export function diffCrosswalks(before: string, after: string): RecordChange[] {
  return diffRecords(before, after, { key: ['source_code'], required: ['source_code', 'target_code'] });
}

/** True when a change is one of what a code becomes, not only of how it was agreed. */
export function decides({ kind, changes }: Pick<RecordChange, 'kind' | 'changes'>): boolean {
  return kind !== 'changed' || changes.some(({ column }) => DECIDING.has(column));
}

/** Who last changed what each source code becomes, as far as the audit log knows. */
export async function codeAuthors(project: Project, file: string): Promise<Map<string, string>> {
  const authors = new Map<string, string>();
  for (const { event, details, who } of await readAudit(project)) {
    if (event !== EVENT || details['file'] !== file || !Array.isArray(details['rows'])) continue;
    for (const row of details['rows'] as Record<string, unknown>[]) {
      const columns = Object.keys((row['cells'] ?? {}) as Record<string, unknown>);
      if (row['kind'] !== 'changed' || columns.some((column) => DECIDING.has(column)))
        authors.set(String(row['source_code']), who);
    }
  }
  return authors;
}
