import type { Engine } from '../../engine/engine.ts';
import type { Project } from '../../project/layout.ts';
import { counted, said } from '../../shared/counted.ts';
import { migrationReport, qualityReport } from '../reports.ts';
import type { IssueFiles, IssueOrigin } from './issueQuery.ts';

/**
 * That an issue file holds fewer or more lines than the report of its run counts, a sentence for each such file; none
 * where the report does not tell a count of exactly these lines.
 *
 * @param engine holds the causes that `importIssues` made of these files
 */
export async function cutFiles(
  project: Project,
  engine: Engine,
  { files, notices }: Pick<IssueFiles, 'files' | 'notices'>,
): Promise<string[]> {
  // A file that is not there is told elsewhere, and one of which no line can be read has its notice.
  const listed = (origin: IssueOrigin): IssueFiles['files'][number] | undefined =>
    files.find(
      (file) =>
        file.origin === origin &&
        file.bytes !== null &&
        (file.rows > 0 || !notices.some((notice) => notice.startsWith(file.path))),
    );
  const [rejects, issues] = [listed('reject'), listed('quality')];
  const notes: string[] = [];
  const migration = (await migrationReport(project)).value;
  if (rejects !== undefined && migration !== null) {
    const held = await heldRejects(engine);
    // The report has no count of all rejects. 0 safety-critical ones may also be a report that does not tell them.
    const off = [
      { lines: held.codes, counts: migration.crosswalk_rejects, one: 'reject for an unknown code' },
      {
        lines: held.safety,
        counts: migration.safety_critical_rejects === 0 ? held.safety : migration.safety_critical_rejects,
        one: 'safety-critical reject',
      },
    ].find(({ lines, counts }) => lines !== counts);
    if (off !== undefined) {
      const many = off.one.replace('reject', 'rejects');
      notes.push(
        `${rejects.path} holds ${counted(off.lines, off.one, many)}, but the migration report counts ${said(off.counts)}: ${CUT} Run contract migration again.`,
      );
    }
  }
  const written = (await qualityReport(project)).value?.issues_written;
  if (issues !== undefined && written !== undefined && issues.rows !== written)
    notes.push(
      `${issues.path} holds ${counted(issues.rows, 'line')}, but the data quality report counts ${said(written)}: ${CUT} Run data quality rules again.`,
    );
  return notes;
}

const CUT = 'it is cut short or of another run.';

/** Lines of the rejects file that the migration report counts. */
async function heldRejects(engine: Engine): Promise<{ codes: number; safety: number }> {
  const [row = {}] = await engine.rows(
    `SELECT coalesce(sum(n) FILTER (WHERE rule_id = 'UNKNOWN_CODE'), 0)::DOUBLE AS codes,
      coalesce(sum(n) FILTER (WHERE category = 'safety-critical reject'), 0)::DOUBLE AS safety
      FROM cause WHERE origin = 'reject'`,
  );
  return { codes: Number(row['codes']), safety: Number(row['safety']) };
}
